"""Who drives and with what. The pages share a blueprint."""

from __future__ import annotations

from market.fleet import setting_up_views, survey_views
from market.fleet.blueprint import fleet

__all__ = ["fleet", "setting_up_views", "survey_views"]
