"""Qualifying: the list with its clock, one application's checklist, the decision, more time, putting out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from market import shell
from market.access import access
from market.actors import Action, Actor
from market.dis.applications import wording
from market.dis.applications.forms import ExcludeForm, ReasonForm, ReviewForm, category_name, ground_choices
from market.dis.applications.models import Application
from market.dis.applications.own_views import download
from market.dis.applications.queries import (
    admitted_counts,
    admitted_to,
    applications_of,
    file_of,
    followed_application,
    history_of,
    inquiries_of,
    staffed_dis,
)
from market.dis.applications.review_operations import admit, judge_requirements, reject
from market.dis.applications.review_operations import exclude as put_out
from market.dis.applications.review_operations import extend_review as give_more_time
from market.dis.applications.rules import is_late
from market.dis.applications.steps import legal_days
from market.dis.blueprint import dis as pages
from market.dis.rules import ApplicationState, NotPossibleNow, Regime
from market.dis.systems.desk import register_part, register_public_part
from market.dis.systems.models import Dis
from market.dis.systems.queries import runs
from market.law.rules import LawKey
from market.values import Refused, local_date


@pages.get("/<int:dis_id>/applications")
@access(Action.FOLLOW_DIS)
def applications(dis_id: int) -> ResponseReturnValue:
    """All that have been sent in: what is to be decided first, what is late in red, then the others."""
    session, actor = shell.session(), shell.actor()
    system = shell.found(staffed_dis(session, actor=actor, dis_id=dis_id))
    found = applications_of(session, dis_id=dis_id)
    return render_template(
        "dis/applications/list.html",
        dis=system,
        waiting=[one for one in found if one.state is ApplicationState.SUBMITTED],
        decided=[one for one in found if one.state is not ApplicationState.SUBMITTED],
        counts=admitted_counts(session, dis_id=dis_id),
        inquiries=inquiries_of(session, dis_id=dis_id),
        runs=runs(actor, system),
        days=legal_days(session, LawKey.DIS_EVALUATION, at=shell.now()),
        more_days=legal_days(session, LawKey.DIS_EVALUATION_EXTENDED, at=shell.now()),
        **_clock(),
    )


@pages.get("/applications/<int:application_id>/qualify")
@access(Action.FOLLOW_DIS)
def qualify(application_id: int) -> ResponseReturnValue:
    """One application as its authorities see it: answers, evidence, checklist, decision, history."""
    found = followed_application(shell.session(), actor=shell.actor(), application_id=application_id)
    return _page(shell.found(found))


@pages.post("/applications/<int:application_id>/judge")
@access(Action.RUN_DIS)
def judge(application_id: int) -> ResponseReturnValue:
    """Save the checklist, and decide when one of the two buttons for it was pressed."""
    found = _run(application_id)
    form = ReviewForm.of(found)
    if not form.is_whole:
        shell.flash_refusal(NotPossibleNow())
        return redirect(url_for("dis.qualify", application_id=application_id))
    if not form.validate_on_submit():
        return _page(found, form)
    try:
        done = _decided(found, form, request.form.get("decision", ""))
    except Refused as refusal:
        shell.session().rollback()
        return _page(_run(application_id), form, refused=shell.explain(refusal))
    flash(done, "success")
    return redirect(url_for("dis.qualify", application_id=application_id))


@pages.route("/applications/<int:application_id>/more-time", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def extend_review(application_id: int) -> ResponseReturnValue:
    """The longer time to decide, with its reasons (LOU 8 kap. 7 §)."""
    found, form, refused = _run(application_id), ReasonForm(), ""
    if form.validate_on_submit():
        try:
            reason, actor = form.reason.data or "", shell.actor()
            give_more_time(shell.session(), application=found, reason=reason, actor=actor, at=shell.now())
            flash(gettext("Tiden är förlängd. Leverantören får veta det."), "success")
            return redirect(url_for("dis.qualify", application_id=application_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    days = legal_days(shell.session(), LawKey.DIS_EVALUATION_EXTENDED, at=shell.now())
    return render_template(
        "dis/applications/extend.html", application=found, form=form, refused=refused, days=days
    )


@pages.route("/applications/<int:application_id>/exclude", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def exclude(application_id: int) -> ResponseReturnValue:
    """Put an admitted supplier out, with ground and reasons, after it has been heard."""
    found, form, refused = _run(application_id), ExcludeForm(), ""
    form.ground.choices = ground_choices()
    if form.validate_on_submit():
        try:
            put_out(
                shell.session(), applications=_to_put_out(found, form), ground=form.chosen_ground(),
                reason=form.reason.data or "", actor=shell.actor(), at=shell.now(),
            )  # fmt: skip
            flash(gettext("Leverantören är utesluten och får beslutet med skälen."), "success")
            return redirect(url_for("dis.qualify", application_id=application_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("dis/applications/exclude.html", application=found, form=form, refused=refused)


@pages.get("/applications/<int:application_id>/evidence/<int:requirement_id>")
@access(Action.FOLLOW_DIS)
def evidence(application_id: int, requirement_id: int) -> ResponseReturnValue:
    """A file that the applicant has attached, for those who judge it."""
    found = followed_application(shell.session(), actor=shell.actor(), application_id=application_id)
    file = file_of(shell.session(), application=shell.found(found), requirement_id=requirement_id)
    return download(shell.found(file))


def on_desk(session: Session, system: Dis, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """What the desk of a DIS says of applications."""
    today = local_date(at)
    found = applications_of(session, dis_id=system.id)
    waiting = [one for one in found if one.state is ApplicationState.SUBMITTED]
    return {
        "waiting": waiting,
        "late": [one for one in waiting if is_late(one.state, one.due_on, today=today)],
        "counts": admitted_counts(session, dis_id=system.id),
        "runs": runs(actor, system),
        "category_name": category_name,
    }


def on_notice(session: Session, system: Dis) -> Mapping[str, Any]:
    """How many are admitted in each category: a number for everyone, never who."""
    return {"counts": admitted_counts(session, dis_id=system.id), "category_name": category_name}


register_part("applications", on_desk)
register_public_part("applications", on_notice)


def _run(application_id: int) -> Application:
    """One in a DIS that the officer's authority runs."""
    return shell.found(
        followed_application(
            shell.session(), actor=shell.actor(), application_id=application_id, must_run=True
        )
    )


