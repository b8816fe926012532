"""What the register accepts: opening hours, organisation numbers, the weight of a unit, a kitchen's hub. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from market.values import Refused, Unit, msg

DAY_S = 86_400
GRAMS_PER_KILOGRAM = 1_000
HEAVIEST_UNIT_G = 1_000_000
MOST_PORTIONS = 100_000
HIDDEN_NUMBER = "******-****"


class WindowEndsBeforeItBegins(Refused):
    message = msg("Tiden slutar innan den börjar. Ändra start eller slut.")


class WindowsOverlap(Refused):
    message = msg("Tiderna går i varandra. Ändra dem, eller slå ihop dem till en tid.")


class NotAnOrganisationNumber(Refused):
    message = msg(
        "Numret stämmer inte. Skriv tio siffror, till exempel 556000-0001, och kontrollera den sista."
    )


class NotAPersonalNumber(Refused):
    message = msg(
        "Numret stämmer inte. Skriv personnumret som ÅÅÅÅMMDD-NNNN och kontrollera den sista siffran."
    )


class WeightMissing(Refused):
    message = msg("Skriv ungefär vad en liter eller ett styck väger, mellan 1 gram och 1 000 kg.")


class HubMissing(Refused):
    message = msg("Ett satellitkök får sina varor via ett annat kök. Välj vilket.")


class HubOfAHub(Refused):
    message = msg(
        "Ett kök som tar emot själv har inget kök före sig. Ta bort valet, eller ändra kökets sort."
    )


class PortionsOutOfRange(Refused):
    message = msg("Skriv ett helt antal portioner mellan 1 och %(most)s, eller lämna tomt.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHours:
    """ISO weekday 1-7 and seconds after midnight, half-open. Raises WindowEndsBeforeItBegins."""

    weekday: int
    opens_s: int
    closes_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_s < self.closes_s <= DAY_S:
            raise WindowEndsBeforeItBegins


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in degrees (WGS 84) and the code of the municipality that it belongs to."""

    lat: float
    lon: float
    municipality_code: str


def check_hours(hours: Iterable[OpenHours]) -> None:
    """Raises WindowsOverlap when two windows of a weekday share time; one may begin when another ends."""
    ordered = sorted(hours, key=lambda h: (h.weekday, h.opens_s))
    for _, windows in groupby(ordered, key=lambda h: h.weekday):
        if any(later.opens_s < earlier.closes_s for earlier, later in pairwise(windows)):
            raise WindowsOverlap


def weight_of_one(unit: Unit, grams: int | None) -> int:
    """Grams per unit: 1000 for a kilogram whatever is given. Raises WeightMissing for other units without one."""
    if unit is Unit.KILOGRAM:
        return GRAMS_PER_KILOGRAM
    if grams is None or not 0 < grams <= HEAVIEST_UNIT_G:
        raise WeightMissing
    return grams


def check_portions(portions: int | None) -> None:
    """A kitchen's portions a day, where it has told them. Raises PortionsOutOfRange."""
    if portions is not None and not 1 <= portions <= MOST_PORTIONS:
        raise PortionsOutOfRange(most=MOST_PORTIONS)


def check_hub(*, is_satellite: bool, hub_id: int | None) -> None:
    """A satellite names its hub and a hub names none. Raises HubMissing or HubOfAHub."""
    if is_satellite and hub_id is None:
        raise HubMissing
    if not is_satellite and hub_id is not None:
        raise HubOfAHub


def organisation_number(text: str, *, is_sole_trader: bool) -> str:
    """The number as it is stored: 556000-0001, or a sole trader's personal number with the century.

    Checks the length, the group (a legal person's third digit is 2 or more), the date of a personal or
    coordination number, and the last digit (Luhn, as the Swedish Tax Agency defines both numbers).
    Raises NotAnOrganisationNumber or NotAPersonalNumber.
    """
    digits = "".join(character for character in text if character not in " -–")
    if is_sole_trader:
        return _personal_number(digits)
    digits = digits.removeprefix("16") if len(digits) == 12 else digits
    if not _is_sound(digits, length=10) or digits[2] < "2":
        raise NotAnOrganisationNumber
    return f"{digits[:6]}-{digits[6:]}"


def masked_number(number: str | None, *, is_sole_trader: bool) -> str:
    """The number as it may be shown: a sole trader's is a personal identity number and stays hidden."""
    if not number:
        return ""
    return HIDDEN_NUMBER if is_sole_trader else number


def _personal_number(digits: str) -> str:
    if not _is_sound(digits, length=12) or not _is_birth_date(digits[:8]):
        raise NotAPersonalNumber
    return f"{digits[:8]}-{digits[8:]}"


def _is_sound(digits: str, *, length: int) -> bool:
    return len(digits) == length and digits.isascii() and digits.isdecimal() and _luhn(digits[-10:]) == 0


def _is_birth_date(digits: str) -> bool:
    """A coordination number has 60 added to its day."""
    day = int(digits[6:])
    try:
        date(int(digits[:4]), int(digits[4:6]), day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> int:
    """The remainder that a sound number leaves none of."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10
