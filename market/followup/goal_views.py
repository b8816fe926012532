"""An authority's goals: how far each is, a new one, the end of one."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.followup import wording
from market.followup.blueprint import followup
from market.followup.figures import FIGURES
from market.followup.forms import GoalForm
from market.followup.goals import goal_for, standings
from market.followup.operations import add_goal, end_goal
from market.followup.queries import scope_for
from market.formatting import named
from market.register.queries import authority_of, categories
from market.values import Named


@followup.get("/followup/goals")
@access(Action.SEE_FOLLOWUP)
def goals() -> ResponseReturnValue:
    """Every goal with how far it is, those that hold first."""
    session, actor, today = shell.session(), shell.actor(), shell.today()
    scope = shell.found(scope_for(session, actor=actor))
    return render_template(
        "followup/goals.html",
        rows=standings(session, scope=scope, today=today),
        categories={c.key: named(Named(c.name_sv, c.name_en)) for c in categories(session)},
        figures=FIGURES,
        today=today,
        tomorrow=today + timedelta(days=1),
        words=wording,
    )


@followup.route("/followup/goals/new", methods=["GET", "POST"])
@access(Action.EDIT_FOLLOWUP)
def new_goal() -> ResponseReturnValue:
    """State a goal."""
    session, form, refused = shell.session(), GoalForm(), ""
    authority = shell.found(authority_of(session, actor=shell.actor()))
    form.offer_choices(categories(session))
    if request.method == "GET":
        form.valid_from.data = shell.today().replace(month=1, day=1)
        form.figure.data = request.args.get("figure", "")
    if form.validate_on_submit():
        values = {**form.values(), "actor": shell.actor(), "at": shell.now()}
        refused = shell.attempt(lambda: add_goal(session, authority=authority, **values))
        if not refused:
            flash(gettext("Målet är sparat."), "success")
            return redirect(url_for("followup.goals"))
    return render_template("followup/new_goal.html", form=form, refused=refused)


@followup.post("/followup/goals/<int:goal_id>/end")
@access(Action.EDIT_FOLLOWUP)
def stop_goal(goal_id: int) -> ResponseReturnValue:
    """Let a goal end today."""
    session, actor = shell.session(), shell.actor()
    goal = shell.found(goal_for(session, actor=actor, goal_id=goal_id))
    refused = shell.attempt(lambda: end_goal(session, goal=goal, actor=actor, at=shell.now()))
    flash(refused or gettext("Målet gäller inte längre."), "error" if refused else "success")
    return redirect(url_for("followup.goals"))
