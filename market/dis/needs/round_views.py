"""The officer asks the kitchens, closes the round, and opens it again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.needs.blueprint import own_round_at
from market.dis.needs.forms import ReopenForm, RoundForm
from market.dis.needs.models import NeedRound
from market.dis.needs.operations import close_round, open_round, reopen_round
from market.dis.rules import NeedRoundEvent, Thing, is_possible
from market.dis.systems.models import DisCategory
from market.dis.systems.queries import category_to_change
from market.values import Refused


@dis.route("/categories/<int:dis_category_id>/rounds/new", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def new_round(dis_category_id: int) -> ResponseReturnValue:
    """Ask the kitchens what they need of a category."""
    category = shell.found(
        category_to_change(shell.session(), actor=shell.actor(), dis_category_id=dis_category_id)
    )
    form, refused = RoundForm(), ""
    if request.method == "GET":
        form.start_with(today=shell.today())
    form.offer_choices(today=shell.today(), more="more" in request.form)
    if "more" not in request.form and form.validate_on_submit():
        try:
            return _opened(category, form)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("dis/needs/new.html", form=form, category=category, refused=refused)


@dis.post("/rounds/<int:round_id>/close")
@access(Action.RUN_DIS)
def close_need_round(round_id: int) -> ResponseReturnValue:
    """No more answers."""
    need_round = own_round_at(round_id)
    try:
        close_round(shell.session(), need_round=need_round, user_id=shell.actor().user_id, at=shell.now())
        flash(gettext("Omgången är stängd. Nu kan behoven läggas ihop till ett avrop."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("dis.need_round", round_id=round_id))


@dis.route("/rounds/<int:round_id>/reopen", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def reopen_need_round(round_id: int) -> ResponseReturnValue:
    """Take answers again, until a new time."""
    need_round, form, refused = own_round_at(round_id), ReopenForm(), ""
    if form.validate_on_submit():
        try:
            return _reopened(need_round, form)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    possible = is_possible(Thing.NEED_ROUND, need_round.state, NeedRoundEvent.REOPEN)
    return render_template(
        "dis/needs/reopen.html", form=form, round=need_round, refused=refused, possible=possible
    )


def _opened(category: DisCategory, form: RoundForm) -> ResponseReturnValue:
    made = open_round(
        shell.session(),
        category=category,
        asked=form.asked(),
        wording_reason=form.reason,
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(gettext("Frågan har gått ut till köken. Här syns svaren."), "success")
    return redirect(url_for("dis.need_round", round_id=made.id))


def _reopened(need_round: NeedRound, form: ReopenForm) -> ResponseReturnValue:
    reopen_round(
        shell.session(),
        need_round=need_round,
        closes_at=form.closes_at(),
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(gettext("Omgången är öppen igen, och köken har fått veta det."), "success")
    return redirect(url_for("dis.need_round", round_id=need_round.id))
