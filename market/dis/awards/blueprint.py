"""What the pages of an award share: finding the thing or 404, doing one operation, and making its document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app

from market import shell
from market.dis.awards.documents import Decision, decision_content, decision_pdf
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.operations import end_of, next_number
from market.dis.awards.outcomes import lot_outcomes
from market.dis.awards.queries import award_in_force, contract_of, followed_calloff, followed_dis
from market.dis.awards.reasons import LotOutcome
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluation
from market.dis.systems.models import Dis
from market.dis.systems.queries import runs
from market.dis.tenders.queries import valid_tenders


def calloff_at(calloff_id: int) -> CallOff:
    """One that the actor's authority takes part in, or 404."""
    return shell.found(followed_calloff(shell.session(), actor=shell.actor(), calloff_id=calloff_id))


def calloff_to_run(calloff_id: int) -> CallOff:
    """One that the actor runs, or 404."""
    calloff = calloff_at(calloff_id)
    return shell.found(calloff if runs(shell.actor(), calloff.dis_category.dis) else None)


def award_to_run(calloff_id: int) -> CallOffAward:
    """The decision that stands, of a call-off that the actor runs, or 404."""
    calloff = calloff_to_run(calloff_id)
    return shell.found(award_in_force(shell.session(), calloff_id=calloff.id))


def contract_at(contract_id: int) -> AwardContract:
    return shell.found(contract_of(shell.session(), actor=shell.actor(), contract_id=contract_id))


def dis_at(dis_id: int) -> Dis:
    return shell.found(followed_dis(shell.session(), actor=shell.actor(), dis_id=dis_id))


def by() -> dict[str, Any]:
    return {"actor": shell.actor(), "at": shell.now()}


def outcomes_of(calloff: CallOff, evaluation: Evaluation) -> tuple[LotOutcome, ...]:
    tenders = valid_tenders(shell.session(), calloff_id=calloff.id)
    return lot_outcomes(calloff.lots, evaluation, tenders)


def typeset_decision(calloff: CallOff, evaluation: Evaluation, *, reasons: str, days: int) -> bytes:
    """The document of a decision that is about to be made, typeset while no transaction is open."""
    tenders = valid_tenders(shell.session(), calloff_id=calloff.id)
    decision = Decision(
        number=next_number(shell.session(), calloff_id=calloff.id),
        outcomes=lot_outcomes(calloff.lots, evaluation, tenders),
        invited=len(calloff.invitations),
        tenderers=[one.producer.name for one in tenders],
        reasons=reasons.strip(),
        decided_at=shell.now(),
        decided_by=shell.actor().name,
        standstill_days=days,
        standstill_ends_at=end_of(at=shell.now(), days=days),
        cost_ore=evaluation.cost_ore,
    )
    template = Path(
        current_app.root_path, str(current_app.template_folder), "documents", "award_decision.typ"
    )
    content = decision_content(calloff, decision)
    shell.let_go()
    return decision_pdf(content, template=template, at=shell.now())
