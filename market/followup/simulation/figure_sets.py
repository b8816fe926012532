"""The figure's last panels: in which part of the sets of assumptions some number of suppliers works, and why in the others none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from market.followup.simulation.measures import MeasureUnit
from market.followup.simulation.panels import HEIGHT, INK, WIDTH, Panel, text
from market.followup.simulation.parameters import Handling, Size
from market.followup.simulation.verdicts import Verdict
from market.followup.simulation.wording import (
    HANDLING_NAMES,
    SIZE_NAMES,
    VERDICT_NAMES,
    Number,
    Say,
    shown,
)
from market.values import msg

TITLE = msg("Uppsättningar antaganden (procent)")
FILLS = {
    Verdict.WORKS: "#8fc4a3",
    Verdict.MORE: "#f3df9b",
    Verdict.CROWDED: "#e7a58a",
    Verdict.THIN: "#cfd3d0",
}
BAR, TOP, STEP, LEGEND = 26, 66, 54, 176
NARROWEST = 14
"""A part that is narrower has its number in the description, and in the table beside the figure."""


def stacks(result: Mapping[str, Any], *, say: Say, number: Number) -> Iterator[Panel]:
    """One panel for each size, a bar for each handling; none for an experiment of the first version, which did not count."""
    shares = {one["scene"]: one["shares"] for one in result["answers"] if "shares" in one}
    for size in Size:
        own = {handling: shares.get(f"{size}-{handling}") for handling in Handling}
        told = {handling: one for handling, one in own.items() if one is not None}
        if told:
            yield _panel(size, told, say=say, number=number)


def _panel(size: Size, shares: Mapping[Handling, Mapping[str, float]], *, say: Say, number: Number) -> Panel:
    about = " ".join(
        f"{say(HANDLING_NAMES[handling])} – "
        + ", ".join(
            f"{say(VERDICT_NAMES[verdict])}: {shown(one[verdict], MeasureUnit.SHARE, number)} %"
            for verdict in Verdict
        )
        + "."
        for handling, one in shares.items()
    )
    name = f"simulation-sets-{size}"
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="simulation-panel" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
        f' aria-labelledby="{name}-title {name}-about" font-family="system-ui, Arial, sans-serif" font-size="12">',
        f'<title id="{name}-title">{escape(say(SIZE_NAMES[size]))}: {escape(say(TITLE))}</title>',
        f'<desc id="{name}-about">{escape(about)}</desc>',
        text(0, 15, say(SIZE_NAMES[size]), 'font-weight="700"'),
        text(0, 33, say(TITLE)),
        *(
            part
            for place, (handling, one) in enumerate(shares.items())
            for part in _bar(TOP + STEP * place, say(HANDLING_NAMES[handling]), one, number)
        ),
        *_legend(say),
        "</svg>",
    )
    return Panel(key="sets", title=say(TITLE), about=about, svg="".join(parts))


def _bar(y: float, name: str, shares: Mapping[str, float], number: Number) -> Iterator[str]:
    yield text(0, y - 6, name)
    x = 0.0
    for verdict in Verdict:
        wide = WIDTH * shares[verdict]
        if wide:
            yield _swatch(verdict, x, y, wide, BAR)
        if wide >= NARROWEST:
            said = shown(shares[verdict], MeasureUnit.SHARE, number)
            yield f'<text x="{x + wide / 2:.1f}" y="{y + BAR / 2 + 4:.1f}" fill="{INK}" text-anchor="middle">{escape(said)}</text>'
        x += wide


def _legend(say: Say) -> Iterator[str]:
    for place, verdict in enumerate(Verdict):
        y = LEGEND + 22 * place
        yield _swatch(verdict, 0, y - 11, 14, 14)
        yield text(22, y, say(VERDICT_NAMES[verdict]))


def _swatch(verdict: Verdict, x: float, y: float, wide: float, high: float) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high}" fill="{FILLS[verdict]}" stroke="{INK}" stroke-width="0.8"/>'
