"""Awards: the standstill, what a decision must say, when an award is announced. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from market.dis.working_days import is_working_day
from market.values import Refused, local_date, msg, wall_clock

DAY = timedelta(days=1)
LONGEST_STANDSTILL = 60
LONGEST_REASONS = 20_000


class ReasonsMissing(Refused):
    message = msg(
        "Skriv skälen för beslutet: varför vinnarna valdes. De som lämnade anbud ska kunna läsa dem "
        "(LOU 12 kap. 12 §)."
    )


class StandstillTooShort(Refused):
    message = msg("En avtalsspärr är minst %(days)s dagar (LOU 20 kap. 1 §). Skriv minst så många, eller 0.")


class StandstillTooLong(Refused):
    message = msg("Så lång avtalsspärr behövs inte. Skriv högst %(days)s dagar.")


class NothingToAward(Refused):
    message = msg("Utvärderingen ger ingen leverantör något. Avbryt avropet med skäl, eller utvärdera igen.")


class WeeksArePast(Refused):
    message = msg(
        "Leveransveckorna är slut innan avtal får ingås. Välj en kortare avtalsspärr eller ingen, eller avbryt avropet."
    )


class WinnerFellAway(Refused):
    message = msg("%(name)s har inget giltigt anbud längre. Utvärdera igen utan det, och besluta sedan.")


class EvaluatedAgain(Refused):
    message = msg("En nyare utvärdering har gjorts sedan sidan visades. Läs den och besluta sedan.")


class ContractsStand(Refused):
    message = msg(
        "Ett avtal är redan undertecknat av båda, så hela tilldelningen kan inte göras om. "
        "Släpp i stället den leverantör som fallit bort, och köp dess del i ett nytt avrop."
    )


class NotRunByYou(Refused):
    message = msg("Det steget tar upphandlaren hos den myndighet som driver inköpssystemet.")


class NotAnAwardOfNow(Refused):
    message = msg("Tilldelningsbeslutet gäller inte längre. Ladda om sidan och se hur avropet står.")


class NotInForceYet(Refused):
    message = msg("Avtalet gäller inte. Beställningarna läggs när båda har skrivit under.")


class NoSiteKnown(Refused):
    message = msg(
        "%(producer)s har ingen plats i registret som varan kan komma från. Be producenten lägga in en under "
        "Uppgifter, så läggs beställningarna sedan av sig själva."
    )


class SentInTheFuture(Refused):
    message = msg("Dagen har inte varit än. Skriv dagen då annonsen skickades.")


class SentBeforeTheContract(Refused):
    message = msg("Annonsen kan inte ha skickats innan avtalet ingicks den %(day)s.")


class ReferenceMissing(Refused):
    message = msg("Skriv annonsens nummer eller namn i annonsdatabasen, så att den går att hitta.")


class WhyNotPlaced(StrEnum):
    """Why a part of what was awarded has no order."""

    NO_DAY = "no_day"  # no lawful day is left in the week
    NOT_NEEDED = "not_needed"  # more was awarded than the kitchens' needs say


class NoticeState(StrEnum):
    """Where the announcement of an award stands."""

    SENT = "sent"
    DUE = "due"
    LATE = "late"


def standstill_end(sent_at: datetime, *, days: int) -> datetime:
    """The first instant at which a contract may be made (LOU 20 kap. 1 §).

    The days are whole Swedish ones, counted from the day after the decision was sent electronically. A last day that is
    no working day moves to the next one that is (lag 1930:173, 2 §; EEG, Euratom 1182/71, art. 3.4).
    """
    last = local_date(sent_at) + days * DAY
    while not is_working_day(last):
        last += DAY
    return wall_clock(last + DAY, 0)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left until an instant, in whole minutes rounded up: none of it when it has come."""

    days: int
    hours: int
    minutes: int


def time_left(until: datetime, *, at: datetime) -> Left | None:
    """The countdown to `until`, or None from that instant on."""
    seconds = (until - at).total_seconds()
    if seconds <= 0:
        return None
    minutes = ceil(seconds / 60)
    return Left(minutes // 1440, minutes % 1440 // 60, minutes % 60)


def check_standstill(days: int, *, least: int) -> None:
    """None at all is lawful in a DIS (LOU 20 kap. 2 §); a voluntary one protects only at full length (15 §).

    Raises StandstillTooShort, StandstillTooLong.
    """
    if 0 < days < least or days < 0:
        raise StandstillTooShort(days=least)
    if days > LONGEST_STANDSTILL:
        raise StandstillTooLong(days=LONGEST_STANDSTILL)


def check_reasons(reasons: str) -> str:
    """The reasons, trimmed. Raises ReasonsMissing."""
    if not reasons.strip():
        raise ReasonsMissing
    return reasons.strip()


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter."""
    month = (day.month - 1) // 3 * 3 + 3
    return (date(day.year, month, 28) + 4 * DAY).replace(day=1) - DAY


def notice_due(agreed_on: date, *, collects: bool, days: int) -> date:
    """The last day to send the notice of an award: `days` after the contract, or after its quarter when they are collected.

    LOU 10 kap. 4 § and, under the threshold, 19 kap. 7 §.
    """
    start = quarter_end(agreed_on) if collects else agreed_on
    return start + days * DAY


def notice_state(*, due_on: date, sent_on: date | None, today: date) -> NoticeState:
    """Late only while it is not sent."""
    if sent_on is not None:
        return NoticeState.SENT
    return NoticeState.LATE if today > due_on else NoticeState.DUE


def check_notice_sent(sent_on: date, reference: str, *, agreed_on: date, today: date) -> str:
    """The reference, trimmed. Raises SentInTheFuture, SentBeforeTheContract, ReferenceMissing."""
    if sent_on > today:
        raise SentInTheFuture
    if sent_on < agreed_on:
        raise SentBeforeTheContract(day=agreed_on)
    if not reference.strip():
        raise ReferenceMissing
    return reference.strip()
