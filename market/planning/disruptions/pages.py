"""What the pages about news and disruptions show. Makes the few queries that a page needs and works the rest out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from market.actors import Actor
from market.orders.models import Order
from market.orders.queries import orders_in
from market.planning.models import WeekPlan
from market.planning.queries import changes_since
from market.planning.rules import PlanState
from market.values import Week
from routing.formats.document import problem_from


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsPage:
    """Orders that a plan lacks, and orders in it that are given up."""

    plan: WeekPlan
    week: Week
    added: tuple[Order, ...]
    gone: tuple[Order, ...]
    is_published: bool
    is_past: bool


def news_page(session: Session, *, plan: WeekPlan, actor: Actor, today: date) -> NewsPage:
    week = Week.containing(plan.monday)
    changes = changes_since(session, actor=actor, plan=plan, today=today)
    known = {order.id: order for order in orders_in(session, actor=actor, period=week.period)}
    known |= {load.order_id: load.order for run in plan.runs for stop in run.stops for load in stop.loads}
    return NewsPage(
        plan=plan,
        week=week,
        added=_orders(changes.added, known),
        gone=_orders(changes.gone, known),
        is_published=plan.state is PlanState.PUBLISHED,
        is_past=week.period.end <= today,
    )


def _orders(ids: frozenset[int], known: dict[int, Order]) -> tuple[Order, ...]:
    return tuple(known[order_id] for order_id in sorted(ids) if order_id in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen in the forms: vehicles and kitchens by id, sites and kitchens as places by the planner's name."""

    vehicles: tuple[tuple[int, str], ...]
    places: tuple[tuple[str, str], ...]
    kitchens: tuple[tuple[int, str], ...]


def choices_of(plan: WeekPlan) -> Choices:
    """From the plan's own problem, so that what is chosen is in it."""
    problem = problem_from(plan.problem)
    met = ((stop.id, stop.name) for stop in problem.stops if not stop.id.startswith("home:"))
    places = sorted(met, key=lambda pair: pair[1].casefold())
    return Choices(
        vehicles=tuple((int(vehicle.id), vehicle.name) for vehicle in problem.vehicles),
        places=tuple(places),
        kitchens=tuple(
            (int(name.partition(":")[2]), label) for name, label in places if name.startswith("kitchen:")
        ),
    )
