"""Planning again from now as a job: somebody waits by the road, so it goes before other jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor
from market.db import open_session
from market.jobs.models import Job
from market.jobs.operations import enqueue
from market.jobs.running import Work
from market.planning.clock import seconds_since
from market.planning.disruptions.disrupting import check_place
from market.planning.disruptions.operations import keep_changed, plan_again, read_back, read_seen, written
from market.planning.disruptions.rules import AnotherIsWorkedOut, Disruption, VehicleStands, now_in_week
from market.planning.jobs import actor_of, told
from market.planning.models import WeekPlan
from routing.formats.document import plan_from
from routing.solve import Limit

REPLAN_FROM_NOW = "replan_from_now"
LIMIT = Limit(seconds=10, iterations=2_000)
"""Somebody stands by the road and waits."""
FIRST = 10
"""Its priority: plans of coming weeks can wait."""


def ask_to_replan(
    session: Session, *, plan: WeekPlan, disruption: Disruption, actor: Actor, at: datetime
) -> Job:
    """Ask for the rest of the week to be planned again around what happened.

    Raises WeekIsOver, StandsWithGoods, AnotherIsWorkedOut.
    """
    now_s = now_in_week(seconds_since(plan.monday, at))
    if isinstance(disruption, VehicleStands):
        check_place(plan_from(plan.plan), disruption, now_s=now_s)
    happened = written(disruption)
    job = enqueue(
        session,
        kind=REPLAN_FROM_NOW,
        params={
            "membership_id": actor.membership_id,
            "plan_id": plan.id,
            "happened": happened,
            "back": {"endpoint": "planning.whats_new", "values": {"plan_id": plan.id}},
        },
        authority_id=actor.authority_id,
        user_id=actor.user_id,
        at=at,
        priority=FIRST,
        key=f"{REPLAN_FROM_NOW}:{plan.id}",
    )
    if job.params["happened"] != happened:
        raise AnotherIsWorkedOut
    return job


def replan_job(work: Work) -> None:
    """Read, solve, store as a draft. What has been driven is judged at the instant of asking. Raises Refused."""
    with open_session(work.engine, writes=False) as session:
        actor = actor_of(session, work)
    seen = read_seen(work.engine, plan_id=work.params["plan_id"], actor=actor, at=work.at)
    changed = plan_again(
        seen=seen, disruption=read_back(work.params["happened"]), limit=LIMIT, progress=told(work)
    )

    def store(session: Session) -> dict[str, Any]:
        draft_id = keep_changed(session, seen=seen, changed=changed, actor=actor, at=work.now())
        return {"endpoint": "planning.plan", "values": {"plan_id": draft_id}}

    work.finish(store)
