"""Maps that leave the program: one HTML file each, drawn by folium, opened without any network.

Leaflet is inlined, the municipality borders are the basemap, and the list beneath says the same as
the map for whoever doesn't see it. Nothing is fetched: no tiles, fonts, scripts or images.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import shapely

from geodata import areas
from geodata.borders import borders_geojson
from geodata.language import choose, credit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import folium
    from branca.element import MacroElement

    from geodata.points import Point

Shape = Literal["circle", "square", "diamond", "triangle"]

LEAFLET = Path(__file__).resolve().parent.parent / "market/static/vendor/leaflet-1.9.4"
_OUTLINES: dict[str, str] = {
    "circle": '<circle cx="11" cy="11" r="8"/>',
    "square": '<rect x="3" y="3" width="16" height="16"/>',
    "diamond": '<path d="M11 1 21 11 11 21 1 11Z"/>',
    "triangle": '<path d="M11 2 21 20H1Z"/>',
}
_PADDING_DEGREES = 0.4
_COUNTRY_M = 400
"""How far corners are thinned where the whole country is in view."""
_LAND = {"color": "#8f8a7c", "weight": 0.8, "fillColor": "#f4f1e8", "fillOpacity": 1}
_AREA = {"color": "#1f6f54", "weight": 2.5, "fillColor": "#1f6f54", "fillOpacity": 0.12}
_DRAWING = """
{% macro script(this, kwargs) %}
{{ this._parent.get_name() }}.attributionControl.setPrefix({{ this.credit|tojson }});
const said = (name, text) => {
  const popup = document.createElement("div");
  popup.style.whiteSpace = "pre-line";
  popup.append(Object.assign(document.createElement("strong"), {textContent: name}));
  popup.append("\\n" + text);
  return popup;
};
for (const region of {{ this.regions|tojson }}) {
  L.geoJSON(region.geometry, {style: region.style})
    .bindPopup(said(region.name, region.text), {minWidth: 220}).addTo({{ this._parent.get_name() }});
}
for (const place of {{ this.markers|tojson }}) {
  const icon = L.divIcon({html: place.svg, className: "place", iconSize: [22, 22]});
  L.marker([place.lat, place.lon], {icon, title: place.name, alt: place.name})
    .bindPopup(said(place.name, place.text), {minWidth: 220}).addTo({{ this._parent.get_name() }});
}
{% endmacro %}
"""
_STYLE = """
:root { color-scheme: light; font-family: system-ui, sans-serif; }
body { margin: 0; color: #1d2b2a; background: #fbfaf7; }
header, main > section, footer { padding: 0.75rem 1rem; max-width: 70rem; }
h1 { font-size: 1.4rem; margin: 0 0 0.25rem; }
#map { height: 70vh; min-height: 20rem; background: #cfe0e8; }
.leaflet-container { font: inherit; }
.place svg { display: block; stroke: #fff; stroke-width: 2; filter: drop-shadow(0 1px 1px #0008); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid #d8d5cc; }
.swatch { display: inline-block; width: 1.1em; height: 1.1em; vertical-align: -0.2em; margin-right: 0.4em; }
@media print { #map { height: 14cm; } .leaflet-control-zoom { display: none; } }
"""


class MissingAssets(FileNotFoundError):
    """Leaflet isn't where the marketplace's static files should be."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker. `text` is plain: one line per line; colour and shape say the same thing twice."""

    name: str
    point: Point
    text: str = ""
    group: str = ""
    colour: str = "#1f6f54"
    shape: Shape = "circle"

    def __post_init__(self) -> None:
        _check_colour(self.colour)


@dataclass(frozen=True, slots=True)
class Region:
    """A municipality with a meaning of its own: `fill` (0 to 1) and `dashes` say what the colour says."""

    code: str
    text: str
    group: str
    colour: str
    fill: float = 0.5
    dashes: str = ""

    def __post_init__(self) -> None:
        _check_colour(self.colour)

    @property
    def name(self) -> str:
        return areas.municipality(self.code).name


def local_map(
    *,
    title: str,
    markers: Sequence[Marker] = (),
    regions: Sequence[Region] = (),
    outline: dict[str, Any] | None = None,
    note: str = "",
    language: str = "sv",
) -> str:
    """A complete HTML document; `outline` is any GeoJSON in degrees, drawn as an area.

    Raises `MissingAssets` and `geodata.language.UnknownLanguage`.
    """
    import folium

    view = areas.bounds() if regions else _view(markers, outline)
    picture = folium.Map(tiles=None, zoom_snap=0.5, control_scale=True)
    picture.options |= {"min_zoom": 4, "max_zoom": 16}  # as arguments they would go to the tiles
    borders = borders_geojson(_padded(view), tolerance_m=_COUNTRY_M if regions else 200)
    for shapes, style in ((borders, _LAND), (outline, _AREA)):
        if shapes and not _shape(shapes).is_empty:
            folium.GeoJson(shapes, style_function=_always(style), interactive=False).add_to(picture)
    _drawing(markers, regions, language).add_to(picture)
    south, west, north, east = view
    picture.fit_bounds([[south, west], [north, east]], padding=(20, 20))
    rows = [*map(_row, markers), *map(_region_row, regions)]
    return _document(picture, title=title, note=note, rows=rows, language=language)


def _always(style: dict[str, Any]) -> Callable[[object], dict[str, Any]]:
    return lambda _: style


def _drawing(markers: Sequence[Marker], regions: Sequence[Region], language: str) -> MacroElement:
    """Regions, markers and our own attribution as a folium element; texts become text nodes, never markup."""
    from branca.element import MacroElement
    from folium.template import Template

    drawing: Any = MacroElement()  # type: ignore[no-untyped-call]
    drawing._template = Template(_DRAWING)  # noqa: SLF001 - how folium's elements are written
    drawing.markers = [_plain(marker) for marker in markers]
    drawing.regions = _plain_regions(regions)
    drawing.credit = f"Närmat. {credit(language)}"
    found: MacroElement = drawing
    return found


def _plain(marker: Marker) -> dict[str, Any]:
    return {
        "lat": marker.point.lat,
        "lon": marker.point.lon,
        "name": marker.name,
        "text": marker.text,
        "svg": _svg(marker.shape, marker.colour),
    }


def _plain_regions(regions: Sequence[Region]) -> list[dict[str, Any]]:
    if not regions:
        return []
    features = borders_geojson(tolerance_m=_COUNTRY_M)["features"]
    drawn = {feature["properties"]["code"]: feature["geometry"] for feature in features}
    return [
        {
            "name": region.name,
            "text": f"{region.group}\n{region.text}",
            "geometry": drawn[region.code],
            "style": {
                "color": region.colour,
                "weight": 1,
                "fillColor": region.colour,
                "fillOpacity": region.fill,
                "dashArray": region.dashes or None,
            },
        }
        for region in regions
    ]


def _svg(shape: Shape, colour: str) -> str:
    return f'<svg viewBox="0 0 22 22" fill="{colour}" aria-hidden="true">{_OUTLINES[shape]}</svg>'


def _view(markers: Sequence[Marker], outline: dict[str, Any] | None) -> tuple[float, float, float, float]:
    """South, west, north, east round everything; the whole country when there is nothing."""
    shapes: list[Any] = [shapely.Point(marker.point.lon, marker.point.lat) for marker in markers]
    if outline:
        shapes.append(_shape(outline))
    if not shapes:
        return areas.bounds()
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    return areas.bounds() if math.isnan(west) else (south, west, north, east)


def _shape(geojson: dict[str, Any]) -> Any:
    return shapely.from_geojson(json.dumps(geojson))


def _padded(view: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    south, west, north, east = view
    pad = _PADDING_DEGREES + 0.5 * max(north - south, (east - west) / 2)
    return south - pad, west - 2 * pad, north + pad, east + 2 * pad


def _document(picture: folium.Map, *, title: str, note: str, rows: Sequence[str], language: str) -> str:
    """Folium's script in a document of our own: its own has no language and forbids zooming."""
    picture.default_js, picture.default_css = [], []
    root: Any = picture.get_root()
    root.render()
    script = root.script.render().replace(f'"{picture.get_name()}"', '"map"')
    label = escape(choose(language, sv="Karta; samma innehåll står i tabellen under den",
                          en="Map; the table beneath it says the same"))  # fmt: skip
    script_assets, css_assets = _assets()
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{css_assets}{_STYLE}</style>
</head>
<body>
<header><h1>{escape(title)}</h1><p>{escape(note)}</p></header>
<main>
<div id="map" role="region" aria-label="{label}"></div>
<section>{_table(rows, language)}</section>
</main>
<footer><p>{escape(credit(language))}</p></footer>
<script>L_NO_TOUCH = false; L_DISABLE_3D = false;
{script_assets}</script>
<script>{script}</script>
</body>
</html>
"""


def _table(rows: Sequence[str], language: str) -> str:
    if not rows:
        return f"<p>{escape(choose(language, sv='Inga platser.', en='No places.'))}</p>"
    heads = choose(language, sv="Plats|Vad|Var", en="Place|What|Where").split("|")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(marker: Marker) -> str:
    swatch = f'<span class="swatch">{_svg(marker.shape, marker.colour)}</span>'
    text = _lines(marker.group, marker.text)
    where = f"{marker.point.lat:.4f}, {marker.point.lon:.4f}"
    return f'<tr><th scope="row">{swatch}{escape(marker.name)}</th><td>{text}</td><td>{where}</td></tr>'


def _region_row(region: Region) -> str:
    swatch = f'<span class="swatch">{_svg("square", region.colour)}</span>'
    name = f"{swatch}{escape(region.name)}"
    return f'<tr><th scope="row">{name}</th><td>{_lines(region.group, region.text)}</td><td>{region.code}</td></tr>'


def _lines(group: str, text: str) -> str:
    return "<br>".join(escape(line) for line in [group, *text.splitlines()] if line)


@cache
def _assets() -> tuple[str, str]:
    """Leaflet's script and style sheet, without its link home and without images."""
    try:
        script = (LEAFLET / "leaflet.js").read_text(encoding="utf-8")
        style = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise MissingAssets(
            f"Leaflet is not at {LEAFLET}. Install the whole package: maps use the marketplace's copy."
        ) from error
    script = re.sub(r'href="https?://[^"]*"', "", re.sub(r"//# sourceMappingURL=\S*", "", script))
    return script, re.sub(r"url\([^)]*\)", "none", style)


def _check_colour(colour: str) -> None:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"'{colour}' is no colour. Write it as # and six hexadecimal digits.")
