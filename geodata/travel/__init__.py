"""How far and how long by road: one protocol for every engine, and the estimator that is always there.

`Estimator` needs nothing; `Osrm` and `Valhalla` measure, over HTTP, with an engine that the operator runs;
`Cached` remembers what was measured; `WithFallback` estimates when an engine fails, and says so.
`engine_from` puts them together from two settings. What speaks HTTP is loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geodata.travel.estimator import LONGEST, SHORTEST, TYPICAL, Assumption, Estimator
from geodata.travel.matrices import UNREACHABLE, TravelEngine, TravelMatrix

if TYPE_CHECKING:
    from geodata.travel.asking import (
        EngineDown,
        EngineError,
        EngineGarbled,
        EngineRefused,
        InvalidAddress,
        Patience,
    )
    from geodata.travel.batches import Limits
    from geodata.travel.caching import Cached, Leg, MemoryCache, Pair, TravelCache, VersionedEngine
    from geodata.travel.connecting import TwoEngines, engine_from
    from geodata.travel.fallback import WithFallback
    from geodata.travel.osrm import Osrm
    from geodata.travel.valhalla import Valhalla

_HOMES = {
    "asking": (
        "EngineDown",
        "EngineError",
        "EngineGarbled",
        "EngineRefused",
        "InvalidAddress",
        "Patience",
    ),
    "batches": ("Limits",),
    "caching": (
        "Cached",
        "Leg",
        "MemoryCache",
        "Pair",
        "TravelCache",
        "VersionedEngine",
    ),
    "connecting": (
        "TwoEngines",
        "engine_from",
    ),
    "fallback": ("WithFallback",),
    "osrm": ("Osrm",),
    "valhalla": ("Valhalla",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "LONGEST",
    "SHORTEST",
    "TYPICAL",
    "UNREACHABLE",
    "Assumption",
    "Cached",
    "EngineDown",
    "EngineError",
    "EngineGarbled",
    "EngineRefused",
    "Estimator",
    "InvalidAddress",
    "Leg",
    "Limits",
    "MemoryCache",
    "Osrm",
    "Pair",
    "Patience",
    "TravelCache",
    "TravelEngine",
    "TravelMatrix",
    "TwoEngines",
    "Valhalla",
    "VersionedEngine",
    "WithFallback",
    "engine_from",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'geodata.travel' has no attribute '{name}'")
    return getattr(import_module(f"geodata.travel.{_HOME_OF[name]}"), name)
