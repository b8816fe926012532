"""The pages of follow-up: each part's are added below."""

from __future__ import annotations

from market.followup.blueprint import followup

__all__ = ["followup"]
