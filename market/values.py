"""Money, quantities and periods: frozen and pure. Amounts are whole numbers of the smallest step.

Money is öre; a quantity counts grams, millilitres or pieces; a unit price is a Decimal in kronor per unit.
One rounding function, applied per line (half away from zero, as invoices do).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def msg(text: str) -> str:
    """Mark a Swedish text for translation; the shell translates it when it is shown."""
    return text


class Refused(Exception):
    """A step that the rules do not allow. `message` says why and what would work, in Swedish, with %(name)s places."""

    message: ClassVar[str] = msg("Det gick inte att genomföra. Ladda om sidan och försök igen.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.message % params if params else self.message)


class Unit(StrEnum):
    """Units of sale by UN/ECE Recommendation 20 code."""

    KILOGRAM = "KGM"
    LITRE = "LTR"
    PIECE = "C62"

    @property
    def steps(self) -> int:
        """How many stored steps one unit holds: grams in a kilogram, millilitres in a litre, pieces in a piece."""
        return 1 if self is Unit.PIECE else 1000


class Package(StrEnum):
    """Packages by UN/ECE Recommendation 21 code."""

    BOX = "XBX"
    BAG = "XBG"
    CRATE = "XCR"
    PALLET = "XPX"


class NotAQuantity(Refused):
    message = msg("Mängden måste vara ett tal större än noll.")


class TooLarge(Refused):
    message = msg("Talet är för stort. Kontrollera enheten och antalet nollor.")


LARGEST = 2**31 - 1  # what a column of whole grams, pieces or öre holds: 2 147 tonnes, 21 million kronor


@dataclass(frozen=True, slots=True, order=False)
class Quantity:
    """`steps` whole grams, millilitres or pieces of `unit`."""

    steps: int
    unit: Unit

    @classmethod
    def of(cls, amount: Decimal | int, unit: Unit) -> Quantity:
        """From an amount in whole units, e.g. 12.5 kilograms.

        Raises NotAQuantity unless it is more than zero and exact, and TooLarge.
        """
        steps = Decimal(amount) * unit.steps
        if steps > LARGEST:
            raise TooLarge
        if steps <= 0 or steps != steps.to_integral_value():
            raise NotAQuantity
        return cls(int(steps), unit)

    @property
    def amount(self) -> Decimal:
        """In whole units: kilograms, litres, pieces."""
        return Decimal(self.steps) / self.unit.steps


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in öre, where a text names it."""

    ore: int


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called in Swedish and in English, where a text names it."""

    swedish: str
    english: str


def round_ore(kronor: Decimal) -> int:
    """Kronor to whole öre, half away from zero: the only rounding of money."""
    return int((kronor * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def line_total_ore(quantity: Quantity, price: Decimal) -> int:
    """What a line costs, excluding VAT, in öre; `price` is kronor per unit. Raises TooLarge."""
    total = round_ore(quantity.amount * price)
    if total > LARGEST:
        raise TooLarge
    return total


@dataclass(frozen=True, slots=True)
class Period:
    """Dates from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise EmptyPeriod

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlaps(self, other: Period) -> bool:
        return self.start < other.end and other.start < self.end

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


class EmptyPeriod(Refused):
    message = msg("Perioden tar slut innan den börjar. Välj ett slutdatum på eller efter startdatumet.")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week, e.g. 2026-W48: Monday up to the next Monday."""

    year: int
    number: int

    @classmethod
    def containing(cls, day: date) -> Week:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Week:
        """From "2026-W48". Raises ValueError for anything that is no week."""
        year, _, number = text.partition("-W")
        if not (year.isdecimal() and number.isdecimal()):
            raise ValueError(f"{text!r} is no ISO week such as 2026-W48")
        week = cls(int(year), int(number))
        date.fromisocalendar(week.year, week.number, 1)
        return week

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def period(self) -> Period:
        return Period(self.monday, self.monday + timedelta(days=7))

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    def shifted(self, weeks: int) -> Week:
        return Week.containing(self.monday + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


def local_date(at: datetime) -> date:
    """The Swedish calendar day of an aware instant."""
    return at.astimezone(SWEDEN).date()


def wall_clock(day: date, seconds: int) -> datetime:
    """The aware instant when the Swedish clock shows `seconds` after midnight on `day`."""
    days, rest = divmod(seconds, 86_400)
    clock = time(rest // 3600, rest % 3600 // 60, rest % 60)
    return datetime.combine(day + timedelta(days=days), clock, tzinfo=SWEDEN)
