"""The pages of a DIS, step by step; each module adds its routes to the blueprint."""

from __future__ import annotations

from market.dis.awards import views as awards_views
from market.dis.blueprint import dis

__all__ = ["awards_views", "dis"]