def _decided(found: Application, form: ReviewForm, decision: str) -> str:
    session, actor, at = shell.session(), shell.actor(), shell.now()
    judge_requirements(session, application=found, verdicts=form.judged(), actor=actor, at=at)
    if decision == "admit":
        admit(session, application=found, actor=actor, at=at)
        return str(gettext("Leverantören är godkänd och får veta det."))
    if decision == "reject":
        reason, ground = form.reason.data or "", form.chosen_ground()
        reject(session, application=found, ground=ground, reason=reason, actor=actor, at=at)
        return str(
            gettext("Ansökan är inte godkänd. Leverantören får skälen och vet hur det går att ansöka igen.")
        )
    return str(gettext("Bedömningen är sparad. Inget är beslutat än."))


def _to_put_out(found: Application, form: ExcludeForm) -> list[Application]:
    if not form.everywhere.data or found.state is not ApplicationState.ADMITTED:
        return [found]
    return admitted_to(shell.session(), dis_id=found.dis_category.dis_id, producer_id=found.producer_id)


def _clock() -> dict[str, Any]:
    """What every page with a last day needs."""
    return {
        "today": shell.today(),
        "is_late": is_late,
        "words": wording,
        "category_name": category_name,
        "directive": Regime.DIRECTIVE,
    }


def _page(found: Application, form: ReviewForm | None = None, refused: str = "") -> ResponseReturnValue:
    session, actor = shell.session(), shell.actor()
    system = found.dis
    ends_at = system.first_round_ends_at
    return render_template(
        "dis/applications/qualify.html",
        application=found,
        dis=system,
        form=form or ReviewForm.of(found),
        refused=refused,
        runs=runs(actor, system),
        round_ends_at=ends_at if ends_at and shell.now() < ends_at else None,
        history=history_of(session, application=found),
        inquiries=inquiries_of(session, dis_id=system.id, producer_id=found.producer_id),
        **_clock(),
    )
