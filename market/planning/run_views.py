"""One run: as a page to read, as PDF to print, as GPX for a navigator."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.fleet.queries import drivers_of
from market.planning import documents, stop_links, wording
from market.planning.blueprint import planning
from market.planning.map_features import run_features
from market.planning.models import Run, WeekPlan
from market.planning.queries import details_of, plan_for, run_for
from market.planning.run_gpx import run_gpx
from market.planning.sheets import Sheet, sheet_of
from market.values import Week


@planning.get("/plans/<int:plan_id>/run-sheets.pdf")
@access(Action.SEE_PLAN)
def run_sheets(plan_id: int) -> ResponseReturnValue:
    """All run sheets of a plan in one PDF."""
    plan = shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))
    if not plan.runs:
        shell.not_found()
    week = Week.containing(plan.monday)
    title = gettext("Körlistor %(week)s", week=formatting.week_name(week))
    details = details_of(shell.session(), runs=plan.runs)
    content = pdf_of([sheet_of(run, details) for run in plan.runs], title=title, plan=plan)
    return download(content, mimetype="application/pdf", name=f"korlistor-{week}.pdf")


@planning.get("/plans/<int:plan_id>/runs/<int:run_id>")
@access(Action.SEE_PLAN)
def run(plan_id: int, run_id: int) -> ResponseReturnValue:
    """One run sheet, as the driver reads it, and who drives it."""
    found = _run(plan_id, run_id)
    drivers = drivers_of(shell.session(), actor=shell.actor()) if shell.actor().may(Action.PLAN_WEEK) else []
    return render_template(
        "planning/run.html",
        sheet=_sheet(found),
        run=found,
        plan=found.plan_row,
        drivers=[driver for driver in drivers if driver.carrier_id == found.vehicle.carrier_id],
        say=documents,
        words=wording,
        links=stop_links,
    )


@planning.get("/plans/<int:plan_id>/runs/<int:run_id>.pdf")
@access(Action.SEE_PLAN)
def run_sheet(plan_id: int, run_id: int) -> ResponseReturnValue:
    """One run sheet as PDF."""
    found = _run(plan_id, run_id)
    return run_pdf(found, _sheet(found))


@planning.get("/plans/<int:plan_id>/runs/<int:run_id>.gpx")
@access(Action.SEE_PLAN)
def run_track(plan_id: int, run_id: int) -> ResponseReturnValue:
    """One run as GPX."""
    return gpx_of(_run(plan_id, run_id))


@planning.get("/plans/<int:plan_id>/runs/<int:run_id>.geojson")
@access(Action.SEE_PLAN)
def run_map(plan_id: int, run_id: int) -> ResponseReturnValue:
    """One run and its places as GeoJSON, for the page's map."""
    found = _run(plan_id, run_id)
    url = url_for("planning.run", plan_id=plan_id, run_id=run_id)
    return jsonify(run_features(_sheet(found), url=url))


def _run(plan_id: int, run_id: int) -> Run:
    return shell.found(run_for(shell.session(), actor=shell.actor(), plan_id=plan_id, run_id=run_id))


def _sheet(found: Run) -> Sheet:
    return sheet_of(found, details_of(shell.session(), runs=[found]))


def run_pdf(found: Run, sheet: Sheet) -> Response:
    """A run sheet to keep; door codes are in none, as paper outlives the day."""
    title = gettext("Körlista %(number)s: %(vehicle)s", number=found.number, vehicle=found.vehicle.name)
    content = pdf_of([sheet], title=title, plan=found.plan_row)
    return download(content, mimetype="application/pdf", name=f"korlista-{found.day}-{found.number}.pdf")


def gpx_of(found: Run) -> Response:
    """The run for a navigator. 404 where the plan has a stop without coordinates."""
    return download(
        run_gpx(found), mimetype="application/gpx+xml", name=f"rutt-{found.day}-{found.number}.gpx"
    )


def pdf_of(sheets: list[Sheet], *, title: str, plan: WeekPlan) -> bytes:
    folder = Path(current_app.root_path, str(current_app.template_folder))
    return documents.run_sheets_pdf(
        sheets,
        template=folder / "documents" / "run_sheet.typ",
        title=title,
        authority_name=plan.authority.name,
        at=shell.now(),
    )


def download(content: str | bytes, *, mimetype: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
