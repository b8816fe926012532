"""Text in the cells of a sheet: what a cell can hold, and how names are compared."""

from __future__ import annotations

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE


def sheet_text(text: str) -> str:
    """As a cell can hold it: control signs, which Excel refuses, become spaces."""
    return str(ILLEGAL_CHARACTERS_RE.sub(" ", text))


def as_name(text: str) -> str:
    """A name as it is compared: without differences in case and spaces."""
    return " ".join(sheet_text(text).split()).casefold()
