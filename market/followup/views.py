"""The pages of follow-up: each part's are added below."""

from __future__ import annotations

from market.followup import against_views as _against  # noqa: F401 - adds its pages
from market.followup import settings_views as _settings  # noqa: F401 - adds its pages
from market.followup.blueprint import followup
from market.followup.otherwise import views as _otherwise  # noqa: F401 - adds its pages

__all__ = ["followup"]
