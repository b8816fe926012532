"""What the board shows beside the plan itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from market.fleet.models import Carrier, Vehicle
from market.planning.models import WeekPlan


def carriers_in(session: Session, *, plan: WeekPlan) -> dict[int, Carrier]:
    """Who drives each vehicle, by the vehicle's id, of a plan that the caller has found within its actor's reach."""
    ids = [int(vehicle["id"]) for vehicle in plan.problem["vehicles"]]
    query = (
        select(Vehicle)
        .where(Vehicle.id.in_(ids))
        .options(joinedload(Vehicle.carrier).joinedload(Carrier.authority))
    )
    return {vehicle.id: vehicle.carrier for vehicle in session.scalars(query)}
