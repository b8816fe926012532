"""The engine that measures roads for the whole application: what the operator has set, else the estimator."""

from __future__ import annotations

from sqlalchemy import Engine

from geodata.travel import InvalidAddress, TravelEngine, TwoEngines, engine_from
from market.config import BadSetting, Settings
from market.travel_cache import DatabaseTravelCache


def travel_engine(settings: Settings, *, database: Engine) -> TravelEngine:
    """Made once and kept: it remembers when a server was down. Raises BadSetting."""
    try:
        return engine_from(
            osrm_url=settings.osrm_url or None,
            valhalla_url=settings.valhalla_url or None,
            cache=DatabaseTravelCache(database),
        )
    except (TwoEngines, InvalidAddress) as error:
        raise BadSetting(f"NARMAT_OSRM_URL, NARMAT_VALHALLA_URL: {error}") from error
