"""What planners decide: locks, bans, goods kept apart, goods on board, and who goes first when not all can."""

from dataclasses import replace

import pytest

from routing.baselines import replace_parts
from routing.check import violations
from routing.io import problem_to_json, read_problem
from routing.problem import (
    Apart,
    Ban,
    Compartment,
    InvalidProblem,
    Lock,
    OnBoard,
    Rules,
    Shipment,
    Temperature,
    Window,
)

HOUR = 3600
DAYS = tuple(Window(day * 24 * HOUR + 6 * HOUR, day * 24 * HOUR + 16 * HOUR) for day in range(3))


@pytest.fixture
def places(stop):
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


@pytest.fixture
def two_vans(on_a_line, places, van):
    """A cheap van and a dear one with three days each, two shipments that go well together on one route."""
    shipments = [Shipment("a", "farm", "school", 1000), Shipment("b", "farm", "elder", 1000)]
    fleet = [van("cheap", ore_per_km=1, shifts=DAYS), van("dear", shifts=DAYS)]
    return lambda **rules: replace(on_a_line(places, shipments, fleet), rules=Rules(**rules))


def turns_of(plan):
    return {
        name: (route.vehicle, route.shift)
        for route in plan.routes
        for visit in route.visits
        for name in visit.deliveries
    }


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


def reasons(plan):
    return {entry.shipment: entry.reason_code for entry in plan.unserved}


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        (Lock("a", vehicle="dear"), {("dear", 0), ("dear", 1), ("dear", 2)}),
        (Lock("a", shift=2), {("cheap", 2)}),
        (Lock("a", "dear", 1), {("dear", 1)}),
    ],
)
def test_a_lock_decides_vehicle_and_shift(two_vans, plan_for, lock, expected):
    free = plan_for(two_vans())
    assert turns_of(free)["a"] not in expected
    bound = two_vans(locks=(lock,))
    assert turns_of(plan_for(bound))["a"] in expected
    assert codes(bound, free) == {"lock_broken"}


def test_a_lock_on_a_vehicle_that_cannot_come_leaves_it_out(two_vans, plan_for):
    bound = two_vans(locks=(Lock("a", "dear"),))
    slow = replace(bound, vehicles=(bound.vehicles[0], replace(bound.vehicles[1], max_distance_m=1000)))
    assert reasons(plan_for(slow)) == {"a": "locked_out"}


def test_a_forbidden_pair_never_meets(two_vans, plan_for):
    free, bound = plan_for(two_vans()), two_vans(bans=(Ban("a", "cheap"),))
    assert turns_of(free)["a"][0] == "cheap"
    assert turns_of(plan_for(bound))["a"][0] == "dear"
    assert turns_of(plan_for(bound))["b"][0] == "cheap" or plan_for(bound).totals.vehicles == 1
    assert codes(bound, free) == {"forbidden_pair"}
    alone = replace_parts(bound, shipments=bound.shipments, vehicles=bound.vehicles[:1])
    assert reasons(plan_for(alone)) == {"a": "forbidden_pair"}


@pytest.mark.parametrize("origin", ["farm", "home"])
def test_goods_kept_apart_take_two_routes(two_vans, plan_for, origin):
    """Also where they are loaded at the start and have no pickup of their own in the model."""
    shipments = tuple(replace(shipment, pickup=origin) for shipment in two_vans().shipments)
    free = plan_for(replace(two_vans(), shipments=shipments))
    assert free.totals.vehicles == 1
    bound = replace(two_vans(apart=(Apart("b", "a"),)), shipments=shipments)
    plan = plan_for(bound)
    assert (plan.totals.vehicles, plan.served) == (2, {"a", "b"})
    assert codes(bound, free) == {"not_apart"}


def test_of_goods_kept_apart_one_may_be_left_out(two_vans, plan_for):
    bound = two_vans(apart=(Apart("a", "b"),))
    alone = replace(bound, vehicles=(replace(bound.vehicles[0], shifts=DAYS[:1]),))
    assert len(plan_for(alone).served) == 1


