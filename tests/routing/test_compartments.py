"""Cold goods ride only where they may, and never more of them than fits there."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.check import violations
from routing.io import problem_to_json, read_problem
from routing.loading import can_lift
from routing.problem import Compartment, InvalidProblem, Shipment, Temperature, Window

DRY, CHILLED, FROZEN = Temperature


@pytest.fixture
def places(stop):
    """The kitchens open so briefly that no van comes twice to one; the hall never closes."""
    briefly = (Window(7 * 3600, 7 * 3600 + 1800),)
    kitchens = [stop("school", 70, windows=briefly), stop("elder", 90, windows=briefly), stop("hall", 70)]
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), *kitchens]


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


def goods(name, temperature, amount=10, **more):
    values = {"grams": amount, "crates": amount, "pallets": amount, "temperature": temperature}
    return Shipment(**({"id": name, "pickup": "farm", "delivery": "school"} | values | more))


def test_frozen_goods_go_with_the_vehicle_that_freezes(on_a_line, places, van, plan_for):
    shipments = [goods("ice", FROZEN)]
    free = plan_for(on_a_line(places, shipments, [van("cheap", ore_per_km=1), van("cold")]))
    assert free.routes[0].vehicle == "cheap"
    chilled = (Compartment((DRY, CHILLED)),)
    freezing = (Compartment((DRY,)), Compartment((CHILLED, FROZEN)))
    bound = on_a_line(
        places,
        shipments,
        [van("cheap", ore_per_km=1, compartments=chilled), van("cold", compartments=freezing)],
    )
    assert plan_for(bound).routes[0].vehicle == "cold"
    assert codes(bound, free) == {"no_compartment"}
    alone = replace(bound, vehicles=bound.vehicles[:1])
    assert [entry.reason_code for entry in plan_for(alone).unserved] == ["no_compartment"]


@pytest.mark.parametrize("measure", ["grams", "crates", "pallets"])
def test_a_full_compartment_sends_a_second_vehicle(on_a_line, places, van, plan_for, measure):
    """Either alone fits in the chilled part, both do not; the dry part beside it does not help."""
    shipments = [goods("milk", CHILLED), goods("cheese", CHILLED), goods("flour", DRY)]
    free = plan_for(on_a_line(places, shipments, [van("one"), van("two")]))
    assert free.totals.vehicles == 1
    parts = (Compartment((DRY,)), Compartment((CHILLED,), **{f"capacity_{measure}": 19}))
    bound = on_a_line(places, shipments, [van("one", compartments=parts), van("two", compartments=parts)])
    plan = plan_for(bound)
    assert (plan.totals.vehicles, len(plan.served)) == (2, 3)
    assert codes(bound, free) == {"compartment_full"}


def test_a_full_compartment_unloads_first(on_a_line, places, van, plan_for):
    """With room for both: home, farm, dairy, hall, home; without, the farm once more."""
    shipments = [
        goods("milk", CHILLED, delivery="hall"),
        goods("ham", CHILLED, pickup="dairy", delivery="hall"),
    ]
    for room, kilometres in ((20, 80), (15, 140)):
        parts = (Compartment((CHILLED,), capacity_grams=room),)
        plan = plan_for(on_a_line(places, shipments, [van(compartments=parts)]))
        assert (plan.totals.vehicles, len(plan.served)) == (1, 2)
        assert plan.totals.distance_m == kilometres * 1000


def test_dry_goods_may_use_the_cold_room_until_it_is_needed(on_a_line, places, van, plan_for):
    """15 dry of which 5 stand in the cold room; with 16 they are one too many for both rooms together."""
    parts = (Compartment((DRY,), capacity_grams=10), Compartment((DRY, CHILLED), capacity_grams=15))
    fleet = [van("one", compartments=parts), van("two", compartments=parts)]
    for dry, vehicles in ((15, 1), (16, 2)):
        plan = plan_for(on_a_line(places, [goods("flour", DRY, dry), goods("milk", CHILLED)], fleet))
        assert (plan.totals.vehicles, len(plan.served)) == (vehicles, 2)


def test_a_movable_wall_shares_the_whole_vehicle(on_a_line, places, van, plan_for):
    """Either part may take 80 % of the van, but not both at once."""
    parts = (Compartment((DRY,), capacity_grams=80), Compartment((CHILLED,), capacity_grams=80))
    fleet = [van(name, compartments=parts, capacity_grams=100) for name in ("one", "two")]
    for dry, cold, vehicles in ((80, 20, 1), (20, 80, 1), (60, 60, 2)):
        problem = on_a_line(places, [goods("a", DRY, dry), goods("b", CHILLED, cold)], fleet)
        plan = plan_for(problem)
        assert (plan.totals.vehicles, len(plan.served)) == (vehicles, 2)


def test_goods_loaded_at_the_start_fill_compartments_too(on_a_line, places, van, plan_for):
    shipments = [goods(name, CHILLED, pickup="home", delivery=name) for name in ("school", "elder")]
    parts = (Compartment((CHILLED,), capacity_crates=19),)
    fleet = [van("one", compartments=parts), van("two", compartments=parts)]
    assert plan_for(on_a_line(places, shipments, fleet)).totals.vehicles == 2


rooms = st.builds(
    Compartment,
    st.sets(st.sampled_from(Temperature), min_size=1).map(tuple),
    capacity_grams=st.one_of(st.none(), st.integers(0, 4)),
)


@given(st.lists(rooms, min_size=1, max_size=3), st.tuples(*[st.integers(0, 4)] * 3))
def test_what_fits_is_what_can_be_placed_gram_by_gram(parts, amounts):
    """Against trying every way to divide every class among the compartments."""
    from routing.loading import fits
    from routing.trips import Task

    tasks = tuple(
        Task(Shipment(kind, "a", "b", amount, temperature=kind), is_pickup=True)
        for kind, amount in zip(Temperature, amounts, strict=True)
    )
    vehicle = van_with(tuple(parts))
    assert fits(tasks, vehicle) == can_be_placed(parts, dict(zip(Temperature, amounts, strict=True)))


def van_with(parts):
    from routing.problem import Vehicle

    return Vehicle("v", "V", "", "a", None, 1000, None, (), 0, 0, 0, 0, compartments=parts)


def can_be_placed(parts, amounts):
    ways = [list(divisions(amount, len(parts))) for amount in amounts.values()]
    for division in product(*ways):
        held = [sum(shares[n] for shares in division) for n in range(len(parts))]
        is_admitted = all(
            share == 0 or kind in parts[n].admits
            for kind, shares in zip(amounts, division, strict=True)
            for n, share in enumerate(shares)
        )
        if is_admitted and all(
            part.capacity_grams is None or load <= part.capacity_grams
            for part, load in zip(parts, held, strict=True)
        ):
            return True
    return False


def divisions(amount, count):
    """Every way to write ``amount`` as ``count`` shares."""
    if count == 1:
        yield (amount,)
        return
    for first in range(amount + 1):
        yield from ((first, *rest) for rest in divisions(amount - first, count - 1))


def test_a_single_class_beyond_its_room_cannot_be_lifted():
    parts = (Compartment((CHILLED,), capacity_crates=3),)
    assert can_lift(van_with(parts), goods("x", CHILLED, 3))
    assert not can_lift(van_with(parts), goods("x", CHILLED, 4))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((Compartment(()),), "admits_nothing"),
        ((Compartment(("warm",)),), "unknown_temperature"),
        ((Compartment((DRY,), capacity_grams=-1),), "out_of_range"),
    ],
)
def test_senseless_compartments_are_refused(morning, parts, code):
    with pytest.raises(InvalidProblem) as caught:
        replace(morning, vehicles=(replace(morning.vehicles[0], compartments=parts),))
    assert {error.code for error in caught.value.errors} == {code}


def test_classes_are_kept_in_json(tmp_path, morning):
    parts = (Compartment((DRY, FROZEN), capacity_grams=5),)
    cold = replace(
        morning,
        shipments=tuple(replace(shipment, temperature=CHILLED) for shipment in morning.shipments),
        vehicles=(replace(morning.vehicles[0], compartments=parts),),
    )
    path = tmp_path / "problem.json"
    path.write_text(problem_to_json(cold), encoding="utf-8")
    assert read_problem(path).problem == cold
    path.write_text(problem_to_json(cold).replace('"chilled"', '"lukewarm"'), encoding="utf-8")
    from routing.io import UnreadableFile

    with pytest.raises(UnreadableFile, match="none of ambient, chilled, frozen"):
        read_problem(path)
