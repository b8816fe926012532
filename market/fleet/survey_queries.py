"""Reads of the surveys of who can deliver by themselves: a planner's own, and those that a producer is asked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from market.actors import Actor
from market.fleet.models import TransportAnswer, TransportSurvey
from market.register.models import Producer
from market.register.queries import planned_authorities


def surveys_of(session: Session, *, actor: Actor) -> list[TransportSurvey]:
    """Those of the authorities that the actor plans for, the newest first, with their answers."""
    return list(session.scalars(_surveys(actor).order_by(TransportSurvey.id.desc())))


def survey_for(session: Session, *, actor: Actor, survey_id: int) -> TransportSurvey | None:
    return session.scalar(_surveys(actor).where(TransportSurvey.id == survey_id))


def _surveys(actor: Actor) -> Select[TransportSurvey]:
    return (
        select(TransportSurvey)
        .where(TransportSurvey.authority_id.in_(planned_authorities(actor)))
        .options(
            joinedload(TransportSurvey.authority),
            selectinload(TransportSurvey.answers)
            .joinedload(TransportAnswer.producer)
            .selectinload(Producer.sites),
        )
    )


def answer_of(session: Session, *, actor: Actor, answer_id: int) -> TransportAnswer | None:
    """An answer to a survey of the authorities that the actor plans for."""
    query = (
        select(TransportAnswer)
        .join(TransportAnswer.survey)
        .where(TransportAnswer.id == answer_id, TransportSurvey.authority_id.in_(planned_authorities(actor)))
        .options(contains_eager(TransportAnswer.survey).joinedload(TransportSurvey.authority))
    )
    return session.scalar(query)


def asked_of(session: Session, *, actor: Actor) -> list[TransportAnswer]:
    """What the actor's producer has been asked, the newest first."""
    return list(session.scalars(_asked(actor).order_by(TransportAnswer.id.desc())))


def unanswered_by(session: Session, *, actor: Actor, today: date) -> list[TransportAnswer]:
    """What the actor's producer can still answer and has not, what closes first first."""
    query = _asked(actor).where(TransportAnswer.answered_at.is_(None), TransportSurvey.closes_on >= today)
    return list(session.scalars(query.order_by(TransportSurvey.closes_on, TransportSurvey.id)))


def asked_in(session: Session, *, actor: Actor, survey_id: int) -> TransportAnswer | None:
    """The actor's producer's place in a survey, or None where it was not asked."""
    return session.scalar(_asked(actor).where(TransportAnswer.survey_id == survey_id))


def _asked(actor: Actor) -> Select[TransportAnswer]:
    return (
        select(TransportAnswer)
        .join(TransportAnswer.survey)
        .where(TransportAnswer.producer_id == actor.producer_id)
        .options(contains_eager(TransportAnswer.survey).joinedload(TransportSurvey.authority))
    )
