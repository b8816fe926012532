"""Charts of a year for a printed document: stacked bars and lines over twelve months, as SVG. Pure.

Colours that stay apart in grey, patterns beside them, text in the document's own font. Measures are points on A4's text width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 480.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 8.0, 26.0, 22.0
INK, SOFT, RULE = "#1d2420", "#4a554e", "#c9cfc9"
COLOURS = ("#1f5c45", "#c9a227", "#7a4b8c")
DASHES = ("", "5 3", "1.5 2.5")
PATTERN = (
    '<pattern id="p1" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="#c9a227"/><line x1="0" y1="0" x2="0" y2="5" stroke="#6b5513" stroke-width="1.6"/></pattern>'
)
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A name, and a value for each label; none is a gap."""

    name: str
    values: tuple[Decimal | None, ...]


def round_top(most: Decimal) -> Decimal:
    """The least round number that is at least `most` and makes four round steps; 1 for nought."""
    if most <= 0:
        return Decimal(1)
    step = most / LINES
    size = Decimal(1).scaleb(step.adjusted())
    return LINES * next(size * each for each in STEPS if size * each >= step)


def bars(labels: Sequence[str], series: Sequence[Series], write: Callable[[Decimal], str]) -> str:
    """Bars for each label with the series upon each other."""
    sums = [sum((one.values[n] or Decimal(0) for one in series), Decimal(0)) for n in range(len(labels))]
    top = round_top(max(sums, default=Decimal(0)))
    parts = [*_grid(labels, top, write), *_key(series, is_bars=True)]
    slot = _slot(labels)
    for n in range(len(labels)):
        under = Decimal(0)
        for number, one in enumerate(series):
            value = one.values[n] or Decimal(0)
            high, low = _y(under + value, top), _y(under, top)
            under += value
            if value:
                parts.append(
                    f'<rect x="{LEFT + slot * (n + 0.18):.1f}" y="{high:.1f}" width="{slot * 0.64:.1f}" '
                    f'height="{low - high:.1f}" fill="{_fill(number)}"/>'
                )
    return _svg(parts)


def lines(labels: Sequence[str], series: Sequence[Series], write: Callable[[Decimal], str]) -> str:
    """A line for each series, broken where there is no value; every point is marked."""
    known = [value for one in series for value in one.values if value is not None]
    top = round_top(max(known, default=Decimal(0)))
    parts = [*_grid(labels, top, write), *_key(series, is_bars=False)]
    for number, one in enumerate(series):
        parts += _line(one, number, top, _slot(labels))
    return _svg(parts)


def _line(one: Series, number: int, top: Decimal, slot: float) -> Iterator[str]:
    points = [
        None if value is None else (LEFT + slot * (n + 0.5), _y(value, top))
        for n, value in enumerate(one.values)
    ]
    path = ""
    for n, point in enumerate(points):
        if point is not None:
            path += f"{'L' if n and points[n - 1] is not None else 'M'}{point[0]:.1f} {point[1]:.1f}"
    style = f'stroke="{COLOURS[number]}" stroke-width="1.8"'
    yield (
        f'<path d="{path}" fill="none" {style} stroke-dasharray="{DASHES[number] or "none"}"/>'
        if path
        else ""
    )
    yield from (
        f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="2.4" fill="{COLOURS[number]}"/>'
        for point in points
        if point is not None
    )


def _grid(labels: Sequence[str], top: Decimal, write: Callable[[Decimal], str]) -> Iterator[str]:
    for n in range(LINES + 1):
        y = _y(top * n / LINES, top)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{RULE}" stroke-width="0.6"/>'
        yield _text(LEFT - 6, y + 3, write(top * n / LINES), anchor="end")
    slot = _slot(labels)
    yield from (
        _text(LEFT + slot * (n + 0.5), HEIGHT - 8, label, anchor="middle") for n, label in enumerate(labels)
    )


def _key(series: Sequence[Series], *, is_bars: bool) -> Iterator[str]:
    x = LEFT
    for number, one in enumerate(series):
        if is_bars:
            yield f'<rect x="{x:.1f}" y="5" width="10" height="9" fill="{_fill(number)}"/>'
        else:
            style = (
                f'stroke="{COLOURS[number]}" stroke-width="1.8" stroke-dasharray="{DASHES[number] or "none"}"'
            )
            yield f'<line x1="{x:.1f}" x2="{x + 16:.1f}" y1="9.5" y2="9.5" {style}/>'
        yield _text(x + (14 if is_bars else 20), 13, one.name, colour=INK)
        x += 34 + 5.2 * len(one.name)


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = SOFT) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _fill(number: int) -> str:
    return "url(#p1)" if number == 1 else COLOURS[number]


def _slot(labels: Sequence[str]) -> float:
    return (WIDTH - LEFT - RIGHT) / max(len(labels), 1)


def _y(value: Decimal, top: Decimal) -> float:
    return HEIGHT - BOTTOM - float(value / top) * (HEIGHT - TOP - BOTTOM)


def _svg(parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" width="{WIDTH:.0f}" '
        f'height="{HEIGHT:.0f}" font-family="Libertinus Serif" font-size="9.5"><defs>{PATTERN}</defs>{"".join(parts)}</svg>'
    )
