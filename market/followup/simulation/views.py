"""The simulated market: what it answers, what it assumes, and asking for a new one."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.followup.asking import number_asked
from market.followup.blueprint import followup
from market.followup.evidence.models import Simulation
from market.followup.simulation import wording
from market.followup.simulation.figure import drawing
from market.followup.simulation.forms import SimulationForm
from market.followup.simulation.operations import SIMULATE_DIS, ask_for_simulation
from market.followup.simulation.pages import simulation_page
from market.followup.simulation.queries import shown
from market.followup.simulation.table import sheet
from market.jobs.models import Job
from market.jobs.queries import open_jobs


@followup.get("/followup/simulation")
@access(Action.SEE_FOLLOWUP)
def simulation() -> ResponseReturnValue:
    """One simulation, or what one would tell."""
    found = _asked()
    page = simulation_page(found, say=gettext, number=formatting.decimal) if found else None
    jobs = open_jobs(shell.session(), actor=shell.actor(), kinds=(SIMULATE_DIS,))
    return render_template("followup/simulation/simulation.html", page=page, jobs=jobs, words=wording)


@followup.route("/followup/simulation/new", methods=["GET", "POST"])
@access(Action.EDIT_FOLLOWUP)
def new_simulation() -> ResponseReturnValue:
    """Ask for another one: further, more runs, another seed."""
    form, asked = SimulationForm(), list[Job]()
    refused = ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: asked.append(_ask(form)))
    if asked:
        return redirect(url_for("jobs.show", job_id=asked[0].id))
    return render_template("followup/simulation/new.html", form=form, refused=refused)


def _ask(form: SimulationForm) -> Job:
    return ask_for_simulation(
        shell.session(), experiment=form.experiment(), actor=shell.actor(), at=shell.now()
    )


@followup.get("/followup/simulation/table.csv")
@access(Action.SEE_FOLLOWUP)
def simulation_table() -> ResponseReturnValue:
    """Every measure, scene and number of suppliers."""
    found = shell.found(_asked())
    return _file("\N{BYTE ORDER MARK}" + sheet(found.result), "text/csv", f"dis-simulering-{found.id}.csv")


@followup.get("/followup/simulation/figure.svg")
@access(Action.SEE_FOLLOWUP)
def simulation_figure() -> ResponseReturnValue:
    """All panels in one file that stands by itself."""
    found = shell.found(_asked())
    drawn = drawing(found.result, say=gettext, number=formatting.decimal)
    return _file(drawn, "image/svg+xml", f"dis-simulering-{found.id}.svg")


def _asked() -> Simulation | None:
    """The one that the address names, else the one for everyone; 404 for one that there is not."""
    number = number_asked("simulation")
    found = shown(shell.session(), number=number)
    return found if number is None else shell.found(found)


def _file(text: str, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype=mimetype, headers=headers)
