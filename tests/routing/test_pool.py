"""Estimates, the pool of routes, and the one place that says whether a trip can be driven."""

import pytest
from hypothesis import given, settings
from test_properties import problems, quick

from routing.engines.estimate import Estimator
from routing.engines.judge import Judge
from routing.engines.pool import Pool
from routing.feasible import route_of
from routing.problem import Compartment, Shipment, Temperature, Window
from routing.trips import Task, Trip, places_of, turns_of

HOUR = 3600
DAY = 86_400


def ends(*shipments):
    """All picked up in order, then all delivered in order."""
    return tuple(Task(s, is_pickup=end) for end in (True, False) for s in shipments)


@pytest.fixture
def week(on_a_line, stop, van):
    days = tuple(Window(day * DAY + 6 * HOUR, day * DAY + 14 * HOUR) for day in range(5))
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    shipments = [
        Shipment("any", "farm", "school", 60),
        Shipment("early", "farm", "school", 60, delivery_windows=days[:2]),
    ]
    fleet = [van("one", shifts=days, capacity_grams=100), van("two", shifts=days, capacity_grams=100)]
    return on_a_line(stops, shipments, [*fleet, van("large", shifts=days)])


def test_a_route_is_offered_to_every_turn_that_can_drive_it(week):
    pool = Pool(Estimator(week))
    anywhere, early = week.shipments
    pool.add([pool.estimator.order_of(Trip(turns_of(week)[0], ends(anywhere)))])
    assert len(pool) == 5 * 2  # five days; the two small vans are one class, the large one another
    pool.add([pool.estimator.order_of(Trip(turns_of(week)[0], ends(anywhere, early)))])
    assert len(pool) == 5 * 2 + 2  # both together only in the large van, on two days


def test_the_cheapest_order_of_the_same_shipments_stays(morning):
    pool = Pool(Estimator(morning))
    turn = turns_of(morning)[0]
    carrots, _, milk = morning.shipments
    back_and_forth = (*ends(milk), *ends(carrots))
    for tasks in (back_and_forth, ends(carrots, milk), back_and_forth):
        pool.add([pool.estimator.order_of(Trip(turn, tasks))])
    (column,) = pool.columns
    assert column.order == pool.estimator.order_of(Trip(turn, ends(carrots, milk)))


@settings(quick, max_examples=60)
@given(problems(most_shipments=3))
def test_an_estimate_without_breaks_and_second_windows_is_the_truth(problem):
    judge = Judge(problem)
    for turn in turns_of(problem):
        trip = Trip(turn, ends(*problem.shipments))
        estimate = judge.estimator.cost(judge.estimator.class_number(turn), judge.estimator.order_of(trip))
        route = judge.route(trip)
        if route is None or route.breaks or is_split(problem, turn):
            continue
        assert estimate == route.cost_ore


def is_split(problem, turn):
    """Whether some task has two windows within the turn's shift."""
    estimator = Estimator(problem)
    return any(len(open_) > 1 for open_ in estimator._openings_of(turn))


def test_an_estimate_refuses_what_is_overloaded_or_too_late(week):
    estimator = Estimator(week)
    both = Trip(turns_of(week)[0], ends(*week.shipments))
    assert estimator.cost(estimator.class_number(both.turn), estimator.order_of(both)) is None
    friday = Trip(turns_of(week)[4], ends(week.shipments[1]))
    assert estimator.cost(estimator.class_number(friday.turn), estimator.order_of(friday)) is None


def test_only_whole_trips_within_capacity_can_be_driven(week):
    anywhere, early = week.shipments
    turn = turns_of(week)[0]
    places = places_of(week)
    assert route_of(Trip(turn, ends(anywhere)), places=places).cost_ore > 0
    assert route_of(Trip(turn, ()), places=places) is None
    for tasks in (
        ends(anywhere, early),  # too heavy together
        ends(anywhere)[::-1],  # delivered before it is collected
        ends(anywhere)[:1],  # never delivered
        ends(anywhere)[1:],  # never collected
        ends(anywhere) * 2,  # twice
    ):
        trip = Trip(turn, tasks)
        assert route_of(trip, places=places) is None
    assert Judge(week).sound([Trip(turn, ends(anywhere)), Trip(turn, ends(early))]) == (
        Trip(turn, ends(anywhere)),
    )


def test_a_route_is_offered_only_to_vehicles_whose_compartments_hold_it(on_a_line, stop, van):
    """Two crates of chilled goods at once, where one van has room for one of them only."""
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    cold = [Shipment(f"s{n}", "farm", "school", 10, temperature=Temperature.CHILLED) for n in range(2)]
    small = van("small", compartments=(Compartment((Temperature.CHILLED,), 10),))
    large = van("large", compartments=(Compartment((Temperature.CHILLED,), 20),))
    estimator = Estimator(on_a_line(stops, cold, [small, large]))
    pool = Pool(estimator)
    pool.add([(1, 0), (1, 3, 0, 2)])
    offered = {(estimator.classes[c.kind][0].vehicle.id, len(c.shipments)) for c in pool.columns}
    assert offered == {("small", 1), ("large", 1), ("large", 2)}
