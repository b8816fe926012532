"""A call-off as the staff of the named authorities see it, with the proof that all were invited."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.dis.applications.own_parts import register_own_part
from market.dis.applications.queries import admitted
from market.dis.blueprint import dis
from market.dis.calloffs import draft_views, invite_views, question_views, supplier_views
from market.dis.calloffs.blueprint import calloff_at
from market.dis.calloffs.forms import AnswerForm
from market.dis.calloffs.models import CallOff
from market.dis.calloffs.own_part import load_own_part
from market.dis.calloffs.proof import proof_of, proof_sheet
from market.dis.calloffs.queries import calloffs_of, deadline_answers, history_of
from market.dis.calloffs.rules import can_be_abandoned
from market.dis.rules import CallOffState
from market.dis.systems.desk import register_part
from market.dis.systems.queries import runs

__all__ = ["draft_views", "invite_views", "question_views", "supplier_views"]


@dis.get("/calloffs/<int:calloff_id>")
@access(Action.FOLLOW_DIS)
def calloff(calloff_id: int) -> ResponseReturnValue:
    """What is asked for, who is asked, what they have asked, and what can be done now."""
    found, session = calloff_at(calloff_id), shell.session()
    return render_template(
        "dis/calloffs/show.html",
        calloff=found,
        dis=found.dis_category.dis,
        can=_buttons(found),
        proof=proof_of(session, calloff=found),
        history=history_of(session, calloff_id=calloff_id),
        form=AnswerForm(),
        asked=admitted(session, dis_category_id=found.dis_category_id),
        answers=deadline_answers(session, calloff=found),
    )


@dis.get("/calloffs/<int:calloff_id>/proof.csv")
@access(Action.FOLLOW_DIS)
def invitation_proof(calloff_id: int) -> ResponseReturnValue:
    """The proof of sending, to keep."""
    found = calloff_at(calloff_id)
    content = proof_sheet(found, proof_of(shell.session(), calloff=found))
    headers = {"Content-Disposition": f'attachment; filename="inbjudan-{calloff_id}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _buttons(found: CallOff) -> dict[str, bool]:
    """By the table of transitions, the clock, and who runs the DIS."""
    does_run = runs(shell.actor(), found.dis_category.dis)
    is_open = found.is_open(shell.now())
    return {
        "edit": does_run and found.state is CallOffState.DRAFT,
        "answer": does_run and is_open,
        "extend": does_run and is_open,
        "abandon": does_run and can_be_abandoned(found.state),
        "open": found.state is CallOffState.INVITED and not is_open,
    }


register_part(
    "calloffs",
    lambda session, dis_of_it, _actor, _at: {"calloffs": calloffs_of(session, dis_id=dis_of_it.id)},
)
register_own_part("calloffs", load_own_part)
