"""Farms to hubs, hubs to satellites: what is passed on leaves after it came, and the plan is made with that in mind."""

from dataclasses import replace
from itertools import permutations, product

import pytest

from routing.check import violations
from routing.engines.ortools_engine import job_of
from routing.engines.ortools_nodes import loads_at_start
from routing.explain import explain
from routing.handover import separated
from routing.handover_limits import limits_of
from routing.insertion import with_shipment
from routing.problem import InvalidProblem, Shipment, Window
from routing.reasons import WAITS
from routing.replan import from_moment
from routing.schedule import schedule
from routing.settling import settled
from routing.solve import Limit, solve
from routing.trips import Task, Trip, places_of, turns_of

pytestmark = pytest.mark.slow

HOUR = 3600
MINUTE = 60
FREE_OF_HOURS = dict(fixed_ore_per_shift=0, ore_per_hour=0)


@pytest.fixture
def places(stop):
    """A farm 30 km on one side of the hub, a satellite kitchen 20 km on the other; the vans at home by the farm."""
    return [stop("home", 0), stop("farm", 0), stop("hub", 30, transfer_s=15 * MINUTE), stop("satellite", 50)]


@pytest.fixture
def plan_for():
    """Nine searches at most, so fewer iterations each."""
    return lambda problem: solve(problem, limit=Limit(iterations=5))


def goods(**more):
    """The farm's carrots to the hub, and those that go on from there."""
    onward = dict(pickup_s=5 * MINUTE, delivery_s=5 * MINUTE, after=("carrots",)) | more
    return [
        Shipment("carrots", "farm", "hub", 1000, pickup_s=10 * MINUTE, delivery_s=10 * MINUTE),
        Shipment("onward", "hub", "satellite", 500, **onward),
    ]


def times(plan, name):
    """When work on the pickup starts, and when the visit that delivers ends."""
    visits = [visit for route in plan.routes for visit in route.visits]
    left = next(visit.start_s for visit in visits if name in visit.pickups)
    return left, next(visit.departure_s for visit in visits if name in visit.deliveries)


def vehicle_of(plan, name):
    return next(r.vehicle for r in plan.routes for visit in r.visits if name in visit.deliveries)


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


def test_the_same_van_does_both_and_the_hub_gets_its_time(on_a_line, places, van, plan_for):
    plan = plan_for(on_a_line(places, goods(), [van()]))
    assert plan.served == {"carrots", "onward"}
    assert [visit.stop for visit in plan.routes[0].visits].count("hub") >= 2
    assert times(plan, "onward")[0] == times(plan, "carrots")[1] + 15 * MINUTE
    assert plan.totals.distance_m == 100_000


def test_the_kitchens_own_staff_waits_for_the_farms_van(on_a_line, places, van, plan_for):
    """Staff that starts at the hub at six and is paid by the kilometre only would leave at once."""
    staff = van("staff", start="hub", end="hub", forbidden_stops=("farm",), **FREE_OF_HOURS)
    farmer = van("farmer", forbidden_stops=("satellite",))
    problem = on_a_line(places, goods(), [farmer, staff])
    plan = plan_for(problem)
    assert (vehicle_of(plan, "carrots"), vehicle_of(plan, "onward")) == ("farmer", "staff")
    came, left = times(plan, "carrots")[1], times(plan, "onward")[0]
    assert left >= came + 15 * MINUTE
    free = replace(problem, shipments=tuple(replace(s, after=()) for s in problem.shipments))
    alone = plan_for(free)
    assert times(alone, "onward")[0] < times(alone, "carrots")[1]
    assert codes(problem, alone) == {"leaves_too_early"}


