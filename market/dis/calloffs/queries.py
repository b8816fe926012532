"""Reads of call-offs: for the staff of the named authorities, and for those who are invited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Select, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from market.actors import Actor
from market.dis.applications.models import Application
from market.dis.applications.queries import admitted
from market.dis.calloffs.models import CallOff, DeadlineAnswer, Invitation, Lot, LotNeed, Question
from market.dis.models import DisTransition
from market.dis.needs.models import NeedLine, RoundProduct
from market.dis.rules import ApplicationState, CallOffState, Thing
from market.dis.systems.models import DisAuthority, DisCategory
from market.dis.systems.queries import runs
from market.register.models import Kitchen

GONE = (CallOffState.DISCARDED, CallOffState.ABANDONED)
"""Call-offs that take nothing: what they held may be called off again."""


def own_calloff(session: Session, *, actor: Actor, calloff_id: int) -> CallOff | None:
    """For the staff of every authority that the DIS names."""
    found: CallOff | None = session.scalar(
        _of_staff(actor).where(CallOff.id == calloff_id).options(*_whole())
    )
    return found


def calloff_to_run(session: Session, *, actor: Actor, calloff_id: int) -> CallOff | None:
    """For the officers of the authority that runs the DIS."""
    found = own_calloff(session, actor=actor, calloff_id=calloff_id)
    return found if found is not None and runs(actor, found.dis_category.dis) else None


def calloff_with_key(session: Session, *, request_key: str) -> CallOff | None:
    return session.scalar(select(CallOff).where(CallOff.request_key == request_key))


def calloffs_of(session: Session, *, dis_id: int) -> list[CallOff]:
    """Of one DIS, without the discarded ones, the newest first."""
    query = (
        select(CallOff)
        .join(CallOff.dis_category)
        .where(DisCategory.dis_id == dis_id, CallOff.state != CallOffState.DISCARDED)
        .order_by(CallOff.id.desc())
    )
    return list(session.scalars(query))


def invited_calloff(session: Session, *, actor: Actor, calloff_id: int) -> Invitation | None:
    """The producer's own invitation, with the call-off. None for all others."""
    query = (
        select(Invitation)
        .where(Invitation.calloff_id == calloff_id, Invitation.producer_id == actor.producer_id)
        .options(joinedload(Invitation.calloff).options(*_whole()))
    )
    return session.scalar(query)


def invitations_of(session: Session, *, actor: Actor) -> list[Invitation]:
    """All that the producer has been invited to, the newest first."""
    query = (
        select(Invitation)
        .where(Invitation.producer_id == actor.producer_id)
        .options(joinedload(Invitation.calloff).joinedload(CallOff.dis_category).joinedload(DisCategory.dis))
        .order_by(Invitation.id.desc())
    )
    return list(session.scalars(query))


def asked_calloff(session: Session, *, actor: Actor, calloff_id: int) -> CallOff | None:
    """A call-off whose shorter deadline the producer was asked about, as one who is admitted to the category."""
    query = select(CallOff).where(
        CallOff.id == calloff_id,
        CallOff.proposed_deadline_at.is_not(None),
        CallOff.state != CallOffState.DISCARDED,
        _admitted_to(actor),
    )
    return session.scalar(query.options(*_whole()))


def deadlines_asked(session: Session, *, actor: Actor) -> list[CallOff]:
    """The drafts whose shorter deadline the producer is asked about, and has not answered as it is proposed now."""
    answered = exists(
        select(DeadlineAnswer.calloff_id).where(
            DeadlineAnswer.calloff_id == CallOff.id,
            DeadlineAnswer.producer_id == actor.producer_id,
            DeadlineAnswer.deadline_at == CallOff.proposed_deadline_at,
        )
    )
    query = select(CallOff).where(
        CallOff.state == CallOffState.DRAFT,
        CallOff.proposed_deadline_at.is_not(None),
        _admitted_to(actor),
        ~answered,
    )
    return list(session.scalars(query.order_by(CallOff.proposed_deadline_at)))


def deadline_answers(session: Session, *, calloff: CallOff) -> dict[int, DeadlineAnswer]:
    """What each producer says to the deadline that is proposed now; answers to another do not count."""
    query = select(DeadlineAnswer).where(
        DeadlineAnswer.calloff_id == calloff.id, DeadlineAnswer.deadline_at == calloff.proposed_deadline_at
    )
    return {one.producer_id: one for one in session.scalars(query)}


