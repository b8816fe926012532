"""Closing days, what drivers need to know of a stop, and the settings of an authority's transports."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT, MONDAY, make_offer, make_order
from sqlalchemy import select

from market.audit import AuditEvent
from market.fleet import queries
from market.fleet.models import StopDetail, TransportSettings
from market.fleet.place_operations import change_settings, close_days, describe_stop, open_again
from market.fleet.rules import ClosedDays, OwnDelivery, ServiceTimeOutOfRange, SettingOutOfRange, StopTerms
from market.values import Period

WEEK = Period(MONDAY, MONDAY + timedelta(days=7))
TUESDAY = MONDAY + timedelta(days=1)
SUNDAY = MONDAY + timedelta(days=6)


def close(session, cast, first, last, **place):
    days = [ClosedDays(name="Lov", first_on=first, last_on=last)]
    return close_days(
        session, authority=cast.authority, days=days, actor=cast.actor("logistics_planner"), at=AT, **place
    )


def closed(session, cast, authority_id=None):
    """As the week of that planner sees it."""
    return queries.closed_on(
        session,
        authority_id=authority_id or cast.authority.id,
        kitchen_ids=[cast.hub.id, cast.satellite.id, cast.other_kitchen.id],
        site_ids=[cast.site.id],
        period=WEEK,
    )


def test_an_authority_closes_its_kitchens_and_no_others(session, cast):
    close(session, cast, MONDAY - timedelta(days=3), TUESDAY)
    assert closed(session, cast).kitchens == {
        cast.hub.id: {MONDAY, TUESDAY},
        cast.satellite.id: {MONDAY, TUESDAY},
    }
    assert closed(session, cast).sites == {}


def test_one_kitchen_and_one_site_close_by_themselves(session, cast):
    close(session, cast, TUESDAY, TUESDAY, kitchen=cast.satellite)
    close(session, cast, SUNDAY, SUNDAY + timedelta(days=9), site=cast.site)
    found = closed(session, cast)
    assert found.kitchens == {cast.satellite.id: {TUESDAY}}
    assert found.sites == {cast.site.id: {SUNDAY}}


def test_a_site_is_not_closed_for_those_who_have_not_said_so(session, cast):
    close(session, cast, TUESDAY, TUESDAY, site=cast.site)
    assert closed(session, cast, cast.other_authority.id).sites == {}
    cast.authority.planned_by_id = cast.other_authority.id
    session.flush()
    assert closed(session, cast, cast.other_authority.id).sites == {cast.site.id: {TUESDAY}}


def test_the_same_days_twice_are_one_period_and_can_open_again(session, cast):
    made = close(session, cast, MONDAY, TUESDAY)
    assert (len(made), close(session, cast, MONDAY, TUESDAY)) == (1, [])
    planner = cast.actor("logistics_planner")
    assert queries.closings_of(session, actor=planner, since=TUESDAY) == made
    assert queries.closings_of(session, actor=planner, since=TUESDAY + timedelta(days=1)) == []
    assert queries.closing_for(session, actor=cast.actor("other_planner"), period_id=made[0].id) is None
    open_again(session, closing=made[0], actor=planner, at=AT)
    assert closed(session, cast) == ({}, {})


def test_a_stop_is_described_and_the_log_holds_no_code(session, cast):
    terms = StopTerms(stop_s=900, door_code=" 4711# ", contact_name="Eva", needs_tail_lift=True)
    for _ in range(2):
        describe_stop(session, place=cast.hub, terms=terms, actor=cast.actor("logistics_planner"), at=AT)
    describe_stop(session, place=cast.site, terms=StopTerms(), actor=cast.actor("logistics_planner"), at=AT)
    found = queries.stop_details(session, kitchen_ids=[cast.hub.id], site_ids=[cast.site.id])
    assert found.kitchens[cast.hub.id].door_code == "4711#"
    assert found.sites[cast.site.id].stop_s is None
    assert len(session.scalars(select(StopDetail)).all()) == 2
    assert "4711" not in str([event.data for event in session.scalars(select(AuditEvent))])


def test_stops_are_the_own_kitchens_and_the_sites_they_order_from(session, cast):
    planner = cast.actor("logistics_planner")
    assert queries.stops_of(session, actor=planner).sites == []
    make_order(session, cast, make_offer(session, cast), key="one")
    stops = queries.stops_of(session, actor=planner)
    assert [one.id for one in stops.kitchens] == [cast.hub.id, cast.satellite.id]
    assert stops.sites == [cast.site]
    other = cast.actor("other_planner")
    assert queries.kitchen_stop(session, actor=other, kitchen_id=cast.hub.id) is None
    assert queries.site_stop(session, actor=other, site_id=cast.site.id) is None


def test_settings_are_the_defaults_until_something_is_changed(session, cast):
    untouched = queries.settings_of(session, authority_id=cast.authority.id)
    assert (untouched.stop_s, untouched.own_delivery, untouched.gather_weekday) == (
        600,
        OwnDelivery.NEVER,
        None,
    )
    assert untouched not in session
    change_settings(
        session,
        authority=cast.authority,
        actor=cast.actor("logistics_planner"),
        at=AT,
        gather_weekday=3,
        lead_days=2,
    )
    session.expire_all()
    kept = session.get_one(TransportSettings, cast.authority.id)
    assert (kept.gather_weekday, kept.lead_days, kept.stop_s, kept.promise_ore) == (3, 2, 600, 20_000)
    change_settings(
        session, authority=cast.authority, actor=cast.actor("logistics_planner"), at=AT, gather_weekday=None
    )
    assert (kept.gather_weekday, kept.lead_days) == (None, 2)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"stop_s": 14_401}, ServiceTimeOutOfRange),
        ({"lead_days": 61}, SettingOutOfRange),
        ({"gather_weekday": 8}, SettingOutOfRange),
        ({"hour_ore": -1}, SettingOutOfRange),
    ],
)
def test_settings_that_can_not_be_are_refused(session, cast, change, refusal):
    with pytest.raises(refusal):
        change_settings(
            session, authority=cast.authority, actor=cast.actor("logistics_planner"), at=AT, **change
        )
    assert session.get(TransportSettings, cast.authority.id) is None
