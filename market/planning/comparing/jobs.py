"""Sharing a published plan's cost as a job: read, work out, store with the job's end."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from market.db import open_session
from market.jobs.running import Work
from market.planning.comparing.operations import read_costs, store_shares
from market.planning.comparing.shares import producer_shares
from routing.formats.document import plan_from, problem_from


def share_costs_job(work: Work) -> None:
    """Store each producer's share of a plan's cost. Raises PlanChangedMeanwhile."""
    with open_session(work.engine, writes=False) as session:
        read = read_costs(session, plan_id=work.params["plan_id"])
    work.progress()
    shares = producer_shares(problem_from(read.problem), plan_from(read.plan), producer_of=read.producer_of)

    def store(session: Session) -> dict[str, Any]:
        store_shares(session, read=read, shares=shares)
        return {"endpoint": "planning.compare", "values": {"plan_id": read.plan_id}}

    work.finish(store)