def test_goods_on_board_are_delivered_without_being_picked_up(two_vans, plan_for):
    """The dear van has the load for the school: it only delivers, and the farm is left to the cheap one."""
    free, bound = plan_for(two_vans()), two_vans(on_board=(OnBoard("a", "dear", 1),))
    plan = plan_for(bound)
    assert turns_of(plan)["a"] == ("dear", 1)
    assert plan.served == {"a", "b"}
    route = next(route for route in plan.routes if route.vehicle == "dear")
    assert [visit.stop for visit in route.visits] == ["home", "school", "home"]
    assert [visit.load_grams_after for visit in route.visits] == [1000, 0, 0]
    assert {"not_once", "not_on_board"} >= codes(bound, free) - {"load"} > set()
    emptied = replace(route, visits=(replace(route.visits[0], load_grams_after=0), *route.visits[1:]))
    assert codes(bound, replace(plan, routes=(emptied,))) >= {"load"}


def test_goods_on_board_take_room_until_they_are_delivered(two_vans, plan_for):
    """With a at the school still on board the van cannot take b from the farm, which lies before it."""
    goods_on_board = two_vans(on_board=(OnBoard("a", "cheap"),))
    for capacity, kilometres in ((2000, 100), (1999, 140)):
        small = replace(goods_on_board.vehicles[0], shifts=DAYS[:1], capacity_grams=capacity)
        plan = plan_for(replace(goods_on_board, vehicles=(small,)))
        assert plan.served == {"a", "b"}
        assert plan.totals.distance_m == kilometres * 1000


def test_goods_on_board_that_cannot_be_delivered_stay_and_take_room(two_vans, plan_for):
    bound = two_vans(on_board=(OnBoard("a", "cheap"),))
    closed = replace(bound.shipments[0], delivery_windows=(Window(0, 1),))
    for capacity, served in ((2000, {"b"}), (1999, set())):
        small = replace(bound.vehicles[0], shifts=DAYS[:1], capacity_grams=capacity)
        plan = plan_for(replace(bound, vehicles=(small,), shipments=(closed, bound.shipments[1])))
        assert plan.served == served
        assert reasons(plan)["a"] == "no_shift_meets_windows"


def test_cold_goods_on_board_fill_their_compartment(two_vans, plan_for):
    bound = two_vans(on_board=(OnBoard("a", "cheap"),))
    cold = tuple(replace(shipment, temperature=Temperature.CHILLED) for shipment in bound.shipments)
    for capacity, kilometres in ((2000, 100), (1999, 140)):
        parts = (
            Compartment((Temperature.CHILLED,), capacity_grams=capacity),
            Compartment((Temperature.AMBIENT,)),
        )
        small = replace(bound.vehicles[0], shifts=DAYS[:1], compartments=parts)
        plan = plan_for(replace(bound, vehicles=(small,), shipments=cold))
        assert plan.totals.distance_m == kilometres * 1000


def test_when_not_all_can_be_served_the_higher_priority_goes_first(two_vans, plan_for):
    """Three to the school at seven and one to the far end at seven: the one before the three when it matters more."""
    at_seven = (Window(7 * HOUR, 7 * HOUR),)
    many = [
        Shipment(f"near{n}", "farm", "school", 1, delivery_windows=at_seven, priority=1) for n in range(3)
    ]
    for priority, served in ((1, {"near0", "near1", "near2"}), (2, {"far"})):
        far = Shipment("far", "farm", "elder", 1, delivery_windows=at_seven, priority=priority)
        problem = replace(two_vans(), shipments=(far, *many))
        one_van = replace(problem, vehicles=(replace(problem.vehicles[0], shifts=DAYS[:1]),))
        assert plan_for(one_van).served == served


