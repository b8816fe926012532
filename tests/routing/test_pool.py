"""Estimates, the pool of routes, and the one place that says whether a trip can be driven."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_properties import problems, quick

from routing.engines import estimate_many
from routing.engines import pool as pool_module
from routing.engines.estimate import Estimator
from routing.engines.estimate_many import Estimates
from routing.engines.judge import Judge
from routing.engines.pool import Pool
from routing.feasible import route_of
from routing.problem import Apart, Compartment, Rules, Shipment, Temperature, Window
from routing.sequences import FixedRoute
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
    return any(len(open_) > 1 for open_ in estimator.openings(estimator.class_number(turn)))


@st.composite
def partitioned_problems(draw):
    """Random problems, some of whose vehicles have compartments, overtime or a shift of their own."""
    problem = draw(problems())
    parts = st.lists(
        st.builds(
            Compartment,
            st.lists(st.sampled_from(Temperature), min_size=1, unique=True).map(tuple),
            st.integers(5, 100),
        ),
        max_size=2,
    ).map(tuple)
    vehicles = tuple(
        replace(
            vehicle,
            compartments=draw(parts),
            overtime_s=draw(st.sampled_from([0, HOUR])),
            overtime_ore_per_hour=90_000,
        )
        for vehicle in problem.vehicles
    )
    goods = tuple(replace(s, temperature=draw(st.sampled_from(Temperature))) for s in problem.shipments)
    return replace(problem, vehicles=vehicles, shipments=goods)


def some_orders(problem, chance, count):
    """Orders of some of the shipments, each picked up before it is delivered."""
    for _ in range(count):
        left = chance.sample(range(len(problem.shipments)), chance.randint(1, len(problem.shipments)))
        tasks = [2 * number + 1 for number in left]
        order = []
        while tasks:
            task = tasks.pop(chance.randrange(len(tasks)))
            order.append(task)
            tasks += [task - 1] if task % 2 else []
        yield tuple(order)


@settings(quick, max_examples=150)
@given(partitioned_problems(), st.randoms(use_true_random=False))
def test_figures_of_many_orders_are_those_of_each_one(problem, chance):
    """And so a pool that takes many in at once holds what one holds that takes them in one by one."""
    estimator = Estimator(problem)
    orders = list(dict.fromkeys(some_orders(problem, chance, 25)))
    pool, other = Pool(estimator), Pool(estimator)
    assert pool._estimates.is_known
    each = [
        (number, kind, *figures)
        for number, order in enumerate(orders)
        for kind in range(len(estimator.classes))
        if (figures := estimator.figures(kind, order)) is not None and pool._fits(kind, order)
    ]
    figures = Estimates(estimator).figures(orders)
    assert list(zip(*(column.tolist() for column in figures), strict=True)) == each
    pool.add(orders)
    other._estimates.is_known = False
    other.add(orders)
    assert pool.columns == other.columns


def test_many_orders_pay_for_overtime_and_visits_and_count_pallets(on_a_line, stop, van):
    """An hour's way in a shift of 45 minutes: a quarter of an hour is dearer. Two pallets do not fit."""
    stops = [stop("home", 0), stop("farm", 10, visit_ore=700), stop("school", 30, visit_ore=1_100)]
    goods = [Shipment(f"s{n}", "farm", "school", 60, pallets=1) for n in range(2)]
    shift = Window(6 * HOUR, 6 * HOUR + 2700)
    vehicle = van(
        "van",
        shifts=(shift,),
        ore_per_hour=36_000,
        overtime_s=HOUR,
        overtime_ore_per_hour=90_000,
        capacity_pallets=1,
    )
    problem = on_a_line(stops, goods, [vehicle])
    pool = Pool(Estimator(problem))
    assert pool._estimates.is_known
    pool.add([(1, 0), (1, 3, 0, 2)])
    (column,) = pool.columns
    route = route_of(Trip(turns_of(problem)[0], ends(problem.shipments[0])), places=places_of(problem))
    assert column.cost_ore == route.cost_ore
    assert route.duration_s - 2700 == 900


def test_orders_are_priced_in_parts_as_if_all_at_once(week, monkeypatch):
    orders = [(1, 0), (3, 2), (1, 3, 0, 2), (3, 2, 1, 0)]
    whole = Estimates(Estimator(week)).figures(orders)
    monkeypatch.setattr(estimate_many, "PAIRS_AT_ONCE", 1)
    parts = Estimates(Estimator(week)).figures(orders)
    assert set(whole.order.tolist()) == {0, 1, 2, 3}
    assert all((one == other).all() for one, other in zip(whole, parts, strict=True))


def test_where_a_rule_looks_at_whole_routes_each_order_is_looked_at(week):
    """Of two shipments that may not go together no column comes."""
    apart = replace(week, rules=Rules(apart=(Apart("any", "early"),)))
    vans = tuple(
        replace(van, compartments=(Compartment(tuple(Temperature), 1000),)) for van in apart.vehicles
    )
    pool = Pool(Estimator(replace(apart, vehicles=vans)))
    assert not pool._estimates.is_known
    pool.add([(1, 3, 0, 2), (1, 0)])
    assert {len(column.shipments) for column in pool.columns} == {1}


def test_a_turn_that_is_to_stay_empty_is_offered_nothing_and_all_is_priced_at_once(week):
    empty = replace(week, rules=Rules(fixed_routes=(FixedRoute("one", 0),)))
    pool, other = Pool(Estimator(empty)), Pool(Estimator(empty))
    assert pool._estimates.is_known
    other._estimates.is_known = False
    for one in (pool, other):
        one.add([(1, 0), (3, 2)])
    assert pool.columns == other.columns
    turns = {turn.key for column in pool.columns for turn in pool.estimator.classes[column.kind]}
    assert ("one", 0) not in turns
    assert ("two", 0) in turns


def test_there_are_no_more_columns_than_there_is_room_for(week, monkeypatch):
    monkeypatch.setattr(pool_module, "MOST_COLUMNS", 3)
    pool = Pool(Estimator(week))
    pool.add([(1, 0), (3, 2)])
    assert len(pool) == 3


@pytest.mark.parametrize("is_known", [True, False])
def test_when_the_time_is_over_no_order_is_taken_in(week, is_known):
    pool = Pool(Estimator(week))
    pool._estimates.is_known = is_known
    pool.add([(1, 0)], until=time.monotonic() - 1)
    assert len(pool) == 0
    pool.add([(1, 0)], until=time.monotonic() + 60)
    assert len(pool) == 10


def test_prices_too_large_to_add_up_in_a_word_are_added_up_one_by_one(week):
    dear = tuple(replace(van, ore_per_km=2**40) for van in week.vehicles)
    pool = Pool(Estimator(replace(week, vehicles=dear)))
    assert not pool._estimates.is_known
    pool.add([(1, 0)])
    assert all(column.cost_ore > 2**40 for column in pool.columns)


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
