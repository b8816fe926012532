"""What can be wrong with a file that somebody sends in as a sheet, and where in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from market.values import Refused, msg


class NotASheet(Refused):
    message = msg(
        "Det går inte att läsa filen som Excel. Hämta mallen på nytt, fyll i den och spara som .xlsx."
    )


class OldExcel(Refused):
    message = msg(
        "Filen är i det gamla formatet .xls, eller skyddad med lösenord. Välj Spara som, Excel-arbetsbok (.xlsx), utan lösenord."
    )


class NotExcel(Refused):
    message = msg(
        "Filen är ingen Excel-fil, fast namnet kanske säger det: det kan vara en CSV-fil. Öppna den i Excel och välj "
        "Spara som, Excel-arbetsbok (.xlsx)."
    )


class TooLargeFile(Refused):
    message = msg("Filen är för stor. Hämta mallen på nytt och skriv bara i de vita cellerna.")


class NoFile(Refused):
    message = msg("Välj den ifyllda filen.")


class NoSuchSheet(Refused):
    message = msg(
        "Bladet %(sheet)s saknas i filen. Hämta mallen på nytt och fyll i den utan att byta namn på bladen."
    )


@dataclass(frozen=True, slots=True)
class SheetError:
    """One thing to correct: `sheet`, `row` and `column` as Excel names them, what is `found` there, and what to do."""

    sheet: str
    row: int
    column: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    found: str = ""
