"""Roads that were measured once: kept per engine and version of its map.

A new map has a new version, so nothing stale is ever answered. An engine that doesn't tell its version is asked
each time. Points count as equal to five decimals (a metre), which is how engines are asked too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from geodata.points import Point
from geodata.travel.asking import EngineError
from geodata.travel.matrices import TravelEngine, TravelMatrix

DECIMALS = 5


class Pair(NamedTuple):
    """From where to where, in degrees rounded to five decimals."""

    from_lat: float
    from_lon: float
    to_lat: float
    to_lon: float


class Leg(NamedTuple):
    """Whole metres and seconds of a road; both None where there is none."""

    metres: int | None
    seconds: int | None


class TravelCache(Protocol):
    """Where measured roads are kept between questions."""

    def get_many(self, *, engine: str, data_version: str, pairs: Sequence[Pair]) -> dict[Pair, Leg]:
        """Those of the pairs that are known for this engine and map."""
        ...

    def put_many(self, *, engine: str, data_version: str, legs: Mapping[Pair, Leg]) -> None:
        """Keep them; a pair that is kept already stays as it is."""
        ...

    def latest_version(self, *, engine: str) -> str | None:
        """The version of the map that this engine's newest roads were measured on."""
        ...


class VersionedEngine(TravelEngine, Protocol):
    """An engine that tells its name and the version of its map, before anything is measured."""

    @property
    def name(self) -> str: ...

    def data_version(self) -> str:
        """Empty when the engine doesn't know."""
        ...


@dataclass(slots=True)
class MemoryCache:
    """A cache for one process; the oldest version goes when a newer one comes."""

    kept: dict[str, tuple[str, dict[Pair, Leg]]] = field(default_factory=dict)

    def get_many(self, *, engine: str, data_version: str, pairs: Sequence[Pair]) -> dict[Pair, Leg]:
        version, legs = self.kept.get(engine, ("", {}))
        return {pair: legs[pair] for pair in pairs if pair in legs} if version == data_version else {}

    def put_many(self, *, engine: str, data_version: str, legs: Mapping[Pair, Leg]) -> None:
        version, known = self.kept.get(engine, ("", {}))
        self.kept[engine] = (data_version, {**legs, **known} if version == data_version else dict(legs))

    def latest_version(self, *, engine: str) -> str | None:
        return self.kept[engine][0] if engine in self.kept else None


@dataclass(frozen=True, slots=True)
class Cached:
    """An engine that is asked only for what the cache doesn't know."""

    engine: VersionedEngine
    cache: TravelCache

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        """Raises what the engine raises; the error's `known` is then what the cache knew."""
        try:
            version = self.engine.data_version()
        except EngineError as error:
            latest = self.cache.latest_version(engine=self.engine.name)
            error.known = self._known(origins, destinations, latest) if latest else None
            raise
        if not version:
            return self.engine.matrix(origins, destinations)
        known = self._known(origins, destinations, version)
        return self._completed(origins, destinations, known) if known.is_estimate else known

    def _completed(
        self, origins: Sequence[Point], destinations: Sequence[Point], known: TravelMatrix
    ) -> TravelMatrix:
        """Ask for the rows and columns with gaps, keep the answer, and read everything from it."""
        rows, columns = (np.flatnonzero(known.estimated.any(axis=axis)) for axis in (1, 0))
        starts, ends = (
            [origins[row] for row in rows.tolist()],
            [destinations[row] for row in columns.tolist()],
        )
        try:
            answer = self.engine.matrix(starts, ends)
        except EngineError as error:
            error.known = known
            raise
        self.cache.put_many(
            engine=self.engine.name, data_version=answer.data_version, legs=_legs(starts, ends, answer)
        )
        if answer.data_version != known.data_version:  # the map was replaced between the two questions
            return self.engine.matrix(origins, destinations)
        return _filled(known, answer, np.ix_(rows, columns))

    def _known(self, origins: Sequence[Point], destinations: Sequence[Point], version: str) -> TravelMatrix:
        """What the cache knows; the other pairs are marked as estimated, with zeros that no one may use."""
        pairs = [_pair(origin, destination) for origin in origins for destination in destinations]
        found = self.cache.get_many(engine=self.engine.name, data_version=version, pairs=pairs)
        legs = [found.get(pair, Leg(0, 0)) for pair in pairs]
        shape = (len(origins), len(destinations))
        missing = np.array([pair not in found for pair in pairs], dtype=np.bool_).reshape(shape)
        return TravelMatrix(
            metres=np.array([leg.metres or 0 for leg in legs], dtype=np.int64).reshape(shape),
            seconds=np.array([leg.seconds or 0 for leg in legs], dtype=np.int64).reshape(shape),
            engine=self.engine.name,
            data_version=version,
            is_estimate=bool(missing.any()),
            reachable=np.array([leg.metres is not None for leg in legs], dtype=np.bool_).reshape(shape),
            estimated=missing,
        )


def _filled(known: TravelMatrix, answer: TravelMatrix, place: tuple[np.ndarray, ...]) -> TravelMatrix:
    metres, seconds, reachable = known.metres.copy(), known.seconds.copy(), known.reachable.copy()
    metres[place], seconds[place], reachable[place] = answer.metres, answer.seconds, answer.reachable
    return TravelMatrix(
        metres, seconds, answer.engine, answer.data_version, is_estimate=False, reachable=reachable
    )


def _legs(origins: Sequence[Point], destinations: Sequence[Point], answer: TravelMatrix) -> dict[Pair, Leg]:
    return {
        _pair(origin, destination): Leg(int(answer.metres[row, column]), int(answer.seconds[row, column]))
        if answer.reachable[row, column]
        else Leg(None, None)
        for row, origin in enumerate(origins)
        for column, destination in enumerate(destinations)
    }


def _pair(origin: Point, destination: Point) -> Pair:
    places = (origin.lat, origin.lon, destination.lat, destination.lon)
    return Pair(*(round(degrees, DECIMALS) for degrees in places))
