"""Where the parts of a chart stand: bars, lines, shares and ranked rows, for templates/components/charts.html to draw. Pure.

Across, everything is a percentage of the chart's width, so that the same picture fits a phone and a wide screen with text of the
same size; downwards it is pixels. A value of none is left out: no bar, a gap in the line, a dash in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

Value = Decimal | None
Write = Callable[[Decimal], str]
"""How a value is written for people: the reader's language, with its unit."""

LEFT, RIGHT = 13.0, 100.0
"""Between these, in per cent, things are drawn; to the left of them stand the values of the grid's lines."""
TOP, BOTTOM = 18.0, 26.0
HEIGHT = 240.0
TICKS = 4
TONES = 6
"""So many colours with a pattern each; a seventh series would be mistaken for the first."""
CROWDED = 8
"""With more names than these below a chart, every other one is left out where it is narrow."""
ROW = 46.0
ROW_TEXT, ROW_BAR = 14.0, 18.0
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Series:
    """Values with one name, as many as the chart has labels."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart, at a height, with what it means."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """What stands below; `is_spare` may be left out where it is narrow."""

    x: float
    text: str
    is_spare: bool


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    tone: int
    text: str


@dataclass(frozen=True, slots=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    tone: int


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    tone: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`head` and `rows` are the same numbers as a table; `key` names the tones where there are several."""

    height: float
    zero_y: float = 0.0
    ticks: tuple[Tick, ...] = ()
    names: tuple[Name, ...] = ()
    boxes: tuple[Box, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    dots: tuple[Dot, ...] = ()
    goal: Tick | None = None
    key: tuple[str, ...] = ()
    is_lines: bool = False
    is_rows: bool = False
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Spark:
    """A trend as small as a word: the polyline's points in a box of 100 by 28, one run for each stretch without gaps."""

    runs: tuple[str, ...]
    last: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to pixels downwards."""

    low: Decimal
    high: Decimal
    step: Decimal

    def y(self, value: Decimal) -> float:
        share = float((self.high - value) / (self.high - self.low))
        return round(TOP + share * (HEIGHT - TOP - BOTTOM), 2)

    def ticks(self, write: Write) -> tuple[Tick, ...]:
        count = int((self.high - self.low) / self.step)
        values = [self.low + self.step * n for n in range(count + 1)]
        return tuple(Tick(self.y(value), write(value)) for value in values)


@dataclass(frozen=True, slots=True)
class _Words:
    """How values are written: in full, and short beside the chart."""

    write: Write
    on_axis: Write
    in_full: Sequence[str]


def bars(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    write: Write,
    on_axis: Write | None = None,
    goal: Value = None,
    in_full: Sequence[str] | None = None,
) -> Chart:
    """A bar for each label and series, side by side, from nought up or down. `in_full`: the labels where there is room for them."""
    scale = _scale([value for one in series for value in one.values], goal)
    slot = (RIGHT - LEFT) / max(1, len(labels))
    width = slot * 0.7 / max(1, len(series))
    zero, boxes = scale.y(Decimal(0)), []
    for tone, one in enumerate(series):
        for n, value in enumerate(one.values):
            if value is not None:
                x, y = LEFT + slot * n + slot * 0.15 + width * tone, scale.y(value)
                text = _told((in_full or labels)[n], one.name, write(value), named=len(series) > 1)
                boxes.append(
                    Box(_round(x), min(y, zero), _round(width), _round(abs(zero - y)), tone % TONES, text)
                )
    return _framed(
        labels, series, scale, _Words(write, on_axis or write, in_full or labels), goal, boxes=tuple(boxes)
    )


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    write: Write,
    on_axis: Write | None = None,
    goal: Value = None,
    in_full: Sequence[str] | None = None,
) -> Chart:
    """A dot for each value, with a line between neighbours that both have one."""
    scale = _scale([value for one in series for value in one.values], goal)
    slot = (RIGHT - LEFT) / max(1, len(labels))
    strokes, dots = [], []
    for tone, one in enumerate(series):
        placed = [
            None if value is None else Dot(
                _round(LEFT + slot * (n + 0.5)), scale.y(value), tone % TONES,
                _told((in_full or labels)[n], one.name, write(value), named=len(series) > 1),
            )
            for n, value in enumerate(one.values)
        ]  # fmt: skip
        dots += [dot for dot in placed if dot]
        strokes += [Stroke(a.x, a.y, b.x, b.y, a.tone) for a, b in pairwise(placed) if a and b]
    return _framed(
        labels,
        series,
        scale,
        _Words(write, on_axis or write, in_full or labels),
        goal,
        strokes=tuple(strokes),
        dots=tuple(dots),
        is_lines=True,
    )


def ranked(labels: Sequence[str], series: Series, *, write: Write, goal: Value = None) -> Chart:
    """One lying bar under each label, in the order given: for names that are long. Below nought is drawn as nought."""
    known = [value for value in series.values if value is not None]
    most = max([*known, goal or Decimal(0)], default=Decimal(0)) or Decimal(1)
    boxes = tuple(
        Box(0.0, _round(ROW * n + ROW_BAR), _width(value, most), ROW - ROW_BAR - 10, 0, write(value))
        for n, value in enumerate(series.values)
        if value is not None
    )
    goal_at = None if goal is None else Tick(_width(goal, most), write(goal))
    return Chart(
        height=ROW * max(1, len(labels)), boxes=boxes, is_rows=True, goal=goal_at, names=_beside(labels),
        **_table(labels, [series], write),
    )  # fmt: skip


def shares(labels: Sequence[str], series: Sequence[Series], *, write: Write) -> Chart:
    """One lying bar under each label, cut by how large a part of the whole each series is."""
    boxes = []
    for n in range(len(labels)):
        parts = [max(Decimal(0), one.values[n] or Decimal(0)) for one in series]
        whole, x = sum(parts), Decimal(0)
        for tone, part in enumerate(parts):
            if part:
                width = part * 100 / whole
                text = _told(labels[n], series[tone].name, write(part), named=True)
                boxes.append(
                    Box(
                        _round(float(x)), _round(ROW * n + ROW_BAR), _round(float(width)),
                        ROW - ROW_BAR - 10, tone % TONES, text,
                    )
                )  # fmt: skip
                x += width
    return Chart(
        height=ROW * max(1, len(labels)), boxes=tuple(boxes), is_rows=True, names=_beside(labels),
        key=tuple(one.name for one in series), **_table(labels, series, write),
    )  # fmt: skip


def spark(values: Sequence[Value]) -> Spark:
    """From the lowest to the highest value in the box's height; level where all are equal."""
    known = [value for value in values if value is not None]
    if not known:
        return Spark((), None)
    low, high, apart = min(known), max(known), 96 / max(1, len(values) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        share = (value - low) / (high - low) if high > low else Decimal("0.5")
        runs[-1].append((_round(2 + apart * n), _round(25 - float(share) * 22)))
    told = tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1)
    return Spark(told, runs[-1][-1] if runs[-1] else None)


def _framed(
    labels: Sequence[str],
    series: Sequence[Series],
    scale: _Scale,
    words: _Words,
    goal: Value,
    *,
    boxes: tuple[Box, ...] = (),
    strokes: tuple[Stroke, ...] = (),
    dots: tuple[Dot, ...] = (),
    is_lines: bool = False,
) -> Chart:
    slot = (RIGHT - LEFT) / max(1, len(labels))
    crowded, last = len(labels) > CROWDED, len(labels) - 1
    names = tuple(
        Name(_round(LEFT + slot * (n + 0.5)), label, crowded and (last - n) % 2 == 1)
        for n, label in enumerate(labels)
    )
    return Chart(
        height=HEIGHT, zero_y=scale.y(Decimal(0)), ticks=scale.ticks(words.on_axis), names=names, boxes=boxes,
        strokes=strokes, dots=dots, is_lines=is_lines,
        goal=None if goal is None else Tick(scale.y(goal), words.write(goal)),
        key=tuple(one.name for one in series) if len(series) > 1 else (),
        **_table(words.in_full, series, words.write),
    )  # fmt: skip


def _table(labels: Sequence[str], series: Sequence[Series], write: Write) -> dict[str, Any]:
    rows = tuple((label, *(_cell(one.values[n], write) for one in series)) for n, label in enumerate(labels))
    return {"head": tuple(one.name for one in series), "rows": rows}


def _cell(value: Value, write: Write) -> str:
    return NOTHING if value is None else write(value)


def _beside(labels: Sequence[str]) -> tuple[Name, ...]:
    """Names of lying bars: `x` is how far down they stand."""
    return tuple(Name(_round(ROW * n + ROW_TEXT), label, is_spare=False) for n, label in enumerate(labels))


def _scale(values: Sequence[Value], goal: Value) -> _Scale:
    """From nought or below it to a round number that everything is under."""
    known = [value for value in (*values, goal) if value is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    if low == high:
        high = Decimal(1)
    step = _round_step((high - low) / TICKS)
    return _Scale(step * _up(low / step, down=True), step * _up(high / step), step)


def _up(number: Decimal, *, down: bool = False) -> int:
    return -_up(-number) if down else int(number.to_integral_value(rounding=ROUND_CEILING))


def _round_step(least: Decimal) -> Decimal:
    """The next of 1, 2, 2.5, 5, 10 and their tens."""
    ten = Decimal(10) ** least.adjusted()
    return next(ten * n for n in map(Decimal, ("1", "2", "2.5", "5", "10")) if ten * n >= least)


def _told(label: str, name: str, value: str, *, named: bool) -> str:
    return f"{label}, {name}: {value}" if named else f"{label}: {value}"


def _width(value: Decimal, most: Decimal) -> float:
    return _round(float(max(Decimal(0), value) * 100 / most))


def _round(number: float) -> float:
    return round(number, 2)
