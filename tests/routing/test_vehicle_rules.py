"""What a vehicle can and may carry: each rule turns the cheapest plan, is checked apart, and says why it hinders."""

from dataclasses import replace

import pytest

from routing.check import violations
from routing.fitting import fittings
from routing.problem import Compartment, InvalidProblem, Shipment, Temperature, Window
from routing.trips import places_of, turns_of


@pytest.fixture
def places(stop):
    """Home in the middle, farms to the left, kitchens to the right, by minutes of driving."""
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


@pytest.fixture
def fleet(van):
    """A cheap van and a dear one; a rule laid on the cheap one sends the dear one."""
    return lambda **rule: [van("cheap", ore_per_km=1, **rule), van("dear", skills=("lift", "ferry"))]


def served_by(plan):
    return {
        name: route.vehicle for route in plan.routes for visit in route.visits for name in visit.deliveries
    }


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


FROM_FARM = Shipment("s", "farm", "school", 1, crates=3, pallets=2, owner="Anna")

RULES = [
    ({"capacity_pallets": 1}, "too_many_pallets", "too_heavy"),
    ({"max_distance_m": 59_999}, "drives_too_far", "too_far_for_a_shift"),
    ({"forbidden_stops": ("farm",)}, "forbidden_stop", "forbidden_place"),
    ({"forbidden_stops": ("school",)}, "forbidden_stop", "forbidden_place"),
    ({"carries_for": ("Bo",)}, "others_goods", "other_owner"),
]


@pytest.mark.parametrize(("rule", "fault", "reason"), RULES)
def test_a_rule_of_the_cheap_vehicle_sends_the_dear_one(
    on_a_line, places, fleet, plan_for, rule, fault, reason
):
    free = plan_for(on_a_line(places, [FROM_FARM], fleet()))
    assert served_by(free) == {"s": "cheap"}
    bound = on_a_line(places, [FROM_FARM], fleet(**rule))
    assert served_by(plan_for(bound)) == {"s": "dear"}
    assert codes(bound, free) == {fault}
    alone = replace(bound, vehicles=bound.vehicles[:1])
    assert [entry.reason_code for entry in plan_for(alone).unserved] == [reason]


LIFTED = replace(FROM_FARM, grams=2, needs=("lift",), temperature=Temperature.FROZEN)
DIFFERING = [
    {"capacity_grams": 1},
    {"capacity_crates": 2},
    {"capacity_pallets": 1},
    {"forbidden_stops": ("farm",)},
    {"carries_for": ("Bo",)},
    {"skills": ("ferry",)},
    {"compartments": (Compartment((Temperature.CHILLED,)),)},
    {"max_drive_s": 60},
    {"max_distance_m": 1_000},
    {"shifts": (Window(6 * 3600, 6 * 3600 + 600),)},
    {"start": "elder", "max_drive_s": 60 * 60},
]


@pytest.mark.parametrize("rule", DIFFERING)
@pytest.mark.parametrize("order", [1, -1])
def test_vehicles_that_differ_in_one_rule_are_not_taken_for_alike(on_a_line, places, van, rule, order):
    common = {"skills": ("lift",), "max_drive_s": 200 * 60}
    fleet = [van("free", **common), van("bound", **(common | rule))][::order]
    problem = on_a_line(places, [LIFTED], fleet)
    fit = fittings([LIFTED], turns_of(problem), places=places_of(problem))["s"]
    assert [turn.vehicle.id for turn in fit.turns] == ["free"]


@pytest.mark.parametrize(
    "needing",
    [
        {"shipment": {"needs": ("lift",)}},
        {"stop": {"needs": ("ferry",)}},
        {"farm": {"needs": ("lift", "ferry")}},
    ],
)
def test_what_needs_a_skill_goes_with_a_vehicle_that_has_it(on_a_line, places, fleet, plan_for, needing):
    free = plan_for(on_a_line(places, [FROM_FARM], fleet()))
    stops = list(places)
    stops[3] = replace(stops[3], **needing.get("stop", {}))
    stops[1] = replace(stops[1], **needing.get("farm", {}))
    bound = on_a_line(stops, [replace(FROM_FARM, **needing.get("shipment", {}))], fleet(skills=("crane",)))
    assert served_by(plan_for(bound)) == {"s": "dear"}
    assert codes(bound, free) == {"skill_missing"}
    alone = replace(bound, vehicles=bound.vehicles[:1])
    assert [entry.reason_code for entry in plan_for(alone).unserved] == ["needs_skill"]


def test_pallet_places_on_board_at_once_are_counted_not_in_sum(on_a_line, places, van, plan_for):
    """Two pallets each way do not fit together, so the van unloads the first before it loads the second."""
    shipments = [Shipment("a", "farm", "school", 1, pallets=2), Shipment("b", "dairy", "elder", 1, pallets=2)]
    free = on_a_line(places, shipments, [van()])
    bound = on_a_line(places, shipments, [van(capacity_pallets=3)])
    plan = plan_for(bound)
    assert plan.served == {"a", "b"}
    assert plan.totals.distance_m > plan_for(free).totals.distance_m
    assert codes(bound, plan_for(free)) == {"too_many_pallets"}


def test_a_longer_round_than_the_limit_is_shared(on_a_line, places, van, plan_for):
    shipments = [Shipment("west", "home", "dairy", 1), Shipment("east", "home", "elder", 1)]
    assert plan_for(on_a_line(places, shipments, [van("one"), van("two")])).totals.vehicles == 1
    limited = [van(name, max_distance_m=100_000) for name in ("one", "two")]
    plan = plan_for(on_a_line(places, shipments, limited))
    assert (plan.totals.vehicles, len(plan.served)) == (2, 2)


def test_a_producer_drives_its_own_goods_and_nobody_elses(on_a_line, places, fleet, plan_for):
    shipments = [FROM_FARM, Shipment("other", "farm", "school", 1, owner="Bo")]
    plan = plan_for(on_a_line(places, shipments, fleet(carries_for=("Anna",), fixed_ore_per_shift=0)))
    assert served_by(plan)["other"] == "dear"
    alone = on_a_line(places, shipments, fleet(carries_for=("Anna",))[:1])
    assert served_by(plan_for(alone)) == {"s": "cheap"}


def test_starting_or_passing_where_a_skill_is_needed_asks_for_none(on_a_line, places, van, plan_for):
    places[0] = replace(places[0], needs=("lift",))
    problem = on_a_line(places, [FROM_FARM], [van(forbidden_stops=("home",))])
    assert plan_for(problem).served == {"s"}


@pytest.mark.parametrize(
    ("part", "changes", "code"),
    [
        ("vehicles", {"forbidden_stops": ("moon",)}, "unknown_stop"),
        ("vehicles", {"capacity_pallets": -1}, "out_of_range"),
        ("vehicles", {"max_distance_m": -1}, "out_of_range"),
        ("vehicles", {"skills": "lift"}, "not_names"),
        ("vehicles", {"carries_for": (None,)}, "not_names"),
        ("shipments", {"pallets": 0.5}, "not_whole"),
        ("shipments", {"needs": "lift"}, "not_names"),
        ("stops", {"needs": ["lift"]}, "not_names"),
    ],
)
def test_rules_that_make_no_sense_are_refused(morning, part, changes, code):
    first, *others = getattr(morning, part)
    with pytest.raises(InvalidProblem) as caught:
        replace(morning, **{part: (replace(first, **changes), *others)})
    assert {error.code for error in caught.value.errors} == {code}
