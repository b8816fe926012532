"""The evaluation of a call-off: what is done and what is not, the working group, added values, the comparison."""

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
from market.dis.evaluations.forms import PersonForm, WhyForm, verdicts_sent, verdicts_stored
from market.dis.evaluations.group_operations import add_evaluator, close_scoring, remove_evaluator
from market.dis.evaluations.operations import (
    claims_of,
    evaluate_again,
    judge_claims,
    read_inputs,
    store_evaluation,
)
from market.dis.evaluations.pages import evaluation_page, on_desk
from market.dis.evaluations.queries import evaluators_of, own_declaration, tastes_blind
from market.dis.evaluations.working_out import work_out
from market.dis.systems.desk import register_part
from market.dis.systems.queries import runs
from market.dis.tenders.blindness import blind_by
from market.dis.tenders.queries import calloff_here, valid_tenders

register_part("evaluations", on_desk)
blind_by(tastes_blind)


@dis.get("/calloffs/<int:calloff_id>/evaluation")
@access(Action.FOLLOW_DIS)
def evaluation(calloff_id: int) -> ResponseReturnValue:
    """How far it has come, and every krona of the comparison. Who is to score blind is led to the points instead."""
    calloff, session = _calloff(calloff_id), shell.session()
    seat = own_declaration(session, actor=shell.actor(), calloff_id=calloff_id)
    if seat is not None and seat.is_awaited:
        return redirect(url_for("dis.score", calloff_id=calloff_id))
    page = evaluation_page(session, calloff=calloff, actor=shell.actor())
    form = PersonForm()
    form.offer_choices(page.people)
    return render_template("dis/evaluations/show.html", page=page, form=form, words=wording)


@dis.post("/calloffs/<int:calloff_id>/evaluation/group")
@access(Action.RUN_DIS)
def join_group(calloff_id: int) -> ResponseReturnValue:
    """Name someone for the working group."""
    calloff = _run(calloff_id)
    chosen = request.form.get("person", type=int) or 0
    refused = shell.attempt(lambda: add_evaluator(shell.session(), calloff=calloff, user_id=chosen, **_by()))
    return _back(calloff_id, refused, gettext("Personen är med i arbetsgruppen och har fått ett meddelande."))


@dis.route("/calloffs/<int:calloff_id>/evaluation/group/<int:seat_id>/remove", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def leave_group(calloff_id: int, seat_id: int) -> ResponseReturnValue:
    """Someone leaves; the reason is kept."""
    calloff, form, refused = _run(calloff_id), WhyForm(), ""
    group = {one.id: one for one in evaluators_of(shell.session(), calloff_id=calloff_id)}
    seat = shell.found(group.get(seat_id))
    if form.validate_on_submit():
        reason = form.reason.data or ""
        refused = shell.attempt(
            lambda: remove_evaluator(shell.session(), seat=seat, calloff=calloff, reason=reason, **_by())
        )
        if not refused:
            return _back(
                calloff_id, "", gettext("Personen bedömer inte längre. Poängen sparas men räknas inte.")
            )
    title = gettext("%(name)s ska inte längre bedöma", name=seat.user.name)
    lead = gettext("Poäng som redan är lämnade sparas för sig och räknas inte. Skälen står i handlingarna.")
    return _why(calloff, form, refused, title, lead)


@dis.route("/calloffs/<int:calloff_id>/evaluation/close-scoring", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def end_scoring(calloff_id: int) -> ResponseReturnValue:
    """Go on without those whose points are not in."""
    calloff, form, refused = _run(calloff_id), WhyForm(), ""
    if form.validate_on_submit():
        reason = form.reason.data or ""
        refused = shell.attempt(
            lambda: close_scoring(shell.session(), calloff=calloff, reason=reason, **_by())
        )
        if not refused:
            return _back(calloff_id, "", gettext("Bedömningen är avslutad."))
    lead = gettext("De som inte har lämnat in sina poäng räknas inte med. Därefter kan ingen poäng ändras.")
    return _why(calloff, form, refused, gettext("Avsluta bedömningen"), lead)


@dis.route("/calloffs/<int:calloff_id>/evaluation/values", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def judge_values(calloff_id: int) -> ResponseReturnValue:
    """Grant what tenderers state, or not and why."""
    calloff, refused = _run(calloff_id), ""
    claims = claims_of(valid_tenders(shell.session(), calloff_id=calloff_id))
    shown = verdicts_stored(claims)
    if request.method == "POST":
        shown, kept = verdicts_sent(request.form, claims)
        if not any(one.error for one in shown.values()):
            refused = shell.attempt(
                lambda: judge_claims(shell.session(), calloff=calloff, verdicts=kept, **_by())
            )
            if not refused:
                return _back(calloff_id, "", gettext("Bedömningen av mervärdena är sparad."))
    return render_template(
        "dis/evaluations/values.html",
        calloff=calloff,
        claims=claims,
        shown=shown,
        refused=refused,
        words=wording,
    )


@dis.post("/calloffs/<int:calloff_id>/evaluation")
@access(Action.RUN_DIS)
def evaluate(calloff_id: int) -> ResponseReturnValue:
    """Read, work it out with nothing locked, keep it unless something has changed meanwhile."""
    refused = shell.attempt(lambda: _evaluate(calloff_id))
    return _back(
        calloff_id, refused, gettext("Anbuden är jämförda. Kontrollera varje rad innan du tilldelar.")
    )


@dis.route("/calloffs/<int:calloff_id>/evaluation/again", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def reevaluate(calloff_id: int) -> ResponseReturnValue:
    """Back to the opened tenders, for a stated reason."""
    calloff, form, refused = _run(calloff_id), WhyForm(), ""
    if form.validate_on_submit():
        reason = form.reason.data or ""
        refused = shell.attempt(
            lambda: evaluate_again(shell.session(), calloff=calloff, reason=reason, **_by())
        )
        if not refused:
            return _back(
                calloff_id, "", gettext("Utvärderingen är öppen igen. Den förra finns kvar i handlingarna.")
            )
    lead = gettext("Till exempel när ett anbud har förkastats efteråt. Arbetsgruppens poäng ligger fast.")
    return _why(calloff, form, refused, gettext("Gör om utvärderingen"), lead)


def _evaluate(calloff_id: int) -> None:
    """The transaction that reads ends before the solver starts; another one stores."""
    inputs = read_inputs(shell.session(), calloff=_run(calloff_id), actor=shell.actor())
    shell.let_go()
    outcome = work_out(inputs)
    store_evaluation(shell.session(), calloff=_run(calloff_id), inputs=inputs, outcome=outcome, **_by())


def _calloff(calloff_id: int) -> CallOff:
    return shell.found(calloff_here(shell.session(), actor=shell.actor(), calloff_id=calloff_id))


def _run(calloff_id: int) -> CallOff:
    """For the officers of the authority that runs the DIS; for others there is no such page."""
    calloff = _calloff(calloff_id)
    return shell.found(calloff if runs(shell.actor(), calloff.dis_category.dis) else None)


def _by() -> dict[str, Any]:
    return {"actor": shell.actor(), "at": shell.now()}


def _back(calloff_id: int, refused: str, done: str) -> ResponseReturnValue:
    flash(refused or done, "error" if refused else "success")
    return redirect(url_for("dis.evaluation", calloff_id=calloff_id))


def _why(calloff: CallOff, form: WhyForm, refused: str, title: str, lead: str) -> ResponseReturnValue:
    return render_template(
        "dis/evaluations/why.html", calloff=calloff, form=form, refused=refused, title=title, lead=lead
    )
