"""Why something was left out, the least that would change it, and that doing so does serve it."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from routing.changes import Change, Kind, changed
from routing.check import violations
from routing.cli import routing
from routing.explain import explain
from routing.insertion import with_shipment
from routing.io import plan_to_json, problem_to_json
from routing.problem import Apart, Ban, Compartment, Lock, OnBoard, Rules, Shipment, Temperature, Window
from routing.telling import told

HOUR = 3600


@pytest.fixture
def places(stop):
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


@pytest.fixture
def left_out(on_a_line, places, van, plan_for):
    """A problem with one van that cannot take the only shipment, from the farm (10) to the elder (60 min)."""

    def build(shipment=None, vehicle=None, stop=None, rules=None):
        stops = [replace(place, **((stop or {}).get(place.id, {}))) for place in places]
        goods = Shipment(
            **({"id": "s", "pickup": "farm", "delivery": "elder", "grams": 1000} | (shipment or {}))
        )
        problem = on_a_line(stops, [goods], [van(**(vehicle or {}))])
        problem = replace(problem, rules=rules or Rules())
        plan = plan_for(problem)
        assert plan.served == frozenset()
        return problem, plan

    return build


def served_after(problem, plan, option, shipment="s"):
    """The plan after the option's changes; it must be sound and cost what was promised."""
    relaxed = changed(problem, option.changes)
    grown = with_shipment(relaxed, plan, shipment)
    assert grown is not None
    assert violations(relaxed, grown) == ()
    assert shipment in grown.served
    assert grown.totals.cost_ore <= plan.totals.cost_ore + option.price_ore
    return grown


CHILLED = Temperature.CHILLED
SINGLE = [
    (
        {"stop": {"elder": {"windows": (Window(0, 7 * HOUR - 600),)}}},
        Change(Kind.STOP_CLOSES_LATER, "elder", 600),
    ),
    (
        {"stop": {"farm": {"windows": (Window(16 * HOUR - 5390, 20 * HOUR),)}}},
        Change(Kind.STOP_OPENS_EARLIER, "farm", 60),
    ),
    ({"shipment": {"delivery_windows": (Window(0, 7 * HOUR - 600),)}}, Change(Kind.DELIVERY_LATER, "s", 600)),
    ({"shipment": {"pickup_windows": (Window(0, 6 * HOUR),)}}, Change(Kind.PICKUP_LATER, "s", 600)),
    (
        {"shipment": {"delivery_windows": (Window(16 * HOUR, 17 * HOUR),)}},
        Change(Kind.DELIVERY_EARLIER, "s", 2400),
    ),
    (
        {"shipment": {"pickup_windows": (Window(15 * HOUR, 17 * HOUR),)}},
        Change(Kind.PICKUP_EARLIER, "s", 1800),
    ),
    ({"vehicle": {"shifts": (Window(0, 4000),)}}, Change(Kind.SHIFT_ENDS_LATER, "van", 2040, 0)),
    ({"vehicle": {"max_drive_s": 5000}}, Change(Kind.DRIVING, "van", 1020)),
    ({"vehicle": {"max_distance_m": 98_500}}, Change(Kind.DISTANCE, "van", 2000)),
    ({"vehicle": {"capacity_grams": 1}}, Change(Kind.GRAMS, "van", 1000, names=("ambient",))),
    (
        {"vehicle": {"capacity_crates": 3}, "shipment": {"crates": 5}},
        Change(Kind.CRATES, "van", 2, names=("ambient",)),
    ),
    (
        {"vehicle": {"capacity_pallets": 0}, "shipment": {"pallets": 1}},
        Change(Kind.PALLETS, "van", 1, names=("ambient",)),
    ),
    (
        {"vehicle": {"compartments": (Compartment((CHILLED,)),)}},
        Change(Kind.COMPARTMENT, "van", names=("ambient",)),
    ),
    (
        {
            "vehicle": {"compartments": (Compartment((CHILLED,), capacity_crates=1),)},
            "shipment": {"temperature": CHILLED, "crates": 3},
        },
        Change(Kind.CRATES, "van", 2, names=("chilled",)),
    ),
    (
        {"shipment": {"needs": ("lift",)}, "stop": {"farm": {"needs": ("ferry",)}}},
        Change(Kind.SKILLS, "van", names=("ferry", "lift")),
    ),
    (
        {"vehicle": {"carries_for": ("Bo",)}, "shipment": {"owner": "Anna"}},
        Change(Kind.OWNERS, "van", names=("Anna",)),
    ),
    (
        {"vehicle": {"forbidden_stops": ("elder", "dairy")}},
        Change(Kind.FORBIDDEN_STOPS, "van", names=("elder",)),
    ),
    ({"rules": Rules(bans=(Ban("s", "van"),))}, Change(Kind.BAN, "s", names=("van",))),
    ({"shipment": {"skip_ore": 300_000}}, Change(Kind.PRICE, "s", 50_000 + 250_000 + 58_333 - 300_000 + 1)),
]


