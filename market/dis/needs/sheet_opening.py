"""Opens a file that somebody sent as an Excel sheet: nothing in it is trusted, and little of it is unpacked."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from market.dis.needs.sheet import SHEET
from market.dis.needs.sheet_errors import NoSuchSheet, NotASheet, NotExcel, OldExcel, TooLargeFile

MOST_BYTES = 3 * 1024 * 1024
MOST_UNPACKED = 12 * 1024 * 1024
MOST_PARTS = 200
MOST_CELLS = 250_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def opened_sheet(data: bytes) -> Worksheet:
    """The sheet of needs. Raises the refusals of sheet_errors."""
    _check_container(data)
    try:
        book = load_workbook(BytesIO(data), keep_links=False)
    except Exception:  # noqa: BLE001 - whatever a stranger's file makes a parser do, the answer is the same
        raise NotASheet from None
    if SHEET not in book.sheetnames or not isinstance(sheet := book[SHEET], Worksheet):
        raise NoSuchSheet(sheet=SHEET)
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise TooLargeFile
    return sheet


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
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooLargeFile
