"""The simulation that is shown. It holds nothing of any authority's, so it is the same for all who follow up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.evidence.models import Simulation


def latest(session: Session) -> Simulation | None:
    """The newest one, whoever asked for it."""
    return session.scalar(select(Simulation).order_by(Simulation.id.desc()).limit(1))
