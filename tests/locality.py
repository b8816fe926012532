"""What the tests of local share: definitions, sites and places for property tests, and a road engine."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from geodata import areas
from geodata.definitions import (
    AllOf,
    AnyOf,
    ExpandingCircle,
    InCounties,
    InMunicipalityOrNeighbours,
    LocalDefinition,
    SchoolDayVisit,
    Step,
    WithinDistance,
)
from geodata.distances import reach_m
from geodata.points import Point
from geodata.sites import ProductionSite
from geodata.travel import TravelMatrix

COAST_TOWNS = {
    "0880": Point(lat=56.6634, lon=16.3568),  # Kalmar
    "1080": Point(lat=56.1616, lon=15.5866),  # Karlskrona
    "1283": Point(lat=56.0465, lon=12.6945),  # Helsingborg
    "1383": Point(lat=57.1056, lon=12.2508),  # Varberg
    "1286": Point(lat=55.4297, lon=13.8204),  # Ystad
    "0192": Point(lat=58.9034, lon=17.9479),  # Nynäshamn
}

COUNTIES = st.sampled_from([county.code for county in areas.counties()])
CIRCLES = st.builds(
    ExpandingCircle, product=st.sampled_from(["potatoes", "beef", "8437"]), grams=st.integers(1, 900_000)
)
SIMPLE = st.one_of(
    st.builds(InCounties, st.lists(COUNTIES, max_size=4, unique=True).map(tuple)),
    st.builds(InMunicipalityOrNeighbours, st.integers(0, 3)),
    st.builds(
        WithinDistance,
        km=st.one_of(st.integers(1, 500), st.floats(0.5, 500)),
        by=st.sampled_from(["crow", "road"]),
        measured_from=st.sampled_from(["kitchen", "seat", "border"]),
    ),
    st.builds(SchoolDayVisit, day_hours=st.floats(1, 10), travel_share=st.floats(0.1, 1)),
    CIRCLES,
)
RULES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
STEPS = st.lists(st.sampled_from(Step), min_size=1, max_size=4, unique=True).map(tuple)
DEFINITIONS = st.builds(
    LocalDefinition,
    rule=RULES,
    steps=STEPS,
    valid_from=st.none() | st.dates(date(2020, 1, 1), date(2025, 1, 1)),
    valid_to=st.none() | st.dates(date(2025, 1, 2), date(2030, 1, 1)),
    wording=st.text(max_size=20),
)

KITCHEN = Point(lat=59.758, lon=18.705)
# Land in the middle of Sweden, away from the sea, so that every point has a municipality.
POINTS = st.builds(Point, lat=st.floats(58.5, 61.5), lon=st.floats(14.5, 17.0))
SITES = st.builds(
    ProductionSite,
    step=st.sampled_from(Step),
    point=POINTS,
    municipality_code=st.none() | st.sampled_from(["0188", "0360", "0461", "2180"]),
    name=st.sampled_from(["", "A", "B"]),
)


class Road:
    """An engine that measures, and counts how often it is asked."""

    def __init__(self, *, gaps=False):
        self.asked, self.gaps = 0, gaps

    def matrix(self, origins, destinations):
        self.asked += 1
        metres = np.array([[reach_m(one, other) * 13 // 10 for other in destinations] for one in origins])
        metres = metres.reshape(len(origins), len(destinations))
        estimated = np.zeros(metres.shape, bool) | (self.gaps and metres % 2 == 0)
        return TravelMatrix(
            metres, metres * 3600 // 60_000, "test roads", "1", bool(estimated.any()), estimated=estimated
        )
