"""Which kinds of jobs there are and what does each: one line a kind. `narmat worker` does them."""

from __future__ import annotations

from types import MappingProxyType

from market.jobs.running import Kinds
from market.planning import jobs as planning
from market.planning.changes import replanning

KINDS: Kinds = MappingProxyType(
    {
        planning.PLAN_WEEK: planning.plan_week_job,
        replanning.REPLAN: replanning.replan_job,
    }
)