def all_agree(session: Session, *, calloff: CallOff) -> bool:
    """Whether every supplier that is admitted now agrees to the proposed deadline (LOU 11 kap. 7 §)."""
    answers = deadline_answers(session, calloff=calloff)
    asked = [one.producer_id for one in admitted(session, dis_category_id=calloff.dis_category_id)]
    return bool(asked) and all(key in answers and answers[key].agrees for key in asked)


def free_lines(session: Session, *, round_id: int) -> list[tuple[NeedLine, int]]:
    """The lines of a round with the steps that no living call-off holds, where there are any."""
    taken = (
        select(LotNeed.need_line_id, func.sum(LotNeed.steps).label("steps"))
        .join(Lot, Lot.id == LotNeed.lot_id)
        .join(CallOff, CallOff.id == Lot.calloff_id)
        .where(CallOff.state.not_in(GONE), LotNeed.need_line_id.is_not(None))
        .group_by(LotNeed.need_line_id)
        .subquery()
    )
    query = (
        select(NeedLine, func.coalesce(taken.c.steps, 0))
        .join(NeedLine.product)
        .join(NeedLine.kitchen)
        .outerjoin(taken, taken.c.need_line_id == NeedLine.id)
        .where(RoundProduct.need_round_id == round_id)
        .options(joinedload(NeedLine.product), joinedload(NeedLine.kitchen))
        .order_by(RoundProduct.position, Kitchen.authority_id, NeedLine.week_on, NeedLine.kitchen_id)
    )
    return [(line, line.steps - int(held)) for line, held in session.execute(query) if line.steps > held]


def lot_needs(session: Session, *, lots: Sequence[Lot]) -> dict[int, list[LotNeed]]:
    """What each lot holds, with the lines it came from."""
    query = (
        select(LotNeed)
        .where(LotNeed.lot_id.in_([lot.id for lot in lots]))
        .options(joinedload(LotNeed.need_line), joinedload(LotNeed.kitchen))
        .order_by(LotNeed.id)
    )
    found: dict[int, list[LotNeed]] = {lot.id: [] for lot in lots}
    for need in session.scalars(query):
        found[need.lot_id].append(need)
    return found


def question_of(session: Session, *, calloff: CallOff, question_id: int) -> Question | None:
    return session.scalar(
        select(Question).where(Question.id == question_id, Question.calloff_id == calloff.id)
    )


def history_of(session: Session, *, calloff_id: int) -> list[DisTransition]:
    query = select(DisTransition).where(
        DisTransition.thing == Thing.CALLOFF, DisTransition.subject_id == calloff_id
    )
    return list(session.scalars(query.order_by(DisTransition.id)))


def _admitted_to(actor: Actor) -> Exists:
    """Whether the producer is admitted to the category of the call-off."""
    return exists(
        select(Application.id).where(
            Application.dis_category_id == CallOff.dis_category_id,
            Application.producer_id == actor.producer_id,
            Application.state == ApplicationState.ADMITTED,
        )
    )


def closing_soon(session: Session, *, actor: Actor, at: datetime) -> list[Invitation]:
    """The producer's invitations that can be answered now, the first deadline first."""
    query = (
        select(Invitation)
        .join(Invitation.calloff)
        .where(
            Invitation.producer_id == actor.producer_id,
            CallOff.state == CallOffState.INVITED,
            CallOff.deadline_at > at,
        )
        .options(joinedload(Invitation.calloff))
        .order_by(CallOff.deadline_at)
    )
    return list(session.scalars(query))


def _of_staff(actor: Actor) -> Select[Any]:
    named = (
        select(DisCategory.id)
        .join(DisAuthority, DisAuthority.dis_id == DisCategory.dis_id)
        .where(DisAuthority.authority_id == actor.authority_id)
    )
    return select(CallOff).where(CallOff.dis_category_id.in_(named))


def _whole() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(CallOff.dis_category).joinedload(DisCategory.dis),
        selectinload(CallOff.lots).joinedload(Lot.authority),
        selectinload(CallOff.precisions),
        selectinload(CallOff.questions),
    )
