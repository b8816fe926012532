"""The pages of agreements, as those who use them meet them."""

from __future__ import annotations

import io
import re

import pytest
from agreements import make_sent, make_signed, with_numbers
from factories import AT, make_offer
from pypdf import PdfReader
from sqlalchemy import select

from market.agreements.models import Agreement, AgreementDocument, AuthorityTerms
from market.agreements.rules import AgreementState, DocumentKind
from market.register.models import Producer

SAID = {
    "categories": ["vegetables", "potatoes"], "kind": "frame", "first_day": "2026-11-23", "last_day": "2029-11-22",
    "has_extension": "y", "payment_days": "30", "authority_contact": "Maria Ek", "producer_contact": "Anna",
    "delivery_terms": "Tisdagar.\nI lådor om 10 kg.",
}  # fmt: skip


@pytest.fixture
def ready(stored, session):
    with_numbers(session, stored)
    session.commit()
    return stored


def drafted(ready, client, **changes):
    return client.post("/agreements/new", data={"producer": ready.producer.id} | SAID | changes)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_from_interest_to_a_draft_to_what_the_producer_signs(ready, client_for, look):
    manager, producer = client_for("meal_manager"), client_for("producer")
    page = manager.get(f"/agreements/new?producer={ready.producer.id}&category=vegetables").text
    assert re.search(r'<input[^>]*\bchecked\b[^>]*value="vegetables"', page)
    url = drafted(ready, manager).location
    assert manager.get(f"{url}/agreement.pdf").headers["Content-Disposition"].endswith('-utkast.pdf"')
    assert producer.get(url).status_code == 404, "a draft is the authority's own"
    assert "Avtalet är skickat" in manager.post(f"{url}/send", follow_redirects=True).text
    assert "Läs och skriv under" in producer.get(url).text
    assert 'href="/agreements/1"' in producer.get("/agreements").text
    pdf = producer.get(f"{url}/agreement.pdf").data
    [stored_document] = look.scalars(select(AgreementDocument))
    assert pdf == stored_document.pdf, "what is read is byte for byte what is signed"


def test_the_document_says_what_was_agreed_in_swedish(ready, client_for):
    manager = client_for("meal_manager")
    url = drafted(ready, manager).location
    manager.get("/language/en")
    manager.post(f"{url}/send")
    text = " ".join(text_of(manager.get(f"{url}/agreement.pdf").data).split())
    for words in (
        "Norrtälje kommun", "999900-0103", "Åkerbo gård", "999900-0202", "Grönsaker", "03221000-6", "Potatis",
        "från och med 23 november 2026 till och med 22 november 2029", "som längst till och med 22 november 2030",
        "Priset bestäms vid varje beställning", "förbinder sig inte att köpa någon viss mängd", "I lådor om 10 kg.",
        "senast 30 dagar efter leverans", "700 000 kronor", "Maria Ek",
    ):  # fmt: skip
        assert words in text.replace("\N{NO-BREAK SPACE}", " "), words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"categories": []}, "Välj minst en kategori"),
        ({"last_day": "2030-01-01"}, "högst 3 år"),
        ({"last_day": "2026-11-01"}, "Perioden tar slut innan den börjar"),
        ({"payment_days": "45"}, "inom 30 dagar"),
        ({"kind": "one_off"}, "Bara ett ramavtal kan förlängas"),
        ({"producer": ""}, "Välj en producent."),
        ({"producer": "987654"}, "Välj något i listan."),
        ({"authority_contact": ""}, "Fyll i det här."),
        ({"first_day": "i morgon"}, "Skriv datumet som"),
    ],
)
def test_what_no_agreement_may_say_is_refused_and_nothing_is_stored(ready, client_for, look, changes, words):
    assert words in drafted(ready, client_for("meal_manager"), **changes).text
    assert look.scalars(select(Agreement)).all() == []


def test_signs_that_the_document_can_not_show_are_refused_with_what_to_do(ready, client_for, look):
    manager = client_for("meal_manager")
    url = drafted(ready, manager, delivery_terms="Gärna 😀 汉字").location
    assert "emojier" in manager.post(f"{url}/send", follow_redirects=True).text
    assert look.scalars(select(Agreement.state)).one() is AgreementState.DRAFT


def test_ten_thousand_lines_make_a_long_document(ready, client_for):
    manager = client_for("meal_manager")
    url = drafted(ready, manager, delivery_terms="1\n" * 9_900).location
    assert "Avtalet är skickat" in manager.post(f"{url}/send", follow_redirects=True).text


