"""The pages of those who judge: what waits for me, my declaration, and my points to samples without names or prices."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.calloffs.models import CallOff
from market.dis.evaluations import wording
from market.dis.evaluations.forms import DeclarationForm, Sheet
from market.dis.evaluations.group_operations import declare, save_scores, submit_scores
from market.dis.evaluations.models import Evaluator
from market.dis.evaluations.pages import merged
from market.dis.evaluations.queries import (
    own_declaration,
    samples_of,
    scored_criteria,
    scoring_of,
    seat_of,
    seats_of,
)
from market.dis.evaluations.rules import Declaration
from market.dis.rules import CallOffState
from market.dis.systems.queries import runs
from market.dis.tenders.queries import calloff_here
from market.values import Refused


@dis.get("/judging")
@access(Action.JUDGE_TENDERS)
def judging() -> ResponseReturnValue:
    """The call-offs in whose working group I am."""
    seats = seats_of(shell.session(), actor=shell.actor())
    return render_template("dis/evaluations/judging.html", seats=seats, words=wording)


@dis.route("/calloffs/<int:calloff_id>/declaration", methods=["GET", "POST"])
@access(Action.JUDGE_TENDERS)
def declare_interest(calloff_id: int) -> ResponseReturnValue:
    """Say whether I have an interest of my own, before I see anything of the tenders."""
    calloff, seat = _mine_to_declare(calloff_id)
    form, refused = DeclarationForm(), ""
    form.offer_choices()
    if form.validate_on_submit():
        refused = _declare(calloff, form)
        if not refused:
            flash(gettext("Ditt svar är sparat."), "success")
            to = "dis.score" if seat and seat.is_scorer else "dis.evaluation"
            return redirect(url_for(to, calloff_id=calloff_id))
    return render_template(
        "dis/evaluations/declare.html",
        calloff=calloff,
        seat=seat,
        form=form,
        refused=refused,
        invited=sorted(one.producer.name for one in calloff.invitations),
    )


@dis.route("/calloffs/<int:calloff_id>/score", methods=["GET", "POST"])
@access(Action.JUDGE_TENDERS)
def score(calloff_id: int) -> ResponseReturnValue:
    """Points to samples that have only a label. Saved as one goes, locked when handed in."""
    seat, calloff = shell.found(seat_of(shell.session(), actor=shell.actor(), calloff_id=calloff_id))
    if seat.declaration is None and seat.removed_at is None:
        return redirect(url_for("dis.declare_interest", calloff_id=calloff_id))
    if request.method == "GET":
        return _score_page(seat, calloff, _stored(seat))
    criteria = scored_criteria(calloff)
    sheet = Sheet.sent(request.form, samples_of(shell.session(), calloff_id=calloff_id), criteria)
    refused = "" if sheet.errors else _save(seat, calloff, sheet)
    if sheet.errors or refused:
        return _score_page(seat, calloff, sheet, refused)
    handed_in = request.form.get("do") == "submit"
    flash(gettext("Dina poäng är inlämnade.") if handed_in else gettext("Sparat så länge."), "success")
    return redirect(url_for("dis.score", calloff_id=calloff_id))


def _mine_to_declare(calloff_id: int) -> tuple[CallOff, Evaluator | None]:
    """My own seat, or the officer's part in a call-off of a DIS that the authority runs; 404 for others."""
    calloff = shell.found(calloff_here(shell.session(), actor=shell.actor(), calloff_id=calloff_id))
    seat = own_declaration(shell.session(), actor=shell.actor(), calloff_id=calloff_id)
    if seat is None and not runs(shell.actor(), calloff.dis_category.dis):
        shell.not_found()
    return calloff, seat


def _declare(calloff: CallOff, form: DeclarationForm) -> str:
    try:
        declare(
            shell.session(),
            calloff=calloff,
            declaration=Declaration(form.declaration.data),
            note=form.note.data or "",
            **_by(),
        )
    except Refused as refusal:
        shell.session().rollback()
        return shell.explain(refusal)
    return ""


def _save(seat: Evaluator, calloff: CallOff, sheet: Sheet) -> str:
    session = shell.session()
    try:
        save_scores(session, seat=seat, calloff=calloff, points=sheet.points, notes=sheet.notes, **_by())
        if request.form.get("do") == "submit":
            submit_scores(session, seat=seat, calloff=calloff, **_by())
    except Refused as refusal:
        session.rollback()
        return shell.explain(refusal)
    return ""


def _stored(seat: Evaluator) -> Sheet:
    return Sheet(
        typed={(one.tender_id, one.criterion_id): str(one.points) for one in seat.scores},
        notes={one.tender_id: one.note for one in seat.scores},
    )


def _score_page(seat: Evaluator, calloff: CallOff, sheet: Sheet, refused: str = "") -> ResponseReturnValue:
    session = shell.session()
    scoring = scoring_of(session, calloff=calloff)
    is_mine = seat.is_impartial and calloff.state is CallOffState.OPENED
    return render_template(
        "dis/evaluations/score.html",
        calloff=calloff,
        seat=seat,
        samples=samples_of(session, calloff_id=calloff.id) if seat.is_impartial else [],
        criteria=scored_criteria(calloff),
        sheet=sheet,
        refused=refused,
        scoring=scoring,
        can_score=is_mine and seat.submitted_at is None and not scoring.is_over and not scoring.is_closed,
        merged=merged(session, calloff=calloff) if scoring.is_over and seat.counts else [],
        words=wording,
    )


def _by() -> dict[str, Any]:
    return {"actor": shell.actor(), "at": shell.now()}
