"""The blueprint that all pages of notices share."""

from __future__ import annotations

from flask import Blueprint

from market.notices.writing import linked

notices = Blueprint("notices", __name__)
notices.add_app_template_filter(linked, "linked")
