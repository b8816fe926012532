"""The logistics desk's blueprint: its pages lie in several modules."""

from __future__ import annotations

from flask import Blueprint

planning = Blueprint("planning", __name__)
