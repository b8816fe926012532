"""Reads a filled-in sheet: all of it is right, or every error is told with its place. Stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from market.dis.needs import sheet_errors as wrong
from market.dis.needs.amounts import read_steps
from market.dis.needs.rules import Cell
from market.dis.needs.sheet import (
    FIRST_ROW,
    FIRST_WEEK_COLUMN,
    HEADER_ROW,
    KITCHEN_COLUMN,
    PRODUCT_COLUMN,
    TITLE_ROW,
    UNIT_COLUMN,
    UNIT_WORDS,
    Product,
    Shape,
    as_name,
    round_in,
    week_in,
)
from market.dis.needs.sheet_errors import OtherRound, SheetError
from market.dis.needs.sheet_opening import opened_sheet
from market.values import Refused, Unit

DATES = (datetime, date, time, timedelta)
LONGEST_SHOWN = 40


@dataclass(slots=True)
class Reading:
    """What a sheet says, by cell, in steps; and what is wrong with it. With an error nothing of it counts."""

    needs: dict[Cell, int] = field(default_factory=dict)
    errors: list[SheetError] = field(default_factory=list)


def read_sheet(data: bytes, shape: Shape) -> Reading:
    """Every amount of the rows that the sheet has. An empty cell is 0. Raises what opening raises, and OtherRound."""
    sheet = opened_sheet(data)
    if round_in(str(sheet.cell(TITLE_ROW, KITCHEN_COLUMN).value or "")) != shape.round_id:
        raise OtherRound
    reading = Reading()
    reading.errors.extend(_merged(sheet))
    if reading.errors:
        return reading  # the value of merged cells stands in one of them only
    weeks = _weeks(sheet, shape, reading)
    rows = list(_rows(sheet, shape, reading))
    for row, kitchen_id, product in rows:
        _read_row(sheet, row, Place(kitchen_id, product), weeks, reading)
    return reading


@dataclass(frozen=True, slots=True)
class Place:
    kitchen_id: int
    product: Product


def _error(sheet: Worksheet, row: int, column: int, message: str, **params: Any) -> SheetError:
    return SheetError(sheet.title, row, get_column_letter(column), message, params)


def _merged(sheet: Worksheet) -> Iterator[SheetError]:
    for merged in sheet.merged_cells.ranges:
        if merged.max_row >= HEADER_ROW:
            yield _error(sheet, merged.min_row, merged.min_col, wrong.MERGED, cells=str(merged.coord))


def _text(sheet: Worksheet, row: int, column: int) -> str:
    value = sheet.cell(row, column).value
    return "" if value is None else str(value).strip()


def _weeks(sheet: Worksheet, shape: Shape, reading: Reading) -> dict[int, date]:
    """The week of each column."""
    found: dict[date, int] = {}
    for column in range(FIRST_WEEK_COLUMN, sheet.max_column + 1):
        title = _text(sheet, HEADER_ROW, column)
        monday = week_in(title)
        if not title:
            if any(_text(sheet, row, column) for row in range(FIRST_ROW, sheet.max_row + 1)):
                reading.errors.append(_error(sheet, HEADER_ROW, column, wrong.NO_WEEK))
        elif monday not in shape.weeks or monday is None:
            reading.errors.append(
                _error(sheet, HEADER_ROW, column, wrong.UNKNOWN_WEEK, name=title[:LONGEST_SHOWN])
            )
        elif monday in found:
            first = get_column_letter(found[monday])
            reading.errors.append(_error(sheet, HEADER_ROW, column, wrong.WEEK_TWICE, first=first))
        else:
            found[monday] = column
    return {column: monday for monday, column in found.items()}


def _rows(sheet: Worksheet, shape: Shape, reading: Reading) -> Iterator[tuple[int, int, Product]]:
    """The rows that name a kitchen and a product, each pair once."""
    kitchens = {as_name(name): key for key, name in shape.kitchens.items()}
    products = {as_name(product.name): product for product in shape.products}
    seen: dict[tuple[int, int], int] = {}
    for row in range(FIRST_ROW, sheet.max_row + 1):
        columns = range(KITCHEN_COLUMN, sheet.max_column + 1)
        if not any(_text(sheet, row, column) for column in columns):
            continue
        kitchen_id = kitchens.get(as_name(_text(sheet, row, KITCHEN_COLUMN)))
        product = products.get(as_name(_text(sheet, row, PRODUCT_COLUMN)))
        if errors := [*_naming_errors(sheet, row, kitchen_id, product)]:
            reading.errors.extend(errors)
        elif kitchen_id is not None and product is not None:
            first = seen.setdefault((kitchen_id, product.id), row)
            if first != row:
                reading.errors.append(_error(sheet, row, KITCHEN_COLUMN, wrong.ROW_TWICE, first=first))
            else:
                yield row, kitchen_id, product


def _naming_errors(
    sheet: Worksheet, row: int, kitchen_id: int | None, product: Product | None
) -> Iterator[SheetError]:
    kitchen, name = _text(sheet, row, KITCHEN_COLUMN), _text(sheet, row, PRODUCT_COLUMN)
    if kitchen_id is None:
        message = wrong.UNKNOWN_KITCHEN if kitchen else wrong.NO_KITCHEN
        yield _error(sheet, row, KITCHEN_COLUMN, message, **({"name": kitchen[:80]} if kitchen else {}))
    if product is None:
        message = wrong.UNKNOWN_PRODUCT if name else wrong.NO_PRODUCT
        yield _error(sheet, row, PRODUCT_COLUMN, message, **({"name": name[:80]} if name else {}))
    elif (unit := _text(sheet, row, UNIT_COLUMN)) and as_name(unit) != UNIT_WORDS[product.unit]:
        yield _error(sheet, row, UNIT_COLUMN, wrong.WRONG_UNIT, unit=UNIT_WORDS[product.unit])


def _read_row(sheet: Worksheet, row: int, place: Place, weeks: dict[int, date], reading: Reading) -> None:
    for column, monday in weeks.items():
        cell = sheet.cell(row, column)
        if not isinstance(cell, SheetCell):
            continue
        try:
            steps = _steps(cell, place.product.unit)
        except CellRefused as refused:
            reading.errors.append(_error(sheet, row, column, refused.text, **refused.params))
        except Refused as refusal:
            reading.errors.append(_error(sheet, row, column, refusal.message, **refusal.params))
        else:
            reading.needs[Cell(place.product.id, place.kitchen_id, monday)] = steps


class CellRefused(Exception):
    """A cell that holds no amount, with what to do."""

    def __init__(self, text: str, **params: Any) -> None:
        self.text, self.params = text, params
        super().__init__(text)


def _steps(cell: SheetCell, unit: Unit) -> int:
    """What a cell says. Raises CellRefused, and what read_steps raises."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0
    if cell.data_type == "f" or not isinstance(value, (str, int, float, *DATES)):
        raise CellRefused(wrong.FORMULA)
    if cell.data_type == "e":
        raise CellRefused(wrong.FAULTY, value=str(value))
    if isinstance(value, DATES):
        raise CellRefused(wrong.IS_DATE)
    if isinstance(value, bool):
        raise CellRefused(wrong.IS_TRUTH)
    if isinstance(value, str):
        return _from_text(value, unit)
    if "%" in (cell.number_format or ""):
        raise CellRefused(wrong.IS_PERCENT)
    return read_steps(_decimal(value), unit)


def _from_text(value: str, unit: Unit) -> int:
    """A number that was written as text counts, where it can be read in one way only."""
    cleaned = "".join(value.split()).replace("\N{MINUS SIGN}", "-").replace(",", ".", 1)
    is_plain = cleaned.removeprefix("-").replace(".", "", 1)
    if "." in value or not (is_plain.isascii() and is_plain.isdecimal()):
        raise CellRefused(wrong.NO_NUMBER, value=value.strip()[:LONGEST_SHOWN])
    return read_steps(Decimal(cleaned), unit)


def _decimal(value: float) -> Decimal:
    """What the sheet shows of a binary number: 0.1 + 0.2 is 0.3."""
    return Decimal(repr(round(value, 9)))
