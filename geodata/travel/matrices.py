"""What every road engine answers: metres and seconds between points, and how much of it to trust."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geodata.points import Point

UNREACHABLE = 10_000_000
"""Metres, and seconds, of a pair without a road: 10 000 km and 115 days, over every limit and outside every week."""

_NOT_GIVEN = np.zeros((0, 0), dtype=np.bool_)


def _not_given() -> NDArray[np.bool_]:
    return _NOT_GIVEN


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrix:
    """Metres and seconds (n, m) int64 from each of n origins to each of m destinations.

    Three masks (n, m) say more of each pair. `reachable` is false where no vehicle gets there: its metres and
    seconds are then `UNREACHABLE`, whatever was given. `estimated` is true where no engine measured the road,
    and `by_ferry` where an estimate counts a crossing. `is_estimate` is true when anything is estimated;
    `note` then says why an engine that should have measured didn't.
    """

    metres: NDArray[np.int64]
    seconds: NDArray[np.int64]
    engine: str
    data_version: str
    is_estimate: bool
    reachable: NDArray[np.bool_] = field(default_factory=_not_given)
    estimated: NDArray[np.bool_] = field(default_factory=_not_given)
    by_ferry: NDArray[np.bool_] = field(default_factory=_not_given)
    note: str = ""

    def __post_init__(self) -> None:
        shape = self.metres.shape
        if self.seconds.shape != shape:
            raise ValueError(
                f"Metres {shape} and seconds {self.seconds.shape} differ in shape. "
                "Give one row per origin and one column per destination in both."
            )
        for name, value in (("reachable", True), ("estimated", self.is_estimate), ("by_ferry", False)):
            object.__setattr__(self, name, _mask(getattr(self, name), shape, name=name, default=value))
        for name in ("metres", "seconds"):
            object.__setattr__(self, name, np.where(self.reachable, getattr(self, name), UNREACHABLE))


class TravelEngine(Protocol):
    """Whatever can answer road distances and drive times between points."""

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        """Road distance and drive time from every origin to every destination."""
        ...


def _mask(given: NDArray[np.bool_], shape: tuple[int, ...], *, name: str, default: bool) -> NDArray[np.bool_]:
    if given is _NOT_GIVEN:
        return np.full(shape, default)
    if given.shape != shape:
        raise ValueError(f"The mask '{name}' is {given.shape}, the matrix {shape}. Give one value per pair.")
    return given
