"""The pages of applications; each module adds its routes to the blueprint."""

from __future__ import annotations

from market.dis.applications import apply_views, inquiry_views, own_views, qualify_views

__all__ = ["apply_views", "inquiry_views", "own_views", "qualify_views"]