def test_a_deadline_at_the_satellite_brings_the_farms_van_out_early(on_a_line, places, van, plan_for):
    """Cheapest by itself is to come at two, with other goods; then the satellite has closed."""
    two = (Window(14 * HOUR, 15 * HOUR),)
    others = Shipment("others", "farm", "hub", 1000, delivery_windows=two)
    staff = van("staff", start="hub", end="hub", forbidden_stops=("farm",), **FREE_OF_HOURS)
    fleet = [van("farmer", forbidden_stops=("satellite",)), staff]
    free = [*goods(), others]
    early = [*goods(delivery_windows=(Window(0, 11 * HOUR),)), others]
    assert times(plan_for(on_a_line(places, free, fleet)), "carrots")[1] >= 14 * HOUR
    plan = plan_for(on_a_line(places, early, fleet))
    assert plan.served == {"carrots", "onward", "others"}
    assert times(plan, "carrots")[1] <= 11 * HOUR - (15 + 5 + 20) * MINUTE


def test_what_waits_for_goods_that_cannot_come_is_left_out_with_its_reason(on_a_line, places, van, plan_for):
    carrots, onward = goods()
    further = Shipment("further", "satellite", "home", 100, after=("onward",))
    heavy = replace(carrots, grams=2_000_000)
    plan = plan_for(on_a_line(places, [heavy, onward, further], [van()]))
    assert {entry.shipment: entry.reason_code for entry in plan.unserved} == {
        "carrots": "too_heavy",
        "onward": WAITS,
        "further": WAITS,
    }
    assert plan.routes == ()


def test_what_comes_too_late_to_be_carried_on_is_said_so(on_a_line, places, van, plan_for):
    carrots, onward = goods(delivery_windows=(Window(0, 11 * HOUR),))
    late = replace(carrots, delivery_windows=(Window(12 * HOUR, 13 * HOUR),))
    problem = on_a_line(places, [late, onward], [van()])
    plan = plan_for(problem)
    assert [(entry.shipment, entry.reason_code) for entry in plan.unserved] == [("onward", WAITS)]
    found = explain(problem, plan)
    assert all(change.kind == "delivery_later" for option in found[0].options for change in option.changes)


def test_leaving_out_the_first_leg_is_weighed_with_what_waits_for_it(on_a_line, places, van, plan_for):
    """Alone the carrots are not worth their way; the satellite's price makes them so, or nothing is driven."""
    carrots, onward = goods(skip_ore=900_000)
    cheap = replace(carrots, skip_ore=1)
    assert plan_for(on_a_line(places, [cheap, onward], [van()])).served == {"carrots", "onward"}
    poor = replace(onward, skip_ore=100_000)
    assert plan_for(on_a_line(places, [cheap, poor], [van()])).routes == ()


def test_three_echelons_are_planned_in_order(on_a_line, places, stop, van, plan_for):
    end = stop("cabin", 60)
    last = Shipment("last", "satellite", "cabin", 100, after=("onward",))
    problem = on_a_line([*places, end], [*goods(), last], [van(), van("other", start="cabin", end="cabin")])
    plan = plan_for(problem)
    assert plan.served == {"carrots", "onward", "last"}
    assert times(plan, "last")[0] >= times(plan, "onward")[1]


def test_iterations_make_it_repeatable(on_a_line, places, van, plan_for):
    problem = on_a_line(places, goods(), [van(), van("staff", start="hub", end="hub")])
    assert plan_for(problem).routes == plan_for(problem).routes


def test_a_run_by_seconds_keeps_them_and_can_be_ended(on_a_line, places, van):
    problem = on_a_line(places, goods(), [van()])
    heard = []
    plan = solve(
        problem, limit=Limit(seconds=2), progress=lambda state: heard.append(state) or len(heard) < 3
    )
    assert len(heard) == 3
    assert codes(problem, plan) == set()
    plan = solve(problem, limit=Limit(seconds=1.5))
    assert plan.seconds < 3
    assert plan.served == {"carrots", "onward"}


# -- the checker ----------------------------------------------------------------------------------------------


