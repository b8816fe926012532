"""Extracts the Swedish texts, and keeps the English catalogue and the compiled files in step with them.

`python -m market.translations.update` rewrites the catalogues; `python -m market.translations.check` only looks.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
CODE = HERE.parent
ENGLISH = HERE / "en" / "LC_MESSAGES" / "messages.po"
SECURITY = HERE / "sv" / "LC_MESSAGES" / "flask_security.po"
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "_l", "gettext", "lazy_gettext", "msg")),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),  # the same Swedish word with two English ones: "Kök", one or several
}
METHODS = [("**/vendor/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("emails/*.txt", "jinja2")]


def templates() -> Path:
    """The templates of the checkout, or those inside an installed package."""
    inside = CODE / "templates"
    return inside if inside.is_dir() else CODE.parent / "templates"


def extracted() -> Catalog:
    """Every text in code and templates, with where it stands."""
    catalogue = Catalog(project="narmat")
    for folder in (CODE, templates()):
        found = extract_from_dir(
            str(folder),
            METHODS,
            keywords=KEYWORDS,
            options_map={pattern: {"silent": "false"} for pattern in ("**.html", "emails/*.txt")},
        )
        for filename, _line, message, comments, context in found:
            catalogue.add(
                message, None, [(f"{folder.name}/{filename}", 0)], auto_comments=comments, context=context
            )
    return catalogue


def stored(path: Path, locale: str) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def compiled(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def as_text(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        width=110,
        omit_header=False,
        sort_output=True,
        no_location=True,
        include_previous=False,
    )
    return out.getvalue()
