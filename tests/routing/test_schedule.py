"""Times for given work: the shortest duration, stop time once per stay, breaks where the rules want them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.check import violations
from routing.opening import first_open, intersect, opening
from routing.problem import Problem, Shipment, Stop, Vehicle, Window
from routing.schedule import schedule
from routing.solve import plan_of
from routing.trips import Task, Trip, Turn, places_of, turns_of

HOUR = 3600


def route_for(problem, *order):
    """The route that does ``order``: pickups as "+id", deliveries as "-id"."""
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    tasks = tuple(Task(shipments[step[1:]], is_pickup=step[0] == "+") for step in order)
    route = schedule(Trip(turns_of(problem)[0], tasks), places=places_of(problem))
    if route is not None:
        assert violations(problem, plan_of(problem, [route], engine="test", seconds=0.0)) == ()
    return route


def test_leaves_late_enough_not_to_wait(morning):
    route = route_for(morning, "+carrots", "-carrots")
    assert route.visits[2].arrival_s == route.visits[2].start_s == 7 * HOUR
    assert route.duration_s == 80 * 60 + (600 + 120) + (300 + 180)


def test_one_stop_for_many_shipments_pays_the_stop_time_once(morning):
    visits = route_for(morning, "+carrots", "+beets", "-carrots", "-beets").visits
    farm = visits[1]
    assert farm.pickups == ("carrots", "beets")
    assert farm.departure_s - farm.start_s == 600 + 120 + 60


def test_a_stay_whose_windows_differ_is_two_visits_with_one_stop_time(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 0 + 1), stop("school", 30, stop_s=600)]
    early = Shipment(
        "early", "farm", "school", 1, delivery_s=60, delivery_windows=(Window(7 * HOUR, 8 * HOUR),)
    )
    late = Shipment(
        "late", "farm", "school", 1, delivery_s=60, delivery_windows=(Window(9 * HOUR, 9 * HOUR),)
    )
    problem = on_a_line(stops, [early, late], [van()])
    first, second = route_for(problem, "+early", "+late", "-early", "-late").visits[2:4]
    assert (first.departure_s - first.start_s, second.departure_s - second.start_s) == (60, 660)
    assert (first.start_s, second.start_s) == (8 * HOUR, 9 * HOUR)


def test_a_missed_window_means_no_schedule(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 100), stop("school", 200, windows=(Window(0, 7 * HOUR),))]
    assert route_for(on_a_line(stops, [Shipment("s", "farm", "school", 1)], [van()]), "+s", "-s") is None


def test_waits_for_the_second_window_when_the_first_is_missed(on_a_line, stop, van):
    windows = (Window(7 * HOUR, 8 * HOUR), Window(12 * HOUR, 13 * HOUR))
    stops = [stop("home", 0), stop("farm", 100), stop("school", 200, windows=windows)]
    shipment = Shipment("s", "farm", "school", 1)
    for shift_start, expected in ((0, 7 * HOUR), (6 * HOUR, 12 * HOUR)):
        driver = van(shifts=(Window(shift_start, 86_400),), break_s=0)
        route = route_for(on_a_line(stops, [shipment], [driver]), "+s", "-s")
        assert route.visits[2].start_s == expected


@pytest.mark.parametrize(("kilometres", "breaks"), [(135, 0), (136, 1), (270, 1), (271, 2)])
def test_a_break_falls_due_by_driving_not_before(on_a_line, stop, van, kilometres, breaks):
    stops = [stop("home", 0), stop("farm", 0), stop("school", kilometres)]
    problem = on_a_line(stops, [Shipment("s", "farm", "school", 1)], [van(shifts=(Window(0, 86400),))])
    route = route_for(problem, "+s", "-s")
    assert len(route.breaks) == breaks
    assert route.duration_s == 2 * kilometres * 60 + breaks * 2700


def test_a_break_hides_in_waiting(on_a_line, stop, van):
    stops = [
        stop("home", 0),
        stop("farm", 60, windows=(Window(7 * HOUR, 7 * HOUR),)),
        stop("school", 120, windows=(Window(9 * HOUR, 9 * HOUR),)),
    ]
    long_day = van(shifts=(Window(0, 86400),), break_after_drive_s=3 * HOUR)
    route = route_for(on_a_line(stops, [Shipment("s", "farm", "school", 1)], [long_day]), "+s", "-s")
    assert route.duration_s == 5 * HOUR  # four hours of driving and one of waiting: the break is in it
    assert route.break_s == 2700


def test_driving_beyond_the_limit_has_no_schedule(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 50), stop("school", 100)]
    problem = on_a_line(stops, [Shipment("s", "farm", "school", 1)], [van(max_drive_s=200 * 60 - 1)])
    assert route_for(problem, "+s", "-s") is None


def test_an_open_end_stops_at_the_last_service(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 40)]
    route = route_for(on_a_line(stops, [Shipment("s", "farm", "school", 1)], [van(end=None)]), "+s", "-s")
    assert (route.visits[-1].stop, route.distance_m) == ("school", 40_000)


times = st.integers(0, 40)
window_lists = st.lists(
    st.tuples(times, times).map(lambda pair: Window(min(pair), max(pair))), max_size=3
).map(tuple)


@given(window_lists, window_lists, times)
def test_openings_agree_with_looking_at_each_second(first, second, now):
    def is_open(windows, at):
        return not windows or any(at in window for window in windows)

    both = intersect(opening(first), opening(second))
    for at in range(41):
        assert any(at in window for window in both) == (is_open(first, at) and is_open(second, at))
    expected = next((at for at in range(now, 200) if is_open(first, at)), None)
    assert first_open(opening(first), now) == expected


@given(st.lists(st.tuples(window_lists, st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=4))
def test_no_departure_gives_a_shorter_duration(legs):
    """Every second of the shift is tried; one stop per shipment end, no breaks."""
    stops = [
        Stop("home", "Home"),
        *(Stop(f"p{n}", "P", windows=leg[0], stop_s=leg[1]) for n, leg in enumerate(legs)),
    ]
    size = len(stops)
    drives = [[0 if a == b else (legs[max(a, b) - 1][2]) for b in range(size)] for a in range(size)]
    vehicle = Vehicle("v", "V", "", "home", None, 9, None, (Window(0, 40),), 0, 0, 1, 0, break_s=0)
    shipments = [Shipment(f"s{n}", f"p{n}", "home", 1) for n in range(len(legs))]
    problem = Problem(tuple(stops), tuple(shipments), (vehicle,), drives, drives)
    tasks = tuple(Task(shipment, is_pickup=True) for shipment in shipments)
    route = schedule(Trip(Turn(vehicle, 0), tasks), places=places_of(problem))

    def finish(start):
        now = start
        for before, after in pairwise(range(size)):
            begun = first_open(opening(stops[after].windows), now + drives[before][after])
            if begun is None:
                return None
            now = begun + stops[after].stop_s
        return now if now <= 40 else None

    durations = [end - start for start in range(41) if (end := finish(start)) is not None]
    assert (route.duration_s if route else None) == min(durations, default=None)


@pytest.mark.parametrize(
    "order", [("-carrots", "+carrots"), ("+carrots", "+carrots", "-carrots"), ("-carrots",)]
)
def test_work_that_is_not_whole_has_no_schedule(morning, order):
    """A delivery before its pickup, goods picked up twice or never."""
    assert route_for(morning, *order) is None
