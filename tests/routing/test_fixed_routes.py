"""Whole routes that planners fix."""

from dataclasses import replace

import pytest
from routing_weeks import HOUR, MINUTE, both, codes, only, reasons, stops_of

from routing.bound import bound
from routing.changes import Kind, changed
from routing.check import violations
from routing.explain import explain
from routing.feasible import route_of
from routing.problem import (
    Apart,
    InvalidProblem,
    Lock,
    OnBoard,
    Rules,
    Shipment,
    Weights,
    Window,
)
from routing.replan import from_moment
from routing.sequences import FixedRoute, FixedTask, StopOrder
from routing.solve import Limit, solve
from routing.trips import Task, Trip, places_of, turns_of


def test_a_fixed_route_is_driven_as_it_is_and_the_rest_planned_around_it(week, plan_for):
    """The dear van brings the elder's goods first and the school's on the way back."""
    tasks = (
        FixedTask("a", is_pickup=True),
        FixedTask("b", is_pickup=True),
        FixedTask("b", is_pickup=False),
        FixedTask("a", is_pickup=False),
    )
    problem = week(fixed_routes=(FixedRoute("dear", 1, tasks),))
    free, plan = plan_for(week()), plan_for(problem)
    assert plan.served == {"a", "b", "c"}
    route = next(route for route in plan.routes if (route.vehicle, route.shift) == ("dear", 1))
    assert stops_of(route) == ["home", "farm", "elder", "school", "home"]
    (other,) = [r for r in plan.routes if r is not route]
    assert (other.vehicle, stops_of(other)) == ("cheap", ["home", "dairy", "school", "home"])
    assert codes(problem, free) == {"fixed_missing", "fixed_elsewhere"}
    assert bound(problem, seconds=0.5).cost_ore <= plan.totals.cost_ore


@pytest.mark.parametrize("tasks", [both("b", "a"), both("a"), both("a", "b", "c")])
def test_other_work_or_another_order_is_a_fault(week, plan_for, tasks):
    """The plan drives farm, school, elder; within the stay at the farm the order is free."""
    problem = only(week(), "a", "b", "c")
    as_planned = FixedRoute("cheap", 0, both("a", "b"))
    plan = plan_for(replace(problem, rules=Rules(fixed_routes=(as_planned,))))
    assert stops_of(plan.routes[0]) == ["home", "farm", "school", "elder", "home"]
    other = replace(problem, rules=Rules(fixed_routes=(FixedRoute("cheap", 0, tasks),)))
    assert codes(other, plan) == {"not_as_fixed"}
    loaded = (*reversed(both("a", "b")[:2]), *both("a", "b")[2:])
    same = replace(problem, rules=Rules(fixed_routes=(FixedRoute("cheap", 0, loaded),)))
    assert codes(same, plan) == set()


def test_nothing_is_added_to_a_fixed_route(week, plan_for):
    """There would be room and time for c; what keeps it out is told, and lifting it serves it."""
    problem = replace(
        only(week(), "a", "b", "c"), rules=Rules(fixed_routes=(FixedRoute("cheap", 0, both("a", "b")),))
    )
    plan = plan_for(problem)
    assert reasons(plan) == {"c": "fixed_route"}
    (found,) = explain(problem, plan)
    (change,) = found.options[0].changes
    assert (change.kind, change.where, change.shift) == (Kind.FIXED_ROUTE, "cheap", 0)
    assert plan_for(changed(problem, [change])).served == {"a", "b", "c"}


def test_nothing_but_the_fixed_route_can_be_driven_by_its_turn(week):
    problem = week(fixed_routes=(FixedRoute("cheap", 0, both("a", "b")),))
    turn, places = turns_of(problem)[0], places_of(problem)
    goods = {shipment.id: shipment for shipment in problem.shipments}

    def route(tasks):
        trip = Trip(turn, tuple(Task(goods[task.shipment], is_pickup=task.is_pickup) for task in tasks))
        return route_of(trip, places=places)

    assert route(both("a", "b")) is not None
    assert route(both("a")) is None
    assert route((*both("a", "b")[:2], *reversed(both("a", "b")[2:]))) is None


def test_a_fixed_route_without_work_keeps_its_vehicle_at_home(week, plan_for):
    problem = week(fixed_routes=(FixedRoute("cheap", 0), FixedRoute("cheap", 1)))
    plan = plan_for(problem)
    assert {route.vehicle for route in plan.routes} == {"dear"}
    assert "not_as_fixed" in codes(problem, plan_for(week()))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"max_distance_m": 1000}, "time"),
        ({"capacity_grams": 1500}, "holds"),
        ({"forbidden_stops": ("elder",)}, "forbidden_place"),
    ],
)
def test_a_fixed_route_that_cannot_be_driven_is_an_error_that_says_why(week, change, word):
    problem = week(fixed_routes=(FixedRoute("cheap", 0, both("a", "b")),))
    unable = replace(problem, vehicles=(replace(problem.vehicles[0], **change), problem.vehicles[1]))
    with pytest.raises(InvalidProblem) as caught:
        solve(unable, limit=Limit(iterations=1))
    (error,) = caught.value.errors
    assert error.code == "fixed_route_impossible"
    assert "'cheap' in shift 0" in error.message
    assert word in error.message


