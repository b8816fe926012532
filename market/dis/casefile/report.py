"""The working life of a DIS in numbers, from what has happened in it: nothing is entered by hand.

A constant number of queries. Call-offs whose tenders are sealed are counted without a word of tenders.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.dis.applications.models import Application
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.casefile.queries import SEALED
from market.dis.evaluations.models import Evaluation, EvaluationLine
from market.dis.models import DisTransition
from market.dis.rules import ApplicationState, CallOffEvent, CallOffState, Thing
from market.dis.systems.models import Dis, DisCategory
from market.dis.tenders.models import Tender
from market.offers.models import Offer
from market.orders.models import Delivery, DeliveryLine, Order
from market.orders.rules import OrderState
from market.register.models import Product
from market.values import Unit, local_date

STEPS = (
    CallOffEvent.INVITE,
    CallOffEvent.OPEN,
    CallOffEvent.EVALUATE,
    CallOffEvent.AWARD,
    CallOffEvent.CONCLUDE,
)
SUBMITTED = frozenset(ApplicationState) - {ApplicationState.DRAFT}
ENDED = (OrderState.DECLINED, OrderState.CANCELLED, OrderState.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """A category: applications sent, those admitted now and rejected, and the middle number of days to a decision."""

    name_sv: str
    name_en: str
    applied: int
    admitted: int
    rejected: int
    days_to_decide: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffRow:
    """A call-off. `tenders` is None while they are sealed; `took` is the days of each step from the one before it."""

    calloff_id: int
    title: str
    state: CallOffState
    invited: int
    tenders: int | None
    awarded_ore: int
    took: Mapping[CallOffEvent, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """An awarded price beside the supplier's list price for such goods at the time of the decision, where there is one."""

    supplier: str
    product: str
    unit: Unit
    tendered: Decimal
    listed: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Per cent of the list price; below zero is cheaper than the list."""
        if not self.listed:
            return None
        return ((self.tendered - self.listed) * 100 / self.listed).quantize(Decimal("0.1"))


@dataclass(slots=True, kw_only=True)
class SupplierRow:
    """What a supplier has delivered under the contracts of the DIS."""

    name: str
    orders: int = 0
    received: int = 0
    on_time: int = 0
    deviations: int = 0
    grams: int = 0
    ore: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`response` is tenders per hundred invitations in the opened call-offs, `per_calloff` tenders per opened call-off."""

    categories: Sequence[CategoryRow]
    calloffs: Sequence[CallOffRow]
    prices: Sequence[PriceRow]
    suppliers: Sequence[SupplierRow]
    response: Decimal | None
    per_calloff: Decimal | None
    took: Mapping[CallOffEvent, Decimal] = field(default_factory=dict)


def report_of(session: Session, *, dis: Dis) -> Report:
    """Of a DIS that a scoped query has returned."""
    calloffs = _calloffs(session, dis)
    lines = _awarded_lines(session, [one.id for one in calloffs])
    parts = _parts(session, calloffs)
    rows = [_calloff_row(one, *parts, lines) for one in calloffs]
    opened = [one for one in rows if one.tenders is not None]
    invited, tendered = sum(one.invited for one in opened), sum(one.tenders or 0 for one in opened)
    return Report(
        categories=_categories(session, dis),
        calloffs=rows,
        prices=_prices(session, lines),
        suppliers=_suppliers(session, dis),
        response=_tenths(tendered * 100, invited),
        per_calloff=_tenths(tendered, len(opened)),
        took=_middle(rows),
    )


