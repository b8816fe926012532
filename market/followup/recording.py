"""Freezing a delivery as it counts: called when goods are received, in the same transaction (see market.orders.received)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.expanding import Supply
from geodata.points import Point
from market.followup import adding
from market.followup.emission_factors import OWN_VAN
from market.followup.emissions import Carried, carried_by_plan
from market.followup.models import Delivered
from market.followup.places import Legs, keep_chain, keep_vantage, legs_of
from market.followup.rules import EmissionMethod, Route, Verdict, month_of, part_of, week_of
from market.limits.models import LimitEntry
from market.locality.judging import chain_of, judge
from market.locality.queries import stated_by
from market.locality.stated import Stated, stored_form
from market.offers.models import OfferVersion
from market.offers.settling import reaches_of
from market.offers.vat import VatRates, vat_rates
from market.orders.models import Delivery, DeliveryLine, Order, OrderLine
from market.orders.receipt_rules import vat_ore
from market.register.models import Certificate, CertificateScheme
from market.values import Quantity, Week, line_total_ore, local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What holds for all lines of a delivery."""

    order: Order
    day: date
    received_at: datetime
    counted_at: datetime
    stated: Stated
    vantage_id: int
    vat: VatRates
    carried: Carried | None


def record_delivery(session: Session, *, delivery: Delivery, at: datetime) -> list[Delivered]:
    """One row for each line, the sums of its month, and the vehicle's arrival. A delivery that is recorded already adds nothing.

    That it is counted is marked together with the rows: where they are rolled back, so is the mark.
    """
    delivery.is_counted = True
    if _is_recorded(session, delivery):
        return []
    moment = _moment(session, delivery, at=at)
    rows = [_row(session, line, moment) for line in delivery.lines]
    session.add_all(rows)
    session.flush()
    for row in sorted(
        rows, key=lambda one: one.category_key
    ):  # in one order, so that two at once wait, not lock
        adding.add_to_sums(session, row)
    adding.add_arrivals(session, order=moment.order, carried=moment.carried)
    return rows


def _is_recorded(session: Session, delivery: Delivery) -> bool:
    ids = [line.id for line in delivery.lines]
    return (
        session.scalar(select(Delivered.id).where(Delivered.delivery_line_id.in_(ids)).limit(1)) is not None
    )


def _moment(session: Session, delivery: Delivery, *, at: datetime) -> _Moment:
    order, day = delivery.order, local_date(delivery.received_at)
    return _Moment(
        order=order,
        day=day,
        received_at=delivery.received_at,
        counted_at=at,
        stated=_stated(session, order, day),
        vantage_id=keep_vantage(session, kitchen=order.kitchen).id,
        vat=vat_rates(session),
        carried=carried_by_plan(session, order=order),
    )


def _stated(session: Session, order: Order, day: date) -> Stated:
    """The authority's definition of the day from the kitchen that ordered.

    Its circles reach round what was on offer in the week, this order's own goods among it: they are sold by now, and were what
    the kitchen could have.
    """
    kitchen = order.kitchen
    stated = stated_by(session, authority=kitchen.authority, day=day).seen_from(kitchen)
    reaches = reaches_of(
        session,
        stated.definition,
        kitchen=Point(lat=kitchen.lat, lon=kitchen.lon),
        authority_id=kitchen.authority_id,
        during=Week.containing(day).period,
        today=day,
        bought=[(line.category_key, _supply(line)) for line in order.lines if line.grams > 0],
    )
    return stated.settled(reaches)


def _supply(line: OrderLine) -> Supply[int]:
    site = line.offer.site
    return Supply(key=line.offer_id, point=Point(lat=site.lat, lon=site.lon), amount_grams=line.grams)


