"""The expanding circle (Inköpssnurran) over offers: geodata draws it, here it is told what each offer weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geodata.distances import circle
from geodata.expanding import expanding_circle
from geodata.points import Point
from market.offers.locality import SeenOffer
from market.offers.settling import supplies_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one offer adds: the grams it has, and how much is covered once it is counted in."""

    seen: SeenOffer
    grams: int
    covered_grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The offers inside, nearest first. Where all of them don't suffice, `short_by_grams` says by how much.

    `radius_m` is metres as the crow flies to the farthest offer counted in; 0 when there is none.
    """

    wanted_grams: int
    shares: Sequence[Share]
    radius_m: int
    short_by_grams: int

    @property
    def covered_grams(self) -> int:
        return self.shares[-1].covered_grams if self.shares else 0

    @property
    def is_covered(self) -> bool:
        return self.short_by_grams == 0

    @property
    def farthest_by_road(self) -> SeenOffer | None:
        """The one inside with the longest way to the kitchen; the circle itself knows no roads."""
        by_road = [share.seen for share in self.shares if share.seen.has_road]
        return max(by_road, key=lambda seen: seen.road_m, default=None)


def widen(seen: Sequence[SeenOffer], *, centre: Point, wanted_grams: int) -> Circle:
    """The smallest circle with enough in it, or with everything there is; `wanted_grams` is more than 0."""
    by_offer = {one.offer.id: one for one in seen}
    supplies = supplies_of(one.offer for one in by_offer.values())
    found = expanding_circle(supplies, centre=centre, wanted_grams=wanted_grams)
    return Circle(
        wanted_grams=wanted_grams,
        shares=[
            Share(seen=by_offer[one.supply.key], grams=one.supply.amount_grams, covered_grams=one.total_grams)
            for one in found.suppliers
        ],
        radius_m=found.suppliers[-1].away_m if found.suppliers else 0,
        short_by_grams=found.short_by_grams,
    )


def drawn_circle(answer: Circle, *, centre: Point, title: str) -> list[dict[str, Any]]:
    """The circle as GeoJSON features, under its name in the legend: none while nothing is inside."""
    if not answer.radius_m:
        return []
    ring = [list(corner) for corner in circle(centre, radius_m=answer.radius_m)]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    properties = {"kind": "circle", "title": title, "radius_m": answer.radius_m}
    return [{"type": "Feature", "properties": properties, "geometry": geometry}]
