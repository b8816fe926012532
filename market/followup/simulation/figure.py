"""The figure of an experiment: a panel for each measure and size, by hand and electronic, each line with its band. Plain SVG.

Colours stand as attributes, so that the file is whole by itself; on a page the style sheet's classes win over them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from market.followup.simulation.figure_sets import stacks
from market.followup.simulation.measures import BY_KEY, Measure, MeasureUnit
from market.followup.simulation.panels import HEIGHT, INK, WIDTH, Panel, text
from market.followup.simulation.parameters import Handling, Size
from market.followup.simulation.ticks import ticks
from market.followup.simulation.wording import (
    HANDLING_NAMES,
    SCALES,
    SIZE_NAMES,
    UNIT_NAMES,
    Number,
    Say,
    shown,
)
from market.values import msg

DRAWN = ("tendered", "competed", "against_single", "hours_a_calloff", "never_won", "benefit")
LEFT, RIGHT, TOP, BOTTOM = 52, 10, 46, 58
COLOURS = {Handling.MANUAL: "#b4460a", Handling.ELECTRONIC: "#0b5fa5"}
LINE = "#c9cec4"
X_TITLE = msg("Antal leverantörer")
BAND_NOTE = msg("Fält: åtta av tio körningar.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line: (suppliers, mean, low, high), in the shown unit, where there is a number."""

    handling: Handling
    points: tuple[tuple[int, float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where numbers lie in the drawing."""

    first: int
    last: int
    low: float
    high: float

    def x(self, suppliers: float) -> float:
        span = max(self.last - self.first, 1)
        return LEFT + (WIDTH - LEFT - RIGHT) * (suppliers - self.first) / span

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - inside) / (self.high - self.low)


def panels(result: Mapping[str, Any], *, say: Say, number: Number) -> Iterator[Panel]:
    """Measure by measure, small beside large with the same scale."""
    for key in DRAWN:
        measure = BY_KEY[key]
        by_size = {size: _series(result, measure, size) for size in Size}
        frame = _frame(result, measure, [one for series in by_size.values() for one in series])
        for size, series in by_size.items():
            yield _panel(measure, size, series, frame, say=say, number=number)
    yield from stacks(result, say=say, number=number)


def _series(result: Mapping[str, Any], measure: Measure, size: Size) -> tuple[Series, ...]:
    scale, _ = SCALES[measure.unit]
    found = []
    for handling in Handling:
        rows = [row for row in result["rows"] if row["scene"] == f"{size}-{handling}"]
        values = [(row["suppliers"], *row["values"][measure.key][:3]) for row in rows]
        points = tuple((at, m * scale, a * scale, b * scale) for at, m, a, b in values if m is not None)
        found.append(Series(handling=handling, points=points))
    return tuple(found)


def _frame(result: Mapping[str, Any], measure: Measure, series: Sequence[Series]) -> Frame:
    """The same scale for all of a measure's panels; from nothing, but for what is compared with one."""
    first, last = result["counts"]
    bounds = [value for one in series for _, *values in one.points for value in values] or [0, 1]
    low, high = min(bounds), max(bounds)
    if measure.unit is not MeasureUnit.TIMES:
        low = min(low, 0)
    steps = ticks(low, high if high > low else low + 1)
    return Frame(first=first, last=last, low=steps[0], high=steps[-1])


def _panel(
    measure: Measure, size: Size, series: Sequence[Series], frame: Frame, *, say: Say, number: Number
) -> Panel:
    title = f"{say(measure.name)} ({say(UNIT_NAMES[measure.unit])})"
    about = _about(measure, series, say=say, number=number)
    name = f"simulation-{measure.key}-{size}"
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="simulation-panel" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
        f' aria-labelledby="{name}-title {name}-about" font-family="system-ui, Arial, sans-serif" font-size="12">',
        f'<title id="{name}-title">{escape(say(SIZE_NAMES[size]))}: {escape(title)}</title>',
        f'<desc id="{name}-about">{escape(about)}</desc>',
        text(0, 15, say(SIZE_NAMES[size]), 'font-weight="700"'),
        text(0, 33, title),
        *_axes(frame, say=say, number=number),
        *(part for one in series for part in _drawn(one, frame)),
        *_legend(say),
        "</svg>",
    )
    return Panel(key=measure.key, title=title, about=about, svg="".join(parts))


def _about(measure: Measure, series: Sequence[Series], *, say: Say, number: Number) -> str:
    """What the lines say at their ends, for who does not see them."""
    scale, _ = SCALES[measure.unit]
    told = []
    for one in series:
        if one.points:
            ends = (one.points[0], one.points[-1])
            values = ", ".join(f"{at}: {shown(mean / scale, measure.unit, number)}" for at, mean, *_ in ends)
            told.append(f"{say(HANDLING_NAMES[one.handling])} – {values}.")
    return " ".join(told)


def _axes(frame: Frame, *, say: Say, number: Number) -> Iterator[str]:
    steps = ticks(frame.low, frame.high)
    digits = 0 if all(step == int(step) for step in steps) else 1 if steps[1] - steps[0] >= 0.1 else 2
    for step in steps:
        y = frame.y(step)
        yield _line(LEFT, y, WIDTH - RIGHT, y, f'stroke="{INK if step == 0 else LINE}"')
        label = number(step, digits).replace("-", "\N{MINUS SIGN}")
        yield text(LEFT - 6, y + 4, label, 'text-anchor="end"')
    for suppliers in _marks(frame.first, frame.last):
        yield text(frame.x(suppliers), HEIGHT - BOTTOM + 16, str(suppliers), 'text-anchor="middle"')
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 32, say(X_TITLE), 'text-anchor="middle"')


