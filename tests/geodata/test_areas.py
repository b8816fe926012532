"""Which municipality a place lies in, who borders whom, and where the seats are."""

import pytest
from locality import COAST_TOWNS

from geodata import areas, geocoding
from geodata.areas import NotOnLand, UnknownArea
from geodata.bulk import locate_many
from geodata.links import linked, neighbourhood
from geodata.points import Point


def test_there_are_290_municipalities_and_21_counties():
    assert len(areas.municipalities()) == 290
    assert len(areas.counties()) == 21
    assert {m.county_code for m in areas.municipalities()} == {c.code for c in areas.counties()}


def test_names_keep_their_swedish_letters():
    assert areas.municipality("0188").name == "Norrtälje"
    assert areas.county("22").name == "Västernorrlands län"
    assert [m.name for m in areas.municipalities(county_code="09")] == ["Gotland"]


@pytest.mark.parametrize("code", ["9999", "188", "", "Tierp", "03"])
def test_an_unknown_municipality_says_what_a_code_looks_like(code):
    with pytest.raises(UnknownArea, match="four digits"):
        areas.municipality(code)


def test_an_unknown_county_says_what_a_code_looks_like():
    with pytest.raises(UnknownArea, match="two digits"):
        areas.municipalities(county_code="02")


def test_a_point_inside_is_located_with_its_county():
    found = areas.locate(Point(lat=60.34, lon=17.51))
    assert (found.municipality.name, found.county.name, found.method) == ("Tierp", "Uppsala län", "inside")
    assert 10_000 < found.border_m < 20_000


@pytest.mark.parametrize(("code", "town"), COAST_TOWNS.items())
def test_coast_towns_that_the_polygons_miss_get_their_municipality(code, town):
    found = areas.locate(town)
    assert (found.municipality.code, found.method) == (code, "nearest")


def test_every_place_of_the_gazetteer_lies_in_its_own_municipality():
    wrong = [
        place.address
        for place in geocoding._places()
        if areas.locate(place.point).municipality.code != place.municipality_code
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("town", "code"),
    [("Gnesta", "0461"), ("Kil", "1715"), ("Surte", "1440"), ("Hasslö", "1080"), ("Sommen", "0687")],
)
def test_towns_drawn_on_the_wrong_side_of_a_border_are_mended(town, code):
    assert areas.locate(geocoding.search(town)[0].point).municipality.code == code


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(55.676, 12.568), (56.036, 12.60), (59.91, 10.75), (58.0, 19.9), (60.17, 24.3), (57.3, 10.6)],
)
def test_copenhagen_elsinore_oslo_and_the_open_sea_are_no_municipality(lat, lon):
    with pytest.raises(NotOnLand, match="drop the pin on land in Sweden"):
        areas.locate(Point(lat=lat, lon=lon))


@pytest.mark.parametrize(
    "place",
    [
        (55.64, 12.76),  # Saltholm
        (59.1226, 11.3875),  # Halden
        (59.953, 12.196),  # Magnor
        (61.88, 12.05),  # Drevsjö
        (66.56, 24.2),  # east of Övertorneå
        (69.05, 20.79),  # Kilpisjärvi
    ],
)
def test_denmark_norway_and_finland_by_the_border_are_not_sweden(place):
    point = Point(lat=place[0], lon=place[1])
    with pytest.raises(NotOnLand, match="at sea or abroad"):
        areas.locate(point)
    assert locate_many([point]) == (None,)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ((58.90, 11.00), "Strömstad"),  # Nordkoster
        ((59.092, 11.275), "Strömstad"),  # Svinesund
        ((68.426, 18.126), "Kiruna"),  # Riksgränsen
        ((65.73, 23.75), "Haparanda"),  # Seskarö
        ((65.835, 24.137), "Haparanda"),  # the town
        ((58.95, 13.20), "Säffle"),  # out on Vänern
        ((58.95, 18.28), "Haninge"),  # Utö
    ],
)
def test_islands_lakes_and_towns_by_the_border_are_sweden(place, name):
    assert areas.locate(Point(lat=place[0], lon=place[1])).municipality.name == name


def test_candidates_name_both_sides_of_a_near_border_only():
    assert areas.candidates(Point(lat=59.0475, lon=17.3119), 2_000) == {"0461", "0181"}
    assert areas.candidates(Point(lat=60.34, lon=17.51), 2_000) == {"0360"}


def test_tierps_neighbours():
    names = {m.name for m in areas.neighbours("0360")}
    assert names == {"Gävle", "Heby", "Uppsala", "Älvkarleby", "Östhammar"}


def test_there_are_728_pairs_and_each_is_mutual():
    assert len(areas.neighbour_pairs()) == 728
    for area in areas.municipalities():
        assert area not in areas.neighbours(area.code)
        assert all(area in areas.neighbours(other.code) for other in areas.neighbours(area.code))


def test_only_the_five_islands_lack_land_neighbours_and_each_is_linked():
    alone = {m.name for m in areas.municipalities() if not areas.neighbours(m.code)}
    assert alone == {"Ekerö", "Lidingö", "Tjörn", "Öckerö", "Gotland"}
    assert all(linked(m.code) for m in areas.municipalities() if m.name in alone)


def test_a_neighbourhood_grows_by_rings_and_crosses_bridges():
    assert neighbourhood("0186", 0) == {"0186"}
    assert neighbourhood("0186", 1) == {"0186", "0180"}
    assert "0184" in neighbourhood("0186", 2)
    assert neighbourhood("0360", 1) < neighbourhood("0360", 2)


@pytest.mark.parametrize("rings", [1, 2])
def test_neighbourhoods_are_mutual(rings):
    for area in areas.municipalities():
        assert all(area.code in neighbourhood(other, rings) for other in neighbourhood(area.code, rings))


def test_distance_to_the_border_counts_from_both_sides():
    inside, outside = Point(lat=60.34, lon=17.51), Point(lat=59.86, lon=17.64)
    assert 10_000 < areas.distance_to_border_m("0360", inside) < 20_000
    assert 20_000 < areas.distance_to_border_m("0360", outside) < 50_000


def test_the_nearest_point_of_an_area_is_the_point_itself_inside_it():
    inside, outside = Point(lat=60.34, lon=17.51), Point(lat=59.86, lon=17.64)
    assert areas.nearest_in(["0360"], inside) == inside
    assert areas.distance_to_border_m("0360", areas.nearest_in(["0360", "0319"], outside)) <= 1


def test_every_seat_lies_in_its_municipality():
    assert all(areas.locate(areas.seat(m.code)).municipality == m for m in areas.municipalities())
    assert {areas.seat_name(code) for code in ("0980", "2321", "1440")} == {"Visby", "Järpen", "Nödinge"}


def test_shapes_say_their_units():
    west, south, east, north = areas.shape("0360").bounds
    assert 600_000 < west < east < 700_000
    assert 6_600_000 < south < north < 6_800_000
    south, west, north, east = areas.bounds("0360")
    assert 59 < south < north < 61
    assert 16 < west < east < 19
    assert areas.shape_wgs84("0360").bounds == pytest.approx((west, south, east, north))
