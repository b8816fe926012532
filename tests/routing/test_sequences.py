"""Orders of stops and whole routes that planners fix."""

from dataclasses import replace

import pytest
from routing_weeks import both, codes, only, reasons, stops_of

from routing.baselines import replace_parts
from routing.changes import Kind, changed
from routing.engines.cover import Cover
from routing.engines.estimate import Estimator
from routing.engines.ortools_engine import OrTools
from routing.explain import explain
from routing.feasible import route_of
from routing.insertion import with_shipment
from routing.io import problem_to_json, read_problem
from routing.problem import (
    Ban,
    Driven,
    DrivenVisit,
    InvalidProblem,
    Lock,
    OnBoard,
    Rules,
    Shipment,
)
from routing.replan import from_moment
from routing.sequences import FixedRoute, StopOrder
from routing.solve import Limit
from routing.telling import told
from routing.trips import Task, Trip, places_of, turns_of


def delivered_by(engine, problem):
    """What an engine's own answer delivers, before it is mended."""
    trips = engine.search(problem, limit=Limit(iterations=20), seed=0, report=None).trips
    return {task.shipment.id for trip in trips for task in trip.tasks if not task.is_pickup}


# -- orders of stops ------------------------------------------------------------------------------------------


def test_an_order_of_stops_decides_who_is_visited_first(week, plan_for):
    """Both ways round are as long."""
    one, other = (
        only(week(stop_orders=(StopOrder("cheap", 0, stops),)), "a", "b")
        for stops in (("school", "elder"), ("elder", "school"))
    )
    assert stops_of(plan_for(one).routes[0]) == ["home", "farm", "school", "elder", "home"]
    assert stops_of(plan_for(other).routes[0]) == ["home", "farm", "elder", "school", "home"]
    assert codes(one, plan_for(one)) == codes(other, plan_for(other)) == set()
    assert codes(one, plan_for(other)) == codes(other, plan_for(one)) == {"out_of_order"}


def test_an_order_names_one_turn_and_says_nothing_of_stops_without_work(week, plan_for):
    free = plan_for(only(week(), "a", "b"))
    for order in (
        StopOrder("cheap", 1, ("elder", "school")),
        StopOrder("cheap", 0, ("dairy", "elder")),
        StopOrder("cheap", 0, ("school", "dairy", "elder")),
    ):
        again = plan_for(only(week(stop_orders=(order,)), "a", "b", shifts=2))
        assert again.totals == free.totals


def test_work_that_breaks_an_order_goes_on_another_day_or_van(week, plan_for):
    orders = (StopOrder("cheap", 0, ("school", "farm")), StopOrder("cheap", 1, ("elder", "dairy", "farm")))
    problem = week(stop_orders=orders)
    plan = plan_for(problem)
    assert plan.served == {"a", "b", "c"}
    turns = {name: (r.vehicle, r.shift) for r in plan.routes for v in r.visits for name in v.deliveries}
    assert turns["a"] != ("cheap", 0)
    assert turns["b"] != ("cheap", 1)


def test_what_only_a_wrong_order_could_serve_is_left_out_with_its_reason(week, plan_for):
    problem = only(week(stop_orders=(StopOrder("cheap", 0, ("school", "elder", "farm")),)), "a", "c")
    plan = plan_for(problem)
    assert reasons(plan) == {"a": "stop_order"}
    (found,) = explain(problem, plan)
    (change,) = found.options[0].changes
    assert (change.kind, change.where, change.shift) == (Kind.STOP_ORDERS, "cheap", 0)
    assert "any order" in "\n".join(told(found))
    grown = with_shipment(changed(problem, [change]), plan, "a")
    assert grown is not None
    assert "a" in grown.served


