"""A producer's profile, and an authority's way of buying."""

from __future__ import annotations

from collections.abc import Callable

from factories import Cast
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.audit import AuditEvent
from market.register.models import Authority, Procedure, Producer, SizeClass, TransportModel

SignIn = Callable[[str | None], FlaskClient]


def _last_event(look: Session) -> AuditEvent:
    return look.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


def test_a_producer_changes_how_to_reach_it(client_for: SignIn, stored: Cast, look: Session) -> None:
    form = {"phone": "070-123 45 67", "email": "Anna@Akerbo.se", "story": "Vi odlar.\n\nSedan 1890."}
    client = client_for("producer")
    assert client.post("/register/producer", data=form).status_code == 302
    producer = look.get_one(Producer, stored.producer.id)
    assert (producer.phone, producer.email) == ("070-123 45 67", "anna@akerbo.se")
    assert "<p>Sedan 1890.</p>" in client.get("/register").text


def test_the_log_names_the_fields_but_keeps_no_personal_data(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client_for("producer").post("/register/producer", data={"phone": "070-123 45 67"})
    event = _last_event(look)
    assert event.action == "producer.change"
    assert event.data == {"fields": ["phone"]}


def test_a_producer_tells_how_large_it_is_and_takes_it_back(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client = client_for("producer")
    assert "2003/361/EG" in client.get("/register/producer").text
    assert client.post("/register/producer", data={"size": "micro"}).status_code == 302
    assert look.get_one(Producer, stored.producer.id).size is SizeClass.MICRO
    assert _last_event(look).data == {"fields": ["size"]}
    assert "Mikroföretag" in client.get("/register").text

    assert "Välj något i listan" in client.post("/register/producer", data={"size": "huge"}).text
    client.post("/register/producer", data={"size": ""})
    look.rollback()
    assert look.get_one(Producer, stored.producer.id).size is None


def test_half_an_address_is_refused_with_an_example(client_for: SignIn, stored: Cast) -> None:
    page = client_for("producer").post("/register/producer", data={"email": "anna@"}).text
    assert "E-post: Skriv en hel e-postadress, till exempel namn@garden.se." in page


def test_the_officer_changes_how_the_authority_buys(client_for: SignIn, stored: Cast, look: Session) -> None:
    form = {
        "procedure": "dis",
        "transport_model": "municipal_vans",
        "transport_note": "Två bilar",
    }
    client = client_for("procurement_officer")
    assert client.post("/register/authority", data=form).status_code == 302
    authority = look.get_one(Authority, stored.authority.id)
    assert authority.procedure is Procedure.DIS
    assert authority.transport_model is TransportModel.MUNICIPAL_VANS
    assert authority.transport_note == "Två bilar"
    assert look.get_one(Authority, stored.other_authority.id).procedure is Procedure.DIRECT_AWARD
    assert _last_event(look).action == "authority.change"


def test_the_definition_is_shown_in_words(client_for: SignIn, stored: Cast) -> None:
    client = client_for("procurement_officer")
    assert (
        "Lokalt är det som kommer från en plats i Stockholms län." in client.get("/register/authority").text
    )
    client.get("/language/en")
    assert "Local is what comes from a place in Stockholms län." in client.get("/register/authority").text


def test_a_procedure_that_does_not_exist_is_refused(client_for: SignIn, stored: Cast) -> None:
    form = {"procedure": "lottery", "transport_model": "municipal_vans"}
    assert client_for("procurement_officer").post("/register/authority", data=form).status_code == 200
