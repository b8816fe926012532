"""Offers seen from a kitchen: how far away, and local or not by the authority's own definition.

For maps, lists and statistics only. Nothing here may reach a procurement's requirements, evaluation or award
(LOU 4 kap. 1 §); the import contracts keep it away from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.distances import distance_matrix_m
from geodata.local import Answer, LocalDefinition, Step, Verdict, from_json, outline, verdict
from geodata.local import ProductionSite as Place
from geodata.points import Point
from geodata.travel import Estimator
from market.offers.models import Offer
from market.register.models import Authority, Kitchen, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """Where one looks from, and by whose definition."""

    authority: Authority
    kitchen: Kitchen

    @property
    def point(self) -> Point:
        return Point(lat=self.kitchen.lat, lon=self.kitchen.lon)

    @property
    def definition(self) -> LocalDefinition:
        return from_json(self.authority.local_definition)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOffer:
    """An offer with its distance (metres as the crow flies, and by road as estimated) and its verdict."""

    offer: Offer
    crow_m: int
    road_m: int
    drive_s: int
    verdict: Verdict

    @property
    def is_local(self) -> bool | None:
        """True, False, or None when what is known does not decide."""
        return {Answer.YES: True, Answer.NO: False}.get(self.verdict.answer)


def see(offers: Sequence[Offer], *, viewpoint: Viewpoint, on: date) -> list[SeenOffer]:
    """Each offer from the viewpoint, nearest by road first; one verdict per product, one travel matrix."""
    if not offers:
        return []
    engine = Estimator()
    origins = [Point(lat=offer.site.lat, lon=offer.site.lon) for offer in offers]
    travel = engine.matrix(origins, [viewpoint.point])
    crow = _crow_metres(origins, viewpoint.point)
    verdicts = {
        product.id: _verdict(product, viewpoint=viewpoint, engine=engine, on=on)
        for product in {offer.product.id: offer.product for offer in offers}.values()
    }
    seen = [
        SeenOffer(
            offer=offer,
            crow_m=crow[n],
            road_m=int(travel.metres[n, 0]),
            drive_s=int(travel.seconds[n, 0]),
            verdict=verdicts[offer.product.id],
        )
        for n, offer in enumerate(offers)
    ]
    return sorted(seen, key=lambda one: (one.road_m, one.offer.id))


def drawn_definition(viewpoint: Viewpoint) -> dict[str, Any]:
    """The definition's area as a GeoJSON FeatureCollection, to draw on the map."""
    geometry = outline(
        viewpoint.definition, authority_code=viewpoint.authority.municipality_code, kitchen=viewpoint.point
    )
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": geometry}] if geometry else [],
    }


def _crow_metres(origins: Sequence[Point], destination: Point) -> list[int]:
    return [int(row[0]) for row in distance_matrix_m(origins, [destination])]


def _verdict(product: Product, *, viewpoint: Viewpoint, engine: Estimator, on: date) -> Verdict:
    sites = [
        Place(
            step=Step(link.step.value),
            point=Point(lat=link.site.lat, lon=link.site.lon),
            municipality_code=link.site.municipality_code,
            name=link.site.name,
        )
        for link in product.chain
    ]
    return verdict(
        viewpoint.definition,
        authority_code=viewpoint.authority.municipality_code,
        sites=sites,
        kitchen=viewpoint.point,
        kitchen_name=viewpoint.kitchen.name,
        travel=engine,
        on=on,
    )
