"""What a plan is compared with, and who is paid for it. The caller has found the plan within its actor's reach."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from market.fleet.models import Vehicle
from market.planning.comparing.costs import Hired
from market.planning.models import CostShare, WeekPlan
from market.planning.rules import PlanState
from market.values import Week


def published_in(session: Session, *, plan: WeekPlan, week: Week) -> WeekPlan | None:
    """What the same authority published for another week."""
    query = select(WeekPlan).where(
        WeekPlan.authority_id == plan.authority_id,
        WeekPlan.monday == week.monday,
        WeekPlan.state == PlanState.PUBLISHED,
    )
    return session.scalar(query)


def shares_of(session: Session, *, plan: WeekPlan) -> list[CostShare]:
    """Each producer's share of the plan's cost, the largest first."""
    query = (
        select(CostShare)
        .where(CostShare.week_plan_id == plan.id)
        .options(joinedload(CostShare.producer))
        .order_by(CostShare.share_ore.desc(), CostShare.producer_id)
    )
    return list(session.scalars(query))


def hired_for(session: Session, *, plan: WeekPlan) -> dict[int, Hired]:
    """By vehicle id, who runs the vehicles of the plan."""
    ids = {int(route["vehicle"]) for route in plan.plan["routes"]}
    query = select(Vehicle).where(Vehicle.id.in_(ids)).options(joinedload(Vehicle.carrier))
    return {vehicle.id: _hired(vehicle) for vehicle in session.scalars(query)}


def _hired(vehicle: Vehicle) -> Hired:
    carrier = vehicle.carrier
    return Hired(
        vehicle=vehicle.name,
        carrier_id=carrier.id,
        carrier=carrier.name,
        kind=carrier.kind,
        is_paid_with_goods=carrier.is_paid_with_goods,
    )