@pytest.mark.parametrize(("case", "change"), SINGLE, ids=lambda value: getattr(value, "kind", ""))
def test_the_binding_rule_and_the_least_change_are_named(left_out, case, change):
    problem, plan = left_out(**case)
    (found,) = explain(problem, plan)
    assert change in [option.changes[0] for option in found.options]
    for option in found.options:
        served_after(problem, plan, option)
    if change.amount > 60 and change.kind is not Kind.PRICE:
        step = {Kind.DISTANCE: 1000, Kind.GRAMS: 1000, Kind.CRATES: 1, Kind.PALLETS: 1}.get(change.kind, 60)
        less = changed(problem, [replace(change, amount=change.amount - step)])
        assert with_shipment(less, plan, "s") is None


def test_a_price_that_is_raised_as_told_is_worth_paying(left_out, plan_for):
    problem, plan = left_out(shipment={"skip_ore": 300_000})
    (found,) = explain(problem, plan)
    assert found.code == "dearer_than_skipping"
    assert plan_for(changed(problem, found.options[0].changes)).served == {"s"}


def test_ways_out_are_told_cheapest_first_each_kind_once(left_out):
    """The elder closes ten minutes too soon: later closing, or an earlier start, both cost the same drive."""
    problem, plan = left_out(stop={"elder": {"windows": (Window(0, 7 * HOUR - 600),)}})
    (found,) = explain(problem, plan)
    kinds = [option.changes[0].kind for option in found.options]
    assert kinds == [Kind.STOP_CLOSES_LATER, Kind.SHIFT_STARTS_EARLIER]
    assert found.code == "stop_closes_later"
    assert found.options[1].changes[0].amount == 600


def test_two_rules_that_bind_together_are_both_named(left_out):
    problem, plan = left_out(vehicle={"capacity_grams": 1, "max_distance_m": 98_500})
    (found,) = explain(problem, plan)
    assert found.code == "max_distance_m+capacity_grams"
    assert {change.amount for change in found.options[0].changes} == {1000, 2000}
    served_after(problem, plan, found.options[0])


def test_what_no_change_helps_says_so(left_out, plan_for):
    problem, plan = left_out(stop={"elder": {"windows": (Window(200 * HOUR, 201 * HOUR),)}})
    (found,) = explain(problem, plan)
    assert (found.code, found.options) == ("nothing_helps", ())


