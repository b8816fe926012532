"""Maps that leave the program: whole without a network, safe with any text, equal to their table."""

import re
from datetime import date

import html5lib
import pytest

from geodata import maps
from geodata.definitions import InCounties, LocalDefinition, Step, WithinDistance
from geodata.local_maps import Chain, definition_map
from geodata.maps import Marker, MissingAssets, local_map
from geodata.points import Point
from geodata.sites import ProductionSite

HERE = Point(lat=59.9, lon=18.5)
EVIL = "</script><script>alert(1)</script>\"'`${1}&"
FETCHES = re.compile(
    r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//|\burl\(\s*["']?(?!#)|@import|<link\b""", re.IGNORECASE
)


def parsed(html):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


@pytest.fixture(scope="module")
def page():
    return local_map(
        title=f"Karta {EVIL}",
        note=EVIL,
        markers=[Marker(EVIL, HERE, text=f"40 kg\n{EVIL}", group=EVIL, shape="diamond"), Marker("Ås", HERE)],
        outline={"type": "Polygon", "coordinates": [[[18, 59], [19, 59], [19, 60], [18, 59]]]},
    )


def test_nothing_is_fetched(page):
    assert FETCHES.findall(page) == []


def test_it_is_valid_html_with_language_and_title(page):
    document = parsed(page)
    assert document.get("lang") == "sv"
    assert document.findtext("head/title") == f"Karta {EVIL}"


def test_texts_never_become_markup(page):
    assert "<script>alert" not in page
    assert len(parsed(page).findall(".//script")) == 2


def test_the_table_says_what_the_map_says(page):
    rows = parsed(page).findall(".//tbody/tr")
    assert ["".join(row.find("th").itertext()) for row in rows] == [EVIL, "Ås"]
    assert "40 kg" in "".join(rows[0].find("td").itertext())


def test_the_credit_is_ours_and_names_the_sources(page):
    assert "attributionControl.setPrefix(" in page
    assert "SCB" in page
    assert "GeoNames" in page


def test_the_map_can_zoom_without_tiles(page):
    assert '"maxZoom": 16' in page
    assert '"minZoom": 4' in page
    assert "user-scalable=no" not in page


def test_an_empty_map_shows_the_country():
    page = local_map(title="Tom", language="en")
    assert "No places." in page
    assert parsed(page).get("lang") == "en"


@pytest.mark.parametrize(
    "outline",
    [
        {"type": "FeatureCollection", "features": []},
        {"type": "MultiPolygon", "coordinates": []},
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": []}}
            ],
        },
    ],
)
def test_an_outline_without_area_is_left_out(outline):
    assert local_map(title="x", outline=outline).count("geo_json_") == local_map(title="x").count("geo_json_")


def test_a_colour_cannot_carry_code():
    with pytest.raises(ValueError, match="six hexadecimal digits"):
        Marker("x", HERE, colour='"/><script>')


def test_missing_leaflet_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(maps, "LEAFLET", tmp_path)
    maps._assets.cache_clear()
    with pytest.raises(MissingAssets, match="Install the whole package"):
        local_map(title="x")
    maps._assets.cache_clear()


@pytest.mark.parametrize("kitchen", [None, Point(lat=59.758, lon=18.705)])
@pytest.mark.parametrize("rule", [InCounties(), WithinDistance(60)])
def test_a_definition_is_mapped_with_each_verdict(rule, kitchen):
    chains = [
        Chain("Morötter", (ProductionSite(Step.FARM, HERE),)),
        Chain("Lamm", (ProductionSite(Step.SLAUGHTER, Point(lat=61.9, lon=16.1)),)),
    ]
    page = definition_map(
        definition=LocalDefinition(rule=rule),
        authority_code="0188",
        chains=chains,
        kitchen=kitchen,
        on=date(2026, 1, 1),
    )
    assert "<h1>Lokalt för Norrtälje kommun</h1>" in page
    assert "Morötter (gård)" in page
    assert ("Inte lokalt" in page) == (kitchen is not None or isinstance(rule, InCounties))
