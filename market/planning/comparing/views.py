"""A plan compared, its cost shared among the producers, and what its carriers are to be paid."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.fleet import wording as fleet_wording
from market.planning.blueprint import planning
from market.planning.comparing import wording
from market.planning.comparing.pages import compare_page, costs_of
from market.planning.comparing.sheet import costs_csv
from market.planning.models import WeekPlan
from market.planning.operations import ask_for_shares
from market.planning.queries import plan_for
from market.values import Week


@planning.get("/plans/<int:plan_id>/compare")
@access(Action.PLAN_WEEK)
def compare(plan_id: int) -> ResponseReturnValue:
    """Beside everyone driving alone, last week's routes and last year; who pays what."""
    page = compare_page(shell.session(), plan=_plan(plan_id))
    return render_template(
        "planning/comparing/compare.html", page=page, words=wording, fleet_words=fleet_wording
    )


@planning.post("/plans/<int:plan_id>/shares")
@access(Action.PLAN_WEEK)
def share_costs(plan_id: int) -> ResponseReturnValue:
    """Work out the producers' shares, also of a plan that is no more than a draft."""
    plan = _plan(plan_id)
    job = ask_for_shares(shell.session(), plan=plan, actor=shell.actor(), at=shell.now())
    return redirect(url_for("jobs.show", job_id=job.id))


@planning.get("/plans/<int:plan_id>/carriers.csv")
@access(Action.PLAN_WEEK)
def carrier_sheet(plan_id: int) -> ResponseReturnValue:
    """What each carrier is to be paid, vehicle by vehicle and day by day."""
    plan = _plan(plan_id)
    text = "\N{BYTE ORDER MARK}" + costs_csv(costs_of(shell.session(), plan=plan))
    name = f"transportkostnader-{Week.containing(plan.monday)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _plan(plan_id: int) -> WeekPlan:
    return shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))
