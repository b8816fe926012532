"""The phone's clock, the day of a run, who may drive it, and when a delay is told."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from driving_making import DAY, clock
from hypothesis import given
from hypothesis import strategies as st

from market.driving import rules
from market.driving.rules import Reported, ReportKind


@given(st.integers(-(10**6), 10**6), st.integers(0, 7 * 24 * 60))
def test_what_happened_is_never_later_than_received_and_never_before_the_day(off, minutes):
    received = clock(0) + timedelta(minutes=minutes)
    assert (
        clock(0)
        <= rules.happened(received + timedelta(minutes=off), received_at=received, day=DAY)
        <= received
    )


def test_a_phone_without_a_clock_reports_now():
    assert rules.happened(None, received_at=clock(8), day=DAY) == clock(8)


def test_a_run_is_reported_from_its_day_on_for_a_week():
    with pytest.raises(rules.NotToday):
        rules.check_day(DAY, at=clock(0) - timedelta(minutes=1))
    rules.check_day(DAY, at=clock(0))
    rules.check_day(DAY, at=clock(0) + timedelta(days=7))
    with pytest.raises(rules.TooLongAgo):
        rules.check_day(DAY, at=clock(0) + timedelta(days=8))


def test_door_codes_are_shown_on_the_day_by_the_swedish_calendar():
    midnight = clock(0).astimezone(UTC)  # 23.00 the day before, in UTC
    assert rules.shows_door_code(DAY, at=midnight)
    assert not rules.shows_door_code(DAY, at=midnight - timedelta(seconds=1))
    assert not rules.shows_door_code(DAY, at=midnight + timedelta(days=1))


@pytest.mark.parametrize(
    ("late_s", "step"), [(-600, 0), (0, 0), (899, 0), (900, 1), (1799, 1), (1800, 2), (3599, 2), (3600, 3)]
)
def test_a_delay_is_told_anew_when_it_has_doubled(late_s, step):
    assert rules.delay_step(late_s, tolerance_s=900) == step


def test_no_tolerance_does_not_tell_of_seconds():
    assert rules.delay_step(30, tolerance_s=0) == 0


@pytest.mark.parametrize(
    ("assigned", "drives_for", "may"),
    [
        ((7, True), [1], True),
        ((8, True), [1], False),
        (None, [1], True),
        (None, [2], False),
        ((8, False), [1], True),  # who it was given to has stopped: it is anyone's of the carrier
        ((7, False), [], False),
    ],
)
def test_who_may_drive(assigned, drives_for, may):
    assert rules.may_drive(assigned=assigned, carrier_id=1, user_id=7, drives_for=drives_for) is may


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"kind": ReportKind.LOADED, "place": "site:1"}, rules.WhichOrders),
        ({"kind": ReportKind.DELIVERED, "place": "kitchen:1", "order_ids": (1,)}, rules.WhoSigned),
        ({"kind": ReportKind.ARRIVED}, rules.NotOnRun),
        ({"kind": ReportKind.TEMPERATURE, "temperature": "chilled"}, rules.WhatTemperature),
        ({"kind": ReportKind.DEVIATION, "place": "site:1"}, rules.WhatHappened),
    ],
)
def test_a_report_says_what_its_kind_needs(said, refusal):
    with pytest.raises(refusal):
        rules.check_said(Reported(request_key="k", **said))


def test_each_order_has_what_was_measured_in_goods_of_its_class():
    report = Reported(
        request_key="k", kind=ReportKind.DELIVERED, order_ids=(4, 9, 11), by_class={"chilled": 45, "frozen": -190}
    )  # fmt: skip
    classes = {4: "chilled", 9: "frozen", 11: "ambient"}
    assert rules.degrees_of(report, classes) == {4: 45, 9: -190, 11: None}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [({"decidegrees": 45}, rules.WhichTemperature), ({"by_class": {"ambient": 45}}, rules.WhichMeasured)],
)
def test_a_value_is_not_that_of_goods_that_were_not_measured(said, refusal):
    report = Reported(request_key="k", kind=ReportKind.DELIVERED, order_ids=(4, 9), **said)
    with pytest.raises(refusal):
        rules.degrees_of(report, {4: "chilled", 9: "frozen"})


@given(st.lists(st.integers(1, 9), unique=True), st.none() | st.integers(-400, 400))
def test_one_value_is_that_of_all_goods_of_one_class(order_ids, degrees):
    report = Reported(
        request_key="k", kind=ReportKind.DELIVERED, order_ids=tuple(order_ids), decidegrees=degrees
    )
    assert rules.degrees_of(report, dict.fromkeys(order_ids, "chilled")) == dict.fromkeys(order_ids, degrees)


def test_several_orders_have_a_key_each():
    report = Reported(request_key="k", kind=ReportKind.DELIVERED, order_ids=(4, 9))
    assert report.keys == {"k": 4, "k:1": 9}
