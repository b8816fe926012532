"""All pages about what is local, on one blueprint."""

from __future__ import annotations

from market.locality import edit_views, public_views, where_views
from market.locality.blueprint import locality

__all__ = ["edit_views", "locality", "public_views", "where_views"]