def _tenths(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.1")) if whole else None


def _middle(rows: Sequence[CallOffRow]) -> Mapping[CallOffEvent, Decimal]:
    """The middle number of days of each step, over the call-offs that have taken it."""
    days = {step: [row.took[step] for row in rows if step in row.took] for step in STEPS[1:]}
    return {step: Decimal(median(found)) for step, found in days.items() if found}


def _categories(session: Session, dis: Dis) -> list[CategoryRow]:
    categories = session.scalars(
        select(DisCategory)
        .where(DisCategory.dis_id == dis.id)
        .options(joinedload(DisCategory.category))
        .order_by(DisCategory.position)
    ).all()
    found: dict[int, list[Application]] = defaultdict(list)
    rows = select(Application).where(Application.dis_category_id.in_([one.id for one in categories]))
    for application in session.scalars(rows):
        if application.submitted_at is not None and application.state in SUBMITTED:
            found[application.dis_category_id].append(application)
    return [_category_row(one, found[one.id]) for one in categories]


def _category_row(category: DisCategory, applications: Sequence[Application]) -> CategoryRow:
    waits = [
        _days(one.decided_at - one.submitted_at)
        for one in applications
        if one.decided_at is not None and one.submitted_at is not None
    ]
    states = [one.state for one in applications]
    return CategoryRow(
        name_sv=category.category.name_sv,
        name_en=category.category.name_en,
        applied=len(applications),
        admitted=states.count(ApplicationState.ADMITTED),
        rejected=states.count(ApplicationState.REJECTED),
        days_to_decide=Decimal(median(waits)) if waits else None,
    )


def _days(span: timedelta) -> Decimal:
    return (Decimal(int(span.total_seconds())) / 86_400).quantize(Decimal("0.1"))


def _calloffs(session: Session, dis: Dis) -> list[CallOff]:
    query = (
        select(CallOff)
        .join(CallOff.dis_category)
        .where(
            DisCategory.dis_id == dis.id, CallOff.state.not_in((CallOffState.DRAFT, CallOffState.DISCARDED))
        )
        .order_by(CallOff.id)
    )
    return list(session.scalars(query))


Counts = Mapping[int, int]
Instants = Mapping[int, Mapping[CallOffEvent, datetime]]


def _parts(session: Session, calloffs: Sequence[CallOff]) -> tuple[Counts, Counts, Instants]:
    """Invitations, tenders of those that are opened, and the last instant of each step, by call-off."""
    ids = [one.id for one in calloffs]
    opened = [one.id for one in calloffs if one.state not in SEALED]
    invited = _counted(session, Invitation.calloff_id, ids)
    return invited, _counted(session, Tender.calloff_id, opened), _instants(session, ids)


def _counted(session: Session, column: object, ids: Sequence[int]) -> Counts:
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)  # type: ignore[call-overload,attr-defined]
    return {calloff_id: count for calloff_id, count in session.execute(query)}  # noqa: C416 - rows, not pairs


def _instants(session: Session, ids: Sequence[int]) -> Instants:
    found: dict[int, dict[CallOffEvent, datetime]] = defaultdict(dict)
    rows = select(DisTransition).where(
        DisTransition.thing == Thing.CALLOFF, DisTransition.subject_id.in_(ids)
    )
    for step in session.scalars(rows.order_by(DisTransition.id)):
        found[step.subject_id][CallOffEvent(step.event)] = step.at
    return found


def _calloff_row(
    calloff: CallOff, invited: Counts, tenders: Counts, instants: Instants, lines: Sequence[EvaluationLine]
) -> CallOffRow:
    reached = instants.get(calloff.id, {})
    pairs = itertools.pairwise(STEPS)
    return CallOffRow(
        calloff_id=calloff.id,
        title=calloff.title,
        state=calloff.state,
        invited=invited.get(calloff.id, 0),
        tenders=None if CallOffEvent.OPEN not in reached else tenders.get(calloff.id, 0),
        awarded_ore=sum(line.cost_ore for line in lines if line.lot.calloff_id == calloff.id),
        took={
            after: _days(reached[after] - reached[before])
            for before, after in pairs
            if before in reached and after in reached
        },
    )


