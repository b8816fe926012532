"""Save a scenario, store what it was worked out to mean, put it away; say what a portion holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.followup.preparedness.models import PortionNorm, Scenario, ScenarioResult
from market.followup.preparedness.outcome import Outcome
from market.followup.preparedness.queries import Known, last_number, own_norms
from market.followup.preparedness.rules import Assumptions


def save_scenario(
    session: Session,
    *,
    actor: Actor,
    name: str,
    supposed: Assumptions,
    based_on: Scenario | None,
    request_key: str,
    at: datetime,
) -> Scenario:
    """A new scenario of the actor's authority; the same request gives the same one."""
    assert actor.authority_id is not None
    own = select(Scenario).where(
        Scenario.request_key == request_key, Scenario.authority_id == actor.authority_id
    )
    known = session.scalar(own)
    if known is not None:
        return known
    row = Scenario(
        authority_id=actor.authority_id,
        name=name,
        params=supposed.as_plain(),
        based_on_id=None if based_on is None else based_on.id,
        request_key=request_key,
        created_at=at,
        created_by_id=actor.user_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same form sent at the same instant
        known = session.scalar(own)
        if known is None:
            raise
        return known
    audit.record(
        session, user_id=actor.user_id, at=at, action="scenario.save", subject=f"scenario:{row.id}", name=name
    )
    return row


def put_away(session: Session, *, scenario: Scenario, actor: Actor, at: datetime) -> None:
    """Take it off the list; it can still be read by whoever has its address. Once is enough."""
    if scenario.put_away_at is not None:
        return
    scenario.put_away_at = at
    audit.record(
        session, user_id=actor.user_id, at=at, action="scenario.put_away", subject=f"scenario:{scenario.id}"
    )


def take_back(session: Session, *, scenario: Scenario, actor: Actor, at: datetime) -> None:
    """Put it on the list again."""
    if scenario.put_away_at is None:
        return
    scenario.put_away_at = None
    audit.record(
        session, user_id=actor.user_id, at=at, action="scenario.take_back", subject=f"scenario:{scenario.id}"
    )


def store_outcome(
    session: Session,
    *,
    scenario_id: int,
    outcome: Outcome,
    fingerprint: str,
    user_id: int | None,
    at: datetime,
) -> ScenarioResult:
    """The next result of the scenario; those before stay."""
    row = ScenarioResult(
        scenario_id=scenario_id,
        number=last_number(session, scenario_id=scenario_id) + 1,
        fingerprint=fingerprint,
        outcome=outcome.as_plain(),
        meals=outcome.meals,
        meals_needed=outcome.meals_needed,
        worked_out_at=at,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        user_id=user_id,
        at=at,
        action="scenario.work_out",
        subject=f"scenario:{scenario_id}",
        number=row.number,
        fingerprint=fingerprint,
    )
    return row


def fingerprint_of(*, known: Known, supposed: Assumptions) -> str:
    """64 hex digits that differ when anything that decides the answer differs."""
    content = json.dumps(
        [asdict(known), supposed.as_plain()], sort_keys=True, default=str, ensure_ascii=False
    )
    return hashlib.sha256(content.encode()).hexdigest()


def set_norms(session: Session, *, grams: Mapping[str, int | None], actor: Actor, at: datetime) -> None:
    """What a portion holds of each category from now on; None: as is usual. Answers that are worked out stay as they are."""
    assert actor.authority_id is not None
    told = {key: value for key, value in grams.items() if value is not None}
    if told == own_norms(session, authority_id=actor.authority_id):
        return
    session.execute(delete(PortionNorm).where(PortionNorm.authority_id == actor.authority_id))
    session.add_all(
        PortionNorm(authority_id=actor.authority_id, category_key=key, grams=value)
        for key, value in told.items()
    )
    session.flush()
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action="portions.set",
        subject=f"authority:{actor.authority_id}",
        grams=told,
    )
