"""The simulation that is shown. It holds nothing of any authority's, so it is the same for all who follow up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.evidence.models import Simulation
from market.followup.simulation.rules import Experiment


def shown(session: Session, *, number: int | None) -> Simulation | None:
    """The one that is named, else the newest with the usual range and runs: somebody's small trial does not stand in its way.

    Where none is so large, the newest.
    """
    if number is not None:
        return session.get(Simulation, number)
    usual = Experiment()
    newest = select(Simulation).order_by(Simulation.id.desc())
    reach = Simulation.params["last"].as_integer() >= usual.last
    starts = Simulation.params["first"].as_integer() <= usual.first
    large = newest.where(Simulation.runs >= usual.runs, reach, starts)
    return session.scalar(large.limit(1)) or session.scalar(newest.limit(1))
