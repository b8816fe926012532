"""The annex of an agreement that comes of a procedure: what was awarded, at which price, delivered when.

Kept as plain JSON with the keys of `Annex`; `annex_words` is how the document says it, in Swedish.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal

from market.values import Quantity, Unit

SWEDISH = "sv_SE"
SIGNS = {Unit.KILOGRAM: "kg", Unit.LITRE: "liter", Unit.PIECE: "st"}


class AnnexLot(TypedDict):
    """One lot, or the part of it, that the producer was awarded; `price` is kronor per unit excluding VAT, as text.

    `weekdays` are ISO 1-7; from `first_on` up to and including `last_on`.
    """

    number: int
    name: str
    product: str
    unit: str
    steps: int
    price: str
    total_ore: int
    weekdays: list[int]
    first_on: str
    last_on: str


class AnnexDelivery(TypedDict):
    """What one delivery to a receiving kitchen costs, excluding VAT."""

    kitchen: str
    ore: int


class Annex(TypedDict):
    """`calloff_id` leads back to the procedure; the names are as they were when it was decided."""

    system: str
    calloff: str
    calloff_id: int
    decision: int
    decided_on: str
    lots: list[AnnexLot]
    deliveries: list[AnnexDelivery]
    total_ore: int


def annex_words(annex: Mapping[str, Any]) -> dict[str, Any]:
    """Every text of the annex as the document shows it."""
    return {
        "system": annex["system"],
        "calloff": annex["calloff"],
        "decision": annex["decision"],
        "decided-on": _day(annex["decided_on"]),
        "lots": [_lot(lot) for lot in annex["lots"]],
        "deliveries": [[one["kitchen"], kronor(one["ore"])] for one in annex["deliveries"]],
        "total": kronor(annex["total_ore"]),
    }


def amount_words(steps: int, unit: Unit) -> str:
    """As in "1 250,5 kg"."""
    return f"{format_decimal(Quantity(steps, unit).amount, '#,##0.###', locale=SWEDISH)} {SIGNS[unit]}"


def price_words(price: Decimal, unit: Unit) -> str:
    """As in "14,00 kr/kg"."""
    return f"{format_decimal(price, '#,##0.00##', locale=SWEDISH)} kr/{SIGNS[unit]}"


def kronor(ore: int) -> str:
    return f"{format_decimal(Decimal(ore) / 100, '#,##0.00', locale=SWEDISH)} kr"


def weekdays_words(weekdays: list[int]) -> str:
    """As in "tisdag, torsdag"; any day where none is said."""
    names = get_day_names("wide", locale=SWEDISH)
    return ", ".join(str(names[day - 1]) for day in sorted(weekdays)) or "valfri veckodag"


def _lot(lot: Mapping[str, Any]) -> dict[str, str]:
    unit = Unit(lot["unit"])
    return {
        "name": f"Del {lot['number']}: {lot['name']}",
        "product": lot["product"],
        "amount": amount_words(lot["steps"], unit),
        "price": price_words(Decimal(lot["price"]), unit),
        "total": kronor(lot["total_ore"]),
        "when": f"{_day(lot['first_on'])} – {_day(lot['last_on'])}, {weekdays_words(lot['weekdays'])}",
    }


def _day(day: str) -> str:
    return format_date(date.fromisoformat(day), "d MMMM y", locale=SWEDISH)
