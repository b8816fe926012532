"""The checker finds nothing in a good plan, and names each way of spoiling it."""

from dataclasses import replace

import pytest

from routing.check import violations
from routing.plan import Plan, Route, Unserved
from routing.problem import Problem, Window

LONG = 10 * 3600


@pytest.fixture
def plan(morning, plan_for) -> Plan:
    return plan_for(morning)


def codes(problem, plan):
    return {violation.code for violation in violations(problem, plan)}


def spoil(plan: Plan, **changes) -> Plan:
    """The plan with its first route changed."""
    return replace(plan, routes=(replace(plan.routes[0], **changes), *plan.routes[1:]))


def spoil_visit(plan: Plan, number: int, **changes) -> Plan:
    visits = list(plan.routes[0].visits)
    visits[number] = replace(visits[number], **changes)
    return spoil(plan, visits=tuple(visits))


def test_a_good_plan_has_no_fault(morning, plan):
    assert len(plan.routes) == 1
    assert violations(morning, plan) == ()


FIGURES = ["distance_m", "drive_s", "duration_s", "break_s", "cost_ore", "co2e_g"]


@pytest.mark.parametrize("figure", FIGURES)
def test_each_wrong_figure_of_a_route_is_named(morning, plan, figure):
    assert f"figure_{figure}" in codes(morning, spoil(plan, **{figure: getattr(plan.routes[0], figure) + 1}))


@pytest.mark.parametrize(
    "figure", ["distance_m", "drive_s", "duration_s", "cost_ore", "co2e_g", "vehicles", "skip_ore"]
)
def test_each_wrong_sum_is_named(morning, plan, figure):
    totals = replace(plan.totals, **{figure: getattr(plan.totals, figure) + 1})
    assert codes(morning, replace(plan, totals=totals)) == {f"total_{figure}"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"arrival_s": LONG}, "starts_early"),
        ({"departure_s": LONG}, "service_time"),
        ({"stop": "school"}, "wrong_place"),
        ({"stop": "mars"}, "unknown_stop"),
        ({"pickups": ()}, "not_on_board"),
        ({"pickups": ("gold",)}, "unknown_shipment"),
        ({"load_grams_after": 1}, "load"),
    ],
)
def test_each_spoilt_visit_is_named(morning, plan, changes, code):
    assert code in codes(morning, spoil_visit(plan, 1, **changes))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"vehicle": "tank"}, "unknown_vehicle"),
        ({"shift": 4}, "unknown_shift"),
        ({"visits": ()}, "no_visits"),
        ({"breaks": (Window(0, 60),)}, "short_break"),
        ({"breaks": (Window(0, 2700),)}, "break_outside"),
    ],
)
def test_each_spoilt_route_is_named(morning, plan, changes, code):
    assert code in codes(morning, spoil(plan, **changes))


def test_wrong_ends(morning, plan):
    visits = plan.routes[0].visits
    assert "wrong_start" in codes(morning, spoil(plan, visits=visits[1:]))
    assert {"wrong_end", "figure_distance_m"} <= codes(morning, spoil(plan, visits=visits[:-1]))


def test_work_where_the_route_begins_is_named(morning, plan):
    """Its time would be paid by nobody, and could lie before the shift."""
    first = plan.routes[0].visits[0]
    work = replace(first, start_s=first.start_s - 120, arrival_s=0, pickups=("carrots",))
    assert "work_at_start" in codes(morning, spoil(plan, visits=(work, *plan.routes[0].visits[1:])))


def test_a_route_that_leaves_after_its_shift_is_named(morning, plan):
    """Overtime is for coming back."""
    start_s = plan.routes[0].start_s
    for end_s, is_late in ((start_s, False), (start_s - 1, True)):
        more = {"shifts": (Window(0, end_s),), "overtime_s": 86_400, "overtime_ore_per_hour": 90_000}
        vans = tuple(replace(vehicle, **more) for vehicle in morning.vehicles)
        found = codes(replace(morning, vehicles=vans), replace(plan, fingerprint=""))
        assert ("leaves_late" in found) == is_late


def test_an_undelivered_shipment_is_named(morning, plan):
    last = len(plan.routes[0].visits) - 2
    found = codes(morning, spoil_visit(plan, last, deliveries=()))
    assert {"still_on_board", "not_once"} <= found


def test_a_shipment_may_not_be_both_served_and_left_out(morning, plan):
    unserved = (Unserved("milk", "too_heavy", "no"), Unserved("ghost", "too_heavy", "no"))
    assert codes(morning, replace(plan, unserved=unserved)) == {"not_once", "unknown_shipment"}


def test_a_plan_of_another_problem_is_named(morning, plan):
    assert codes(replace(morning, name="Changed"), plan) == {"other_problem"}


def test_a_turn_driven_twice_is_named(morning, plan):
    assert "turn_twice" in codes(morning, replace(plan, routes=plan.routes * 2))


def later(plan: Plan, seconds: int) -> Plan:
    """The whole route moved in time: everything stays consistent but the hours."""

    def move(visit):
        moved = {key: getattr(visit, key) + seconds for key in ("arrival_s", "start_s", "departure_s")}
        return replace(visit, **moved)

    return spoil(plan, visits=tuple(move(visit) for visit in plan.routes[0].visits))


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-7 * 3600, {"before_shift", "stop_closed"}), (9 * 3600, {"after_shift", "stop_closed"})],
)
def test_the_shift_and_the_opening_hours_bind(morning, plan, seconds, expected):
    assert codes(morning, later(plan, seconds)) == expected


def test_a_shipments_own_hours_bind(morning, plan):
    never = (Window(0, 60),)
    stricter = tuple(replace(s, pickup_windows=never, delivery_windows=never) for s in morning.shipments)
    assert codes(replace(morning, shipments=stricter), replace(plan, fingerprint="")) == {
        "pickup_closed",
        "delivery_closed",
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capacity_grams": 100_000}, "overweight"),
        ({"capacity_crates": 10}, "too_many_crates"),
        ({"max_drive_s": 1800}, "drives_too_long"),
        ({"break_after_drive_s": 1800}, "no_break"),
    ],
)
def test_the_vehicles_limits_bind(morning, plan, changes, code):
    weaker = replace(morning, vehicles=(replace(morning.vehicles[0], **changes),))
    assert codes(weaker, replace(plan, fingerprint="")) == {code}


def test_breaks_must_be_in_order_and_outside_service(morning, plan):
    start = plan.routes[0].visits[1].start_s
    twice = (Window(start, start + 2700), Window(start + 60, start + 2760))
    assert {"break_in_service", "breaks_overlap"} <= codes(morning, spoil(plan, breaks=twice))


def test_an_arrival_that_ignores_the_road_is_named(morning, plan):
    visit = plan.routes[0].visits[1]
    assert "arrival" in codes(morning, spoil_visit(plan, 1, arrival_s=visit.arrival_s - 1))


def test_routes_of_a_sound_plan_can_be_rebuilt_by_hand(morning, plan):
    """The checker takes plans from anywhere, so it must not depend on how a Route came to be."""
    route = plan.routes[0]
    assert (
        violations(morning, replace(plan, routes=(Route(**{f: getattr(route, f) for f in route.__slots__}),)))
        == ()
    )


def test_a_problem_without_work_has_an_empty_plan(morning, plan_for):
    idle = replace(morning, shipments=())
    assert isinstance(idle, Problem)
    assert plan_for(idle).routes == ()
