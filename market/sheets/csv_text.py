"""Text in a CSV: a name that begins as a formula does stays a name."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a cell (OWASP, CSV injection)."""


def as_text(words: str) -> str:
    """As no spreadsheet takes it for a formula."""
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words
