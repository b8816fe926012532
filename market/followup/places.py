"""Where delivered goods came from and how far: chains, vantages and the metres of each leg."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from geodata.distances import distance_matrix_m
from geodata.local import ProductionSite, Step
from geodata.points import Point
from geodata.travel import Estimator
from market.followup.adding import insert_into
from market.followup.models import Chain, Vantage
from market.offers.models import Offer
from market.orders.models import Order
from market.register.models import Kitchen, Product

Kept = TypeVar("Kept", Chain, Vantage)


@dataclass(frozen=True, slots=True)
class Legs:
    """Metres by road, as the estimator has them.

    Between production sites and on to where goods are fetched; from there to the receiving kitchen; on to the one that ordered.
    """

    chain_m: int
    hub_m: int
    kitchen_m: int


def chain_as_plain(product: Product) -> list[dict[str, Any]]:
    """Each step of a product and where it happens, as a Chain keeps it."""
    return [
        {
            "step": link.step.value,
            "lat": link.site.lat,
            "lon": link.site.lon,
            "code": link.site.municipality_code,
            "name": link.site.name,
        }
        for link in product.chain
    ]


def chain_from_plain(sites: Sequence[dict[str, Any]]) -> tuple[ProductionSite, ...]:
    """A kept chain as geodata judges it."""
    return tuple(
        ProductionSite(
            step=Step(site["step"]),
            point=Point(lat=site["lat"], lon=site["lon"]),
            municipality_code=site["code"],
            name=site["name"],
        )
        for site in sites
    )


def sha256_of(content: Any) -> str:
    """64 hex digits of plain data, the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def keep_chain(session: Session, *, product: Product) -> Chain:
    """The row of a product's chain as it stands now."""
    sites = chain_as_plain(product)
    digest = sha256_of(sites)
    return _kept(session, Chain, Chain.sha256 == digest, {"sha256": digest, "sites": sites})


def keep_vantage(session: Session, *, kitchen: Kitchen) -> Vantage:
    """The row of where a kitchen stands now."""
    code = kitchen.authority.municipality_code
    here = and_(Vantage.municipality_code == code, Vantage.lat == kitchen.lat, Vantage.lon == kitchen.lon)
    values = {"municipality_code": code, "lat": kitchen.lat, "lon": kitchen.lon}
    return _kept(session, Vantage, here, values)


def _kept(session: Session, model: type[Kept], same: ColumnElement[bool], values: dict[str, Any]) -> Kept:
    """The row that is there, or a new one; two at the same time make one, and neither fails."""
    found = session.scalar(select(model).where(same))
    if found is None:
        session.execute(insert_into(session, model).values(**values).on_conflict_do_nothing())
        found = session.scalars(select(model).where(same)).one()
    return found


def legs_of(offer: Offer, order: Order) -> Legs:
    """From the first production site by each next one to where the goods are fetched, to the hub, to the kitchen."""
    made_at = [Point(lat=link.site.lat, lon=link.site.lon) for link in offer.product.chain]
    fetched_at = Point(lat=offer.site.lat, lon=offer.site.lon)
    hub, kitchen = order.receiving_kitchen, order.kitchen
    to_hub, to_kitchen = Point(lat=hub.lat, lon=hub.lon), Point(lat=kitchen.lat, lon=kitchen.lon)
    return Legs(
        chain_m=sum(road_m(a, b) for a, b in pairwise([*made_at, fetched_at])),
        hub_m=road_m(fetched_at, to_hub),
        kitchen_m=road_m(to_hub, to_kitchen),
    )


def road_m(a: Point, b: Point) -> int:
    """Estimated, so that it needs no engine at hand when goods are received; as the crow flies where no road or ferry leads."""
    if a == b:
        return 0
    way = Estimator().matrix([a], [b])
    return int(way.metres[0, 0] if way.reachable[0, 0] else distance_matrix_m([a], [b])[0][0])
