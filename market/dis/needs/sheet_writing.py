"""Writes the sheet for a round: kitchens and products down, weeks across, only the amounts unlocked."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from market.dis.needs.rules import MOST_A_WEEK, Cell
from market.dis.needs.sheet import (
    FIRST_ROW,
    FIRST_WEEK_COLUMN,
    HEADER_ROW,
    KITCHEN_COLUMN,
    PRODUCT_COLUMN,
    SHEET,
    TITLE_ROW,
    UNIT_COLUMN,
    UNIT_WORDS,
    Product,
    Shape,
    title_of,
    week_title,
)
from market.sheets.text import sheet_text
from market.values import Unit

HOW_TO = "Skriv mängden per vecka i de vita cellerna. Tomt betyder att inget behövs. Ändra inte rubriker eller namn."
SHADE = PatternFill("solid", start_color="FFECEFEA")
BOLD = Font(bold=True)
OPEN = Protection(locked=False)
NAME_WIDTH, WEEK_WIDTH = 30, 14


def need_sheet(shape: Shape) -> bytes:
    """An .xlsx file with what is stated now filled in."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _headings(sheet, shape)
    rows = [(key, name, product) for key, name in shape.kitchens.items() for product in shape.products]
    for row, (kitchen_id, kitchen, product) in enumerate(rows, start=FIRST_ROW):
        _text(sheet, row, KITCHEN_COLUMN, kitchen)
        _row(sheet, row, kitchen_id, product, shape)
    _guard(sheet, shape, last_row=FIRST_ROW + max(len(rows), 1) - 1)
    _descriptions(book.create_sheet("Varor"), shape)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False) -> SheetCell:
    """A name stays a name, also one that begins as a formula does."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell)
    cell.value = sheet_text(text)
    cell.data_type = "s"
    cell.fill = SHADE
    if bold:
        cell.font = BOLD
    return cell


def _headings(sheet: Worksheet, shape: Shape) -> None:
    _text(sheet, TITLE_ROW, KITCHEN_COLUMN, title_of(shape), bold=True)
    _text(sheet, TITLE_ROW + 1, KITCHEN_COLUMN, HOW_TO)
    names = ("Kök", "Vara", "Enhet", *(week_title(monday) for monday in shape.weeks))
    for column, name in enumerate(names, start=KITCHEN_COLUMN):
        _text(sheet, HEADER_ROW, column, name, bold=True).alignment = Alignment(wrap_text=True)
        wide = NAME_WIDTH if column <= PRODUCT_COLUMN else WEEK_WIDTH
        sheet.column_dimensions[get_column_letter(column)].width = wide


def _row(sheet: Worksheet, row: int, kitchen_id: int, product: Product, shape: Shape) -> None:
    _text(sheet, row, PRODUCT_COLUMN, product.name)
    _text(sheet, row, UNIT_COLUMN, UNIT_WORDS[product.unit])
    for column, monday in enumerate(shape.weeks, start=FIRST_WEEK_COLUMN):
        cell = sheet.cell(row, column)
        steps = shape.stated.get(Cell(product.id, kitchen_id, monday), 0)
        if steps:
            cell.value = _number(steps, product.unit)
        cell.number_format = "0" if product.unit is Unit.PIECE else "0.###"
        cell.protection = OPEN


def _number(steps: int, unit: Unit) -> int | float:
    """As a spreadsheet keeps it."""
    whole, rest = divmod(steps, unit.steps)
    return float(Decimal(steps) / unit.steps) if rest else whole


def _guard(sheet: Worksheet, shape: Shape, *, last_row: int) -> None:
    """Lock all but the amounts, without a password: against slips, not against people."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.freeze_panes = sheet.cell(FIRST_ROW, FIRST_WEEK_COLUMN)
    rule = DataValidation(type="decimal", operator="between", formula1="0", formula2=str(MOST_A_WEEK))
    rule.errorTitle, rule.error = "Bara ett tal", "Skriv mängden med siffror, till exempel 12,5."
    last_column = FIRST_WEEK_COLUMN + len(shape.weeks) - 1
    first, last = (
        f"{get_column_letter(column)}{row}"
        for column, row in ((FIRST_WEEK_COLUMN, FIRST_ROW), (last_column, last_row))
    )
    rule.add(f"{first}:{last}")
    sheet.add_data_validation(rule)


def _descriptions(sheet: Worksheet, shape: Shape) -> None:
    for column, name in enumerate(("Vara", "Enhet", "Beskrivning"), start=1):
        _text(sheet, 1, column, name, bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = NAME_WIDTH
    for row, product in enumerate(shape.products, start=2):
        _text(sheet, row, 1, product.name)
        _text(sheet, row, 2, UNIT_WORDS[product.unit])
        _text(sheet, row, 3, product.description)
    sheet.protection.sheet = True
