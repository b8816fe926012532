"""Everything of one call-off, read for its file: a constant number of queries, and nothing of tenders before the opening."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from market.accounts.models import User
from market.agreements.models import Agreement, AgreementDocument
from market.audit import AuditEvent
from market.dis.applications.models import Application
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.calloffs.models import CallOff, Invitation, Lot, LotNeed, Question
from market.dis.evaluations.models import Evaluation, Evaluator
from market.dis.models import DisFile, DisTransition
from market.dis.needs.models import NeedLine, RoundProduct
from market.dis.rules import CallOffState, Thing
from market.dis.systems.models import Dis, DisCategory, NoticeDocument
from market.dis.tenders.models import OpeningConfirmation, OpeningRecord, Tender, TenderClaim
from market.orders.models import Order
from market.outbox import OutboxMessage

SEALED = frozenset({CallOffState.DRAFT, CallOffState.INVITED, CallOffState.DISCARDED})
"""While a call-off stands here nothing of a tender is in its file: not whether, when or how many."""
CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A call-off with all that belongs to it. `is_scored`: who gave which points may be read, and whose sample was whose."""

    calloff: CallOff
    dis: Dis
    applications: Sequence[Application]
    questions: Sequence[Question]
    need_lines: Sequence[NeedLine]
    opening: OpeningRecord | None
    confirmations: Sequence[OpeningConfirmation]
    tenders: Sequence[Tender]
    evaluators: Sequence[Evaluator]
    evaluations: Sequence[Evaluation]
    awards: Sequence[CallOffAward]
    agreements: Sequence[Agreement]
    documents: Sequence[AgreementDocument]
    orders: Sequence[Order]
    notices: Sequence[NoticeDocument]
    transitions: Sequence[DisTransition]
    messages: Sequence[OutboxMessage]
    is_opened: bool
    is_scored: bool

    @property
    def subjects(self) -> frozenset[str]:
        """What the log calls the things of the case."""
        return frozenset(
            {
                f"dis:{self.dis.id}",
                f"calloff:{self.calloff.id}",
                *(f"application:{one.id}" for one in self.applications),
                *(f"tender:{one.id}" for one in self.tenders),
                *(f"agreement:{one.id}" for one in self.agreements),
                *(f"order:{one.id}" for one in self.orders),
            }
        )

    @property
    def told_until(self) -> datetime | None:
        """While tenders are being scored blind, the log is told up to their opening only."""
        return None if self.is_scored or self.opening is None else self.opening.opened_at


def case_of(session: Session, *, calloff: CallOff) -> Case:
    """Of a call-off that a scoped query has returned."""
    is_opened = calloff.state not in SEALED
    is_scored = is_opened and calloff.state is not CallOffState.OPENED
    dis = session.get_one(Dis, calloff.dis_category.dis_id)
    opening = session.get(OpeningRecord, calloff.id) if is_opened else None
    tenders = _tenders(session, calloff) if is_opened else []
    awards = _awards(session, calloff)
    agreements = _agreements(session, awards)
    applications = _applications(session, calloff)
    return Case(
        calloff=calloff,
        dis=dis,
        applications=applications,
        questions=list(
            session.scalars(select(Question).where(Question.calloff_id == calloff.id).order_by(Question.id))
        ),
        need_lines=_need_lines(session, calloff),
        opening=opening,
        confirmations=_confirmations(session, calloff) if is_opened else [],
        tenders=tenders,
        evaluators=_evaluators(session, calloff) if is_scored else [],
        evaluations=_evaluations(session, calloff),
        awards=awards,
        agreements=agreements,
        documents=_documents(session, agreements),
        orders=_orders(session, agreements),
        notices=_notices(session, dis),
        transitions=_transitions(session, calloff, applications, tenders),
        messages=_messages(session, calloff, awards, tenders),
        is_opened=is_opened,
        is_scored=is_scored,
    )


