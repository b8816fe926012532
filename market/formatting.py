"""Numbers, units, money, dates and times as people in Sweden and in English read and write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_time
from babel.numbers import format_decimal
from flask_babel import get_locale, gettext
from jinja2 import Environment
from markupsafe import Markup

from market.law.rules import LABELS, LawKey
from market.values import SWEDEN, Money, Named, Package, Quantity, Refused, Unit, Week, local_date, msg

UNIT_SIGNS = {Unit.KILOGRAM: msg("kg"), Unit.LITRE: msg("liter"), Unit.PIECE: msg("st")}
PACKAGE_NAMES = {
    Package.BOX: msg("låda"),
    Package.BAG: msg("säck"),
    Package.CRATE: msg("back"),
    Package.PALLET: msg("pall"),
}


# What people write; Decimal itself would also read 1e5, 1_000 and Infinity.
PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
ENGLISH_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")


class NotANumber(Refused):
    message = msg("Skriv ett tal med siffror, till exempel 12,5.")


class DotInNumber(Refused):
    message = msg("Skriv decimaler med komma: 12,5 i stället för 12.5.")


def current_locale() -> Locale:
    return get_locale() or Locale("sv", "SE")


def is_swedish() -> bool:
    return current_locale().language == "sv"


def read_decimal(text: str, *, swedish: bool) -> Decimal:
    """A number as a person writes it. In Swedish a comma is the decimal sign and spaces group thousands.

    A dot is refused in Swedish, where "1.500" may mean 1500 or 1.5. Raises NotANumber or DotInNumber.
    """
    cleaned = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if swedish:
        if "." in cleaned:
            raise DotInNumber
        cleaned = cleaned.replace(",", ".")
    elif "," in cleaned:
        cleaned = _without_grouping(cleaned)
    if not PLAIN_NUMBER.fullmatch(cleaned):
        raise NotANumber
    return Decimal(cleaned)


def _without_grouping(text: str) -> str:
    if not ENGLISH_GROUPS.fullmatch(text):
        raise NotANumber
    return text.replace(",", "")


def decimal(value: Decimal | float, digits: int | None = None) -> str:
    """As in "1 250,5" in Swedish, with a real minus sign; `digits` fixes the number of decimals."""
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    written = format_decimal(value, format=pattern, locale=current_locale())
    return written.replace("-", "\N{MINUS SIGN}")  # Babel's patterns know only the hyphen


def kronor(ore: int) -> str:
    """Öre as "1 250,00 kr"."""
    return f"{decimal(Decimal(ore) / 100, 2)}\N{NO-BREAK SPACE}kr"


def whole_kronor(ore: int) -> str:
    return f"{decimal(Decimal(ore) / 100, 0)}\N{NO-BREAK SPACE}kr"


def unit_sign(unit: Unit) -> str:
    return str(gettext(UNIT_SIGNS[unit]))


def unit_price(price: Decimal | None, unit: Unit) -> str:
    """As in "14,00 kr/kg", or that the price is agreed when ordering."""
    if price is None:
        return str(gettext("Pris vid beställning"))
    return f"{decimal(price, 2)}\N{NO-BREAK SPACE}kr/{unit_sign(unit)}"


def piece_price(price: Decimal, piece_grams: int) -> str:
    """About what a piece costs, in whole kronor; `price` is kronor per kilogram."""
    return f"{decimal(price * piece_grams / 1000, 0)}\N{NO-BREAK SPACE}kr"


def quantity(value: Quantity) -> str:
    """As in "120 kg"."""
    return f"{decimal(value.amount.normalize())}\N{NO-BREAK SPACE}{unit_sign(value.unit)}"


def in_unit(steps: int, unit: Unit) -> str:
    """Stored steps of a unit as an amount, also a negative one: "-1,5 kg"."""
    return f"{decimal((Decimal(steps) / unit.steps).normalize())}\N{NO-BREAK SPACE}{unit_sign(unit)}"


def goods_amount(value: Quantity, piece_grams: int | None) -> str:
    """As in "120 kg", or "20 st (ca 60 kg)" for goods priced by weight and sold in pieces of about `piece_grams`."""
    if piece_grams is None:
        return quantity(value)
    pieces = quantity(Quantity(value.steps // piece_grams, Unit.PIECE))
    return str(gettext("%(pieces)s (ca %(weight)s)", pieces=pieces, weight=quantity(value)))


def package_size(package: Package, size: Quantity) -> str:
    """As in "låda om 10 kg"."""
    return str(
        gettext("%(package)s om %(size)s", package=gettext(PACKAGE_NAMES[package]), size=quantity(size))
    )


def kilograms(grams: int) -> str:
    return f"{decimal(Decimal(grams) / 1000, 0 if grams >= 10_000 else 1)}\N{NO-BREAK SPACE}kg"


def kilometres(metres: int) -> str:
    """Whole kilometres from 10 km up, one decimal below."""
    return f"{decimal(Decimal(metres) / 1000, 0 if metres >= 10_000 else 1)}\N{NO-BREAK SPACE}km"


def hours(seconds: int) -> str:
    """As in "3 h 20 min"."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}\N{NO-BREAK SPACE}h {minutes % 60:02d}\N{NO-BREAK SPACE}min"


