"""From an operator's settings to an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.travel.caching import Cached, MemoryCache
from geodata.travel.estimator import Estimator
from geodata.travel.fallback import WithFallback
from geodata.travel.osrm import Osrm
from geodata.travel.valhalla import Valhalla

if TYPE_CHECKING:
    from geodata.travel.caching import TravelCache
    from geodata.travel.matrices import TravelEngine


class TwoEngines(ValueError):
    """Both addresses are set, and nobody said which one measures."""


def engine_from(
    *,
    osrm_url: str | None = None,
    valhalla_url: str | None = None,
    cache: TravelCache | None = None,
    estimator: Estimator | None = None,
) -> TravelEngine:
    """The engine at the address that is set, cached, with estimates when it fails; else the estimator.

    Keep the result: it remembers when the engine was down. Without `cache` the process keeps its own;
    without `estimator` the default assumptions hold.
    Raises `TwoEngines`, and `geodata.travel.InvalidAddress` for something that is no address.
    """
    if osrm_url and valhalla_url:
        raise TwoEngines(
            "Both an OSRM and a Valhalla address are set. Set one of them and leave the other out."
        )
    if not (osrm_url or valhalla_url):
        return estimator or Estimator()
    engine = Osrm(osrm_url) if osrm_url else Valhalla(str(valhalla_url))
    cached = Cached(engine, MemoryCache() if cache is None else cache)
    return WithFallback(cached, estimator=estimator or Estimator())
