"""Freezing a delivery as it counts: called when goods are received, in the same transaction (see market.orders.received)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup import adding
from market.followup.emission_factors import OWN_VAN
from market.followup.emissions import Carried, carried_by_plan
from market.followup.models import Delivered
from market.followup.places import keep_chain, keep_vantage, legs_of
from market.followup.rules import EmissionMethod, Route, Verdict, month_of, part_of, week_of
from market.limits.models import LimitEntry
from market.locality.judging import chain_of, judge
from market.locality.stated import Stated, stored_form
from market.offers.locality import viewpoint_from
from market.offers.models import Offer, OfferVersion
from market.offers.vat import vat_rates
from market.orders.models import Delivery, DeliveryLine, Order
from market.orders.receipt_rules import vat_ore
from market.register.models import CertificateScheme
from market.values import Quantity, Week, line_total_ore, local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What holds for all lines of a delivery."""

    order: Order
    day: date
    at: datetime
    stated: Stated
    carried: Carried | None


def record_delivery(session: Session, *, delivery: Delivery, at: datetime) -> list[Delivered]:
    """One row for each line, the sums of its month, and the vehicle's arrival. A delivery that is recorded already adds nothing."""
    if _is_recorded(session, delivery):
        return []
    order, day = delivery.order, local_date(delivery.received_at)
    viewpoint = viewpoint_from(session, kitchen=order.kitchen, on=day, during=Week.containing(day).period)
    moment = _Moment(
        order=order, day=day, at=at, stated=viewpoint.settled, carried=carried_by_plan(session, order=order)
    )
    rows = [_row(session, line, moment) for line in delivery.lines]
    session.add_all(rows)
    session.flush()
    for row in rows:
        adding.add_to_sums(session, row)
    adding.add_arrivals(session, order=order, day=day, carried=moment.carried)
    return rows


def _is_recorded(session: Session, delivery: Delivery) -> bool:
    ids = [line.id for line in delivery.lines]
    return (
        session.scalar(select(Delivered.id).where(Delivered.delivery_line_id.in_(ids)).limit(1)) is not None
    )


def _row(session: Session, line: DeliveryLine, moment: _Moment) -> Delivered:
    ordered, order, day = line.order_line, moment.order, moment.day
    offer, producer = ordered.offer, order.producer
    legs = legs_of(offer, order)
    grams = part_of(ordered.grams, own=line.accepted, whole=ordered.steps)
    kept = _as_offered(session, offer, order.placed_at)
    scheme = ordered.certificate.scheme if ordered.certificate else None
    answer = judge(chain_of(offer.product), moment.stated, on=day).answer
    metres = legs.hub_m + legs.kitchen_m
    return Delivered(
        delivery_line_id=line.id,
        order_id=order.id,
        authority_id=order.kitchen.authority_id,
        kitchen_id=order.kitchen_id,
        receiving_kitchen_id=order.receiving_kitchen_id,
        producer_id=order.producer_id,
        category_key=ordered.category_key,
        route=_route(session, order),
        delivered_on=day,
        month=month_of(day),
        week=week_of(day),
        product_name=ordered.product_name,
        producer_name=producer.name,
        is_sole_trader=producer.is_sole_trader,
        size=producer.size,
        unit=ordered.unit,
        ordered_steps=ordered.steps,
        steps=line.accepted,
        grams=grams,
        ore=line.total_ore,
        vat_ore=_vat(session, line, day),
        list_ore=_list_ore(kept, line),
        credit_ore=line.credit.ore if line.credit else 0,
        is_organic=ordered.is_organic,
        is_krav=scheme is CertificateScheme.KRAV,
        is_surplus=offer.is_surplus,
        deviation=line.deviation,
        lead_s=max(0, int((line.delivery.received_at - order.placed_at).total_seconds())),
        is_local=Verdict(answer.value),
        definition_id=moment.stated.version.id if moment.stated.version else None,
        definition=stored_form(moment.stated.definition),
        chain_id=keep_chain(session, product=offer.product).id,
        vantage_id=keep_vantage(session, kitchen=order.kitchen).id,
        chain_m=legs.chain_m,
        hub_m=legs.hub_m,
        kitchen_m=legs.kitchen_m,
        co2e_g=_co2e(line, moment, grams=grams, metres=metres) + OWN_VAN.grams(grams=grams, metres=legs.chain_m),
        emission_method=EmissionMethod.PLANNED if moment.carried else EmissionMethod.ESTIMATED,
        counted_at=moment.at,
    )  # fmt: skip


def _route(session: Session, order: Order) -> Route:
    """Direct is what the ledger of direct awards counts; the rest is bought by a DIS's call-offs (see orders.counting)."""
    entry = select(LimitEntry.id).where(LimitEntry.subject == f"order:{order.id}").limit(1)
    return Route.DIS if session.scalar(entry) is None else Route.DIRECT


def _co2e(line: DeliveryLine, moment: _Moment, *, grams: int, metres: int) -> int:
    """The line's part of what its order's transport emitted, from where it was fetched to the kitchen."""
    if moment.carried is None:
        return OWN_VAN.grams(grams=grams, metres=metres)
    return part_of(moment.carried.co2e_g, own=line.order_line.grams, whole=moment.order.grams)


def _as_offered(session: Session, offer: Offer, placed_at: datetime) -> OfferVersion | None:
    """What the offer said when the order was placed."""
    query = (
        select(OfferVersion)
        .where(OfferVersion.offer_id == offer.id, OfferVersion.at <= placed_at)
        .order_by(OfferVersion.number.desc())
        .limit(1)
    )
    return session.scalar(query)


def _list_ore(kept: OfferVersion | None, line: DeliveryLine) -> int | None:
    """The accepted amount at the price that the offer had; none where it was by agreement, or held no longer."""
    if kept is None or kept.price is None:
        return None
    return line_total_ore(Quantity(line.accepted, line.order_line.unit), kept.price)


def _vat(session: Session, line: DeliveryLine, day: date) -> int:
    """By the rate in force on the day of supply; nothing where nobody has entered one."""
    percent = vat_rates(session).percent(line.order_line.offer.product, day)
    return vat_ore(line.total_ore, per_cent=percent or Decimal(0))
