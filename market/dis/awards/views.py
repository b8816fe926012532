"""An award: the decision and what follows, for those who follow the DIS; its outcome, for those who were invited."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.applications.own_parts import register_own_part
from market.dis.awards import notice_views, wording
from market.dis.awards.blueprint import (
    award_to_run,
    by,
    calloff_at,
    calloff_to_run,
    contract_at,
    outcomes_of,
    typeset_decision,
)
from market.dis.awards.desk_part import load_desk_part, load_own_part
from market.dis.awards.forms import AnnulForm, DecisionForm, ReasonForm
from market.dis.awards.models import CallOffAward
from market.dis.awards.operations import (
    Decided,
    abandon_award,
    annul_award,
    check_decision,
    decide_award,
    drop_contract,
)
from market.dis.awards.order_operations import place_orders
from market.dis.awards.outcomes import own_lines, ties_drawn
from market.dis.awards.queries import (
    answers_for,
    awards_of,
    invitation_to,
    is_bound,
    orders_of,
    readable_award,
    readers_of,
    sendings,
)
from market.dis.awards.reasons import proposed_reasons
from market.dis.awards.rules import time_left
from market.dis.blueprint import dis
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluation
from market.dis.evaluations.queries import latest_evaluation
from market.dis.rules import CallOffEvent, CallOffState, Thing, is_possible
from market.dis.systems.desk import register_part
from market.dis.systems.queries import runs
from market.dis.tenders.models import Tender
from market.dis.tenders.queries import valid_tenders

__all__ = ["dis", "notice_views"]  # they add their routes

register_part("awards", load_desk_part)
register_own_part("awards", load_own_part)


@dis.get("/calloffs/<int:calloff_id>/award")
@access(Action.FOLLOW_DIS)
def award(calloff_id: int) -> ResponseReturnValue:
    """The decision, its standstill, its contracts and orders, and what can be done now."""
    calloff = calloff_at(calloff_id)
    decisions = awards_of(shell.session(), calloff_id=calloff_id)
    newest = decisions[0] if decisions else None
    stands = newest if newest is not None and newest.annulled_at is None else None
    return render_template(
        "dis/awards/award.html",
        calloff=calloff,
        award=stands,
        annulled=[one for one in decisions if one.annulled_at is not None],
        runs=runs(shell.actor(), calloff.dis_category.dis),
        can_decide=calloff.state is CallOffState.EVALUATED,
        can_undo=is_possible(Thing.CALLOFF, calloff.state, CallOffEvent.EVALUATE_AGAIN)
        and stands is not None,
        words=wording,
        at=shell.now(),
        **(_of_award(calloff, stands) if stands else {}),
    )


@dis.route("/calloffs/<int:calloff_id>/award/decide", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def decide(calloff_id: int) -> ResponseReturnValue:
    """Decide as it was evaluated: the reasons are proposed from the comparison, and the officer's own to change."""
    calloff, form, refused = calloff_to_run(calloff_id), DecisionForm(), ""
    evaluation = latest_evaluation(shell.session(), calloff_id=calloff_id)
    if evaluation is None or calloff.state is not CallOffState.EVALUATED:
        return redirect(url_for("dis.award", calloff_id=calloff_id))
    if request.method == "GET":
        _propose(form, calloff, evaluation)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _decide(calloff_id, form))
        if not refused:
            flash(gettext("Beslutet är fattat och skickat till alla som bjöds in."), "success")
            return redirect(url_for("dis.award", calloff_id=calloff_id))
    calloff = calloff_to_run(calloff_id)
    outcomes = outcomes_of(calloff, evaluation)
    return render_template(
        "dis/awards/decide.html", calloff=calloff, form=form, refused=refused, outcomes=outcomes
    )