@pytest.fixture
def two_vans(on_a_line, places, van, plan_for):
    staff = van("staff", start="hub", end="hub", forbidden_stops=("farm",), **FREE_OF_HOURS)
    problem = on_a_line(places, goods(), [van("farmer", forbidden_stops=("satellite",)), staff])
    return problem, plan_for(problem)


def test_the_checker_finds_a_leg_that_leaves_too_early(two_vans):
    problem, plan = two_vans
    assert codes(problem, plan) == set()
    later = tuple(replace(s, transfer_s=s.transfer_s + 1) for s in problem.stops)
    left, came = times(plan, "onward")[0], times(plan, "carrots")[1]
    assert codes(replace(problem, stops=later), plan) == (
        {"leaves_too_early"} if left == came + 15 * MINUTE else set()
    )
    much_later = tuple(replace(s, transfer_s=8 * HOUR) for s in problem.stops)
    assert codes(replace(problem, stops=much_later), plan) == {"leaves_too_early"}


def test_the_checker_finds_a_leg_whose_goods_never_came(two_vans):
    problem, plan = two_vans
    broken = replace(plan, routes=tuple(r for r in plan.routes if r.vehicle == "staff"))
    assert "goods_never_came" in codes(problem, broken)


@pytest.mark.parametrize(
    ("field", "code"), [({"ready_s": 16 * HOUR}, "not_ready"), ({"done_by_s": 6 * HOUR}, "done_too_late")]
)
def test_the_checker_knows_when_goods_are_ready_and_due(morning, plan_for, field, code):
    milk = next(s for s in morning.shipments if s.id == "milk")
    other = tuple(replace(s, **field) if s == milk else s for s in morning.shipments)
    assert codes(replace(morning, shipments=other), plan_for(morning)) == {code}


def test_ready_and_done_by_are_kept(morning, plan_for):
    """The visit ends by the time, whatever else it handles."""
    bound = tuple(replace(s, ready_s=8 * HOUR, done_by_s=9 * HOUR + 300) for s in morning.shipments)
    plan = plan_for(replace(morning, shipments=bound))
    assert plan.served
    for name in plan.served:
        left, done = times(plan, name)
        assert left >= 8 * HOUR
        assert done <= 9 * HOUR + 300


@pytest.mark.parametrize(
    ("after", "code"),
    [(("ghost",), "unknown_after"), (("onward",), "after_elsewhere"), ("carrots", "not_names")],
)
def test_what_makes_no_sense_is_refused(on_a_line, places, van, after, code):
    carrots, onward = goods()
    with pytest.raises(InvalidProblem) as caught:
        on_a_line(places, [carrots, replace(onward, after=after)], [van()])
    assert code in {error.code for error in caught.value.errors}


def test_a_circle_is_refused(on_a_line, places, van):
    there = Shipment("there", "farm", "hub", 1, after=("back",))
    back = Shipment("back", "hub", "farm", 1, after=("there",))
    with pytest.raises(InvalidProblem) as caught:
        on_a_line(places, [there, back], [van()])
    assert [error.code for error in caught.value.errors] == ["after_circle"]


# -- planning again, adding, explaining -----------------------------------------------------------------------


def test_goods_that_came_before_now_are_passed_on_after_that(two_vans, plan_for):
    problem, plan = two_vans
    came = times(plan, "carrots")[1]
    now = from_moment(problem, plan, now_s=came + 1)
    again = plan_for(now)
    assert codes(now, again) == set()
    assert "onward" in again.served
    assert times(again, "onward")[0] >= came + 15 * MINUTE


def test_a_van_on_its_way_to_the_hub_finds_the_goods_there(two_vans, plan_for):
    """Seconds before the farmer unloads, the staff is already bound to come: a new order must not delay the carrots."""
    problem, plan = two_vans
    for now_s in range(6 * HOUR, 9 * HOUR, 20 * MINUTE):
        now = from_moment(problem, plan, now_s=now_s)
        again = plan_for(now)
        assert codes(now, again) == set()
        assert times(again, "onward")[0] >= times(again, "carrots")[1] + 15 * MINUTE