def long_date(day: date) -> str:
    """As in "tisdag 24 november"."""
    return format_date(day, "EEEE d MMMM", locale=current_locale())


def short_date(day: date) -> str:
    """As in "tis 24 nov."."""
    return format_date(day, "EEE d MMM", locale=current_locale())


def day_span(first: date, last: date) -> str:
    """As in "23–29 nov."; one day is only that day."""
    if first == last:
        return short_date(first)
    return str(format_interval(first, last, "MMMd", locale=current_locale()))


def named(name: Named) -> str:
    """In the reader's language."""
    return name.swedish if is_swedish() else name.english


def full_date(day: date) -> str:
    return format_date(day, "d MMMM y", locale=current_locale())


def iso_day(day: str) -> str:
    """A date written as 2026-11-24, as in "tisdag 24 november 2026": a message may be read long after."""
    return format_date(date.fromisoformat(day), "EEEE d MMMM y", locale=current_locale())


def iso_moment(at: str) -> str:
    """An instant from a message's plain values, as in "fre 4 dec. 2026 12:00"."""
    instant = datetime.fromisoformat(at)
    day = format_date(local_date(instant), "EEE d MMM y", locale=current_locale())
    return f"{day} {clock(instant)}"


def iso_span(first: str, last: str) -> str:
    return day_span(date.fromisoformat(first), date.fromisoformat(last))


def amount_of(steps: int, unit: str) -> str:
    """A quantity from the plain values that a message carries."""
    return quantity(Quantity(steps, Unit(unit)))


def price_of(price: str | None, unit: str) -> str:
    return unit_price(None if price is None else Decimal(price), Unit(unit))


def clock(at: datetime) -> str:
    """The Swedish clock, "08:15"."""
    return format_time(at.astimezone(SWEDEN), "HH:mm", locale=current_locale())


def moment(at: datetime) -> str:
    return f"{short_date(local_date(at))} {clock(at)}"


def seconds_clock(seconds: int) -> str:
    """Seconds after midnight as "08:15"."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def week_name(week: Week) -> str:
    return str(gettext("vecka %(number)s", number=week.number))


def paragraphs(text: str) -> Markup:
    """Plain text with its line breaks kept, escaped."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(block.strip().split("\n"))) for block in blocks
    )


SHOWN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Quantity, quantity),
    (Money, lambda money: kronor(money.ore)),
    (Named, named),
    (LawKey, lambda key: str(gettext(LABELS[key]))),
    (datetime, moment),
    (date, long_date),
    (Decimal, decimal),
)
"""How each kind of value is written inside a refusal's text; the first that fits."""


def shown(value: object) -> str:
    """A value inside a refusal's text, as it is written elsewhere."""
    write = next((write for kind, write in SHOWN if isinstance(value, kind)), str)
    return write(value)


def add_filters(env: Environment) -> None:
    """Make every function above a filter of the same name."""
    for function in (
        decimal, kronor, whole_kronor, unit_sign, quantity, kilograms, kilometres, hours, long_date, short_date,
        full_date, clock, moment, iso_day, iso_moment, seconds_clock, week_name, paragraphs, in_unit, named,
    ):  # fmt: skip
        env.filters[function.__name__] = function
    env.globals.update(
        unit_price=unit_price, day_span=day_span, package_size=package_size, iso_span=iso_span,
        amount_of=amount_of, price_of=price_of, goods_amount=goods_amount, piece_price=piece_price,
    )  # fmt: skip
