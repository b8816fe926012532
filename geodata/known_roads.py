"""A road engine asked once for all that a table of verdicts will need, instead of once per authority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geodata import areas
from geodata.definitions import LocalDefinition, SchoolDayVisit, WithinDistance, simple_rules
from geodata.findings import Banded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geodata.points import Point
    from geodata.travel import TravelEngine, TravelMatrix


@dataclass(frozen=True)
class KnownRoads:
    """Answers from one matrix between askers and sites, each way; passes other questions on."""

    engine: TravelEngine
    askers: tuple[Point, ...]
    sites: tuple[Point, ...]

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        if all(origin in self._asker_rows for origin in origins) and all(
            destination in self._site_rows for destination in destinations
        ):
            return _part(self._out, _rows(self._asker_rows, origins), _rows(self._site_rows, destinations))
        if all(origin in self._site_rows for origin in origins) and all(
            destination in self._asker_rows for destination in destinations
        ):
            return _part(self._home, _rows(self._site_rows, origins), _rows(self._asker_rows, destinations))
        return self.engine.matrix(origins, destinations)

    @cached_property
    def _asker_rows(self) -> dict[Point, int]:
        return {point: row for row, point in enumerate(self.askers)}

    @cached_property
    def _site_rows(self) -> dict[Point, int]:
        return {point: row for row, point in enumerate(self.sites)}

    @cached_property
    def _out(self) -> TravelMatrix:
        return self.engine.matrix(self.askers, self.sites)

    @cached_property
    def _home(self) -> TravelMatrix:
        return self.engine.matrix(self.sites, self.askers)


def ask_once(
    engine: TravelEngine,
    *,
    kitchens: Sequence[Point],
    definitions: Mapping[str, LocalDefinition],
    sites: Sequence[Point],
) -> TravelEngine:
    """The engine itself when it only calculates, else one that asks it for everything in one go."""
    if isinstance(engine, Banded):
        return engine
    rules = [(code, rule) for code, own in definitions.items() for rule in simple_rules(own.rule)]
    by_road = [(code, rule) for code, rule in rules if _is_by_road(rule)]
    seats = [
        areas.seat(code)
        for code, rule in by_road
        if isinstance(rule, WithinDistance) and rule.measured_from == "seat"
    ]
    return KnownRoads(engine, tuple(dict.fromkeys([*kitchens, *seats])), tuple(dict.fromkeys(sites)))


def _is_by_road(rule: object) -> bool:
    return isinstance(rule, SchoolDayVisit) or (isinstance(rule, WithinDistance) and rule.by == "road")


def _rows(known: dict[Point, int], points: Sequence[Point]) -> NDArray[np.int64]:
    return np.fromiter((known[point] for point in points), np.int64, len(points))


def _part(whole: TravelMatrix, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> TravelMatrix:
    place = np.ix_(rows, columns)
    return replace(
        whole,
        metres=whole.metres[place],
        seconds=whole.seconds[place],
        is_estimate=bool(whole.estimated[place].any()),
        reachable=whole.reachable[place],
        estimated=whole.estimated[place],
        by_ferry=whole.by_ferry[place],
    )
