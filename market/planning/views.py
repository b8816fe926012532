"""The pages of the logistics desk, part by part; each module adds its routes to the blueprint."""

from __future__ import annotations

from market.planning import board_views, plan_views, run_views
from market.planning.blueprint import planning
from market.planning.changes import views as changes_views
from market.planning.comparing import views as comparing_views
from market.planning.disruptions import views as disruptions_views
from market.planning.publishing import views as publishing_views

__all__ = [
    "board_views",
    "changes_views",
    "comparing_views",
    "disruptions_views",
    "plan_views",
    "planning",
    "publishing_views",
    "run_views",
]
