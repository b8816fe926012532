"""A plan beside what it is compared with: its week driven otherwise, and other weeks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from market.values import Week
from routing.baselines import last_weeks_plan
from routing.last_week import AlreadyDriven
from routing.plan import Plan
from routing.problem import Problem
from routing.solve import PlanCheckFailed


class Basis(StrEnum):
    """What stands beside the plan. Last year is another week with other goods, so it is told by the kilogram too."""

    THIS = "this"
    ALONE = "alone"
    LAST_WEEK = "last_week"
    LAST_YEAR = "last_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`routes` and `left_out` are None where they say nothing; `plan_id` is the stored plan that the figures come from."""

    basis: Basis
    distance_m: int
    duration_s: int
    cost_ore: int
    co2e_g: int
    grams: int
    routes: int | None = None
    left_out: int | None = None
    plan_id: int | None = None

    @property
    def ore_per_kg(self) -> int | None:
        return None if self.grams == 0 else round(1000 * self.cost_ore / self.grams)


def planned_figures(basis: Basis, problem: Problem, plan: Plan, *, plan_id: int) -> Figures:
    totals = plan.totals
    return Figures(
        basis=basis,
        distance_m=totals.distance_m,
        duration_s=totals.duration_s,
        cost_ore=totals.cost_ore,
        co2e_g=totals.co2e_g,
        grams=grams_of(problem, plan),
        routes=len(plan.routes),
        left_out=len(plan.unserved),
        plan_id=plan_id,
    )


def last_week_figures(
    problem: Problem, old_problem: Problem, old_plan: Plan, *, plan_id: int
) -> Figures | None:
    """This week's orders on last week's routes (`plan_id` is its plan); None where that can't be driven."""
    try:
        plan = last_weeks_plan(problem, old_problem, old_plan)
    except (AlreadyDriven, PlanCheckFailed):
        return None
    return planned_figures(Basis.LAST_WEEK, problem, plan, plan_id=plan_id)


def grams_of(problem: Problem, plan: Plan) -> int:
    """What reaches those who ordered: goods that a hub passes on count once."""
    waited_for = {name for shipment in problem.shipments for name in shipment.after}
    return sum(
        shipment.grams
        for shipment in problem.shipments
        if shipment.id in plan.served and shipment.id not in waited_for
    )


def year_before(week: Week) -> Week:
    """The week of the same number a year ago; the last of that year where it had no week 53."""
    try:
        return Week.parse(f"{week.year - 1}-W{week.number:02d}")
    except ValueError:
        return Week(week.year - 1, week.number - 1)
