"""Working out a scenario as a job: read, compute with no session open, store with the job's end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.access import actor_for
from market.accounts.queries import memberships_of
from market.actors import Action, Actor
from market.db import open_session
from market.followup.preparedness.operations import fingerprint_of, store_outcome
from market.followup.preparedness.queries import read_known, scenario_for
from market.followup.preparedness.ranking import Told
from market.followup.preparedness.rules import Assumptions, PointKind
from market.followup.preparedness.working_out import work_out
from market.jobs.models import Job
from market.jobs.operations import enqueue
from market.jobs.running import Work
from market.values import Refused, local_date, msg

WORK_OUT = "prepare_scenario"
NOTES: dict[PointKind | None, str] = {
    None: msg("Räknar ut vad som räcker, och hur det kan köras."),
    PointKind.PRODUCER: msg("Prövar vad som händer utan var och en av producenterna."),
    PointKind.ROAD: msg("Prövar vad som händer när var och en av vägarna är stängd."),
    PointKind.KITCHEN: msg("Prövar vad som händer utan vart och ett av köken."),
    PointKind.VEHICLE: msg("Prövar vad som händer utan vart och ett av fordonen."),
}


class MayNoLongerPrepare(Refused):
    message = msg("Du har inte längre rollen som arbetar med beredskap, så scenariot räknades inte ut.")


def ask_to_work_out(session: Session, *, scenario_id: int, actor: Actor, at: datetime) -> Job:
    """Ask for an answer; while one is worked out already, that job is returned."""
    return enqueue(
        session,
        kind=WORK_OUT,
        params={
            "membership_id": actor.membership_id,
            "scenario_id": scenario_id,
            "back": {"endpoint": "followup.scenario", "values": {"scenario_id": scenario_id}},
        },
        authority_id=actor.authority_id,
        user_id=actor.user_id,
        at=at,
        key=f"{WORK_OUT}:{scenario_id}",
    )


def work_out_job(work: Work) -> None:
    """Read, compute, store. Whoever stops it gets the answer with what was ranked by then. Raises Refused."""
    at, scenario_id = work.now(), work.params["scenario_id"]
    with open_session(work.engine, writes=False) as session:
        actor = _actor(session, work)
        scenario = scenario_for(session, actor=actor, scenario_id=scenario_id)
        if scenario is None:
            raise MayNoLongerPrepare
        supposed = Assumptions.from_plain(scenario.params)
        known = read_known(
            session, authority_id=scenario.authority_id, days=supposed.days, today=local_date(at)
        )
    outcome = work_out(known, supposed, travel=work.travel, told=_told(work))

    def store(session: Session) -> dict[str, Any]:
        store_outcome(
            session,
            scenario_id=scenario_id,
            outcome=outcome,
            fingerprint=fingerprint_of(known, supposed),
            user_id=work.user_id,
            at=work.now(),
        )
        return {"endpoint": "followup.scenario", "values": {"scenario_id": scenario_id}}

    work.finish(store)


def _actor(session: Session, work: Work) -> Actor:
    """Whoever asked, in the role they asked in, as long as they have it."""
    known = memberships_of(session, user_id=work.user_id) if work.user_id is not None else []
    for membership in known:
        actor = actor_for(membership)
        if membership.id == work.params["membership_id"] and actor.may(Action.PREPARE):
            return actor
    raise MayNoLongerPrepare


def _told(work: Work) -> Told:
    return lambda kind: work.progress(note=NOTES[kind])
