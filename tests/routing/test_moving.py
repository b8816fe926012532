"""Work moved by hand: where it goes, what must give way for it, and that the plan afterwards is sound."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from routing_strategies import ruled_problems
from routing_weeks import DAYS, HOUR, MINUTE, stops_of

from routing.changes import Change, Kind, changed
from routing.check import violations
from routing.insertion import trip_of
from routing.moving import NO_WAY, SETTLED, UNKNOWN, CannotMove, Move, moved, put_back, taken_out
from routing.problem import Apart, Ban, InvalidProblem, Lock, OnBoard, Rules, Shipment, Window
from routing.sequences import FixedRoute, FixedTask
from routing.solve import Limit, plan_of, solve
from routing.trips import Task, Trip, places_of, turns_of

NO_PLAN = {"engine": "hand", "seconds": 0.0}


def by_hand(problem, *work):
    """A plan of these routes: (turn number, [(shipment, is pickup), ...])."""
    from routing.feasible import route_of

    goods = {shipment.id: shipment for shipment in problem.shipments}
    places, turns = places_of(problem), turns_of(problem)
    trips = (
        Trip(turns[number], tuple(Task(goods[name], is_pickup=end) for name, end in tasks))
        for number, tasks in work
    )
    routes = [route_of(trip, places=places) for trip in trips]
    assert all(routes)
    return plan_of(problem, routes, **NO_PLAN)


@pytest.fixture
def week(on_a_line, stop, van):
    """Two vans and two days; carrots from km 10 and peas from km 20, both to a school at km 30 that closes at 9."""
    mornings = tuple(Window(day * 24 * HOUR + 7 * HOUR, day * 24 * HOUR + 9 * HOUR) for day in range(2))
    stops = [stop("home", 0), stop("farm", 10), stop("field", 20), stop("school", 30, windows=mornings)]
    monday = (Window(0, 24 * HOUR - 1),)
    goods = [
        Shipment(name, place, "school", 100_000, 10, 600, 600, monday, monday)
        for name, place in (("carrots", "farm"), ("peas", "field"))
    ]
    vans = [van(name, shifts=DAYS, capacity_crates=15) for name in ("red", "blue")]
    return on_a_line(stops, goods, vans)


@pytest.fixture
def both_red(week):
    roomy = replace(week, vehicles=tuple(replace(v, capacity_crates=30) for v in week.vehicles))
    tasks = [("carrots", True), ("peas", True), ("carrots", False), ("peas", False)]
    return roomy, by_hand(roomy, (0, tasks))


def route_of_turn(made, vehicle, shift=0):
    return next(r for r in made.plan.routes if (r.vehicle, r.shift) == (vehicle, shift))


def test_goods_go_to_another_van_and_the_rest_closes_up(both_red):
    problem, plan = both_red
    made = moved(problem, plan, Move(("peas",), "blue", 0))
    assert made.changes == ()
    assert made.problem is problem
    assert violations(problem, made.plan) == ()
    assert stops_of(route_of_turn(made, "red")) == ["home", "farm", "school", "home"]
    assert stops_of(route_of_turn(made, "blue")) == ["home", "field", "school", "home"]
    assert made.plan.totals.distance_m == 120_000


def test_a_route_that_is_emptied_is_gone(both_red):
    problem, plan = both_red
    made = moved(problem, plan, Move(("carrots", "peas"), "blue", 0, stop="school"))
    assert [route.vehicle for route in made.plan.routes] == ["blue"]


def test_a_stop_is_put_where_the_planner_says(both_red):
    problem, plan = both_red
    made = moved(problem, plan, Move(("carrots",), "red", 0, stop="farm", position=1))
    assert stops_of(route_of_turn(made, "red"))[1:3] == ["field", "farm"]
    assert violations(problem, made.plan) == ()


def test_a_stop_that_comes_too_late_says_by_how_much(both_red):
    problem, plan = both_red
    slow = replace(problem, shipments=tuple(replace(s, pickup_s=80 * MINUTE) for s in problem.shipments))
    made = moved(slow, plan, Move(("peas",), "red", 0))
    # 6:00, 10 min to the farm, 80 min there, 10 min on, 80 min there, 10 min to the school: 9:10, and the peas after the carrots 9:20
    late = {change for change in made.changes if change.kind is Kind.STOP_CLOSES_LATER}
    assert late == {Change(Kind.STOP_CLOSES_LATER, "school", 10 * MINUTE, 0)}
    assert made.changes == tuple(late)
    assert violations(made.problem, made.plan) == ()
    assert made.problem.stops[3].windows[1] == problem.stops[3].windows[1], "the other day is as it was"


def test_another_day_moves_what_was_agreed(both_red):
    problem, plan = both_red
    made = moved(problem, plan, Move(("peas",), "red", 1))
    assert made.changes == (Change(Kind.DAY, "peas", 24 * HOUR),)
    assert violations(made.problem, made.plan) == ()
    peas = next(shipment for shipment in made.problem.shipments if shipment.id == "peas")
    assert peas.delivery_windows == (Window(24 * HOUR, 48 * HOUR - 1),)


def test_room_that_is_missing_is_counted(week):
    plan = by_hand(week, (0, [("carrots", True), ("carrots", False)]), (2, [("peas", True), ("peas", False)]))
    made = moved(week, plan, Move(("peas",), "red", 0, stop="field", position=1))
    assert made.changes == (Change(Kind.CRATES, "red", 5, names=("ambient",)),)
    assert violations(made.problem, made.plan) == ()


def test_what_the_planner_decided_before_is_lifted_by_name(both_red):
    problem, plan = both_red
    rules = Rules(
        locks=(Lock("peas", "red"),),
        bans=(Ban("peas", "blue"),),
        fixed_routes=(FixedRoute("red", 0, tuple(FixedTask(t.shipment.id, is_pickup=t.is_pickup) for t in trip_of(plan.routes[0], problem).tasks)),),
    )  # fmt: skip
    with pytest.raises(InvalidProblem):
        replace(problem, rules=replace(rules, bans=(Ban("peas", "red"),)))
    decided = replace(problem, rules=rules)
    made = moved(decided, plan, Move(("peas",), "blue", 0))
    assert {change.kind for change in made.changes} == {Kind.LOCKS, Kind.BAN, Kind.FIXED_ROUTE}
    assert violations(made.problem, made.plan) == ()


def test_goods_kept_apart_may_be_put_together(both_red):
    problem, plan = both_red
    split = moved(problem, plan, Move(("peas",), "blue", 0)).plan
    apart = replace(problem, rules=Rules(apart=(Apart("peas", "carrots"),)))
    made = moved(apart, split, Move(("peas",), "red", 0))
    assert made.changes == (Change(Kind.APART, "peas"),)
    assert violations(made.problem, made.plan) == ()


@pytest.mark.parametrize(
    "move",
    [
        Move(("none",), "red", 0),
        Move((), "red", 0),
        Move(("peas",), "red", 5),
        Move(("peas",), "none", 0),
        Move(("peas",), "red", 0, stop="farm"),
    ],
)
def test_what_is_not_there_cannot_be_moved(both_red, move):
    with pytest.raises(CannotMove) as refusal:
        moved(*both_red, move)
    assert refusal.value.code == UNKNOWN


def test_what_is_on_board_stays_there(both_red):
    problem, plan = both_red
    aboard = replace(problem, rules=Rules(on_board=(OnBoard("peas", "red"),)))
    with pytest.raises(CannotMove) as refusal:
        moved(aboard, plan, Move(("peas",), "blue", 0))
    assert refusal.value.code == SETTLED


@pytest.fixture
def chain(on_a_line, stop, van):
    """Farm to hub to satellite; two vans, each on two days."""
    stops = [stop("home", 0), stop("farm", 10), stop("hub", 20, transfer_s=600), stop("satellite", 30)]
    monday = (Window(0, 24 * HOUR - 1),)
    inward = Shipment("in", "farm", "hub", 1000, pickup_windows=monday, delivery_windows=monday)
    onward = Shipment(
        "on", "hub", "satellite", 1000, pickup_windows=monday, delivery_windows=monday, after=("in",)
    )
    problem = on_a_line(stops, [inward, onward], [van("red", shifts=DAYS), van("blue", shifts=DAYS)])
    plan = solve(problem, limit=Limit(iterations=20), processes=1)
    assert plan.unserved == ()
    return problem, plan


@pytest.mark.parametrize("shift", [0, 1])
def test_what_waits_for_goods_that_move_comes_after_them(chain, shift):
    problem, plan = chain
    made = moved(problem, plan, Move(("in",), "blue", shift))
    assert made.left_out == ()
    assert violations(made.problem, made.plan) == ()
    days = {change.where for change in made.changes if change.kind is Kind.DAY}
    assert days == ({"in", "on"} if shift else set())


def test_goods_that_wait_may_move_alone(chain):
    problem, plan = chain
    made = moved(problem, plan, Move(("on",), "blue", 0))
    assert violations(made.problem, made.plan) == ()


def test_goods_that_are_never_ready_in_the_shift_have_no_way(both_red):
    problem, plan = both_red
    late = tuple(replace(s, ready_s=17 * HOUR) if s.id == "peas" else s for s in problem.shipments)
    with pytest.raises(CannotMove) as refusal:
        moved(
            replace(problem, shipments=late), taken_out(problem, plan, ("peas",)), Move(("peas",), "blue", 0)
        )
    assert refusal.value.code == NO_WAY


def test_goods_are_taken_out_and_put_back_where_they_cost_least(both_red):
    problem, plan = both_red
    without = taken_out(problem, plan, ("peas",))
    assert [entry.shipment for entry in without.unserved] == ["peas"]
    assert violations(problem, without) == ()
    again = put_back(problem, without, ("peas",))
    assert again.totals.cost_ore == plan.totals.cost_ore
    assert violations(problem, again) == ()


def test_a_window_of_one_day_is_widened_alone():
    from routing.problem import Stop

    stop = Stop("school", "School", (Window(10, 20), Window(30, 40)))
    from routing.changes import changed_stop

    assert changed_stop(stop, Change(Kind.STOP_CLOSES_LATER, "school", 5, 1)).windows == (
        Window(10, 20),
        Window(30, 45),
    )
    assert changed_stop(stop, Change(Kind.STOP_OPENS_EARLIER, "school", 5)).windows == (
        Window(5, 20),
        Window(25, 40),
    )


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_move_of_any_plan_is_sound_with_what_gives_way(data):
    problem = data.draw(ruled_problems())
    try:
        plan = solve(problem, limit=Limit(iterations=3), engines=("vroom",), processes=1)
    except InvalidProblem:
        return
    names = [shipment.id for shipment in problem.shipments]
    chosen = tuple(data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)))
    turn = data.draw(st.sampled_from(turns_of(problem)))
    position = data.draw(st.one_of(st.none(), st.integers(0, 4)))
    move = Move(chosen, *turn.key, position=position)
    try:
        made = moved(problem, plan, move)
    except CannotMove:
        return
    assert violations(made.problem, made.plan) == ()
    assert changed(problem, made.changes) == made.problem
    there = route_of_turn(made, *turn.key)
    assert set(chosen) <= {name for visit in there.visits for name in visit.deliveries}
    assert moved(problem, plan, move) == made
