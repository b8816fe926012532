"""PDFs by typst: archivable (PDF/A-2a), tagged for screen readers (PDF/UA-1), the same file on every machine.

Only the fonts inside typst are used. They have Latin, Greek and Cyrillic letters; what they can not show would make no
archivable PDF at all, so it is printed as "?" instead. The pages in the browser show it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# What is tried when a text holds something the fonts lack: their scripts, then what they have without a gap.
SHOWN = (
    re.compile(
        r"[^\t\n\u0020-\u024f\u0300-\u036f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2044\u20ac]"
    ),
    re.compile(r"[^\t\n\u0020-\u007e\u00a0-\u017f\u2013\u2014\u2018-\u201e\u2022\u2026]"),
)


def typeset(template: Path, content: Mapping[str, Any], *, at: datetime) -> bytes:
    """The template with its content, which is plain JSON; every text in it comes from there, translated."""
    import typst

    for unknown in (None, *SHOWN):
        try:
            made: bytes = typst.compile(
                str(template),
                sys_inputs={"data": json.dumps(_shown(content, unknown), ensure_ascii=False)},
                ignore_system_fonts=True,
                pdf_standards=["a-2a", "ua-1"],
                timestamp=at.astimezone(UTC).replace(microsecond=0),  # typst takes whole seconds
            )
        except typst.TypstError as error:
            if unknown is SHOWN[-1] or "could not be displayed" not in str(error):
                raise
        else:
            return made
    raise AssertionError


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
