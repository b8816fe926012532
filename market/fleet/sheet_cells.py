"""Reads one cell of the workbook as what its column asks for. Pure; what can not be read is refused with what to do."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain

from market.formatting import NotANumber, read_decimal
from market.register.rules import OpenHours, check_hours
from market.sheets.opening import SentCell
from market.values import Refused, msg

DATES = (datetime, date, timedelta)
DAYS = ("mån", "tis", "ons", "tor", "fre", "lör", "sön")
YES, NO = frozenset({"ja", "x", "j"}), frozenset({"nej", "", "n", "-"})
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[:.]([0-5]\d))?")
_HOURS = re.compile(r"(\D+?)\s+(\d[\d:.]*)\s*(?:-|–|—|till)\s*(\d[\d:.]*)")
_DASH = re.compile(r"\s*(?:-|–|—|till)\s*")


class CellRefused(Refused):
    """The base of what a cell can be refused for."""


class IsFormula(CellRefused):
    message = msg("Cellen har en formel. Kopiera den och välj att klistra in värden.")


class IsFaulty(CellRefused):
    message = msg("Det är ett fel som Excel visar. Skriv det som ska stå här.")


class IsDate(CellRefused):
    message = msg("Excel har gjort ett datum av det. Ändra cellens format till Text och skriv det igen.")


class NoNumber(CellRefused):
    message = msg("Det är inget tal. Skriv bara siffror, till exempel 12,5.")


class NoWholeNumber(CellRefused):
    message = msg("Skriv ett helt tal, utan decimaler.")


class NumberTooLarge(CellRefused):
    message = msg("Talet är för stort. Kontrollera enheten och antalet nollor.")


class NumberTooSmall(CellRefused):
    message = msg("Skriv ett tal som är större än noll.")


class NoClock(CellRefused):
    message = msg("Det är inget klockslag. Skriv det som 07:30.")


class NoDays(CellRefused):
    message = msg("Det är inga veckodagar. Skriv dem som mån–fre, eller mån, ons.")


class NoHours(CellRefused):
    message = msg("Tiderna går inte att läsa. Skriv dem som mån–fre 07:00–11:00; tor 13:00–15:00.")


class NoYes(CellRefused):
    message = msg("Skriv ja eller nej, eller lämna tomt för nej.")


class TextTooLong(CellRefused):
    message = msg("Texten är för lång. Skriv högst %(most)s tecken.")


def text_of(cell: SentCell, *, most: int = 120) -> str:
    """Raises IsFormula, IsFaulty, IsDate, TextTooLong."""
    value = _plain(cell)
    if isinstance(value, (*DATES, time)):
        raise IsDate
    text = " ".join(_written(value).split())
    if len(text) > most:
        raise TextTooLong(most=most)
    return text


def number_of(cell: SentCell, *, most: int = 10_000_000) -> Decimal | None:
    """None for an empty cell; zero or more. Raises what says why it is no number."""
    value = _plain(cell)
    if isinstance(value, (*DATES, time)):
        raise IsDate
    if value is None or not _written(value).strip():
        return None
    if isinstance(value, bool) or "%" in cell.number_format:
        raise NoNumber
    try:
        number = _decimal(value)
    except (NotANumber, ArithmeticError, ValueError):
        raise NoNumber from None
    if not number.is_finite() or number > most:
        raise NumberTooLarge
    if number < 0:
        raise NumberTooSmall
    return number


def whole_of(cell: SentCell, *, most: int = 100_000) -> int | None:
    """None for an empty cell. Raises as number_of does, and NoWholeNumber."""
    number = number_of(cell, most=most)
    if number is not None and number != number.to_integral_value():
        raise NoWholeNumber
    return None if number is None else int(number)


def clock_of(cell: SentCell) -> int:
    """Seconds after midnight, also of a cell that Excel keeps as a time. Raises NoClock and what text_of does."""
    value = _plain(cell)
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60
    return _seconds(_written(value).strip())


def yes_of(cell: SentCell) -> bool:
    """Raises NoYes."""
    value = _plain(cell)
    said = _written(value).strip().casefold()
    if value is True or said in YES:
        return True
    if value is False or said in NO:
        return False
    raise NoYes


def weekdays_of(text: str) -> str:
    """ISO digits, "12345". Raises NoDays."""
    found = set(chain.from_iterable(_span(part) for part in re.split(r"[,;]|\soch\s", text) if part.strip()))
    if not found:
        raise NoDays
    return "".join(str(day) for day in sorted(found))


def hours_of(text: str) -> list[OpenHours]:
    """Empty is none. Raises NoHours, WindowEndsBeforeItBegins, WindowsOverlap."""
    hours = [one for part in re.split(r"[;\n]", text) if part.strip() for one in _windows(part.strip())]
    check_hours(hours)
    return hours


def _windows(part: str) -> list[OpenHours]:
    hit = _HOURS.fullmatch(part)
    if hit is None:
        raise NoHours
    days, opens, closes = hit.groups()
    try:
        starts, ends, digits = _seconds(opens), _seconds(closes), weekdays_of(days)
    except CellRefused:
        raise NoHours from None
    return [OpenHours(weekday=int(digit), opens_s=starts, closes_s=ends) for digit in digits]


def _span(part: str) -> range:
    ends = [_weekday(one) for one in _DASH.split(part.strip())]
    if len(ends) > 2 or ends[0] > ends[-1]:
        raise NoDays
    return range(ends[0], ends[-1] + 1)


def _weekday(word: str) -> int:
    short = word.strip().casefold()[:3]
    if short not in DAYS:
        raise NoDays
    return DAYS.index(short) + 1


def _seconds(text: str) -> int:
    hit = _CLOCK.fullmatch(text)
    if hit is None:
        raise NoClock
    seconds = int(hit.group(1)) * 3600 + int(hit.group(2) or 0) * 60
    if seconds > 86_400:
        raise NoClock
    return seconds


def _plain(cell: SentCell) -> object:
    if cell.kind == "f" or not isinstance(cell.value, (str, int, float, time, *DATES, type(None))):
        raise IsFormula
    if cell.kind == "e":
        raise IsFaulty
    return cell.value


def _decimal(value: object) -> Decimal:
    """What the sheet shows of a binary number: 0.1 + 0.2 is 0.3. Raises NotANumber and what numbers do."""
    if isinstance(value, str):
        return read_decimal(value, swedish=True)
    assert isinstance(value, (int, float))
    return Decimal(repr(round(value, 6)))


def _written(value: object) -> str:
    """A whole number that Excel keeps as 7.0 is 7."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
