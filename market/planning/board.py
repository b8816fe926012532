"""The week as a board: days across, vehicles down, stops as blocks in time. Everything worked out, without a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import ceil, floor

from market.fleet.models import Carrier
from market.planning.board_layout import Box, Scale, Span, boxes, scale_of
from market.planning.board_loads import Gauge, gauges
from market.planning.building import DAY_S
from market.planning.models import WeekPlan
from market.planning.sheets import Rest, Sheet, SheetLoad, SheetStop, StopPlace, sheet_of
from market.values import Week
from routing.plan import Plan, Route, Visit
from routing.problem import Problem, Vehicle

WEEK_SHARE, DAY_SHARE = 0.4, 0.17
"""How much of a day's width a block needs to be read: its time where all days stand side by side, its name too on a day alone."""

MARGIN_DEGREES = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """All that a run does at a place before it leaves: a block of the board.

    `key` names it within the plan, `stop` its place in the planner's words; `index` counts the run's stays from 0, `position`
    is its first stop's on the run sheet. `is_held`: goods of it are locked; `is_locked`: they are, or the whole run is. `banned`:
    vehicles (id and name) that some of its goods must not ride with.
    """

    key: str
    stop: str
    index: int
    position: int
    place: StopPlace
    starts_at: datetime
    departs_at: datetime
    pickup_grams: int
    delivery_grams: int
    load_grams: int
    loads: tuple[SheetLoad, ...]
    shipments: tuple[str, ...]
    is_held: bool
    is_locked: bool
    banned: tuple[tuple[str, str], ...]
    box: Box
    mark: Box

    @property
    def address(self) -> dict[str, str]:
        """Its parts of the page's address."""
        return dict(zip(("vehicle", "shift", "position"), self.key.split("-"), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A run on the board."""

    sheet: Sheet
    way: Box
    rests: tuple[tuple[Rest, Box], ...]
    stays: tuple[Stay, ...]
    gauges: tuple[Gauge, ...]
    is_locked: bool

    @property
    def rows(self) -> int:
        return 1 + max((stay.box.row for stay in self.stays), default=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A vehicle on a day. `shift` is None where it does not drive that day."""

    day: date
    shift: int | None
    lane: Lane | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRow:
    """A vehicle through the week, and what it drives in all. `shifts`: the days it can drive, also those out of sight."""

    vehicle_id: int
    name: str
    shifts: tuple[tuple[date, int], ...]
    cells: tuple[Cell, ...]
    distance_m: int
    duration_s: int

    @property
    def is_idle(self) -> bool:
        """Drives nothing on the days in sight."""
        return not any(cell.lane for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierRows:
    """A carrier's vehicles; `carrier` is None where nobody knows any more. `is_guest`: another authority's than the plan's."""

    carrier: Carrier | None
    is_guest: bool
    rows: tuple[VehicleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHead:
    """A day's column: how many runs and kilograms, and whether it is the one in sight."""

    day: date
    runs: int
    grams: int
    is_focus: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A plan as a board. `focus` is the day shown alone, None for the whole week; `handheld` the one a phone shows.

    `around`: south, west, north, east of the land that its map needs, in degrees.
    """

    plan: WeekPlan
    week: Week
    scale: Scale
    focus: date | None
    handheld: date
    days: tuple[DayHead, ...]
    shown: tuple[date, ...]
    carriers: tuple[CarrierRows, ...]
    around: str

    @property
    def rows(self) -> Iterator[VehicleRow]:
        return (row for group in self.carriers for row in group.rows)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The runs in sight, by day and number."""
        lanes = (cell.lane for row in self.rows for cell in row.cells if cell.lane)
        return tuple(sorted(lanes, key=lambda lane: lane.sheet.number))


def board_of(
    plan: WeekPlan,
    *,
    problem: Problem,
    content: Plan,
    carriers: Mapping[int, Carrier],
    focus: date | None,
    today: date,
) -> Board:
    """From a plan loaded with its runs, its problem and its routes; `carriers` by vehicle id."""
    sheets = tuple(sheet_of(run) for run in plan.runs)
    days = _days(plan, problem, sheets)
    chosen = focus if focus in days else None
    shown = (chosen,) if chosen else days
    scale = scale_of(_spans(sheet, route) for sheet, route in _pairs(sheets, content))
    least = round(scale.slots * (DAY_SHARE if chosen else WEEK_SHARE))
    maker = _Maker(plan, problem, content, sheets, scale, least)
    rows = [maker.row(vehicle, shown) for vehicle in problem.vehicles]
    return Board(
        plan=plan,
        week=Week.containing(plan.monday),
        scale=scale,
        focus=chosen,
        handheld=chosen or (today if today in days else days[0]),
        days=tuple(_head(day, sheets, chosen) for day in days),
        shown=shown,
        carriers=tuple(_by_carrier(rows, carriers, own=plan.authority_id)),
        around=_around(problem),
    )


def stay_of(board: Board, key: str) -> tuple[Lane, Stay] | None:
    """The block of that name, with its run."""
    found = ((lane, stay) for lane in board.lanes for stay in lane.stays if stay.key == key)
    return next(found, None)


def _pairs(sheets: Sequence[Sheet], content: Plan) -> Iterator[tuple[Sheet, Route]]:
    """Runs stand in the order of the plan's routes, which their numbers count from 1."""
    return ((sheet, content.routes[sheet.number - 1]) for sheet in sheets)


def _days(plan: WeekPlan, problem: Problem, sheets: Sequence[Sheet]) -> tuple[date, ...]:
    """The days on which something can be driven, or is."""
    week = Week.containing(plan.monday)
    open_ = {week.days[shift.start_s // DAY_S] for vehicle in problem.vehicles for shift in vehicle.shifts}
    return tuple(sorted(open_ | {sheet.day for sheet in sheets})) or week.days[:5]


def _spans(sheet: Sheet, route: Route) -> Span:
    midnight = _midnight(sheet)
    return route.start_s - midnight, route.end_s - midnight


def _midnight(sheet: Sheet) -> int:
    return sheet.day.weekday() * DAY_S


def _around(problem: Problem) -> str:
    """In whole degrees, so that the weeks of a place ask for the same land."""
    places = [(stop.lat, stop.lon) for stop in problem.stops if stop.lat is not None and stop.lon is not None]
    south, west = (floor(min(side) - MARGIN_DEGREES) for side in zip(*places, strict=True))
    north, east = (ceil(max(side) + MARGIN_DEGREES) for side in zip(*places, strict=True))
    return f"{south},{west},{north},{east}"


def _head(day: date, sheets: Sequence[Sheet], focus: date | None) -> DayHead:
    own = [sheet for sheet in sheets if sheet.day == day]
    return DayHead(day=day, runs=len(own), grams=sum(sheet.grams for sheet in own), is_focus=day == focus)


def _by_carrier(
    rows: Iterable[VehicleRow], carriers: Mapping[int, Carrier], *, own: int
) -> Iterator[CarrierRows]:
    """The own authority's carriers before others', by name; in each the vehicles that drive before those that do not."""

    def whose(row: VehicleRow) -> tuple[int, str, int]:
        carrier = carriers.get(row.vehicle_id)
        return (int(carrier.authority_id != own), carrier.name, carrier.id) if carrier else (2, "", 0)

    ordered = sorted(rows, key=lambda row: (whose(row), row.is_idle, row.name, row.vehicle_id))
    for (rank, *_), group in groupby(ordered, key=whose):
        vehicles = tuple(group)
        carrier = carriers.get(vehicles[0].vehicle_id)
        yield CarrierRows(carrier=carrier, is_guest=rank == 1, rows=vehicles)


@dataclass(frozen=True, slots=True)
class _Maker:
    """What the parts of a board are made from."""

    plan: WeekPlan
    problem: Problem
    content: Plan
    sheets: tuple[Sheet, ...]
    scale: Scale
    least: int

    def row(self, vehicle: Vehicle, days: Sequence[date]) -> VehicleRow:
        own = [pair for pair in _pairs(self.sheets, self.content) if pair[1].vehicle == vehicle.id]
        return VehicleRow(
            vehicle_id=int(vehicle.id),
            name=vehicle.name,
            shifts=tuple(
                (Week.containing(self.plan.monday).days[shift.start_s // DAY_S], number)
                for number, shift in enumerate(vehicle.shifts)
            ),
            cells=tuple(self._cell(vehicle, day, own) for day in days),
            distance_m=sum(sheet.distance_m for sheet, _ in own),
            duration_s=sum(sheet.duration_s for sheet, _ in own),
        )

    def _cell(self, vehicle: Vehicle, day: date, own: Sequence[tuple[Sheet, Route]]) -> Cell:
        shifts = (
            number for number, shift in enumerate(vehicle.shifts) if shift.start_s // DAY_S == day.weekday()
        )
        lanes = (self._lane(vehicle, sheet, route) for sheet, route in own if sheet.day == day)
        return Cell(day=day, shift=next(shifts, None), lane=next(lanes, None))

    def _lane(self, vehicle: Vehicle, sheet: Sheet, route: Route) -> Lane:
        midnight = _midnight(sheet)
        rests = zip(sheet.rests, route.breaks, strict=True)
        is_locked = any(
            (fixed.vehicle, fixed.shift) == (route.vehicle, route.shift)
            for fixed in self.problem.rules.fixed_routes
        )
        return Lane(
            sheet=sheet,
            way=self.scale.mark(_spans(sheet, route)),
            rests=tuple(
                (rest, self.scale.mark((span.start_s - midnight, span.end_s - midnight)))
                for rest, span in rests
            ),
            stays=self._stays(sheet, route, is_locked=is_locked),
            gauges=gauges(
                route,
                vehicle=vehicle,
                shipments={shipment.id: shipment for shipment in self.problem.shipments},
            ),
            is_locked=is_locked,
        )

    def _stays(self, sheet: Sheet, route: Route, *, is_locked: bool) -> tuple[Stay, ...]:
        midnight = _midnight(sheet)
        found = list(_together(sheet, route))
        spans = [(stay[0][1].start_s - midnight, stay[-1][1].departure_s - midnight) for stay in found]
        placed = boxes(spans, scale=self.scale, least=self.least)
        locked = {lock.shipment for lock in self.problem.rules.locks}
        return tuple(
            _stay(
                route,
                index,
                stops,
                box=box,
                mark=self.scale.mark(span),
                is_held=not locked.isdisjoint(_shipments(stops)),
                is_locked=is_locked or not locked.isdisjoint(_shipments(stops)),
                banned=self._banned(_shipments(stops)),
            )
            for index, (stops, span, box) in enumerate(zip(found, spans, placed, strict=True))
        )

    def _banned(self, shipments: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        ids = {ban.vehicle for ban in self.problem.rules.bans if ban.shipment in shipments}
        return tuple((vehicle.id, vehicle.name) for vehicle in self.problem.vehicles if vehicle.id in ids)


Stops = list[tuple[SheetStop, Visit]]


def _together(sheet: Sheet, route: Route) -> Iterator[Stops]:
    """Visits that follow each other at one place, where something is handled."""
    pairs = zip(sheet.stops, route.visits, strict=True)
    working = ((stop, visit) for stop, visit in pairs if visit.pickups or visit.deliveries)
    for _, stops in groupby(working, key=lambda pair: pair[1].stop):
        yield list(stops)


def _shipments(stops: Stops) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, visit in stops for name in (*visit.deliveries, *visit.pickups)))


def _stay(
    route: Route,
    index: int,
    stops: Stops,
    *,
    box: Box,
    mark: Box,
    is_held: bool,
    is_locked: bool,
    banned: tuple[tuple[str, str], ...],
) -> Stay:
    first, last = stops[0][0], stops[-1][0]
    return Stay(
        key=f"{route.vehicle}-{route.shift}-{first.position}",
        stop=stops[0][1].stop,
        index=index,
        position=first.position,
        place=first.place,
        starts_at=first.starts_at,
        departs_at=last.departs_at,
        pickup_grams=sum(stop.pickup_grams for stop, _ in stops),
        delivery_grams=sum(stop.delivery_grams for stop, _ in stops),
        load_grams=last.load_grams,
        loads=tuple(load for stop, _ in stops for load in (*stop.deliveries, *stop.pickups)),
        shipments=_shipments(stops),
        is_held=is_held,
        is_locked=is_locked,
        banned=banned,
        box=box,
        mark=mark,
    )