def _marks(first: int, last: int) -> list[int]:
    """The ends and every fifth between, not too near them."""
    between = [
        at for at in range(5, last, 5 if last - first <= 40 else 10) if at - first >= 2 and last - at >= 2
    ]
    return sorted({first, *between, last})


def _drawn(series: Series, frame: Frame) -> Iterator[str]:
    """The band under the line; electronic is dashed, so that it also shows without colours."""
    if not series.points:
        return
    colour, name = COLOURS[series.handling], series.handling.value
    there = [(frame.x(at), frame.y(high)) for at, _, _, high in series.points]
    back = [(frame.x(at), frame.y(low)) for at, _, low, _ in reversed(series.points)]
    middle = [(frame.x(at), frame.y(mean)) for at, mean, _, _ in series.points]
    dash = "" if series.handling is Handling.MANUAL else ' stroke-dasharray="7 4"'
    yield f'<polygon class="simulation-band simulation-band--{name}" points="{_points(there + back)}" fill="{colour}" fill-opacity="0.14"/>'
    yield f'<polyline class="simulation-line simulation-line--{name}" points="{_points(middle)}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>'


def _legend(say: Say) -> Iterator[str]:
    y = HEIGHT - 8
    x = 0.0
    for handling in Handling:
        dash = "" if handling is Handling.MANUAL else ' stroke-dasharray="7 4"'
        style = f'class="simulation-line--{handling}" stroke="{COLOURS[handling]}" stroke-width="2.5"{dash}'
        yield f'<line x1="{x:g}" y1="{y - 4}" x2="{x + 28:g}" y2="{y - 4}" {style}/>'
        yield text(x + 34, y, say(HANDLING_NAMES[handling]))
        x += 118
    yield text(WIDTH, y, say(BAND_NOTE), 'text-anchor="end"')


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _line(x1: float, y1: float, x2: float, y2: float, more: str) -> str:
    return f'<line class="simulation-rule" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {more}/>'


def drawing(result: Mapping[str, Any], *, say: Say, number: Number) -> str:
    """All panels in one file, small municipality left and large right."""
    drawn = list(panels(result, say=say, number=number))
    gap, columns = 24, len(Size)
    rows = len(drawn) // columns
    width, height = columns * (WIDTH + gap) + gap, rows * (HEIGHT + gap) + gap
    placed = (
        panel.svg.replace("<svg ", f'<svg x="{gap + at % columns * (WIDTH + gap)}" y="{gap + at // columns * (HEIGHT + gap)}" '
                                   f'width="{WIDTH}" height="{HEIGHT}" ', 1)
        for at, panel in enumerate(drawn)
    )  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(placed)}</svg>\n'
    )
