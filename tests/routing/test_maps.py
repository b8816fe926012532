"""The map file: opens with no network, says everything twice (map and table), trusts no name."""

import re
from dataclasses import replace

import html5lib
import pytest

from routing.io import NoCoordinates
from routing.maps import plan_map
from routing.wording import UnknownLanguage

BORDER = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": [[17, 1], [18, 2]]},
        }
    ],
}
EVIL = "</script><script>alert(1)</script>${alert(2)}`{{7*7}}"


@pytest.fixture
def page(morning, plan_for):
    return plan_map(morning, plan_for(morning), background=BORDER)


def parsed(page):
    return html5lib.parse(page, namespaceHTMLElements=False)


def test_nothing_is_asked_of_the_network(page):
    document = parsed(page)
    addresses = [
        value for node in document.iter() for key, value in node.attrib.items() if key in {"src", "href"}
    ]
    assert [address for address in addresses if not address.startswith("data:")] == []
    assert (
        re.findall(
            r"url\(\s*['\"]?(?!data:|#)[^)]*", "".join(node.text or "" for node in document.iter("style"))
        )
        == []
    )


def test_language_title_and_charset_are_set(page):
    document = parsed(page)
    assert document.attrib["lang"] == "sv"
    assert document.findtext("head/title").strip() == "Morning"
    assert page.index("charset=UTF-8") < 1024


def test_the_table_says_what_the_map_shows(page, morning, plan_for):
    document = parsed(page)
    cells = [["".join(cell.itertext()) for cell in row.iter("td")] for row in document.iter("tr")]
    names = {stop.id: stop.name for stop in morning.stops}
    visits = plan_for(morning).routes[0].visits
    assert [row[1] for row in cells if row] == [names[visit.stop] for visit in visits]
    assert any(row and row[4] == "milk" for row in cells)
    assert re.search(r"mån \d\d:\d\d", page)


def test_english_is_there_and_nothing_else(morning, plan_for):
    page = plan_map(morning, plan_for(morning), language="en")
    assert '<html lang="en">' in page
    assert "Picked up" in page
    with pytest.raises(UnknownLanguage):
        plan_map(morning, plan_for(morning), language="xx")


def test_names_are_text_never_code(morning, plan_for):
    stops = tuple(replace(stop, name=EVIL) for stop in morning.stops)
    vehicles = tuple(replace(vehicle, name=EVIL) for vehicle in morning.vehicles)
    problem = replace(morning, stops=stops, vehicles=vehicles, name=EVIL)
    page = plan_map(problem, plan_for(problem))
    assert "<script>alert" not in page
    scripts = "".join(node.text or "" for node in parsed(page).iter("script"))
    assert "${alert" not in scripts
    assert "49" not in parsed(page).findtext("head/title")
    assert EVIL in "".join(parsed(page).find("body").itertext())


def test_leaflets_own_link_and_flag_are_replaced(page):
    assert "attributionControl.setPrefix('Leaflet')" in page


def test_an_empty_plan_is_still_a_page(morning, plan_for):
    idle = replace(morning, vehicles=())
    page = plan_map(idle, plan_for(idle))
    assert "no_vehicle" not in page
    assert "There is no vehicle" in page


def test_a_stop_without_coordinates_is_named(morning, plan_for):
    stops = tuple(replace(stop, lat=None) for stop in morning.stops)
    problem = replace(morning, stops=stops)
    with pytest.raises(NoCoordinates, match="'home'"):
        plan_map(problem, plan_for(problem))
