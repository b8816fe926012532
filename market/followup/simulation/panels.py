"""What all panels of an experiment's figure share: their size, their ink, and text in them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 400, 270
INK = "#1b241f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One measure in one size of municipality, drawn."""

    key: str
    title: str
    about: str
    svg: str

    def __html__(self) -> str:
        return self.svg


def text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text class="simulation-text" x="{x:.1f}" y="{y:.1f}" fill="{INK}" {more}>{escape(words)}</text>'
