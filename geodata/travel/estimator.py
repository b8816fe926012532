"""Roads estimated from straight lines: always there, always marked, with a band round each answer.

The estimator multiplies the geodesic by a circuity (how much longer roads are than straight lines)
and divides by a mean speed. Swedish roads lie between its two bounds nearly always; a long way round a lake or
a bay is what it can't know. Islands without a bridge it knows (see `islands`): ferries are counted in, with
half the time between departures as the wait (none in the shortest case, all of it in the longest), and
where no ferry takes vehicles the pair is unreachable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geodata.travel.crossings import Journeys, crossing_m, journeys
from geodata.travel.islands import FERRIES
from geodata.travel.matrices import UNREACHABLE, TravelMatrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geodata.points import Point


@dataclass(frozen=True, slots=True)
class Assumption:
    """Roads are `circuity` times the straight line, driven at `kmh` on average.

    At a ferry one waits `ferry_wait` of the time between departures: 0 steps aboard, 1 has just missed it.
    """

    circuity: float
    kmh: float
    ferry_wait: float = 0.5

    def __post_init__(self) -> None:
        if not (math.isfinite(self.circuity) and self.circuity >= 1):
            raise ValueError(f"Circuity is {self.circuity}. Give 1 or more: no road beats the straight line.")
        if not (math.isfinite(self.kmh) and 0 < self.kmh <= 130):
            raise ValueError(f"Mean speed is {self.kmh} km/h. Give more than 0 and at most 130.")
        if not 0 <= self.ferry_wait <= 1:
            raise ValueError(f"The wait at a ferry is {self.ferry_wait}. Give 0 to 1 of its interval.")


TYPICAL = Assumption(circuity=1.30, kmh=60)
SHORTEST = Assumption(circuity=1.2, kmh=70, ferry_wait=0)
LONGEST = Assumption(circuity=1.4, kmh=50, ferry_wait=1)


@dataclass(frozen=True, slots=True)
class Estimator:
    """Estimates with a band: `matrix` gives the typical answer, `bounds` the best and the worst case."""

    typical: Assumption = TYPICAL
    shortest: Assumption = SHORTEST
    longest: Assumption = LONGEST

    def __post_init__(self) -> None:
        cases = (self.shortest, self.typical, self.longest)
        rising = [[case.circuity for case in cases], [case.ferry_wait for case in cases]]
        falling = [case.kmh for case in cases]
        if any(values != sorted(values) for values in (*rising, falling[::-1])):
            raise ValueError(
                "The estimator's bounds must enclose its typical values. Give circuity and wait in the order "
                "shortest, typical, longest, and speed in the order longest, typical, shortest."
            )

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        return _estimate(journeys(origins, destinations), self.typical)

    def bounds(
        self, origins: Sequence[Point], destinations: Sequence[Point]
    ) -> tuple[TravelMatrix, TravelMatrix]:
        """The shortest and the longest that the roads may be."""
        trip = journeys(origins, destinations)
        return _estimate(trip, self.shortest), _estimate(trip, self.longest)


def _estimate(trip: Journeys, assumption: Assumption) -> TravelMatrix:
    factor = assumption.circuity
    metres = trip.cost(factor=factor, over=crossing_m())
    seconds = trip.cost(factor=factor * 3.6 / assumption.kmh, over=_crossing_s(assumption))
    reachable = np.isfinite(metres)
    return TravelMatrix(
        metres=_whole(metres, reachable),
        seconds=_whole(seconds, reachable),
        engine="estimator",
        data_version=f"circuity {assumption.circuity:g}, {assumption.kmh:g} km/h",
        is_estimate=True,
        reachable=reachable,
        by_ferry=trip.over_water & reachable,
    )


def _crossing_s(assumption: Assumption) -> tuple[float, ...]:
    """Seconds for each of `FERRIES`, the wait included."""
    return tuple(60 * (ferry.crossing_min + assumption.ferry_wait * ferry.interval_min) for ferry in FERRIES)


def _whole(values: NDArray[np.float64], reachable: NDArray[np.bool_]) -> NDArray[np.int64]:
    rounded: NDArray[np.int64] = np.rint(np.where(reachable, values, UNREACHABLE)).astype(np.int64)
    return rounded
