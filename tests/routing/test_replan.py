"""Planning again while vehicles are on the road: what has been driven stays, the rest gives way."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from routing_strategies import ruled_problems

from routing.changes import Change, Kind
from routing.check import violations
from routing.explain import explain
from routing.io import problem_to_json, read_problem
from routing.problem import Driven, DrivenVisit, InvalidProblem, Rules, Shipment, Window
from routing.replan import from_moment
from routing.solve import Limit, solve

HOUR = 3600
MINUTE = 60


@pytest.fixture
def places(stop):
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


@pytest.fixture
def day(on_a_line, places, van):
    """From the farm to the school at eight and on to the elder, by a van that leaves at half past six."""
    at_eight = (Window(8 * HOUR, 8 * HOUR),)
    later = (Window(8 * HOUR, 12 * HOUR),)
    goods = [
        Shipment("a", "farm", "school", 1000, pickup_s=600, delivery_s=600, delivery_windows=at_eight),
        Shipment("b", "farm", "elder", 1000, delivery_s=600, delivery_windows=later),
    ]
    return on_a_line(places, goods, [van()])


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


def stops_of(plan):
    return [visit.stop for visit in plan.routes[0].visits]


def test_before_anything_leaves_nothing_is_settled(day, plan_for):
    plan = plan_for(day)
    now = from_moment(day, plan, now_s=plan.routes[0].start_s - 1)
    assert now.rules.driven == ()
    assert plan_for(now).totals == plan.totals


def test_replanning_a_plan_with_nothing_new_keeps_it(day, plan_for):
    plan = plan_for(day)
    for minute in range(0, plan.routes[0].duration_s // MINUTE, 13):
        now = from_moment(day, plan, now_s=plan.routes[0].start_s + minute * MINUTE)
        again = plan_for(now)
        assert [sorted_work(route) for route in again.routes] == [sorted_work(route) for route in plan.routes]


def sorted_work(route):
    """The route with each visit's goods in order: what is picked up first in a stay is nobody's concern."""
    visits = (
        replace(v, pickups=tuple(sorted(v.pickups)), deliveries=tuple(sorted(v.deliveries)))
        for v in route.visits
    )
    return replace(route, visits=tuple(visits))


def test_a_vehicle_on_the_road_goes_on_to_where_it_is_heading(day, plan_for):
    """Ten minutes after it left the farm for the school a new order from the dairy comes in."""
    plan = plan_for(day)
    assert stops_of(plan) == ["home", "farm", "school", "elder", "home"]
    now_s = plan.routes[0].visits[1].departure_s + 10 * MINUTE
    new = replace(day, shipments=(*day.shipments, Shipment("new", "dairy", "elder", 1)))
    before = plan_for(new)
    assert stops_of(before)[1] == "dairy" or stops_of(before)[2] == "dairy"
    after = plan_for(from_moment(new, plan, now_s=now_s))
    assert after.routes[0].visits[:3] == plan.routes[0].visits[:3]
    assert after.served == {"a", "b", "new"}
    assert violations(from_moment(new, plan, now_s=now_s), after) == ()
    assert codes(from_moment(new, plan, now_s=now_s), before) >= {"driven_changed"}


def test_each_change_of_what_was_driven_is_a_fault(day, plan_for):
    """The plan is the same; what is said to have happened is not."""
    plan = plan_for(day)
    now = from_moment(day, plan, now_s=plan.routes[0].visits[2].departure_s)
    (driven,) = now.rules.driven
    first, *others = driven.visits
    for other in (
        replace(driven, start_s=driven.start_s - 60),
        replace(driven, visits=(replace(first, start_s=first.start_s - 60), *others)),
        replace(driven, visits=(replace(first, pickups=("a",)), *others[:1])),
    ):
        assert codes(replace(now, rules=replace(now.rules, driven=(other,))), plan) == {"driven_changed"}
    late = replace(now.rules, driven=(replace(driven, visits=(first, *others[:1])),), now_s=15 * HOUR)
    assert codes(replace(now, rules=late), plan) == {"before_now"}


def test_what_is_on_board_stays_on_its_vehicle(on_a_line, places, van, plan_for):
    """A cheaper van appears when the goods have been picked up: too late."""
    goods = [Shipment("s", "farm", "elder", 1)]
    plan = plan_for(on_a_line(places, goods, [van("dear")]))
    both = on_a_line(places, goods, [van("dear"), van("cheap", ore_per_km=1, fixed_ore_per_shift=0)])
    early = from_moment(both, plan, now_s=plan.routes[0].start_s - 1)
    late = from_moment(both, plan, now_s=plan.routes[0].visits[1].departure_s)
    assert [route.vehicle for route in plan_for(early).routes] == ["cheap"]
    assert [route.vehicle for route in plan_for(late).routes] == ["dear"]
    assert "driven_missing" in codes(late, plan_for(early))


def test_nothing_new_starts_before_now(on_a_line, places, van, plan_for):
    plan = plan_for(on_a_line(places, [], [van()]))
    problem = on_a_line(places, [Shipment("s", "farm", "school", 1)], [van()])
    now = from_moment(problem, plan, now_s=9 * HOUR)
    assert plan_for(now).routes[0].start_s == 9 * HOUR
    assert codes(now, plan_for(problem)) == {"before_now"}
    evening = from_moment(problem, plan, now_s=16 * HOUR)
    assert plan_for(evening).served == frozenset()


def test_a_vehicle_on_its_way_home_takes_nothing_more(day, plan_for):
    plan = plan_for(day)
    new = replace(day, shipments=(*day.shipments, Shipment("new", "elder", "school", 1)))
    last = plan.routes[0].visits[3]
    for now_s, served in ((last.departure_s - 1, True), (last.departure_s, False)):
        now = from_moment(new, plan, now_s=now_s)
        again = plan_for(now)
        assert ("new" in again.served) is served
    more = replace(now, rules=replace(now.rules, driven=(replace(now.rules.driven[0], is_over=False),)))
    assert "driven_over" in codes(now, plan_for(more))


def test_when_everything_is_delivered_the_plan_is_what_was_driven(day, plan_for):
    plan = plan_for(day)
    for now_s in (plan.routes[0].visits[3].departure_s, 15 * HOUR):
        assert plan_for(from_moment(day, plan, now_s=now_s)).routes == plan.routes


def test_goods_that_can_no_longer_be_delivered_stay_on_board(day, plan_for):
    """The elder closes early after all; the van has its goods already."""
    plan = plan_for(day)
    shut = replace(day.stops[4], windows=(Window(0, HOUR),))
    problem = replace(day, stops=(*day.stops[:4], shut))
    now = from_moment(problem, plan, now_s=plan.routes[0].visits[1].departure_s)
    again = plan_for(now)
    assert again.served == {"a"}
    assert [entry.shipment for entry in again.unserved] == ["b"]
    assert again.routes[0].visits[-1].load_grams_after == 1000
    (found,) = explain(now, again)
    assert found.options[0].changes == (Change(Kind.STOP_CLOSES_LATER, "elder", 450 * MINUTE),)  # until 08:30


def test_a_stay_goes_on_without_a_second_stop_time(on_a_line, stop, van, plan_for):
    """A second order for the farm comes while the van loads there."""
    stops = [stop("home", 0), stop("farm", 10, stop_s=900, visit_ore=5_000), stop("school", 30)]
    first = Shipment("first", "farm", "school", 1, pickup_s=600)
    plan = plan_for(on_a_line(stops, [first], [van()]))
    both = on_a_line(stops, [first, Shipment("second", "farm", "school", 1, pickup_s=60)], [van()])
    again = plan_for(from_moment(both, plan, now_s=plan.routes[0].visits[1].start_s + 60))
    assert again.served == {"first", "second"}
    assert again.routes[0].duration_s == plan.routes[0].duration_s + 60
    assert again.totals.cost_ore == pytest.approx(plan.totals.cost_ore + 35_000 / 60, abs=1)


def test_a_break_that_was_taken_counts(on_a_line, stop, van, plan_for):
    """Nine hours of driving with two breaks; planned again on the way the rests are the same."""
    stops = [stop("home", 0), stop("near", 100), stop("far", 270)]
    goods = [Shipment(name, "home", name, 1) for name in ("near", "far")]
    problem = on_a_line(stops, goods, [van(shifts=(Window(0, 20 * HOUR),))])
    plan = plan_for(problem)
    now = from_moment(problem, plan, now_s=plan.routes[0].visits[2].departure_s + HOUR)
    assert plan_for(now).routes == plan.routes
    assert plan.routes[0].break_s > 0


@pytest.mark.parametrize(
    ("driven", "code"),
    [
        (Driven("tank", 0, 0, (DrivenVisit("farm", 9, ("a",)),)), "unknown_vehicle"),
        (Driven("van", 1, 0, (DrivenVisit("farm", 9, ("a",)),)), "unknown_shift"),
        (Driven("van", 0, 0, (DrivenVisit("farm", 9, ("x",)),)), "unknown_shipment"),
        (Driven("van", 0, 0, ()), "driven_without_work"),
        (Driven("van", 0, 0, (DrivenVisit("farm", 9),)), "driven_without_work"),
        (Driven("van", 0, 10, (DrivenVisit("farm", 9, ("a",)),)), "driven_out_of_order"),
        (Driven("van", 0, 0, (DrivenVisit("dairy", 9, ("a",)),)), "driven_elsewhere"),
        (Driven("van", 0, 0, (DrivenVisit("school", 9, (), ("a",)),)), "driven_not_on_board"),
        (Driven("van", 0, 0, (DrivenVisit("farm", 9, ("a", "a")),)), "driven_twice"),
    ],
)
def test_what_cannot_have_been_driven_is_refused(day, driven, code):
    with pytest.raises(InvalidProblem) as caught:
        replace(day, rules=Rules(driven=(driven,), now_s=10))
    assert {error.code for error in caught.value.errors} == {code}


def test_what_has_been_driven_is_kept_in_json(tmp_path, day, plan_for):
    plan = plan_for(day)
    now = from_moment(day, plan, now_s=plan.routes[0].visits[1].departure_s)
    path = tmp_path / "problem.json"
    path.write_text(problem_to_json(now), encoding="utf-8")
    assert read_problem(path).problem == now


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ruled_problems(), st.integers(0, 36 * HOUR))
def test_replanning_at_any_moment_gives_a_sound_plan(problem, now_s):
    plan = solve(problem, limit=Limit(iterations=10))
    now = from_moment(problem, plan, now_s=now_s)
    again = solve(now, limit=Limit(iterations=10))
    assert violations(now, again) == ()


def test_a_place_where_only_a_route_that_left_began_is_nowhere_to_go(on_a_line, places, van, plan_for):
    """Such a place is no start and no end any more; in the model it must not become a visit."""
    goods = [Shipment("a", "farm", "school", 1000), Shipment("b", "school", "elder", 1000)]
    problem = on_a_line(places, goods, [van(end="elder")])
    plan = plan_for(problem)
    now = from_moment(problem, plan, now_s=plan.routes[0].start_s + 1)
    again = plan_for(now)
    assert again.served == {"a", "b"}
    assert codes(now, again) == set()
