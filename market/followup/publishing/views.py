"""The pages of what is published: open figures for everyone, and the year's report for the authority."""

from __future__ import annotations

from market.followup.publishing import open_views, year_views

__all__ = ["open_views", "year_views"]