def test_room_is_asked_only_for_what_is_missing_on_the_way(on_a_line, places, van, plan_for):
    """The van is full between the dairy and the school, by hours that leave no second round."""
    noon = (Window(7 * HOUR, 7 * HOUR + 1800),)
    goods = [
        Shipment("milk", "dairy", "school", 1, crates=8, delivery_windows=noon),
        Shipment("eggs", "farm", "school", 1, crates=3, delivery_windows=noon, skip_ore=0),
    ]
    problem = on_a_line(places, goods, [van(capacity_crates=10)])
    plan = plan_for(problem)
    assert plan.served == {"milk"}
    mandatory = replace(problem, shipments=(goods[0], replace(goods[1], skip_ore=None)))
    (found,) = explain(mandatory, replace(plan, fingerprint=""))
    assert found.code == "capacity_crates"
    assert found.options[0].changes == (Change(Kind.CRATES, "van", 1, names=("ambient",)),)
    assert found.options[0].price_ore == 0


def test_a_search_that_ended_too_soon_is_told_apart(on_a_line, places, van, plan_for):
    problem = on_a_line(places, [Shipment("s", "farm", "elder", 1)], [van()])
    empty = plan_for(replace(problem, vehicles=(van(shifts=()),)))
    (found,) = explain(problem, replace(empty, fingerprint=""))
    assert found.code == "fits_as_it_is"
    assert found.options[0].price_ore == 50_000 + 250_000 + 58_333


def test_locks_and_company_can_be_what_binds(on_a_line, places, van, plan_for):
    at_seven = (Window(7 * HOUR, 7 * HOUR),)
    goods = [Shipment(name, "farm", "school", 1, delivery_windows=at_seven) for name in ("a", "b")]
    problem = replace(on_a_line(places, goods, [van()]), rules=Rules(apart=(Apart("a", "b"),)))
    plan = plan_for(problem)
    (found,) = explain(problem, plan)
    assert found.code == "apart"
    served_after(problem, plan, found.options[0], found.shipment)
    far = van("far", max_distance_m=1)
    locked = replace(on_a_line(places, goods[:1], [van(), far]), rules=Rules(locks=(Lock("a", "far"),)))
    (found,) = explain(locked, plan_for(locked))
    assert found.code == "max_distance_m"
    assert {option.changes[0].kind for option in found.options} == {Kind.DISTANCE, Kind.LOCKS}


def test_goods_on_board_are_only_offered_to_their_vehicle(on_a_line, places, van, plan_for):
    goods = Shipment("s", "farm", "elder", 1, pickup_windows=(Window(0, 1),))
    fleet = [van("one", max_distance_m=70_000), van("two")]
    problem = replace(on_a_line(places, [goods], fleet), rules=Rules(on_board=(OnBoard("s", "one"),)))
    plan = plan_for(problem)
    (found,) = explain(problem, plan)
    assert [option.changes for option in found.options] == [(Change(Kind.DISTANCE, "one", 10_000),)]
    served_after(problem, plan, found.options[0])


def test_the_command_tells_and_prints_json(tmp_path, left_out):
    problem, plan = left_out(vehicle={"max_distance_m": 98_500})
    (tmp_path / "problem.json").write_text(problem_to_json(problem), encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_to_json(plan), encoding="utf-8")
    words = [str(tmp_path / name) for name in ("problem.json", "plan.json")]
    shown = CliRunner().invoke(routing, ["explain", *words])
    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        "s: any one of these would serve it.",
        "  van may drive 2 km more: then van takes it in shift 0, for 3583.33 kr",
    ]
    (entry,) = json.loads(CliRunner().invoke(routing, ["explain", *words, "--json"]).output)
    assert entry["options"][0]["changes"][0]["amount"] == 2000
    (tmp_path / "plan.json").write_text(plan_to_json(replace(plan, unserved=())), encoding="utf-8")
    assert CliRunner().invoke(routing, ["explain", *words]).exit_code == 1


def test_every_kind_of_change_has_words():
    from routing.explain import Explanation, Option

    for kind in Kind:
        option = Option((Change(kind, "it", 120, 1, ("x",)),), "van", 0, 100)
        lines = list(told(Explanation("s", kind, (option,))))
        assert "it" in lines[1]
        assert "{" not in lines[1]
