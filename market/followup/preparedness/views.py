"""The workbench of preparedness: scenarios are described, worked out by a job, compared and printed."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.followup.blueprint import followup
from market.followup.preparedness import documents, wording
from market.followup.preparedness.forms import ScenarioForm, norms_form
from market.followup.preparedness.jobs import ask_to_work_out
from market.followup.preparedness.models import Scenario
from market.followup.preparedness.operations import put_away, save_scenario, set_norms, take_back
from market.followup.preparedness.pages import MOST_COMPARED, ScenarioPage, compared, scenario_pages
from market.followup.preparedness.queries import (
    categories,
    hubs_of,
    own_norms,
    scenario_for,
    scenarios_of,
)
from market.followup.preparedness.rules import Assumptions, NotWorkedOutYet, PointKind
from market.register.categories import spoken_names
from market.values import Refused


@followup.get("/followup/preparedness")
@access(Action.PREPARE)
def scenarios() -> ResponseReturnValue:
    """The authority's scenarios with what each came to."""
    session, actor = shell.session(), shell.actor()
    pages = scenario_pages(session, scenarios_of(session, actor=actor))
    return _shown("scenarios.html", pages=pages, has_kitchens=bool(hubs_of(session, actor=actor)))


@followup.route("/followup/preparedness/new", methods=["GET", "POST"])
@access(Action.PREPARE)
def new_scenario() -> ResponseReturnValue:
    """Say what is supposed; then it is worked out."""
    form, based_on, refused = ScenarioForm(), _based_on(), ""
    form.offer(hubs_of(shell.session(), actor=shell.actor()))
    start = None if based_on is None else Assumptions.from_plain(based_on.params)
    form.begin_with("" if based_on is None else based_on.name, start)
    if form.validate_on_submit():
        try:
            return _begun(_saved(form, based_on))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return _shown("new.html", form=form, based_on=based_on, refused=refused)


@followup.get("/followup/preparedness/<int:scenario_id>")
@access(Action.PREPARE)
def scenario(scenario_id: int) -> ResponseReturnValue:
    """What it was worked out to mean."""
    return _shown("scenario.html", page=_page(scenario_id), documents=documents)


@followup.post("/followup/preparedness/<int:scenario_id>/work-out")
@access(Action.PREPARE)
def work_out_again(scenario_id: int) -> ResponseReturnValue:
    """Work it out with what is known now."""
    return _begun(_scenario(scenario_id))


@followup.post("/followup/preparedness/<int:scenario_id>/put-away")
@access(Action.PREPARE)
def put_scenario_away(scenario_id: int) -> ResponseReturnValue:
    """Take it off the list."""
    put_away(shell.session(), scenario=_scenario(scenario_id), actor=shell.actor(), at=shell.now())
    flash(gettext("Scenariot är undanlagt. Du kan ta fram det igen härifrån."), "success")
    return redirect(url_for("followup.scenario", scenario_id=scenario_id))


@followup.post("/followup/preparedness/<int:scenario_id>/take-back")
@access(Action.PREPARE)
def take_scenario_back(scenario_id: int) -> ResponseReturnValue:
    """Put it on the list again."""
    take_back(shell.session(), scenario=_scenario(scenario_id), actor=shell.actor(), at=shell.now())
    flash(gettext("Scenariot finns i listan igen."), "success")
    return redirect(url_for("followup.scenario", scenario_id=scenario_id))


@followup.get("/followup/preparedness/<int:scenario_id>/plan.pdf")
@access(Action.PREPARE)
def scenario_plan(scenario_id: int) -> ResponseReturnValue:
    """The answer as a plan to print."""
    page = _page(scenario_id)
    if page.outcome is None or page.result is None:
        flash(shell.explain(NotWorkedOutYet()), "error")
        return redirect(url_for("followup.scenario", scenario_id=scenario_id))
    content = documents.plan_content(
        name=page.scenario.name,
        authority_name=shell.actor().organisation_name,
        supposed=page.supposed,
        kitchens=page.kitchens,
        outcome=page.outcome,
        worked_out_at=page.result.worked_out_at,
    )
    folder = Path(current_app.root_path, str(current_app.template_folder), "documents")
    pdf = documents.plan_pdf(content, template=folder / "preparedness_plan.typ", at=page.result.worked_out_at)
    name = f"beredskapsplan-{scenario_id}-{page.result.number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


@followup.get("/followup/preparedness/compare")
@access(Action.PREPARE)
def compare_scenarios() -> ResponseReturnValue:
    """The chosen ones side by side, or all when none is chosen; no more than fit."""
    session, actor = shell.session(), shell.actor()
    asked = set(request.args.getlist("id", type=int))
    known = scenarios_of(session, actor=actor)
    chosen = [one for one in known if one.id in asked] or known
    comparison = compared(scenario_pages(session, chosen[:MOST_COMPARED]))
    return _shown("compare.html", comparison=comparison, most=MOST_COMPARED, kinds=list(PointKind))


@followup.route("/followup/preparedness/portions", methods=["GET", "POST"])
@access(Action.PREPARE)
def portion_norms() -> ResponseReturnValue:
    """What one portion holds of each category."""
    session, actor = shell.session(), shell.actor()
    form = norms_form(categories(session), swedish=formatting.is_swedish())
    assert actor.authority_id is not None
    form.offer(own_norms(session, authority_id=actor.authority_id))
    if form.validate_on_submit():
        set_norms(session, grams=form.grams(), actor=actor, at=shell.now())
        flash(gettext("Måtten är sparade. De gäller för scenarier som räknas ut från och med nu."), "success")
        return redirect(url_for("followup.scenarios"))
    return _shown("portions.html", form=form)


def _shown(template: str, **content: object) -> str:
    names = spoken_names(formatting.current_locale().language)
    return render_template(f"followup/preparedness/{template}", words=wording, names=names, **content)


def _scenario(scenario_id: int) -> Scenario:
    return shell.found(scenario_for(shell.session(), actor=shell.actor(), scenario_id=scenario_id))


def _page(scenario_id: int) -> ScenarioPage:
    return scenario_pages(shell.session(), [_scenario(scenario_id)])[0]


def _based_on() -> Scenario | None:
    asked = request.args.get("based_on", type=int)
    return None if asked is None else _scenario(asked)


def _saved(form: ScenarioForm, based_on: Scenario | None) -> Scenario:
    return save_scenario(
        shell.session(),
        actor=shell.actor(),
        name=form.name.data or "",
        supposed=form.supposed(),
        based_on=based_on,
        request_key=form.request_key.data or "",
        at=shell.now(),
    )


def _begun(row: Scenario) -> ResponseReturnValue:
    """On to where the work can be followed."""
    job = ask_to_work_out(shell.session(), scenario_id=row.id, actor=shell.actor(), at=shell.now())
    return redirect(url_for("jobs.show", job_id=job.id))
