"""What an award file must hold and when, and how much of a wholesaler contract may be bought outside it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from market.values import Refused, msg


class Measure(StrEnum):
    """A carve-out counts kronor or weight."""

    MONEY = "money"
    WEIGHT = "weight"


class Missing(StrEnum):
    """What an award file lacks."""

    REASON = "reason"
    ASKED = "asked"
    NOTICE = "notice"
    COMPARISON = "comparison"
    CONTRACT = "contract"
    CONTRACT_DATE = "contract_date"


class FileState(StrEnum):
    """Open: within its time. Late: not complete though its time is over. Grown: complete, but more was bought since."""

    OPEN = "open"
    LATE = "late"
    COMPLETE = "complete"
    GROWN = "grown"


class FileIncomplete(Refused):
    message = msg("Akten är inte komplett: fyll i det som saknas först.")


class NothingNew(Refused):
    message = msg("Akten är redan slutförd och inget har köpts sedan dess. Ladda ner den i stället.")


class DateInFuture(Refused):
    message = msg("Datumet är framåt i tiden. Skriv den dag då det skedde.")


class CarveOutOverlaps(Refused):
    message = msg(
        "Det finns redan en andel för kategorin under de dagarna. Avsluta den eller välj andra dagar."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the officer has written, as far as completeness goes."""

    reason: str = ""
    asked: str = ""
    asked_several: bool = False
    notified_on: date | None = None
    comparison: str = ""
    contract: str = ""
    contract_on: date | None = None


def missing(written: Written, *, prices_known: int) -> list[Missing]:
    """What a file lacks (LOU 19 a kap. 10 and 11 §§).

    With fewer than two known prices, how the price was judged must be told in words.
    """
    lacks = {
        Missing.REASON: not written.reason.strip(),
        Missing.ASKED: not written.asked.strip(),
        Missing.NOTICE: written.asked_several and written.notified_on is None,
        Missing.COMPARISON: prices_known < 2 and not written.comparison.strip(),
        Missing.CONTRACT: not written.contract.strip(),
        Missing.CONTRACT_DATE: written.contract_on is None,
    }
    return [lack for lack, is_missing in lacks.items() if is_missing]


def state_of(*, completed_ore: int | None, value_ore: int, due_on: date, today: date) -> FileState:
    """`completed_ore` is the value when the file was last completed, or None."""
    if completed_ore is not None:
        return FileState.GROWN if value_ore > completed_ore else FileState.COMPLETE
    return FileState.LATE if today > due_on else FileState.OPEN


def kept_until(contract_on: date, *, years: int) -> date:
    """The first day on which a file need no longer be kept (19 a kap. 12 §)."""
    try:
        return contract_on.replace(year=contract_on.year + years)
    except ValueError:  # 29 February
        return date(contract_on.year + years, 3, 1)


def allowed(total: int, share: Decimal) -> int:
    """How much of `total` (öre or grams) may be bought outside the contract, rounded down."""
    return int(total * share / 100)


@dataclass(frozen=True, slots=True)
class Used:
    """A carve-out's meter, in öre or grams."""

    used: int
    allowed: int

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.used)

    @property
    def is_passed(self) -> bool:
        return self.used > self.allowed

    @property
    def percent(self) -> int:
        return 100 if self.allowed == 0 else self.used * 100 // self.allowed
