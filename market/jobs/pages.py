"""What a job's page shows: its state, how far it is, and its progress as a plot; worked out, so that the template only places it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from market.jobs.models import Job
from market.jobs.rules import OPEN, JobEvent, JobState, Point, possible_events
from market.values import Week

WIDTH, HEIGHT = 600, 160
"""Of the plot, in the units of its drawing."""
ROOM = 6
"""Above the highest line and below the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Two lines as the points of an SVG polyline; `bound` is empty where nothing is proven."""

    width: int
    height: int
    cost: str
    bound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of the table that says what the plot draws."""

    seconds: int
    cost_ore: int
    bound_ore: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """`gap_percent`: how much dearer than the best possible it is at most. `ahead`: waiting jobs that were asked for before."""

    job: Job
    week: Week | None
    is_open: bool
    is_waiting: bool
    is_failed: bool
    is_stopping: bool
    can_stop: bool
    ahead: int
    seconds: int
    cost_ore: int | None
    bound_ore: int | None
    gap_percent: float | None
    plot: Plot | None
    steps: tuple[Step, ...]


def job_page(job: Job, *, ahead: int, at: datetime) -> JobPage:
    points = [(int(ms), cost, bound) for ms, cost, bound in job.points if cost is not None]
    _, cost_ore, bound_ore = points[-1] if points else (0, None, None)
    is_open, seconds = job.state in OPEN, _seconds(job, at)
    return JobPage(
        job=job,
        week=Week.parse(job.params["week"]) if "week" in job.params else None,
        is_open=is_open,
        is_waiting=job.state is JobState.WAITING,
        is_failed=job.state is JobState.FAILED,
        is_stopping=is_open and job.stop_wished_at is not None,
        can_stop=JobEvent.STOP in possible_events(job.state) and job.stop_wished_at is None,
        ahead=ahead,
        seconds=seconds,
        cost_ore=cost_ore,
        bound_ore=bound_ore or None,
        gap_percent=_gap(cost_ore, bound_ore),
        plot=plot_of(points, until_ms=1000 * seconds),
        steps=_steps(points),
    )


def _seconds(job: Job, at: datetime) -> int:
    """Since the work began."""
    if job.claimed_at is None:
        return 0
    return max(0, round(((job.ended_at or at) - job.claimed_at).total_seconds()))


def _gap(cost_ore: int | None, bound_ore: int | None) -> float | None:
    if not cost_ore or not bound_ore:
        return None
    return max(0.0, round(100 * (cost_ore - bound_ore) / bound_ore, 1))


def _steps(points: Sequence[Point]) -> tuple[Step, ...]:
    """The last point of each second."""
    by_second: dict[int, Step] = {}
    for ms, cost, bound in points:
        if cost is not None:
            by_second[ms // 1000] = Step(seconds=ms // 1000, cost_ore=cost, bound_ore=bound or None)
    return tuple(by_second.values())


def plot_of(points: Sequence[Point], *, until_ms: int) -> Plot | None:
    """Steps over time: a cost or a bound holds until the next one is known. None before there is anything to see."""
    costs = [(ms, cost) for ms, cost, _ in points if cost is not None]
    bounds = [(ms, bound) for ms, _, bound in points if bound]
    if not costs or costs[0][0] >= max(until_ms, costs[-1][0]):
        return None
    first, last = min(ms for ms, _ in (*costs, *bounds)), max(until_ms, points[-1][0])
    amounts = [ore for _, ore in (*costs, *bounds)]
    low, high = min(amounts), max(amounts)

    def place(ms: int, ore: int) -> tuple[int, int]:
        x = WIDTH * (ms - first) // (last - first)
        y = ROOM + (HEIGHT - 2 * ROOM) * (high - ore) // max(1, high - low)
        return x, y

    def line(known: list[tuple[int, int]]) -> str:
        return " ".join(f"{x},{y}" for x, y in _stairs([place(*point) for point in known]))

    return Plot(width=WIDTH, height=HEIGHT, cost=line(costs), bound=line(bounds))


def _stairs(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """From corner to corner, each height kept until the next; the last one to the right edge."""
    corners: list[tuple[int, int]] = []
    for x, y in places:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    return [*corners, (WIDTH, corners[-1][1])] if corners else []


def destination(job: Job) -> tuple[str, dict[str, Any]] | None:
    """Where a job that is done leads: an endpoint and its values."""
    return _place(job.result) if job.state is JobState.DONE else None


def way_back(job: Job) -> tuple[str, dict[str, Any]] | None:
    """Where whoever asked for it came from, if the job knows."""
    return _place(job.params.get("back"))


def _place(named: Any) -> tuple[str, dict[str, Any]] | None:
    match named:
        case {"endpoint": str(endpoint), "values": dict(values)}:
            return endpoint, values
        case _:
            return None