@pytest.mark.parametrize(
    "rules", [{"apart": (Apart("a", "b"),)}, {"stop_orders": (StopOrder("cheap", 0, ("elder", "school")),)}]
)
def test_other_decisions_hold_for_fixed_routes_too(week, rules):
    problem = week(fixed_routes=(FixedRoute("cheap", 0, both("a", "b")),), **rules)
    with pytest.raises(InvalidProblem, match=r"order of stops|stop_order|kept apart"):
        solve(problem, limit=Limit(iterations=1))


def test_rules_about_other_goods_still_hold_beside_a_fixed_route(week, plan_for):
    rules = {"apart": (Apart("a", "b"), Apart("b", "c")), "locks": (Lock("a", "dear"), Lock("c", "dear", 1))}
    plan = plan_for(week(fixed_routes=(FixedRoute("dear", 0, both("a")),), **rules))
    turns = {name: (r.vehicle, r.shift) for r in plan.routes for v in r.visits for name in v.deliveries}
    assert turns["a"] == ("dear", 0)
    assert turns["c"] == ("dear", 1)
    assert turns["b"][0] == "cheap"


def test_goods_on_board_are_only_delivered_on_a_fixed_route(week, plan_for):
    aboard = (OnBoard("a", "cheap", 0), OnBoard("c", "dear", 1))
    tasks = (FixedTask("b", is_pickup=True), FixedTask("a", is_pickup=False), FixedTask("b", is_pickup=False))
    plan = plan_for(week(on_board=aboard, fixed_routes=(FixedRoute("cheap", 0, tasks),)))
    assert plan.served == {"a", "b", "c"}
    assert [visit.load_grams_after for visit in plan.routes[0].visits] == [1000, 2000, 1000, 0, 0]


def test_planning_again_keeps_the_fixed_route_that_is_being_driven(week, plan_for):
    order = StopOrder("dear", 0, ("school", "dairy"))
    problem = week(fixed_routes=(FixedRoute("cheap", 0, both("a", "b")),), stop_orders=(order,))
    plan = plan_for(problem)
    fixed = next(route for route in plan.routes if (route.vehicle, route.shift) == ("cheap", 0))
    new = replace(problem, shipments=(*problem.shipments, Shipment("new", "school", "elder", 1)))
    for now_s in (fixed.start_s - 1, fixed.visits[1].departure_s + 1, fixed.end_s + 1):
        now = from_moment(new, plan, now_s=now_s)
        assert now.rules.stop_orders == (order,)
        again = plan_for(now)
        assert violations(now, again) == ()
        assert "new" in again.served
        assert (
            fixed.visits[1:]
            == next(r for r in again.routes if r.vehicle == "cheap" and not r.shift).visits[1:]
        )


def test_a_fixed_route_whose_next_stop_has_closed_is_named(week, plan_for):
    """On the way from the school to the elder, which has closed: only lifting the route can help."""
    problem = week(fixed_routes=(FixedRoute("cheap", 0, both("a", "b")),))
    plan = plan_for(problem)
    fixed = next(route for route in plan.routes if (route.vehicle, route.shift) == ("cheap", 0))
    shut = tuple(
        replace(stop, windows=(Window(0, HOUR),)) if stop.id == "elder" else stop for stop in problem.stops
    )
    now = from_moment(replace(problem, stops=shut), plan, now_s=fixed.visits[2].departure_s + MINUTE)
    with pytest.raises(InvalidProblem, match="'cheap' in shift 0 cannot be driven"):
        solve(now, limit=Limit(iterations=1))
    open_again = replace(now, rules=replace(now.rules, fixed_routes=()))
    assert plan_for(open_again).served == {"a", "c"}


@pytest.mark.slow
def test_weights_and_progress_count_fixed_routes(week):
    """Kilometres count double; the listener hears of the whole plan's worth, the fixed part in it."""
    problem = replace(
        week(fixed_routes=(FixedRoute("dear", 1, both("a", "b")),)), weights=Weights(ore_per_km=1000)
    )
    heard = []
    plan = solve(
        problem,
        limit=Limit(iterations=10),
        engines=("vroom",),
        progress=lambda state: heard.append(state.cost_ore) is None,
    )
    assert plan.served == {"a", "b", "c"}
    assert heard[-1] == pytest.approx(plan.totals.cost_ore + plan.totals.distance_m, abs=2)


def test_goods_that_wait_for_others_are_not_fixed(week):
    """The hour of a handover is sought while fixed routes are set aside: refused, with a way that works."""
    problem = week()
    passed_on = Shipment("d", "school", "elder", 1000, after=("a",))
    fixed = FixedRoute("cheap", 0, (FixedTask("a", is_pickup=True), FixedTask("a", is_pickup=False)))
    with pytest.raises(InvalidProblem) as refusal:
        replace(problem, shipments=(*problem.shipments, passed_on), rules=Rules(fixed_routes=(fixed,)))
    assert [error.code for error in refusal.value.errors] == ["fixed_waits"]
