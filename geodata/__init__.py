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
    from geodata.distances import distance_m, distance_matrix_m
    from geodata.geocoding import Gazetteer
    from geodata.local import LocalDefinition, ProductionSite, Step, Verdict, describe, outline, verdict
    from geodata.points import Point
    from geodata.travel import Estimator, TravelEngine, TravelMatrix

_HOMES = {
    "areas": (
        "County", "Location", "Municipality", "bounds", "counties", "county", "distance_to_border_m",
        "locate", "municipalities", "municipality", "neighbours", "seat", "shape",
    ),
    "borders": ("borders_geojson",),
    "distances": ("distance_m", "distance_matrix_m"),
    "geocoding": ("Gazetteer",),
    "local": ("LocalDefinition", "ProductionSite", "Step", "Verdict", "describe", "outline", "verdict"),
    "points": ("Point",),
    "travel": ("Estimator", "TravelEngine", "TravelMatrix"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "County",
    "Estimator",
    "Gazetteer",
    "LocalDefinition",
    "Location",
    "Municipality",
    "Point",
    "ProductionSite",
    "Step",
    "TravelEngine",
    "TravelMatrix",
    "Verdict",
    "borders_geojson",
    "bounds",
    "counties",
    "county",
    "describe",
    "distance_m",
    "distance_matrix_m",
    "distance_to_border_m",
    "locate",
    "municipalities",
    "municipality",
    "neighbours",
    "outline",
    "seat",
    "shape",
    "verdict",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'geodata' has no attribute '{name}'")
    return getattr(import_module(f"geodata.{_HOME_OF[name]}"), name)
