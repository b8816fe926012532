"""One run of a stored plan as GPX, with what to do at each stop in the reader's words."""

from __future__ import annotations

from dataclasses import replace

from market.planning.documents import stop_words
from market.planning.models import Run
from market.planning.sheets import sheet_of
from routing.formats.document import plan_from, problem_from
from routing.formats.gpx import gpx


def run_gpx(run: Run) -> str:
    """From a run loaded with its plan; the stored routes stand in the order of the runs' numbers."""
    problem, plan = problem_from(run.plan_row.problem), plan_from(run.plan_row.plan)
    route = plan.routes[run.number - 1]
    words = iter([stop_words(stop) for stop in sheet_of(run).stops])
    return gpx(problem, replace(plan, routes=(route,)), describe=lambda _visit: next(words, ""))
