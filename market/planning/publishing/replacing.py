"""What a plan that is published in another's place must not lose: runs that are being driven, and who drives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from market.planning.models import Run, WeekPlan
from market.planning.publishing.rules import WeekIsBeingDriven

RunKey = tuple[int, date]
"""A vehicle's id and the day: what a run of one plan has in common with the same run of another."""


def key_of(run: Run) -> RunKey:
    return run.vehicle_id, run.day


def refuse_if_driven(*, plan: WeekPlan, replaced: WeekPlan | None, at: datetime) -> None:
    """Raises WeekIsBeingDriven when a run that has set off by `at` is not in the new plan."""
    if replaced is None:
        return
    kept = {key_of(run) for run in plan.runs}
    if any(_has_set_off(run, at) and key_of(run) not in kept for run in replaced.runs):
        raise WeekIsBeingDriven


def _has_set_off(run: Run, at: datetime) -> bool:
    return bool(run.stops) and run.stops[0].departs_at <= at


def drivers_of(replaced: WeekPlan | None) -> Mapping[RunKey, int]:
    """Who drives what in the published plan, as it stands now. Whoever has left the carrier drives no more."""
    runs = replaced.runs if replaced is not None else ()
    return {
        key_of(run): run.driver.id for run in runs if run.driver is not None and run.driver.removed_at is None
    }


def take_drivers(*, plan: WeekPlan, replaced: WeekPlan | None) -> None:
    """Whoever drives a published run drives the same run of the plan that replaces it."""
    drivers = drivers_of(replaced)
    for run in plan.runs:
        run.driver_id = drivers.get(key_of(run), run.driver_id)
