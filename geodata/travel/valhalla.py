"""Valhalla: roads measured by its matrix service (https://valhalla.github.io/valhalla/api/matrix/api-reference/).

Valhalla refuses a whole matrix for one point without a road near it, or one pair in unconnected parts of
the map. So points off the road are found first, by `locate`, and a part that is still refused is halved until the
unreachable pairs stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geodata.travel.asking import Address, EngineGarbled, EngineRefused, Patience, Reply, ask
from geodata.travel.batches import Limits, NoRoad, Part, Rows, gather, table
from geodata.travel.matrices import TravelMatrix
from geodata.travel.osrm import measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.points import Point

DEFAULT_LIMITS = Limits(locations=100, pairs=2_500)
"""Valhalla's service_limits.*.max_matrix_location_pairs is 2 500 unless its configuration says otherwise."""

_NO_ROAD = frozenset({170, 171, 442})  # unconnected regions, no suitable edges, no path for any pair
_MENDS = {
    105: "Allow 'sources_to_targets', 'locate' and 'status' under loki.actions in Valhalla's configuration.",
    106: "Allow 'sources_to_targets', 'locate' and 'status' under loki.actions in Valhalla's configuration.",
    150: "Raise service_limits.<costing>.max_matrix_location_pairs in Valhalla's configuration, or lower the limits here.",
    154: "Raise service_limits.<costing>.max_matrix_distance in Valhalla's configuration to 2000000 (metres): "
    "its default is shorter than Sweden.",
}


@dataclass(frozen=True, slots=True)
class Valhalla:
    """A Valhalla server at `url`, asked for the roads of a car or a lorry."""

    url: str
    costing: Literal["auto", "truck"] = "auto"
    limits: Limits = DEFAULT_LIMITS
    snap_m: int = 2_000
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        Address(self.url)
        if self.costing not in {"auto", "truck"}:
            raise ValueError(f"'{self.costing}' drives no goods. Choose the costing auto or truck.")

    @property
    def name(self) -> str:
        return "valhalla" if self.costing == "auto" else f"valhalla/{self.costing}"

    def data_version(self) -> str:
        """When the tiles were built, such as 2026-11-23T12:02:04Z; empty when Valhalla doesn't say."""
        built = self._ask("/status").fields.get("tileset_last_modified")
        if not isinstance(built, int) or built <= 0:
            return ""
        return datetime.fromtimestamp(built, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        """Raises `EngineDown`, `EngineRefused`, `EngineGarbled`."""
        shape = (len(origins), len(destinations))
        if 0 in shape:
            return measured(Part(np.zeros(shape), np.zeros(shape)), engine=self.name, data_version="")
        version = self.data_version()
        near = self._near_roads({*origins, *destinations})

        def question(rows: Rows, columns: Rows) -> Part:
            return self._part([origins[row] for row in rows], [destinations[column] for column in columns])

        rows = np.array([row for row, point in enumerate(origins) if point in near], dtype=np.int64)
        columns = np.array([row for row, point in enumerate(destinations) if point in near], dtype=np.int64)
        answer = gather(rows, columns, shape=shape, limits=self.limits, question=question)
        return measured(answer, engine=self.name, data_version=version)

    def _near_roads(self, points: set[Point]) -> set[Point]:
        ordered = sorted(points)
        near: set[Point] = set()
        for start in range(0, len(ordered), self.limits.locations):
            asked = ordered[start : start + self.limits.locations]
            body = {"locations": [self._location(point) for point in asked], "costing": self.costing}
            near |= {
                point for point, found in zip(asked, self._located(body, len(asked)), strict=True) if found
            }
        return near

    def _located(self, body: dict[str, Any], count: int) -> list[bool]:
        """For each location, whether any edge of the map is near it."""
        found = self._ask("/locate", {**body, "verbose": False}).content
        if (
            not isinstance(found, list)
            or len(found) != count
            or not all(isinstance(one, dict) for one in found)
        ):
            raise EngineGarbled(
                f"Valhalla at {self.url} located other points than it was asked about. Check the address."
            )
        return [bool(one.get("edges")) for one in found]

    def _part(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Part:
        body = {
            "sources": [self._location(point) for point in origins],
            "targets": [self._location(point) for point in destinations],
            "costing": self.costing,
            "units": "kilometers",
            "verbose": False,
        }
        content = self._ask("/sources_to_targets", body).fields.get("sources_to_targets")
        tables = content if isinstance(content, dict) else {}
        shape = (len(origins), len(destinations))
        return Part(
            metres=table(tables.get("distances"), shape, name="distances", scale=1000),
            seconds=table(tables.get("durations"), shape, name="durations"),
        )

    def _location(self, point: Point) -> dict[str, float]:
        """Five decimals are a metre; roads farther away than the cut-off are not considered."""
        return {"lat": round(point.lat, 5), "lon": round(point.lon, 5), "search_cutoff": self.snap_m}

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Reply:
        reply = ask(Address(self.url), path, body=body, patience=self.patience)
        if reply.is_ok:
            return reply
        code, said = reply.fields.get("error_code"), reply.fields.get("error", "without a reason")
        if code in _NO_ROAD:
            raise NoRoad(str(said))
        raise EngineRefused(
            f"Valhalla at {self.url} refused ({code or f'status {reply.status}'}): {said}. "
            + _MENDS.get(code if isinstance(code, int) else 0, "Check the address and Valhalla's own log.")
        )
