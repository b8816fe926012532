"""The blueprint of everything about vehicles and who drives."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

fleet = Blueprint("fleet", __name__)
HOME = "fleet.index"


def saved(text: str, endpoint: str = HOME, **values: Any) -> ResponseReturnValue:
    """Say that it is done, and go on to a page."""
    flash(text, "success")
    return redirect(url_for(endpoint, **values))