def test_the_same_form_twice_is_one_draft(ready, client_for, look):
    manager = client_for("meal_manager")
    assert {drafted(ready, manager, request_key="same").location for _ in range(2)} == {"/agreements/1"}
    assert len(look.scalars(select(Agreement)).all()) == 1


def test_what_has_been_sent_can_not_be_changed(ready, client_for, look):
    manager = client_for("meal_manager")
    url = drafted(ready, manager).location
    said = SAID | {"producer": ready.producer.id}
    assert manager.post(f"{url}/edit", data=said | {"payment_days": "20"}).status_code == 302
    manager.post(f"{url}/send")
    manager.post(f"{url}/edit", data=said | {"payment_days": "10"})
    assert look.scalars(select(Agreement.payment_days)).one() == 20
    manager.post(f"{url}/send")
    assert len(look.scalars(select(AgreementDocument)).all()) == 1


def test_a_producer_declines_and_the_authority_reads_why(ready, session, client_for):
    make_sent(session, ready)
    session.commit()
    producer = client_for("producer")
    assert "Skriv varför" in producer.post("/agreements/1/decline", data={"reason": " "}).text
    assert producer.post("/agreements/1/decline", data={"reason": "Slut på jord"}).status_code == 302
    page = client_for("procurement_officer").get("/agreements/1").text
    assert "Slut på jord" in page
    assert "Avböjt" in page


def test_kitchens_see_who_sells_what_with_what_is_out_now(ready, session, client_for):
    make_signed(session, ready)
    offer = make_offer(session, ready)
    session.commit()
    page = client_for("satellite").get("/agreements").text
    assert "Grönsaker" in page
    assert f'href="/offers/{offer.id}/order"' in page
    assert "Avtal 1" not in page, "the agreement itself is for those who sign"
    assert "Inga avtal gäller" in client_for("other_kitchen").get("/agreements").text


def test_a_sole_traders_number_is_hidden_on_pages_and_in_the_log(ready, session, client_for, look):
    producer = session.get_one(Producer, ready.producer.id)
    producer.is_sole_trader, producer.organisation_number = True, "19640823-3234"
    make_sent(session, ready)
    producer.organisation_number = "19640823-3234"
    session.commit()
    for who in ("meal_manager", "producer"):
        page = client_for(who).get("/agreements/1").text
        assert "3234" not in page
        assert "******-****" in page


def test_the_authoritys_own_terms(stored, client_for, look):
    manager = client_for("meal_manager")
    assert "Numret stämmer inte" in manager.post("/agreements/settings", data={"number": "123"}).text
    said = {"number": "999900-0103", "delivery_terms": "Före tio.", "orders_need_agreement": "y"}
    assert manager.post("/agreements/settings", data=said).status_code == 302
    [terms] = look.scalars(select(AuthorityTerms))
    assert (terms.organisation_number, terms.orders_need_agreement) == ("999900-0103", True)
    assert "Före tio." in manager.get("/agreements/new").text


def test_extension_and_termination_from_the_page(ready, session, client_for, clock):
    make_signed(session, ready)
    session.commit()
    manager = client_for("meal_manager")
    assert "Förläng ett år" in manager.get("/agreements/1").text
    assert "Avtalet är förlängt" in manager.post("/agreements/1/extend", follow_redirects=True).text
    assert "22 november 2030" in manager.get("/agreements/1").text
    clock.at = AT.replace(year=2030, month=12)
    assert "Avslutat" in manager.get("/agreements/1").text
    clock.at = AT
    answer = client_for("producer").post(
        "/agreements/1/terminate", data={"reason": "Gården säljs"}, follow_redirects=True
    )
    assert "Uppsagt" in answer.text


def test_outsiders_get_no_document(ready, session, client_for):
    make_signed(session, ready)
    session.commit()
    for who in ("other_producer", "other_officer"):
        for page in ("", "/agreement.pdf", "/finished.pdf", "/sign"):
            assert client_for(who).get(f"/agreements/1{page}").status_code == 404
    assert client_for("kitchen").get("/agreements/1/agreement.pdf").status_code == 403
    assert client_for("producer").get("/agreements/1/finished.pdf").status_code == 404, "none is made yet"
    assert DocumentKind.FINISHED.value == "finished"
