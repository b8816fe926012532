"""Where the pages of planning are registered; each part of the desk adds its own."""

from __future__ import annotations

from flask import Blueprint

planning = Blueprint("planning", __name__)