def test_a_shipment_put_into_a_plan_passes_no_handover(two_vans):
    problem, plan = two_vans
    new = Shipment("new", "farm", "hub", 1, delivery_s=30 * MINUTE)
    more = Shipment("more", "hub", "satellite", 1, after=("carrots",))
    grown = replace(problem, shipments=(*problem.shipments, new, more))
    for name in ("more", "new"):
        longer = with_shipment(grown, plan, name)
        assert longer is not None
        plan = longer
    assert codes(grown, plan) == set()
    assert {"new", "more"} <= plan.served


def test_explaining_what_waits_for_goods_left_out_points_to_them(on_a_line, places, van, plan_for):
    carrots, onward = goods()
    problem = on_a_line(places, [replace(carrots, grams=2_000_000), onward], [van()])
    found = {entry.shipment: entry for entry in explain(problem, plan_for(problem))}
    assert found["onward"].code == WAITS
    assert found["carrots"].code == "capacity_grams"


def test_a_new_order_does_not_delay_goods_that_a_van_is_on_its_way_for(on_a_line, places, van, plan_for):
    """Fetching an errand first would be cheaper, but then the staff, bound for the hub already, finds nothing there."""
    errand = Shipment("errand", "farm", "hub", 1, ready_s=12 * HOUR)
    staff = van("staff", start="satellite", end="satellite", forbidden_stops=("farm",))
    problem = on_a_line(places, goods(), [van("farmer", forbidden_stops=("satellite",)), staff])
    plan = plan_for(problem)
    staffs = next(route for route in plan.routes if route.vehicle == "staff")
    now = from_moment(problem, plan, now_s=staffs.start_s)
    farmers = next(route for route in plan.routes if route.vehicle == "farmer")
    # as if the farmer had not left yet: nothing but the staff is settled
    now = replace(
        now,
        shipments=(*now.shipments, errand),
        rules=replace(
            now.rules,
            now_s=min(now.rules.now_s, farmers.start_s),
            driven=tuple(d for d in now.rules.driven if d.vehicle == "staff"),
        ),
    )
    again = plan_for(now)
    assert {"carrots", "errand"} <= again.served
    assert times(again, "onward")[0] >= times(again, "carrots")[1] + 15 * MINUTE


# -- settling what engines found ------------------------------------------------------------------------------


def trips_of(problem, handovers, *names):
    plain = separated(problem, handovers)
    chosen = [s for s in plain.shipments if s.id in names]
    tasks = tuple(Task(s, is_pickup=end) for s in chosen for end in (True, False))
    return (Trip(turns_of(plain)[0], tasks),)


def test_what_waits_for_goods_that_an_engine_left_out_goes_too(on_a_line, places, van):
    problem = on_a_line(places, goods(), [van()])
    alone = trips_of(problem, {"carrots": 9 * HOUR}, "onward")
    assert settled(problem, alone, {"carrots": 9 * HOUR}).routes == ()
    both = trips_of(problem, {"carrots": 9 * HOUR}, "carrots", "onward")
    assert len(settled(problem, both, {"carrots": 9 * HOUR}).routes) == 1


def test_a_chain_that_is_not_worth_its_way_goes_as_a_whole(on_a_line, places, van):
    carrots, onward = goods(skip_ore=100_000)
    problem = on_a_line(places, [replace(carrots, skip_ore=100_000), onward], [van()])
    handovers = {"carrots": 9 * HOUR}
    assert settled(problem, trips_of(problem, handovers, "carrots", "onward"), handovers).routes == ()


