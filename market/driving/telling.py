"""Whom a driver's report concerns: those who wait longer, those whose goods have something wrong, those who plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority, people_of_kitchen, people_of_producer
from market.accounts.rules import Role
from market.driving.arriving import RunView
from market.driving.models import DriverReport
from market.driving.progress import StopState
from market.driving.queries import orders_of, reports_of_run
from market.driving.rules import ReportKind
from market.orders.models import Order
from market.outbox import tell
from market.planning.models import Run, RunStop
from market.values import local_date


def tell_of(session: Session, *, run: Run, rows: Sequence[DriverReport], at: datetime) -> None:
    """After a report has been stored: what it makes late, what is wrong, what was too warm. Each is told once."""
    order_ids = {load.order_id for stop in run.stops for load in stop.loads}
    orders = orders_of(session, order_ids=order_ids)
    view = RunView(session, run=run, reports=reports_of_run(session, run=run), orders=orders, now=at)
    if run.day == local_date(at):
        _tell_late(session, view, at)
    for row in rows:
        if row.kind is ReportKind.DEVIATION:
            _tell_deviation(session, view, row, at)
    _tell_breaks(session, view, at)


def _tell_late(session: Session, view: RunView, at: datetime) -> None:
    """Those at stops still ahead, each time that their delay has doubled."""
    if not view.state.is_under_way:
        return
    for stop, state in zip(view.run.stops, view.state.stops, strict=True):
        step = 0 if state.is_done or state.arrived_at or state.expected_at is None else view.step(state)
        if step:
            _tell_stop(session, view, stop, state, step=step, at=at)


def _tell_stop(
    session: Session, view: RunView, stop: RunStop, state: StopState, *, step: int, at: datetime
) -> None:
    assert state.expected_at is not None
    run = view.run
    tell(
        session,
        user_ids=_people_at(session, stop),
        kind="transport_late",
        key=f"late:{run.vehicle_id}:{run.day}:{state.stop.place}:{step}",
        at=at,
        vehicle=run.vehicle.name,
        place=_name(stop),
        planned_at=state.stop.starts_at.isoformat(),
        expected_at=state.expected_at.isoformat(),
        order_ids=sorted({load.order_id for load in stop.loads}),
    )


def _people_at(session: Session, stop: RunStop) -> list[int]:
    if stop.kitchen_id is not None:
        return people_of_kitchen(session, stop.kitchen_id)
    return people_of_producer(session, stop.site.producer_id) if stop.site is not None else []


def _name(stop: RunStop) -> str:
    if stop.kitchen is not None:
        return stop.kitchen.name
    return stop.site.producer.name if stop.site is not None else ""


def _tell_deviation(session: Session, view: RunView, row: DriverReport, at: datetime) -> None:
    order = view.orders.get(row.order_id or 0)
    run = view.run
    planners = people_of_authority(session, run.plan_row.authority_id, Role.LOGISTICS_PLANNER)
    concerned = _people_of(session, order) if order is not None else _people_of_place(session, run, row)
    tell(
        session,
        user_ids=[*planners, *concerned],
        kind="transport_deviation",
        key=f"road-deviation:{row.request_key}",
        at=at,
        vehicle=run.vehicle.name,
        day=run.day.isoformat(),
        note=row.note,
        has_photo=row.photo_id is not None,
        **_said(order),
    )


def _people_of_place(session: Session, run: Run, row: DriverReport) -> list[int]:
    return [
        who
        for stop in run.stops
        if (row.kitchen_id, row.site_id) == (stop.kitchen_id, stop.site_id)
        for who in _people_at(session, stop)
    ]


def _tell_breaks(session: Session, view: RunView, at: datetime) -> None:
    """The kitchens of each order whose chain is broken, once for each order and day."""
    run = view.run
    for order in view.orders.values():
        for found in view.breaks(order.id):
            tell(
                session,
                user_ids=_kitchens_of(session, order),
                kind="cold_chain_broken",
                key=f"cold:{run.vehicle_id}:{run.day}:{order.id}:{found.temperature.value}",
                at=at,
                vehicle=run.vehicle.name,
                measured_at=found.at.isoformat(),
                decidegrees=found.decidegrees,
                limit_decidegrees=found.limit,
                **_said(order),
            )


def _people_of(session: Session, order: Order) -> list[int]:
    return [*_kitchens_of(session, order), *people_of_producer(session, order.producer_id)]


def _kitchens_of(session: Session, order: Order) -> list[int]:
    kitchens = sorted({order.kitchen_id, order.receiving_kitchen_id})
    return [who for kitchen_id in kitchens for who in people_of_kitchen(session, kitchen_id)]


def _said(order: Order | None) -> dict[str, Any]:
    return {
        "order_id": order.id if order is not None else None,
        "goods": [line.product_name for line in order.lines] if order is not None else [],
        "kitchen": order.kitchen.name if order is not None else "",
    }
