"""What the set-up forms stand on: an authority's kitchens, who sells to it, who drives for it, what they have answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.fleet.models import Carrier, TransportAnswer, TransportSettings, TransportSurvey, Vehicle
from market.fleet.queries import settings_of
from market.fleet.rules import CanDeliver, CarrierKind
from market.offers.models import Offer
from market.offers.queries import offered_to
from market.offers.rules import OfferState
from market.orders.models import Order
from market.register.models import Authority, Kitchen, Producer, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """All that a form offers to choose from, as it stands. `able`: producers that say they deliver by themselves."""

    authority: Authority
    kitchens: tuple[Kitchen, ...]
    producers: tuple[Producer, ...]
    carriers: tuple[Carrier, ...]
    settings: TransportSettings
    able: frozenset[int]

    @property
    def hubs(self) -> tuple[Kitchen, ...]:
        return tuple(kitchen for kitchen in self.kitchens if kitchen.hub_id is None)

    @property
    def driving(self) -> frozenset[int]:
        """The producers that drive now."""
        return frozenset(
            carrier.producer_id for carrier in self.carriers if carrier.producer_id and carrier.is_active
        )

    def vehicle_of(self, kind: CarrierKind, *, series: str = "") -> Vehicle | None:
        """One to show the form with: the first in service of such carriers."""
        vehicles = (
            vehicle
            for carrier in self.carriers
            if carrier.kind is kind and carrier.is_active
            for vehicle in carrier.vehicles
        )
        return next((one for one in vehicles if one.is_active and one.name.startswith(series)), None)


def grounds_of(session: Session, *, authority: Authority) -> Grounds:
    """Of an authority that the caller has found within its actor's reach."""
    return Grounds(
        authority=authority,
        kitchens=tuple(session.scalars(_kitchens(authority.id))),
        producers=tuple(session.scalars(sellers_to(authority.id))),
        carriers=tuple(session.scalars(_carriers(authority.id))),
        settings=settings_of(session, authority_id=authority.id),
        able=frozenset(session.scalars(_able(authority.id))),
    )


def _kitchens(authority_id: int) -> Select[Kitchen]:
    mine = select(Kitchen).where(Kitchen.authority_id == authority_id, Kitchen.is_active)
    return mine.order_by(Kitchen.kind, Kitchen.name)


def sellers_to(authority_id: int) -> Select[Producer]:
    """Those its kitchens have ordered from, those with something out for it now, and those that drive for it."""
    own = select(Kitchen.id).where(Kitchen.authority_id == authority_id)
    ordered = select(Order.producer_id).where(Order.kitchen_id.in_(own))
    offering = (
        select(Product.producer_id)
        .join(Offer, Offer.product_id == Product.id)
        .where(Offer.state == OfferState.OPEN, offered_to(authority_id))
    )
    driving = select(Carrier.producer_id).where(
        Carrier.authority_id == authority_id, Carrier.producer_id.is_not(None)
    )
    return (
        select(Producer)
        .where(or_(Producer.id.in_(ordered), Producer.id.in_(offering), Producer.id.in_(driving)))
        .options(selectinload(Producer.sites))
        .order_by(Producer.name)
    )


def _carriers(authority_id: int) -> Select[Carrier]:
    return (
        select(Carrier)
        .where(Carrier.authority_id == authority_id)
        .options(
            joinedload(Carrier.producer),
            selectinload(Carrier.vehicles).selectinload(Vehicle.compartments),
            selectinload(Carrier.drivers),
        )
        .order_by(Carrier.id)
    )


def _able(authority_id: int) -> Select[int]:
    can = (CanDeliver.BY_ITSELF, CanDeliver.FOR_OTHERS_TOO)
    return (
        select(TransportAnswer.producer_id)
        .join(TransportSurvey, TransportAnswer.survey_id == TransportSurvey.id)
        .where(TransportSurvey.authority_id == authority_id, TransportAnswer.can_deliver.in_(can))
    )
