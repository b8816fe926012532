"""The engine that measures roads for the whole application: what the operator has set, else the estimator."""

from __future__ import annotations

from sqlalchemy import Engine

from geodata.travel import Assumption, Estimator, InvalidAddress, TravelEngine, TwoEngines, engine_from
from market.config import BadSetting, Settings
from market.travel_cache import DatabaseTravelCache


def travel_engine(settings: Settings, *, database: Engine) -> TravelEngine:
    """Made once and kept: it remembers when a server was down. Raises BadSetting."""
    estimator = _estimator(settings.road_estimate)
    try:
        return engine_from(
            osrm_url=settings.osrm_url or None,
            valhalla_url=settings.valhalla_url or None,
            cache=DatabaseTravelCache(database),
            estimator=estimator,
        )
    except (TwoEngines, InvalidAddress) as error:
        raise BadSetting(f"NARMAT_OSRM_URL, NARMAT_VALHALLA_URL: {error}") from error


def _estimator(text: str) -> Estimator:
    """From "1.30 60; 1.2 70; 1.4 50": road per straight line and km/h, typical, shortest and longest."""
    if not text.strip():
        return Estimator()
    try:
        pairs = [[float(part) for part in case.split()] for case in text.split(";")]
        (typical, shortest, longest) = pairs
        return Estimator(
            typical=Assumption(*_two(typical)),
            shortest=Assumption(*_two(shortest), ferry_wait=0),
            longest=Assumption(*_two(longest), ferry_wait=1),
        )
    except ValueError as error:
        raise BadSetting(
            f"NARMAT_ROAD_ESTIMATE is {text!r}: {error} Write three cases, such as 1.30 60; 1.2 70; 1.4 50."
        ) from error


def _two(case: list[float]) -> tuple[float, float]:
    if len(case) != 2:
        raise ValueError("Each case has two numbers.")
    return case[0], case[1]
