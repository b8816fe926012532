"""Where many points lie, at once: the answers of `geodata.areas.locate`, for thousands of points.

Everything here speaks in arrays and in rows: row i is the municipality with the i-th smallest code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata import areas, shapes
from geodata.abroad import are_abroad
from geodata.points import to_sweref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geodata.areas import Municipality
    from geodata.points import Point

NOWHERE = -1
"""The row of a point at sea or abroad."""


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Where n points lie: positions (n, 2) and geometries (n,) in SWEREF 99 TM, rows (n,), metres offshore."""

    positions: NDArray[np.float64]
    where: NDArray[Any]
    rows: NDArray[np.int64]
    offshore_m: NDArray[np.float64]

    def candidates(self, within_m: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs (k,), (k,) of point and row, as `geodata.areas.candidates` names them, by point."""
        points, rows = shapes.tree().query(
            self.where, predicate="dwithin", distance=self.offshore_m + within_m
        )
        own = np.flatnonzero(self.rows != NOWHERE)
        pairs = np.concatenate([np.column_stack([points, rows]), np.column_stack([own, self.rows[own]])])
        unique = np.unique(pairs, axis=0)
        return unique[:, 0], unique[:, 1]


def degrees_of(points: Sequence[Point]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes (n,) and longitudes (n,)."""
    count = len(points)
    return (
        np.fromiter((point.lat for point in points), np.float64, count),
        np.fromiter((point.lon for point in points), np.float64, count),
    )


def locate_many(points: Sequence[Point]) -> tuple[Municipality | None, ...]:
    """The municipality of each point; None where `geodata.areas.locate` raises `NotOnLand`."""
    in_order = (*areas.municipalities(), None)  # NOWHERE is the last
    return tuple(in_order[row] for row in locate_rows(points).rows.tolist())


def locate_rows(points: Sequence[Point]) -> Located:
    """See `Located`; the row is `NOWHERE` for a point at sea or abroad."""
    lats, lons = degrees_of(points)
    eastings, northings = to_sweref(lats=lats, lons=lons)
    positions = np.column_stack([eastings, northings])
    where = np.asarray(shapely.points(positions))
    rows, offshore = _drawn(where)
    _anchor(rows, positions)
    rows[are_abroad(positions, offshore)] = NOWHERE
    return Located(positions, where, rows, offshore)


def _drawn(where: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The row of the polygon that holds each point, else of the nearest, and how far off that is."""
    rows = np.full(len(where), NOWHERE)
    offshore = np.zeros(len(where))
    points, found = shapes.tree().query(where, predicate="intersects")
    rows[points[::-1]] = found[::-1]
    missed = np.flatnonzero(rows == NOWHERE)
    # On a border two polygons hold the point: ask as locate does, so that both give the same one.
    shared = np.unique(points[1:][points[1:] == points[:-1]])
    unclear = np.concatenate([missed, shared])
    rows[unclear] = shapes.tree().nearest(where[unclear])
    offshore[missed] = shapely.distance(where[missed], shapes.metric()[rows[missed]])
    return rows, offshore


def _anchor(rows: NDArray[np.int64], positions: NDArray[np.float64]) -> None:
    """Give points near a town that the polygons put elsewhere the town's own row."""
    towns, owners = shapes.anchors()
    if not len(owners):
        return
    away = np.hypot(*(positions[:, None, :] - towns[None, :, :]).transpose(2, 0, 1))
    closest = np.argmin(away, axis=1)
    near = away[np.arange(len(rows)), closest] <= areas.ANCHOR_REACH_M
    rows[near] = owners[closest[near]]
