"""A producer's own delivery beside collection, and producers who carry for each other: whatever is cheapest for all."""

from dataclasses import replace

import pytest

from routing.check import violations
from routing.problem import Shipment, Window

FREE = dict(fixed_ore_per_shift=0, ore_per_hour=0)


def carriers(plan):
    return {name: r.vehicle for r in plan.routes for visit in r.visits for name in visit.deliveries}


# -- a producer's own van, for its own goods only


@pytest.fixture
def own_or_collected(on_a_line, stop, van):
    """Anna's farm lies 10 km beyond the school, which lies 100 km from the depot; Bo's farm is where it is asked for."""

    def build(*, bo_at):
        stops = [stop("depot", 0), stop("school", 100), stop("anna", 110), stop("bo", bo_at)]
        shipments = [
            Shipment("apples", "anna", "school", 50_000, owner="Anna"),
            Shipment("beets", "bo", "school", 50_000, owner="Bo"),
        ]
        vans = [
            van("collecting", start="depot", end="depot", **FREE),
            van("annas", owner="Anna", start="anna", end="anna", carries_for=("Anna",), **FREE),
        ]
        return on_a_line(stops, shipments, vans)

    return build


def test_the_producers_own_van_delivers_where_collecting_would_go_out_of_its_way(own_or_collected, plan_for):
    """Bo's farm is on the way from the depot. Fetching Anna's goods too would be 20 km more, as far as her own van
    drives, which costs less per km."""
    problem = own_or_collected(bo_at=50)
    cheaper = replace(problem, vehicles=(problem.vehicles[0], replace(problem.vehicles[1], ore_per_km=2_000)))
    plan = plan_for(cheaper)
    assert carriers(plan) == {"apples": "annas", "beets": "collecting"}
    assert plan.totals.cost_ore == 200 * 2_500 + 20 * 2_000


def test_the_collecting_van_takes_them_where_it_passes_anyway(own_or_collected, plan_for):
    """Bo's farm lies beyond Anna's: whoever fetches his goods passes hers, and her own van may not take his."""
    problem = own_or_collected(bo_at=120)
    for ore_per_km in (2_000, 100):
        vans = (problem.vehicles[0], replace(problem.vehicles[1], ore_per_km=ore_per_km))
        plan = plan_for(replace(problem, vehicles=vans))
        assert carriers(plan) == {"apples": "collecting", "beets": "collecting"}
        assert plan.totals.cost_ore == 240 * 2_500
        assert plan.totals.vehicles == 1


def test_a_van_that_carries_for_its_owner_only_never_takes_anothers_goods(own_or_collected, plan_for):
    """Anna's van could drive both for next to nothing; only when it carries for Bo too does it."""
    problem = own_or_collected(bo_at=120)
    collecting, annas = problem.vehicles
    almost_free = replace(annas, ore_per_km=1)
    assert carriers(plan_for(replace(problem, vehicles=(collecting, almost_free))))["beets"] == "collecting"
    for_both = replace(almost_free, carries_for=("Anna", "Bo"))
    plan = plan_for(replace(problem, vehicles=(collecting, for_both)))
    assert carriers(plan) == {"apples": "annas", "beets": "annas"}


# -- producers who carry for each other


@pytest.fixture
def neighbours(on_a_line, stop, van):
    """Two farms 5 km apart, two schools 60 km away and 5 km apart; each producer has goods for both."""

    def build(**carries_for):
        stops = [stop("anna", 0), stop("bo", 5), stop("school", 60), stop("elder", 65)]
        shipments = [
            Shipment(f"{farm}-{place}", farm, place, 20_000, owner=farm)
            for farm in ("anna", "bo")
            for place in ("school", "elder")
        ]
        vans = [
            van(f"{farm}s", owner=farm, start=farm, end=farm, carries_for=carries_for[farm])
            for farm in ("anna", "bo")
        ]
        return on_a_line(stops, shipments, vans)

    return build


def test_two_producers_who_carry_for_each_other_beat_each_driving_alone(neighbours, plan_for):
    """Alone: 130 and 120 km, two starts. Together Anna collects from Bo on her way: 130 km and one start."""
    alone = neighbours(anna=("anna",), bo=("bo",))
    together = neighbours(anna=("anna", "bo"), bo=("anna", "bo"))
    apart, shared = plan_for(alone), plan_for(together)
    assert violations(together, shared) == ()
    assert {name.split("-")[0] + "s" for name in carriers(apart)} == set(carriers(apart).values())
    assert all(carriers(apart)[name] == name.split("-")[0] + "s" for name in apart.served)
    assert (apart.totals.vehicles, apart.totals.distance_m) == (2, 250_000)
    assert (shared.totals.vehicles, shared.totals.distance_m) == (1, 130_000)
    assert shared.totals.cost_ore < apart.totals.cost_ore - 50_000
    assert {"others_goods"} <= {fault.code for fault in violations(alone, replace(shared, fingerprint=""))}


def test_carrying_for_the_other_helps_even_when_only_one_of_them_does(neighbours, plan_for):
    plan = plan_for(neighbours(anna=("anna", "bo"), bo=("bo",)))
    assert set(carriers(plan).values()) == {"annas"}
    assert plan.totals.distance_m == 130_000


def test_together_they_serve_what_neither_could_alone(on_a_line, stop, van, plan_for):
    """Each has goods for both ends, 50 km either way, where doors close two hours after the start: no van can be at
    both. Each takes the goods of both to one end."""
    until_eight = (Window(0, 8 * 3600),)
    stops = [
        stop("north", 0, windows=until_eight),
        stop("anna", 50),
        stop("bo", 52),
        stop("south", 102, windows=until_eight),
    ]
    shipments = [
        Shipment(f"{farm}-{place}", farm, place, 50_000, owner=farm)
        for farm in ("anna", "bo")
        for place in ("north", "south")
    ]

    def problem(**more):
        vans = [
            van(f"{farm}s", owner=farm, start=farm, end=farm, **({"carries_for": (farm,)} | more))
            for farm in ("anna", "bo")
        ]
        return on_a_line(stops, shipments, vans)

    alone, together = plan_for(problem()), plan_for(problem(carries_for=("anna", "bo")))
    assert (len(alone.served), len(together.served)) == (2, 4)
    assert together.totals.distance_m == 2 * 104 * 1000
    assert carriers(together)["anna-north"] == carriers(together)["bo-north"]
    assert carriers(together)["anna-south"] == carriers(together)["bo-south"]
