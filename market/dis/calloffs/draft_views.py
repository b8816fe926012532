"""From needs to a draft, and the draft until it is sent or thrown away."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.calloffs.blueprint import calloff_run_at
from market.dis.calloffs.forms import CallOffForm
from market.dis.calloffs.lot_operations import join_lots, remove_lots, split_lots
from market.dis.calloffs.lots import LotPeriod, Split
from market.dis.calloffs.models import CallOff
from market.dis.calloffs.operations import change_calloff, discard_calloff, draft_calloff
from market.dis.needs.queries import round_to_run
from market.dis.rules import CallOffState
from market.values import Refused


@dis.post("/rounds/<int:round_id>/merge")
@access(Action.RUN_DIS)
def merge_needs(round_id: int) -> ResponseReturnValue:
    """Make a draft of what the kitchens need."""
    session, actor = shell.session(), shell.actor()
    need_round = shell.found(round_to_run(session, actor=actor, round_id=round_id))
    try:
        made = draft_calloff(
            session,
            need_round=need_round,
            period=LotPeriod(request.form.get("period", LotPeriod.WHOLE.value)),
            request_key=request.form.get("request_key", ""),
            actor=actor,
            at=shell.now(),
        )
    except (Refused, ValueError) as error:
        shell.flash_refusal(error if isinstance(error, Refused) else Refused())
        return redirect(url_for("dis.need_round", round_id=round_id))
    flash(gettext("Behoven är ihoplagda. Läs igenom delarna, och bjud sedan in."), "success")
    return redirect(url_for("dis.edit_calloff", calloff_id=made.id))


@dis.route("/calloffs/<int:calloff_id>/edit", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def edit_calloff(calloff_id: int) -> ResponseReturnValue:
    """The texts of a draft, kept as a whole."""
    found, form, refused = calloff_run_at(calloff_id), CallOffForm(), ""
    if request.method == "GET" or found.state is not CallOffState.DRAFT:
        form.fill_in(found)
    form.offer(found)
    if form.validate_on_submit():
        try:
            return _changed(found, form)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("dis/calloffs/edit.html", calloff=found, form=form, refused=refused)


@dis.post("/calloffs/<int:calloff_id>/lots")
@access(Action.RUN_DIS)
def change_lots(calloff_id: int) -> ResponseReturnValue:
    """Split, join or take out the lots that are ticked."""
    found = calloff_run_at(calloff_id)
    try:
        _change_lots(found, request.form.get("do", ""), request.form.getlist("lot", type=int))
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("dis.edit_calloff", calloff_id=calloff_id) + "#lots")


@dis.route("/calloffs/<int:calloff_id>/discard", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def discard_calloff_page(calloff_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    found = calloff_run_at(calloff_id)
    if request.method == "GET":
        return render_template("dis/calloffs/discard.html", calloff=found)
    try:
        discard_calloff(shell.session(), calloff=found, actor=shell.actor(), at=shell.now())
        flash(gettext("Utkastet är slängt. Behoven kan läggas ihop igen."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("dis.calloff", calloff_id=calloff_id))


def _changed(found: CallOff, form: CallOffForm) -> ResponseReturnValue:
    change_calloff(shell.session(), calloff=found, texts=form.written(), actor=shell.actor(), at=shell.now())
    if "invite" in request.form:
        return redirect(url_for("dis.invite", calloff_id=found.id))
    flash(gettext("Sparat."), "success")
    return redirect(url_for("dis.edit_calloff", calloff_id=found.id))


def _change_lots(found: CallOff, action: str, lot_ids: list[int]) -> None:
    session, actor, at = shell.session(), shell.actor(), shell.now()
    if action == "join":
        join_lots(session, calloff=found, lot_ids=lot_ids, actor=actor, at=at)
    elif action == "remove":
        remove_lots(session, calloff=found, lot_ids=lot_ids, actor=actor, at=at)
    elif action in set(Split):
        split_lots(session, calloff=found, lot_ids=lot_ids, how=Split(action), actor=actor, at=at)
    else:
        raise Refused
