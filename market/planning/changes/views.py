"""Change a plan by hand: try, keep, undo, take a draft of the published, look back, and see what was left out."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action, Actor
from market.planning.blueprint import planning
from market.planning.changes import describing, keeping, lines, operations, pages, trial
from market.planning.changes.asking import asked_by
from market.planning.changes.opened import opened, state_of
from market.planning.changes.replanning import ask_for_replan
from market.planning.models import WeekPlan
from market.planning.queries import plan_for
from market.planning.rules import PublishedPlanStands
from market.values import Refused

CONFLICT, UNABLE = 409, 422


@planning.post("/plans/<int:plan_id>/changes/try")
@access(Action.PLAN_WEEK)
def try_change(plan_id: int) -> ResponseReturnValue:
    """What a change would do; nothing is kept, and no session is open while it is worked out."""
    try:
        effect = _tried(plan_id)
    except Refused as refusal:
        return _refused(plan_id, refusal)
    return _page("effect", plan_id=plan_id, effect=effect)


@planning.post("/plans/<int:plan_id>/changes/keep")
@access(Action.PLAN_WEEK)
def keep_change(plan_id: int) -> ResponseReturnValue:
    """Keep a change as it was shown; what gives way beyond that is shown first."""
    try:
        prepared = _prepared(plan_id)
        plan = _plan(plan_id)
        keeping.keep_change(
            shell.session(), plan=plan, prepared=prepared, actor=shell.actor(), at=shell.now()
        )
    except keeping.MoreGivesWay as refusal:
        return _page("effect", CONFLICT, plan_id=plan_id, effect=_tried(plan_id), said=shell.explain(refusal))
    except Refused as refusal:
        return _refused(plan_id, refusal)
    return _done(plan_id, gettext("Ändringen är gjord."))


@planning.post("/plans/<int:plan_id>/undo")
@access(Action.PLAN_WEEK)
def undo(plan_id: int) -> ResponseReturnValue:
    """Go back to what the plan was before its latest change."""
    plan, seen = _plan(plan_id), request.form.get("seen", type=int, default=0)
    try:
        operations.undo(shell.session(), plan=plan, seen=seen, actor=shell.actor(), at=shell.now())
    except Refused as refusal:
        return _refused(plan_id, refusal)
    return _done(plan_id, gettext("Den senaste ändringen är ångrad."))


@planning.post("/plans/<int:plan_id>/draft")
@access(Action.PLAN_WEEK)
def draft_of(plan_id: int) -> ResponseReturnValue:
    """A draft like this plan, to change on its board and then publish in its place."""
    plan = _plan(plan_id)
    draft = operations.copy_as_draft(shell.session(), plan=plan, actor=shell.actor(), at=shell.now())
    flash(gettext("Det här är ett utkast av planen. Ändra här, och publicera sedan utkastet."), "success")
    return redirect(url_for("planning.board", plan_id=draft.id), 303)


@planning.post("/plans/<int:plan_id>/replan")
@access(Action.PLAN_WEEK)
def replan(plan_id: int) -> ResponseReturnValue:
    """Ask for everything that is not locked to be planned again, and watch it being worked out."""
    plan, seen = _plan(plan_id), request.form.get("seen", type=int, default=0)
    try:
        job = ask_for_replan(shell.session(), plan=plan, seen=seen, actor=shell.actor(), at=shell.now())
    except Refused as refusal:
        return _refused(plan_id, refusal)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@planning.get("/plans/<int:plan_id>/history")
@access(Action.SEE_PLAN)
def history(plan_id: int) -> ResponseReturnValue:
    """What has been changed by hand, by whom and when, the latest first."""
    plan = shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))
    page = lines.history_page(shell.session(), plan=plan, may_plan=shell.actor().may(Action.PLAN_WEEK))
    return render_template("planning/changes/history.html", page=page, say=describing)


@planning.get("/plans/<int:plan_id>/left-out")
@access(Action.PLAN_WEEK)
def left_out(plan_id: int) -> ResponseReturnValue:
    """What the plan could not serve and why; for `order` the smallest changes that would serve it, each to try."""
    order, session = request.args.get("order", type=int), shell.session()
    found = shell.found(opened(session, actor=shell.actor(), plan_id=plan_id))
    orders = pages.orders_left_out(session, plan_id=plan_id)
    page = pages.left_out_page(found, orders=orders, chosen=order)
    helped = next((line.help for line in page.lines if line.help), None)
    if helped and "HX-Request" in request.headers:
        return render_template(
            "planning/changes/_help.html", help=helped, page=page, say=describing, only_part=True
        )
    return render_template("planning/changes/left_out.html", page=page, say=describing)


def _plan(plan_id: int) -> WeekPlan:
    return shell.found(keeping.plan_to_change(shell.session(), actor=shell.actor(), plan_id=plan_id))


def _tried(plan_id: int) -> trial.Effect:
    """Raises what `trial.try_change` raises, and NotUnderstood."""
    actor = _alone_with(plan_id)
    asked = asked_by(request.form)
    return shell.found(trial.try_change(shell.engine(), actor=actor, plan_id=plan_id, asked=asked))


def _prepared(plan_id: int) -> keeping.Prepared:
    """Raises what `keeping.prepare` raises, and NotUnderstood."""
    actor = _alone_with(plan_id)
    asked = asked_by(request.form)
    return shell.found(keeping.prepare(shell.engine(), actor=actor, plan_id=plan_id, asked=asked))


def _alone_with(plan_id: int) -> Actor:
    """The actor, who has a part in the plan, once the request's own session is closed."""
    actor = shell.actor()
    shell.found(state_of(shell.session(), actor=actor, plan_id=plan_id))
    shell.close_session()
    return actor


def _refused(plan_id: int, refusal: Refused) -> ResponseReturnValue:
    """What the planner had not seen, or why it cannot be done."""
    since = refusal.since if isinstance(refusal, operations.ChangedByAnother) else ()
    is_published = isinstance(refusal, PublishedPlanStands)
    said, status = shell.explain(refusal), CONFLICT if since or is_published else UNABLE
    unseen = [lines.line_of(revision) for revision in since]
    shell.close_session()
    return _page("refused", status, plan_id=plan_id, said=said, since=unseen, is_published=is_published)


def _page(name: str, status: int = 200, **context: object) -> ResponseReturnValue:
    """The part alone for htmx and the board, else a page around it."""
    part = f"planning/changes/_{name}.html"
    template = part if "HX-Request" in request.headers else "planning/changes/change.html"
    back = request.form.get("next", "")
    return render_template(template, part=part, back=back, say=describing, **context), status


def _done(plan_id: int, said: str) -> ResponseReturnValue:
    """Back to where the change was asked for."""
    flash(said, "success")
    to = url_for("planning.plan", plan_id=plan_id)
    if request.form.get("next"):
        to = shell.safe_next("planning.index")
    if "HX-Request" in request.headers:
        return Response(status=200, headers={"HX-Redirect": to})
    return redirect(to, 303)
