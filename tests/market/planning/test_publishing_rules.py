"""What a new plan changes for each party: pure, and small moves are not told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from factories import AT
from hypothesis import given
from hypothesis import strategies as st

from market.planning.publishing.rules import (
    Call,
    Change,
    Line,
    Party,
    PartyKind,
    calls_from,
    last_told,
    plain,
    touched,
)
from market.planning.rules import Leg, LoadKind

FARM, SCHOOL = Party(kind=PartyKind.PRODUCER, id=1), Party(kind=PartyKind.KITCHEN, id=7)
WHEN = AT + timedelta(days=2)
CALL = Call(
    party=FARM,
    order_id=3,
    kind=LoadKind.PICKUP,
    leg=Leg.IN,
    number=1,
    at=WHEN,
    place="site:1",
    place_name="Åkerbo",
    other="Centralköket",
    vehicle_id=1,
    vehicle="Kylbilen",
    grams=40_000,
    lines=(Line(product="Morötter", steps=40_000, unit="KGM"),),
)
BROUGHT = replace(CALL, party=SCHOOL, kind=LoadKind.DELIVERY, at=WHEN + timedelta(hours=1))
TOLERANCE_S = 900


def news(before, after, at=AT):
    found = touched(before, after, tolerance_s=TOLERANCE_S, at=at)
    return {party: [(entry.shown.order_id, set(entry.changes)) for entry in found[party]] for party in found}


def test_at_first_everybody_is_told_their_part():
    assert news((), (CALL, BROUGHT)) == {FARM: [(3, {Change.NEW})], SCHOOL: [(3, {Change.NEW})]}


def test_nobody_is_told_what_stays():
    assert news((CALL, BROUGHT), (CALL, BROUGHT)) == {}


def test_only_whom_it_touches_is_told():
    later = replace(BROUGHT, at=BROUGHT.at + timedelta(seconds=TOLERANCE_S + 1))
    assert news((CALL, BROUGHT), (CALL, later)) == {SCHOOL: [(3, {Change.TIME})]}


def test_a_move_within_the_tolerance_is_not_told():
    earlier = replace(CALL, at=WHEN - timedelta(seconds=TOLERANCE_S))
    assert news((CALL,), (earlier,)) == {}


def test_small_moves_are_measured_from_what_was_told():
    """Three moves of ten minutes are half an hour, though none of them is more than a quarter."""
    told, at = (CALL,), WHEN
    heard = []
    for _ in range(3):
        at += timedelta(minutes=10)
        now = (replace(CALL, at=at),)
        heard.append(bool(news(told, now)))
        told = last_told(told, now, tolerance_s=TOLERANCE_S)
    assert heard == [False, True, False]
    assert told[0].at == WHEN + timedelta(minutes=20)


def test_what_is_gone_is_told():
    assert news((CALL, BROUGHT), (CALL,)) == {SCHOOL: [(3, {Change.GONE})]}


def test_another_vehicle_day_place_and_amount():
    changed = replace(CALL, at=WHEN + timedelta(days=1), vehicle_id=2, vehicle="B", place="site:2", grams=1)
    assert news((CALL,), (changed,)) == {
        FARM: [(3, {Change.DAY, Change.VEHICLE, Change.PLACE, Change.AMOUNT})]
    }


def test_the_past_is_not_told():
    assert news((CALL,), (), at=WHEN + timedelta(minutes=1)) == {}
    assert news((), (CALL,), at=WHEN + timedelta(minutes=1)) == {}


def test_what_moves_from_the_past_into_the_future_is_told():
    tomorrow = replace(CALL, at=WHEN + timedelta(days=1))
    assert news((CALL,), (tomorrow,), at=WHEN + timedelta(minutes=1)) == {FARM: [(3, {Change.DAY})]}


def test_parts_of_one_order_are_told_apart():
    second = replace(CALL, number=2, at=WHEN + timedelta(hours=3))
    assert news((CALL, second), (CALL,)) == {FARM: [(3, {Change.GONE})]}


calls = st.lists(
    st.builds(
        lambda order, party, minutes, vehicle: replace(
            CALL, order_id=order, party=party, at=WHEN + timedelta(minutes=minutes), vehicle_id=vehicle
        ),
        st.integers(1, 4),
        st.sampled_from([FARM, SCHOOL]),
        st.integers(0, 3000),
        st.integers(1, 2),
    ),
    unique_by=lambda call: call.key,
    max_size=6,
)


@given(calls, calls)
def test_told_again_nothing_is_new(before, after):
    told = last_told(before, after, tolerance_s=TOLERANCE_S)
    assert touched(told, after, tolerance_s=TOLERANCE_S, at=AT) == {}
    assert {call.key for call in told} == {call.key for call in after}


@given(calls)
def test_it_can_be_kept_as_json(some):
    assert calls_from(json.loads(json.dumps(plain(some)))) == tuple(some)
