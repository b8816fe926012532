"""Reads a filled-in sheet: all of it is right, or every error is told with its place. Stores nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from market.dis.needs import sheet_errors as wrong
from market.dis.needs.amounts import read_steps
from market.dis.needs.rules import Cell
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
    round_in,
    week_in,
)
from market.dis.needs.sheet_errors import OtherRound
from market.formatting import NotANumber, read_decimal
from market.sheets.errors import SheetError
from market.sheets.opening import SentCell, SentSheet, opened_sheet
from market.sheets.text import as_name, sheet_text
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
    sheet = opened_sheet(data, SHEET)
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


def _error(sheet: SentSheet, row: int, column: int, message: str, **params: Any) -> SheetError:
    found = "" if "name" in params else _text(sheet, row, column)
    short = found if len(found) <= LONGEST_SHOWN else f"{found[:LONGEST_SHOWN]}…"
    return SheetError(sheet.title, row, get_column_letter(column), message, params, found=short)


def _merged(sheet: SentSheet) -> Iterator[SheetError]:
    for area in sheet.merged:
        if area.last_row >= HEADER_ROW:
            yield _error(sheet, area.row, area.column, wrong.MERGED, cells=area.name)


def _text(sheet: SentSheet, row: int, column: int) -> str:
    value = sheet.cell(row, column).value
    return "" if value is None else str(value).strip()


def _weeks(sheet: SentSheet, shape: Shape, reading: Reading) -> dict[int, date]:
    """The week of each column."""
    found: dict[date, int] = {}
    for column in sheet.columns(first=FIRST_WEEK_COLUMN):
        title = _text(sheet, HEADER_ROW, column)
        monday = week_in(title)
        if not title:
            if any(_text(sheet, row, column) for row in sheet.rows if row >= FIRST_ROW):
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


def _rows(sheet: SentSheet, shape: Shape, reading: Reading) -> Iterator[tuple[int, int, Product]]:
    """The rows that name a kitchen and a product, each pair once."""
    products = {product.id: product for product in shape.products}
    kitchen_of = _finder(shape.kitchens)
    product_of = _finder({product.id: product.name for product in shape.products})
    seen: dict[tuple[int, int], int] = {}
    for row in sheet.rows:
        if row < FIRST_ROW or not any(_text(sheet, row, column) for column in sheet.rows[row]):
            continue
        kitchen_id = kitchen_of(_text(sheet, row, KITCHEN_COLUMN))
        product = products.get(product_of(_text(sheet, row, PRODUCT_COLUMN)) or 0)
        if errors := [*_naming_errors(sheet, row, kitchen_id, product)]:
            reading.errors.extend(errors)
        elif kitchen_id is not None and product is not None:
            first = seen.setdefault((kitchen_id, product.id), row)
            if first != row:
                reading.errors.append(_error(sheet, row, KITCHEN_COLUMN, wrong.ROW_TWICE, first=first))
            else:
                yield row, kitchen_id, product


def _finder(names: Mapping[int, str]) -> Callable[[str], int | None]:
    """Whose name a text is: to the letter, else without case and spaces where only one is named so."""
    exact = {sheet_text(name).strip(): key for key, name in names.items()}
    times = Counter(as_name(name) for name in names.values())
    alike = {as_name(name): key for key, name in names.items() if times[as_name(name)] == 1}
    return lambda text: exact[text] if text in exact else alike.get(as_name(text))


def _naming_errors(
    sheet: SentSheet, row: int, kitchen_id: int | None, product: Product | None
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


def _read_row(sheet: SentSheet, row: int, place: Place, weeks: dict[int, date], reading: Reading) -> None:
    for column, monday in weeks.items():
        try:
            steps = _steps(sheet.cell(row, column), place.product.unit)
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


def _steps(cell: SentCell, unit: Unit) -> int:
    """What a cell says. Raises CellRefused, and what read_steps raises."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0
    if cell.kind == "f" or not isinstance(value, (str, int, float, *DATES)):
        raise CellRefused(wrong.FORMULA)
    if cell.kind == "e":
        raise CellRefused(wrong.FAULTY)
    if isinstance(value, DATES):
        raise CellRefused(wrong.IS_DATE)
    if isinstance(value, bool):
        raise CellRefused(wrong.IS_TRUTH)
    if isinstance(value, str):
        return _from_text(value, unit)
    if "%" in cell.number_format:
        raise CellRefused(wrong.IS_PERCENT)
    return read_steps(_decimal(value), unit)


def _from_text(value: str, unit: Unit) -> int:
    """A number that was written as text counts, where it can be read in one way only."""
    try:
        return read_steps(read_decimal(value, swedish=True), unit)
    except NotANumber:
        raise CellRefused(wrong.NO_NUMBER) from None


def _decimal(value: float) -> Decimal:
    """What the sheet shows of a binary number: 0.1 + 0.2 is 0.3."""
    return Decimal(repr(round(value, 9)))
