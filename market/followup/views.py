"""The pages of follow-up: each part's are added below."""

from __future__ import annotations

from market.followup.blueprint import followup
from market.followup.supply import views as _supply  # noqa: F401 - adds its pages

__all__ = ["followup"]
