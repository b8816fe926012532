"""Keep a change of a plan as a new revision, go back one, or take a draft of what is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from market import audit
from market.accounts.models import User
from market.actors import Actor
from market.planning.models import CostShare, PlanRevision, PlanTransition, WeekPlan
from market.planning.operations import first_revision
from market.planning.rules import (
    NothingToUndo,
    PlanEvent,
    PlanState,
    PublishedPlanStands,
    RevisionKind,
    state_after,
)
from market.planning.storing import check_sound, compare_with, fill, refill
from market.values import Refused, msg
from routing.formats.document import plan_from, problem_from
from routing.plan import Plan, Totals
from routing.problem import Problem


class ChangedByAnother(Refused):
    """Someone else's change came first; `since` are the revisions that the refused one had not seen, oldest first."""

    message = msg(
        "%(name)s har ändrat planen sedan du öppnade den, så din ändring gjordes inte. "
        "Se nedan vad som har ändrats, och gör din ändring igen om den fortfarande behövs."
    )

    def __init__(self, *, since: Sequence[PlanRevision], name: str) -> None:
        super().__init__(name=name)
        self.since = tuple(since)


def keep_revision(
    session: Session,
    *,
    plan: WeekPlan,
    seen: int,
    kind: RevisionKind,
    params: Mapping[str, Any],
    problem: Problem,
    changed: Plan,
    actor: Actor,
    at: datetime,
    alone: Totals | None = None,
    undone_to: int | None = None,
) -> PlanRevision:
    """Store `changed`, a plan of `problem`, as the next revision of a draft of which revision `seen` was looked at.

    Shares of the cost of what it was before are forgotten. `params` say in plain JSON what was changed; `alone` is the comparison where the goods are others than before. Raises
    PublishedPlanStands, ChangedByAnother and PlanNotSound; then nothing is stored.
    """
    check_sound(problem, changed)
    _claim(session, plan, seen)
    session.execute(delete(CostShare).where(CostShare.week_plan_id == plan.id))
    refill(session, plan, problem=problem, plan=changed)
    if alone is not None:
        compare_with(plan, alone)
    revision = PlanRevision(
        number=seen + 1,
        kind=kind,
        params=dict(params),
        problem=plan.problem,
        plan=plan.plan,
        undone_to=undone_to,
        at=at,
        user_id=actor.user_id,
    )
    plan.revisions.append(revision)
    session.flush()
    _note(
        session, plan, f"plan.{kind.value}", actor=actor, at=at, revision=revision.number, params=dict(params)
    )
    return revision


def undo(session: Session, *, plan: WeekPlan, seen: int, actor: Actor, at: datetime) -> PlanRevision:
    """Go back to what the plan was before its latest change that still holds, as a revision of its own.

    Raises NothingToUndo beside what `keep_revision` raises.
    """
    refuse_if_changed(session, plan_id=plan.id, revision=plan.revision, seen=seen)
    by_number = {revision.number: revision for revision in plan.revisions}
    now = _standing(by_number, seen)
    if now is None or now <= 1:
        raise NothingToUndo
    before = by_number[_standing(by_number, now - 1) or 1]
    return keep_revision(
        session,
        plan=plan,
        seen=seen,
        kind=RevisionKind.UNDONE,
        params={"undone": now, **by_number[now].params},
        problem=problem_from(before.problem),
        changed=plan_from(before.plan),
        actor=actor,
        at=at,
        undone_to=before.number,
    )


def _standing(by_number: Mapping[int, PlanRevision], number: int) -> int | None:
    """Which revision holds after number `number`: itself, or the one that it went back to."""
    found = by_number.get(number)
    if found is None:
        return None
    return found.undone_to or found.number


def copy_as_draft(session: Session, *, plan: WeekPlan, actor: Actor, at: datetime) -> WeekPlan:
    """A draft like the plan, to be changed and then published in its place."""
    draft = WeekPlan(
        authority_id=plan.authority_id,
        monday=plan.monday,
        state=state_after(None, PlanEvent.MAKE),
        fingerprint=plan.fingerprint,
        travel_engine=plan.travel_engine,
        alone_distance_m=plan.alone_distance_m,
        alone_duration_s=plan.alone_duration_s,
        alone_cost_ore=plan.alone_cost_ore,
        alone_co2e_g=plan.alone_co2e_g,
        based_on_id=plan.id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    problem, content = problem_from(plan.problem), plan_from(plan.plan)
    fill(draft, problem=problem, plan=content)
    drivers = {(run.vehicle_id, run.day): run.driver_id for run in plan.runs}
    for run in draft.runs:
        run.driver_id = drivers.get((run.vehicle_id, run.day))
    draft.revisions.append(first_revision(draft, actor=actor, at=at))
    draft.transitions.append(
        PlanTransition(event=PlanEvent.MAKE, to_state=draft.state, at=at, user_id=actor.user_id)
    )
    session.add(draft)
    session.flush()
    _note(session, draft, "plan.copy", actor=actor, at=at, of=plan.id)
    return draft


def _claim(session: Session, plan: WeekPlan, seen: int) -> None:
    """Take the next revision number, if nobody was faster."""
    taken = session.execute(
        update(WeekPlan)
        .where(WeekPlan.id == plan.id, WeekPlan.revision == seen, WeekPlan.state == PlanState.DRAFT)
        .values(revision=seen + 1)
    )
    session.refresh(plan, ["revision", "state"])
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    if plan.state is not PlanState.DRAFT:
        raise PublishedPlanStands
    raise _changed_by_another(session, plan.id, seen)


def refuse_if_changed(session: Session, *, plan_id: int, revision: int, seen: int) -> None:
    """Raises ChangedByAnother when the plan, now at `revision`, is not what was looked at."""
    if revision != seen:
        raise _changed_by_another(session, plan_id, seen)


def _changed_by_another(session: Session, plan_id: int, seen: int) -> ChangedByAnother:
    since = revisions_since(session, plan_id=plan_id, seen=seen)
    last = session.get(User, since[-1].user_id) if since and since[-1].user_id else None
    return ChangedByAnother(since=since, name=last.name if last else "Närmat")


def revisions_since(session: Session, *, plan_id: int, seen: int) -> list[PlanRevision]:
    """What has been changed after revision `seen`, oldest first."""
    query = select(PlanRevision).where(PlanRevision.week_plan_id == plan_id, PlanRevision.number > seen)
    return list(session.scalars(query.order_by(PlanRevision.number)))


def _note(
    session: Session, plan: WeekPlan, action: str, *, actor: Actor, at: datetime, **details: Any
) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=f"plan:{plan.id}", **details)
