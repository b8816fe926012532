"""Figures, periods and parts of follow-up as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from flask_babel import gettext

from market.followup.charts import NOTHING
from market.followup.figures import DAY_S, Figure, FigureUnit
from market.followup.periods import Span, SpanKind
from market.followup.rules import Route, Verdict
from market.formatting import current_locale, day_span, decimal, whole_kronor
from market.values import Period, msg

ROUTE_NAMES = {Route.DIRECT: msg("Direktupphandling"), Route.DIS: msg("DIS")}
VERDICT_NAMES = {
    Verdict.YES: msg("Lokalt"),
    Verdict.NO: msg("Inte lokalt"),
    Verdict.UNCERTAIN: msg("Osäkert"),
}
KIND_NAMES = {SpanKind.WEEK: msg("Vecka"), SpanKind.MONTH: msg("Månad"), SpanKind.YEAR: msg("År")}
UNIT_NAMES = {
    FigureUnit.PERCENT: msg("procent"), FigureUnit.ORE: msg("kronor"), FigureUnit.KG: msg("kg"), FigureUnit.KM: msg("km"),
    FigureUnit.G_PER_KG: msg("g per kg"), FigureUnit.DAYS: msg("dagar"), FigureUnit.COUNT: msg("antal"),
    FigureUnit.GRADE: msg("betyg 1–5"), FigureUnit.PER_WEEK: msg("per kök och vecka"),
}  # fmt: skip
SIGNS = {FigureUnit.KG: "kg", FigureUnit.KM: "km", FigureUnit.G_PER_KG: "g/kg"}
MILLION_ORE, THOUSAND_ORE = 100_000_000, 100_000
SPACE = "\N{NO-BREAK SPACE}"


def shown(figure: Figure, value: Decimal | None) -> str:
    """A value with its unit, "45,2 %"; a dash where there is no figure."""
    return NOTHING if value is None else in_unit(value, figure.unit)


def in_unit(value: Decimal, unit: FigureUnit) -> str:
    """Rounded as people read it."""
    if unit is FigureUnit.ORE:
        return whole_kronor(int(value))
    if unit is FigureUnit.DAYS:
        return str(gettext("%(number)s dagar", number=decimal(value, 1)))
    if unit in SIGNS:
        return f"{_few(value)}{SPACE}{SIGNS[unit]}"
    number = decimal(value, 0 if unit is FigureUnit.COUNT else 1)
    return f"{number}{SPACE}%" if unit is FigureUnit.PERCENT else number


def _few(value: Decimal) -> str:
    """Whole from ten up, one decimal below."""
    return decimal(value, 0 if abs(value) >= 10 else 1)


def kilometres(value: Decimal) -> str:
    """With a decimal whatever its size, so that parts can be added up beside their sum."""
    return f"{decimal(value, 1)}{SPACE}km"


def on_axis(value: Decimal, unit: FigureUnit) -> str:
    """Short enough to stand beside a chart: "250 tkr", "40 %", "12"."""
    if unit is FigureUnit.ORE:
        return _kronor_on_axis(value)
    plain = decimal(value.normalize())
    return f"{plain}{SPACE}%" if unit is FigureUnit.PERCENT else plain


def _kronor_on_axis(ore: Decimal) -> str:
    if abs(ore) >= MILLION_ORE:
        return str(gettext("%(number)s mnkr", number=decimal((ore / MILLION_ORE).normalize())))
    if abs(ore) >= 10 * THOUSAND_ORE:
        return str(gettext("%(number)s tkr", number=decimal((ore / THOUSAND_ORE).normalize())))
    return f"{decimal((ore / 100).normalize())}{SPACE}kr"


def span_name(span: Span) -> str:
    """As in "november 2026", "vecka 53 2026", "2026"."""
    match span.kind:
        case SpanKind.WEEK:
            return str(gettext("vecka %(number)s %(year)s", number=span.number, year=span.year))
        case SpanKind.MONTH:
            return str(format_date(span.period.start, "LLLL y", locale=current_locale()))
        case SpanKind.YEAR:
            return str(span.year)


def earlier_name(span: Span, days: Mapping[Span, Period]) -> str:
    """What is compared with: an earlier period, or as many days of it as in "1–27 okt. 2026"."""
    return days_name(days[span]) if span in days else span_name(span)


def days_name(period: Period) -> str:
    return f"{day_span(period.start, period.last)} {period.last.year}"


def span_short(span: Span, *, is_first: bool = False) -> str:
    """Under a bar: "nov", "v. 53", "2026"; the first one, January and week 1 say their year."""
    match span.kind:
        case SpanKind.WEEK:
            number = str(gettext("v. %(number)s", number=span.number))
            return f"{number}/{span.year % 100:02d}" if is_first or span.number == 1 else number
        case SpanKind.MONTH:
            month = _short_month(span.period.start)
            return f"{month} {span.year % 100:02d}" if is_first or span.number == 1 else month
        case SpanKind.YEAR:
            return str(span.year)


def _short_month(day: date) -> str:
    return str(format_date(day, "LLL", locale=current_locale())).rstrip(".")


def change(figure: Figure, now: Decimal | None, then: Decimal | None) -> str:
    """How much more or less than before: "+3,2 procentenheter", "−12 %"; empty where either is none."""
    if now is None or then is None:
        return ""
    if figure.unit is FigureUnit.PERCENT:
        return str(gettext("%(number)s procentenheter", number=_signed(now - then, 1)))
    if figure.unit in {FigureUnit.GRADE, FigureUnit.PER_WEEK, FigureUnit.COUNT, FigureUnit.DAYS}:
        return _signed(now - then, 0 if figure.unit is FigureUnit.COUNT else 1)
    return f"{_signed((now - then) * 100 / then, 0)}{SPACE}%" if then else ""


def _signed(value: Decimal, digits: int) -> str:
    rounded = round(value, digits)
    sign = "+" if rounded > 0 else "\N{MINUS SIGN}" if rounded < 0 else "±"
    return f"{sign}{decimal(abs(rounded), digits)}"


def lead(seconds: int) -> str:
    """A lead time in days."""
    return in_unit(Decimal(seconds) / DAY_S, FigureUnit.DAYS)
