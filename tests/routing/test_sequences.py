"""Orders of stops and whole routes that planners fix."""

from dataclasses import replace

import pytest

from routing.baselines import replace_parts
from routing.bound import bound
from routing.changes import Kind, changed
from routing.check import violations
from routing.engines.cover import Cover
from routing.engines.estimate import Estimator
from routing.engines.ortools_engine import OrTools
from routing.explain import explain
from routing.feasible import route_of
from routing.insertion import with_shipment
from routing.io import problem_to_json, read_problem
from routing.problem import (
    Apart,
    Ban,
    Driven,
    DrivenVisit,
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
from routing.telling import told
from routing.trips import Task, Trip, places_of, turns_of

HOUR = 3600
MINUTE = 60
DAYS = tuple(Window(day * 24 * HOUR + 6 * HOUR, day * 24 * HOUR + 16 * HOUR) for day in range(2))


@pytest.fixture
def places(stop):
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


@pytest.fixture
def week(on_a_line, places, van):
    """Goods from the farm to the school and on to the elder, from the dairy to the school; two vans, two days."""
    goods = [
        Shipment("a", "farm", "school", 1000),
        Shipment("b", "farm", "elder", 1000),
        Shipment("c", "dairy", "school", 1000),
    ]
    fleet = [van("cheap", ore_per_km=1000, shifts=DAYS), van("dear", shifts=DAYS)]
    return lambda **rules: replace(on_a_line(places, goods, fleet), rules=Rules(**rules))


def only(problem, *names, shifts=1):
    """The problem with the cheap van's first days and these shipments."""
    van = replace(problem.vehicles[0], shifts=DAYS[:shifts])
    return replace_parts(problem, shipments=(s for s in problem.shipments if s.id in names), vehicles=(van,))


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


def stops_of(route):
    return [visit.stop for visit in route.visits]


def reasons(plan):
    return {entry.shipment: entry.reason_code for entry in plan.unserved}


def delivered_by(engine, problem):
    """What an engine's own answer delivers, before it is mended."""
    trips = engine.search(problem, limit=Limit(iterations=20), seed=0, report=None).trips
    return {task.shipment.id for trip in trips for task in trip.tasks if not task.is_pickup}


def both(*names):
    """Picked up one after the other, delivered in the same order."""
    return tuple(FixedTask(name, is_pickup=end) for end in (True, False) for name in names)


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


# -- whole routes ---------------------------------------------------------------------------------------------


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
