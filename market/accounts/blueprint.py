"""The blueprint that all account pages share."""

from __future__ import annotations

from flask import Blueprint

accounts = Blueprint("accounts", __name__)
