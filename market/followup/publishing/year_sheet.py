"""A year's figures as a workbook and as CSV, and its deliveries row by row: for the authority itself, with its suppliers' names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Row

from market import formatting
from market.followup.figures import FIGURES, PER_CENT, Figure, FigureUnit, Sums
from market.followup.publishing.report import YearReport
from market.followup.wording import UNIT_NAMES, span_name
from market.sheets.text import sheet_text

MOST_ROWS = 5_000
"""Of deliveries in the workbook; the CSV has them all."""
LINES_AT_A_TIME = 500
SHADE, BOLD = PatternFill("solid", start_color="FFECEFEA"), Font(bold=True)
FORMULA = ("=", "+", "-", "@", "\t")
GROUPS = ("year", "month", "category", "kitchen")
Value = str | int | float | None
DELIVERED = (
    "delivered_on", "order", "kitchen", "producer", "product", "category", "route", "unit", "ordered", "accepted",
    "kilograms", "sek", "vat_sek", "list_sek", "credit_sek", "is_local", "is_organic", "is_krav", "is_surplus",
    "deviation", "size", "lead_hours", "chain_km", "to_kitchen_km", "onward_km", "co2e_g", "co2e_method",
)  # fmt: skip


def number_of(figure: Figure, sums: Sums) -> Decimal | None:
    """The figure in kronor where it is money, to four decimals."""
    value = figure.of(sums)
    if value is None:
        return None
    return round(value / PER_CENT if figure.unit is FigureUnit.ORE else value, 4)


def groups_of(report: YearReport) -> Iterator[tuple[str, str, Sums]]:
    """The year, its months, categories and kitchens: which group, a name, what it adds up to."""
    yield "year", str(report.span), report.whole
    yield from (("month", str(span), sums) for span, sums in report.months.items())
    yield from (("category", one.key, sums) for one, sums in report.by_category)
    yield from (("kitchen", kitchen.name, sums) for kitchen, sums in report.by_kitchen)


def figures_csv(report: YearReport) -> str:
    """Semicolons and decimal points; a row for each group of groups_of, a column for each figure."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["group", "name", "kilograms", *FIGURES])
    for group, name, sums in groups_of(report):
        values = [number_of(figure, sums) for figure in FIGURES.values()]
        writer.writerow(
            [
                group,
                _safe(name),
                Decimal(sums.grams) / 1000,
                *("" if value is None else f"{value:f}" for value in values),
            ]
        )
    return out.getvalue()


def deliveries_csv(rows: Iterable[Row[Any]], kitchens: Mapping[int, str]) -> Iterator[str]:
    """Some hundred lines at a time, so that a year of any size can be sent."""
    yield "\N{BYTE ORDER MARK}" + _csv_lines([DELIVERED])
    left = iter(rows)
    while some := list(islice(left, LINES_AT_A_TIME)):
        yield _csv_lines(_delivered(row, kitchens) for row in some)


def _delivered(row: Row[Any], kitchens: Mapping[int, str]) -> list[Value]:
    return [
        row.delivered_on.isoformat(), row.order_id, _safe(kitchens.get(row.kitchen_id, "")), _safe(row.producer_name),
        _safe(row.product_name), row.category_key, row.route.value, row.unit.value,
        row.ordered_steps / row.unit.steps, row.steps / row.unit.steps, row.grams / 1000, row.ore / 100, row.vat_ore / 100,
        None if row.list_ore is None else row.list_ore / 100, row.credit_ore / 100, row.is_local.value,
        int(row.is_organic), int(row.is_krav), int(row.is_surplus), row.deviation.value if row.deviation else None,
        row.size.value if row.size else None, round(row.lead_s / 3600, 1), row.chain_m / 1000, row.hub_m / 1000,
        row.kitchen_m / 1000, row.co2e_g, row.emission_method.value,
    ]  # fmt: skip


def _csv_lines(rows: Iterable[Iterable[Value]]) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _safe(words: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{words}" if words.startswith(FORMULA) else words


def year_workbook(report: YearReport, rows: Iterable[Row[Any]], kitchens: Mapping[int, str]) -> bytes:
    """Figures by month, category and kitchen, the deliveries behind them, and what each figure means."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _by_month(first, report)
    kinds = [
        (one.name_sv if formatting.is_swedish() else one.name_en, sums) for one, sums in report.by_category
    ]
    _by_name(book.create_sheet(gettext("Kategorier")), gettext("Kategori"), kinds)
    if report.kitchen is None:
        own = [(kitchen.name, sums) for kitchen, sums in report.by_kitchen]
        _by_name(book.create_sheet(gettext("Kök")), gettext("Kök"), own)
    _deliveries(book.create_sheet(gettext("Leveranser")), rows, kitchens)
    _meanings(book.create_sheet(gettext("Vad siffrorna betyder")))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _by_month(sheet: Worksheet, report: YearReport) -> None:
    sheet.title = gettext("Siffror")
    spans = [str(report.span.year - 1), str(report.span.year), *(span_name(span) for span in report.months)]
    _heads(sheet, [gettext("Siffra"), gettext("Enhet"), *spans], first_width=34)
    every = [report.before, report.whole, *report.months.values()]
    for row, figure in enumerate(FIGURES.values(), 2):
        values = [number_of(figure, sums) for sums in every]
        _row(sheet, row, [gettext(figure.name), gettext(UNIT_NAMES[figure.unit]), *map(_float, values)])


def _by_name(sheet: Worksheet, first: str, lines: Iterable[tuple[str, Sums]]) -> None:
    heads = [
        f"{gettext(figure.name)} ({gettext(UNIT_NAMES[figure.unit])})"
        if figure.unit is not FigureUnit.COUNT
        else gettext(figure.name)
        for figure in FIGURES.values()
    ]
    _heads(sheet, [first, gettext("Vikt (kg)"), *heads], first_width=28)
    for row, (name, sums) in enumerate(lines, 2):
        values = [number_of(figure, sums) for figure in FIGURES.values()]
        _row(sheet, row, [name, sums.grams / 1000, *map(_float, values)])


def _deliveries(sheet: Worksheet, rows: Iterable[Row[Any]], kitchens: Mapping[int, str]) -> None:
    _heads(sheet, list(DELIVERED), first_width=14)
    number = 1
    for number, row in enumerate(rows, 2):
        _row(sheet, number, _delivered(row, kitchens))
    if number > MOST_ROWS:
        text = gettext("Bara de första %(n)s raderna. Alla finns i CSV-filen med leveranser.", n=MOST_ROWS)
        _row(sheet, number + 1, [text])


def _meanings(sheet: Worksheet) -> None:
    _heads(sheet, [gettext("Siffra"), gettext("Betyder")], first_width=34)
    for row, figure in enumerate(FIGURES.values(), 2):
        _row(sheet, row, [gettext(figure.name), gettext(figure.definition)])
    sheet.column_dimensions["B"].width = 120


def _heads(sheet: Worksheet, names: list[str], *, first_width: int) -> None:
    for number, name in enumerate(names, 1):
        cell = _put(sheet, 1, number, name)
        cell.font, cell.fill, cell.alignment = BOLD, SHADE, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(number)].width = first_width if number == 1 else 14
    sheet.freeze_panes = sheet.cell(2, 2)


def _row(sheet: Worksheet, row: int, values: Iterable[Value]) -> None:
    for number, value in enumerate(values, 1):
        _put(sheet, row, number, value)


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """A text stays a text, also one that begins as a formula does."""
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = sheet_text(value)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
    found: Cell = cell
    return found


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
