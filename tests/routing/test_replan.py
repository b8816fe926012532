"""Planning again while vehicles are on the road: what has been driven stays, the rest gives way."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from routing_strategies import ruled_problems

from routing.changes import Change, Kind
from routing.check import violations
from routing.engines.ortools_engine import OrTools
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


def test_a_route_with_an_open_end_goes_on(on_a_line, places, day, van, plan_for):
    """Nothing starts or ends at its start any more."""
    problem = on_a_line(places, day.shipments, [van(end=None)])
    plan = plan_for(problem)
    for visit in plan.routes[0].visits[1:3]:
        now = from_moment(problem, plan, now_s=visit.start_s)
        assert [sorted_work(route) for route in plan_for(now).routes] == [
            sorted_work(route) for route in plan.routes
        ]


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


@pytest.mark.slow
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


# -- where it was heading is closed -------------------------------------------------------------------------


def with_hours(problem, name, *windows):
    return replace(
        problem,
        stops=tuple(replace(stop, windows=windows) if stop.id == name else stop for stop in problem.stops),
    )


def test_a_vehicle_whose_destination_has_closed_goes_elsewhere_from_its_last_visit(day, plan_for):
    """Ten minutes after it left the farm, 30 minutes from the school, the school closes for the day."""
    plan = plan_for(day)
    farm = plan.routes[0].visits[1]
    now_s = farm.departure_s + 10 * MINUTE
    now = from_moment(with_hours(day, "school", Window(0, HOUR)), plan, now_s=now_s)
    (driven,) = now.rules.driven
    assert ([visit.stop for visit in driven.visits], driven.goes_on_s) == (["farm"], now_s)
    again = plan_for(now)
    assert violations(now, again) == ()
    assert again.served == {"b"}
    assert stops_of(again) == ["home", "farm", "elder", "home"]
    assert again.routes[0].visits[2].arrival_s == now_s + 50 * MINUTE
    just = replace(now.shipments[1], delivery_windows=(Window(0, now_s + 50 * MINUTE),))
    in_time = replace(now, shipments=(now.shipments[0], just))
    (trip,) = OrTools().search(in_time, limit=Limit(iterations=10), seed=0, report=None).trips
    assert [task.stop for task in trip.tasks] == ["farm", "farm", "elder"]
    assert again.routes[0].distance_m == (10 + 50 + 40) * 1000
    sooner = replace(now.rules, driven=(replace(driven, goes_on_s=0),))
    assert "arrival" in codes(replace(now, rules=sooner), again)


def test_a_visit_that_has_begun_stays_whatever_the_hours_say_now(day, plan_for):
    plan = plan_for(day)
    school = plan.routes[0].visits[2]
    for closed in (
        with_hours(day, "school", Window(0, HOUR)),
        replace(
            day, shipments=(replace(day.shipments[0], delivery_windows=(Window(0, 1),)), day.shipments[1])
        ),
    ):
        for now_s in (school.start_s, school.departure_s - 1, school.departure_s + MINUTE):
            now = from_moment(closed, plan, now_s=now_s)
            again = plan_for(now)
            assert violations(now, again) == ()
            assert again.served == {"a", "b"}
            assert again.routes[0].visits[:3] == plan.routes[0].visits[:3]


def test_changed_hours_of_the_goods_turn_a_vehicle_round_too(day, plan_for):
    """The school wants its goods at nine, not at eight: it comes back at nine."""
    plan = plan_for(day)
    at_nine = replace(day.shipments[0], delivery_windows=(Window(9 * HOUR, 9 * HOUR),))
    now = from_moment(replace(day, shipments=(at_nine, day.shipments[1])), plan, now_s=7 * HOUR + 50 * MINUTE)
    again = plan_for(now)
    assert violations(now, again) == ()
    starts = {name: visit.start_s for visit in again.routes[0].visits for name in visit.deliveries}
    assert again.served == {"a", "b"}
    assert starts["a"] == 9 * HOUR


def test_with_no_visit_done_the_vehicle_is_as_free_as_any(day, plan_for):
    plan = plan_for(day)
    now_s = plan.routes[0].start_s + 2 * MINUTE
    later = with_hours(day, "farm", Window(12 * HOUR, 13 * HOUR))
    now = from_moment(later, plan, now_s=now_s)
    assert now.rules.driven == ()
    again = plan_for(now)
    assert violations(now, again) == ()
    assert all(route.start_s >= now_s for route in again.routes)


def test_an_order_that_is_gone_turns_its_vehicle_round(day, plan_for):
    plan = plan_for(day)
    now_s = plan.routes[0].start_s + 2 * MINUTE
    one = replace(day, shipments=day.shipments[1:])
    assert plan_for(from_moment(one, plan, now_s=now_s)).served == {"b"}


def test_coming_back_to_the_last_visit_is_a_stay_of_its_own(on_a_line, stop, van, plan_for):
    """It left the farm, the school closed, and the farm has something for the elder: both stays are paid."""
    stops = [
        stop("home", 0),
        stop("farm", 10, stop_s=900, visit_ore=5_000),
        stop("school", 90),
        stop("elder", 20),
    ]
    first = Shipment("first", "farm", "school", 1, pickup_s=600)
    plan = plan_for(on_a_line(stops, [first], [van()]))
    second = Shipment("second", "farm", "elder", 1, pickup_s=60)
    shut = with_hours(on_a_line(stops, [first, second], [van()]), "school", Window(0, HOUR))
    farm = plan.routes[0].visits[1]
    now = from_moment(shut, plan, now_s=farm.departure_s + 5 * MINUTE)
    again = plan_for(now)
    assert violations(now, again) == ()
    assert stops_of(again) == ["home", "farm", "farm", "elder", "home"]
    back = again.routes[0].visits[2]
    assert back.arrival_s == farm.departure_s + 5 * MINUTE
    assert back.departure_s == back.start_s + 60 + 900
    stays = replace(shut, stops=(stops[0], replace(stops[1], visit_ore=0), *shut.stops[2:]))
    cheaper = plan_for(from_moment(stays, plan, now_s=farm.departure_s + 5 * MINUTE))
    assert again.totals.cost_ore == cheaper.totals.cost_ore + 2 * 5_000


def test_a_vehicle_too_far_out_to_turn_round_in_time_is_on_its_way_home(on_a_line, stop, van, plan_for):
    """From the farm at 100 by the school near home: at its door it is nearly home, and so it counts."""
    stops = [stop("home", 0), stop("farm", 100), stop("school", 2)]
    day = on_a_line(stops, [Shipment("s", "farm", "school", 1)], [van(shifts=(Window(0, 201 * MINUTE),))])
    plan = plan_for(day)
    school = plan.routes[0].visits[2]
    now = from_moment(with_hours(day, "school", Window(0, HOUR)), plan, now_s=school.arrival_s - MINUTE)
    assert now.rules.driven[0].is_over
    again = plan_for(now)
    assert violations(now, again) == ()
    assert again.served == frozenset()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ruled_problems(has_windows=False), st.integers(0, 36 * HOUR), st.data())
def test_replanning_with_other_hours_gives_a_sound_plan(problem, now_s, data):
    plan = solve(problem, limit=Limit(iterations=10))
    closing = st.integers(1, 40).map(lambda hour: (Window(0, hour * HOUR),))
    changed = replace(
        problem, stops=tuple(replace(stop, windows=data.draw(closing)) for stop in problem.stops)
    )
    try:
        now = from_moment(changed, plan, now_s=now_s)
        again = solve(now, limit=Limit(iterations=10))
    except InvalidProblem as error:
        codes_found = {fault.code for fault in error.errors}
        assert codes_found <= {"fixed_route_impossible", "fixed_driven_otherwise"}
        return
    assert violations(now, again) == ()
    later = from_moment(problem, again, now_s=now_s + data.draw(st.integers(0, 4 * HOUR)))
    assert violations(later, solve(later, limit=Limit(iterations=10))) == ()
