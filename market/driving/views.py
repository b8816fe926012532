"""On the road: the driver's runs, one run, and what is reported from it; and how others follow it."""

from __future__ import annotations

import secrets

from flask import Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from market import shell
from market.access import access
from market.actors import Action
from market.driving import follow_views as _follow_views  # noqa: F401 - adds its pages
from market.driving.blueprint import day_named, driving, own_run
from market.driving.forms import ReportForm
from market.driving.offline import worker_script
from market.driving.operations import take_report
from market.driving.pages import run_on_road
from market.driving.queries import driving_for, has_driven, run_of, runs_for_driver
from market.driving.rules import DriverRemoved, NotYourRun, RunGone
from market.driving.wording import KIND_NAMES, MEASURED_NAMES, QUEUE_WORDS, TEMPERATURE_NAMES
from market.photos.uploads import takes_photos
from market.planning import documents, stop_links
from market.planning.models import Run
from market.planning.queries import details_of
from market.planning.run_views import gpx_of, run_pdf
from market.planning.sheets import sheet_of
from market.values import Refused

__all__ = ["driving"]


@driving.after_request
def _say_whose(response: Response) -> Response:
    """The worker on the phone keeps a page only for the person that it is for."""
    actor = g.get("actor")
    if actor is not None and actor.may(Action.DRIVE):
        response.headers["X-Narmat-Driver"] = str(actor.user_id)
    return response


@driving.get("/drive/")
@access(Action.DRIVE)
def today() -> ResponseReturnValue:
    """The driver's runs of today and the coming days."""
    session, actor = shell.session(), shell.actor()
    runs = runs_for_driver(session, actor=actor, today=shell.today())
    return render_template(
        "driving/today.html",
        todays=[sheet_of(run) for run in runs if run.day == shell.today()],
        coming=[sheet_of(run) for run in runs if run.day > shell.today()],
        drives=driving_for(session, actor=actor),
        say=documents,
        queue_words=QUEUE_WORDS,
    )


@driving.get("/drive/<int:vehicle_id>/<day>")
@access(Action.DRIVE)
def run(vehicle_id: int, day: str) -> ResponseReturnValue:
    """One run, to drive by and to report from."""
    return _page(own_run(vehicle_id, day))


@driving.post("/drive/<int:vehicle_id>/<day>/report")
@access(Action.DRIVE)
@takes_photos
def report(vehicle_id: int, day: str) -> ResponseReturnValue:
    """Take in one report: from the phone's queue, which gets JSON, or from a form of the page."""
    if "kind" not in request.form:
        return redirect(url_for("driving.run", vehicle_id=vehicle_id, day=own_run(vehicle_id, day).day))
    form = ReportForm()
    is_sound = form.validate_on_submit()
    refused: Refused | None = None
    try:
        found = _run_to_report(vehicle_id, day)
        if is_sound:
            take_report(
                shell.session(), run=found, report=form.report(), photo=form.encoded_photo(),
                actor=shell.actor(), at=shell.now(),
            )  # fmt: skip
    except Refused as refusal:
        refused = refusal
    return _answer(vehicle_id, day, form, refused)


@driving.get("/drive/<int:vehicle_id>/<day>/run-sheet.pdf")
@access(Action.DRIVE)
def run_sheet(vehicle_id: int, day: str) -> ResponseReturnValue:
    """The run sheet to print. Door codes are on no paper."""
    found = own_run(vehicle_id, day)
    return run_pdf(found, sheet_of(found, details_of(shell.session(), runs=[found])))


@driving.get("/drive/<int:vehicle_id>/<day>/run.gpx")
@access(Action.DRIVE)
def run_track(vehicle_id: int, day: str) -> ResponseReturnValue:
    """The run for a navigator."""
    return gpx_of(own_run(vehicle_id, day))


@driving.get("/drive/token")
@access(Action.DRIVE)
def token() -> ResponseReturnValue:
    """Who is signed in, and a token for the queue: asked before anything is sent."""
    return jsonify(user=shell.actor().user_id, token=generate_csrf())


@driving.get("/drive/stopped")
@access(Action.DRIVE)
def stopped() -> ResponseReturnValue:
    """Kept on the phone: shown there to someone who drives no more, with what has not been sent."""
    drives = driving_for(shell.session(), actor=shell.actor())
    return render_template("driving/stopped.html", drives=drives, queue_words=QUEUE_WORDS)


@driving.get("/drive/worker.js")
@access(Action.DRIVE)
def worker() -> ResponseReturnValue:
    """The service worker of this person, for the addresses below /drive/ only."""
    script = worker_script(user_id=shell.actor().user_id, stopped_url=url_for("driving.stopped"))
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def _run_to_report(vehicle_id: int, day: str) -> Run:
    """A run of a vehicle that the actor drives or has driven, so that a refusal can be said in words; else 404.

    Raises RunGone where the published plan has it no more.
    """
    session, actor = shell.session(), shell.actor()
    found = run_of(session, vehicle_id=vehicle_id, day=day_named(day))
    if not has_driven(session, actor=actor, vehicle_id=vehicle_id):
        shell.not_found()
    if found is None:
        raise RunGone
    return found


def _answer(vehicle_id: int, day: str, form: ReportForm, refused: Refused | None) -> ResponseReturnValue:
    is_of_queue = request.accept_mimetypes.best == "application/json"
    complaints = [shell.explain(refused)] if refused else form.complaints
    if complaints:
        shell.session().rollback()
        if is_of_queue:
            # with "stop" nothing more of the queue is this person's to send; else only this report is refused
            return jsonify(refused=" ".join(complaints), stop=isinstance(refused, DriverRemoved)), 409
        return _refused_page(
            vehicle_id,
            day,
            complaints,
            is_theirs=not isinstance(refused, DriverRemoved | NotYourRun | RunGone),
        )
    if is_of_queue:
        return jsonify(taken=form.request_key.data)
    flash(gettext("%(what)s: rapporterat.", what=gettext(KIND_NAMES[form.report().kind])), "success")
    return redirect(url_for("driving.run", vehicle_id=vehicle_id, day=day))


def _refused_page(
    vehicle_id: int, day: str, complaints: list[str], *, is_theirs: bool
) -> ResponseReturnValue:
    if not is_theirs:
        for words in complaints:
            flash(words, "error")
        return redirect(url_for("driving.today"))
    return _page(own_run(vehicle_id, day), complaints)


def _page(found: Run, complaints: list[str] | None = None) -> ResponseReturnValue:
    page = run_on_road(shell.session(), run=found, now=shell.now(), for_driver=True)
    return render_template(
        "driving/run.html",
        page=page,
        complaints=complaints or [],
        written=request.form,
        say=documents,
        links=stop_links,
        kinds=KIND_NAMES,
        classes=TEMPERATURE_NAMES,
        measured_names=MEASURED_NAMES,
        queue_words=QUEUE_WORDS,
        new_key=lambda: secrets.token_urlsafe(24),
        can_report=found.day <= shell.today(),
    )
