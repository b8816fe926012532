"""The logistics desk: a week's orders, its plans, and what leaves as run sheets and maps."""

from __future__ import annotations

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.fleet import wording as fleet_wording
from market.jobs.queries import open_jobs
from market.orders.queries import orders_in
from market.planning import pages, wording
from market.planning.blueprint import planning
from market.planning.exported_map import map_document
from market.planning.jobs import ask_for_plan, key_of
from market.planning.map_features import plan_features
from market.planning.models import WeekPlan
from market.planning.queries import busiest_week, changes_since, plan_for, plans_of, vehicles_of
from market.planning.sheets import Sheet
from market.planning.week_choice import week_named
from market.values import Refused, Week

__all__ = ["planning"]


@planning.get("/planning")
@access(Action.SEE_PLAN)
def index() -> ResponseReturnValue:
    """To the week picked in a form (?week=2026-W48, as=board for its board), else to the one where there is most to do."""
    chosen = week_named(request.args.get("week", ""))
    if chosen is None:
        chosen = busiest_week(shell.session(), actor=shell.actor(), today=shell.today())
    page = "planning.week_board" if request.args.get("as") == "board" else "planning.week"
    return redirect(url_for(page, week=chosen))


@planning.get("/planning/<week>")
@access(Action.SEE_PLAN)
def week(week: str) -> ResponseReturnValue:
    """A week's orders by day, the vehicles, the plans made, and the button that plans."""
    chosen, session, actor = _week(week), shell.session(), shell.actor()
    page = pages.week_page(
        week=chosen,
        today=shell.today(),
        orders=orders_in(session, actor=actor, period=chosen.period),
        vehicles=vehicles_of(session, actor=actor),
        plans=plans_of(session, actor=actor, week=chosen),
        jobs=open_jobs(session, actor=actor, keys=[key_of(actor, chosen)]),
    )
    return render_template("planning/week.html", page=page, words=wording, fleet_words=fleet_wording)


@planning.post("/planning/<week>/plan")
@access(Action.PLAN_WEEK)
def make(week: str) -> ResponseReturnValue:
    """Ask for a plan of the week, and watch it being worked out."""
    chosen = _week(week)
    try:
        job = ask_for_plan(shell.session(), actor=shell.actor(), week=chosen, at=shell.now())
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("planning.week", week=chosen))
    return redirect(url_for("jobs.show", job_id=job.id))


@planning.get("/plans/<int:plan_id>")
@access(Action.SEE_PLAN)
def plan(plan_id: int) -> ResponseReturnValue:
    """A plan: map, comparison, board, runs, and what was left out and why."""
    return render_template("planning/plan.html", page=_page(plan_id), words=wording)


@planning.get("/plans/<int:plan_id>/routes.geojson")
@access(Action.SEE_PLAN)
def routes(plan_id: int) -> ResponseReturnValue:
    """The plan's runs and places as GeoJSON; ?day=2026-12-01 only that day's."""
    page = _page(plan_id)
    return jsonify(plan_features(pages.on_day(page, request.args.get("day", "")), link=_run_url))


@planning.get("/plans/<int:plan_id>/map.html")
@access(Action.SEE_PLAN)
def map_file(plan_id: int) -> ResponseReturnValue:
    """The plan's map as a file that opens without a network."""
    plan = _plan(plan_id)
    html = map_document(plan, language=formatting.current_locale().language)
    return _download(html, mimetype="text/html", name=f"narmat-karta-{Week.containing(plan.monday)}.html")


def _week(text: str) -> Week:
    """The week in the address, or 404."""
    return shell.found(week_named(text))


def _plan(plan_id: int) -> WeekPlan:
    return shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))


def _page(plan_id: int) -> pages.PlanPage:
    plan, actor = _plan(plan_id), shell.actor()
    changes = changes_since(shell.session(), actor=actor, plan=plan, today=shell.today())
    return pages.plan_page(plan, changes=changes, may_plan=actor.may(Action.PLAN_WEEK))


def _run_url(sheet: Sheet) -> str:
    return url_for("planning.run", plan_id=sheet.plan_id, run_id=sheet.run_id)


def _download(content: str | bytes, *, mimetype: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