def test_goods_loaded_where_the_order_comes_later_wait_for_it(on_a_line, stop, van, plan_for):
    """The depot is named: what it loads for the school goes out after the elder has got its own.

    Every van loads there for nothing, but not before leaving.
    """
    stops = [stop("home", 0), stop("farm", 5), stop("school", 10), stop("elder", 20)]
    goods = [Shipment("x", "home", "school", 1), Shipment("y", "farm", "elder", 1)]
    order = StopOrder("van", 0, ("elder", "home"))
    fleet = [van(fixed_ore_per_shift=0)]
    problem = replace(on_a_line(stops, goods, fleet), rules=Rules(stop_orders=(order,)))
    plan = plan_for(problem)
    assert plan.served == delivered_by(OrTools(), problem) == {"x", "y"}
    assert stops_of(plan.routes[0]) == ["home", "farm", "elder", "home", "school", "home"]


def test_contradicting_orders_keep_the_stops_apart(week, plan_for):
    orders = (StopOrder("cheap", 0, ("elder", "school")), StopOrder("cheap", 0, ("school", "elder")))
    plan = plan_for(only(week(stop_orders=orders), "a", "b"))
    assert len(plan.served) == 1


def test_ortools_keeps_an_order_by_itself(week):
    """Not only what is mended afterwards."""
    problem = only(week(stop_orders=(StopOrder("cheap", 0, ("elder", "school", "dairy")),)), "a", "b")
    trips = OrTools().search(problem, limit=Limit(iterations=20), seed=0, report=None).trips
    delivered = [task.stop for trip in trips for task in trip.tasks if not task.is_pickup]
    assert delivered == ["elder", "school"]


def test_a_cover_is_not_led_astray_by_a_cheaper_wrong_order(week):
    problem = only(week(stop_orders=(StopOrder("cheap", 0, ("elder", "school")),)), "a", "b")
    estimator = Estimator(problem)
    a, b = problem.shipments
    loaded = (Task(a, is_pickup=True), Task(b, is_pickup=True))
    turn = turns_of(problem)[0]
    right = Trip(turn, (*loaded, Task(b, is_pickup=False), Task(a, is_pickup=False)))
    wrong = Trip(turn, (*loaded, Task(a, is_pickup=False), Task(b, is_pickup=False)))
    assert route_of(wrong, places=estimator.places) is None
    cover = Cover((estimator.order_of(wrong), estimator.order_of(right)))
    assert cover.search(problem, limit=Limit(iterations=5), seed=0, report=None).trips == (right,)


def test_what_was_driven_in_another_order_binds_what_follows(week, plan_for):
    """The school has been visited; the elder was to come first, so it does not come any more."""
    free = only(week(), "a", "c")
    plan = plan_for(free)
    school = next(visit for visit in plan.routes[0].visits if visit.deliveries)
    now = from_moment(free, plan, now_s=school.departure_s - 1)
    new = (Shipment("new", "dairy", "elder", 1), Shipment("more", "dairy", "home", 1))
    for stops, served in ((("elder", "school"), False), (("dairy", "elder"), True)):
        rules = replace(now.rules, stop_orders=(StopOrder("cheap", 0, stops),))
        problem = replace(now, shipments=(*now.shipments, *new), rules=rules)
        again = plan_for(problem)
        assert again.served == {"a", "c", "more"} | ({"new"} if served else set())
        assert delivered_by(OrTools(), problem) == again.served


# -- both ------------------------------------------------------------------------------------------------------


