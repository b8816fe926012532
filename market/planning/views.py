"""The logistics desk: a week's orders, its plans, and what leaves as run sheets and maps."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.fleet import wording as fleet_wording
from market.jobs.queries import open_jobs
from market.orders.queries import orders_in
from market.planning import documents, pages, wording
from market.planning.blueprint import planning
from market.planning.exported_map import map_document
from market.planning.jobs import ask_for_plan, key_of
from market.planning.map_features import plan_features
from market.planning.models import Run, WeekPlan
from market.planning.queries import busiest_week, changes_since, plan_for, plans_of, run_for, vehicles_of
from market.planning.sheets import Sheet, sheet_of
from market.values import Refused, Week


@planning.get("/planning")
@access(Action.SEE_PLAN)
def index() -> ResponseReturnValue:
    """To the week where there is most to do."""
    busiest = busiest_week(shell.session(), actor=shell.actor(), today=shell.today())
    return redirect(url_for("planning.week", week=busiest))


@planning.get("/planning/<week>")
@access(Action.SEE_PLAN)
def week(week: str) -> ResponseReturnValue:
    """A week's orders by day, the vehicles, the plans made, and the button that plans."""
    chosen, session, actor = shell.week_of(week), shell.session(), shell.actor()
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
    chosen = shell.week_of(week)
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
    """The plan's runs and places as GeoJSON."""
    return jsonify(plan_features(_page(plan_id), link=_run_url))


@planning.get("/plans/<int:plan_id>/map.html")
@access(Action.SEE_PLAN)
def map_file(plan_id: int) -> ResponseReturnValue:
    """The plan's map as a file that opens without a network."""
    plan = _plan(plan_id)
    html = map_document(plan, language=formatting.current_locale().language)
    return _download(html, mimetype="text/html", name=f"narmat-karta-{Week.containing(plan.monday)}.html")


@planning.get("/plans/<int:plan_id>/run-sheets.pdf")
@access(Action.SEE_PLAN)
def run_sheets(plan_id: int) -> ResponseReturnValue:
    """All run sheets of a plan in one PDF."""
    plan = _plan(plan_id)
    if not plan.runs:
        shell.not_found()
    week = Week.containing(plan.monday)
    title = gettext("Körlistor %(week)s", week=formatting.week_name(week))
    content = _pdf([sheet_of(run) for run in plan.runs], title=title, plan=plan)
    return _download(content, mimetype="application/pdf", name=f"korlistor-{week}.pdf")


@planning.get("/plans/<int:plan_id>/runs/<int:run_id>")
@access(Action.SEE_PLAN)
def run(plan_id: int, run_id: int) -> ResponseReturnValue:
    """One run sheet, as the driver reads it."""
    found = _run(plan_id, run_id)
    return render_template(
        "planning/run.html", sheet=sheet_of(found), plan=found.plan_row, say=documents, words=wording
    )


@planning.get("/plans/<int:plan_id>/runs/<int:run_id>.pdf")
@access(Action.SEE_PLAN)
def run_sheet(plan_id: int, run_id: int) -> ResponseReturnValue:
    """One run sheet as PDF."""
    found = _run(plan_id, run_id)
    title = gettext("Körlista %(number)s: %(vehicle)s", number=found.number, vehicle=found.vehicle.name)
    content = _pdf([sheet_of(found)], title=title, plan=found.plan_row)
    return _download(content, mimetype="application/pdf", name=f"korlista-{found.day}-{found.number}.pdf")


def _plan(plan_id: int) -> WeekPlan:
    return shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))


def _run(plan_id: int, run_id: int) -> Run:
    return shell.found(run_for(shell.session(), actor=shell.actor(), plan_id=plan_id, run_id=run_id))


def _page(plan_id: int) -> pages.PlanPage:
    plan, actor = _plan(plan_id), shell.actor()
    changes = changes_since(shell.session(), actor=actor, plan=plan, today=shell.today())
    return pages.plan_page(plan, changes=changes, may_plan=actor.may(Action.PLAN_WEEK))


def _run_url(sheet: Sheet) -> str:
    return url_for("planning.run", plan_id=sheet.plan_id, run_id=sheet.run_id)


def _pdf(sheets: list[Sheet], *, title: str, plan: WeekPlan) -> bytes:
    folder = Path(current_app.root_path, str(current_app.template_folder))
    return documents.run_sheets_pdf(
        sheets,
        template=folder / "documents" / "run_sheet.typ",
        title=title,
        authority_name=plan.authority.name,
        at=shell.now(),
    )


def _download(content: str | bytes, *, mimetype: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})


from market.planning.comparing import views as _comparing  # noqa: E402, F401 - adds its pages
from market.planning.publishing import views as _publishing  # noqa: E402, F401 - adds its pages

__all__ = ["planning"]