def test_handovers_move_to_where_they_cost_least(on_a_line, places, van):
    """At noon the van would wait at the hub since its farm closes early; the goods go on when they have come."""
    carrots, onward = goods()
    early = replace(carrots, pickup_windows=(Window(7 * HOUR, 7 * HOUR),))
    problem = on_a_line(places, [early, onward], [van()])
    noon = {"carrots": 12 * HOUR}
    whole = settled(problem, trips_of(problem, noon, "carrots", "onward"), noon)
    assert whole.times["carrots"] < 8 * HOUR
    assert whole.routes[0].duration_s < 3 * HOUR


def test_handovers_lie_between_the_first_that_can_be_and_the_last_that_helps(on_a_line, places, van):
    carrots, onward = goods(delivery_windows=(Window(7 * HOUR, 8 * HOUR), Window(11 * HOUR, 12 * HOUR)))
    found = limits_of(on_a_line(places, [carrots, onward], [van()]))
    assert found.earliest["carrots"] == 6 * HOUR + (10 + 30 + 10) * MINUTE
    assert found.first == found.last == {"carrots": 12 * HOUR - (20 + 5 + 15) * MINUTE}
    days = (Window(6 * HOUR, 16 * HOUR), Window(30 * HOUR, 40 * HOUR))
    twice = limits_of(on_a_line(places, goods(), [van(shifts=days)]))
    assert twice.last["carrots"] - twice.first["carrots"] == 24 * HOUR


def test_goods_that_are_not_ready_are_not_loaded_when_the_van_starts(on_a_line, places, van):
    """An engine that takes them for loaded at the start would plan as if they were there at six."""
    later = Shipment("later", "hub", "satellite", 1, ready_s=9 * HOUR)
    job = job_of(on_a_line(places, [later], [van(start="hub", end="hub")]))
    assert not loads_at_start(later, job)
    assert loads_at_start(replace(later, ready_s=0), job)


# -- as good as trying everything -----------------------------------------------------------------------------


def cheapest(problem):
    """Öre of the cheapest plan that serves all: every vehicle, order and handover minute."""
    best = None
    for minute in range(6 * 60, 16 * 60, 5):
        plain = separated(problem, {"carrots": minute * MINUTE})
        places_, turns = places_of(plain), turns_of(plain)
        costs = {
            (number, group): cost_of(turn, [plain.shipments[n] for n in group], places_)
            for number, turn in enumerate(turns)
            for group in ((), (0,), (1,), (0, 1))
        }
        for choice in product(range(len(turns)), repeat=2):
            groups = [tuple(n for n in (0, 1) if choice[n] == number) for number in range(len(turns))]
            money = [costs[number, group] for number, group in enumerate(groups)]
            if None not in money:
                best = sum(money) if best is None else min(best, sum(money))
    return best


def cost_of(turn, own, places):
    """Of the two legs together only orders that pick up the second after the first has come."""
    tasks = [Task(s, is_pickup=end) for s in own for end in (True, False)]
    orders = [tuple(tasks)] if len(own) == 2 else permutations(tasks)
    routes = (schedule(Trip(turn, order), places=places) for order in orders)
    return min((route.cost_ore for route in routes if route), default=None) if own else 0


@pytest.mark.parametrize("closes", [9, 11, 15])
@pytest.mark.parametrize("staff", [None, dict(start="hub", end="hub"), dict(start="satellite", end=None)])
def test_two_legs_cost_what_trying_everything_costs(on_a_line, places, van, plan_for, closes, staff):
    fleet = [van(), *([] if staff is None else [van("staff", **staff, fixed_ore_per_shift=10_000)])]
    opens = (Window(8 * HOUR, 9 * HOUR), Window(13 * HOUR, 14 * HOUR))
    carrots, onward = goods(delivery_windows=(Window(7 * HOUR, closes * HOUR),))
    problem = on_a_line(places, [replace(carrots, pickup_windows=opens), onward], fleet)
    plan = plan_for(problem)
    expected = cheapest(problem)
    if expected is None:
        assert plan.unserved
    else:
        assert (plan.unserved, plan.totals.cost_ore) == ((), expected)
