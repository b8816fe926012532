"""The pages of the logistics desk stand under one name, whichever part of planning they belong to."""

from __future__ import annotations

from flask import Blueprint

planning = Blueprint("planning", __name__)