def _awarded_lines(session: Session, ids: Sequence[int]) -> list[EvaluationLine]:
    """What the decisions that stand awarded."""
    query = (
        select(EvaluationLine)
        .join(Evaluation, Evaluation.id == EvaluationLine.evaluation_id)
        .join(CallOffAward, CallOffAward.evaluation_id == Evaluation.id)
        .where(CallOffAward.calloff_id.in_(ids), CallOffAward.annulled_at.is_(None))
        .options(
            joinedload(EvaluationLine.lot),
            joinedload(EvaluationLine.tender).options(
                joinedload(Tender.producer), selectinload(Tender.lines), joinedload(Tender.calloff)
            ),
        )
        .order_by(EvaluationLine.id)
    )
    return list(session.scalars(query))


def _prices(session: Session, lines: Sequence[EvaluationLine]) -> list[PriceRow]:
    listed = _listed(session, {line.tender.producer_id for line in lines})
    category = _category_keys(session, {line.tender.calloff.dis_category_id for line in lines})
    return [_price_row(line, listed, category) for line in lines]


def _category_keys(session: Session, ids: set[int]) -> Mapping[int, str]:
    rows = session.execute(select(DisCategory.id, DisCategory.category_key).where(DisCategory.id.in_(ids)))
    return {category_id: key for category_id, key in rows}  # noqa: C416 - rows, not pairs


def _listed(session: Session, producer_ids: set[int]) -> list[Offer]:
    """The public offers with a price of these producers, the newest first."""
    query = (
        select(Offer)
        .join(Offer.product)
        .where(Product.producer_id.in_(producer_ids), Offer.is_for_all, Offer.price.is_not(None))
        .options(joinedload(Offer.product))
        .order_by(Offer.created_at.desc(), Offer.id.desc())
    )
    return list(session.scalars(query))


def _price_row(line: EvaluationLine, listed: Sequence[Offer], categories: Mapping[int, str]) -> PriceRow:
    tendered = next(one for one in line.tender.lines if one.lot_id == line.lot_id)
    key, asked_at = categories[line.tender.calloff.dis_category_id], line.tender.received_at
    alike = [
        offer
        for offer in listed
        if (offer.product.producer_id, offer.product.category_key, offer.unit)
        == (line.tender.producer_id, key, line.lot.unit)
        and offer.created_at <= asked_at
    ]
    same = [one for one in alike if one.product.name.casefold() == tendered.product_name.casefold()]
    found = next(iter(same or alike), None)
    return PriceRow(
        supplier=line.tender.producer.name,
        product=tendered.product_name,
        unit=line.lot.unit,
        tendered=line.price,
        listed=found.price if found else None,
    )


def _suppliers(session: Session, dis: Dis) -> list[SupplierRow]:
    """From the orders of the contracts and their receipts, the supplier with the most orders first."""
    contracts = (
        select(AwardContract.agreement_id)
        .join(AwardContract.award)
        .join(CallOffAward.calloff)
        .join(CallOff.dis_category)
        .where(DisCategory.dis_id == dis.id)
    )
    orders = session.scalars(
        select(Order)
        .where(Order.agreement_id.in_(contracts), Order.state.not_in(ENDED))
        .options(
            joinedload(Order.producer),
            joinedload(Order.delivery).selectinload(Delivery.lines).joinedload(DeliveryLine.order_line),
        )
        .order_by(Order.id)
    )
    found: dict[int, SupplierRow] = {}
    for order in orders:
        _count(found.setdefault(order.producer_id, SupplierRow(name=order.producer.name)), order)
    return sorted(found.values(), key=lambda row: (-row.orders, row.name))


def _count(row: SupplierRow, order: Order) -> None:
    row.orders += 1
    delivery = order.delivery
    if delivery is None:
        return
    row.received += 1
    row.on_time += local_date(delivery.received_at) <= order.deliver_on
    row.deviations += delivery.has_deviation
    row.ore += delivery.total_ore
    row.grams += sum(
        line.order_line.grams * line.accepted // line.order_line.steps for line in delivery.lines
    )
