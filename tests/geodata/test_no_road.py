"""Where no road leads, and how few questions a road engine is asked."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from locality import Road

from geodata import areas
from geodata.definitions import LocalDefinition, SchoolDayVisit, Step, WithinDistance
from geodata.distances import reach_m
from geodata.many import verdict_many
from geodata.points import Point
from geodata.reasons import Answer
from geodata.road_bands import PAIRS_AT_ONCE, pair_lengths, road_bounds
from geodata.sites import ProductionSite
from geodata.travel import UNREACHABLE, Assumption, Estimator, TravelMatrix, WithFallback
from geodata.travel.asking import EngineDown
from geodata.verdicts import verdict
from geodata.where import where_local

ON = date(2026, 11, 1)
NORRTALJE = Point(lat=59.758, lon=18.705)
VEN = ProductionSite(Step.FARM, Point(lat=55.907, lon=12.70), municipality_code="1282", name="Ven")
TIERP = ProductionSite(Step.FARM, Point(lat=60.34, lon=17.51), municipality_code="0360")
CODES = ("0188", "0360", "0980", "1282", "1407", "0136")
ISLANDS_AND_SHORES = [
    ProductionSite(Step.FARM, Point(lat=lat, lon=lon), municipality_code=code)
    for lat, lon, code in (
        (55.907, 12.70, "1282"),
        (57.64, 18.30, "0980"),
        (57.93, 19.15, "0980"),
        (59.05, 18.42, "0136"),
        (57.69, 11.65, "1407"),
        (57.616, 11.786, "1480"),
        (59.30, 18.10, "0180"),
        (56.05, 12.70, "1283"),
    )
]


class Nowhere:
    """An engine whose map has no road at all."""

    def matrix(self, origins, destinations):
        shape = (len(origins), len(destinations))
        nothing = np.zeros(shape, np.int64)
        return TravelMatrix(
            nothing, nothing, "test roads", "1", is_estimate=False, reachable=np.zeros(shape, bool)
        )


def judge(rule, site, *, code="0188", **more):
    return verdict(LocalDefinition(rule), authority_code=code, sites=[site], kitchen=NORRTALJE, on=ON, **more)


def texts(found, language):
    return [said.text(language) for said in (*found.reasons, *found.would_change)]


def test_a_site_that_no_road_reaches_is_told_so_instead_of_a_length():
    found = judge(WithinDistance(250, "road", "seat"), VEN)
    assert found.answer == "no"
    assert texts(found, "sv") == [
        "Gård på Ven: ingen väg eller bilfärja leder dit från Norrtälje; det ska vara högst 250\u00a0km på väg",
        "Gård på Ven: en väg eller bilfärja dit",
    ]
    assert texts(found, "en") == [
        "Farm in Ven: no road or car ferry leads there from Norrtälje; it must be at most 250\u00a0km by road",
        "Farm in Ven: a road or a car ferry there",
    ]
    assert str(UNREACHABLE) not in str(found.to_json())


def test_a_class_cannot_visit_where_no_road_leads():
    found = judge(SchoolDayVisit(), VEN)
    assert (found.answer, found.reasons[0].code) == ("no", "no_road.visit")
    assert found.reasons[0].text("en") == "Farm in Ven: no road or car ferry leads there from the school"
    assert str(UNREACHABLE) not in str(found.to_json())


def test_no_road_from_one_place_on_the_border_is_uncertain_unless_even_the_straight_line_is_too_long():
    away = reach_m(areas.nearest_in(["0188"], TIERP.point), TIERP.point)
    for metres, answer in ((away - 2_001, "no"), (away - 1_999, "uncertain"), (away + 90_000, "uncertain")):
        rule = WithinDistance(metres / 1000, "road", "border")
        found = judge(rule, TIERP, travel=Nowhere())
        assert found.answer == answer
        assert found.reasons[0].code == f"no_road.{answer}"
        table = verdict_many([[TIERP]], definitions={"0188": LocalDefinition(rule)}, travel=Nowhere(), on=ON)
        assert table.answer(0, "0188") == answer
    assert "från närmaste punkt på gränsen till Norrtälje kommun" in found.reasons[0].text("sv")


@pytest.mark.slow
@settings(max_examples=60)
@given(
    sites=st.lists(st.sampled_from(ISLANDS_AND_SHORES), min_size=1, max_size=4),
    km=st.integers(1, 400),
    origin=st.sampled_from(["kitchen", "seat", "border"]),
)
def test_with_ferries_and_islands_both_paths_agree(sites, km, origin):
    definitions = {code: LocalDefinition(WithinDistance(km, "road", origin)) for code in CODES}
    kitchens = {code: areas.seat(code) for code in CODES}
    table = verdict_many([[site] for site in sites], definitions=definitions, kitchens=kitchens, on=ON)
    for row, site in enumerate(sites):
        for code, own in definitions.items():
            alone = verdict(own, authority_code=code, sites=[site], kitchen=kitchens[code], on=ON)
            assert table.answer(row, code) is alone.answer


@pytest.mark.parametrize("site", ISLANDS_AND_SHORES)
@pytest.mark.parametrize("origin", ["seat", "border"])
def test_a_larger_limit_never_takes_away_over_water_either(site, origin):
    ranks = [judge(WithinDistance(km, "road", origin), site).answer.rank for km in range(5, 700, 15)]
    assert ranks == sorted(ranks)


def test_estimates_for_many_are_calculated_together(monkeypatch):
    asked = []
    plain = Estimator.bounds
    monkeypatch.setattr(Estimator, "bounds", lambda *given: asked.append(given[1:]) or plain(*given))
    definitions = {
        code: LocalDefinition(WithinDistance(120, "road", origin))
        for code, origin in zip(CODES, ["seat", "kitchen"] * 3, strict=True)
    }
    kitchens = {code: areas.seat(code) for code in CODES}
    chains = [[site] for site in ISLANDS_AND_SHORES]
    verdict_many(chains, definitions=definitions, kitchens=kitchens, on=ON)
    assert len(asked) == 1
    where_local([TIERP], definitions, kitchens=kitchens, on=ON)
    assert len(asked) == 2


def test_many_blocks_give_what_one_gives(monkeypatch):
    definitions = {code: LocalDefinition(SchoolDayVisit(day_hours=9)) for code in CODES}
    kitchens = {code: areas.seat(code) for code in CODES}
    chains = [[site] for site in ISLANDS_AND_SHORES]
    whole = verdict_many(chains, definitions=definitions, kitchens=kitchens, on=ON)
    monkeypatch.setattr("geodata.known_roads.PAIRS_AT_ONCE", len(chains))
    assert (
        verdict_many(chains, definitions=definitions, kitchens=kitchens, on=ON).ranks == whole.ranks
    ).all()


def test_from_the_border_single_pairs_are_asked_for_together():
    random = np.random.default_rng(5)
    chains = [
        [ProductionSite(Step.FARM, Point(lat=lat, lon=lon), municipality_code="2584")]
        for lat, lon in random.uniform((59.5, 16), (60.5, 17.5), (40, 2)).tolist()
    ]
    engine = Road()
    definitions = {"0188": LocalDefinition(WithinDistance(300, "road", "border"))}
    verdict_many(chains, definitions=definitions, travel=engine, on=ON)
    assert engine.asked == -(-len(chains) // PAIRS_AT_ONCE)


def test_pairs_are_the_matrix_diagonal():
    points = [site.point for site in ISLANDS_AND_SHORES]
    ends = points[3:] + points[:3]
    found = pair_lengths(Estimator(), points, ends)
    for index, (start, end) in enumerate(zip(points, ends, strict=True)):
        low, high = Estimator().bounds([start], [end])
        assert (found.low[index], found.high[index]) == (low.metres[0, 0], high.metres[0, 0])
        assert found.reachable[index] == low.reachable[0, 0]


class Down:
    """An engine that never answers."""

    def matrix(self, origins, destinations):
        del origins, destinations
        raise EngineDown("nothing answers")


def test_when_the_engine_is_down_the_band_is_the_operators_own():
    narrow = Estimator(
        typical=Assumption(1.3, 60), shortest=Assumption(1.29, 61), longest=Assumption(1.31, 59)
    )
    shortest, longest = road_bounds(WithFallback(Down(), estimator=narrow), [NORRTALJE], [TIERP.point])
    crow = reach_m(NORRTALJE, TIERP.point)
    assert (shortest.metres[0, 0] / crow, longest.metres[0, 0] / crow) == pytest.approx(
        (1.29, 1.31), abs=1e-4
    )
    definitions = {"0188": LocalDefinition(WithinDistance(crow * 1.35 / 1000, "road", "seat"))}
    table = verdict_many(
        [[TIERP]], definitions=definitions, travel=WithFallback(Down(), estimator=narrow), on=ON
    )
    assert table.answer(0, "0188") is Answer.YES
