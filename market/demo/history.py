"""A year of deliveries before the demo's weeks, so that there is something to follow up.

Written as rows, not played through the operations: a year of orders would take minutes. What follow-up keeps of them is
made by its own recording, and Norrtälje's stand in the ledger of direct awards as they would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from sqlalchemy.orm import Session

from geodata.distances import distance_m
from geodata.points import Point
from market.demo.calendar import Calendar
from market.demo.kitchens import KITCHENS, KitchenSpec
from market.demo.producers import Ware
from market.demo.receipts import Receipt, draw_receipt
from market.feedback.models import Feedback
from market.followup.recording import record_delivery
from market.limits.models import LimitEntry, LimitEntryStep
from market.limits.rules import EntryEvent, EntryState
from market.offers.models import Offer, OfferTransition, OfferVersion, Reservation
from market.offers.rules import OfferEvent, OfferState
from market.orders.models import (
    CreditNote,
    Delivery,
    DeliveryLine,
    Order,
    OrderLine,
    OrderPosition,
    OrderTransition,
)
from market.orders.receipt_rules import credit_ore
from market.orders.rules import OrderEvent, OrderState, Side
from market.register.models import Certificate, Kitchen, Procedure
from market.values import Quantity, Week, line_total_ore, local_date, wall_clock

SEED = 2023
WEEKS = 56
"""How many weeks before the demo's own; a year back can be compared with."""
REACH_M = 75_000
NO_SCHOOL = frozenset({1, 27, 28, 29, 30, 31, 52, 53})
"""ISO weeks in which school kitchens order nothing."""
WEEKLY = frozenset({"2282", "0360", "0188"})
SEASONS: Mapping[str, frozenset[int]] = {
    "Äpplen": frozenset({8, 9, 10, 11, 12, 1, 2}),
    "Äppelmust": frozenset({9, 10, 11, 12, 1, 2, 3}),
    "Älgfärs": frozenset({10, 11, 12, 1, 2}),
    "Lammfärs": frozenset({8, 9, 10, 11, 12}),
    "Rödbetor": frozenset({8, 9, 10, 11, 12, 1, 2, 3}),
    "Vitkål": frozenset({8, 9, 10, 11, 12, 1, 2, 3, 4}),
}
"""The months in which goods of a short season can be had."""
SURPLUS, AGREED, GRADED = 0.1, 0.2, 0.35
GRADES, GOOD = (3, 4, 4, 5, 5), 4
TEN_ORE = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One order of the past: of what, how many packages, for which day, how it went."""

    number: int
    ware: Ware
    kitchen: Kitchen
    week: Week
    day: date
    quantity: Quantity
    list_price: Decimal | None
    price: Decimal
    is_surplus: bool
    placed_at: datetime
    receipt: Receipt
    grade: int | None

    @property
    def received_at(self) -> datetime:
        return wall_clock(self.day, 8 * 3600 + self.number % 90 * 60)


def add_history(
    session: Session,
    *,
    calendar: Calendar,
    kitchens: Mapping[str, Kitchen],
    wares: Sequence[Ware],
    weeks: int,
) -> int:
    """`weeks` of deliveries up to the week before last; how many."""
    rng = Random(SEED)  # noqa: S311 - repeatable, not secret
    bought = list(_draw(rng, calendar=calendar, kitchens=kitchens, wares=wares, weeks=weeks))
    orders = [_order(one) for one in bought]
    session.add_all(orders)
    session.flush()
    for one, order in zip(bought, orders, strict=True):
        _receive(session, one, order)
    return len(orders)


def _draw(
    rng: Random,
    *,
    calendar: Calendar,
    kitchens: Mapping[str, Kitchen],
    wares: Sequence[Ware],
    weeks: int,
) -> Iterator[Bought]:
    number = 0
    hubs = [spec for spec in KITCHENS if spec.hub is None]
    near = {spec.name: _within_reach(spec, wares) for spec in hubs}
    for shift in range(-1 - weeks, -1):
        week = calendar.week(shift)
        for turn, spec in enumerate(hubs):
            ware = _choose(rng, near[spec.name], spec, week)
            if ware is not None and _orders(spec, week):
                day = week.days[(turn + shift) % 5]
                yield _bought(rng, number, ware=ware, kitchen=kitchens[spec.name], week=week, day=day)
                number += 1


def _within_reach(spec: KitchenSpec, wares: Sequence[Ware]) -> list[Ware]:
    here = Point(lat=spec.place.lat, lon=spec.place.lon)
    return [
        ware
        for ware in wares
        if ware.farm.only_for in {None, spec.code}
        and distance_m(here, Point(lat=ware.farm.place.lat, lon=ware.farm.place.lon)) <= REACH_M
    ]


def _orders(spec: KitchenSpec, week: Week) -> bool:
    """Those of the report every week, their neighbours every other; schools and preschools not in the holidays."""
    is_closed = spec.what != "Äldreboende" and week.number in NO_SCHOOL
    return not is_closed and (spec.code in WEEKLY or week.number % 2 == 0)


def _choose(rng: Random, near: Sequence[Ware], spec: KitchenSpec, week: Week) -> Ware | None:
    """Most from the own municipality: a kitchen has its usual suppliers."""
    month = week.monday.month
    there_is = [ware for ware in near if month in SEASONS.get(ware.goods.name, {month})]
    if not there_is:
        return None
    weights = [4 if ware.farm.code == spec.code else 1 for ware in there_is]
    return rng.choices(there_is, weights)[0]


def _bought(rng: Random, number: int, *, ware: Ware, kitchen: Kitchen, week: Week, day: date) -> Bought:
    goods, size = ware.goods, ware.goods.package_size
    is_surplus = rng.random() < SURPLUS
    usual = goods.price * (Decimal("0.75") if is_surplus else 1) * rng.randint(94, 108) / 100
    price = usual.quantize(TEN_ORE, rounding=ROUND_HALF_UP)
    list_price = None if rng.random() < AGREED else price
    haggled = (price * rng.randint(95, 100) / 100).quantize(TEN_ORE, rounding=ROUND_HALF_UP)
    quantity = Quantity(rng.randint(*goods.ordered) * size.steps, size.unit)
    days_before = 1 if is_surplus else rng.randint(3, 7)
    return Bought(
        number=number,
        ware=ware,
        kitchen=kitchen,
        week=week,
        day=day,
        quantity=quantity,
        list_price=list_price,
        price=price if rng.random() < 1 - AGREED else haggled,
        is_surplus=is_surplus,
        placed_at=wall_clock(day - timedelta(days=days_before), 9 * 3600),
        receipt=draw_receipt(number, quantity.steps, goods),
        grade=rng.choice(GRADES) if rng.random() < GRADED else None,
    )


def _order(bought: Bought) -> Order:
    """As it stands once it is agreed."""
    offer = _offer(bought)
    reservation = Reservation(offer=offer, steps=bought.quantity.steps, held_at=bought.placed_at)
    return Order(
        kitchen=bought.kitchen,
        receiving_kitchen=bought.kitchen.hub or bought.kitchen,
        producer=bought.ware.product.producer,
        deliver_on=bought.day,
        state=OrderState.AGREED,
        request_key=f"demo-history-{bought.number}",
        placed_at=bought.placed_at,
        lines=[_line(bought, offer, reservation)],
        positions=[
            OrderPosition(
                number=1, side=Side.KITCHEN, made_at=bought.placed_at, steps=bought.quantity.steps,
                deliver_on=bought.day, price=bought.price,
            )
        ],
        transitions=[
            OrderTransition(
                event=OrderEvent.ORDER, to_state=OrderState.AGREED, at=bought.placed_at, side=Side.KITCHEN
            )
        ],
    )  # fmt: skip


def _offer(bought: Bought) -> Offer:
    period, size = bought.week.period, bought.ware.goods.package_size
    posted_at = wall_clock(bought.week.monday - timedelta(days=8), 8 * 3600)
    return Offer(
        product=bought.ware.product,
        site=bought.ware.home,
        unit=size.unit,
        posted=bought.quantity.steps,
        reserved=bought.quantity.steps,
        package=bought.ware.goods.package,
        package_steps=size.steps,
        price=bought.list_price,
        available_from=period.start,
        available_until=period.end,
        is_surplus=bought.is_surplus,
        is_organic=bought.ware.farm.is_organic,
        state=OfferState.OPEN,
        created_at=posted_at,
        transitions=[OfferTransition(event=OfferEvent.POST, to_state=OfferState.OPEN, at=posted_at)],
        versions=[
            OfferVersion(
                number=1,
                posted=bought.quantity.steps,
                price=bought.list_price,
                available_from=period.start,
                available_until=period.end,
                at=posted_at,
            )
        ],
    )


def _line(bought: Bought, offer: Offer, reservation: Reservation) -> OrderLine:
    product = bought.ware.product
    certificate = _certificate(bought) if bought.ware.farm.is_organic else None
    return OrderLine(
        offer=offer,
        reservation=reservation,
        product_name=product.name,
        category_key=product.category_key,
        is_organic=certificate is not None,
        certificate=certificate,
        is_perishable=product.is_perishable,
        temperature=product.temperature,
        unit=bought.quantity.unit,
        steps=bought.quantity.steps,
        grams=product.grams(bought.quantity.steps),
        price=bought.price,
        total_ore=line_total_ore(bought.quantity, bought.price),
    )


def _certificate(bought: Bought) -> Certificate | None:
    return bought.ware.product.producer.certificate_on(bought.day)


def _receive(session: Session, bought: Bought, order: Order) -> None:
    """Received, graded, in the ledger where it is a direct award, and recorded."""
    order.state = OrderState.RECEIVED
    order.transitions.append(
        OrderTransition(
            event=OrderEvent.RECEIVE, to_state=OrderState.RECEIVED, at=bought.received_at, side=Side.KITCHEN
        )
    )
    delivery = Delivery(
        order=order,
        received_at=bought.received_at,
        decidegrees=bought.receipt.decidegrees,
        lines=[_delivery_line(bought, order.lines[0])],
    )
    session.add(delivery)
    if bought.grade is not None:
        session.add(_feedback(bought.grade, delivery.lines[0], bought.received_at))
    if order.kitchen.authority.procedure is Procedure.DIRECT_AWARD:
        session.add(_entry(bought, order))
    session.flush()
    record_delivery(session, delivery=delivery, at=bought.received_at)


def _delivery_line(bought: Bought, line: OrderLine) -> DeliveryLine:
    """What came, with the credit note where less than what is billed was accepted."""
    came = bought.receipt
    billed = max(line.steps, came.accepted) if came.deviation else came.accepted
    kept = DeliveryLine(
        order_line=line, delivered=came.accepted, accepted=came.accepted, billed=billed,
        deviation=came.deviation, note=came.note,
    )  # fmt: skip
    if came.deviation is not None:
        kept.credit = CreditNote(
            reason=came.deviation,
            steps=billed - came.accepted,
            ore=credit_ore(billed=Quantity(billed, line.unit), accepted=kept.quantity, price=line.price),
            made_at=bought.received_at,
        )
    return kept


def _feedback(grade: int, line: DeliveryLine, at: datetime) -> Feedback:
    return Feedback(delivery_line=line, taste=grade, would_buy_again=grade >= GOOD, changed_at=at)


def _entry(bought: Bought, order: Order) -> LimitEntry:
    """What the ledger of direct awards has of it, as it would have been counted then."""
    ordered, delivered = order.total_ore, order.delivery.total_ore if order.delivery else 0
    states = (
        (EntryEvent.COMMIT, EntryState.COMMITTED, ordered, bought.placed_at),
        (EntryEvent.SETTLE, EntryState.DELIVERED, delivered, bought.received_at),
    )
    return LimitEntry(
        authority_id=order.kitchen.authority_id,
        category_key=order.lines[0].category_key,
        subject=f"order:{order.id}",
        supplier=order.producer,
        supplier_name=order.producer.name,
        counts_on=local_date(bought.placed_at),
        state=EntryState.DELIVERED,
        ordered_ore=ordered,
        ore=delivered,
        entered_at=bought.placed_at,
        steps=[
            LimitEntryStep(event=event, to_state=state, ore=ore, at=at) for event, state, ore, at in states
        ],
    )
