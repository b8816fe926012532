"""A revision of a plan, kept as a colleague would."""

from __future__ import annotations

from factories import AT

from market.db import transaction
from market.planning.changes.operations import keep_revision
from market.planning.models import WeekPlan
from market.planning.rules import RevisionKind
from routing.formats.document import plan_from, problem_from


def keep_as_it_is(to_plan, plan_id):
    """The next revision, with nothing moved."""
    with transaction(to_plan.engine) as session:
        plan = session.get_one(WeekPlan, plan_id)
        keep_revision(
            session,
            plan=plan,
            seen=plan.revision,
            kind=RevisionKind.LOCKED,
            params={},
            problem=problem_from(plan.problem),
            changed=plan_from(plan.plan),
            actor=to_plan.planner,
            at=AT,
        )
