"""What a kitchen watches for: which offers fit, that each is told once and soon, and who may change it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY, make_offer
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from geodata.travel import Estimator
from market.db import transaction
from market.notices.chores import forget_looks, match_needs
from market.notices.models import NeedMatch, OfferLook, SavedNeed
from market.notices.operations import end_need, save_need
from market.notices.rules import AlreadyOver, Need, NothingToWatchFor, Posted, check_need, fits
from market.offers.models import Offer
from market.offers.operations import (
    CHANGED,
    change_offer,
    post_offer,
    repeat_offer,
    terms_of,
    withdraw_offer,
)
from market.offers.rules import OfferChange, OfferState, OfferTerms
from market.offers.stock import reserve
from market.outbox import OutboxMessage
from market.register.models import CertificateScheme
from market.register.operations import add_certificate
from market.values import Period, Quantity, Unit

CARROTS = Posted(
    category_key="vegetables",
    name="Morötter, tvättade",
    grams_left=120_000,
    first_day=MONDAY,
    is_organic=False,
    is_surplus=True,
)


@pytest.mark.parametrize(
    ("need", "does"),
    [
        (Need(category_key="vegetables"), True),
        (Need(category_key="milk"), False),
        (Need(words="MORÖTTER"), True),
        (Need(words="tvättade morötter"), True),
        (Need(words="morötter gula"), False),
        (Need(only_surplus=True), True),
        (Need(only_organic=True), False),
        (Need(words="morötter", at_least_grams=120_000), True),
        (Need(words="morötter", at_least_grams=120_001), False),
        (Need(words="morötter", until=MONDAY), True),
        (Need(words="morötter", until=MONDAY - timedelta(days=1)), False),
    ],
)
def test_what_fits(need, does):
    assert fits(need, CARROTS) is does


@given(
    words=st.text(max_size=20),
    grams=st.none() | st.integers(1, 10**6),
    organic=st.booleans(),
    surplus=st.booleans(),
)
def test_asking_for_more_never_fits_more(words, grams, organic, surplus):
    asked = Need(words=words, at_least_grams=grams, only_organic=organic, only_surplus=surplus)
    if fits(asked, CARROTS):
        assert fits(Need(words=words), CARROTS)
        assert fits(Need(at_least_grams=grams, only_surplus=surplus, only_organic=organic), CARROTS)


def test_a_need_says_something_and_is_not_over():
    with pytest.raises(NothingToWatchFor):
        check_need(Need(at_least_grams=5), today=MONDAY)
    with pytest.raises(AlreadyOver):
        check_need(Need(words="mjölk", until=MONDAY - timedelta(days=1)), today=MONDAY)
    check_need(Need(words="mjölk", until=MONDAY), today=MONDAY)


@pytest.fixture
def watch(session, cast):
    def save(need: Need, *, who: str = "kitchen", kitchen=None, key: str = "n") -> SavedNeed:
        return save_need(
            session, kitchen=kitchen or cast.hub, need=need, request_key=key, actor=cast.actor(who), at=AT
        )

    return save


@pytest.fixture
def told(engine, session):
    """Commit what has been done, match, and say who has been told of how many offers."""

    def match(at=AT) -> list[int]:
        session.commit()
        match_needs(engine, travel=Estimator(), at=at)
        rows = session.scalars(
            select(OutboxMessage).filter_by(kind="need_matched").order_by(OutboxMessage.id)
        )
        found = [row.user_id for row in rows]
        session.commit()
        return found

    return match


def test_a_new_offer_is_told_to_the_kitchen_once(watch, told, session, cast):
    watch(Need(words="morötter"))
    watch(Need(only_surplus=True), key="m")
    make_offer(session, cast)
    assert told() == [cast.actor("kitchen").user_id]
    assert told() == [cast.actor("kitchen").user_id]
    assert len(session.scalars(select(NeedMatch)).all()) == 2, "both needs know it, the people are told once"


def test_what_was_there_before_is_not_news(watch, told, session, cast):
    make_offer(session, cast)
    assert told() == []
    watch(Need(words="morötter"))
    assert told() == []


def test_a_repeat_is_news_and_an_offer_that_comes_back_is_told_once(watch, told, session, cast, engine):
    watch(Need(words="morötter"))
    offer = make_offer(session, cast)
    first = told()
    session.query(Offer).update({"state": OfferState.WITHDRAWN})
    session.commit()
    with transaction(engine) as other:
        assert forget_looks(other, at=AT) == 1
    session.query(Offer).update({"state": OfferState.OPEN})
    assert told() == first
    repeat_offer(session, offer=offer, actor=cast.actor("producer"), at=AT, request_key="again")
    assert told() == first * 2


def test_an_offer_that_was_off_the_map_when_looked_for_is_told_when_it_comes_back(watch, told, session, cast):
    watch(Need(words="morötter"))
    make_offer(session, cast)
    session.query(Offer).update({"state": OfferState.WITHDRAWN})
    assert told() == []
    session.query(Offer).update({"state": OfferState.OPEN})
    assert len(told()) == 1


def test_withdrawn_sold_out_and_past_offers_are_told_to_nobody(watch, told, session, cast):
    watch(Need(words="morötter"))
    withdraw_offer(session, offer=make_offer(session, cast), actor=cast.actor("producer"), at=AT)
    sold_out = make_offer(session, cast)
    reserve(session, offer=sold_out, quantity=Quantity.of(120, Unit.KILOGRAM), at=AT)
    assert told(at=AT) == []
    make_offer(session, cast)
    assert told(at=AT + timedelta(days=8)) == []


def test_an_offer_for_certain_authorities_is_told_to_no_other(watch, told, session, cast):
    watch(Need(words="morötter"))
    offer = make_offer(session, cast)
    offer.is_for_all, offer.authorities = False, [cast.other_authority]
    session.flush()
    assert told() == []
    offer.authorities = [cast.authority]
    session.query(OfferLook).delete()
    assert len(told()) == 1


def test_organic_is_what_a_certificate_in_force_says(watch, told, session, cast):
    watch(Need(only_organic=True))
    make_offer(session, cast).is_organic = True
    session.flush()
    assert told() == [], "claimed, but no certificate"
    add_certificate(
        session,
        producer=cast.producer,
        scheme=CertificateScheme.KRAV,
        number="1234",
        last_valid_on=MONDAY + timedelta(days=30),
        actor=cast.actor("producer"),
        at=AT,
    )
    session.query(OfferLook).delete()
    assert len(told()) == 1


def test_a_change_is_looked_at_again(watch, told, session, cast, engine):
    """More of it than before is news to whoever asked for so much."""
    watch(Need(words="morötter", at_least_grams=200_000))
    offer = make_offer(session, cast)
    assert told() == []
    change = OfferChange(
        **{name: getattr(terms_of(offer), name) for name in CHANGED}
        | {"quantity": Quantity.of(300, Unit.KILOGRAM)}
    )
    later = AT + timedelta(hours=1)
    change_offer(
        session,
        offer=offer,
        change=change,
        seen_version=offer.version,
        actor=cast.actor("producer"),
        at=later,
    )
    session.commit()
    with transaction(engine) as other:
        forget_looks(other, at=later + timedelta(hours=1))
    assert len(told(at=later)) == 1
    with transaction(engine) as other:
        assert forget_looks(other, at=later + timedelta(hours=1)) == 0


def test_needs_that_have_ended_are_silent(watch, told, session, cast):
    ended = watch(Need(words="morötter"))
    end_need(session, need=ended, actor=cast.actor("kitchen"), at=AT)
    watch(Need(words="morötter", until=date(2026, 11, 23)), key="m")
    make_offer(session, cast)
    assert told(at=AT + timedelta(days=1)) == []


def test_only_local_is_judged_as_on_the_map(watch, told, session, cast):
    """Norrtälje's county is Stockholm's: Åkerbo is in it. Without a stated municipality elsewhere it is not."""
    watch(Need(only_local=True))
    make_offer(session, cast)
    assert len(told()) == 1
    cast.site.lat, cast.site.lon, cast.site.municipality_code = 57.7, 11.97, "1480"
    session.flush()
    make_offer(session, cast)
    assert len(told()) == 1, "what is grown in Göteborg is not local"


def test_a_meal_manager_s_need_is_told_to_both(watch, told, session, cast):
    watch(Need(words="morötter"), who="meal_manager")
    make_offer(session, cast)
    assert set(told()) == {cast.actor("kitchen").user_id, cast.actor("meal_manager").user_id}


def test_a_price_by_agreement_is_written_too(watch, told, session, cast, client_for):
    watch(Need(words="morötter"))
    make_offer(session, cast, price=None)
    told()
    message = session.scalars(select(OutboxMessage).filter_by(kind="need_matched")).one()
    session.commit()
    assert "Pris vid beställning" in client_for("kitchen").get(f"/notices/{message.id}").text


def test_within_a_minute_of_being_posted(watch, session, cast, worker, mail, clock):
    """The chore runs every fifteen seconds, the outbox every second second."""
    watch(Need(only_surplus=True))
    session.commit()
    worker.round()
    terms = OfferTerms(
        quantity=Quantity.of(50, Unit.KILOGRAM),
        period=Period(MONDAY, MONDAY + timedelta(days=3)),
        price=Decimal(5),
        is_surplus=True,
    )
    clock.at = AT + timedelta(seconds=1)
    post_offer(
        session, product=cast.carrots, site=cast.site, terms=terms, actor=cast.actor("producer"), at=clock.at
    )
    session.commit()
    for _ in range(10):
        clock.at += timedelta(seconds=2)
        worker.round()
    assert [str(m["Subject"]) for _, m in mail.postbox.taken] == ["Överskott: Morötter från Åkerbo gård"]


def test_watched_from_the_search_with_one_button(client_for, stored, look):
    client = client_for("kitchen")
    page = client.get("/offers?category=vegetables&surplus=y").text
    key = page.partition('name="request_key" value="')[2].partition('"')[0]
    form = {"request_key": key, "kitchen": stored.hub.id, "category": "vegetables", "surplus": "y"}
    for _ in range(2):
        assert client.post("/needs/new", data=form).location == "/needs"
    [need] = look.scalars(select(SavedNeed))
    assert (need.category_key, need.only_surplus, need.only_organic) == ("vegetables", True, False)
    assert "Grönsaker" in client.get("/needs").text
    client.post(f"/needs/{need.id}/end")
    assert "Inga bevakningar" in client.get("/needs").text


def test_a_need_for_nothing_is_told_what_to_choose(client_for, stored, look):
    answer = client_for("kitchen").post("/needs/new", data={"kitchen": stored.hub.id})
    assert "Välj minst en sak att bevaka" in answer.text
    answer = client_for("kitchen").post("/needs/new", data={"words": "mjölk", "amount": "99999999999"})
    assert "Talet är för stort" in answer.text
    assert look.scalars(select(SavedNeed)).all() == []


def test_another_kitchen_knows_nothing_of_it(client_for, stored, session, watch, look):
    need = watch(Need(words="morötter"))
    session.commit()
    for name in ("other_kitchen", "satellite"):
        assert client_for(name).post(f"/needs/{need.id}/end").status_code == 404
        assert "Morötter" not in client_for(name).get("/needs").text
    assert "morötter" in client_for("meal_manager").get("/needs").text
    assert look.get_one(SavedNeed, need.id).ended_at is None