DRIVEN = Driven("cheap", 0, 0, (DrivenVisit("dairy", 9, ("c",)),))


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"stop_orders": (StopOrder("tank", 0, ()),)}, "unknown_vehicle"),
        ({"stop_orders": (StopOrder("cheap", 2, ()),)}, "unknown_shift"),
        ({"stop_orders": (StopOrder("cheap", 0, ("moon",)),)}, "unknown_stop"),
        ({"stop_orders": (StopOrder("cheap", 0, ("farm", "home", "farm")),)}, "stop_ordered_twice"),
        ({"fixed_routes": (FixedRoute("tank", 0),)}, "unknown_vehicle"),
        ({"fixed_routes": (FixedRoute("cheap", -1),)}, "unknown_shift"),
        ({"fixed_routes": (FixedRoute("cheap", 0, both("x")),)}, "unknown_shipment"),
        ({"fixed_routes": (FixedRoute("cheap", 0), FixedRoute("cheap", 0))}, "fixed_twice"),
        ({"fixed_routes": (FixedRoute("cheap", 0, both("a")[:1]),)}, "fixed_in_part"),
        ({"fixed_routes": (FixedRoute("cheap", 0, both("a")[::-1]),)}, "fixed_in_part"),
        ({"fixed_routes": (FixedRoute("cheap", 0, both("a", "a")),)}, "fixed_in_part"),
        (
            {"fixed_routes": (FixedRoute("cheap", 0, both("a")),), "on_board": (OnBoard("a", "cheap"),)},
            "fixed_in_part",
        ),
        (
            {"fixed_routes": (FixedRoute("cheap", 0, both("a")),), "locks": (Lock("a", "dear"),)},
            "locks_contradict",
        ),
        (
            {"fixed_routes": (FixedRoute("cheap", 0, both("a")),), "bans": (Ban("a", "cheap"),)},
            "lock_forbidden",
        ),
        (
            {"fixed_routes": (FixedRoute("cheap", 0, both("a")),), "driven": (DRIVEN,), "now_s": 10},
            "fixed_driven_otherwise",
        ),
        (
            {
                "fixed_routes": (FixedRoute("cheap", 0, both("c")),),
                "driven": (replace(DRIVEN, is_over=True),),
                "now_s": 10,
            },
            "fixed_driven_otherwise",
        ),
    ],
)
def test_orders_and_routes_that_make_no_sense_are_refused(week, rules, code):
    with pytest.raises(InvalidProblem) as caught:
        week(**rules)
    assert {error.code for error in caught.value.errors} == {code}
    assert all(error.message and error.remedy for error in caught.value.errors)


def test_a_shipment_on_two_fixed_routes_is_refused(week):
    with pytest.raises(InvalidProblem) as caught:
        week(fixed_routes=(FixedRoute("cheap", 0, both("a")), FixedRoute("dear", 0, both("a", "b"))))
    assert {error.code for error in caught.value.errors} == {"fixed_on_two_routes"}


def test_a_fixed_route_names_a_whole_that_is_split(week, plan_for):
    problem = week()
    goods = (replace(problem.shipments[0], parts=2), *problem.shipments[1:])
    split = replace(problem, shipments=goods, rules=Rules(fixed_routes=(FixedRoute("dear", 0, both("a")),)))
    assert [task.shipment for task in split.rules.fixed_routes[0].tasks] == ["a#1", "a#2", "a#1", "a#2"]
    assert plan_for(split).served == {"a#1", "a#2", "b", "c"}


def test_orders_and_routes_are_kept_in_json_and_count_in_the_fingerprint(tmp_path, week):
    bound_to_them = week(
        stop_orders=(StopOrder("cheap", 0, ("elder", "school")),),
        fixed_routes=(FixedRoute("dear", 0, both("a")),),
    )
    path = tmp_path / "problem.json"
    path.write_text(problem_to_json(bound_to_them), encoding="utf-8")
    assert read_problem(path).problem == bound_to_them
    assert len({week().fingerprint(), bound_to_them.fingerprint()}) == 2


def test_other_goods_and_vehicles_keep_what_still_speaks_of_them(week):
    rules = {
        "stop_orders": (StopOrder("cheap", 0, ("elder", "school")), StopOrder("dear", 0, ("farm", "home"))),
        "fixed_routes": (
            FixedRoute("dear", 0, both("a")),
            FixedRoute("cheap", 1, both("b")),
            FixedRoute("cheap", 0),
        ),
    }
    problem = week(**rules)
    rest = replace_parts(problem, shipments=problem.shipments[:1], vehicles=problem.vehicles[:1])
    assert rest.rules == Rules(stop_orders=rules["stop_orders"][:1], fixed_routes=(FixedRoute("cheap", 0),))


def test_places_know_the_rules_by_turn(week):
    problem = week(stop_orders=(StopOrder("cheap", 1, ("elder", "school")), StopOrder("cheap", 1, ("farm",))))
    assert places_of(problem).stop_orders == {("cheap", 1): (("elder", "school"), ("farm",))}
