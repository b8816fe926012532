"""The pages of follow-up share one blueprint; each part adds its own in its views."""

from __future__ import annotations

from flask import Blueprint

followup = Blueprint("followup", __name__)
