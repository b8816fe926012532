"""The officer answers questions, and tells all something more."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.calloffs.blueprint import calloff_run_at
from market.dis.calloffs.forms import AnswerForm
from market.dis.calloffs.models import CallOff
from market.dis.calloffs.queries import question_of
from market.dis.calloffs.question_operations import answer_question, inform_all
from market.dis.calloffs.rules import NothingWritten
from market.values import Refused


@dis.post("/calloffs/<int:calloff_id>/answer")
@access(Action.RUN_DIS)
def answer_calloff(calloff_id: int) -> ResponseReturnValue:
    """To all who are invited."""
    found, form = calloff_run_at(calloff_id), AnswerForm()
    try:
        if not form.validate():
            raise NothingWritten
        _answer(found, form)
        flash(gettext("Svaret har gått ut till alla inbjudna."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("dis.calloff", calloff_id=calloff_id) + "#questions")


def _answer(found: CallOff, form: AnswerForm) -> None:
    session, actor, at, text = shell.session(), shell.actor(), shell.now(), form.text.data or ""
    if "question_id" not in request.form:
        key = form.request_key.data or ""
        inform_all(session, calloff=found, text=text, request_key=key, actor=actor, at=at)
        return
    question = question_of(session, calloff=found, question_id=request.form.get("question_id", 0, type=int))
    answer_question(session, calloff=found, question=shell.found(question), answer=text, actor=actor, at=at)
