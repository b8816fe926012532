"""Reads of award files, carve-outs and guidelines: each for one authority, the actor's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from market.actors import Action, Actor
from market.agreements.models import Agreement
from market.agreements.queries import agreement_for
from market.direct.models import AwardDocument, AwardGuidelines, AwardNote, CarveOut
from market.direct.rules import FileState, Measure, Missing, Used, Written, allowed, missing, state_of
from market.law.queries import law_value
from market.law.rules import LawKey
from market.limits.models import Award, LimitEntry
from market.limits.queries import supplier_entries
from market.limits.rules import COUNTED, Kind
from market.offers.models import Offer
from market.orders.models import DeliveryLine, Order, OrderLine
from market.orders.rules import OrderState
from market.register.models import Kitchen, Product
from market.values import Quantity, Unit, line_total_ore, local_date


@dataclass(frozen=True, slots=True)
class Price:
    """An offer of the same goods that could be had at the time, as it was asked for."""

    supplier_id: int
    supplier: str
    product: str
    price: Decimal
    unit: Unit
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase of an award: the day, what it was, its value."""

    on: date
    what: str
    order_id: int | None
    ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFile:
    """An award with all that its file holds, and what it lacks."""

    award: Award
    note: AwardNote | None
    purchases: Sequence[Purchase]
    prices: Sequence[Price]
    documents: Sequence[AwardDocument]
    lacks: Sequence[Missing]
    state: FileState
    days_left: int

    @property
    def kind(self) -> Kind:
        return self.award.kind

    @property
    def value_ore(self) -> int:
        return sum(purchase.ore for purchase in self.purchases)

    @property
    def suppliers_compared(self) -> int:
        return len({price.supplier_id for price in self.prices})


@dataclass(frozen=True, slots=True)
class CarveOutMeter:
    carve_out: CarveOut
    meter: Used


def award_files(session: Session, *, authority_id: int, today: date) -> list[AwardFile]:
    """Every award of an authority with its file: the ones that are late first, then by their last day."""
    awards = session.scalars(
        select(Award).where(Award.authority_id == authority_id).order_by(Award.due_on, Award.id)
    ).all()
    files = [award_file(session, award=award, today=today) for award in awards]
    order = [FileState.LATE, FileState.OPEN, FileState.GROWN, FileState.COMPLETE]
    return sorted(files, key=lambda file: (order.index(file.state), file.award.due_on))


def award_for(session: Session, *, actor: Actor, award_id: int) -> Award | None:
    if not actor.may(Action.SEE_LIMITS):
        return None
    return session.scalar(select(Award).where(Award.id == award_id, Award.authority_id == actor.authority_id))


def award_file(session: Session, *, award: Award, today: date) -> AwardFile:
    """The file as it is now; a complete one stays complete until more is bought."""
    entries = supplier_entries(session, award=award)
    note = session.get(AwardNote, award.id)
    documents = _documents(session, award)
    prices = prices_at_the_time(session, categories=award.categories, entries=entries, until=award.reached_on)
    value = sum(entry.ore for entry in entries)
    completed = documents[0].value_ore if documents else None
    due_on = _due_on(session, award, note)
    return AwardFile(
        award=award,
        note=note,
        purchases=_purchases(session, entries),
        prices=prices,
        documents=documents,
        lacks=missing(written(note), prices_known=len({price.supplier_id for price in prices})),
        state=state_of(completed_ore=completed, value_ore=value, due_on=due_on, today=today),
        days_left=(due_on - today).days,
    )


def agreement_of(session: Session, *, award: Award) -> Agreement | None:
    """The signed agreement under which the supplier sold such goods on the day that the sum was reached, or None."""
    if award.supplier_id is None:
        return None
    found = (
        agreement_for(
            session,
            authority_id=award.authority_id,
            producer_id=award.supplier_id,
            category_key=key,
            on=award.reached_on,
        )
        for key in award.categories
    )
    return next((agreement for agreement in found if agreement is not None), None)


def written(note: AwardNote | None) -> Written:
    if note is None:
        return Written()
    return Written(
        reason=note.reason,
        asked=note.asked,
        asked_several=note.asked_several,
        notified_on=note.notified_on,
        comparison=note.comparison,
        contract=note.contract,
        contract_on=note.contract_on,
    )


def prices_at_the_time(
    session: Session, *, categories: Sequence[str], entries: Sequence[LimitEntry], until: date
) -> list[Price]:
    """What was on offer of the same categories while the purchases were made, cheapest first by unit."""
    if not entries:
        return []
    first = min(entry.counts_on for entry in entries)
    query = (
        select(Offer)
        .join(Offer.product)
        .where(
            Product.category_key.in_(categories),
            Offer.price.is_not(None),
            Offer.available_from <= until + timedelta(days=7),
            Offer.available_until > first,
        )
        .options(joinedload(Offer.product).joinedload(Product.producer))
    )
    offers = [offer for offer in session.scalars(query) if local_date(offer.created_at) <= until]
    return sorted(
        (_price(offer) for offer in offers), key=lambda price: (price.unit, price.price, price.supplier)
    )


def document_of(session: Session, *, award: Award, version: int) -> AwardDocument | None:
    """A kept file with its PDF."""
    query = select(AwardDocument).where(AwardDocument.award_id == award.id, AwardDocument.version == version)
    return session.scalar(query.options(undefer(AwardDocument.pdf)))


def guidelines_of(session: Session, *, authority_id: int) -> AwardGuidelines | None:
    return session.get(AwardGuidelines, authority_id)


