"""What the pages of a week and of a plan show: everything worked out, so that the templates only place it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from market.fleet.models import Vehicle
from market.jobs.models import Job
from market.orders.models import Order
from market.orders.rules import OrderState
from market.planning.models import WeekPlan
from market.planning.pricing import paid_with_goods_ore
from market.planning.queries import Changes
from market.planning.rules import PLANNED_STATE, PlanEvent, possible_events, reason_text
from market.planning.sheets import Item, Sheet, items_of, sheet_of
from market.register.models import ProductionSite
from market.values import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOrders:
    """The orders of a day that are agreed, and what they weigh together."""

    day: date
    orders: tuple[Order, ...]
    grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A plan in the list of a week's plans. `gap_percent`: how much dearer than the proven bound it is at most; None unproven."""

    plan: WeekPlan
    is_published: bool
    runs: int
    unserved: int
    gap_percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A figure of each of a week's plans, in the plans' order. `best` is the lowest, None where all have the same."""

    name: str
    values: tuple[int, ...]

    @property
    def best(self) -> int | None:
        lowest = min(self.values)
        return lowest if lowest != max(self.values) else None


MOST_BESIDE = 5
"""So many plans have room beside each other: the published one and the newest."""
FIGURES = ("cost_ore", "distance_m", "duration_s", "co2e_g")


def plans_beside(plans: list[WeekPlan]) -> tuple[Beside, ...]:
    """The figures of several plans of a week; none where there is nothing to compare."""
    chosen = plans[:MOST_BESIDE]
    if len(chosen) < 2:
        return ()
    counted = (
        Beside(name="runs", values=tuple(len(plan.runs) for plan in chosen)),
        Beside(name="vehicles", values=tuple(len({run.vehicle_id for run in plan.runs}) for plan in chosen)),
        Beside(name="unserved", values=tuple(len(plan.unserved) for plan in chosen)),
    )
    figures = (Beside(name=name, values=tuple(getattr(plan, name) for plan in chosen)) for name in FIGURES)
    return (*figures, *counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """A week at the logistics desk. `proposed` orders still wait for the producer's answer and are not planned."""

    week: Week
    choices: tuple[Week, ...]
    days: tuple[DayOrders, ...]
    orders: int
    grams: int
    proposed: int
    vehicles: tuple[Vehicle, ...]
    plans: tuple[PlanLine, ...]
    jobs: tuple[Job, ...]
    beside: tuple[Beside, ...]
    is_past: bool


def week_page(
    *,
    week: Week,
    today: date,
    orders: list[Order],
    vehicles: list[Vehicle],
    plans: list[WeekPlan],
    jobs: Sequence[Job],
) -> WeekPage:
    driven = [order for order in orders if order.state in (PLANNED_STATE, OrderState.RECEIVED)]
    return WeekPage(
        week=week,
        choices=_choices(week, today),
        days=tuple(_day(day, driven) for day in sorted({order.deliver_on for order in driven})),
        orders=len(driven),
        grams=sum(order.grams for order in driven),
        proposed=sum(order.state is OrderState.PROPOSED for order in orders),
        vehicles=tuple(vehicles),
        plans=tuple(_plan_line(plan) for plan in plans),
        jobs=tuple(jobs),
        beside=plans_beside(plans),
        is_past=week.period.end <= today,
    )


def _choices(week: Week, today: date) -> tuple[Week, ...]:
    """Last week to four weeks ahead, and the week in sight wherever it is."""
    this = Week.containing(today)
    return tuple(sorted({week, *(this.shifted(n) for n in range(-1, 5))}))


def _day(day: date, orders: list[Order]) -> DayOrders:
    chosen = tuple(order for order in orders if order.deliver_on == day)
    return DayOrders(day=day, orders=chosen, grams=sum(order.grams for order in chosen))


def _plan_line(plan: WeekPlan) -> PlanLine:
    is_published = PlanEvent.WITHDRAW in possible_events(plan.state)
    return PlanLine(
        plan=plan,
        is_published=is_published,
        runs=len(plan.runs),
        unserved=len(plan.unserved),
        gap_percent=_gap(plan),
    )


