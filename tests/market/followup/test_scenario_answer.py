"""What a scenario means: the need by portions, who meets it, what is lost when one thing more is taken away."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from factories import MONDAY
from week_inputs import HUB, SATELLITE, SITE, VAN, week

from geodata.points import Point
from geodata.travel import Estimator
from market.followup.preparedness.links import SHORTEST_M, links_of
from market.followup.preparedness.outcome import Outcome
from market.followup.preparedness.queries import KitchenNow, Known
from market.followup.preparedness.rules import (
    USUAL_PORTIONS,
    Assumptions,
    Basis,
    PointKind,
    RoadShut,
    TakenInByAShutKitchen,
)
from market.followup.preparedness.sharing import Supply
from market.followup.preparedness.working_out import work_out
from market.planning.what_if import Halt, Tour
from market.register.models import Temperature

NEAR, FAR = SITE, replace(SITE, id=9, name="Långtbortgården", lat=60.30, lon=18.10)
OTHER_HUB = replace(SATELLITE, name="Skolköket")


def supply(site_id: int, category: str, kilograms: int) -> Supply:
    return Supply(
        site_id=site_id,
        producer_id=site_id,
        category=category,
        temperature=Temperature.AMBIENT,
        grams=kilograms * 1000,
        basis=Basis.OFFERS,
    )


KNOWN = Known(
    starts_on=MONDAY,
    kitchens=(
        KitchenNow(id=HUB.id, name=HUB.name, receiving_id=HUB.id, portions=100),
        KitchenNow(id=4, name="Förskolan", receiving_id=HUB.id, portions=50),
        KitchenNow(id=OTHER_HUB.id, name=OTHER_HUB.name, receiving_id=OTHER_HUB.id, portions=None),
    ),
    grams={"potatoes": 100, "vegetables": 100},
    pace={"potatoes": 3_000},
    supplies=(supply(NEAR.id, "potatoes", 200), supply(FAR.id, "vegetables", 150)),
    producers={NEAR.id: "Nära", FAR.id: "Fjärran"},
    network=week(goods=(), sites=(NEAR, FAR), kitchens=(HUB, OTHER_HUB), vans=(VAN,)),
)
WEEK = Assumptions(days=7)


def answer(supposed: Assumptions = WEEK, known: Known = KNOWN) -> Outcome:
    return work_out(known, supposed, travel=Estimator(), told=lambda _: True)


@pytest.fixture(scope="module")
def whole() -> Outcome:
    return answer()


def test_the_need_is_portions_by_grams_and_days(whole):
    portions = 100 + 50 + USUAL_PORTIONS
    assert whole.meals_needed == portions * 7
    assert [(one.key, one.need_grams) for one in whole.categories] == [
        ("potatoes", 100 * portions * 7),
        ("vegetables", 100 * portions * 7),
    ]
    assert [(one.name, one.portions, one.is_assumed) for one in whole.kitchens] == [
        (HUB.name, 150, False),
        (OTHER_HUB.name, USUAL_PORTIONS, True),
    ]


def test_what_there_is_is_shared_and_driven(whole):
    potatoes, vegetables = whole.categories
    assert (potatoes.delivered_grams, vegetables.delivered_grams) == (200_000, 150_000)
    assert potatoes.meals == 2_000
    assert round(vegetables.days_of(7), 1) == 5.0
    assert whole.meals == 350_000 // 200
    assert {one.kitchen_id: one.delivered_grams for one in whole.kitchens} == {
        HUB.id: 175_000,
        OTHER_HUB.id: 175_000,
    }
    assert sum(halt.dropped_grams for tour in whole.tours for halt in tour.halts) == 350_000
    assert [(one.producer, one.delivered_grams) for one in whole.sources] == [
        ("Nära", 200_000),
        ("Fjärran", 150_000),
    ]


def test_a_producers_sites_are_one_row_with_all_that_they_have():
    """A hundred and eighty kilograms of potatoes at two sites are 180 of 180, not 180 of 100 and nothing of 80."""
    elsewhere = replace(supply(FAR.id, "potatoes", 80), producer_id=NEAR.id, basis=Basis.PACE)
    known = replace(KNOWN, supplies=(supply(NEAR.id, "potatoes", 100), elsewhere))
    (row,) = answer(known=known).sources
    assert (row.producer, row.category, row.basis) == ("Nära", "potatoes", Basis.BOTH)
    assert (row.supply_grams, row.delivered_grams) == (180_000, 180_000)
    same = replace(elsewhere, basis=Basis.OFFERS)
    (row,) = answer(known=replace(known, supplies=(known.supplies[0], same))).sources
    assert row.basis is Basis.OFFERS


def test_no_source_brings_more_than_it_has(whole):
    more = (*KNOWN.supplies, replace(supply(FAR.id, "potatoes", 40), producer_id=NEAR.id))
    rows = answer(known=replace(KNOWN, supplies=more)).sources
    assert len(rows) == len({(one.producer_id, one.category) for one in rows})
    assert all(one.delivered_grams <= one.supply_grams for one in rows)
    assert sum(one.delivered_grams for one in rows) == whole.meals * 200 + 10_000


def test_an_earlier_answer_by_site_is_shown_by_producer(whole):
    plain = json.loads(json.dumps(whole.as_plain()))
    first, *rest = plain["sources"]
    halves = [first | {"supply_grams": 120_000}, first | {"supply_grams": 80_000, "delivered_grams": 0}]
    assert Outcome.from_plain(plain | {"sources": [*halves, *rest]}).sources == whole.sources


def test_single_points_are_ranked_by_the_meals_they_cost(whole):
    losses = {(point.kind, point.name): point.meals_lost for point in whole.points}
    assert losses[PointKind.PRODUCER, "Nära"] == 1_000
    assert losses[PointKind.PRODUCER, "Fjärran"] == 750
    assert losses[PointKind.VEHICLE, VAN.name] == whole.meals, "the only vehicle"
    assert losses[PointKind.KITCHEN, HUB.name] == 875, "its guests' part, though others eat what was theirs"
    assert [point.meals_lost for point in whole.points] == sorted(losses.values(), reverse=True)
    hub = next(point for point in whole.points if point.name == HUB.name and point.kind is PointKind.KITCHEN)
    assert hub.by_category == {"potatoes": 1_000, "vegetables": 750}
    nearby = next(point for point in whole.points if point.name == "Nära")
    assert nearby.by_category == {"potatoes": 2_000}
    assert any(point.kind is PointKind.ROAD for point in whole.points)


def test_a_shut_kitchen_takes_its_guests_meals_unless_another_cooks():
    shut = answer(Assumptions(days=7, shut=(HUB.id,)))
    assert next(one for one in shut.kitchens if one.kitchen_id == HUB.id).delivered_grams == 0
    assert shut.meals_needed == 300 * 7, "the guests are as hungry"
    instead = answer(Assumptions(days=7, shut=(HUB.id,), instead=OTHER_HUB.id))
    assert next(one for one in instead.kitchens if one.kitchen_id == OTHER_HUB.id).portions == 300
    assert instead.meals > shut.meals
    with pytest.raises(TakenInByAShutKitchen):
        Assumptions(days=7, shut=(HUB.id,), instead=HUB.id)


def test_distance_fuel_and_roads_narrow_what_comes(whole):
    near = answer(Assumptions(days=7, within_km=30))
    assert {one.producer for one in near.sources} == {"Nära"}
    dry = answer(Assumptions(days=7, fuel_km=0))
    assert (dry.meals, dry.distance_m) == (0, 0)
    assert {one.reason for one in dry.left} == {"no_fuel"}
    road = RoadShut(place="Bron", lat=(FAR.lat + HUB.lat) / 2, lon=(FAR.lon + HUB.lon) / 2, radius_km=20)
    assert answer(Assumptions(days=7, road=road)).meals < whole.meals


def test_while_the_wholesaler_delivers_only_the_local_pace_is_at_stake():
    local = answer(Assumptions(days=7, wholesaler_stops=False))
    assert [(one.key, one.need_grams) for one in local.categories] == [("potatoes", 21_000)]


def test_nothing_at_stake_is_no_share():
    nothing = answer(Assumptions(days=7, wholesaler_stops=False), replace(KNOWN, pace={}))
    assert (nothing.meals, nothing.meals_needed, nothing.percent) == (0, 0, None)
    assert nothing.categories == ()
    crumbs = answer(Assumptions(days=7, wholesaler_stops=False), replace(KNOWN, pace={"potatoes": 10}))
    assert (crumbs.percent, [one.key for one in crumbs.categories]) == (None, ["potatoes"])
    assert answer(Assumptions(days=7), replace(KNOWN, supplies=())).percent == 0


def test_longer_than_a_week_the_tours_are_driven_again():
    long = answer(Assumptions(days=14))
    assert [one.delivered_grams for one in long.categories] == [200_000, 150_000]
    assert sum(tour.grams for tour in long.tours) == 175_000


def test_an_answer_is_stored_and_read_back(whole):
    assert Outcome.from_plain(json.loads(json.dumps(whole.as_plain()))) == whole
    supposed = Assumptions(days=3, shut=(1, 2), road=RoadShut(place="B", lat=60.0, lon=18.0, radius_km=2))
    assert Assumptions.from_plain(json.loads(json.dumps(supposed.as_plain()))) == supposed


def test_it_ends_with_what_there_is_when_told_to():
    stopped = work_out(KNOWN, WEEK, travel=Estimator(), told=lambda kind: kind is None)
    assert (stopped.points, stopped.is_whole) == ((), False)
    assert stopped.meals == 1_750


def test_a_stretch_of_road_is_what_lies_between_two_places_with_goods_on_board():
    def halt(name: str, lat: float, picked: tuple[int, ...] = (), dropped: tuple[int, ...] = ()) -> Halt:
        return Halt(
            kind="site", place_id=1, name=name, lat=lat, lon=18.0, arrives_s=0, picked=picked, dropped=dropped
        )

    tour = Tour(
        vehicle_id=1,
        vehicle="Bil",
        day=MONDAY,
        distance_m=0,
        duration_s=0,
        halts=(
            halt("Hem", 59.5),
            halt("Gård", 59.7, picked=(1,)),
            halt("Kök", 59.9, dropped=(1,)),
            halt("Hem", 59.5),
        ),
    )
    assert SHORTEST_M < 20_000
    ends = [Point(lat=59.7, lon=18.0), Point(lat=59.9, lon=18.0)]
    (link,) = links_of([tour, tour], {1: 500}, ends)
    assert (link.name, link.grams, round(link.lat, 1), link.radius_m) == ("Gård – Kök", 1_000, 59.8, 3_000)
    beside = Point(lat=59.8, lon=18.01)
    (narrow,) = links_of([tour], {1: 500}, [*ends, beside])
    assert 500 < narrow.radius_m < 600, "what lies beside the road is reached as before"
