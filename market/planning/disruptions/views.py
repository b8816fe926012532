"""What has come or happened since the plan was made: new orders put in, and the week planned again from now."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.form_fields import NarmatForm
from market.planning.blueprint import planning
from market.planning.clock import seconds_since
from market.planning.disruptions.forms import KitchenForm, RoadForm, VehicleForm
from market.planning.disruptions.jobs import ask_to_replan
from market.planning.disruptions.operations import insert_new_orders
from market.planning.disruptions.pages import choices_of, news_page
from market.planning.disruptions.rules import Disruption
from market.planning.models import WeekPlan
from market.planning.queries import plan_for
from market.values import Refused


@planning.get("/plans/<int:plan_id>/new")
@access(Action.PLAN_WEEK)
def whats_new(plan_id: int) -> ResponseReturnValue:
    """Orders agreed since the plan was made, those given up, and what may be told of the road."""
    page = news_page(shell.session(), plan=_plan(plan_id), actor=shell.actor(), today=shell.today())
    return render_template("planning/disruptions/news.html", page=page)


@planning.post("/plans/<int:plan_id>/new")
@access(Action.PLAN_WEEK)
def insert(plan_id: int) -> ResponseReturnValue:
    """Put the new orders in. The request's own session is closed before the work."""
    _plan(plan_id)
    actor, at = shell.actor(), shell.now()
    shell.close_session()
    try:
        draft_id = insert_new_orders(
            shell.engine(), plan_id=plan_id, actor=actor, at=at, travel=shell.travel()
        )
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("planning.whats_new", plan_id=plan_id))
    flash(
        gettext("De nya beställningarna är inlagda i ett utkast. Se vilka som berörs, och publicera sedan."),
        "success",
    )
    return redirect(url_for("planning.plan", plan_id=draft_id))


@planning.route("/plans/<int:plan_id>/disruptions/vehicle", methods=["GET", "POST"])
@access(Action.PLAN_WEEK)
def vehicle_stands(plan_id: int) -> ResponseReturnValue:
    """A vehicle can not go on."""
    plan = _plan(plan_id)
    form, choices = VehicleForm(), choices_of(plan)
    form.offer(vehicles=choices.vehicles, places=choices.places, today=shell.today())
    return _answer(plan, form, form.disruption, template="planning/disruptions/vehicle.html")


@planning.route("/plans/<int:plan_id>/disruptions/road", methods=["GET", "POST"])
@access(Action.PLAN_WEEK)
def road_closed(plan_id: int) -> ResponseReturnValue:
    """A road can not be used."""
    plan, form = _plan(plan_id), RoadForm()
    return _answer(plan, form, form.disruption, template="planning/disruptions/road.html")


@planning.route("/plans/<int:plan_id>/disruptions/kitchen", methods=["GET", "POST"])
@access(Action.PLAN_WEEK)
def kitchen_shut(plan_id: int) -> ResponseReturnValue:
    """A kitchen takes in nothing."""
    plan, today = _plan(plan_id), shell.today()
    form, choices = KitchenForm(), choices_of(plan)
    form.offer(kitchens=choices.kitchens, today=today, now_s=seconds_since(today, shell.now()))
    told = partial(form.disruption, plan.monday)
    return _answer(plan, form, told, template="planning/disruptions/kitchen.html")


def _plan(plan_id: int) -> WeekPlan:
    return shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))


def _answer(
    plan: WeekPlan, form: NarmatForm, told: Callable[[], Disruption], *, template: str
) -> ResponseReturnValue:
    """Ask for the work and go where it can be followed, or show the form with what is wrong."""
    refused = ""
    if form.validate_on_submit():
        actor, at = shell.actor(), shell.now()
        try:
            job = ask_to_replan(shell.session(), plan=plan, disruption=told(), actor=actor, at=at)
        except Refused as refusal:
            refused = shell.explain(refusal)
        else:
            return redirect(url_for("jobs.show", job_id=job.id))
    return render_template(template, form=form, plan=plan, refused=refused)
