"""Large shipments in parts: what no vehicle holds whole travels in several, and the parts sum to the whole."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.check import violations
from routing.formats.document import problem_document, problem_from
from routing.problem import (
    Apart,
    Ban,
    Driven,
    DrivenVisit,
    InvalidProblem,
    Lock,
    OnBoard,
    Problem,
    Promise,
    Rules,
    Shipment,
    Stop,
)
from routing.solve import Limit, solve
from routing.splitting import MOST_PARTS, shared_out

HEAVY = Shipment("spuds", "farm", "school", 1501, crates=15, pallets=3, pickup_s=101, delivery_s=67)


@pytest.fixture
def problem_with(on_a_line, stop, van):
    """A farm and a school, and small vans of a kilogram each."""
    stops = (stop("home", 0), stop("farm", 10, stop_s=600, visit_ore=700), stop("school", 30))
    line = on_a_line(stops, (), ())

    def build(*shipments, vans=2, most_m=None, **rules):
        fleet = [van(f"v{n}", capacity_grams=1000, max_distance_m=most_m) for n in range(vans)]
        return Problem(stops, shipments, fleet, line.distance_m, line.duration_s, rules=Rules(**rules))

    return build


def test_what_is_too_heavy_for_every_van_goes_in_two(problem_with, plan_for):
    whole = plan_for(problem_with(HEAVY))
    assert [entry.reason_code for entry in whole.unserved] == ["too_heavy"]
    problem = problem_with(replace(HEAVY, parts=2), most_m=70_000)
    plan = plan_for(problem)
    assert violations(problem, plan) == ()
    assert plan.served == {"spuds#1", "spuds#2"}
    assert {route.vehicle for route in plan.routes} == {"v0", "v1"}


def test_one_van_fetches_the_parts_one_after_the_other(problem_with, plan_for):
    plan = plan_for(problem_with(replace(HEAVY, parts=2), vans=1))
    assert plan.served == {"spuds#1", "spuds#2"}
    assert [visit.stop for visit in plan.routes[0].visits] == [
        "home",
        "farm",
        "school",
        "farm",
        "school",
        "home",
    ]


def test_parts_that_ride_together_cost_what_the_whole_costs(problem_with, plan_for):
    """One stay at the farm: its stop time and its price are paid once."""
    light = replace(HEAVY, grams=999)
    whole, parts = plan_for(problem_with(light)), plan_for(problem_with(replace(light, parts=3)))
    assert len(parts.served) == 3
    assert parts.totals == whole.totals


def test_a_part_may_be_left_out_for_its_share(problem_with, plan_for):
    """One small van that may go to the school once brings one part of two."""
    priced = replace(HEAVY, parts=2, skip_ore=900_001)
    plan = plan_for(problem_with(priced, vans=1, most_m=70_000))
    assert len(plan.served) == 1
    assert plan.totals.skip_ore in {450_000, 450_001}


amounts = st.integers(0, 10_000)


@pytest.mark.slow
@given(amounts, amounts, amounts, amounts, st.one_of(st.none(), amounts), st.integers(1, MOST_PARTS))
def test_the_parts_sum_to_the_whole(grams, crates, pallets, seconds, skip_ore, parts):
    stops = (Stop("a", "A"), Stop("b", "B"))
    whole = Shipment(
        "s", "a", "b", grams, crates, seconds, 2 * seconds, skip_ore=skip_ore, pallets=pallets, parts=parts
    )
    promise = Promise("s", seconds)
    problem = Problem(
        stops, (whole,), (), [[0, 1], [1, 0]], [[0, 1], [1, 0]], rules=Rules(promises=(promise,))
    )
    for name in ("grams", "crates", "pallets", "pickup_s", "delivery_s"):
        values = [getattr(part, name) for part in problem.shipments]
        assert sum(values) == getattr(whole, name)
        assert max(values) - min(values) <= 1
    assert len({part.id for part in problem.shipments}) == len(problem.shipments) == parts
    prices = [part.skip_ore for part in problem.shipments]
    assert prices == [None] * parts if skip_ore is None else sum(prices) == skip_ore
    assert sum(entry.ore for entry in problem.rules.promises) == seconds
    assert {entry.shipment for entry in problem.rules.promises} == {part.id for part in problem.shipments}
    assert problem_from(problem_document(problem)) == problem


def test_one_part_is_the_shipment_itself(problem_with):
    assert problem_with(HEAVY).shipments == (HEAVY,)
    assert shared_out(7, 3) == (3, 2, 2)


def test_rules_about_the_whole_hold_for_each_part(problem_with):
    other = Shipment("milk", "farm", "school", 1)
    rules = problem_with(
        replace(HEAVY, parts=2),
        other,
        locks=(Lock("spuds", "v0"), Lock("spuds#1", shift=0)),
        bans=(Ban("spuds", "v1"),),
        apart=(Apart("spuds", "milk"),),
    ).rules
    assert rules.locks == (Lock("spuds#1", "v0"), Lock("spuds#2", "v0"), Lock("spuds#1", shift=0))
    assert rules.bans == (Ban("spuds#1", "v1"), Ban("spuds#2", "v1"))
    assert rules.apart == (Apart("spuds#1", "milk"), Apart("spuds#2", "milk"))


@pytest.mark.parametrize(
    ("shipments", "rules", "code"),
    [
        ((replace(HEAVY, parts=0),), {}, "parts_out_of_range"),
        ((replace(HEAVY, parts=MOST_PARTS + 1),), {}, "parts_out_of_range"),
        ((replace(HEAVY, parts="2"),), {}, "parts_out_of_range"),
        ((replace(HEAVY, parts=2), replace(HEAVY, id="spuds#2")), {}, "duplicate_shipment"),
        ((replace(HEAVY, parts=2, grams=-3),), {}, "out_of_range"),
        ((replace(HEAVY, parts=2, grams=1.5),), {}, "not_whole"),
        ((replace(HEAVY, parts=2, grams=9),), {"on_board": (OnBoard("spuds", "v0"),)}, "split_on_board"),
        (
            (replace(HEAVY, parts=2),),
            {"driven": (Driven("v0", 0, 0, (DrivenVisit("farm", 9, ("spuds",)),)),), "now_s": 10},
            "split_on_board",
        ),
        ((replace(HEAVY, parts=2),), {"locks": (Lock("spuds#3", "v0"),)}, "unknown_shipment"),
    ],
)
def test_parts_that_make_no_sense_are_refused(problem_with, shipments, rules, code):
    with pytest.raises(InvalidProblem) as caught:
        problem_with(*shipments, **rules)
    assert {error.code for error in caught.value.errors} == {code}
    assert all(error.message and error.remedy for error in caught.value.errors)


def test_what_waits_for_a_whole_waits_for_every_part(problem_with):
    """The farm's three vans full reach the school one after another; what goes on from there leaves after the last."""
    passed_on = Shipment("soup", "school", "home", 10, after=("spuds",))
    problem = problem_with(replace(HEAVY, parts=3), passed_on, vans=1)
    assert problem.shipments[-1].after == ("spuds#1", "spuds#2", "spuds#3")
    plan = solve(problem, limit=Limit(iterations=20))
    assert violations(problem, plan) == ()
    came = [
        v.departure_s for r in plan.routes for v in r.visits for d in v.deliveries if d.startswith("spuds")
    ]
    left = [v.start_s for r in plan.routes for v in r.visits if "soup" in v.pickups]
    assert len(came) == 3
    assert left >= [max(came)]
