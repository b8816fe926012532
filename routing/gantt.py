"""The days of a plan as a picture (SVG): a row for each route, blocks in time for work, lines for the road.

Grouped by day, so that what goes on at once stands under each other. Everything it shows stands in each block's
title too, which a screen reader says; the map's tables say the same in order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from routing.palette import colour
from routing.plan import Plan, Route, Visit
from routing.problem import Problem
from routing.wording import DAY_S, Words, clock, words_in

HOUR_S = 3600
LABEL, HOUR_WIDTH, ROW, BAR, HEAD, MARGIN = 210, 120, 40, 24, 56, 16
"""Pixels: the names' column, an hour, a row, a block's height, the room above, the edge."""
NARROWEST_LABEL = 46
"""A block less wide than this has no name written on it; its title has."""
PER_LETTER = 6.6
LEAST_WIDTH = 3.0
"""Short work stays visible."""

STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c1c1c}.hour{fill:#5a5a5a}.day{font-weight:600}"
    ".grid{stroke:#dcdcdc}.name{fill:#fff;font-size:12px}.drive{stroke-width:4}"
    ".wait{fill:#fff;stroke:#777;stroke-dasharray:3 3}.rest{fill:#e8e8e8;stroke:#777}"
)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a second of a day to a pixel; ``first_h`` to ``last_h`` are drawn."""

    first_h: int
    last_h: int

    def x(self, second: int) -> float:
        return LABEL + (second / HOUR_S - self.first_h) * HOUR_WIDTH

    @property
    def width(self) -> float:
        return self.x(self.last_h * HOUR_S) + MARGIN


def gantt(problem: Problem, plan: Plan, *, language: str = "sv") -> str:
    """The SVG's text; ``language`` is sv or en. Raises wording.UnknownLanguage."""
    words = words_in(language)
    scale = _scale(plan)
    days = _by_day(plan)
    rows = sum(len(routes) for routes in days.values()) + len(days)
    height = HEAD + rows * ROW + MARGIN
    title = escape(problem.name or words.title)
    size = f'width="{scale.width:.0f}" height="{height}" viewBox="0 0 {scale.width:.0f} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" lang="{words.language}">',
        f"<title>{title}</title><style>{STYLE}</style>",
        f'<rect width="100%" height="100%" fill="#fff"/><text x="{MARGIN}" y="24" class="day">{title}</text>',
        *_hours(scale, height),
        *_days(problem, days, scale, words),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _scale(plan: Plan) -> _Scale:
    """Whole hours around everything; a route over midnight goes on past 24."""
    spans = [
        (route.start_s - _day(route) * DAY_S, route.end_s - _day(route) * DAY_S) for route in plan.routes
    ]
    first = min((start for start, _ in spans), default=6 * HOUR_S)
    last = max((end for _, end in spans), default=16 * HOUR_S)
    return _Scale(first // HOUR_S, -(-last // HOUR_S) + 1)


def _day(route: Route) -> int:
    return route.start_s // DAY_S


def _by_day(plan: Plan) -> dict[int, list[tuple[int, Route]]]:
    """Day to its routes with their numbers in the plan, early ones first."""
    days: dict[int, list[tuple[int, Route]]] = {}
    for number, route in sorted(enumerate(plan.routes, start=1), key=lambda entry: entry[1].start_s):
        days.setdefault(_day(route), []).append((number, route))
    return days


def _hours(scale: _Scale, height: int) -> Iterator[str]:
    for hour in range(scale.first_h, scale.last_h + 1):
        x = scale.x(hour * HOUR_S)
        yield f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="{HEAD - 8}" y2="{height - MARGIN}"/>'
        yield f'<text class="hour" x="{x:.0f}" y="{HEAD - 14}" text-anchor="middle">{hour % 24:02d}</text>'


def _days(
    problem: Problem, days: dict[int, list[tuple[int, Route]]], scale: _Scale, words: Words
) -> Iterator[str]:
    vehicles = {vehicle.id: vehicle.name for vehicle in problem.vehicles}
    stops = {stop.id: stop.name for stop in problem.stops}
    top = HEAD
    for day, routes in days.items():
        name = clock(day * DAY_S, words).rpartition(" ")[0]
        yield f'<text class="day" x="{MARGIN}" y="{top + 26}">{name}</text>'
        top += ROW
        for number, route in routes:
            label = _cut(f"{number}. {vehicles[route.vehicle]}", LABEL - MARGIN - 8)
            yield f'<text x="{MARGIN}" y="{top + 16}">{escape(label)}</text>'
            yield from _Row(top, number, route, scale, stops, words).parts()
            top += ROW


@dataclass(frozen=True, slots=True)
class _Row:
    """One route's blocks."""

    top: int
    number: int
    route: Route
    scale: _Scale
    stops: dict[str, str]
    words: Words

    def parts(self) -> Iterator[str]:
        for before, after in pairwise(self.route.visits):
            yield self._road(before, after)
            if after.start_s > after.arrival_s:
                yield self._block("wait", after.arrival_s, after.start_s)
        for rest in self.route.breaks:
            yield self._block("rest", rest.start_s, rest.end_s)
        for visit in self.route.visits:
            if visit.pickups or visit.deliveries:
                yield self._work(visit)

    def _x(self, second: int) -> float:
        return self.scale.x(second - _day(self.route) * DAY_S)

    def _road(self, before: Visit, after: Visit) -> str:
        y = self.top + BAR / 2
        x1, x2 = self._x(before.departure_s), self._x(after.arrival_s)
        line = f'x1="{x1:.1f}" x2="{x2:.1f}" y1="{y}" y2="{y}" stroke="{colour(self.number)}"'
        return f'<line class="drive" {line}/>'

    def _block(self, kind: str, start_s: int, end_s: int) -> str:
        x, width = self._x(start_s), self._x(end_s) - self._x(start_s)
        times = f"{clock(start_s, self.words)}–{clock(end_s, self.words)}"
        return (
            f'<rect class="{kind}" x="{x:.1f}" y="{self.top + 4}" width="{width:.1f}" height="{BAR - 8}">'
            f"<title>{times}</title></rect>"
        )

    def _work(self, visit: Visit) -> str:
        x, width = (
            self._x(visit.start_s),
            max(LEAST_WIDTH, self._x(visit.departure_s) - self._x(visit.start_s)),
        )
        name = self.stops[visit.stop]
        times = f"{clock(visit.start_s, self.words)}–{clock(visit.departure_s, self.words)}"
        written = ""
        if width >= NARROWEST_LABEL:
            text = escape(_cut(name, width - 8))
            written = f'<text class="name" x="{x + 4:.1f}" y="{self.top + 16}">{text}</text>'
        goods = ", ".join((*visit.deliveries, *visit.pickups))
        return (
            f"<g><title>{escape(f'{name}, {times}: {goods}')}</title>"
            f'<rect x="{x:.1f}" y="{self.top}" width="{width:.1f}" height="{BAR}" rx="3" '
            f'fill="{colour(self.number)}"/>{written}</g>'
        )


def _cut(text: str, pixels: float) -> str:
    room = max(1, int(pixels / PER_LETTER))
    return text if len(text) <= room else text[: room - 1] + "…"
