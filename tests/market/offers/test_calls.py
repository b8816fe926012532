"""A producer calls, the meal manager writes it down, and nobody sees it until the producer says that it is right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT, make_call, make_order
from sqlalchemy import delete, func, select

from market.accounts.models import Membership
from market.offers.call_operations import answer_by_link, send_link
from market.offers.call_rules import (
    CallInTheFuture,
    CallNotes,
    LinkExpired,
    LinkUsed,
    NoAddressForTheLink,
    OralContactNotAllowed,
    check_call,
    token_hash,
)
from market.offers.models import ConfirmationLink, Offer, PhoneCall
from market.offers.rules import OfferClosed, OfferEvent, OfferMoved, OfferState
from market.outbox import OutboxMessage
from market.register.models import Producer, ProductionSite

NEW = "/calls/new"


def message(session) -> OutboxMessage:
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()


def token(session) -> str:
    return message(session).params["token"]


@pytest.fixture
def call(session, cast):
    return make_call(session, cast)


def without_account(session, cast, email=""):
    session.execute(delete(Membership).where(Membership.producer_id == cast.producer.id))
    cast.producer.email = email


def test_until_it_is_confirmed_nobody_can_order(session, cast, call):
    assert call.offer.state is OfferState.UNCONFIRMED
    with pytest.raises(OfferClosed):
        make_order(session, cast, call.offer, key="early")
    assert message(session).user_id == cast.actor("producer").user_id


def test_yes_makes_it_an_offer_and_no_makes_it_nothing(session, cast, call):
    offer = answer_by_link(session, link=call.links[0], is_right=True, at=AT + timedelta(days=1))
    assert [step.event for step in offer.transitions] == [OfferEvent.PHONE_IN, OfferEvent.CONFIRM]
    assert make_order(session, cast, offer, key="after").total_ore == 40 * 13 * 100
    other = make_call(session, cast)
    assert answer_by_link(session, link=other.links[0], is_right=False, at=AT).state is OfferState.DECLINED


def test_a_link_works_once_and_for_seven_days(session, cast, call):
    with pytest.raises(LinkExpired):
        answer_by_link(session, link=call.links[0], is_right=True, at=AT + timedelta(days=7))
    answer_by_link(session, link=call.links[0], is_right=True, at=AT + timedelta(days=7, seconds=-1))
    with pytest.raises(LinkUsed):
        answer_by_link(session, link=call.links[0], is_right=False, at=AT)
    assert call.offer.state is OfferState.OPEN


def test_a_new_link_ends_the_old_one(session, cast, call):
    later = AT + timedelta(hours=1)
    send_link(session, call=call, actor=cast.actor("meal_manager"), at=later)
    first, second = call.links
    assert (first.is_usable(later), second.is_usable(later)) == (False, True)
    answer_by_link(session, link=second, is_right=True, at=later)
    with pytest.raises(OfferMoved):
        send_link(session, call=call, actor=cast.actor("meal_manager"), at=later)


def test_the_token_itself_is_only_in_the_message(session, call):
    assert call.links[0].token_hash == token_hash(token(session))
    assert token(session) not in repr(session.execute(select(ConfirmationLink.__table__)).all())


@pytest.mark.parametrize(
    ("known", "given", "sent_to"),
    [("gard@example.se", "", "gard@example.se"), ("", "ny@example.se", "ny@example.se")],
)
def test_a_producer_without_an_account_is_told_at_an_address(session, cast, known, given, sent_to):
    without_account(session, cast, known)
    call = make_call(session, cast, email=given)
    assert (call.links[0].sent_to, message(session).address, message(session).user_id) == (
        sent_to,
        sent_to,
        None,
    )


def test_with_nowhere_to_send_the_link_nothing_is_stored(session, cast):
    without_account(session, cast)
    with pytest.raises(NoAddressForTheLink), session.begin_nested():
        make_call(session, cast)
    assert session.scalar(select(func.count()).select_from(Offer)) == 0


@pytest.mark.parametrize(
    ("minutes", "outside", "error"), [(1, True, CallInTheFuture), (-1, False, OralContactNotAllowed)]
)
def test_a_call_that_can_not_be(minutes, outside, error):
    notes = CallNotes(
        called_at=AT + timedelta(minutes=minutes),
        spoke_with="G",
        said="Morötter",
        is_outside_directive=outside,
    )
    with pytest.raises(error):
        check_call(notes, at=AT)


@pytest.fixture
def form(stored):
    return {
        "product": str(stored.carrots.id), "amount": "60", "price": "13", "site": str(stored.site.id),
        "first_day": "2026-11-23", "last_day": "2026-11-29", "called_on": "2026-11-23", "called_clock": "07:30",
        "spoke_with": "Gösta", "said": "60 kilo.\nKan köra själv. Ўзбек, 日本語 🥕", "is_outside_directive": "y",
        "audience": "chosen", "authorities": [str(stored.authority.id)], "request_key": "call",
    }  # fmt: skip


def test_the_whole_way_through_the_pages(client_for, stored, form, look):
    manager, nobody, kitchen = client_for("meal_manager"), client_for(None), client_for("kitchen")
    assert "Åkerbo gård" in manager.get(NEW).text
    url = f"{NEW}?producer={stored.producer.id}"
    assert "12 kap. 5 §" in manager.get(url).text
    made = manager.post(url, data=form)
    assert made.status_code == 302
    assert manager.post(url, data=form).location == made.location, "sent twice is one call"
    page = manager.get(made.location).text
    assert "Väntar på bekräftelse" in page
    assert "日本語 🥕" in page
    assert "Morötter" not in kitchen.get("/offers?week=2026-W48").text
    assert kitchen.get("/offers/1").status_code == 404
    link = f"/confirm-offer/{token(look)}"
    look.rollback()
    asked = nobody.get(link).text
    assert "Norrtälje kommun har skrivit upp" in asked
    assert nobody.get(link).text == asked, "looking changes nothing"
    assert nobody.post(link).status_code == 302, "no answer is no answer"
    assert "är bekräftat" in nobody.post(link, data={"answer": "yes"}).text
    assert nobody.post(link, data={"answer": "no"}).status_code == 410
    assert nobody.get(link).status_code == 410
    assert "Morötter" in kitchen.get("/offers?week=2026-W48").text
    assert "Morötter" not in client_for("other_kitchen").get("/offers?week=2026-W48").text
    assert nobody.get("/confirm-offer/guessed").status_code == 404
    assert look.scalar(select(func.count()).select_from(PhoneCall)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_outside_directive": ""}, "Muntlig kontakt är inte tillåten i ett DIS"),
        ({"called_clock": "23:59"}, "Samtalet kan inte ligga i framtiden"),
        ({"spoke_with": "  "}, "Fyll i det här."),
        ({"said": "x\n" * 10_000}, "Skriv högst 4000 tecken."),
        ({"email": "fel"}, "Skriv en hel e-postadress"),
    ],
)
def test_a_refused_call_says_what_to_do_and_stores_nothing(client_for, stored, form, look, changes, words):
    url = f"{NEW}?producer={stored.producer.id}"
    page = client_for("meal_manager").post(url, data={k: v for k, v in (form | changes).items() if v}).text
    assert words in page
    assert look.scalar(select(func.count()).select_from(Offer)) == 0


def test_a_producer_that_nobody_has_described_yet(client_for, stored, session, form, look):
    """Only a name in the register: the meal manager says where it is and what it has."""
    bare = Producer(name="Nystartad gård", email="ny@example.se", created_at=AT)
    session.add(bare)
    session.commit()
    fresh = form | {"product": "new", "new_name": "Kålrot", "new_category": "vegetables", "new_unit": "KGM"}
    del fresh["site"]
    url, manager = f"{NEW}?producer={bare.id}", client_for("meal_manager")
    assert "Var ligger det?" in manager.get(url).text
    assert "Fyll i det här." in manager.post(url, data=fresh).text
    assert manager.post(url, data=fresh | {"place": "59.85, 18.60"}).status_code == 302
    assert manager.post(url, data=fresh | {"place": "59.85, 18.60"}).status_code == 302, "twice is once"
    [site] = look.scalars(select(ProductionSite).where(ProductionSite.producer_id == bare.id)).all()
    [offer] = look.scalars(select(Offer)).all()
    assert (offer.site_id, offer.product.name, offer.state) == (site.id, "Kålrot", OfferState.UNCONFIRMED)
    assert message(look).address == "ny@example.se"


def test_the_meal_manager_takes_a_mistake_back_before_anyone_has_seen_it(client_for, stored, session, look):
    call = make_call(session, stored)
    session.commit()
    manager = client_for("meal_manager")
    manager.post(f"/calls/{call.id}/withdraw")
    assert look.get_one(Offer, call.offer_id).state is OfferState.WITHDRAWN
    assert "Tillbakadraget" in manager.get("/calls").text


def test_what_the_producer_has_confirmed_is_no_longer_the_meal_manager_s(client_for, stored, session, look):
    call = make_call(session, stored)
    session.commit()
    assert "Stämmer det?" in client_for("producer").get(f"/my-offers/{call.offer_id}").text
    client_for("producer").post(f"/my-offers/{call.offer_id}/confirm")
    answer = client_for("meal_manager").post(f"/calls/{call.id}/withdraw", follow_redirects=True)
    assert "Bara producenten kan dra tillbaka det nu." in answer.text
    assert look.get_one(Offer, call.offer_id).is_open
