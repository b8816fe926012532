"""Opens a file that somebody sent as an Excel sheet: nothing in it is trusted, and little of it is unpacked.

The sheet is streamed: what it claims of its own size (a far cell, merged or linked cells over the whole sheet) costs
nothing, which a workbook that is loaded whole would make a cell each of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

from market.sheets.errors import NoSuchSheet, NotASheet, NotExcel, OldExcel, TooLargeFile
from market.values import Refused

MOST_BYTES = 3 * 1024 * 1024
MOST_UNPACKED = 8 * 1024 * 1024
MOST_OTHER = 1024 * 1024
"""Of a part that holds no cells, texts or pictures: styles, names. Ours are a few kilobytes."""
MOST_PARTS = 200
MOST_ROWS = 50_000
MOST_CELLS = 250_000
MOST_MERGED = 1_000
ROOMY = ("xl/worksheets/", "xl/sharedStrings", "xl/media/")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class SentCell:
    """`value` as Excel keeps it, `kind` its type by one letter: n, s, b, d, f (formula) or e (error)."""

    value: Any = None
    kind: str = "n"
    number_format: str = ""


NOTHING = SentCell()


@dataclass(frozen=True, slots=True)
class MergedArea:
    """Cells made one: where the first stands, the last row, and all as Excel names them."""

    row: int
    column: int
    last_row: int
    name: str


@dataclass(frozen=True, slots=True)
class SentSheet:
    """The cells that hold something, by row and column, and what is merged."""

    title: str
    rows: Mapping[int, Mapping[int, SentCell]]
    merged: Sequence[MergedArea] = ()

    def cell(self, row: int, column: int) -> SentCell:
        return self.rows.get(row, {}).get(column, NOTHING)

    def columns(self, *, first: int) -> list[int]:
        """Those from `first` on that hold something anywhere."""
        return sorted({column for cells in self.rows.values() for column in cells if column >= first})


def opened_sheet(data: bytes, title: str) -> SentSheet:
    """The one sheet of that name. Raises the refusals of errors."""
    found = opened_sheets(data, (title,))
    if title not in found:
        raise NoSuchSheet(sheet=title)
    return found[title]


def opened_sheets(data: bytes, titles: Sequence[str]) -> dict[str, SentSheet]:
    """Those of the named sheets that the file has. Raises the refusals of errors."""
    _check_container(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        found = {title: book[title] for title in titles if title in book.sheetnames}
        return {
            title: _streamed(sheet) for title, sheet in found.items() if isinstance(sheet, ReadOnlyWorksheet)
        }
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - whatever a stranger's file makes a parser do, the answer is the same
        raise NotASheet from None


def _check_container(data: bytes) -> None:
    """By content, not by name. What a part says of its size holds: the reader unpacks no more than that."""
    if len(data) > MOST_BYTES:
        raise TooLargeFile
    if data.startswith(OLE):
        raise OldExcel
    if not data.startswith(ZIP):
        raise NotExcel
    try:
        with ZipFile(BytesIO(data)) as packed:
            parts = packed.infolist()
    except (BadZipFile, ValueError, NotImplementedError):
        raise NotASheet from None
    if len(parts) > MOST_PARTS or _are_too_large(parts):
        raise TooLargeFile


def _are_too_large(parts: Collection[ZipInfo]) -> bool:
    return sum(part.file_size for part in parts) > MOST_UNPACKED or any(
        part.file_size > MOST_OTHER for part in parts if not part.filename.startswith(ROOMY)
    )


def _streamed(sheet: Any) -> SentSheet:
    """Row by row, with openpyxl's own parser: its read-only sheet alone does not tell of merged cells."""
    book, found, cells = sheet.parent, defaultdict[int, dict[int, SentCell]](dict), 0
    with book._archive.open(sheet._worksheet_path) as source:  # noqa: SLF001
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        for rows, (_, row) in enumerate(parser.parse(), start=1):
            cells += len(row)
            if rows > MOST_ROWS or cells > MOST_CELLS:
                raise TooLargeFile
            for cell in row:
                if cell["value"] not in (None, ""):
                    shown = ReadOnlyCell(sheet, **cell).number_format
                    found[cell["row"]][cell["column"]] = SentCell(cell["value"], cell["data_type"], shown)
    return SentSheet(sheet.title, dict(sorted(found.items())), _merged(parser))


def _merged(parser: Any) -> list[MergedArea]:
    areas = parser.merged_cells.mergeCell if parser.merged_cells else []
    if len(areas) > MOST_MERGED:
        raise TooLargeFile
    return [MergedArea(area.min_row, area.min_col, area.max_row, area.coord) for area in areas]
