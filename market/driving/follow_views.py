"""How others follow a run: those who plan and choose its driver, and those who wait for an order."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.driving.arriving import arriving
from market.driving.blueprint import driving
from market.driving.operations import assign_driver
from market.driving.pages import run_on_road
from market.driving.wording import KIND_NAMES, TEMPERATURE_NAMES
from market.fleet.models import Driver
from market.fleet.queries import driver_for
from market.orders.queries import order_for
from market.planning.models import Run
from market.planning.queries import run_for


@driving.get("/plans/<int:plan_id>/runs/<int:run_id>/road")
@access(Action.PLAN_WEEK)
def follow_run(plan_id: int, run_id: int) -> ResponseReturnValue:
    """A run as it goes: where the vehicle is, when it will be where, what was reported and measured."""
    page = run_on_road(shell.session(), run=_run(plan_id, run_id), now=shell.now(), for_driver=False)
    return render_template("driving/follow.html", page=page, kinds=KIND_NAMES, classes=TEMPERATURE_NAMES)


@driving.post("/plans/<int:plan_id>/runs/<int:run_id>/driver")
@access(Action.PLAN_WEEK)
def assign(plan_id: int, run_id: int) -> ResponseReturnValue:
    """Say who drives a run."""
    found, driver = _run(plan_id, run_id), _driver(request.form.get("driver", ""))
    refused = shell.attempt(
        lambda: assign_driver(shell.session(), run=found, driver=driver, actor=shell.actor(), at=shell.now())
    )
    flash(refused or gettext("Sparat. Föraren ser rutten på sin sida."), "error" if refused else "success")
    return redirect(url_for("planning.run", plan_id=plan_id, run_id=run_id))


@driving.get("/orders/<int:order_id>/coming")
@access(Action.SEE_ORDERS)
def coming(order_id: int) -> ResponseReturnValue:
    """When an order comes, as far as is known now: a part of the order's page, which asks for it anew."""
    order = shell.found(order_for(shell.session(), actor=shell.actor(), order_id=order_id))
    legs = arriving(shell.session(), order_ids=[order.id], now=shell.now()).get(order.id, ())
    return render_template("driving/_coming.html", order=order, legs=legs)


def _run(plan_id: int, run_id: int) -> Run:
    return shell.found(run_for(shell.session(), actor=shell.actor(), plan_id=plan_id, run_id=run_id))


def _driver(text: str) -> Driver | None:
    """The driver chosen, or None for nobody in particular; 404 for someone out of reach."""
    if not text:
        return None
    if not text.isdecimal():
        shell.not_found()
    return shell.found(driver_for(shell.session(), actor=shell.actor(), driver_id=int(text)))
