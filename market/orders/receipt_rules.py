"""What may be received, what is paid for it, and what is credited. Pure.

Goods sold by weight are ordered, delivered and paid in weights that differ: what was accepted decides what is paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from market.values import Quantity, Refused, Unit, line_total_ore, msg, round_ore

LIGHTER_PER_CENT = 5
"""Goods by weight may weigh so much less than ordered before something counts as missing."""


class DeviationKind(StrEnum):
    """Why less was accepted than ordered, or what was wrong with it."""

    SHORT = "short"
    DAMAGED = "damaged"
    TEMPERATURE = "temperature"
    WRONG_GOODS = "wrong_goods"


class DeviationNeeded(Refused):
    message = msg("%(product)s: mindre togs emot än beställt. Välj vad som var fel.")


class NothingDeviates(Refused):
    message = msg(
        "%(product)s: allt togs emot men en avvikelse är vald. Ändra mängden eller ta bort avvikelsen."
    )


class MoreAcceptedThanCame(Refused):
    message = msg("%(product)s: mer togs emot än vad som kom. Rätta den levererade mängden.")


class MorePiecesThanOrdered(Refused):
    message = msg(
        "%(product)s: fler togs emot än ni beställde. Bara varor som vägs kan bli fler än beställt; "
        "lägg en ny beställning på resten."
    )


class TooEarlyToReceive(Refused):
    message = msg("Leveransdagen har inte kommit än. Ta emot varorna när de har kommit.")


class TooWarm(Refused):
    message = msg(
        "Varorna är varmare än er gräns på %(limit)s °C. Välj avvikelsen Fel temperatur, eller kryssa i att ni "
        "tar emot dem ändå."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """What came and what was accepted of one order line, in the unit's steps.

    `delivered` None: what was accepted, or with a deviation what was ordered.
    """

    line_id: int
    accepted: int
    delivered: int | None = None
    deviation: DeviationKind | None = None
    note: str = ""

    def came(self, *, ordered: int) -> int:
        """What was delivered: as weighed, else as far as the rest of the answer says it."""
        if self.delivered is not None:
            return self.delivered
        if self.deviation in (None, DeviationKind.SHORT):
            return self.accepted
        return max(ordered, self.accepted)


def check_received(received: ReceivedLine, *, ordered: Quantity, product: str) -> None:
    """Less than ordered needs a reason, all but a little less by weight; all of it can not be short."""
    if received.accepted > received.came(ordered=ordered.steps):
        raise MoreAcceptedThanCame(product=product)
    if received.accepted > ordered.steps and ordered.unit is Unit.PIECE:
        raise MorePiecesThanOrdered(product=product)
    if received.accepted < least_as_ordered(ordered) and received.deviation is None:
        raise DeviationNeeded(product=product)
    if received.accepted < received.came(ordered=ordered.steps) and received.deviation is None:
        raise DeviationNeeded(product=product)
    if received.accepted >= ordered.steps and received.deviation is DeviationKind.SHORT:
        raise NothingDeviates(product=product)


def least_as_ordered(ordered: Quantity) -> int:
    """From how much on a delivery is as ordered: goods by weight are never exactly so."""
    if ordered.unit is not Unit.KILOGRAM:
        return ordered.steps
    return ordered.steps - ordered.steps * LIGHTER_PER_CENT // 100


def billed_steps(received: ReceivedLine, *, ordered: int) -> int:
    """What the producer charges before any credit: what came, or what was ordered where goods are missing."""
    match received.deviation:
        case None:
            return received.accepted
        case DeviationKind.SHORT:
            return max(ordered, received.came(ordered=ordered))
        case _:
            return received.came(ordered=ordered)


def credit_ore(*, billed: Quantity, accepted: Quantity, price: Decimal) -> int:
    """What is taken off the bill, so that exactly the accepted amount is paid."""
    return line_total_ore(billed, price) - line_total_ore(accepted, price)


def is_too_warm(decidegrees: int | None, *, limit: int | None) -> bool:
    """Whether a measured temperature is above the class's limit, both in tenths of a degree Celsius."""
    return decidegrees is not None and limit is not None and decidegrees > limit


def vat_ore(net_ore: int, *, per_cent: Decimal) -> int:
    """VAT on one line, by the one rounding."""
    return round_ore(Decimal(net_ore) / 100 * per_cent / 100)


def payment_days(*, own: int | None, by_law: int) -> int:
    """The authority's own terms, at most what the law allows."""
    return by_law if own is None else min(own, by_law)


def due_on(*, received_on: date, days: int) -> date:
    return received_on + timedelta(days=days)
