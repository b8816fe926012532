"""When a version of a definition may begin, and what that does to those before it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from market.values import Refused, msg


class BeginsInThePast(Refused):
    message = msg("En definition kan inte börja gälla bakåt i tiden. Välj %(today)s eller en senare dag.")


class EditedMeanwhile(Refused):
    message = msg(
        "Någon annan har sparat version %(number)s medan du skrev. Jämför med den nedan och spara igen om din ska gälla."
    )


class NothingChanged(Refused):
    message = msg("Det här är samma definition som redan gäller. Ändra något innan du sparar.")


class NoKitchenToMeasureFrom(Refused):
    message = msg(
        "Definitionen räknar från köket, men det finns inget kök i bruk att räkna från. Lägg till ett kök under "
        "Uppgifter, eller räkna från centralorten eller kommungränsen."
    )


class KitchenGone(Refused):
    message = msg("Köket som avståndet räknas från finns inte längre. Välj ett annat kök.")


@dataclass(frozen=True, slots=True)
class Span:
    """When a version is in force: from `start` up to, not including, `end`; None is until further."""

    start: date
    end: date | None


def check_start(start: date, *, today: date) -> None:
    """Raises BeginsInThePast: what was answered under a definition stays answered."""
    if start < today:
        raise BeginsInThePast(today=today)


def shortened(spans: Sequence[Span], *, start: date) -> list[Span]:
    """The spans as they become when a new version begins at `start`: none of them reaches past it.

    One that would have begun at `start` or later becomes empty, ending on the day that it begins.
    """
    return [Span(span.start, _end(span, start)) for span in spans]


def _end(span: Span, start: date) -> date | None:
    if span.end is not None and span.end <= start:
        return span.end
    return max(span.start, start)
