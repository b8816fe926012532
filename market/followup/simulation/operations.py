"""Asking for a simulation, and keeping what came out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.followup.evidence.models import Simulation
from market.followup.simulation.rules import Experiment
from market.jobs.models import Job
from market.jobs.operations import enqueue

SIMULATE_DIS = "simulate_dis"
PAGE: dict[str, Any] = {"endpoint": "followup.simulation", "values": {}}
AFTER_THE_OTHERS = -1
"""Plans of a week go first: somebody needs them today."""


def ask_for_simulation(session: Session, *, experiment: Experiment, actor: Actor, at: datetime) -> Job:
    """Ask a worker for the experiment; while the authority has one in hand, that one is returned."""
    return enqueue(
        session,
        kind=SIMULATE_DIS,
        params={**experiment.as_params(), "back": PAGE},
        authority_id=actor.authority_id,
        user_id=actor.user_id,
        at=at,
        priority=AFTER_THE_OTHERS,
        key=f"{SIMULATE_DIS}:{actor.authority_id}",
    )


def store_simulation(
    session: Session, *, experiment: Experiment, result: dict[str, Any], user_id: int | None, at: datetime
) -> Simulation:
    """Keep the result; its `runs` are fewer than were asked for where somebody stopped it."""
    made = Simulation(
        seed=experiment.seed,
        runs=result["runs"],
        params=experiment.as_params(),
        result=result,
        made_at=at,
        asked_by_id=user_id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        user_id=user_id,
        at=at,
        action="simulation.store",
        subject=f"simulation:{made.id}",
        seed=made.seed,
        runs=made.runs,
    )
    return made
