"""Where am I local: one chain of production under all 290 definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from geodata.local import Answer
from geodata.travel import TravelEngine
from geodata.where import WhereRow, where_local
from market.locality.judging import Chain
from market.locality.stated import Stated


def where_everywhere(
    chain: Chain, everywhere: Mapping[str, Stated], *, on: date, travel: TravelEngine | None = None
) -> tuple[WhereRow, ...]:
    """One row per municipality, in order of code; a definition that nobody has stated is marked as assumed."""
    own = {code: stated for code, stated in everywhere.items() if not stated.is_assumption}
    return where_local(
        chain,
        {code: stated.definition for code, stated in own.items()},
        kitchens={code: stated.point for code, stated in own.items() if stated.point},
        travel=travel,
        on=on,
    )


def best_of(rows: Sequence[Sequence[WhereRow]]) -> list[WhereRow]:
    """Of several products' answers the most favourable for each municipality."""
    return [max(same, key=lambda row: row.answer.rank) for same in zip(*rows, strict=True)]


def counted(rows: Sequence[WhereRow]) -> dict[str, int]:
    """How many municipalities gave each answer."""
    return {answer.value: sum(1 for row in rows if row.answer is answer) for answer in reversed(Answer)}


def painted(
    rows: Sequence[WhereRow],
    chain: Chain,
    *,
    titles: Mapping[str, str],
    told: Callable[[WhereRow], Mapping[str, Any]],
) -> dict[str, Any]:
    """GeoJSON for map.js: the sites as places, and each municipality's answer under `areas` by its code.

    The map has the borders already, so they are not sent once more. `titles` names each step; `told` gives what
    the popup of a municipality says.
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [round(site.point.lon, 5), round(site.point.lat, 5)],
                },
                "properties": {
                    "id": f"site-{n}",
                    "title": site.name,
                    "lines": [titles[site.step.value]],
                    "kind": "stop",
                },
            }
            for n, site in enumerate(chain)
        ],
        "areas": {row.municipality.code: {"answer": row.answer.value, **told(row)} for row in rows},
    }
