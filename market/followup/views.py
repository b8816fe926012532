"""The pages of follow-up: each part's are added below."""

from __future__ import annotations

from market.followup import against_views as _against  # noqa: F401 - adds its pages
from market.followup import delivery_views as _deliveries  # noqa: F401 - adds its pages
from market.followup import goal_views as _goals  # noqa: F401 - adds its pages
from market.followup import overview_views as _overview  # noqa: F401 - adds its pages
from market.followup import settings_views as _settings  # noqa: F401 - adds its pages
from market.followup import wording
from market.followup.blueprint import followup
from market.followup.evidence import comparing_views as _comparing  # noqa: F401 - adds its pages
from market.followup.otherwise import views as _otherwise  # noqa: F401 - adds its pages
from market.followup.parts import followup_parts
from market.followup.preparedness import views as _preparedness  # noqa: F401 - adds its pages
from market.followup.publishing import views as _publishing  # noqa: F401 - adds its pages
from market.followup.simulation import views as _simulation  # noqa: F401 - adds its pages
from market.followup.supply import views as _supply  # noqa: F401 - adds its pages

followup.add_app_template_global(followup_parts)
followup.add_app_template_filter(wording.span_name)

__all__ = ["followup"]
