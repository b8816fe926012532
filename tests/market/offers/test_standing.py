"""An offer that repeats every week: posted once for the next week, whoever and however often one asks."""

from __future__ import annotations

from datetime import timedelta

from factories import AT, MONDAY, make_offer
from sqlalchemy import select

from market.offers.chores import _repeat, repeat_standing_offers
from market.offers.models import Offer
from market.offers.operations import pause_offer, resume_offer
from market.values import Period


def standing(session) -> list[Offer]:
    return list(session.scalars(select(Offer).order_by(Offer.available_from)))


def test_a_standing_offer_is_posted_for_the_next_week_once(session, post):
    first = post(is_standing=True, held_until=MONDAY + timedelta(days=4))
    assert repeat_standing_offers(session, at=AT) == 1
    assert repeat_standing_offers(session, at=AT + timedelta(hours=1)) == 0
    _, second = standing(session)
    assert (second.available_from, second.held_until) == (
        MONDAY + timedelta(days=7),
        MONDAY + timedelta(days=11),
    )
    assert (first.is_standing, second.is_standing, second.repeated_from_id) == (False, True, first.id)
    assert repeat_standing_offers(session, at=AT + timedelta(days=7)) == 1
    assert len(standing(session)) == 3


def test_two_workers_with_the_same_offer_in_hand_post_it_once(session, post):
    offer = post(is_standing=True)
    assert [_repeat(session, offer, AT), _repeat(session, offer, AT)] == [1, 0]
    assert len(standing(session)) == 2


def test_a_paused_one_waits_and_goes_on_in_a_week_that_has_not_passed(session, cast, post):
    offer, actor, late = post(is_standing=True), cast.actor("producer"), AT + timedelta(days=30)
    pause_offer(session, offer=offer, actor=actor, at=AT)
    assert repeat_standing_offers(session, at=late) == 0
    resume_offer(session, offer=offer, actor=actor, at=late)
    assert repeat_standing_offers(session, at=late) == 1
    assert standing(session)[-1].available_from == MONDAY + timedelta(days=28)


def test_a_long_period_is_not_overlapped_nor_posted_early(session, post):
    post(is_standing=True, period=Period(MONDAY, MONDAY + timedelta(days=20)))
    assert repeat_standing_offers(session, at=AT) == 0
    assert repeat_standing_offers(session, at=AT + timedelta(days=14)) == 1
    assert standing(session)[-1].available_from == MONDAY + timedelta(days=21)


def test_weekly_by_the_page(client_for, stored, session, look):
    offer = make_offer(session, stored)
    session.commit()
    client = client_for("producer")
    client.post(f"/my-offers/{offer.id}/weekly", data={"on": "1"})
    assert "Sluta upprepa varje vecka" in client.get(f"/my-offers/{offer.id}").text
    assert look.get_one(Offer, offer.id).is_standing
    look.rollback()
    client.post(f"/my-offers/{offer.id}/weekly", data={"on": "0"})
    look.expire_all()
    assert not look.get_one(Offer, offer.id).is_standing
