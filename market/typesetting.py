"""PDFs by typst: archivable (PDF/A-2a), tagged for screen readers (PDF/UA-1), the same file on every machine.

Only the fonts inside typst are used. They have Latin, Greek and Cyrillic letters; what they can not show would make no
archivable PDF at all, so it is printed as "?" instead. The pages in the browser show it. What is signed must say exactly
what was written: `typeset_exactly` refuses instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

# What is tried when a text holds something the fonts lack: their scripts, then what they have without a gap.
SHOWN = (
    re.compile(
        r"[^\t\n\u0020-\u024f\u0300-\u036f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2044\u20ac]"
    ),
    re.compile(r"[^\t\n\u0020-\u007e\u00a0-\u017f\u2013\u2014\u2018-\u201e\u2022\u2026]"),
)


Standard = Literal["a-2a", "a-3a", "ua-1"]
ACCESSIBLE: tuple[Standard, ...] = ("a-2a", "ua-1")
WITH_ATTACHMENTS: tuple[Standard, ...] = ("a-3a",)


class NotInFonts(Exception):
    """A text holds letters that the fonts lack."""


def typeset(template: Path, content: Mapping[str, Any], *, at: datetime) -> bytes:
    """The template with its content, which is plain JSON; every text in it comes from there, translated."""
    for unknown in (None, *SHOWN):
        try:
            return typeset_exactly(template, _shown(content, unknown), at=at)
        except NotInFonts:
            if unknown is SHOWN[-1]:
                raise
    raise AssertionError


def typeset_exactly(
    template: Path,
    content: Mapping[str, Any],
    *,
    at: datetime,
    standards: Sequence[Standard] = ACCESSIBLE,
    attached: bytes = b"",
) -> bytes:
    """The same with every letter as it is, and a file inside where the standard allows one. Raises NotInFonts."""
    import typst

    inputs = {"data": json.dumps(content, ensure_ascii=False), "attached": json.dumps(list(attached))}
    try:
        made: bytes = typst.compile(
            str(template),
            sys_inputs=inputs,
            ignore_system_fonts=True,
            pdf_standards=list(standards),
            timestamp=at.astimezone(UTC).replace(microsecond=0),  # typst takes whole seconds
        )
    except typst.TypstError as error:
        if "could not be displayed" in str(error):
            raise NotInFonts from error
        raise
    return made


def _shown(value: Any, unknown: re.Pattern[str] | None) -> Any:
    """The same value with every character of its texts that `unknown` matches replaced."""
    if unknown is None:
        return value
    if isinstance(value, str):
        return unknown.sub("?", value)
    if isinstance(value, Mapping):
        return {key: _shown(part, unknown) for key, part in value.items()}
    if isinstance(value, (list, tuple)) and not (value and isinstance(value[0], int)):
        return [_shown(part, unknown) for part in value]
    return value
