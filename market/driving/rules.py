"""What a driver reports, when it happened, and what is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from market.values import Refused, local_date, msg, wall_clock

KEEP_FOR = timedelta(days=7)
"""So long after its day a report may still come in from a phone that had no coverage."""
SHORTEST_DELAY_S = 300
"""A delay that is shorter than this is told to nobody, however small a tolerance an authority has set."""


class ReportKind(StrEnum):
    """One thing that a driver says, in the order in which it happened."""

    LEFT = "left"  # the run has begun
    ARRIVED = "arrived"  # at a stop
    LOADED = "loaded"  # an order: weight, crates, temperature
    DELIVERED = "delivered"  # an order, signed for by name
    DEVIATION = "deviation"  # something is wrong with an order or a stop, with words and a photo
    TEMPERATURE = "temperature"  # in a compartment, for the log of the run
    ENDED = "ended"  # the run is over


OF_ORDERS = frozenset({ReportKind.LOADED, ReportKind.DELIVERED})
AT_A_PLACE = OF_ORDERS | {ReportKind.ARRIVED}


class DriverRemoved(Refused):
    message = msg("Du står inte längre som förare här. Det du har rapporterat ligger kvar på telefonen.")


class NotYourRun(Refused):
    message = msg("Rutten körs av någon annan nu. Ring den som planerar om det är fel.")


class RunGone(Refused):
    message = msg("Rutten finns inte längre, för planen är ändrad. Ring den som planerar om du har kört den.")


class NotToday(Refused):
    message = msg("Rutten körs %(day)s. Då kan du rapportera från den.")


class TooLongAgo(Refused):
    message = msg("Rutten kördes %(day)s, och det är för länge sedan för att rapportera.")


class NotOnRun(Refused):
    message = msg("Det här stoppet eller den här varan är inte längre med på rutten. Ladda om sidan.")


class WhichOrders(Refused):
    message = msg("Kryssa i vilka varor det gäller.")


class WhoSigned(Refused):
    message = msg("Skriv namnet på den som tog emot.")


class WhatTemperature(Refused):
    message = msg("Skriv vilken temperatur termometern visar, till exempel 4,5.")


class WhichTemperature(Refused):
    message = msg("Varorna ska hållas olika kalla. Skriv en temperatur för varje slag.")


class WhichMeasured(Refused):
    message = msg(
        "Du skrev en temperatur för varor som inte är ikryssade. Kryssa i dem, eller ta bort temperaturen."
    )


class WhatHappened(Refused):
    message = msg("Skriv vad som hände, eller ta ett foto.")


class KeyTaken(Refused):
    message = msg("Rapporten gick inte att ta emot. Ladda om sidan och rapportera igen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One action on the phone. For loaded and delivered goods it may name several orders.

    `place` is "site:3" or "kitchen:5", "" for the run as a whole. `happened_at` is by the phone's clock. `by_class` is what the
    thermometer showed in goods of each temperature class that are handed over together.
    """

    request_key: str
    kind: ReportKind
    place: str = ""
    order_ids: tuple[int, ...] = ()
    grams: int | None = None
    crates: int | None = None
    temperature: str = ""
    decidegrees: int | None = None
    by_class: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    signed_by: str = ""
    has_photo: bool = False
    happened_at: datetime | None = None
    number: int | None = None

    @property
    def keys(self) -> dict[str, int | None]:
        """One key for each row: the phone's own, and one more for each further order."""
        if not self.order_ids:
            return {self.request_key: None}
        return {
            self.request_key if n == 0 else f"{self.request_key}:{n}": order_id
            for n, order_id in enumerate(self.order_ids)
        }


def check_said(report: Reported) -> None:
    """That all is said which the kind needs. Raises WhichOrders, WhoSigned, WhatTemperature, WhatHappened, NotOnRun."""
    if report.kind in OF_ORDERS and not report.order_ids:
        raise WhichOrders
    if report.kind in AT_A_PLACE and not report.place:
        raise NotOnRun
    if report.kind is ReportKind.DELIVERED and not report.signed_by:
        raise WhoSigned
    if report.kind is ReportKind.TEMPERATURE and (report.decidegrees is None or not report.temperature):
        raise WhatTemperature
    if report.kind is ReportKind.DEVIATION and not (report.note or report.has_photo):
        raise WhatHappened


def degrees_of(report: Reported, classes: Mapping[int, str]) -> dict[int | None, int | None]:
    """What was measured in each order: `classes` are theirs. One value is never that of goods of different classes.

    Raises WhichTemperature, WhichMeasured.
    """
    known = set(classes.values())
    if report.decidegrees is not None and len(known) > 1:
        raise WhichTemperature
    if not known.issuperset(report.by_class):
        raise WhichMeasured
    return {
        order_id: report.by_class.get(classes.get(order_id, ""), report.decidegrees)
        for order_id in report.order_ids
    }


def check_day(day: date, *, at: datetime) -> None:
    """A run is reported from its own day on, for KEEP_FOR. Raises NotToday, TooLongAgo."""
    today = local_date(at)
    if day > today:
        raise NotToday(day=day)
    if today - day > KEEP_FOR:
        raise TooLongAgo(day=day)


def happened(at_phone: datetime | None, *, received_at: datetime, day: date) -> datetime:
    """When it happened: by the phone's clock, but neither after it was received nor before the day began."""
    if at_phone is None:
        return received_at
    return max(min(at_phone, received_at), min(wall_clock(day, 0), received_at))


def shows_door_code(day: date, *, at: datetime) -> bool:
    """The code of a door is shown on the day of the run only, by the Swedish calendar and the server's clock."""
    return day == local_date(at)


def delay_step(late_s: int, *, tolerance_s: int) -> int:
    """0 while nobody need be told; then 1, and one more each time that the delay has doubled."""
    return (late_s // max(tolerance_s, SHORTEST_DELAY_S)).bit_length() if late_s > 0 else 0


def may_drive(
    *, assigned: tuple[int, bool] | None, carrier_id: int, user_id: int, drives_for: Sequence[int]
) -> bool:
    """Whether a person drives a run: `assigned` is who it is given to and whether that person still drives; None: nobody.

    A run that is nobody's is any driver's of the vehicle's carrier.
    """
    if assigned is not None and assigned[1]:
        return assigned[0] == user_id
    return carrier_id in drives_for
