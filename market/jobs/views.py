"""A job's page: how far it is, while it runs; its result, when it is done."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.jobs import pages, wording
from market.jobs.error_params import restored
from market.jobs.models import Job
from market.jobs.operations import cancel
from market.jobs.queries import ahead_of, job_for
from market.jobs.rules import OPEN
from market.values import Refused

jobs = Blueprint("jobs", __name__)
ENDS_POLLING = 286  # htmx's own status


@jobs.get("/jobs/<int:job_id>")
@access(Action.FOLLOW_JOBS)
def show(job_id: int) -> ResponseReturnValue:
    """How far the job is, or on to its result."""
    job = _job(job_id)
    place = pages.destination(job)
    if place is None:
        return render_template("jobs/job.html", **_shown(job))
    if job.kind in wording.DONE_MESSAGES:
        flash(gettext(wording.DONE_MESSAGES[job.kind]), "success")
    return redirect(url_for(place[0], **place[1]))


@jobs.get("/jobs/<int:job_id>/progress")
@access(Action.FOLLOW_JOBS)
def progress(job_id: int) -> ResponseReturnValue:
    """The part of the page that changes; at the end htmx loads the page, which knows where to go."""
    job = _job(job_id)
    answer = make_response(render_template("jobs/_progress.html", **_shown(job)))
    if job.state not in OPEN:
        answer.status_code = ENDS_POLLING
        answer.headers["HX-Redirect"] = url_for("jobs.show", job_id=job_id)
    return answer


@jobs.post("/jobs/<int:job_id>/stop")
@access(Action.FOLLOW_JOBS)
def stop(job_id: int) -> ResponseReturnValue:
    """End it with the best there is."""
    job = _job(job_id)
    try:
        cancel(shell.session(), job=job, actor=shell.actor(), at=shell.now())
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("jobs.show", job_id=job_id))


def _job(job_id: int) -> Job:
    return shell.found(job_for(shell.session(), actor=shell.actor(), job_id=job_id))


def _shown(job: Job) -> dict[str, object]:
    page = pages.job_page(job, ahead=ahead_of(shell.session(), job=job), at=shell.now())
    back = pages.way_back(job)
    return {
        "page": page,
        "words": wording,
        "error": _error(job),
        "back_url": url_for(back[0], **back[1]) if back else None,
    }


def _error(job: Job) -> str:
    """Why it failed, in the reader's language."""
    if not job.error:
        return ""
    values = {name: formatting.shown(value) for name, value in restored(job.error_params).items()}
    return str(gettext(job.error, **values) if values else gettext(job.error))
