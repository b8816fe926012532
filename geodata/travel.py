"""How far and how long by road: one protocol for every engine, and the estimator that is always there.

The estimator multiplies the geodesic by a circuity (how much longer roads are than straight lines)
and divides by a mean speed. Swedish roads lie between its two bounds nearly always; a ferry or a
lake in the way is what it can't know, so its answers are marked as estimates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from geodata.distances import distance_matrix_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geodata.points import Point


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrix:
    """Metres and seconds (n, m) int64 from each of n origins to each of m destinations."""

    metres: NDArray[np.int64]
    seconds: NDArray[np.int64]
    engine: str
    data_version: str
    is_estimate: bool

    def __post_init__(self) -> None:
        if self.metres.shape != self.seconds.shape:
            raise ValueError(
                f"Metres {self.metres.shape} and seconds {self.seconds.shape} differ in shape. "
                "Give one row per origin and one column per destination in both."
            )


class TravelEngine(Protocol):
    """Whatever can answer road distances and drive times between points."""

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        """Road distance and drive time from every origin to every destination."""
        ...


@dataclass(frozen=True, slots=True)
class Assumption:
    """Roads are `circuity` times the straight line, driven at `kmh` on average."""

    circuity: float
    kmh: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.circuity) and self.circuity >= 1):
            raise ValueError(f"Circuity is {self.circuity}. Give 1 or more: no road beats the straight line.")
        if not (math.isfinite(self.kmh) and 0 < self.kmh <= 130):
            raise ValueError(f"Mean speed is {self.kmh} km/h. Give more than 0 and at most 130.")


TYPICAL = Assumption(circuity=1.30, kmh=60)
SHORTEST = Assumption(circuity=1.2, kmh=70)
LONGEST = Assumption(circuity=1.4, kmh=50)


@dataclass(frozen=True, slots=True)
class Estimator:
    """Estimates with a band: `matrix` gives the typical answer, `bounds` the best and the worst case."""

    typical: Assumption = TYPICAL
    shortest: Assumption = SHORTEST
    longest: Assumption = LONGEST

    def __post_init__(self) -> None:
        circuities = (self.shortest.circuity, self.typical.circuity, self.longest.circuity)
        speeds = (self.longest.kmh, self.typical.kmh, self.shortest.kmh)
        if list(circuities) != sorted(circuities) or list(speeds) != sorted(speeds):
            raise ValueError(
                "The estimator's bounds must enclose its typical values. Give circuity in the order "
                "shortest, typical, longest, and speed in the order longest, typical, shortest."
            )

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        return _estimate(distance_matrix_m(origins, destinations), self.typical)

    def bounds(
        self, origins: Sequence[Point], destinations: Sequence[Point]
    ) -> tuple[TravelMatrix, TravelMatrix]:
        """The shortest and the longest that the roads may be."""
        crow = distance_matrix_m(origins, destinations)
        return _estimate(crow, self.shortest), _estimate(crow, self.longest)


def _estimate(crow_m: NDArray[np.int64], assumption: Assumption) -> TravelMatrix:
    metres = crow_m * assumption.circuity
    return TravelMatrix(
        metres=np.rint(metres).astype(np.int64),
        seconds=np.rint(metres * 3.6 / assumption.kmh).astype(np.int64),
        engine="estimator",
        data_version=f"circuity {assumption.circuity:g}, {assumption.kmh:g} km/h",
        is_estimate=True,
    )
