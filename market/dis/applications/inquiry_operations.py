"""What an authority asks of suppliers in its DIS: to declare anew, or to be heard before they are put out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_producer
from market.actors import Actor
from market.dis.applications.models import Inquiry
from market.dis.applications.queries import admitted_to, latest_inquiry
from market.dis.applications.rules import AlreadyAsked, AnswerNeeded, DayHasPassed, InquiryKind, NoneChosen
from market.dis.applications.steps import in_words, legal_days, officers_of
from market.dis.rules import NotPossibleNow, ReasonNeeded
from market.dis.systems.models import Dis
from market.dis.working_days import add_working_days
from market.law.rules import LawKey
from market.outbox import tell
from market.register.models import Producer
from market.values import local_date


def ask_declarations(
    session: Session, *, dis: Dis, producer_ids: Sequence[int], text: str, actor: Actor, at: datetime
) -> list[Inquiry]:
    """Ask admitted suppliers for a new self-declaration within five working days (LOU 8 kap. 13 §).

    The same time is the goal under the national regime. Who has an open question is left out. Raises NoneChosen,
    NotPossibleNow for someone who is not admitted.
    """
    if not producer_ids:
        raise NoneChosen
    admitted = {one.producer_id: one.producer for one in admitted_to(session, dis_id=dis.id)}
    if not set(producer_ids) <= set(admitted):
        raise NotPossibleNow
    due_on = add_working_days(local_date(at), legal_days(session, LawKey.DIS_DECLARATION, at=at))
    free = [one for one in sorted(set(producer_ids)) if not _is_asked(session, dis, one, at)]
    return [
        _ask(
            session, dis, admitted[one], InquiryKind.DECLARATION, text=text, due_on=due_on, actor=actor, at=at
        )
        for one in free
    ]


def ask_hearing(
    session: Session, *, dis: Dis, producer: Producer, text: str, due_on: date, actor: Actor, at: datetime
) -> Inquiry:
    """Let a supplier speak, within a certain time, of what could put it out (LOU 19 kap. 17 §).

    Raises ReasonNeeded, DayHasPassed, AlreadyAsked.
    """
    if not text.strip():
        raise ReasonNeeded
    if due_on <= local_date(at):
        raise DayHasPassed
    if _is_asked(session, dis, producer.id, at, InquiryKind.HEARING):
        raise AlreadyAsked
    return _ask(session, dis, producer, InquiryKind.HEARING, text=text, due_on=due_on, actor=actor, at=at)


def answer_inquiry(
    session: Session, *, inquiry: Inquiry, is_affirmed: bool | None, answer: str, actor: Actor, at: datetime
) -> None:
    """The supplier's answer, once; a late one is taken too, and its lateness shows. Raises AnswerNeeded, NotPossibleNow."""
    if inquiry.answered_at is not None:
        raise NotPossibleNow
    is_declaration = inquiry.kind is InquiryKind.DECLARATION
    if not answer.strip() and not (is_declaration and is_affirmed):
        raise AnswerNeeded
    inquiry.answer, inquiry.is_affirmed = answer.strip(), bool(is_affirmed) if is_declaration else None
    inquiry.answered_at, inquiry.answered_by_id = at, actor.user_id
    session.flush()
    _log(session, "inquiry.answer", inquiry, actor, at, affirmed=inquiry.is_affirmed)
    tell(
        session,
        user_ids=officers_of(session, inquiry.dis),
        kind="dis_inquiry_answered",
        key=f"inquiry-answered:{inquiry.id}",
        at=at,
        asked=inquiry.kind.value,
        affirmed=inquiry.is_affirmed,
        **in_words(inquiry.dis, inquiry.producer),
    )


def _is_asked(
    session: Session,
    dis: Dis,
    producer_id: int,
    at: datetime,
    kind: InquiryKind = InquiryKind.DECLARATION,
) -> bool:
    last = latest_inquiry(session, dis_id=dis.id, producer_id=producer_id, kind=kind)
    return last is not None and last.is_open(local_date(at))


def _ask(
    session: Session,
    dis: Dis,
    producer: Producer,
    kind: InquiryKind,
    *,
    text: str,
    due_on: date,
    actor: Actor,
    at: datetime,
) -> Inquiry:
    inquiry = Inquiry(
        dis=dis, producer=producer, kind=kind, text=text.strip(), asked_at=at, asked_by_id=actor.user_id, due_on=due_on
    )  # fmt: skip
    session.add(inquiry)
    session.flush()
    _log(session, "inquiry.ask", inquiry, actor, at, kind=kind.value, due=due_on.isoformat())
    tell(
        session,
        user_ids=people_of_producer(session, producer.id),
        kind="dis_inquiry",
        key=f"inquiry:{inquiry.id}",
        at=at,
        inquiry_id=inquiry.id,
        asked=kind.value,
        text=inquiry.text,
        due_on=due_on.isoformat(),
        **in_words(dis, producer),
    )
    return inquiry


def _log(session: Session, action: str, inquiry: Inquiry, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(
        session, user_id=actor.user_id, at=at, action=action, subject=f"inquiry:{inquiry.id}", **data
    )
