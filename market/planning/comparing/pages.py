"""What the page that compares a plan shows: everything worked out, so that the template only places it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from market.planning.comparing.costs import CarrierCost, carrier_costs
from market.planning.comparing.figures import (
    Basis,
    Figures,
    grams_of,
    last_week_figures,
    planned_figures,
    year_before,
)
from market.planning.comparing.queries import hired_for, published_in, shares_of
from market.planning.models import CostShare, WeekPlan
from market.values import Week
from routing.formats.document import plan_from, problem_from
from routing.plan import Plan
from routing.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """A plan beside the same goods driven alone and by last week's routes, and beside last year's week; shares; what carriers cost."""

    plan: WeekPlan
    week: Week
    columns: tuple[Figures, ...]
    missing: frozenset[Basis]
    shares: tuple[CostShare, ...]
    costs: tuple[CarrierCost, ...]

    @property
    def alone_ore(self) -> int:
        return sum(share.alone_ore for share in self.shares)

    @property
    def share_ore(self) -> int:
        return sum(share.share_ore for share in self.shares)

    @property
    def days(self) -> int:
        """Of all carriers' vehicles, as the metres, seconds and öre below."""
        return sum(cost.days for cost in self.costs)

    @property
    def distance_m(self) -> int:
        return sum(cost.distance_m for cost in self.costs)

    @property
    def duration_s(self) -> int:
        return sum(cost.duration_s for cost in self.costs)

    @property
    def cost_ore(self) -> int:
        return sum(cost.ore for cost in self.costs)

    @property
    def to_pay_ore(self) -> int:
        return sum(cost.to_pay_ore for cost in self.costs)


def compare_page(session: Session, *, plan: WeekPlan) -> ComparePage:
    columns = tuple(_columns(session, plan))
    return ComparePage(
        plan=plan,
        week=Week.containing(plan.monday),
        columns=columns,
        missing=frozenset(Basis) - {column.basis for column in columns},
        shares=tuple(shares_of(session, plan=plan)),
        costs=costs_of(session, plan=plan),
    )


def costs_of(session: Session, *, plan: WeekPlan) -> tuple[CarrierCost, ...]:
    """What the plan's carriers are to be paid."""
    problem, content = _read(plan)
    hired = hired_for(session, plan=plan)
    return carrier_costs(problem, content, week=Week.containing(plan.monday), hired=hired)


def _columns(session: Session, plan: WeekPlan) -> Iterator[Figures]:
    problem, content = _read(plan)
    week = Week.containing(plan.monday)
    yield planned_figures(Basis.THIS, problem, content, plan_id=plan.id)
    yield _alone(plan, problem, content)
    before = published_in(session, plan=plan, week=week.shifted(-1))
    if before is not None:
        found = last_week_figures(problem, *_read(before), plan_id=before.id)
        yield from () if found is None else (found,)
    last_year = published_in(session, plan=plan, week=year_before(week))
    if last_year is not None:
        yield planned_figures(Basis.LAST_YEAR, *_read(last_year), plan_id=last_year.id)


def _alone(plan: WeekPlan, problem: Problem, content: Plan) -> Figures:
    return Figures(
        basis=Basis.ALONE,
        distance_m=plan.alone_distance_m,
        duration_s=plan.alone_duration_s,
        cost_ore=plan.alone_cost_ore,
        co2e_g=plan.alone_co2e_g,
        grams=grams_of(problem, content),
    )


def _read(plan: WeekPlan) -> tuple[Problem, Plan]:
    return problem_from(plan.problem), plan_from(plan.plan)
