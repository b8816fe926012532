"""What an invoice for a received order is to say, by the law of the delivery day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from market.law.queries import law_value
from market.law.rules import LawKey
from market.orders.models import DeliveryLine, Order
from market.orders.queries import terms_of
from market.orders.receipt_rules import due_on, payment_days, vat_ore
from market.values import local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line of the delivery; öre exclude VAT where the name does not say otherwise."""

    line: DeliveryLine
    billed_ore: int
    credit_ore: int
    vat_ore: int

    @property
    def net_ore(self) -> int:
        return self.billed_ore - self.credit_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceBasis:
    """Supplied on the delivery day; due at most the law's days after the goods were received."""

    lines: tuple[InvoiceLine, ...]
    supplied_on: date
    received_on: date
    due_on: date
    payment_days: int
    vat_per_cent: Decimal
    vat_source: str
    payment_source: str

    @property
    def net_ore(self) -> int:
        return sum(line.net_ore for line in self.lines)

    @property
    def credit_ore(self) -> int:
        return sum(line.credit_ore for line in self.lines)

    @property
    def vat_ore(self) -> int:
        return sum(line.vat_ore for line in self.lines)

    @property
    def total_ore(self) -> int:
        return self.net_ore + self.vat_ore


def invoice_basis(session: Session, *, order: Order) -> InvoiceBasis | None:
    """The basis for an order that the caller has found within its reach; None before the goods are received."""
    delivery = order.delivery
    if delivery is None:
        return None
    is_alcohol = any(line.offer.product.is_alcohol for line in order.lines)
    vat = law_value(session, LawKey.VAT_ALCOHOL if is_alcohol else LawKey.VAT_FOOD, on=order.deliver_on)
    received_on = local_date(delivery.received_at)
    days, source = pay_within(session, authority_id=order.kitchen.authority_id, on=received_on)
    return InvoiceBasis(
        lines=tuple(_line(line, vat.value) for line in delivery.lines),
        supplied_on=order.deliver_on,
        received_on=received_on,
        due_on=due_on(received_on=received_on, days=days),
        payment_days=days,
        vat_per_cent=vat.value,
        vat_source=vat.source,
        payment_source=source,
    )


def pay_within(session: Session, *, authority_id: int, on: date) -> tuple[int, str]:
    """The days to pay for goods received on a day, and the law that sets the most."""
    by_law = law_value(session, LawKey.PAYMENT_DAYS, on=on)
    own = terms_of(session, authority_id=authority_id).payment_days
    return payment_days(own=own, by_law=int(by_law.value)), by_law.source


def _line(line: DeliveryLine, per_cent: Decimal) -> InvoiceLine:
    credit = line.credit.ore if line.credit is not None else 0
    return InvoiceLine(
        line=line,
        billed_ore=line.billed_ore,
        credit_ore=credit,
        vat_ore=vat_ore(line.billed_ore - credit, per_cent=per_cent),
    )
