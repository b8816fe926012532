"""Questions about a call-off and their answers: to all who are invited, and never with the name of who asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.calloffs.models import CallOff, Invitation, Question
from market.dis.calloffs.rules import AlreadyAnswered, NothingWritten, QuestionsAreOver
from market.dis.calloffs.telling import tell_invited, tell_officers


def ask_question(
    session: Session, *, invitation: Invitation, text: str, request_key: str, at: datetime
) -> Question:
    """Ask in writing, while tenders are taken. The officers are told that there is a question, not whose.

    The log says that it was asked, not by whom. Raises NothingWritten and QuestionsAreOver.
    """
    calloff = invitation.calloff
    if made := session.scalar(select(Question).where(Question.request_key == request_key)):
        return made
    if not calloff.is_open(at):
        raise QuestionsAreOver
    question = Question(
        calloff_id=calloff.id,
        invitation_id=invitation.id,
        text=_written(text),
        asked_at=at,
        request_key=request_key,
    )
    session.add(question)
    session.flush()
    _record(session, calloff, "ask", user_id=None, at=at, question=question.id)
    tell_officers(session, calloff, "calloff_question", key=str(question.id), at=at, text=question.text)
    return question


def answer_question(
    session: Session, *, calloff: CallOff, question: Question, answer: str, actor: Actor, at: datetime
) -> None:
    """Answer for all to read, and tell them. Raises NothingWritten, AlreadyAnswered and QuestionsAreOver."""
    if not calloff.is_open(at):
        raise QuestionsAreOver
    held = session.scalar(
        select(Question)
        .where(Question.id == question.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if held is None or held.answer is not None:
        raise AlreadyAnswered
    held.answer, held.answered_at, held.answered_by_id = _written(answer), at, actor.user_id
    session.flush()
    _record(session, calloff, "answer", user_id=actor.user_id, at=at, question=held.id)
    _tell_answer(session, calloff, held, at=at)


def inform_all(
    session: Session, *, calloff: CallOff, text: str, request_key: str, actor: Actor, at: datetime
) -> Question:
    """Something more about the call-off on the officer's own initiative, to all at once.

    Raises NothingWritten and QuestionsAreOver.
    """
    if made := session.scalar(select(Question).where(Question.request_key == request_key)):
        return made
    if not calloff.is_open(at):
        raise QuestionsAreOver
    told = Question(
        calloff_id=calloff.id, text="", asked_at=at, answer=_written(text), answered_at=at,
        answered_by_id=actor.user_id, request_key=request_key,
    )  # fmt: skip
    session.add(told)
    session.flush()
    _record(session, calloff, "inform", user_id=actor.user_id, at=at, question=told.id)
    _tell_answer(session, calloff, told, at=at)
    return told


def _tell_answer(session: Session, calloff: CallOff, question: Question, *, at: datetime) -> None:
    tell_invited(
        session, calloff, "calloff_answered", key=str(question.id), at=at,
        question=question.text, answer=question.answer,
    )  # fmt: skip


def _written(text: str) -> str:
    if not text.strip():
        raise NothingWritten
    return text.strip()


def _record(
    session: Session, calloff: CallOff, what: str, *, user_id: int | None, at: datetime, question: int
) -> None:
    audit.record(
        session, user_id=user_id, at=at, action=f"calloff.{what}", subject=f"calloff:{calloff.id}", question=question
    )  # fmt: skip
