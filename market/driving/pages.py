"""A run as its driver's page shows it, and as those who plan follow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from market.driving.arriving import RunView
from market.driving.cold_chain import Break, limit_of
from market.driving.models import DriverReport
from market.driving.progress import RunState, StopState
from market.driving.queries import orders_of, reports_of_run
from market.driving.rules import shows_door_code
from market.fleet.models import StopDetail
from market.planning.models import Run
from market.planning.queries import details_of
from market.planning.sheets import Sheet, SheetLoad, SheetStop, sheet_of
from market.register.models import Temperature

MEASURED = (Temperature.CHILLED, Temperature.FROZEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopOnRoad:
    """A stop with what has happened there. `door_code` is "" for all but the run's driver on its day."""

    stop: SheetStop
    state: StopState
    door_code: str
    is_next: bool
    is_late: bool

    @property
    def waiting_deliveries(self) -> list[SheetLoad]:
        """What can be handed over in one go."""
        return [load for load in self.stop.deliveries if load.order_id not in self.state.delivered]

    @property
    def waiting_classes(self) -> list[Temperature]:
        """The classes that are measured as those goods are handed over, each by itself."""
        waiting = {load.temperature for load in self.waiting_deliveries}
        return [one for one in MEASURED if one in waiting]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOnRoad:
    """`cold` are the classes that are measured on the way, each with its limit in tenths of a degree."""

    run: Run
    sheet: Sheet
    state: RunState
    stops: tuple[StopOnRoad, ...]
    reports: tuple[DriverReport, ...]
    cold: tuple[tuple[Temperature, int], ...]
    breaks: tuple[tuple[int, Break], ...]

    @property
    def next_number(self) -> int:
        return max((report.number for report in self.reports), default=0) + 1

    @property
    def readings(self) -> list[DriverReport]:
        """The temperature log: every measurement of the run, in order of time."""
        return [report for report in self.reports if report.decidegrees is not None]

    @property
    def next_stop(self) -> StopOnRoad | None:
        return next((stop for stop in self.stops if stop.is_next), None)

    @property
    def is_over(self) -> bool:
        return self.state.ended_at is not None

    @property
    def whom_to_call(self) -> str:
        """The carrier's own contact, else the authority that plans."""
        carrier = self.run.vehicle.carrier
        said = " ".join(part for part in (carrier.contact_name, carrier.phone) if part)
        return said or self.run.plan_row.authority.name


def run_on_road(session: Session, *, run: Run, now: datetime, for_driver: bool) -> RunOnRoad:
    """From a run that the caller has found within its actor's reach."""
    reports = reports_of_run(session, run=run)
    order_ids = {load.order_id for stop in run.stops for load in stop.loads}
    orders = orders_of(session, order_ids=order_ids)
    view = RunView(session, run=run, reports=reports, orders=orders, now=now)
    details = details_of(session, runs=[run])
    shows_codes = for_driver and shows_door_code(run.day, at=now)
    sheet = sheet_of(run, details)
    return RunOnRoad(
        run=run,
        sheet=sheet,
        state=view.state,
        stops=tuple(_stops(sheet, view, details if shows_codes else {})),
        reports=tuple(reports),
        cold=tuple(_cold(view)),
        breaks=tuple((order_id, found) for order_id in sorted(orders) for found in view.breaks(order_id)),
    )


def _stops(sheet: Sheet, view: RunView, codes: dict[str, StopDetail]) -> Iterator[StopOnRoad]:
    for stop, state in zip(sheet.stops, view.state.stops, strict=True):
        detail = codes.get(stop.place.key)
        yield StopOnRoad(
            stop=stop,
            state=state,
            door_code=detail.door_code if detail is not None else "",
            is_next=state is view.state.next_stop,
            is_late=not state.is_done and view.step(state) > 0,
        )


def _cold(view: RunView) -> Iterator[tuple[Temperature, int]]:
    """The classes of the goods and of the vehicle's compartments that have a limit: the strictest of those that apply."""
    carried = {line.temperature for order in view.orders.values() for line in order.lines}
    carried |= {one for part in view.run.vehicle.compartments for one in part.temperatures}
    for temperature in MEASURED:
        limits = [limit_of(temperature, terms.max_decidegrees(temperature)) for terms in view.terms.values()]
        known = [limit for limit in (*limits, limit_of(temperature)) if limit is not None]
        if temperature in carried:
            yield temperature, min(known)
