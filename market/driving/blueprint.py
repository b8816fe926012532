"""Where the pages of the road are registered, and what they share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from market import shell
from market.driving.queries import run_for_driver
from market.planning.models import Run

driving = Blueprint("driving", __name__)


def day_named(text: str) -> date:
    """The day in the address, or 404."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        shell.not_found()


def own_run(vehicle_id: int, day: str) -> Run:
    """The run of the address where the actor drives it, else 404."""
    return shell.found(
        run_for_driver(shell.session(), actor=shell.actor(), vehicle_id=vehicle_id, day=day_named(day))
    )
