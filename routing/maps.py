"""A plan as one HTML file: map, legend and the same content as tables. Opens with no network.

folium writes its libraries' addresses into every page; here the page's own copy of Leaflet is put in instead, and
nothing is used that needs more (no popups, no tiles). Lines join the stops directly: the planner knows no roads.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from jinja2 import Template

from routing.formats.gpx import NoCoordinates
from routing.palette import colour, dash
from routing.plan import Plan, Route, Visit
from routing.problem import Problem, Stop, Vehicle
from routing.wording import Words, clock, hours, kilometres, kronor, words_in

LEAFLET = Path(__file__).parent.parent / "market" / "static" / "vendor" / "leaflet-1.9.4"
STYLE = """
:root{font:16px/1.5 system-ui,sans-serif;color:#1c1c1c;background:#fff}
html,body{width:auto;height:auto;margin:0;padding:0}
header,main{max-width:80rem;margin:0 auto;padding:1rem}
.folium-map{position:relative!important;width:100%!important;height:62vh!important;left:0!important;top:0!important}
h1{margin:.2rem 0;font-size:1.6rem}h2{margin:1.6rem 0 .4rem;font-size:1.15rem}
table{border-collapse:collapse;width:100%}caption{text-align:left;padding:.2rem 0}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #d6d6d6;vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
.badge{display:inline-block;min-width:1.5em;padding:0 .3em;border-radius:.8em;color:#fff;text-align:center;font-weight:600}
.stop{display:flex;align-items:center;justify-content:center;width:22px;height:22px;border:2px solid #fff;
border-radius:50%;color:#fff;font:600 11px/1 system-ui,sans-serif;box-shadow:0 0 2px #000}
@media print{.folium-map{height:12cm!important}section{break-inside:avoid}}
"""


def plan_map(
    problem: Problem, plan: Plan, *, background: Mapping[str, Any] | None = None, language: str = "sv"
) -> str:
    """The whole page. ``background``: GeoJSON drawn beneath, such as municipality borders; ``language``: sv or en.

    Raises NoCoordinates when a stop on a route has none, and wording.UnknownLanguage.
    """
    words = words_in(language)
    drawing = _Drawing(problem, words)
    title = problem.name or words.title
    figure = folium.Figure(title=escape(title))
    canvas = folium.Map(tiles=None, control_scale=True, attribution_control=True)
    canvas.default_js, canvas.default_css = [], []
    figure.add_child(canvas)
    if background is not None:
        drawing.background(canvas, background)
    for number, route in enumerate(plan.routes, start=1):
        drawing.route(canvas, number, route)
    canvas.fit_bounds(drawing.bounds(plan))
    folium.LayerControl(collapsed=True).add_to(canvas)
    canvas.add_child(_Prefix(), name="prefix")  # type: ignore[no-untyped-call]
    heading = f"<header><h1>{escape(title)}</h1>{_summary(plan, words)}</header>"
    return _complete(figure.render(), words, before=heading, after="".join(_tables(problem, plan, words)))


def _complete(page: str, words: Words, *, before: str, after: str) -> str:
    """The page that folium made, with Leaflet, our style, and what stands above and below the map.

    Put in as plain text: branca would read it as a template, and names come from people.
    """
    head = f"<style>{_leaflet_css()}</style><style>{STYLE}</style><script>{_leaflet_js()}</script></head>"
    for mark, text in (
        ("<html>", f'<html lang="{words.language}">'),
        ("</head>", head),
        ("<body>", f"<body>{before}"),
        ("</body>", f"{after}</body>"),
    ):
        first, found, rest = page.partition(mark)
        assert found, f"folium's page no longer has {mark}"
        page = first + text + rest
    return page


class _Prefix(MacroElement):
    """Names Leaflet in the corner without its default flag and link."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent.get_name() }}.attributionControl.setPrefix('Leaflet');"
        "{% endmacro %}"
    )


@cache
def _leaflet_js() -> str:
    return (
        (LEAFLET / "leaflet.js")
        .read_text(encoding="utf-8")
        .replace("//# sourceMappingURL=leaflet.js.map", "")
    )


@cache
def _leaflet_css() -> str:
    """The style sheet with its images inside."""
    css = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\((images/[\w.-]+)\)", lambda match: f"url({_image(match[1])})", css)


def _image(name: str) -> str:
    content = base64.b64encode((LEAFLET / name).read_bytes()).decode()
    return f"data:image/png;base64,{content}"


class _Drawing:
    """Draws routes and stops; knows the problem by id."""

    def __init__(self, problem: Problem, words: Words) -> None:
        self.stops: dict[str, Stop] = {stop.id: stop for stop in problem.stops}
        self.vehicles: dict[str, Vehicle] = {vehicle.id: vehicle for vehicle in problem.vehicles}
        self.words = words

    def background(self, canvas: folium.Map, geojson: Mapping[str, Any]) -> None:
        style = {"color": "#9aa5a0", "weight": 1, "fillColor": "#eef3ef", "fillOpacity": 0.6}
        folium.GeoJson(dict(geojson), style_function=lambda _: style, control=False).add_to(canvas)

    def route(self, canvas: folium.Map, number: int, route: Route) -> None:
        """One layer: a line in the route's colour and pattern, and a numbered mark at each stop of work."""
        name = f"{number}. {self.vehicles[route.vehicle].name}, {clock(route.start_s, self.words)}"
        layer = folium.FeatureGroup(name=_text(name))
        layer.add_to(canvas)
        line = [self.point(visit) for visit in route.visits]
        folium.PolyLine(  # type: ignore[no-untyped-call]
            line,
            color=colour(number),
            weight=4,
            opacity=0.85,
            dash_array=dash(number),
            tooltip=folium.Tooltip(_text(name), sticky=True),
        ).add_to(layer)
        for order, visit in enumerate(route.visits):
            self.mark(layer, number, order, visit)

    def mark(self, layer: folium.FeatureGroup, number: int, order: int, visit: Visit) -> None:
        text = f"{number}.{order} {self.stops[visit.stop].name}, {clock(visit.start_s, self.words)}"
        badge = f'<div class="stop" style="background:{colour(number)}">{order or "•"}</div>'
        folium.Marker(
            self.point(visit),
            icon=folium.DivIcon(html=badge, icon_size=(26, 26), icon_anchor=(13, 13), class_name="mark"),
            tooltip=folium.Tooltip(_text(text)),
            keyboard=False,  # the table says the same, in order
        ).add_to(layer)

    def point(self, visit: Visit) -> tuple[float, float]:
        stop = self.stops[visit.stop]
        if stop.lat is None or stop.lon is None:
            raise NoCoordinates(f"Stop {stop.id!r} has no coordinates: give lat and lon to draw a map.")
        return stop.lat, stop.lon

    def bounds(self, plan: Plan) -> list[tuple[float, float]]:
        """Corners around all routes, or around Sweden when there are none."""
        points = [self.point(visit) for route in plan.routes for visit in route.visits]
        if not points:
            return [(55.3, 11.0), (69.1, 24.2)]
        lats, lons = zip(*points, strict=True)
        return [(min(lats), min(lons)), (max(lats), max(lons))]


def _text(text: str) -> str:
    """Safe in HTML and in the template literals that folium writes texts into."""
    return (
        escape(text).replace("\\", "&#92;").replace("`", "&#96;").replace("$", "&#36;").replace("{", "&#123;")
    )


def _summary(plan: Plan, words: Words) -> str:
    totals = plan.totals
    parts = (
        f"{totals.vehicles} {words.routes}",
        kilometres(totals.distance_m, words),
        hours(totals.duration_s, words),
        kronor(totals.cost_ore, words),
        f"{totals.co2e_g / 1000:.0f} kg CO₂e",
    )
    return f"<p>{' · '.join(parts)}</p>"


def _tables(problem: Problem, plan: Plan, words: Words) -> Iterator[str]:
    """Everything that the map shows, for those who do not see it or print it."""
    stops = {stop.id: stop.name for stop in problem.stops}
    vehicles = {vehicle.id: vehicle.name for vehicle in problem.vehicles}
    yield "<main>"
    for number, route in enumerate(plan.routes, start=1):
        badge = f'<span class="badge" style="background:{colour(number)}">{number}</span>'
        figures = f"{kilometres(route.distance_m, words)}, {hours(route.duration_s, words)}"
        yield f"<section><h2>{badge} {escape(vehicles[route.vehicle])}</h2><table>"
        yield f"<caption>{figures}, {kronor(route.cost_ore, words)}</caption>{_heads(words)}<tbody>"
        yield from (_row(order, visit, stops, words) for order, visit in enumerate(route.visits))
        yield "</tbody></table></section>"
    if plan.unserved:
        items = "".join(
            f"<li>{escape(entry.shipment)}: {escape(entry.reason)}</li>" for entry in plan.unserved
        )
        yield f"<section><h2>{words.unserved}</h2><ul>{items}</ul></section>"
    yield "</main>"


def _heads(words: Words) -> str:
    cells = "".join(f'<th scope="col">{head}</th>' for head in words.heads)
    return f"<thead><tr>{cells}</tr></thead>"


def _row(order: int, visit: Visit, stops: Mapping[str, str], words: Words) -> str:
    cells = (
        str(order or "•"),
        stops[visit.stop],
        clock(visit.start_s, words),
        clock(visit.departure_s, words),
        ", ".join(visit.pickups),
        ", ".join(visit.deliveries),
        f"{visit.load_grams_after / 1000:.0f} kg",
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