@pytest.mark.slow
def test_many_priorities_stay_in_order(two_vans, plan_for):
    """So many that their prices would not fit the engine's numbers if each had to outweigh all below."""
    at_seven = (Window(7 * HOUR, 7 * HOUR),)
    goods = tuple(
        Shipment(f"p{n}", "farm", "school" if n % 2 else "elder", 1, delivery_windows=at_seven, priority=n)
        for n in range(40)
    )
    one_van = replace(
        two_vans(), shipments=goods, vehicles=(replace(two_vans().vehicles[0], shifts=DAYS[:1]),)
    )
    assert plan_for(one_van, iterations=5).served == {f"p{n}" for n in range(1, 40, 2)}


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"locks": (Lock("x", "cheap"),)}, "unknown_shipment"),
        ({"locks": (Lock("a", "tank"),)}, "unknown_vehicle"),
        ({"locks": (Lock("a", "cheap", 3),)}, "unknown_shift"),
        ({"locks": (Lock("a", shift=-1),)}, "unknown_shift"),
        ({"bans": (Ban("x", "cheap"),)}, "unknown_shipment"),
        ({"bans": (Ban("a", "tank"),)}, "unknown_vehicle"),
        ({"apart": (Apart("a", "x"),)}, "unknown_shipment"),
        ({"apart": (Apart("a", "a"),)}, "apart_from_itself"),
        ({"on_board": (OnBoard("a", "tank"),)}, "unknown_vehicle"),
        ({"on_board": (OnBoard("a", "cheap"), OnBoard("a", "cheap"))}, "on_board_twice"),
        ({"locks": (Lock("a", "cheap"), Lock("a", "dear"))}, "locks_contradict"),
        ({"locks": (Lock("a", shift=1),), "on_board": (OnBoard("a", "cheap"),)}, "locks_contradict"),
        ({"locks": (Lock("a", "cheap"),), "bans": (Ban("a", "cheap"),)}, "lock_forbidden"),
    ],
)
def test_rules_that_contradict_the_input_or_each_other_are_refused(two_vans, rules, code):
    with pytest.raises(InvalidProblem) as caught:
        two_vans(**rules)
    assert {error.code for error in caught.value.errors} == {code}
    assert all(error.message and error.remedy for error in caught.value.errors)


def test_more_on_board_than_fits_is_refused(two_vans):
    problem = two_vans(on_board=(OnBoard("a", "cheap"),))
    with pytest.raises(InvalidProblem) as caught:
        replace(problem, vehicles=(replace(problem.vehicles[0], capacity_grams=999), problem.vehicles[1]))
    assert {error.code for error in caught.value.errors} == {"overloaded_at_start"}
    frozen = (Compartment((Temperature.FROZEN,)),)
    with pytest.raises(InvalidProblem) as caught:
        replace(problem, vehicles=(replace(problem.vehicles[0], compartments=frozen), problem.vehicles[1]))
    assert {error.code for error in caught.value.errors} == {"overloaded_at_start"}


def test_rules_are_kept_in_json_and_count_in_the_fingerprint(tmp_path, two_vans):
    bound = two_vans(
        locks=(Lock("a", shift=1),),
        bans=(Ban("b", "dear"),),
        apart=(Apart("a", "b"),),
        on_board=(OnBoard("b", "cheap"),),
    )
    path = tmp_path / "problem.json"
    path.write_text(problem_to_json(bound), encoding="utf-8")
    assert read_problem(path).problem == bound
    assert bound != two_vans()


def test_other_goods_and_vehicles_keep_the_rules_that_speak_of_them(two_vans):
    bound = two_vans(
        locks=(Lock("a", "dear"), Lock("b", "cheap", 2)),
        bans=(Ban("a", "cheap"),),
        apart=(Apart("a", "b"),),
        on_board=(OnBoard("b", "cheap", 2),),
    )
    rest = replace_parts(bound, shipments=bound.shipments[1:], vehicles=bound.vehicles[:1])
    assert rest.rules == Rules(locks=(Lock("b", "cheap", 2),), on_board=(OnBoard("b", "cheap", 2),))
