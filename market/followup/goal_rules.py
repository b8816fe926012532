"""What a goal is judged on, and how far it is. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from market.followup.figures import FIGURES, Better, Figure, FigureUnit
from market.followup.periods import Span, SpanKind
from market.values import Refused, msg

MOST = {FigureUnit.PERCENT: Decimal(100), FigureUnit.GRADE: Decimal(5)}
LARGEST_TARGET = Decimal(9_999_999_999)
AMOUNTS = frozenset({FigureUnit.ORE, FigureUnit.KG, FigureUnit.COUNT})


class NotAGoal(Refused):
    message = msg("Det går inte att sätta mål för det nyckeltalet. Välj ett i listan.")


class TargetTooHigh(Refused):
    message = msg("Så högt kan det nyckeltalet inte bli. Skriv högst %(most)s.")


class GoalInTheWay(Refused):
    message = msg(
        "Det finns redan ett mål för samma nyckeltal och kategori under den tiden. Avsluta det först."
    )


class GoalEndsBeforeItBegins(Refused):
    message = msg("Målet slutar innan det börjar gälla. Välj en senare sista dag.")


class GoalHasEnded(Refused):
    message = msg("Målet är redan avslutat.")


class Progress(StrEnum):
    """How a goal stands. Unknown: there is nothing to judge it on yet."""

    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    UNKNOWN = "unknown"


def with_goals() -> tuple[Figure, ...]:
    """The figures that a goal can be set for: those where it is known which way is better."""
    return tuple(f for f in FIGURES.values() if f.can_have_goal and f.better is not Better.NEITHER)


def figure_with_goal(key: str) -> Figure:
    """Raises NotAGoal."""
    found = next((figure for figure in with_goals() if figure.key == key), None)
    if found is None:
        raise NotAGoal
    return found


def check_target(figure: Figure, target: Decimal) -> None:
    """Raises TargetTooHigh."""
    most = MOST.get(figure.unit, LARGEST_TARGET)
    if target > most:
        raise TargetTooHigh(most=most / 100 if figure.unit is FigureUnit.ORE else most)


def is_yearly(figure: Figure) -> bool:
    """Amounts grow with time: their goal is for a calendar year. Shares and means are judged on any period."""
    return figure.unit in AMOUNTS


def judged_on(figure: Figure, span: Span) -> Span:
    """The period whose value is held against a goal when `span` is shown."""
    return year_of(span) if is_yearly(figure) else span


def year_of(span: Span) -> Span:
    """The year that a period belongs to; a week to its ISO year."""
    return Span(SpanKind.YEAR, span.year)


def progress(figure: Figure, *, value: Decimal | None, target: Decimal) -> Progress:
    if value is None:
        return Progress.UNKNOWN
    reached = value >= target if figure.better is Better.HIGHER else value <= target
    return Progress.REACHED if reached else Progress.ON_THE_WAY


def overlaps(a: tuple[date, date | None], b: tuple[date, date | None]) -> bool:
    """Whether two half-open times, perhaps without an end, have a day in common."""
    return (a[1] is None or b[0] < a[1]) and (b[1] is None or a[0] < b[1])
