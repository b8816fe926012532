"""OSRM: roads measured by its `table` service (https://project-osrm.org/docs/v5.24.0/api/#table-service).

OSRM moves every point to the nearest road however far that is, so a point on a roadless island would be answered from
the shore. A point that was moved farther than `snap_m` is therefore unreachable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from geodata.travel.asking import Address, EngineGarbled, EngineRefused, Patience, Reply, ask
from geodata.travel.batches import Limits, NoRoad, Part, Rows, gather, table
from geodata.travel.matrices import TravelMatrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.points import Point

DEFAULT_LIMITS = Limits(locations=100, pairs=10_000)
"""osrm-routed's --max-table-size is 100 unless it is started with another."""

_MENDS = {
    "TooBig": "Start osrm-routed with a larger --max-table-size, or lower the engine's limits here.",
    "InvalidQuery": "Check that OSRM is version 5.18 or newer: older ones give no distances.",
    "NotImplemented": "Start osrm-routed with an algorithm that has the table service (ch or mld).",
}


@dataclass(frozen=True, slots=True)
class Osrm:
    """An OSRM server at `url`, asked for the roads of `profile`."""

    url: str
    profile: str = "driving"
    limits: Limits = DEFAULT_LIMITS
    snap_m: float = 2_000
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        Address(self.url)

    @property
    def name(self) -> str:
        return "osrm" if self.profile == "driving" else f"osrm/{self.profile}"

    def data_version(self) -> str:
        """What osrm-extract was told by --data_version; empty when it was told nothing."""
        reply = self._ask("nearest", "18.06860,59.32930", "number=1")
        return str(reply.fields.get("data_version", ""))

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        """Raises `EngineDown`, `EngineRefused`, `EngineGarbled`."""
        versions: set[str] = set()

        def question(rows: Rows, columns: Rows) -> Part:
            content = self._table(
                [origins[row] for row in rows], [destinations[column] for column in columns]
            )
            versions.add(str(content.get("data_version", "")))
            return self._part(content, (len(rows), len(columns)))

        shape = (len(origins), len(destinations))
        answer = gather(
            np.arange(shape[0]), np.arange(shape[1]), shape=shape, limits=self.limits, question=question
        )
        return measured(answer, engine=self.name, data_version=" / ".join(sorted(versions)))

    def _table(self, origins: Sequence[Point], destinations: Sequence[Point]) -> dict[str, Any]:
        numbers: dict[str, int] = {}
        starts = [numbers.setdefault(_place(point), len(numbers)) for point in origins]
        ends = [numbers.setdefault(_place(point), len(numbers)) for point in destinations]
        options = f"annotations=duration,distance&generate_hints=false&sources={_list(starts)}&destinations={_list(ends)}"
        # The table service wants two coordinates even for the way from a point to itself.
        places = list(numbers) * (2 if len(numbers) == 1 else 1)
        return self._ask("table", ";".join(places), options).fields

    def _ask(self, service: str, places: str, options: str) -> Reply:
        path = f"/{service}/v1/{quote(self.profile, safe='')}/{places}?{options}"
        reply = ask(Address(self.url), path, patience=self.patience)
        code = str(reply.fields.get("code", ""))
        if code in {"NoSegment", "NoTable"}:
            raise NoRoad(code)
        if not reply.is_ok or code != "Ok":
            raise EngineRefused(
                f"OSRM at {self.url} refused: {code or f'status {reply.status}'}, "
                f"{reply.fields.get('message', 'without a reason')}. "
                + _MENDS.get(
                    code, "Check the address, and that the profile is the one the map was built with."
                )
            )
        return reply

    def _part(self, content: dict[str, Any], shape: tuple[int, int]) -> Part:
        metres = table(content.get("distances"), shape, name="distances")
        seconds = table(content.get("durations"), shape, name="durations")
        metres[self._moved(content, "sources", shape[0]), :] = np.nan
        metres[:, self._moved(content, "destinations", shape[1])] = np.nan
        return Part(metres, seconds)

    def _moved(self, content: dict[str, Any], name: str, count: int) -> list[int]:
        """The points that lie too far from a road, from how far OSRM says that it moved them."""
        found = content.get(name)
        if not isinstance(found, list) or len(found) != count:
            raise EngineGarbled(
                f"OSRM at {self.url} doesn't say where its '{name}' are. Use osrm-routed, not a copy of its table."
            )
        return [number for number, point in enumerate(found) if float(point.get("distance", 0)) > self.snap_m]


def measured(answer: Part, *, engine: str, data_version: str) -> TravelMatrix:
    """An engine's answer in whole metres and seconds."""
    reachable = answer.reachable
    return TravelMatrix(
        metres=np.rint(np.where(reachable, answer.metres, 0)).astype(np.int64),
        seconds=np.rint(np.where(reachable, answer.seconds, 0)).astype(np.int64),
        engine=engine,
        data_version=data_version,
        is_estimate=False,
        reachable=reachable,
    )


def _place(point: Point) -> str:
    """Longitude first; five decimals are a metre."""
    return f"{point.lon:.5f},{point.lat:.5f}"


def _list(numbers: Sequence[int]) -> str:
    return ";".join(map(str, numbers))
