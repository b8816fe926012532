"""What an invited supplier sees: the lots, the documents, the questions and the deadline; and a proposed shorter time."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.calloffs.blueprint import invitation_at
from market.dis.calloffs.forms import AskForm, ConsentForm
from market.dis.calloffs.invite_operations import answer_deadline
from market.dis.calloffs.models import CallOff
from market.dis.calloffs.queries import asked_calloff, deadline_answers, lot_needs
from market.dis.calloffs.question_operations import ask_question
from market.dis.rules import CallOffState, NotPossibleNow
from market.values import Refused


@dis.route("/calloffs/<int:calloff_id>/invitation", methods=["GET", "POST"])
@access(Action.APPLY_TO_DIS)
def invitation(calloff_id: int) -> ResponseReturnValue:
    """The call-off as all who are invited see it; a question is asked here."""
    found, form, refused = invitation_at(calloff_id), AskForm(), ""
    if form.validate_on_submit():
        try:
            ask_question(
                shell.session(), invitation=found, text=form.text.data or "",
                request_key=form.request_key.data or "", at=shell.now(),
            )  # fmt: skip
            flash(gettext("Frågan är skickad. Svaret kommer till alla inbjudna."), "success")
            return redirect(url_for("dis.invitation", calloff_id=calloff_id) + "#questions")
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    calloff = found.calloff
    return render_template(
        "dis/calloffs/invitation.html", calloff=calloff, form=form, refused=refused,
        is_open=calloff.is_open(shell.now()), held=lot_needs(shell.session(), lots=calloff.lots),
    )  # fmt: skip


@dis.route("/calloffs/<int:calloff_id>/shorter-time/answer", methods=["GET", "POST"])
@access(Action.APPLY_TO_DIS)
def agree_deadline(calloff_id: int) -> ResponseReturnValue:
    """Yes or no to a shorter time, before the invitation."""
    session, actor = shell.session(), shell.actor()
    found = shell.found(asked_calloff(session, actor=actor, calloff_id=calloff_id))
    form = ConsentForm()
    if form.validate_on_submit():
        try:
            _answer(found, form)
            flash(gettext("Tack, svaret är sparat. Du kan ändra det tills inbjudan skickas."), "success")
        except Refused as refusal:
            shell.flash_refusal(refusal)
        return redirect(url_for("dis.agree_deadline", calloff_id=calloff_id))
    mine = deadline_answers(session, calloff=found).get(actor.producer_id or 0)
    return render_template(
        "dis/calloffs/agree_deadline.html",
        calloff=found,
        form=form,
        mine=mine,
        possible=found.state is CallOffState.DRAFT,
    )


def _answer(found: CallOff, form: ConsentForm) -> None:
    shown = form.shown()
    if shown is None or request.form.get("answer") not in {"yes", "no"}:
        raise NotPossibleNow
    answer_deadline(
        shell.session(),
        calloff=found,
        deadline_at=shown,
        agrees=request.form.get("answer") == "yes",
        actor=shell.actor(),
        at=shell.now(),
    )
