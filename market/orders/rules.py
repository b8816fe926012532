"""The life of an order: states, events, the one transition table, and what may be received. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from market.values import Refused, msg


class OrderState(StrEnum):
    """Proposed: the price waits for the producer's word. Agreed: to be delivered."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    RECEIVED = "received"


class OrderEvent(StrEnum):
    PROPOSE = "propose"
    ORDER = "order"
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    RECEIVE = "receive"


class DeviationKind(StrEnum):
    """Why less was accepted than ordered."""

    SHORT = "short"
    DAMAGED = "damaged"
    TEMPERATURE = "temperature"
    WRONG_GOODS = "wrong_goods"


TRANSITIONS: Mapping[tuple[OrderState | None, OrderEvent], OrderState] = MappingProxyType(
    {
        (None, OrderEvent.PROPOSE): OrderState.PROPOSED,
        (None, OrderEvent.ORDER): OrderState.AGREED,
        (OrderState.PROPOSED, OrderEvent.ACCEPT): OrderState.AGREED,
        (OrderState.PROPOSED, OrderEvent.DECLINE): OrderState.DECLINED,
        (OrderState.PROPOSED, OrderEvent.CANCEL): OrderState.CANCELLED,
        (OrderState.AGREED, OrderEvent.DECLINE): OrderState.DECLINED,
        (OrderState.AGREED, OrderEvent.CANCEL): OrderState.CANCELLED,
        (OrderState.AGREED, OrderEvent.RECEIVE): OrderState.RECEIVED,
    }
)
RELEASING = frozenset({OrderEvent.DECLINE, OrderEvent.CANCEL})


class NotPossibleNow(Refused):
    message = msg(
        "Det går inte längre: beställningen har ändrats sedan sidan visades. Ladda om och se hur den står."
    )


class ReasonNeeded(Refused):
    message = msg("Skriv varför, så att den andra parten förstår.")


class DeviationNeeded(Refused):
    message = msg("%(product)s: mindre togs emot än beställt. Välj vad som var fel.")


class NothingDeviates(Refused):
    message = msg(
        "%(product)s: allt togs emot men en avvikelse är vald. Ändra mängden eller ta bort avvikelsen."
    )


class TooEarlyToReceive(Refused):
    message = msg("Leveransdagen har inte kommit än. Ta emot varorna när de har kommit.")


class KitchenClosed(Refused):
    message = msg("Köket tar inte emot varor den veckodagen. Välj en annan dag.")


def state_after(state: OrderState | None, event: OrderEvent) -> OrderState:
    """The state that `event` leads to. Raises NotPossibleNow where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotPossibleNow from None


def possible_events(state: OrderState) -> frozenset[OrderEvent]:
    """What can happen to an order in `state`: the source of the buttons."""
    return frozenset(event for (before, event) in TRANSITIONS if before is state)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """What was accepted of one order line, in the unit's steps."""

    line_id: int
    accepted: int
    deviation: DeviationKind | None = None
    note: str = ""


def check_received(received: ReceivedLine, *, ordered: int, product: str) -> None:
    """Less than ordered needs a reason; all of it can not have one. More by weight is fine."""
    if received.accepted < ordered and received.deviation is None:
        raise DeviationNeeded(product=product)
    if received.accepted >= ordered and received.deviation is DeviationKind.SHORT:
        raise NothingDeviates(product=product)
