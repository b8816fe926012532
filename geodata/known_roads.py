"""A road engine asked for all that a table of verdicts will need in a few matrices, instead of once per authority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geodata import areas
from geodata.definitions import LocalDefinition, SchoolDayVisit, WithinDistance, simple_rules
from geodata.road_bands import Banded, FallingBack
from geodata.travel import Estimator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geodata.points import Point
    from geodata.travel import TravelEngine, TravelMatrix

PAIRS_AT_ONCE = 400_000
"""What an estimator is asked for at a time: some 50 MB."""
_BLOCKS_KEPT = 4


@dataclass(frozen=True)
class _Table:
    """Askers, and sites as they were given; where each point stands among the distinct ones."""

    askers: tuple[Point, ...]
    given: tuple[Point, ...]

    @cached_property
    def sites(self) -> tuple[Point, ...]:
        return tuple(self._site_rows)

    @cached_property
    def _asker_rows(self) -> dict[Point, int]:
        return {point: row for row, point in enumerate(self.askers)}

    @cached_property
    def _site_rows(self) -> dict[Point, int]:
        return {point: row for row, point in enumerate(dict.fromkeys(self.given))}

    @cached_property
    def _given_rows(self) -> NDArray[np.int64]:
        return np.array([self._site_rows[point] for point in self.given], np.int64)

    def asker_rows(self, points: Sequence[Point]) -> NDArray[np.int64] | None:
        """None when one of them is no asker."""
        return _rows(self._asker_rows, points)

    def site_rows(self, points: Sequence[Point]) -> NDArray[np.int64] | None:
        """None when one of them is no site."""
        return self._given_rows if points is self.given else _rows(self._site_rows, points)


@dataclass(frozen=True)
class KnownRoads:
    """Measured answers from one matrix between askers and sites, each way; passes other questions on."""

    engine: TravelEngine
    table: _Table

    @property
    def estimator(self) -> Estimator:
        return self.engine.estimator if isinstance(self.engine, FallingBack) else Estimator()

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        rows, columns = self.table.asker_rows(origins), self.table.site_rows(destinations)
        if rows is not None and columns is not None:
            return _part(self._out, rows, columns)
        rows, columns = self.table.site_rows(origins), self.table.asker_rows(destinations)
        if rows is not None and columns is not None:
            return _part(self._home, rows, columns)
        return self.engine.matrix(origins, destinations)

    @cached_property
    def _out(self) -> TravelMatrix:
        return self.engine.matrix(self.table.askers, self.table.sites)

    @cached_property
    def _home(self) -> TravelMatrix:
        return self.engine.matrix(self.table.sites, self.table.askers)


@dataclass(frozen=True)
class KnownBands:
    """An estimator's bounds, calculated for many askers at a time; passes other questions on.

    Only the blocks last used are kept: all of them at once could fill the memory.
    """

    engine: Estimator
    table: _Table

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        return self.engine.matrix(origins, destinations)

    def bounds(
        self, origins: Sequence[Point], destinations: Sequence[Point]
    ) -> tuple[TravelMatrix, TravelMatrix]:
        if len(origins) == 1:
            row, sites = self.table.asker_rows(origins), self.table.site_rows(destinations)
            if row is not None and sites is not None:
                block, offset = self._block(int(row[0]), is_out=True)
                shortest, longest = (_part(whole, offset, sites) for whole in block)
                return shortest, longest
        if len(destinations) == 1:
            row, sites = self.table.asker_rows(destinations), self.table.site_rows(origins)
            if row is not None and sites is not None:
                block, offset = self._block(int(row[0]), is_out=False)
                shortest, longest = (_part(whole, sites, offset) for whole in block)
                return shortest, longest
        return self.engine.bounds(origins, destinations)

    def _block(
        self, row: int, *, is_out: bool
    ) -> tuple[tuple[TravelMatrix, TravelMatrix], NDArray[np.int64]]:
        """The bounds of the block that an asker is in, and its place there (1,)."""
        size = max(1, PAIRS_AT_ONCE // max(1, len(self.table.sites)))
        number, offset = divmod(row, size)
        key = (number, is_out)
        if key not in self._kept:
            while len(self._kept) >= _BLOCKS_KEPT:
                del self._kept[next(iter(self._kept))]
            askers, sites = self.table.askers[number * size : (number + 1) * size], self.table.sites
            self._kept[key] = (
                self.engine.bounds(askers, sites) if is_out else self.engine.bounds(sites, askers)
            )
        return self._kept[key], np.array([offset])

    @cached_property
    def _kept(self) -> dict[tuple[int, bool], tuple[TravelMatrix, TravelMatrix]]:
        return {}


def ask_once(
    engine: TravelEngine,
    *,
    kitchens: Sequence[Point],
    definitions: Mapping[str, LocalDefinition],
    sites: Sequence[Point],
) -> TravelEngine:
    """An engine that answers between kitchens or seats and sites from matrices of all of them.

    Nothing is asked before it is needed. Rules that need no road never ask.
    """
    rules = [(code, rule) for code, own in definitions.items() for rule in simple_rules(own.rule)]
    seats = [
        areas.seat(code)
        for code, rule in rules
        if isinstance(rule, WithinDistance) and rule.by == "road" and rule.measured_from == "seat"
    ]
    needs_kitchens = any(
        isinstance(rule, SchoolDayVisit)
        or (isinstance(rule, WithinDistance) and rule.by == "road" and rule.measured_from == "kitchen")
        for _, rule in rules
    )
    askers = dict.fromkeys([*(kitchens if needs_kitchens else ()), *seats])
    table = _Table(tuple(askers), sites if isinstance(sites, tuple) else tuple(sites))
    if isinstance(engine, Estimator):
        return KnownBands(engine, table)
    return engine if isinstance(engine, Banded) else KnownRoads(engine, table)


def _rows(known: dict[Point, int], points: Sequence[Point]) -> NDArray[np.int64] | None:
    rows = [known.get(point, -1) for point in points]
    return None if -1 in rows else np.array(rows, np.int64)


def _part(whole: TravelMatrix, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> TravelMatrix:
    place = np.ix_(rows, columns)
    estimated = whole.estimated[place]
    return replace(
        whole,
        metres=whole.metres[place],
        seconds=whole.seconds[place],
        is_estimate=bool(estimated.any()),
        reachable=whole.reachable[place],
        estimated=estimated,
        by_ferry=whole.by_ferry[place],
    )
