"""A PDF is made of any text: what the fonts lack is a question mark, everything else stays."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from factories import AT
from pypdf import PdfReader

from market.typesetting import typeset
from market.wiring import templates_folder

TEMPLATE = templates_folder() / "documents" / "order_confirmation.typ"


def text_of(remark: str) -> str:
    content = {
        "title": "Prov", "language": "sv", "made": "", "page": "Sida", "pairs": [], "heads": ["a", "b", "c", "d"],
        "rows": [], "remarks": [remark],
    }  # fmt: skip
    [page] = PdfReader(BytesIO(typeset(Path(TEMPLATE), content, at=AT))).pages
    return page.extract_text()


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Åäö éßø Łódź 3,50 € – “så”", "Åäö éßø Łódź 3,50 € – “så”"),
        ("рожь", "рожь"),
        ("Råg 小麦 klart", "Råg ?? klart"),
        ("ٱلْقَمْح", "????????"),
        ("#let x = [*a*] $ \\ <b>", "#let x = [*a*] $ \\ <b>"),
        ("rad 🐄 slut \x07", "rad ? slut ?"),
    ],
)
def test_any_text(written, printed):
    assert printed in text_of(written)