def carve_outs_of(session: Session, *, authority_id: int) -> list[CarveOutMeter]:
    """Every carve-out with how much of it is used, the latest period first. Four queries, however much is bought.

    Used is what was bought outside the contract for delivery in its time: ordered, or what came; öre or grams. Purchases
    entered by hand have a value but no weight.
    """
    query = (
        select(CarveOut)
        .where(CarveOut.authority_id == authority_id)
        .options(joinedload(CarveOut.category))
        .order_by(CarveOut.valid_from.desc(), CarveOut.category_key, CarveOut.measure)
    )
    whole, changed = _as_ordered(session, authority_id), _as_it_came(session, authority_id)
    by_hand = _by_hand(session, authority_id)
    used = Counter(whole) + Counter(changed) + Counter(by_hand)
    return [
        CarveOutMeter(found, Used(used[found.id], allowed(found.total, found.share)))
        for found in session.scalars(query)
    ]


def carve_out_for(session: Session, *, actor: Actor, carve_out_id: int) -> CarveOut | None:
    query = select(CarveOut).where(CarveOut.id == carve_out_id, CarveOut.authority_id == actor.authority_id)
    return session.scalar(query.options(joinedload(CarveOut.category)))


def _lines(authority_id: int, *columns: Any) -> Select[Any]:
    """The order lines that a carve-out of the authority counts, with what came of them where something did."""
    return (
        select(*columns)
        .select_from(CarveOut)
        .join(Kitchen, Kitchen.authority_id == CarveOut.authority_id)
        .join(Order, Order.kitchen_id == Kitchen.id)
        .join(
            OrderLine,
            and_(OrderLine.order_id == Order.id, OrderLine.category_key == CarveOut.category_key),
        )
        .outerjoin(DeliveryLine, DeliveryLine.order_line_id == OrderLine.id)
        .where(
            CarveOut.authority_id == authority_id,
            Order.state.in_((OrderState.PROPOSED, OrderState.AGREED, OrderState.RECEIVED)),
            Order.deliver_on >= CarveOut.valid_from,
            Order.deliver_on < CarveOut.valid_until,
        )
    )


def _as_ordered(session: Session, authority_id: int) -> dict[int, int]:
    """By carve-out: what is yet to come, and what came as it was ordered."""
    amount = case((CarveOut.measure == Measure.MONEY, OrderLine.total_ore), else_=OrderLine.grams)
    query = _lines(authority_id, CarveOut.id, func.sum(amount)).where(
        or_(DeliveryLine.id.is_(None), DeliveryLine.accepted == OrderLine.steps)
    )
    return {found: int(used) for found, used in session.execute(query.group_by(CarveOut.id))}


def _as_it_came(session: Session, authority_id: int) -> dict[int, int]:
    """By carve-out: the lines of which another amount came, each rounded by itself."""
    query = _lines(
        authority_id, CarveOut.id, CarveOut.measure, OrderLine.unit, OrderLine.price, OrderLine.grams, OrderLine.steps,
        DeliveryLine.accepted,
    ).where(DeliveryLine.accepted != OrderLine.steps)  # fmt: skip
    used: Counter[int] = Counter()
    for found, measure, unit, price, grams, steps, accepted in session.execute(query):
        is_money = measure is Measure.MONEY
        used[found] += (
            line_total_ore(Quantity(accepted, unit), price) if is_money else grams * accepted // steps
        )
    return dict(used)


def _by_hand(session: Session, authority_id: int) -> dict[int, int]:
    query = (
        select(CarveOut.id, func.sum(LimitEntry.ore))
        .join(
            LimitEntry,
            and_(
                LimitEntry.authority_id == CarveOut.authority_id,
                LimitEntry.category_key == CarveOut.category_key,
                LimitEntry.counts_on >= CarveOut.valid_from,
                LimitEntry.counts_on < CarveOut.valid_until,
            ),
        )
        .where(
            CarveOut.authority_id == authority_id,
            CarveOut.measure == Measure.MONEY,
            LimitEntry.state.in_(COUNTED),
            LimitEntry.subject.startswith("manual:"),
        )
    )
    return {found: int(used) for found, used in session.execute(query.group_by(CarveOut.id))}


def _documents(session: Session, award: Award) -> list[AwardDocument]:
    query = select(AwardDocument).where(AwardDocument.award_id == award.id)
    return list(session.scalars(query.order_by(AwardDocument.version.desc())))


def _due_on(session: Session, award: Award, note: AwardNote | None) -> date:
    """So many days from the contract; until its date is known, from the day that the sum came to the value."""
    if note is None or note.contract_on is None:
        return award.due_on
    days = law_value(session, LawKey.DOCUMENT_WITHIN, on=note.contract_on).value
    return min(award.due_on, note.contract_on + timedelta(days=int(days)))


def _purchases(session: Session, entries: Sequence[LimitEntry]) -> list[Purchase]:
    numbers = [entry.order_id for entry in entries if entry.order_id is not None]
    orders = select(Order).where(Order.id.in_(numbers)).options(selectinload(Order.lines))
    by_id = {order.id: order for order in session.scalars(orders)}
    return [
        Purchase(entry.counts_on, _what(entry, by_id.get(entry.order_id or 0)), entry.order_id, entry.ore)
        for entry in entries
    ]


def _what(entry: LimitEntry, order: Order | None) -> str:
    """The goods of an order that are of the entry's category; by hand, what was written."""
    if order is None:
        return entry.note
    return ", ".join(line.product_name for line in order.lines if line.category_key == entry.category_key)


def _price(offer: Offer) -> Price:
    assert offer.price is not None
    product = offer.product
    return Price(
        product.producer_id,
        product.producer.name,
        product.name,
        offer.price,
        offer.unit,
        offer.available_from,
        offer.period.last,
    )
