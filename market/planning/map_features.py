"""A plan as GeoJSON for the page's map: a line for each run, a marker for each place. See static/js/map.js."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask_babel import gettext

from market import formatting
from market.planning.documents import summary
from market.planning.pages import LeftOut, PlanPage
from market.planning.sheets import Sheet, SheetStop

SHAPES = {"site": "circle", "kitchen": "square", "home": "diamond"}
LEFT_OUT_SHAPE = "triangle"
LEFT_OUT_COLOUR = 7
RunLink = Callable[[Sheet], str]


def plan_features(page: PlanPage, *, link: RunLink) -> dict[str, Any]:
    """A FeatureCollection with its legend (kitchens get theirs by the map); lines run straight from stop to stop."""
    return {
        "type": "FeatureCollection",
        "legend": _legend(has_left_out=bool(page.left_out)),
        "features": [
            *(_line(sheet, link=link) for sheet in page.sheets),
            *_places(page.sheets),
            *_left_out(page.left_out),
        ],
    }


def run_features(sheet: Sheet, *, url: str) -> dict[str, Any]:
    """The same for one run."""
    return {
        "type": "FeatureCollection",
        "legend": _legend(has_left_out=False),
        "features": [_line(sheet, link=lambda _: url), *_places([sheet])],
    }


def _legend(*, has_left_out: bool) -> list[dict[str, str]]:
    legend = [
        {"shape": SHAPES["site"], "label": gettext("Hämtning hos producent")},
        {"shape": SHAPES["home"], "label": gettext("Fordonets hemmaplats")},
    ]
    if has_left_out:
        legend.append({"shape": LEFT_OUT_SHAPE, "label": gettext("Hämtning som inte fick plats")})
    return legend


def _line(sheet: Sheet, *, link: RunLink) -> dict[str, Any]:
    title = gettext(
        "Rutt %(number)s, %(vehicle)s, %(day)s",
        number=sheet.number,
        vehicle=sheet.vehicle_name,
        day=formatting.short_date(sheet.day),
    )
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [_position(stop) for stop in sheet.stops]},
        "properties": {
            "title": title,
            "number": sheet.number,
            "colour": sheet.colour,
            "lines": [summary(sheet)],
            "url": link(sheet),
        },
    }


def _position(stop: SheetStop) -> list[float]:
    return [round(stop.place.lon, 5), round(stop.place.lat, 5)]


def _places(sheets: Sequence[Sheet]) -> Iterator[dict[str, Any]]:
    """One marker per place, with a line for every time a run comes by."""
    visits: dict[tuple[str, int], list[tuple[Sheet, SheetStop]]] = defaultdict(list)
    for sheet in sheets:
        for stop in sheet.stops:
            visits[stop.place.kind, stop.place.id].append((sheet, stop))
    for (kind, number), seen in visits.items():
        sheet, stop = seen[0]
        yield _point(
            stop.place.lon,
            stop.place.lat,
            id=f"{kind}-{number}",
            title=stop.place.name,
            shape=SHAPES[kind],
            kind="kitchen" if kind == "kitchen" else "stop",
            colour=sheet.colour,
            lines=[_visit(*visit) for visit in seen],
        )


def _visit(sheet: Sheet, stop: SheetStop) -> str:
    text: str = gettext(
        "Rutt %(number)s, %(day)s %(time)s",
        number=sheet.number,
        day=formatting.short_date(sheet.day),
        time=formatting.clock(stop.starts_at),
    )
    return text


def _left_out(entries: Sequence[LeftOut]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        site = entry.site
        line = gettext("Inte med i planen: %(reason)s", reason=gettext(entry.reason))
        yield _point(
            site.lon,
            site.lat,
            id=f"left-out-{entry.order.id}",
            title=entry.order.producer.name,
            shape=LEFT_OUT_SHAPE,
            kind="stop",
            colour=LEFT_OUT_COLOUR,
            lines=[line],
        )


def _point(lon: float, lat: float, **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
        "properties": properties,
    }
