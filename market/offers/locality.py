"""Offers seen from a kitchen: how far away, and local or not by the authority's own definition.

For maps, lists and statistics only. Nothing here may reach a procurement's requirements, evaluation or award
(LOU 4 kap. 1 §); the import contracts keep it away from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geodata.distances import distance_matrix_m
from geodata.local import Answer, Verdict
from geodata.points import Point
from geodata.travel import Estimator, TravelEngine
from market.locality.judging import judge_all
from market.locality.queries import stated_by
from market.locality.stated import Stated
from market.offers.models import Offer
from market.offers.settling import Reaches, reaches_of
from market.register.models import Authority, Kitchen
from market.values import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """Where one looks from, and by whose definition; `reaches` is how far its expanding circles go just then."""

    kitchen: Kitchen
    stated: Stated
    reaches: Reaches

    @property
    def settled(self) -> Stated:
        """The definition with its circles as distances: what judges the offers and is drawn."""
        return self.stated.settled(self.reaches)

    @property
    def authority(self) -> Authority:
        return self.kitchen.authority

    @property
    def point(self) -> Point:
        return Point(lat=self.kitchen.lat, lon=self.kitchen.lon)


def viewpoint_from(session: Session, *, kitchen: Kitchen, on: date, during: Period) -> Viewpoint:
    """A kitchen's view, under the definition that its authority has in force on a day, of what is on offer in a period."""
    stated = stated_by(session, authority=kitchen.authority, day=on).seen_from(kitchen)
    here = Point(lat=kitchen.lat, lon=kitchen.lon)
    reaches = reaches_of(
        session,
        stated.definition,
        kitchen=here,
        authority_id=kitchen.authority_id,
        during=during,
        today=on,
    )
    return Viewpoint(kitchen=kitchen, stated=stated, reaches=reaches)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOffer:
    """An offer with its distance (metres as the crow flies, and by road) and its verdict.

    `road_is_estimate` says that no engine has measured the road; without `has_road` no vehicle gets there.
    """

    offer: Offer
    crow_m: int
    road_m: int
    road_is_estimate: bool
    has_road: bool
    verdict: Verdict

    @property
    def is_local(self) -> bool | None:
        """True, False, or None when what is known does not decide."""
        return {Answer.YES: True, Answer.NO: False}.get(self.verdict.answer)


def see(
    offers: Sequence[Offer], *, viewpoint: Viewpoint, on: date, travel: TravelEngine | None = None
) -> list[SeenOffer]:
    """Each offer from the viewpoint, nearest by road first; one verdict per product, one travel matrix."""
    if not offers:
        return []
    engine = travel or Estimator()
    origins = [Point(lat=offer.site.lat, lon=offer.site.lon) for offer in offers]
    roads = engine.matrix(origins, [viewpoint.point])
    crow = _crow_metres(origins, viewpoint.point)
    products = list({offer.product.id: offer.product for offer in offers}.values())
    verdicts = judge_all(products, viewpoint.settled, on=on, travel=engine)
    seen = [
        SeenOffer(
            offer=offer,
            crow_m=crow[n],
            road_m=int(roads.metres[n, 0]),
            road_is_estimate=bool(roads.estimated[n, 0]),
            has_road=bool(roads.reachable[n, 0]),
            verdict=verdicts[offer.product.id],
        )
        for n, offer in enumerate(offers)
    ]
    return sorted(seen, key=lambda one: (one.road_m, one.offer.id))


def drawn_definition(viewpoint: Viewpoint) -> dict[str, Any]:
    """The definition's area as a GeoJSON FeatureCollection, to draw on the map."""
    return viewpoint.settled.area()


def _crow_metres(origins: Sequence[Point], destination: Point) -> list[int]:
    return [int(row[0]) for row in distance_matrix_m(origins, [destination])]