def _gap(plan: WeekPlan) -> int | None:
    """Of the whole price, which counts what is left out and the plan as a whole too."""
    if plan.bound_ore <= 0:
        return None
    totals = plan.plan["totals"]
    price: int = plan.cost_ore + totals.get("skip_ore", 0) + totals.get("balance_ore", 0)
    return round(100 * max(0, price - plan.bound_ore) / plan.bound_ore)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of the plan beside the same for every producer driving alone, in the same unit."""

    planned: int
    alone: int

    @property
    def saved_percent(self) -> int | None:
        """How much less the plan needs, in whole percent; negative when it needs more, None without comparison."""
        return None if self.alone == 0 else round(100 * (self.alone - self.planned) / self.alone)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRuns:
    day: date
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One vehicle across the week's days; each cell holds its runs of that day."""

    vehicle_name: str
    cells: tuple[tuple[Sheet, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An order that no vehicle carries; `reason` is to be translated where it is shown."""

    order: Order
    site: ProductionSite
    items: tuple[Item, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A plan with its comparison, its board, its runs and what was left out.

    `in_goods_ore` is what carriers' driving costs them that the municipality pays in the price of the goods, and not in `cost`.
    """

    plan: WeekPlan
    week: Week
    is_published: bool
    can_publish: bool
    can_withdraw: bool
    changes: Changes
    distance: Figure
    duration: Figure
    cost: Figure
    in_goods_ore: int
    co2e: Figure
    grams: int
    sheets: tuple[Sheet, ...]
    days: tuple[DayRuns, ...]
    board: tuple[BoardRow, ...]
    left_out: tuple[LeftOut, ...]


def plan_page(plan: WeekPlan, *, changes: Changes, may_plan: bool) -> PlanPage:
    """From a plan loaded with all its runs; makes no query."""
    sheets = tuple(sheet_of(run) for run in plan.runs)
    days = tuple(sorted({sheet.day for sheet in sheets}))
    events = possible_events(plan.state)
    return PlanPage(
        plan=plan,
        week=Week.containing(plan.monday),
        is_published=PlanEvent.WITHDRAW in events,
        can_publish=may_plan and PlanEvent.PUBLISH in events,
        can_withdraw=may_plan and PlanEvent.WITHDRAW in events,
        changes=changes,
        distance=Figure(planned=plan.distance_m, alone=plan.alone_distance_m),
        duration=Figure(planned=plan.duration_s, alone=plan.alone_duration_s),
        cost=Figure(planned=plan.cost_ore, alone=plan.alone_cost_ore),
        in_goods_ore=paid_with_goods_ore(plan.runs),
        co2e=Figure(planned=plan.co2e_g, alone=plan.alone_co2e_g),
        grams=sum(sheet.grams for sheet in sheets),
        sheets=sheets,
        days=tuple(DayRuns(day=day, sheets=_of_day(sheets, day)) for day in days),
        board=tuple(_board(sheets, days)),
        left_out=tuple(_left_out(entry.order, entry.reason_code) for entry in plan.unserved),
    )


def on_day(page: PlanPage, day: str) -> PlanPage:
    """The page with the runs of one day ("2026-12-01") only, and what was left out of it; as it is for what is no day of it."""
    found = next((entry.day for entry in page.days if entry.day.isoformat() == day), None)
    if found is None:
        return page
    left_out = tuple(entry for entry in page.left_out if entry.order.deliver_on == found)
    return replace(page, sheets=_of_day(page.sheets, found), left_out=left_out)


def _of_day(sheets: tuple[Sheet, ...], day: date) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.day == day)


def _board(sheets: tuple[Sheet, ...], days: tuple[date, ...]) -> Iterator[BoardRow]:
    for name, vehicle_id in sorted({(sheet.vehicle_name, sheet.vehicle_id) for sheet in sheets}):
        own = tuple(sheet for sheet in sheets if sheet.vehicle_id == vehicle_id)
        yield BoardRow(vehicle_name=name, cells=tuple(_of_day(own, day) for day in days))


def _left_out(order: Order, code: str) -> LeftOut:
    site = order.lines[0].offer.site
    return LeftOut(order=order, site=site, items=items_of(order), reason=reason_text(code))