@dis.route("/calloffs/<int:calloff_id>/award/annul", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def annul(calloff_id: int) -> ResponseReturnValue:
    """Take the decision back and evaluate again: a winner fell away, or something was wrong."""
    found, form, refused = award_to_run(calloff_id), AnnulForm(), ""
    tenders = valid_tenders(shell.session(), calloff_id=calloff_id)
    form.offer_choices(tenders)
    if form.validate_on_submit():
        chosen = next((one for one in tenders if str(one.id) == form.withdrawn.data), None)
        refused = shell.attempt(lambda: _annul(found, form, chosen))
        if not refused:
            flash(gettext("Beslutet är upphävt, och alla har fått veta det. Utvärdera igen."), "success")
            return redirect(url_for("dis.award", calloff_id=calloff_id))
    return render_template("dis/awards/annul.html", calloff_id=calloff_id, form=form, refused=refused)


@dis.route("/calloffs/<int:calloff_id>/award/abandon", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def abandon_award_page(calloff_id: int) -> ResponseReturnValue:
    """End the call-off after the decision, with a reason that all are told."""
    found, form, refused = award_to_run(calloff_id), ReasonForm(), ""
    if form.validate_on_submit():
        reason = form.reason.data or ""
        refused = shell.attempt(lambda: abandon_award(shell.session(), award=found, reason=reason, **by()))
        if not refused:
            flash(gettext("Avropet är avbrutet, och alla har fått veta varför."), "success")
            return redirect(url_for("dis.award", calloff_id=calloff_id))
    return render_template("dis/awards/abandon.html", calloff_id=calloff_id, form=form, refused=refused)


@dis.route("/contracts/<int:contract_id>/drop", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def drop(contract_id: int) -> ResponseReturnValue:
    """Let a winner go that never signed; what others have signed stands."""
    contract, form, refused = contract_at(contract_id), ReasonForm(), ""
    shell.found(contract if runs(shell.actor(), contract.award.calloff.dis_category.dis) else None)
    back = url_for("dis.award", calloff_id=contract.award.calloff_id)
    if form.validate_on_submit():
        reason = form.reason.data or ""
        refused = shell.attempt(
            lambda: drop_contract(shell.session(), contract=contract, reason=reason, **by())
        )
        if not refused:
            flash(gettext("Leverantören är släppt. Köp det som saknas i ett nytt avrop."), "success")
            return redirect(back)
    return render_template("dis/awards/drop.html", contract=contract, form=form, refused=refused, back=back)


@dis.post("/contracts/<int:contract_id>/orders")
@access(Action.FOLLOW_DIS)
def place_contract_orders(contract_id: int) -> ResponseReturnValue:
    """The button for what the clock does within a minute, and for seeing why it can not."""
    contract = contract_at(contract_id)
    shell.found(contract if answers_for(shell.actor(), contract) else None)
    back = url_for("dis.award", calloff_id=contract.award.calloff_id)
    refused = shell.attempt(lambda: place_orders(shell.session(), contract=contract, at=shell.now()))
    flash(refused or gettext("Beställningarna är lagda."), "error" if refused else "success")
    return redirect(back)


@dis.get("/decisions/<int:decision_id>.pdf")
@access(Action.READ_AWARD)
def award_decision_pdf(decision_id: int) -> ResponseReturnValue:
    """The decision, byte for byte as it was made; also one that was annulled later."""
    found = shell.found(readable_award(shell.session(), actor=shell.actor(), award_id=decision_id))
    name = f"tilldelningsbeslut-{found.calloff_id}-{found.number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.pdf or b"", mimetype="application/pdf", headers=headers)


@dis.get("/calloffs/<int:calloff_id>/outcome")
@access(Action.APPLY_TO_DIS)
def outcome(calloff_id: int) -> ResponseReturnValue:
    """For one who was invited: the decision, its reasons, and the own tender beside the winning ones (LOU 12 kap. 12 §)."""
    session = shell.session()
    invitation = shell.found(invitation_to(session, actor=shell.actor(), calloff_id=calloff_id))
    newest = awards_of(session, calloff_id=calloff_id)[0]
    outcomes = outcomes_of(invitation.calloff, newest.evaluation)
    own = session.query(Tender).filter_by(invitation_id=invitation.id).one_or_none()
    return render_template(
        "dis/awards/outcome.html",
        calloff=invitation.calloff,
        award=newest,
        outcomes=outcomes,
        own=own,
        lines=own_lines(own, outcomes, newest.evaluation) if own else [],
        contracts=[one for one in newest.contracts if one.producer_id == invitation.producer_id],
        left=time_left(newest.standstill_ends_at, at=shell.now()) if newest.standstill_ends_at else None,
    )


def _of_award(calloff: CallOff, stands: CallOffAward) -> dict[str, object]:
    agreement_ids = [one.agreement_id for one in stands.contracts if one.agreement_id is not None]
    ends_at = stands.standstill_ends_at
    messages = sendings(shell.session(), award_id=stands.id)
    return {
        "outcomes": outcomes_of(calloff, stands.evaluation),
        "messages": messages,
        "readers": readers_of(shell.session(), messages=messages),
        "is_bound": is_bound(stands.contracts),
        "own_authority_id": shell.actor().authority_id,
        "left": time_left(ends_at, at=shell.now()) if ends_at else None,
        "orders": orders_of(shell.session(), agreement_ids=agreement_ids),
        "may_place": {one.id: answers_for(shell.actor(), one) for one in stands.contracts},
    }


def _propose(form: DecisionForm, calloff: CallOff, evaluation: Evaluation) -> None:
    form.evaluation.data, form.standstill_days.data = str(evaluation.id), calloff.standstill_days
    form.reasons.data = proposed_reasons(
        outcomes_of(calloff, evaluation),
        cost_ore=evaluation.cost_ore,
        comparison_ore=evaluation.comparison_ore,
        counts_delivery=calloff.counts_delivery,
        drawn_lots=ties_drawn(evaluation),
    )


def _decide(calloff_id: int, form: DecisionForm) -> None:
    """Check, typeset with no transaction open, and decide exactly that."""
    evaluation_id, reasons, days = (
        form.evaluation_id(),
        form.reasons.data or "",
        form.standstill_days.data or 0,
    )
    calloff = calloff_to_run(calloff_id)
    evaluation = check_decision(
        shell.session(), calloff=calloff, evaluation_id=evaluation_id, reasons=reasons, standstill_days=days, **by()
    )  # fmt: skip
    pdf = typeset_decision(calloff, evaluation, reasons=reasons, days=days)
    decided = Decided(evaluation_id=evaluation_id, reasons=reasons, standstill_days=days, pdf=pdf)
    decide_award(shell.session(), calloff=calloff_to_run(calloff_id), decided=decided, **by())


def _annul(found: CallOffAward, form: AnnulForm, chosen: Tender | None) -> None:
    annul_award(shell.session(), award=found, reason=form.reason.data or "", withdrawn=chosen, **by())
