"""All the answers at once are the answers one by one, near the limits above all."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from locality import POINTS, RULES, SITES, Road
from pyproj import Geod

from geodata import areas
from geodata.areas import NotOnLand, UnknownArea
from geodata.definitions import (
    AllOf,
    InCounties,
    InMunicipalityOrNeighbours,
    LocalDefinition,
    NotInForce,
    SchoolDayVisit,
    Step,
    WithinDistance,
)
from geodata.distances import reach_m
from geodata.limits import Places
from geodata.many import verdict_many
from geodata.points import Point
from geodata.reasons import Answer
from geodata.sites import ProductionSite
from geodata.travel import TravelMatrix
from geodata.verdicts import verdict

ON = date(2026, 1, 1)
GEOD = Geod(ellps="WGS84")
CODES = ("0188", "0360", "0980", "2584", "1407")
AUTHORITIES = st.sampled_from(CODES)
STEPS = st.lists(st.sampled_from(Step), min_size=1, unique=True).map(tuple)


def one_by_one(chains, definitions, kitchens, **more):
    return [
        [
            verdict(own, authority_code=code, sites=chain, kitchen=kitchens.get(code), on=ON, **more).answer
            for code, own in definitions.items()
        ]
        for chain in chains
    ]


def at_once(chains, definitions, kitchens, **more):
    table = verdict_many(chains, definitions=definitions, kitchens=kitchens, on=ON, **more)
    return [[table.answer(row, code) for code in definitions] for row in range(len(chains))]


@settings(max_examples=60)
@given(
    chains=st.lists(st.lists(SITES, max_size=3), max_size=5),
    definitions=st.dictionaries(AUTHORITIES, st.builds(LocalDefinition, rule=RULES, steps=STEPS), min_size=1),
    kitchens=st.dictionaries(AUTHORITIES, POINTS),
)
def test_at_once_is_as_one_by_one(chains, definitions, kitchens):
    assert at_once(chains, definitions, kitchens) == one_by_one(chains, definitions, kitchens)


@given(
    origin=POINTS,
    bearing=st.floats(0, 360),
    km=st.integers(1, 600),
    off_m=st.sampled_from([0, 1e-6, 1e-3, 0.01, 0.4, 0.6, 1, 3, 50]),
    side=st.sampled_from([-1, 1]),
    by=st.sampled_from(["kitchen", "seat", "border"]),
)
def test_at_the_limit_itself_both_paths_agree(origin, bearing, km, off_m, side, by):
    """A site placed a hair inside or outside, from the very place that the rule measures from."""
    lon, lat, _ = GEOD.fwd(origin.lon, origin.lat, bearing, km * 1000 + side * off_m)
    try:
        site = ProductionSite(Step.FARM, Point(lat=lat, lon=lon), municipality_code="2584")
    except ValueError:
        return  # the bearing led abroad
    definitions = {"0188": LocalDefinition(WithinDistance(km, "crow", by))}
    assert at_once([[site]], definitions, {"0188": origin}) == one_by_one(
        [[site]], definitions, {"0188": origin}
    )


@pytest.mark.parametrize("by_limit", [0, -2_000, 2_000])
def test_near_the_borders_limits_both_paths_agree(by_limit):
    """Limits chosen so that each site lies within a metre of one, less or more the blur."""
    random = np.random.default_rng(7)
    for lat, lon in zip(
        random.uniform(58.5, 61.5, 40).tolist(), random.uniform(14.5, 17, 40).tolist(), strict=True
    ):
        site = ProductionSite(Step.FARM, Point(lat=lat, lon=lon))
        away = reach_m(areas.nearest_in(["0188"], site.point), site.point) + by_limit
        for metres in (away - 1, away, away + 1):
            definitions = {"0188": LocalDefinition(WithinDistance(metres / 1000, "crow", "border"))}
            assert at_once([[site]], definitions, {}) == one_by_one([[site]], definitions, {})


def test_far_from_the_middle_of_the_map_both_paths_agree():
    """By the Finnish border a metre on the map is a little less on the ground than in the middle of Sweden."""
    random = np.random.default_rng(11)
    for lat, lon in random.uniform((65.9, 18.5), (67.5, 21.5), (25, 2)).tolist():
        site = ProductionSite(Step.FARM, Point(lat=lat, lon=lon), municipality_code="2506")
        away = reach_m(areas.nearest_in(["2583"], site.point), site.point)
        for by_limit in (-2_000, 2_000):
            for metres in (away + by_limit - 1, away + by_limit + 1):
                definitions = {"2583": LocalDefinition(WithinDistance(metres / 1000, "crow", "border"))}
                assert at_once([[site]], definitions, {}) == one_by_one([[site]], definitions, {})


def test_a_limit_shorter_than_the_blur_is_never_a_yes_from_outside():
    middle = areas.shape("0188").centroid
    point = Point.from_sweref(easting=middle.x, northing=middle.y)
    site = ProductionSite(Step.FARM, point, municipality_code="2584")
    definitions = {"0188": LocalDefinition(WithinDistance(1, "crow", "border"))}
    assert at_once([[site]], definitions, {}) == one_by_one([[site]], definitions, {}) == [[Answer.UNCERTAIN]]


def test_every_pair_is_as_pyproj_says():
    random = np.random.default_rng(3)
    lats, lons = random.uniform(55.3, 69, 2_000), random.uniform(11, 24, 2_000)
    places = Places(lats, lons)
    for limit_km in (1, 50, 250, 900):
        for area in areas.municipalities()[::20]:
            seat = areas.seat(area.code)
            ones = np.ones(len(lats))
            _, _, metres = GEOD.inv(seat.lon * ones, seat.lat * ones, lons, lats)
            assert (places.are_within(seat, limit_km * 1000) == (metres <= limit_km * 1000)).all()


def test_a_tenth_of_a_metre_over_is_over():
    kitchen = Point(lat=59.758, lon=18.705)
    for off_m, answer in ((-0.1, Answer.YES), (0.1, Answer.NO)):
        lon, lat, _ = GEOD.fwd(kitchen.lon, kitchen.lat, 270, 100_000 + off_m)
        chain = [ProductionSite(Step.FARM, Point(lat=lat, lon=lon))]
        definitions = {"0188": LocalDefinition(WithinDistance(100))}
        assert at_once([chain], definitions, {"0188": kitchen}) == [[answer]]
        assert one_by_one([chain], definitions, {"0188": kitchen}) == [[answer]]


ROAD_RULES = (
    WithinDistance(120, "road"),
    WithinDistance(120, "road", "seat"),
    WithinDistance(90, "road", "border"),
    AllOf((SchoolDayVisit(), WithinDistance(300, "road"))),
)


@pytest.mark.parametrize("gaps", [False, True])
def test_by_road_both_paths_agree_and_the_engine_is_asked_few_times(gaps):
    random = np.random.default_rng(5)
    chains = [
        [ProductionSite(Step.FARM, Point(lat=lat, lon=lon))]
        for lat, lon in random.uniform((58.5, 14.5), (61.5, 17), (12, 2)).tolist()
    ]
    kitchens = {code: areas.seat(code) for code in CODES}
    for rule in ROAD_RULES:
        definitions = {code: LocalDefinition(rule) for code in CODES}
        engine = Road(gaps=gaps)
        assert at_once(chains, definitions, kitchens, travel=engine) == one_by_one(
            chains, definitions, kitchens, travel=Road(gaps=gaps)
        )
        if "border" not in str(rule):
            assert engine.asked <= 2


class HalfMeasured:
    """Both roads are 120 km, but only the first was measured."""

    def matrix(self, origins, destinations):
        estimated = np.array([[point != FIRST for point in destinations] for _ in origins])
        metres = np.full(estimated.shape, 120_000)
        return TravelMatrix(metres, metres, "test", "1", bool(estimated.any()), estimated=estimated)


FIRST, SECOND = Point(lat=60.34, lon=17.51), Point(lat=60.341, lon=17.51)


def test_what_was_measured_stays_so_beside_what_was_not():
    chains = [[ProductionSite(Step.FARM, point)] for point in (FIRST, SECOND)]
    definitions = {"0188": LocalDefinition(WithinDistance(121, "road", "seat"))}
    expected = [[Answer.YES], [Answer.UNCERTAIN]]
    assert at_once(chains, definitions, {}, travel=HalfMeasured()) == expected
    assert one_by_one(chains, definitions, {}, travel=HalfMeasured()) == expected


def test_the_table_names_its_columns():
    chains = [[ProductionSite(Step.FARM, Point(lat=60.34, lon=17.51))], []]
    table = verdict_many(chains, definitions={"0360": LocalDefinition(InCounties())}, on=ON)
    assert table.answers("0360") == (Answer.YES, Answer.UNCERTAIN)
    assert table.ranks.tolist() == [[2], [1]]


def test_a_kitchen_that_is_gone_is_uncertain_and_not_guessed():
    chains = [[ProductionSite(Step.FARM, Point(lat=60.34, lon=17.51))]]
    for rule in (WithinDistance(250), SchoolDayVisit()):
        assert at_once(chains, {"0188": LocalDefinition(rule)}, {}) == [[Answer.UNCERTAIN]]


def test_errors_name_the_authority_and_the_mend():
    late = LocalDefinition(InCounties(), valid_from=date(2027, 1, 1))
    with pytest.raises(NotInForce, match=r"Tierp \(0360\).*geodata\.versions\.in_force"):
        verdict_many([], definitions={"0360": late}, on=ON)
    with pytest.raises(UnknownArea, match="four digits"):
        verdict_many([], definitions={"9999": LocalDefinition(InCounties())}, on=ON)
    at_sea = [[ProductionSite(Step.FARM, Point(lat=58.0, lon=19.9), name="X")]]
    for rule in (InCounties(), InMunicipalityOrNeighbours()):
        with pytest.raises(NotOnLand, match="at sea"):
            verdict_many(at_sea, definitions={"0360": LocalDefinition(rule)}, on=ON)
