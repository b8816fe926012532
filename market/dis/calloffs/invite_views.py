"""Sending the invitations, asking for a shorter time, extending it, and ending a call-off early."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.applications.queries import admitted
from market.dis.blueprint import dis
from market.dis.calloffs.blueprint import calloff_run_at
from market.dis.calloffs.forms import DeadlineForm, ReasonForm
from market.dis.calloffs.invite_operations import (
    check_ready,
    extend_deadline,
    invite_all,
    propose_deadline,
    tender_days,
)
from market.dis.calloffs.models import CallOff
from market.dis.calloffs.operations import abandon_calloff
from market.dis.calloffs.queries import all_agree
from market.dis.calloffs.rules import (
    ReasonForShortTime,
    can_be_abandoned,
    earliest_deadline,
    usual_deadline,
)
from market.dis.rules import CallOffState
from market.dis.sealing.at_hand import keeper
from market.values import Refused


@dis.route("/calloffs/<int:calloff_id>/invite", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def invite(calloff_id: int) -> ResponseReturnValue:
    """Who is invited and until when; then all of them at once."""
    found, form, refused, needs_reason = calloff_run_at(calloff_id), DeadlineForm(), "", False
    if form.validate_on_submit():
        try:
            return _invited(found, form)
        except Refused as refusal:
            shell.session().rollback()
            refused, needs_reason = shell.explain(refusal), isinstance(refusal, ReasonForShortTime)
    elif request.method == "GET":
        form.start_with(_first_deadline(found))
    return render_template(
        "dis/calloffs/invite.html",
        calloff=found,
        form=form,
        refused=refused or _not_ready(found),
        needs_reason=needs_reason or bool(form.reason.data),
        **_facts(found),
    )


@dis.route("/calloffs/<int:calloff_id>/shorter-time", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def ask_deadline(calloff_id: int) -> ResponseReturnValue:
    """Ask all who are admitted whether they agree to a shorter time."""
    found, form, refused = calloff_run_at(calloff_id), DeadlineForm(), ""
    if form.validate_on_submit():
        try:
            propose_deadline(
                shell.session(),
                calloff=found,
                deadline_at=form.deadline(),
                actor=shell.actor(),
                at=shell.now(),
            )
            flash(gettext("Frågan har gått ut till alla godkända leverantörer."), "success")
            return redirect(url_for("dis.calloff", calloff_id=calloff_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "dis/calloffs/ask_deadline.html", calloff=found, form=form, refused=refused, **_facts(found)
    )


@dis.route("/calloffs/<int:calloff_id>/extend", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def extend_calloff(calloff_id: int) -> ResponseReturnValue:
    """More time for everyone."""
    found, form, refused = calloff_run_at(calloff_id), DeadlineForm(), ""
    if request.method == "GET" and found.deadline_at is not None:
        form.start_with(found.deadline_at)
    if form.validate_on_submit():
        try:
            extend_deadline(
                shell.session(), calloff=found, deadline_at=form.deadline(), reason=form.reason.data or "",
                actor=shell.actor(), at=shell.now(),
            )  # fmt: skip
            flash(gettext("Tiden är förlängd, och alla inbjudna har fått veta det."), "success")
            return redirect(url_for("dis.calloff", calloff_id=calloff_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "dis/calloffs/extend.html",
        calloff=found,
        form=form,
        refused=refused,
        possible=found.is_open(shell.now()),
    )


@dis.route("/calloffs/<int:calloff_id>/abandon", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def abandon(calloff_id: int) -> ResponseReturnValue:
    """End a call-off that is out, with the reasons."""
    found, form, refused = calloff_run_at(calloff_id), ReasonForm(), ""
    if form.validate_on_submit():
        try:
            abandon_calloff(
                shell.session(),
                calloff=found,
                reason=form.reason.data or "",
                actor=shell.actor(),
                at=shell.now(),
            )
            flash(gettext("Avropet är avbrutet, och alla inbjudna har fått veta varför."), "success")
            return redirect(url_for("dis.calloff", calloff_id=calloff_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    possible = can_be_abandoned(found.state)
    return render_template(
        "dis/calloffs/abandon.html", calloff=found, form=form, refused=refused, possible=possible
    )


def _invited(found: CallOff, form: DeadlineForm) -> ResponseReturnValue:
    sent = invite_all(
        shell.session(),
        calloff=found,
        deadline_at=form.deadline(),
        reason=form.reason.data or "",
        keeper=keeper(),
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(
        gettext("Inbjudan är på väg till alla %(count)s godkända leverantörer.", count=len(sent)), "success"
    )
    return redirect(url_for("dis.calloff", calloff_id=found.id))


def _first_deadline(found: CallOff) -> datetime:
    """What all have agreed to, else what is late enough."""
    if found.proposed_deadline_at is not None and all_agree(shell.session(), calloff=found):
        return found.proposed_deadline_at
    return usual_deadline(shell.now(), tender_days(shell.session(), at=shell.now()))


def _not_ready(found: CallOff) -> str:
    """What stands in the way, before anyone presses the button."""
    if found.state is not CallOffState.DRAFT:
        return ""
    try:
        check_ready(shell.session(), calloff=found, at=shell.now())
    except Refused as refusal:
        return shell.explain(refusal)
    return ""


def _facts(found: CallOff) -> dict[str, object]:
    session, at = shell.session(), shell.now()
    days = tender_days(session, at=at)
    return {
        "admitted": admitted(session, dis_category_id=found.dis_category_id),
        "days": days,
        "earliest": earliest_deadline(at, days),
        "dis": found.dis_category.dis,
    }
