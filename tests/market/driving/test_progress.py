"""How far a run has come, and what that says of when it will be where."""

from __future__ import annotations

from datetime import timedelta

from driving_making import clock
from hypothesis import given, settings
from hypothesis import strategies as st

from market.driving.progress import PlannedStop, Told, follow
from market.driving.rules import ReportKind

MINUTES = timedelta(minutes=1)


def stop(place, hour, minute, work, *, waits=0, pickups=(), deliveries=()):
    arrives = clock(hour, minute)
    starts = arrives + waits * MINUTES
    return PlannedStop(
        place=place, arrives_at=arrives, starts_at=starts, departs_at=starts + work * MINUTES,
        pickups=pickups, deliveries=deliveries,
    )  # fmt: skip


STOPS = (
    stop("home:1", 7, 0, 0),
    stop("site:1", 7, 30, 15, pickups=(1, 2)),
    stop("kitchen:1", 8, 15, 15, deliveries=(1,)),
    stop("kitchen:2", 9, 0, 10, waits=20, deliveries=(2,)),
    stop("home:1", 10, 0, 0),
)
KITCHENS = ((2, "kitchen:1", 1), (3, "kitchen:2", 2))


def told(kind, at, place="", order_id=None, number=0):
    return Told(kind=kind, at=at, place=place, order_id=order_id, number=number)


def collected(at):
    return [told(ReportKind.LOADED, at, "site:1", order_id) for order_id in (1, 2)]


def expected(run):
    return [state.expected_at for state in run.stops]


def test_without_reports_the_plan_stands_however_late_it_is():
    run = follow(STOPS, [], now=clock(12))
    assert expected(run) == [stop.starts_at for stop in STOPS]
    assert not run.is_under_way


def test_a_late_start_moves_all_that_follows_but_for_what_waiting_takes_up():
    run = follow(STOPS, [told(ReportKind.LEFT, clock(7, 15))], now=clock(7, 16))
    assert expected(run)[1:] == [clock(7, 45), clock(8, 30), clock(9, 20), clock(10, 0)]
    assert [state.late_s for state in run.stops[1:]] == [900, 900, 0, 0], (
        "the vehicle was to wait for the hour"
    )
    assert run.next_stop is run.stops[1]


def test_a_vehicle_that_should_have_arrived_is_expected_from_now_on():
    run = follow(STOPS, [told(ReportKind.LEFT, clock(7, 0))], now=clock(8, 0))
    assert expected(run)[1:3] == [clock(8, 0), clock(8, 45)]


def test_work_that_takes_long_moves_what_follows():
    run = follow(STOPS, [told(ReportKind.ARRIVED, clock(7, 30), "site:1")], now=clock(8, 5))
    assert expected(run)[2] == clock(8, 35)
    assert not run.stops[1].is_done


def test_a_stop_is_done_with_its_last_goods():
    reports = collected(clock(7, 40))
    assert not follow(STOPS, reports[:1], now=clock(7, 41)).stops[1].is_done
    run = follow(STOPS, reports, now=clock(7, 41))
    assert run.stops[1].is_done
    assert run.stops[1].arrived_at == clock(7, 40), "who loads has arrived"
    assert expected(run)[2] == clock(8, 10), "five minutes early"


def test_what_was_not_collected_need_not_be_delivered():
    reports = [
        told(ReportKind.LOADED, clock(7, 40), "site:1", 2),
        told(ReportKind.DEVIATION, clock(7, 41), "site:1", 1),
    ]
    run = follow(STOPS, reports, now=clock(7, 42))
    assert run.stops[1].is_done
    assert run.stops[2].is_done
    assert run.next_stop is run.stops[3]


def test_a_place_visited_twice_takes_its_reports_in_turn():
    twice = (STOPS[0], STOPS[2], stop("kitchen:1", 9, 0, 5, deliveries=(2,)), STOPS[4])
    first = [
        told(ReportKind.ARRIVED, clock(8, 15), "kitchen:1"),
        told(ReportKind.DELIVERED, clock(8, 20), "kitchen:1", 1),
    ]
    again = told(ReportKind.ARRIVED, clock(9, 1), "kitchen:1")
    run = follow(twice, [*first, again], now=clock(9, 2))
    assert [state.arrived_at for state in run.stops[1:3]] == [clock(8, 15), clock(9, 1)]
    assert [state.is_done for state in run.stops[1:3]] == [True, False]


def test_after_the_end_nothing_more_is_expected():
    run = follow(STOPS, [*collected(clock(7, 40)), told(ReportKind.ENDED, clock(9, 0))], now=clock(9, 1))
    assert expected(run) == [None] * len(STOPS)
    assert run.next_stop is None
    assert not run.is_under_way


minutes = st.integers(0, 300)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["left", "load", "give"]), minutes), max_size=8), minutes)
def test_the_order_in_which_reports_come_in_changes_nothing_and_no_one_is_expected_in_the_past(events, now):
    reports = []
    for number, (what, minute) in enumerate(events):
        at = clock(7) + minute * MINUTES
        if what == "left":
            reports.append(told(ReportKind.LEFT, at, number=number))
        elif what == "load":
            reports.append(told(ReportKind.LOADED, at, "site:1", 1 + number % 2, number))
        else:
            _, place, order = KITCHENS[number % 2]
            reports.append(told(ReportKind.DELIVERED, at, place, order, number))
    at = max([clock(7) + now * MINUTES, *(report.at for report in reports)])
    run, turned = follow(STOPS, reports, now=at), follow(STOPS, reversed(reports), now=at)
    assert run == turned
    if run.is_under_way:
        ahead = [state.expected_at for state in run.stops[(run.at or 0) + 1 :] if state.expected_at]
        assert ahead == sorted(ahead)
        assert all(one >= at for one in ahead)
