"""What a driver reports is taken in, once and in order; who drives a run is chosen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.driving.models import DriverReport
from market.driving.queries import classes_of, driving_for, place_of
from market.driving.rules import (
    DriverRemoved,
    KeyTaken,
    NotOnRun,
    NotYourRun,
    Reported,
    check_day,
    check_said,
    degrees_of,
    happened,
    may_drive,
)
from market.driving.telling import tell_of
from market.fleet.models import Driver
from market.orders.models import Order
from market.photos.encoding import EncodedPhoto
from market.photos.models import Photo
from market.photos.operations import share_photo, store_photo
from market.planning.models import Run
from market.register.models import Temperature
from market.values import Refused, msg


class DrivesThen(Refused):
    message = msg(
        "%(name)s kör redan %(vehicle)s då. Välj någon annan, eller ta bort föraren från den rutten först."
    )


class DrivesForAnother(Refused):
    message = msg("%(name)s kör inte för det här fordonets transportör. Välj någon annan i listan.")


def take_report(
    session: Session,
    *,
    run: Run,
    report: Reported,
    photo: EncodedPhoto | None = None,
    actor: Actor,
    at: datetime,
) -> list[DriverReport]:
    """Keep what a driver reports from a run of a published plan: one row, or one for each order. Tells those who wait.

    The same `request_key` again returns the rows that are there. Raises DriverRemoved, NotYourRun, NotToday, TooLongAgo,
    NotOnRun, WhichOrders, WhoSigned, WhatTemperature, WhichTemperature, WhichMeasured, WhatHappened, KeyTaken.
    """
    check_driver(session, run=run, actor=actor)
    made = _made_before(session, run, report, actor)
    if made:
        return made
    check_day(run.day, at=at)
    check_said(report)
    _check_on_run(session, run, report)
    kept = _photo(session, run, report, photo, actor=actor, at=at)
    rows = _rows(session, run, report, kept, actor=actor, at=at)
    try:
        with session.begin_nested():
            session.add_all(rows)
            session.flush()
    except IntegrityError:
        return _made_before(session, run, report, actor)  # the same report came first in another process
    _log(session, run, report, rows, actor=actor, at=at)
    tell_of(session, run=run, rows=rows, at=at)
    return rows


def check_driver(session: Session, *, run: Run, actor: Actor) -> None:
    """Raises DriverRemoved for someone who drives for nobody here any more, NotYourRun where the run is another's."""
    drives_for = [driver.carrier_id for driver in driving_for(session, actor=actor)]
    if not drives_for:
        raise DriverRemoved
    assigned = None if run.driver is None else (run.driver.user_id, run.driver.removed_at is None)
    carrier_id = run.vehicle.carrier_id
    if not may_drive(assigned=assigned, carrier_id=carrier_id, user_id=actor.user_id, drives_for=drives_for):
        raise NotYourRun


def _made_before(session: Session, run: Run, report: Reported, actor: Actor) -> list[DriverReport]:
    query = select(DriverReport).where(DriverReport.request_key.in_(report.keys)).order_by(DriverReport.id)
    made = list(session.scalars(query))
    if any(
        (row.vehicle_id, row.day, row.user_id) != (run.vehicle_id, run.day, actor.user_id) for row in made
    ):
        raise KeyTaken
    return made


def _check_on_run(session: Session, run: Run, report: Reported) -> None:
    """The place and the orders are the run's by the plan of now, or were when the driver first reported of them."""
    stops = {place_of(stop, vehicle_id=run.vehicle_id): stop for stop in run.stops}
    of_run = select(DriverReport.order_id).where(
        DriverReport.vehicle_id == run.vehicle_id, DriverReport.day == run.day
    )
    orders = {load.order_id for stop in run.stops for load in stop.loads} | set(session.scalars(of_run))
    if (report.place and report.place not in stops) or not orders.issuperset(report.order_ids):
        raise NotOnRun