def _row(session: Session, line: DeliveryLine, moment: _Moment) -> Delivered:
    ordered, order, day = line.order_line, moment.order, moment.day
    offer, producer = ordered.offer, order.producer
    legs = legs_of(offer, order)
    grams = part_of(ordered.grams, own=line.accepted, whole=ordered.steps)
    certificate = _certificate(ordered, moment)
    answer = judge(chain_of(offer.product), moment.stated, on=day).answer
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
        vat_ore=_vat(line, moment),
        list_ore=_list_ore(session, line, order),
        credit_ore=line.credit.ore if line.credit else 0,
        is_organic=certificate is not None,
        is_krav=certificate is not None and certificate.scheme is CertificateScheme.KRAV,
        is_surplus=offer.is_surplus,
        deviation=line.deviation,
        lead_s=_seconds(order.placed_at, moment.received_at),
        is_local=Verdict(answer.value),
        definition_id=moment.stated.version.id if moment.stated.version else None,
        definition=stored_form(moment.stated.definition),
        chain_id=keep_chain(session, product=offer.product).id,
        vantage_id=moment.vantage_id,
        chain_m=legs.chain_m,
        hub_m=legs.hub_m,
        kitchen_m=legs.kitchen_m,
        co2e_g=_co2e(line, moment, legs, grams=grams),
        emission_method=EmissionMethod.PLANNED if moment.carried else EmissionMethod.ESTIMATED,
        counted_at=moment.counted_at,
    )  # fmt: skip


def _seconds(since: datetime, until: datetime) -> int:
    """That really pass: two instants of the same time zone would be told apart by the clock on the wall, also when it changes."""
    return max(0, int((until.astimezone(UTC) - since.astimezone(UTC)).total_seconds()))


def _route(session: Session, order: Order) -> Route:
    """Direct is what the ledger of direct awards counts; the rest is bought by a DIS's call-offs (see orders.counting)."""
    entry = select(LimitEntry.id).where(LimitEntry.subject == f"order:{order.id}").limit(1)
    return Route.DIS if session.scalar(entry) is None else Route.DIRECT


def _co2e(line: DeliveryLine, moment: _Moment, legs: Legs, *, grams: int) -> int:
    """Its part of what the routes that carried its order emitted; a van of its own over each leg that none of them covered."""
    carried, order = moment.carried, moment.order
    reached = carried.vehicles_by_kitchen if carried else {}
    alone_m = legs.chain_m
    alone_m += 0 if order.receiving_kitchen_id in reached else legs.hub_m
    alone_m += 0 if order.kitchen_id in reached else legs.kitchen_m
    planned = part_of(carried.co2e_g, own=line.order_line.grams, whole=order.grams) if carried else 0
    return planned + OWN_VAN.grams(grams=grams, metres=alone_m)


def _certificate(ordered: OrderLine, moment: _Moment) -> Certificate | None:
    """What made it organic when it came: the certificate that it was ordered on, or one of the producer's in its place.

    None where all had run out or were revoked by then, or where it was not ordered as organic.
    """
    if not ordered.is_organic:
        return None
    held = [one for one in moment.order.producer.certificates if _held(one, moment, ordered.certificate)]
    krav = [one for one in held if one.scheme is CertificateScheme.KRAV]
    return next(iter(krav or held), None)


def _held(certificate: Certificate, moment: _Moment, ordered_on: Certificate | None) -> bool:
    """Also seen from later, when it may have been revoked; one that nobody had told of when the goods came made nothing organic."""
    revoked_at = certificate.revoked_at
    was_known = certificate is ordered_on or certificate.created_at <= moment.received_at
    return (
        was_known
        and moment.day <= certificate.last_valid_on
        and (revoked_at is None or moment.received_at < revoked_at)
    )


def _list_ore(session: Session, line: DeliveryLine, order: Order) -> int | None:
    """The accepted amount at the price that the offer had when it was ordered.

    None where the price was by agreement or held no longer; nor is a contract's own offer a list to compare the contract with.
    """
    kept = None if order.agreement_id is not None else _as_offered(session, line.order_line, order.placed_at)
    if kept is None or kept.price is None:
        return None
    if kept.held_until is not None and kept.held_until < local_date(order.placed_at):
        return None
    return line_total_ore(Quantity(line.accepted, line.order_line.unit), kept.price)


def _as_offered(session: Session, ordered: OrderLine, placed_at: datetime) -> OfferVersion | None:
    """What the offer said when the order was placed."""
    query = (
        select(OfferVersion)
        .where(OfferVersion.offer_id == ordered.offer_id, OfferVersion.at <= placed_at)
        .order_by(OfferVersion.number.desc())
        .limit(1)
    )
    return session.scalar(query)


def _vat(line: DeliveryLine, moment: _Moment) -> int:
    """By the rate in force on the day of supply; nothing where nobody has entered one."""
    percent = moment.vat.percent(line.order_line.offer.product, moment.day)
    return vat_ore(line.total_ore, per_cent=percent or Decimal(0))