def people(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Their names by number."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)).order_by(User.id))
    return {user_id: name for user_id, name in rows}  # noqa: C416 - rows, not pairs


def file_chunks(session: Session, file_id: int) -> Iterator[bytes]:
    """An attached file, read when its turn comes."""
    yield session.scalars(select(DisFile.content).where(DisFile.id == file_id)).one()


def attached_files(session: Session, *, ids: Collection[int]) -> list[DisFile]:
    return list(session.scalars(select(DisFile).where(DisFile.id.in_(ids)).order_by(DisFile.id)))


def log_span(
    session: Session, *, subjects: Collection[str], until: datetime | None
) -> tuple[int, int] | None:
    """The first and the last event of these things in the log, or None where there is none."""
    rows = select(AuditEvent.id).where(AuditEvent.subject.in_(subjects), _told(until))
    first = session.scalar(rows.order_by(AuditEvent.id).limit(1))
    last = session.scalar(rows.order_by(AuditEvent.id.desc()).limit(1))
    return None if first is None or last is None else (first, last)


def log_events(session: Session, *, first: int, last: int) -> Iterator[AuditEvent]:
    """Every event from the first to the last, in order, a thousand at a time."""
    rows = select(AuditEvent).where(AuditEvent.id.between(first, last)).order_by(AuditEvent.id)
    return iter(session.scalars(rows.execution_options(yield_per=CHUNK)))


def _told(until: datetime | None) -> ColumnElement[bool]:
    return AuditEvent.id > 0 if until is None else AuditEvent.at <= until


def _applications(session: Session, calloff: CallOff) -> list[Application]:
    invited = select(Invitation.application_id).where(Invitation.calloff_id == calloff.id)
    query = (
        select(Application)
        .where(Application.id.in_(invited))
        .options(
            joinedload(Application.producer),
            selectinload(Application.authorities),
            selectinload(Application.answers),
            selectinload(Application.judgements),
        )
        .order_by(Application.id)
    )
    return list(session.scalars(query))


def _need_lines(session: Session, calloff: CallOff) -> list[NeedLine]:
    """What the kitchens stated that became the lots."""
    used = (
        select(LotNeed.need_line_id).join(Lot, Lot.id == LotNeed.lot_id).where(Lot.calloff_id == calloff.id)
    )
    query = (
        select(NeedLine)
        .where(NeedLine.id.in_(used))
        .options(joinedload(NeedLine.product).load_only(RoundProduct.name), joinedload(NeedLine.kitchen))
        .order_by(NeedLine.id)
    )
    return list(session.scalars(query))


def _confirmations(session: Session, calloff: CallOff) -> list[OpeningConfirmation]:
    query = select(OpeningConfirmation).where(OpeningConfirmation.calloff_id == calloff.id)
    return list(session.scalars(query.order_by(OpeningConfirmation.id)))


def _tenders(session: Session, calloff: CallOff) -> list[Tender]:
    query = (
        select(Tender)
        .where(Tender.calloff_id == calloff.id)
        .options(
            joinedload(Tender.producer),
            selectinload(Tender.lines),
            selectinload(Tender.deliveries),
            selectinload(Tender.claims).joinedload(TenderClaim.criterion),
            undefer(Tender.content),
        )
        .order_by(Tender.id)
    )
    return list(session.scalars(query))


def _evaluators(session: Session, calloff: CallOff) -> list[Evaluator]:
    query = (
        select(Evaluator)
        .where(Evaluator.calloff_id == calloff.id)
        .options(joinedload(Evaluator.user), selectinload(Evaluator.scores))
        .order_by(Evaluator.id)
    )
    return list(session.scalars(query))


def _evaluations(session: Session, calloff: CallOff) -> list[Evaluation]:
    query = (
        select(Evaluation)
        .where(Evaluation.calloff_id == calloff.id)
        .options(selectinload(Evaluation.lines))
        .order_by(Evaluation.number)
    )
    return list(session.scalars(query))


def _awards(session: Session, calloff: CallOff) -> list[CallOffAward]:
    query = (
        select(CallOffAward)
        .where(CallOffAward.calloff_id == calloff.id)
        .options(
            selectinload(CallOffAward.contracts).joinedload(AwardContract.agreement),
            undefer(CallOffAward.pdf),
        )
        .order_by(CallOffAward.number)
    )
    return list(session.scalars(query))


def _agreements(session: Session, awards: Sequence[CallOffAward]) -> list[Agreement]:
    ids = [one.agreement_id for award in awards for one in award.contracts if one.agreement_id is not None]
    query = (
        select(Agreement)
        .where(Agreement.id.in_(ids))
        .options(selectinload(Agreement.signatures), selectinload(Agreement.transitions))
        .order_by(Agreement.id)
    )
    return list(session.scalars(query))


def _documents(session: Session, agreements: Sequence[Agreement]) -> list[AgreementDocument]:
    ids = [one.id for one in agreements]
    query = select(AgreementDocument).where(AgreementDocument.agreement_id.in_(ids))
    return list(session.scalars(query.order_by(AgreementDocument.id)))


def _orders(session: Session, agreements: Sequence[Agreement]) -> list[Order]:
    query = (
        select(Order)
        .where(Order.agreement_id.in_([one.id for one in agreements]))
        .options(selectinload(Order.lines), selectinload(Order.transitions))
        .order_by(Order.id)
    )
    return list(session.scalars(query))


def _notices(session: Session, dis: Dis) -> list[NoticeDocument]:
    query = select(NoticeDocument).where(NoticeDocument.dis_id == dis.id).options(undefer(NoticeDocument.pdf))
    return list(session.scalars(query.order_by(NoticeDocument.id)))


def _transitions(
    session: Session, calloff: CallOff, applications: Sequence[Application], tenders: Sequence[Tender]
) -> list[DisTransition]:
    def of(thing: Thing, ids: Collection[int]) -> ColumnElement[bool]:
        return (DisTransition.thing == thing) & DisTransition.subject_id.in_(ids) if ids else false()

    query = select(DisTransition).where(
        or_(
            of(Thing.DIS, [calloff.dis_category.dis_id]),
            of(Thing.CALLOFF, [calloff.id]),
            of(Thing.APPLICATION, [one.id for one in applications]),
            of(Thing.TENDER, [one.id for one in tenders]),
        )
    )
    return list(session.scalars(query.order_by(DisTransition.id)))


def _messages(
    session: Session, calloff: CallOff, awards: Sequence[CallOffAward], tenders: Sequence[Tender]
) -> list[OutboxMessage]:
    """The proof of sending: every message about the call-off, its tenders and its awards."""
    keys = [
        OutboxMessage.key.like(f"calloff\\_%:{calloff.id}:%", escape="\\"),
        *(OutboxMessage.key.startswith(f"award:{one.id}:dis_", autoescape=True) for one in awards),
        *(
            OutboxMessage.key.startswith(f"dis_tender_set_aside:{one.id}:", autoescape=True)
            for one in tenders
        ),
    ]
    return list(session.scalars(select(OutboxMessage).where(or_(*keys)).order_by(OutboxMessage.id)))


def category_of(session: Session, *, calloff: CallOff) -> DisCategory:
    """With its requirements and criteria as they were published."""
    query = (
        select(DisCategory)
        .where(DisCategory.id == calloff.dis_category_id)
        .options(
            joinedload(DisCategory.category),
            selectinload(DisCategory.requirements),
            selectinload(DisCategory.criteria),
        )
    )
    return session.scalars(query).one()
