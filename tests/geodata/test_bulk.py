"""Where many points lie: the same municipality as one by one, in coast towns above all."""

import numpy as np
from locality import COAST_TOWNS

from geodata import areas, geocoding
from geodata.areas import NotOnLand
from geodata.bulk import locate_many, locate_rows
from geodata.points import Point


def one_by_one(point):
    try:
        return areas.locate(point).municipality
    except NotOnLand:
        return None


def test_anywhere_in_the_box_it_is_as_one_by_one():
    random = np.random.default_rng(11)
    box = random.uniform((55, 10.6), (69.1, 24.3), (600, 2))
    sound = random.uniform((55.2, 12.3), (56.3, 13.2), (200, 2))
    points = [Point(lat=lat, lon=lon) for lat, lon in np.vstack([box, sound]).tolist()]
    found = locate_many(points)
    assert found == tuple(one_by_one(point) for point in points)
    assert None in found


def test_coast_towns_and_every_place_of_the_gazetteer():
    codes = [area and area.code for area in locate_many(list(COAST_TOWNS.values()))]
    assert codes == list(COAST_TOWNS)
    places = geocoding._places()
    found = locate_many([place.point for place in places])
    assert [area and area.code for area in found] == [place.municipality_code for place in places]


def test_corners_that_several_polygons_hold_are_as_one_by_one():
    edges = [areas.nearest_in([other.code], areas.seat("0360")) for other in areas.neighbours("0360")]
    assert locate_many(edges) == tuple(one_by_one(point) for point in edges)


def test_candidates_are_as_one_by_one():
    points = [place.point for place in geocoding._places()[:300]]
    owners, rows = locate_rows(points).candidates(2_000)
    codes = [area.code for area in areas.municipalities()]
    found = [{codes[row] for row in rows[owners == number]} for number in range(len(points))]
    assert found == [set(areas.candidates(point, 2_000)) for point in points]


def test_no_points_are_no_answers():
    assert locate_many([]) == ()
