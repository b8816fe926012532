"""How far a run has come, and when it will be where: what the plan says, moved by what the driver has reported. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from market.driving.rules import ReportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """A stop by the plan. `place` is "kitchen:5", "site:3" or "home:2"; orders by their ids."""

    place: str
    arrives_at: datetime
    starts_at: datetime
    departs_at: datetime
    pickups: tuple[int, ...] = ()
    deliveries: tuple[int, ...] = ()

    @property
    def is_home(self) -> bool:
        return self.place.startswith("home:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report, as far as it moves the run."""

    kind: ReportKind
    at: datetime
    number: int = 0
    place: str = ""
    order_id: int | None = None


@dataclass(slots=True, kw_only=True)
class StopState:
    """What has happened at a stop: the instants of its arrival and of each order. `expected_at`: when work there will begin."""

    stop: PlannedStop
    arrived_at: datetime | None = None
    last_at: datetime | None = None
    loaded: dict[int, datetime] = field(default_factory=dict)
    delivered: dict[int, datetime] = field(default_factory=dict)
    deviated: set[int] = field(default_factory=set)
    is_done: bool = False
    expected_at: datetime | None = None

    @property
    def late_s(self) -> int:
        """Seconds after the plan; less than zero when early. 0 where nothing is known."""
        known = self.arrived_at or self.expected_at
        return round((known - self.stop.starts_at).total_seconds()) if known else 0


@dataclass(slots=True, kw_only=True)
class RunState:
    """A run as it stands. `at` is the index of the stop that was last reported from, None before the first."""

    stops: list[StopState]
    left_at: datetime | None = None
    ended_at: datetime | None = None
    at: int | None = None

    @property
    def is_under_way(self) -> bool:
        return (self.left_at is not None or self.at is not None) and self.ended_at is None

    @property
    def next_stop(self) -> StopState | None:
        """Where the driver is or is heading: the first stop after the last one left that still has something to do."""
        if self.ended_at is not None:
            return None
        ahead = self.stops[self.at or 0 :]
        return next((state for state in ahead if not state.is_done and not state.stop.is_home), None)


def follow(stops: Sequence[PlannedStop], told: Iterable[Told], *, now: datetime) -> RunState:
    """Play the reports in the order in which they happened, then reckon forward from the last place reported from."""
    run = RunState(stops=[StopState(stop=stop) for stop in stops])
    for report in sorted(told, key=lambda report: (report.at, report.number)):
        _play(run, report)
        _mark_done(run)
    _expect(run, now)
    return run


def _play(run: RunState, report: Told) -> None:
    match report.kind:
        case ReportKind.LEFT:
            run.left_at = run.left_at or report.at
        case ReportKind.ENDED:
            run.ended_at = report.at
        case ReportKind.ARRIVED | ReportKind.LOADED | ReportKind.DELIVERED | ReportKind.DEVIATION:
            index = _stop_of(run, report)
            if index is not None:
                _note(run, index, report)


def _stop_of(run: RunState, report: Told) -> int | None:
    """The first visit of the place that the report still tells something new of."""
    for index, state in enumerate(run.stops):
        if state.stop.place == report.place and _is_news(state, report):
            return index
    return None


def _is_news(state: StopState, report: Told) -> bool:
    match report.kind:
        case ReportKind.ARRIVED:
            return not state.is_done
        case ReportKind.LOADED:
            return report.order_id in state.stop.pickups and report.order_id not in state.loaded
        case ReportKind.DELIVERED:
            return report.order_id in state.stop.deliveries and report.order_id not in state.delivered
        case _:
            return report.order_id is None or report.order_id in state.stop.pickups + state.stop.deliveries


def _note(run: RunState, index: int, report: Told) -> None:
    state = run.stops[index]
    state.arrived_at = state.arrived_at or report.at
    state.last_at = report.at
    run.at = index
    if report.order_id is None:
        return
    if report.kind is ReportKind.LOADED:
        state.loaded[report.order_id] = report.at
    elif report.kind is ReportKind.DELIVERED:
        state.delivered[report.order_id] = report.at
    elif report.kind is ReportKind.DEVIATION:
        state.deviated.add(report.order_id)


def _mark_done(run: RunState) -> None:
    """A stop is done when each of its goods is; what was not collected need not be delivered."""
    absent = {
        order
        for state in run.stops
        for order in state.deviated - set(state.loaded)
        if order in state.stop.pickups
    }
    for state in run.stops:
        out = set(state.stop.deliveries) - state.delivered.keys() - state.deviated - absent
        into = set(state.stop.pickups) - state.loaded.keys() - state.deviated
        state.is_done = not out and not into and not state.stop.is_home


def _expect(run: RunState, now: datetime) -> None:
    """Drive times, waiting and work as planned, from where the driver was last. Without any report the plan stands."""
    if run.ended_at is not None:
        return
    if run.at is None and run.left_at is None:
        for state in run.stops:
            state.expected_at = state.stop.starts_at
        return
    last = run.at or 0
    leaves = _leaves(run, last, now)
    for before, state in zip(run.stops[last:], run.stops[last + 1 :], strict=False):
        arrives = max(leaves + (state.stop.arrives_at - before.stop.departs_at), now)
        begins = _begins(state.stop, arrives)
        state.expected_at = None if state.is_done else begins
        leaves = arrives if state.is_done else begins + (state.stop.departs_at - state.stop.starts_at)


def _leaves(run: RunState, last: int, now: datetime) -> datetime:
    state = run.stops[last]
    if run.at is None:
        return run.left_at or now
    if state.is_done or state.arrived_at is None:
        return state.last_at or now
    planned = _begins(state.stop, state.arrived_at) + (state.stop.departs_at - state.stop.starts_at)
    return max(planned, now)


def _begins(stop: PlannedStop, arrives: datetime) -> datetime:
    """Work begins at arrival, but not before the hour for which the plan lets the vehicle wait."""
    return max(arrives, stop.starts_at) if stop.starts_at > stop.arrives_at else arrives
