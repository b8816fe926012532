"""The blueprint that all pages of a DIS share."""

from __future__ import annotations

from flask import Blueprint

dis = Blueprint("dis", __name__, url_prefix="/dis")
