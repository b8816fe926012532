"""How long roads may be: one length where an engine measured, a shortest and a longest where one is estimated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from geodata.travel import Estimator, TravelEngine, TravelMatrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geodata.points import Point

PAIRS_AT_ONCE = 32
"""Single pairs are asked for as the diagonal of a matrix this wide: few questions, and none over a server's limit."""


@runtime_checkable
class Banded(Protocol):
    """An engine that knows how wrong it may be."""

    def bounds(
        self, origins: Sequence[Point], destinations: Sequence[Point]
    ) -> tuple[TravelMatrix, TravelMatrix]:
        """The shortest and the longest that the roads may be."""
        ...


@runtime_checkable
class FallingBack(Protocol):
    """An engine that estimates with an estimator of its own when it can't measure."""

    @property
    def estimator(self) -> Estimator: ...


@dataclass(frozen=True, slots=True, eq=False)
class Lengths:
    """Least and greatest metres (n,) of n roads, and which of them (n,) exist at all."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    reachable: NDArray[np.bool_]


def road_bounds(
    engine: TravelEngine, origins: Sequence[Point], destinations: Sequence[Point]
) -> tuple[TravelMatrix, TravelMatrix]:
    """The shortest and the longest that the roads may be: the same twice when an engine measured them."""
    if isinstance(engine, Banded):
        return engine.bounds(origins, destinations)
    measured = engine.matrix(origins, destinations)
    if not measured.estimated.any():
        return measured, measured
    estimator = engine.estimator if isinstance(engine, FallingBack) else Estimator()
    shortest, longest = estimator.bounds(origins, destinations)
    return _where_estimated(measured, shortest), _where_estimated(measured, longest)


def pair_lengths(engine: TravelEngine, origins: Sequence[Point], destinations: Sequence[Point]) -> Lengths:
    """As `road_bounds`, from the i-th of n origins to the i-th of n destinations only."""
    count = len(origins)
    found = Lengths(np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.bool_))
    order = sorted(range(count), key=origins.__getitem__)  # equal origins side by side are asked for once
    for start in range(0, count, PAIRS_AT_ONCE):
        chosen = order[start : start + PAIRS_AT_ONCE]
        starts = _numbered([origins[index] for index in chosen])
        ends = _numbered([destinations[index] for index in chosen])
        shortest, longest = road_bounds(engine, list(starts), list(ends))
        place = ([starts[origins[i]] for i in chosen], [ends[destinations[i]] for i in chosen])
        found.low[chosen], found.high[chosen] = shortest.metres[place], longest.metres[place]
        found.reachable[chosen] = shortest.reachable[place]
    return found


def _numbered(points: Sequence[Point]) -> dict[Point, int]:
    """Each point once, with its place in the order."""
    return {point: number for number, point in enumerate(dict.fromkeys(points))}


def _where_estimated(measured: TravelMatrix, bound: TravelMatrix) -> TravelMatrix:
    """The bound where nothing was measured, the measurement elsewhere."""
    gaps = measured.estimated
    if gaps.all():
        return bound
    return replace(
        measured,
        metres=np.where(gaps, bound.metres, measured.metres),
        seconds=np.where(gaps, bound.seconds, measured.seconds),
        reachable=np.where(gaps, bound.reachable, measured.reachable),
    )
