"""Ask producers whether they can deliver by themselves, keep their answers, and take those who can into the fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_producer
from market.actors import Actor
from market.fleet.models import Carrier, TransportAnswer, TransportSurvey
from market.fleet.rules import CanDeliver
from market.fleet.setting_up import Shape, producer_wish
from market.fleet.setting_up_operations import put_carrier
from market.fleet.survey_rules import Answer, NobodyAsked, NotAnswered, SurveyOver, check_closing
from market.outbox import tell
from market.register.models import Authority, Producer
from market.values import local_date

HOUR = 3600
GRAMS_PER_CRATE = 9_000
"""About what a crate in a loaded van weighs: 900 kg are some 100 crates."""
UNSAID_GRAMS = 500_000
ASSUMED = "Antagande: dieseldriven skåpbil, från tank till hjul"


def ask_producers(
    session: Session,
    *,
    authority: Authority,
    producers: Sequence[Producer],
    question: str,
    closes_on: date,
    actor: Actor,
    at: datetime,
) -> TransportSurvey:
    """A survey, with a message to the people of each producer. Raises NobodyAsked, ClosesTooSoon."""
    if not producers:
        raise NobodyAsked
    check_closing(closes_on, today=local_date(at))
    survey = TransportSurvey(
        authority_id=authority.id,
        question=question.strip(),
        asked_at=at,
        asked_by_id=actor.user_id,
        closes_on=closes_on,
        answers=[TransportAnswer(producer_id=producer.id) for producer in producers],
    )
    session.add(survey)
    session.flush()
    for producer in producers:
        _tell(session, survey, authority, producer, at=at)
    _log(session, "transport_survey.ask", survey, actor, at, producers=len(producers))
    return survey


def _tell(
    session: Session, survey: TransportSurvey, authority: Authority, producer: Producer, *, at: datetime
) -> None:
    tell(
        session,
        user_ids=people_of_producer(session, producer.id),
        kind="transport_survey",
        key=f"transport_survey:{survey.id}:{producer.id}",
        at=at,
        survey_id=survey.id,
        authority=authority.name,
        question=survey.question,
        closes_on=survey.closes_on.isoformat(),
    )


def answer_survey(
    session: Session, *, asked: TransportAnswer, answer: Answer, actor: Actor, at: datetime
) -> None:
    """The producer's answer; it can be changed until the survey closes. Raises SurveyOver."""
    if local_date(at) > asked.survey.closes_on:
        raise SurveyOver(day=asked.survey.closes_on)
    for name, value in asdict(answer).items():
        setattr(asked, name, value.strip() if name == "note" else value)
    asked.answered_at, asked.answered_by_id = at, actor.user_id
    session.flush()
    _log(
        session, "transport_survey.answer", asked.survey, actor, at,
        producer=asked.producer_id, answer=answer.can_deliver.value,
    )  # fmt: skip


def take_into_fleet(session: Session, *, answer: TransportAnswer, actor: Actor, at: datetime) -> Carrier:
    """A carrier and a vehicle by what the producer has answered; once, however often it is pressed.

    Raises NotAnswered, NowhereToStart, NameTaken.
    """
    if answer.can_deliver not in {CanDeliver.BY_ITSELF, CanDeliver.FOR_OTHERS_TOO}:
        raise NotAnswered
    wish = producer_wish(
        answer.producer,
        shape=_shape(answer),
        carries_for_others=answer.can_deliver is CanDeliver.FOR_OTHERS_TOO,
        is_paid_with_goods=True,
    )
    carrier = put_carrier(session, authority=answer.survey.authority, wish=wish, actor=actor, at=at)
    _log(session, "transport_survey.take_in", answer.survey, actor, at, carrier=carrier.id)
    return carrier


def _shape(answer: TransportAnswer) -> Shape:
    """What was not asked is a light van's, and can be changed on the vehicle's own page."""
    grams = answer.capacity_grams or UNSAID_GRAMS
    return Shape(
        capacity_grams=grams,
        capacity_crates=max(1, grams // GRAMS_PER_CRATE),
        is_cold=answer.has_cold,
        weekdays=answer.weekdays,
        shift_starts_s=6 * HOUR,
        shift_ends_s=15 * HOUR,
        day_ore=0,
        km_ore=400,
        hour_ore=30_000,
        co2e_g_per_km=210,
        emission_source=ASSUMED,
    )


def _log(
    session: Session, action: str, survey: TransportSurvey, actor: Actor, at: datetime, **data: object
) -> None:
    audit.record(
        session, user_id=actor.user_id, at=at, action=action, subject=f"transport_survey:{survey.id}", **data
    )
