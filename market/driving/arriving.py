"""What those who wait for an order are shown: when it comes, whether it is late, and whether it was kept cold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from market.driving.cold_chain import Break, Reading, chain_break
from market.driving.models import DriverReport
from market.driving.progress import RunState, StopState
from market.driving.queries import orders_of, reports_of, runs_with, state_of, tolerance_of
from market.driving.rules import ReportKind, delay_step
from market.orders.models import Order
from market.orders.queries import terms_of
from market.planning.models import Run, RunLoad
from market.planning.rules import Leg, LoadKind
from market.register.models import Kitchen, Temperature

ON_THE_ROAD = frozenset({ReportKind.LOADED, ReportKind.TEMPERATURE, ReportKind.DELIVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """One leg of an order to a kitchen, by the published plan and the driver's reports. `place` is that kitchen's name.

    `expected_at` is none before the run has begun and after the goods were handed over. `loaded` and `delivered` are the driver's
    own reports of it.
    """

    leg: Leg
    kitchen_id: int | None
    place: str
    vehicle: str
    planned_at: datetime
    expected_at: datetime | None
    is_late: bool
    loaded: DriverReport | None
    delivered: DriverReport | None
    deviations: tuple[DriverReport, ...]
    breaks: tuple[Break, ...]


def arriving(
    session: Session, *, order_ids: Collection[int], now: datetime
) -> dict[int, tuple[Arriving, ...]]:
    """Of orders that the caller has found within its actor's reach: their legs, in order of time. Constant in queries.

    Where one vehicle hands goods over to another is no leg of those who wait for them.
    """
    runs = runs_with(session, order_ids=order_ids) if order_ids else []
    reports = reports_of(session, runs=[(run.vehicle_id, run.day) for run in runs])
    orders = orders_of(session, order_ids=order_ids) if runs else {}
    handed = handed_over(runs)
    found: dict[int, list[Arriving]] = {}
    for run in runs:
        told = reports[run.vehicle_id, run.day]
        view = RunView(session, run=run, reports=told, orders=orders, now=now)
        for order_id, leg in view.legs(handed):
            found.setdefault(order_id, []).append(leg)
    return {order_id: tuple(sorted(legs, key=lambda leg: leg.planned_at)) for order_id, legs in found.items()}


Handover = tuple[int, int | None]
"""An order, and the kitchen where another vehicle takes it on from one that stands."""


def handed_over(runs: Iterable[Run]) -> frozenset[Handover]:
    return frozenset(
        (load.order_id, stop.kitchen_id)
        for run in runs
        for stop in run.stops
        for load in stop.loads
        if load.leg is Leg.RELAY and load.kind is LoadKind.PICKUP
    )


class RunView:
    """One run with what has been reported of it, and the limits that its orders' authorities have set."""

    def __init__(
        self,
        session: Session,
        *,
        run: Run,
        reports: Sequence[DriverReport],
        orders: dict[int, Order],
        now: datetime,
    ) -> None:
        self.run, self.reports, self.orders, self.now = run, reports, orders, now
        self.state: RunState = state_of(run, reports, now=now)
        self.tolerance_s = tolerance_of(session, authority_id=run.vehicle.authority_id)
        authorities = {order.kitchen.authority_id for order in orders.values()}
        self.terms = {one: terms_of(session, authority_id=one) for one in sorted(authorities)}

    def legs(self, handed: frozenset[Handover]) -> Iterator[tuple[int, Arriving]]:
        """Every known order that the run brings to a kitchen, with its leg; `handed` are those that only change vehicles there."""
        for stop, state in zip(self.run.stops, self.state.stops, strict=True):
            seen: set[int] = {order_id for order_id, kitchen_id in handed if kitchen_id == stop.kitchen_id}
            if stop.kitchen is None:
                continue
            for load in stop.loads:
                if (
                    load.kind is LoadKind.DELIVERY
                    and load.order_id in self.orders
                    and load.order_id not in seen
                ):
                    seen.add(load.order_id)
                    yield load.order_id, self._leg(load, state, stop.kitchen)

    def _leg(self, load: RunLoad, state: StopState, kitchen: Kitchen) -> Arriving:
        delivered = self._last(ReportKind.DELIVERED, load.order_id, kitchen.id)
        expected = state.expected_at if self.state.is_under_way and delivered is None else None
        return Arriving(
            leg=load.leg,
            kitchen_id=kitchen.id,
            place=kitchen.name,
            vehicle=self.run.vehicle.name,
            planned_at=state.stop.starts_at,
            expected_at=expected,
            is_late=expected is not None and self.step(state) > 0,
            loaded=self._last(ReportKind.LOADED, load.order_id, None),
            delivered=delivered,
            deviations=tuple(
                report
                for report in self.reports
                if report.kind is ReportKind.DEVIATION and report.order_id == load.order_id
            ),
            breaks=tuple(self.breaks(load.order_id)),
        )

    def step(self, state: StopState) -> int:
        """How large the delay of a stop is, in steps; see delay_step."""
        return delay_step(state.late_s, tolerance_s=self.tolerance_s)

    def _last(self, kind: ReportKind, order_id: int, kitchen_id: int | None) -> DriverReport | None:
        of_order = (
            report
            for report in reversed(self.reports)
            if report.kind is kind
            and report.order_id == order_id
            and (kitchen_id is None or report.kitchen_id == kitchen_id)
        )
        return next(of_order, None)

    def breaks(self, order_id: int) -> Iterator[Break]:
        """Where the chain was broken for an order: in its compartment while it was on board, or as it was weighed in or out."""
        order = self.orders[order_id]
        terms = self.terms[order.kitchen.authority_id]
        for temperature in sorted({line.temperature for line in order.lines}):
            readings = self._readings(order_id, temperature)
            found = chain_break(temperature, readings, own=terms.max_decidegrees(temperature))
            if found is not None:
                yield found

    def _readings(self, order_id: int, temperature: Temperature) -> Iterable[Reading]:
        loaded = self._last(ReportKind.LOADED, order_id, None)
        handed = self._last(ReportKind.DELIVERED, order_id, None)
        aboard_from = loaded.happened_at if loaded else self._collected_at(order_id)
        for report in self.reports:
            if report.decidegrees is None or report.kind not in ON_THE_ROAD:
                continue
            is_of_order = report.order_id == order_id
            is_aboard = report.happened_at >= aboard_from and (
                handed is None or report.happened_at <= handed.happened_at
            )
            in_its_compartment = report.order_id is None and report.temperature is temperature and is_aboard
            if is_of_order or in_its_compartment:
                yield Reading(at=report.happened_at, decidegrees=report.decidegrees)

    def _collected_at(self, order_id: int) -> datetime:
        """By the plan, where the driver has not said it."""
        planned = (state.stop.starts_at for state in self.state.stops if order_id in state.stop.pickups)
        return min(planned, default=self.now)
