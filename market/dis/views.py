"""The pages of a DIS, step by step; each module adds its routes to the blueprint."""

from __future__ import annotations

from market.dis.applications import views as applications_views
from market.dis.awards import views as awards_views
from market.dis.blueprint import dis
from market.dis.calloffs import views as calloffs
from market.dis.casefile import views as casefile_views
from market.dis.evaluations import judging_views as judging
from market.dis.evaluations import try_views as trying
from market.dis.evaluations import views as evaluations
from market.dis.needs import views as needs
from market.dis.systems import views as systems_views
from market.dis.tenders import opening_views as opening
from market.dis.tenders import views as tenders

__all__ = [
    "applications_views",
    "awards_views",
    "calloffs",
    "casefile_views",
    "dis",
    "evaluations",
    "judging",
    "needs",
    "opening",
    "systems_views",
    "tenders",
    "trying",
]
