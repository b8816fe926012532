"""The figures once more, from the raw rows alone and by the words of their definitions, in plain Python.

Nothing here comes from market.followup: orders, receipts, grades, certificates, offers' versions, definitions and law values are
read as they are stored, and everything is added up in loops of fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.feedback.models import Feedback
from market.law.models import LawValue
from market.limits.models import LimitEntry
from market.locality.models import DefinitionVersion
from market.offers.models import OfferVersion
from market.orders.models import DeliveryLine, Order

EARTH_KM, CIRCUITY = 6371.0, 1.3
VAN_G_PER_KM, VAN_LOAD_G = 230, 400_000
Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Raw:
    """One delivered line as the stored rows tell of it."""

    day: date
    authority: int
    kitchen: int
    receiving: int
    producer: int
    category: str
    ore: Fraction
    vat_ore: Fraction
    credit_ore: int
    grams: Fraction
    list_ore: Fraction | None
    is_direct: bool
    local: str
    is_organic: bool
    is_krav: bool
    is_surplus: bool
    size: str | None
    deviates: bool
    lead_days: Fraction
    km: float
    legs: tuple[float, float, float]
    taste: int | None

    @property
    def week(self) -> tuple[int, int]:
        return self.day.isocalendar()[:2]


def raw_lines(session: Session) -> list[Raw]:
    return [_raw(session, line) for line in session.scalars(select(DeliveryLine))]


def expected(lines: Sequence[Raw], arrived: Iterable[Raw] = ()) -> dict[str, Fraction | float | None]:
    """Every figure of some lines, and the vehicles that came with others. None: nothing to divide by."""
    whole = sum(line.ore for line in lines)
    weight = sum(line.grams for line in lines)
    listed = [line for line in lines if line.list_ore is not None]
    list_price = sum(line.list_ore or 0 for line in listed)
    sized = sum(line.ore for line in lines if line.size)
    small = sum(line.ore for line in lines if line.size in {"micro", "small"})
    tastes = [line.taste for line in lines if line.taste is not None]
    vehicles = {(line.receiving, line.day, line.producer) for line in arrived}
    visited = {(line.receiving, line.week) for line in arrived}
    emitted = sum(line.km * float(line.grams) for line in lines) * 2 * VAN_G_PER_KM / VAN_LOAD_G
    return {
        "share_local": _share((line.ore for line in lines if line.local == "yes"), whole),
        "share_local_weight": _share((line.grams for line in lines if line.local == "yes"), weight),
        "share_uncertain": _share((line.ore for line in lines if line.local == "uncertain"), whole),
        "share_organic": _share((line.ore for line in lines if line.is_organic), whole),
        "share_organic_weight": _share((line.grams for line in lines if line.is_organic), weight),
        "share_krav": _share((line.ore for line in lines if line.is_krav), whole),
        "spend": Fraction(whole),
        "spend_direct": Fraction(sum(line.ore for line in lines if line.is_direct)),
        "spend_dis": Fraction(sum(line.ore for line in lines if not line.is_direct)),
        "food_km": sum(line.km * float(line.grams) for line in lines) / float(weight) if weight else None,
        "co2e": emitted / 1000,
        "co2e_per_kg": emitted * 1000 / float(weight) if weight else None,
        "surplus_kg": Fraction(sum(line.grams for line in lines if line.is_surplus), 1000),
        "surplus_spend": Fraction(sum(line.ore for line in lines if line.is_surplus)),
        "against_list": _of(100 * (sum(line.ore for line in listed) - list_price), list_price),
        "suppliers": Fraction(len({line.producer for line in lines})),
        "share_small": _of(100 * small, sized),
        "lead_days": _of(sum(line.lead_days for line in lines), len(lines)),
        "deviations": _of(100 * sum(line.deviates for line in lines), len(lines)),
        "grade": _of(sum(tastes), len(tastes)),
        "transports": _of(len(vehicles), len(visited)),
    }  # fmt: skip


def expected_legs(lines: Sequence[Raw]) -> list[float | None]:
    """Kilometres of a kilo between the sites and to where it is fetched, to the receiving kitchen, and on to the one that ordered."""
    weight = float(sum(line.grams for line in lines))
    return [
        sum(line.legs[leg] * float(line.grams) for line in lines) / weight if weight else None
        for leg in range(3)
    ]


def _of(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    return Fraction(part) / whole if whole else None


def _share(parts: Iterable[Fraction], whole: Fraction | int) -> Fraction | None:
    return _of(100 * sum(parts), whole)


def _raw(session: Session, line: DeliveryLine) -> Raw:
    ordered, order, delivery = line.order_line, line.order_line.order, line.delivery
    day = delivery.received_at.astimezone(ZoneInfo("Europe/Stockholm")).date()
    ore = _ore(Fraction(line.accepted, 1000), Fraction(ordered.price))
    scheme = _organic(line, delivery.received_at, day)
    sites = [(link.site.lat, link.site.lon) for link in ordered.offer.product.chain]
    made = [*sites, (ordered.offer.site.lat, ordered.offer.site.lon)]
    hub, kitchen = _place(order.receiving_kitchen), _place(order.kitchen)
    legs = (_way(made), _way([made[-1], hub]), _way([hub, kitchen]))
    grade = session.scalar(select(Feedback.taste).where(Feedback.delivery_line_id == line.id))
    return Raw(
        day=day, authority=order.kitchen.authority_id, kitchen=order.kitchen_id, receiving=order.receiving_kitchen_id,
        producer=order.producer_id, category=ordered.category_key, ore=ore, vat_ore=_vat(session, line, ore, day),
        credit_ore=line.credit.ore if line.credit else 0, grams=Fraction(ordered.grams * line.accepted, ordered.steps),
        list_ore=_list(session, line), is_direct=_in_ledger(session, order), local=_local(session, line, day),
        is_organic=scheme is not None, is_krav=scheme == "krav", is_surplus=ordered.offer.is_surplus,
        size=order.producer.size.value if order.producer.size else None, deviates=line.deviation is not None,
        lead_days=Fraction(_seconds(order.placed_at, delivery.received_at), 86_400),
        km=sum(legs), legs=legs, taste=grade,
    )  # fmt: skip


def _seconds(since: datetime, until: datetime) -> int:
    """That really pass, also on a night when the clock is changed."""
    return int(until.timestamp()) - int(since.timestamp())


def _way(stops: Sequence[Place]) -> float:
    return sum(CIRCUITY * _crow_km(a, b) for a, b in pairwise(stops))


def _place(kitchen: Any) -> Place:
    return kitchen.lat, kitchen.lon


def _ore(amount: Fraction, price: Fraction) -> Fraction:
    """To whole öre, half of one upwards."""
    return Fraction((200 * amount * price + 1) // 2)


def _vat(session: Session, line: DeliveryLine, ore: Fraction, day: date) -> Fraction:
    key = "vat_alcohol" if line.order_line.offer.product.is_alcohol else "vat_food"
    rates = [
        value.value
        for value in session.scalars(select(LawValue))
        if value.key.value == key
        and value.valid_from <= day
        and not (value.valid_until and value.valid_until <= day)
    ]
    return Fraction((2 * ore * Fraction(rates[0]) / 100 + 1) // 2)


def _organic(line: DeliveryLine, at: datetime, day: date) -> str | None:
    """The scheme of a certificate in force when it came, where it was ordered as organic."""
    ordered = line.order_line
    if not ordered.is_organic:
        return None
    held = [
        one
        for one in ordered.order.producer.certificates
        if day <= one.last_valid_on
        and not (one.revoked_at and one.revoked_at <= at)
        and (one.created_at <= at or one is ordered.certificate)
    ]
    return max((one.scheme.value for one in held), default=None)  # "krav" after "eu_organic"


def _list(session: Session, line: DeliveryLine) -> Fraction | None:
    """The amount at what the offer said when the order was placed; a contract has no list."""
    ordered, order = line.order_line, line.order_line.order
    said = [
        version
        for version in session.scalars(select(OfferVersion).where(OfferVersion.offer_id == ordered.offer_id))
        if version.at <= order.placed_at
    ]
    if order.agreement_id is not None or not said:
        return None
    latest = max(said, key=lambda version: version.number)
    placed_on = order.placed_at.astimezone(ZoneInfo("Europe/Stockholm")).date()
    if latest.price is None or (latest.held_until and latest.held_until < placed_on):
        return None
    return _ore(Fraction(line.accepted, 1000), Fraction(latest.price))


def _in_ledger(session: Session, order: Order) -> bool:
    return session.scalar(select(LimitEntry.id).where(LimitEntry.subject == f"order:{order.id}")) is not None


def _local(session: Session, line: DeliveryLine, day: date) -> str:
    """By the authority's definition in force on the day: every step in the county, or so near the kitchen that ordered."""
    order, chain = line.order_line.order, line.order_line.offer.product.chain
    query = select(DefinitionVersion).where(DefinitionVersion.authority_id == order.kitchen.authority_id)
    [rule] = [
        version.definition["rule"]
        for version in session.scalars(query)
        if version.valid_from <= day and not (version.valid_to and version.valid_to <= day)
    ]
    if not chain:
        return "uncertain"
    county = order.kitchen.authority.municipality_code[:2]
    if rule["kind"] == "in_county":
        inside = [link.site.municipality_code[:2] == county for link in chain]
    else:
        at = _place(order.kitchen)
        inside = [_crow_km((link.site.lat, link.site.lon), at) <= rule["km"] for link in chain]
    return "yes" if all(inside) else "no"


def _crow_km(a: Place, b: Place) -> float:
    """By the haversine on a globe: within half a per cent of the ellipsoid."""
    (lat_a, lon_a), (lat_b, lon_b) = ([radians(x) for x in place] for place in (a, b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h))
