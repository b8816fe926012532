"""Planning a week as a job: asked for at the page, worked out by a worker, stored with the job's end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy.orm import Session

from market.access import actor_for
from market.accounts.queries import memberships_of
from market.actors import Action, Actor
from market.db import open_session
from market.jobs.models import Job
from market.jobs.operations import enqueue
from market.jobs.running import Work
from market.planning.operations import store_plan
from market.planning.reading import read_week
from market.planning.rules import days_to_plan
from market.planning.solving import solve_week
from market.values import Refused, Week, local_date, msg
from routing.engines.protocol import Progress
from routing.solve import Limit

PLAN_WEEK = "plan_week"
LIMIT = Limit(seconds=20, iterations=4_000)
"""What a job may take; somebody watches, who may stop it. A small week ends sooner, by iterations or by a proof."""


class MayNoLonger(Refused):
    message = msg("Du har inte längre rollen som planerar veckan, så planen gjordes inte.")


def ask_for_plan(session: Session, *, actor: Actor, week: Week, at: datetime) -> Job:
    """Ask for a plan of the week; while one is worked out already, that job is returned. Raises WeekHasPassed."""
    days_to_plan(week, today=local_date(at))
    return enqueue(
        session,
        kind=PLAN_WEEK,
        params=params_for(actor, week),
        authority_id=actor.authority_id,
        user_id=actor.user_id,
        at=at,
        key=key_of(actor, week),
    )


def key_of(actor: Actor, week: Week) -> str:
    """One plan of a week is worked out at a time."""
    return f"{PLAN_WEEK}:{actor.authority_id}:{week}"


def params_for(actor: Actor, week: Week) -> dict[str, Any]:
    """What a job about a week always says: for whom, which week, and where to go back to."""
    return {
        "membership_id": actor.membership_id,
        "week": str(week),
        "back": {"endpoint": "planning.week", "values": {"week": str(week)}},
    }


def plan_week_job(work: Work) -> None:
    """Read, solve, store: a plan of the week as the orders are when the work begins. Raises Refused."""
    week, at = Week.parse(work.params["week"]), work.now()
    with open_session(work.engine, writes=False) as session:
        actor = actor_of(session, work)
        inputs = read_week(session, actor=actor, week=week, today=local_date(at))
    solved = solve_week(inputs, travel=work.travel, limit=LIMIT, progress=told(work), prove=True)

    def store(session: Session) -> dict[str, Any]:
        plan = store_plan(session, inputs=inputs, solved=solved, actor=actor, at=at)
        return {"endpoint": "planning.plan", "values": {"plan_id": plan.id}}

    work.finish(store)


def actor_of(session: Session, work: Work) -> Actor:
    """Whoever asked, in the role they asked in, as long as they have it. Raises MayNoLonger."""
    known = memberships_of(session, user_id=work.user_id) if work.user_id is not None else []
    for membership in known:
        if membership.id == work.params["membership_id"]:
            actor = actor_for(membership)
            if actor.may(Action.PLAN_WEEK):
                return actor
    raise MayNoLonger


def told(work: Work) -> Callable[[Progress], bool]:
    """The search's listener: tells the job how far it is, and ends the search when the plan is proven best.

    Whoever stops before there is any plan gets the first one.
    """

    def tell(state: Progress) -> bool:
        if not (state.iterations and isfinite(state.cost_ore)):  # nothing found yet
            return work.progress() or True
        cost_ore = round(state.cost_ore)
        goes_on = work.progress(cost_ore=cost_ore, bound_ore=state.bound_ore or None)
        return goes_on and not 0 < cost_ore <= state.bound_ore

    return tell
