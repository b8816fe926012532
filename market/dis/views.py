"""The pages of a DIS, step by step; each module adds its routes to the blueprint."""

from __future__ import annotations

from market.dis.applications import views as applications
from market.dis.blueprint import dis
from market.dis.calloffs import views as calloffs
from market.dis.needs import views as needs
from market.dis.systems import views as systems_views

__all__ = ["applications", "calloffs", "dis", "needs", "systems_views"]
