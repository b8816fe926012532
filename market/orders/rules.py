"""The life of an order: sides, states, events, the one transition table, whose turn it is, until when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from market.values import Quantity, Refused, msg, wall_clock

DAY_S = 86_400
ANSWER_WITHIN = timedelta(hours=48)
"""How long a proposal waits for the other side."""
ANSWER_AT_LEAST = timedelta(hours=2)
"""How long it waits even when it was made late on the evening before the delivery."""


class Side(StrEnum):
    """The two parties of an order."""

    KITCHEN = "kitchen"
    PRODUCER = "producer"

    @property
    def other(self) -> Side:
        return Side.PRODUCER if self is Side.KITCHEN else Side.KITCHEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """What one side asks for; `price` is kronor per unit excluding VAT."""

    quantity: Quantity
    deliver_on: date
    price: Decimal


class OrderState(StrEnum):
    """Proposed: the latest position waits for the other side's word. Agreed: to be delivered."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RECEIVED = "received"


class OrderEvent(StrEnum):
    """Decline is the producer's way out, cancel the kitchen's; the clock's is expire."""

    PROPOSE = "propose"
    ORDER = "order"
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"
    ASK_CANCEL = "ask_cancel"
    REFUSE_CANCEL = "refuse_cancel"
    CONSENT_CANCEL = "consent_cancel"
    RECEIVE = "receive"


TRANSITIONS: Mapping[tuple[OrderState | None, OrderEvent], OrderState] = MappingProxyType(
    {
        (None, OrderEvent.PROPOSE): OrderState.PROPOSED,
        (None, OrderEvent.ORDER): OrderState.AGREED,
        (OrderState.PROPOSED, OrderEvent.COUNTER): OrderState.PROPOSED,
        (OrderState.PROPOSED, OrderEvent.ACCEPT): OrderState.AGREED,
        (OrderState.PROPOSED, OrderEvent.DECLINE): OrderState.DECLINED,
        (OrderState.PROPOSED, OrderEvent.CANCEL): OrderState.CANCELLED,
        (OrderState.PROPOSED, OrderEvent.EXPIRE): OrderState.EXPIRED,
        (OrderState.AGREED, OrderEvent.DECLINE): OrderState.DECLINED,
        (OrderState.AGREED, OrderEvent.CANCEL): OrderState.CANCELLED,
        (OrderState.AGREED, OrderEvent.ASK_CANCEL): OrderState.AGREED,
        (OrderState.AGREED, OrderEvent.REFUSE_CANCEL): OrderState.AGREED,
        (OrderState.AGREED, OrderEvent.CONSENT_CANCEL): OrderState.CANCELLED,
        (OrderState.AGREED, OrderEvent.RECEIVE): OrderState.RECEIVED,
    }
)
RELEASING = frozenset({OrderEvent.DECLINE, OrderEvent.CANCEL, OrderEvent.EXPIRE, OrderEvent.CONSENT_CANCEL})
REASON_NEEDED = frozenset({OrderEvent.DECLINE, OrderEvent.CANCEL, OrderEvent.ASK_CANCEL})
"""What ends an agreed order, or asks for it, says why."""


class NotPossibleNow(Refused):
    message = msg(
        "Det går inte längre: beställningen har ändrats sedan sidan visades. Ladda om och se hur den står."
    )


class ReasonNeeded(Refused):
    message = msg("Skriv varför, så att den andra parten förstår.")


class KitchenClosed(Refused):
    message = msg("Köket tar inte emot varor den veckodagen. Välj en annan dag.")


class NotYourTurn(Refused):
    message = msg("Den andra parten har ditt senaste bud och svarar på det. Du kan vänta eller dra dig ur.")


class PositionOutdated(Refused):
    message = msg("Det har kommit ett nyare bud sedan sidan visades. Läs det och svara på det i stället.")


class AnswerTooLate(Refused):
    message = msg(
        "Budet gällde till %(until)s och har gått ut. Lägg en ny beställning om ni vill försöka igen."
    )


class NothingChanged(Refused):
    message = msg("Motbudet är likadant som budet du svarar på. Ändra något, eller tacka ja.")


class NoticeTooShort(Refused):
    message = msg(
        "Färskvaror avbokas senast %(days)s dagar före leverans. Be producenten godta avbokningen i stället."
    )


def state_after(state: OrderState | None, event: OrderEvent) -> OrderState:
    """The state that `event` leads to. Raises NotPossibleNow where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotPossibleNow from None


def possible_events(state: OrderState) -> frozenset[OrderEvent]:
    """What can happen to an order in `state`: the source of the buttons."""
    return frozenset(event for (before, event) in TRANSITIONS if before is state)


def answer_by(made_at: datetime, *, deliver_on: date) -> datetime:
    """Until when a proposal can be answered: 48 hours, but before the delivery day begins.

    One made so late that less than two hours are left waits two hours, yet never past the delivery day itself. Hours
    are real ones: a night when the clock is moved changes nothing.
    """
    day_begins = wall_clock(deliver_on, 0).astimezone(UTC)
    day_ends = wall_clock(deliver_on, DAY_S).astimezone(UTC)
    made = made_at.astimezone(UTC)
    usual = min(made + ANSWER_WITHIN, day_begins)
    return min(max(usual, made + ANSWER_AT_LEAST), day_ends)


def check_turn(answering: Side, *, latest: Side) -> None:
    """Only the side that did not make the latest position answers it."""
    if answering is latest:
        raise NotYourTurn


def check_notice(*, today: date, deliver_on: date, days: int) -> None:
    """Perishable goods are not cancelled with less than `days` days' notice. Raises NoticeTooShort."""
    if (deliver_on - today).days < days:
        raise NoticeTooShort(days=days)
