"""A fixed cast for the tests: one municipality with kitchens and people, another beside it, and their producers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from PIL import Image
from sqlalchemy.orm import Session

from geodata.local import own_county
from market.access import actor_for
from market.accounts.models import Membership, User
from market.accounts.operations import add_user, give_role
from market.accounts.rules import Role
from market.actors import Actor
from market.locality.models import DefinitionVersion
from market.locality.stated import stored_form
from market.offers.call_operations import register_call
from market.offers.call_rules import CallNotes
from market.offers.models import Offer, PhoneCall
from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.orders.models import Order
from market.orders.operations import place_order
from market.register.models import (
    Authority,
    Category,
    Kitchen,
    KitchenKind,
    KitchenWindow,
    Procedure,
    Producer,
    Product,
    ProductionSite,
    SiteWindow,
    Step,
    TransportModel,
)
from market.register.operations import add_product
from market.values import SWEDEN, Package, Period, Quantity, Unit

MONDAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 8, 0, 0, 250_000, tzinfo=SWEDEN)  # real clocks have microseconds
HOUR = 3600


@dataclass(frozen=True)
class Cast:
    """Everyone and everything that most tests need."""

    authority: Authority
    other_authority: Authority
    hub: Kitchen
    satellite: Kitchen
    other_kitchen: Kitchen
    producer: Producer
    other_producer: Producer
    site: ProductionSite
    carrots: Product
    actors: dict[str, Actor]

    def actor(self, name: str) -> Actor:
        return self.actors[name]


def make_cast(session: Session) -> Cast:
    """Norrtälje with a hub, a satellite and a grower; Vallentuna beside it. Flushed, not committed."""
    authority = _authority(session, "Norrtälje kommun", "0188")
    other = _authority(session, "Vallentuna kommun", "0115")
    hub = _kitchen(session, authority, "Centralköket", 59.758, 18.705)
    satellite = _kitchen(session, authority, "Förskolan Rimbo", 59.744, 18.370, hub=hub)
    other_kitchen = _kitchen(session, other, "Vallentunaköket", 59.534, 18.078)
    producer = Producer(name="Åkerbo gård", created_at=AT)
    other_producer = Producer(name="Granby gård", created_at=AT)
    site = _site("Åkerbo", 59.85, 18.60, "0188")
    producer.sites.append(site)
    other_producer.sites.append(_site("Granby", 59.55, 18.15, "0115"))
    session.add_all([producer, other_producer])
    session.flush()
    carrots = add_product(
        session,
        producer=producer,
        name="Morötter",
        category=session.get_one(Category, "vegetables"),
        unit=Unit.KILOGRAM,
        grams_per_unit=1000,
        chain=[(Step.FARM, site)],
        user_id=None,
        at=AT,
    )
    actors = _people(session, authority, other, hub, satellite, other_kitchen, producer, other_producer)
    return Cast(
        authority, other, hub, satellite, other_kitchen, producer, other_producer, site, carrots, actors
    )


def make_offer(
    session: Session, cast: Cast, *, kilograms: int = 120, price: Decimal | None = Decimal(14)
) -> Offer:
    """Carrots this week, in 10 kg boxes."""
    terms = OfferTerms(
        quantity=Quantity.of(kilograms, Unit.KILOGRAM),
        period=Period(MONDAY, MONDAY + timedelta(days=7)),
        package=Package.BOX,
        package_size=Quantity.of(10, Unit.KILOGRAM),
        price=price,
        is_surplus=True,
    )
    return post_offer(
        session, product=cast.carrots, site=cast.site, terms=terms, actor=cast.actor("producer"), at=AT
    )


def make_call(session: Session, cast: Cast, *, email: str = "", key: str | None = None) -> PhoneCall:
    """The grower has called the meal manager about 60 kg carrots, for the own municipality."""
    terms = OfferTerms(
        quantity=Quantity.of(60, Unit.KILOGRAM),
        period=Period(MONDAY, MONDAY + timedelta(days=7)),
        price=Decimal(13),
        authority_ids=(cast.authority.id,),
    )
    notes = CallNotes(
        called_at=AT - timedelta(minutes=20),
        spoke_with="Gösta Åkerlund",
        said="60 kilo morötter den här veckan.",
        is_outside_directive=True,
        email=email,
    )
    return register_call(
        session,
        authority_id=cast.authority.id,
        product=cast.carrots,
        site=cast.site,
        terms=terms,
        notes=notes,
        actor=cast.actor("meal_manager"),
        at=AT,
        request_key=key,
    )


def make_order(
    session: Session,
    cast: Cast,
    offer: Offer,
    *,
    kilograms: int = 40,
    day: date = MONDAY + timedelta(days=2),
    price: Decimal | None = None,
    key: str,
) -> Order:
    """The hub kitchen orders for Wednesday: at the listed price, or proposes `price`, or 15 kr where none is listed."""
    return place_order(
        session,
        offer=offer,
        kitchen=cast.hub,
        quantity=Quantity.of(kilograms, Unit.KILOGRAM),
        deliver_on=day,
        proposed_price=Decimal(15) if offer.price is None else price,
        note="",
        request_key=key,
        actor=cast.actor("kitchen"),
        at=AT,
    )


def tiny_photo(size: tuple[int, int] = (30, 20)) -> bytes:
    """A JPEG of a green field."""
    out = BytesIO()
    Image.new("RGB", size, (90, 140, 60)).save(out, "JPEG")
    return out.getvalue()


def _authority(session: Session, name: str, code: str) -> Authority:
    authority = Authority(
        name=name,
        municipality_code=code,
        procedure=Procedure.DIRECT_AWARD,
        transport_model=TransportModel.PRODUCER_DELIVERS,
        created_at=AT,
    )
    session.add(authority)
    session.flush()
    session.add(in_its_county(authority))
    session.flush()
    return authority


def in_its_county(authority: Authority) -> DefinitionVersion:
    """Its own county, stated at the beginning of the year."""
    return DefinitionVersion(
        authority_id=authority.id,
        number=1,
        definition=stored_form(own_county()),
        valid_from=date(2026, 1, 1),
        created_at=AT,
    )


def _kitchen(
    session: Session, authority: Authority, name: str, lat: float, lon: float, hub: Kitchen | None = None
) -> Kitchen:
    kitchen = Kitchen(
        authority=authority,
        name=name,
        kind=KitchenKind.SATELLITE if hub else KitchenKind.HUB,
        hub_id=hub.id if hub else None,
        lat=lat,
        lon=lon,
        windows=[KitchenWindow(weekday=day, opens_s=7 * HOUR, closes_s=11 * HOUR) for day in range(1, 6)],
    )
    session.add(kitchen)
    session.flush()
    return kitchen


def _site(name: str, lat: float, lon: float, code: str) -> ProductionSite:
    windows = [SiteWindow(weekday=day, opens_s=5 * HOUR, closes_s=15 * HOUR) for day in range(1, 7)]
    return ProductionSite(name=name, lat=lat, lon=lon, municipality_code=code, windows=windows)


def _people(
    session: Session,
    authority: Authority,
    other: Authority,
    hub: Kitchen,
    satellite: Kitchen,
    other_kitchen: Kitchen,
    producer: Producer,
    other_producer: Producer,
) -> dict[str, Actor]:
    roles: dict[str, tuple[Role, dict[str, int]]] = {
        "producer": (Role.PRODUCER, {"producer_id": producer.id}),
        "other_producer": (Role.PRODUCER, {"producer_id": other_producer.id}),
        "kitchen": (Role.KITCHEN, {"kitchen_id": hub.id}),
        "satellite": (Role.KITCHEN, {"kitchen_id": satellite.id}),
        "other_kitchen": (Role.KITCHEN, {"kitchen_id": other_kitchen.id}),
        "meal_manager": (Role.MEAL_MANAGER, {"authority_id": authority.id}),
        "procurement_officer": (Role.PROCUREMENT_OFFICER, {"authority_id": authority.id}),
        "logistics_planner": (Role.LOGISTICS_PLANNER, {"authority_id": authority.id}),
        "driver": (Role.DRIVER, {"authority_id": authority.id}),
        "other_driver": (Role.DRIVER, {"authority_id": other.id}),
        "other_officer": (Role.PROCUREMENT_OFFICER, {"authority_id": other.id}),
        "other_planner": (Role.LOGISTICS_PLANNER, {"authority_id": other.id}),
        "other_meal_manager": (Role.MEAL_MANAGER, {"authority_id": other.id}),
        "admin": (Role.ADMIN, {}),
    }
    return {name: actor_for(_member(session, name, role, ids)) for name, (role, ids) in roles.items()}


def _member(session: Session, name: str, role: Role, ids: dict[str, int]) -> Membership:
    user: User = add_user(
        session,
        email=f"{name}@example.se",
        name=f"{name.capitalize()} Test",
        password_hash=None,
        by_user_id=None,
        at=AT,
    )
    return give_role(session, user=user, role=role, by_user_id=None, at=AT, **ids)
