"""A simulation as a job: its pieces are shared over the machine's processors, with no session open, and stored with the job's end."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy.orm import Session

from market.followup.simulation.answers import conclude
from market.followup.simulation.operations import PAGE, store_simulation
from market.followup.simulation.pieces import measure
from market.followup.simulation.rules import experiment_from
from market.jobs.running import Work


def simulate_job(work: Work) -> None:
    """Play, conclude, store. Who stops it gets the pieces that are done."""
    experiment = experiment_from(work.params)

    def told(done: int, of: int) -> bool:
        return work.progress(note=f"{done} / {of}")

    work.progress()
    result = conclude(experiment, measure(experiment, workers=os.cpu_count() or 1, told=told))

    def store(session: Session) -> dict[str, Any]:
        made = store_simulation(
            session, experiment=experiment, result=result, user_id=work.user_id, at=work.now()
        )
        return {**PAGE, "values": {"simulation": made.id}}

    work.finish(store)