def _photo(
    session: Session, run: Run, report: Reported, photo: EncodedPhoto | None, *, actor: Actor, at: datetime
) -> Photo | None:
    """Seen by those who plan, and by the kitchens and producers of the orders that it is of."""
    if photo is None:
        return None
    kept = store_photo(session, data=photo, actor=actor, at=at)
    orders = session.scalars(select(Order).where(Order.id.in_(report.order_ids))).all()
    authorities = {order.kitchen.authority_id for order in orders} | {run.plan_row.authority_id}
    share_photo(
        session,
        photo=kept,
        authority_ids=sorted(authorities),
        producer_ids=sorted({order.producer_id for order in orders}),
        actor=actor,
        at=at,
    )
    return kept


def _rows(
    session: Session, run: Run, report: Reported, photo: Photo | None, *, actor: Actor, at: datetime
) -> list[DriverReport]:
    kind, _, place_id = report.place.partition(":")
    number = report.number or _next_number(session, run)
    degrees = degrees_of(report, classes_of(session, order_ids=report.order_ids))
    return [
        DriverReport(
            request_key=key,
            vehicle_id=run.vehicle_id,
            day=run.day,
            number=number,
            kind=report.kind,
            site_id=int(place_id) if kind == "site" else None,
            kitchen_id=int(place_id) if kind == "kitchen" else None,
            order_id=order_id,
            grams=report.grams,
            crates=report.crates,
            temperature=Temperature(report.temperature) if report.temperature else None,
            decidegrees=degrees.get(order_id, report.decidegrees),
            note=report.note,
            signed_by=report.signed_by,
            photo_id=photo.id if photo is not None else None,
            happened_at=happened(report.happened_at, received_at=at, day=run.day),
            received_at=at,
            user_id=actor.user_id,
        )
        for key, order_id in report.keys.items()
    ]


def _next_number(session: Session, run: Run) -> int:
    """For a report that was sent without a phone's queue."""
    query = select(func.max(DriverReport.number)).where(
        DriverReport.vehicle_id == run.vehicle_id, DriverReport.day == run.day
    )
    return (session.scalar(query) or 0) + 1


def _log(
    session: Session, run: Run, report: Reported, rows: list[DriverReport], *, actor: Actor, at: datetime
) -> None:
    """What was reported of which orders; no name of who signed, and no words."""
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=f"run.{report.kind.value}",
        subject=f"vehicle:{run.vehicle_id}",
        day=run.day.isoformat(),
        place=report.place,
        orders=list(report.order_ids),
        reports=[row.id for row in rows],
        happened_at=rows[0].happened_at.isoformat(),
    )


def assign_driver(session: Session, *, run: Run, driver: Driver | None, actor: Actor, at: datetime) -> None:
    """Say who drives a run, also one of a published plan: nothing of the plan itself changes. None: whoever of the carrier.

    Raises DrivesForAnother, DriverRemoved for someone who has stopped, and DrivesThen for someone who drives another run at that time.
    """
    if driver is not None and driver.removed_at is not None:
        raise DriverRemoved
    if driver is not None and driver.carrier_id != run.vehicle.carrier_id:
        raise DrivesForAnother(name=driver.user.name)
    if driver is not None:
        _check_free(session, run=run, driver=driver)
    run.driver = driver
    session.flush()
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action="run.assign",
        subject=f"run:{run.id}",
        driver=driver.id if driver is not None else None,
        vehicle=run.vehicle_id,
        day=run.day.isoformat(),
    )


def _check_free(session: Session, *, run: Run, driver: Driver) -> None:
    """Nobody drives two vehicles at once. Raises DrivesThen."""
    others = select(Run).where(
        Run.week_plan_id == run.week_plan_id,
        Run.day == run.day,
        Run.driver_id == driver.id,
        Run.id != run.id,
    )
    for other in session.scalars(others):
        starts = max(run.stops[0].departs_at, other.stops[0].departs_at)
        if starts < min(run.stops[-1].arrives_at, other.stops[-1].arrives_at):
            raise DrivesThen(name=driver.user.name, vehicle=other.vehicle.name)
