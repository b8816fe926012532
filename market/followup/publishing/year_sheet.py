"""A year's figures as a workbook and as CSV, and its deliveries row by row: for the authority itself, with its suppliers' names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import TYPE_CHECKING

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from market import formatting
from market.followup.figures import FIGURES, PER_CENT, Figure, FigureUnit, Sums
from market.followup.legs import LEGS
from market.followup.publishing import report_legs as legs
from market.followup.publishing.delivered_rows import COLUMNS, Value
from market.followup.publishing.report import YearReport
from market.followup.publishing.report_words import before_name
from market.followup.wording import UNIT_NAMES, span_name
from market.sheets.csv_text import as_text
from market.sheets.text import sheet_text

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_ROWS = 3_000
"""Of deliveries in the workbook; the CSV has them all."""
SHADE, BOLD = PatternFill("solid", start_color="FFECEFEA"), Font(bold=True)
WIDTH = 14
MISTAKEN = ("=", "#")
"""What openpyxl takes for the start of a formula or an error."""
NO_WIDTHS: Mapping[str, int] = MappingProxyType({})


def number_of(figure: Figure, sums: Sums) -> Decimal | None:
    """The figure in kronor where it is money, to four decimals."""
    value = figure.of(sums)
    if value is None:
        return None
    return round(value / PER_CENT if figure.unit is FigureUnit.ORE else value, 4)


def _numbers(sums: Sums) -> list[Decimal | None]:
    """Each figure, then each leg of the food's way."""
    figures = [number_of(figure, sums) for figure in FIGURES.values()]
    return [*figures, *(legs.number_of(leg, sums) for leg in LEGS)]


def groups_of(report: YearReport) -> Iterator[tuple[str, str, Sums]]:
    """The year, its months, categories and kitchens: which group, a name, what it adds up to."""
    yield "year", str(report.span), report.whole
    yield from (("month", str(span), sums) for span, sums in report.months.items())
    yield from (("category", one.key, sums) for one, sums in report.by_category)
    yield from (("kitchen", kitchen.name, sums) for kitchen, sums in report.by_kitchen)


def figures_csv(report: YearReport) -> str:
    """Semicolons and decimal points; a row for each group of groups_of, a column for each figure and each leg of the food's way."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["group", "name", "kilograms", *FIGURES, *legs.KEYS])
    for group, name, sums in groups_of(report):
        values = _numbers(sums)
        writer.writerow(
            [
                group,
                as_text(name),
                Decimal(sums.grams) / 1000,
                *("" if value is None else f"{value:f}" for value in values),
            ]
        )
    return out.getvalue()


def year_workbook(report: YearReport, rows: Iterable[Iterable[Value]]) -> bytes:
    """Figures by month, category and kitchen, the deliveries behind them, and what each figure means."""
    book = Workbook(write_only=True)
    _by_month(book.create_sheet(gettext("Siffror")), report)
    kinds = [
        (one.name_sv if formatting.is_swedish() else one.name_en, sums) for one, sums in report.by_category
    ]
    _by_name(book.create_sheet(gettext("Kategorier")), gettext("Kategori"), kinds)
    if report.kitchen is None:
        own = [(kitchen.name, sums) for kitchen, sums in report.by_kitchen]
        _by_name(book.create_sheet(gettext("Kök")), gettext("Kök"), own)
    _deliveries(book.create_sheet(gettext("Leveranser")), rows)
    _meanings(book.create_sheet(gettext("Vad siffrorna betyder")))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _by_month(sheet: WriteOnlyWorksheet, report: YearReport) -> None:
    spans = [before_name(report), str(report.span.year), *(span_name(span) for span in report.months)]
    _heads(sheet, [gettext("Siffra"), gettext("Enhet"), *spans], widths={"A": 34})
    every = [report.before, report.whole, *report.months.values()]
    for figure in FIGURES.values():
        values = [number_of(figure, sums) for sums in every]
        _append(sheet, [gettext(figure.name), gettext(UNIT_NAMES[figure.unit]), *map(_float, values)])
    for leg in LEGS:
        ways = [_float(legs.number_of(leg, sums)) for sums in every]
        _append(sheet, [legs.long_name(leg), gettext(UNIT_NAMES[FigureUnit.KM]), *ways])


def _by_name(sheet: WriteOnlyWorksheet, first: str, lines: Iterable[tuple[str, Sums]]) -> None:
    heads = [
        f"{gettext(figure.name)} ({gettext(UNIT_NAMES[figure.unit])})"
        if figure.unit is not FigureUnit.COUNT
        else gettext(figure.name)
        for figure in FIGURES.values()
    ]
    heads += [f"{legs.long_name(leg)} ({gettext(UNIT_NAMES[FigureUnit.KM])})" for leg in LEGS]
    _heads(sheet, [first, gettext("Vikt (kg)"), *heads], widths={"A": 28})
    for name, sums in lines:
        _append(sheet, [name, sums.grams / 1000, *map(_float, _numbers(sums))])


def _deliveries(sheet: WriteOnlyWorksheet, rows: Iterable[Iterable[Value]]) -> None:
    _heads(sheet, [column.name for column in COLUMNS])
    every = list(rows)
    for row in every:
        _append(sheet, row)
    if len(every) == MOST_ROWS:
        text = gettext("Högst %(n)s rader visas här. Alla finns i CSV-filen med leveranser.", n=MOST_ROWS)
        _append(sheet, [text])


def _meanings(sheet: WriteOnlyWorksheet) -> None:
    _heads(sheet, [gettext("Siffra"), gettext("Betyder")], widths={"A": 34, "B": 120})
    for figure in FIGURES.values():
        _append(sheet, [gettext(figure.name), gettext(figure.definition)])
    for leg in LEGS:
        _append(
            sheet, [legs.long_name(leg), gettext("Den delen av matens väg. Leden är tillsammans hela vägen.")]
        )


def _heads(sheet: WriteOnlyWorksheet, names: list[str], *, widths: Mapping[str, int] = NO_WIDTHS) -> None:
    """The first row, which stays in view beside the first column; a sheet's looks are written before its rows."""
    for number in range(1, len(names) + 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = widths.get(letter, WIDTH)
    sheet.freeze_panes = "B2"
    cells = [_cell(sheet, name) for name in names]
    for cell in cells:
        cell.font, cell.fill, cell.alignment = BOLD, SHADE, Alignment(wrap_text=True, vertical="top")
    sheet.append(cells)


def _append(sheet: WriteOnlyWorksheet, values: Iterable[Value]) -> None:
    sheet.append([_said(sheet, value) if isinstance(value, str) else value for value in values])


def _said(sheet: WriteOnlyWorksheet, words: str) -> Cell | str:
    """A cell of its own only where it is needed: there are many."""
    return _cell(sheet, words) if words.startswith(MISTAKEN) else sheet_text(words)


def _cell(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    """A text stays a text, also one that begins as a formula or an error of a sheet does."""
    cell: Cell = WriteOnlyCell(sheet, sheet_text(words))
    cell.data_type = "s"
    return cell


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
