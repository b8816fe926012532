"""A change tried: what it would do to the plan, before anything is kept. No session is open while it is worked out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from market.actors import Actor
from market.db import open_session
from market.planning.changes.asking import Asked, sent
from market.planning.changes.opened import Opened, opened
from market.planning.changes.operations import refuse_if_changed
from market.planning.changes.outcomes import Outcome, outcome_of
from market.planning.rules import PlanState, PublishedPlanStands
from market.values import Week
from routing.changes import Change
from routing.plan import Plan
from routing.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """A figure of the plan as it is, and as it would be, in the same unit."""

    before: int
    after: int

    @property
    def more(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change would do. `changes` are what would have to give way, in the words of `wording.change_words`.

    `left_out` and `taken_in` are shipments. `fields` ask to keep exactly this.
    """

    plan_id: int
    week: Week
    asked: Asked
    distance_m: BeforeAfter
    duration_s: BeforeAfter
    cost_ore: BeforeAfter
    co2e_g: BeforeAfter
    vehicles: BeforeAfter
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    taken_in: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    before: Problem
    problem: Problem
    plan: Plan

    @property
    def breaks_nothing(self) -> bool:
        return not self.changes


def try_change(engine: Engine, *, actor: Actor, plan_id: int, asked: Asked) -> Effect | None:
    """The effect of a change of the revision that `asked` has seen; None where the actor has no part in the plan.

    Raises ChangedByAnother, PublishedPlanStands, and what `outcome_of` raises.
    """
    with open_session(engine, writes=False) as session:
        found = current(session, actor=actor, plan_id=plan_id, seen=asked.seen)
    if found is None:
        return None
    return effect_of(found, asked, outcome_of(found.problem, found.plan, asked))


def current(session: Session, *, actor: Actor, plan_id: int, seen: int) -> Opened | None:
    """The draft at revision `seen`, or None where the actor has no part in it. Raises ChangedByAnother, PublishedPlanStands."""
    found = opened(session, actor=actor, plan_id=plan_id)
    if found is None:
        return None
    if found.state is not PlanState.DRAFT:
        raise PublishedPlanStands
    refuse_if_changed(session, plan_id=plan_id, revision=found.revision, seen=seen)
    return found


def effect_of(found: Opened, asked: Asked, outcome: Outcome) -> Effect:
    """The outcome beside the plan as it stands."""
    before, after = found.plan.totals, outcome.plan.totals
    return Effect(
        plan_id=found.plan_id,
        week=found.week,
        asked=asked,
        distance_m=BeforeAfter(before=before.distance_m, after=after.distance_m),
        duration_s=BeforeAfter(before=before.duration_s, after=after.duration_s),
        cost_ore=BeforeAfter(before=before.cost_ore, after=after.cost_ore),
        co2e_g=BeforeAfter(before=before.co2e_g, after=after.co2e_g),
        vehicles=BeforeAfter(before=before.vehicles, after=after.vehicles),
        changes=outcome.changes,
        left_out=outcome.left_out,
        taken_in=outcome.taken_in,
        fields=tuple(sent(asked, gives=outcome.changes)),
        before=found.problem,
        problem=outcome.problem,
        plan=outcome.plan,
    )
