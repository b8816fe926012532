"""Which kinds of jobs there are and what does each: one line a kind. `narmat worker` does them."""

from __future__ import annotations

from types import MappingProxyType

from market.followup.preparedness import jobs as preparedness
from market.followup.simulation.jobs import simulate_job
from market.followup.simulation.operations import SIMULATE_DIS
from market.jobs.running import Kinds
from market.planning import jobs as planning
from market.planning.changes import replanning
from market.planning.comparing import jobs as comparing
from market.planning.disruptions import jobs as disruptions
from market.planning.operations import SHARE_COSTS

KINDS: Kinds = MappingProxyType(
    {
        planning.PLAN_WEEK: planning.plan_week_job,
        disruptions.REPLAN_FROM_NOW: disruptions.replan_job,
        SHARE_COSTS: comparing.share_costs_job,
        replanning.REPLAN: replanning.replan_job,
        preparedness.WORK_OUT: preparedness.work_out_job,
        SIMULATE_DIS: simulate_job,
    }
)
