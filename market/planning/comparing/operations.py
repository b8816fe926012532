"""Reading what a plan's cost is shared by, and storing the shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from market.orders.models import Order
from market.planning.building import order_id_of
from market.planning.comparing.shares import ProducerShare
from market.planning.models import CostShare, WeekPlan
from market.planning.rules import PlanChangedMeanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlan:
    """A plan as it stood when it was read, and whose its orders are."""

    plan_id: int
    revision: int
    problem: Mapping[str, Any]
    plan: Mapping[str, Any]
    producer_of: Mapping[int, int]


def read_costs(session: Session, *, plan_id: int) -> SharedPlan:
    row = session.get_one(WeekPlan, plan_id)
    ids = {order_id_of(shipment["id"]) for shipment in row.problem["shipments"]}
    owners = session.execute(select(Order.id, Order.producer_id).where(Order.id.in_(ids))).all()
    return SharedPlan(
        plan_id=row.id,
        revision=row.revision,
        problem=row.problem,
        plan=row.plan,
        producer_of={order_id: producer_id for order_id, producer_id in owners},  # noqa: C416 - rows, not pairs
    )


def store_shares(session: Session, *, read: SharedPlan, shares: Iterable[ProducerShare]) -> None:
    """In place of those stored before. Raises PlanChangedMeanwhile when the plan is another one by now."""
    if session.get_one(WeekPlan, read.plan_id).revision != read.revision:
        raise PlanChangedMeanwhile
    session.execute(delete(CostShare).where(CostShare.week_plan_id == read.plan_id))
    session.add_all(
        CostShare(
            week_plan_id=read.plan_id,
            producer_id=share.producer_id,
            alone_ore=share.alone_ore,
            share_ore=share.share_ore,
            is_exact=share.is_exact,
            error_ore=share.error_ore,
        )
        for share in shares
    )
    session.flush()
