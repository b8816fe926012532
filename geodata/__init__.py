"""Places, distances and the definitions of local: a library of its own, usable without the marketplace.

Names are loaded when first used, so that `import geodata` costs nothing:

    import geodata
    place = geodata.locate(geodata.Point(lat=60.34, lon=17.51))
    place.municipality.name  # Tierp
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geodata.areas import (
        County,
        Location,
        Municipality,
        bounds,
        counties,
        county,
        distance_to_border_m,
        locate,
        municipalities,
        municipality,
        neighbours,
        seat,
        shape,
    )
    from geodata.borders import borders_geojson
    from geodata.bulk import locate_many
    from geodata.distances import distance_m, distance_matrix_m
    from geodata.expanding import CircleAnswer, Supply, expanding_circle
    from geodata.geocoding import Gazetteer
    from geodata.local import LocalDefinition, ProductionSite, Step, Verdict, describe, outline, verdict
    from geodata.many import VerdictTable, verdict_many
    from geodata.points import Point
    from geodata.travel import Estimator, TravelEngine, TravelMatrix
    from geodata.where import WhereRow, where_local

_HOMES = {
    "areas": (
        "County", "Location", "Municipality", "bounds", "counties", "county", "distance_to_border_m",
        "locate", "municipalities", "municipality", "neighbours", "seat", "shape",
    ),
    "borders": ("borders_geojson",),
    "bulk": ("locate_many",),
    "distances": ("distance_m", "distance_matrix_m"),
    "expanding": ("CircleAnswer", "Supply", "expanding_circle"),
    "geocoding": ("Gazetteer",),
    "local": ("LocalDefinition", "ProductionSite", "Step", "Verdict", "describe", "outline", "verdict"),
    "many": ("VerdictTable", "verdict_many"),
    "points": ("Point",),
    "travel": ("Estimator", "TravelEngine", "TravelMatrix"),
    "where": ("WhereRow", "where_local"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CircleAnswer",
    "County",
    "Estimator",
    "Gazetteer",
    "LocalDefinition",
    "Location",
    "Municipality",
    "Point",
    "ProductionSite",
    "Step",
    "Supply",
    "TravelEngine",
    "TravelMatrix",
    "Verdict",
    "VerdictTable",
    "WhereRow",
    "borders_geojson",
    "bounds",
    "counties",
    "county",
    "describe",
    "distance_m",
    "distance_matrix_m",
    "distance_to_border_m",
    "expanding_circle",
    "locate",
    "locate_many",
    "municipalities",
    "municipality",
    "neighbours",
    "outline",
    "seat",
    "shape",
    "verdict",
    "verdict_many",
    "where_local",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'geodata' has no attribute '{name}'")
    return getattr(import_module(f"geodata.{_HOME_OF[name]}"), name)
