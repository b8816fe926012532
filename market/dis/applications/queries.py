"""Reads of applications: the applicant's own, those that staff follows, and how many are admitted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.actors import Actor
from market.dis.applications.models import Application, Inquiry, RequirementAnswer
from market.dis.applications.rules import InquiryKind
from market.dis.models import DisFile, DisTransition
from market.dis.rules import ApplicationState, DisState, Thing
from market.dis.systems.models import Dis, DisAuthority, DisCategory


def admitted(session: Session, *, dis_category_id: int) -> list[Application]:
    """Those who are invited to a call-off in the category now (LOU 8 kap. 10 §), oldest first."""
    query = (
        select(Application)
        .where(
            Application.dis_category_id == dis_category_id,
            Application.state == ApplicationState.ADMITTED,
        )
        .options(joinedload(Application.producer), selectinload(Application.authorities))
        .order_by(Application.id)
    )
    return list(session.scalars(query))


def admitted_counts(session: Session, *, dis_id: int) -> dict[int, int]:
    """How many are admitted in each category of the DIS, by its id: a number for everyone, never who."""
    query = (
        select(DisCategory.id, func.count(Application.id))
        .outerjoin(
            Application,
            (Application.dis_category_id == DisCategory.id)
            & (Application.state == ApplicationState.ADMITTED),
        )
        .where(DisCategory.dis_id == dis_id)
        .group_by(DisCategory.id)
    )
    return {category_id: count for category_id, count in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def dis_to_apply_to(session: Session, *, dis_id: int) -> Dis | None:
    """One that has been published, with its categories and requirements: open to every supplier (LOU 8 kap. 1 §)."""
    return session.scalar(
        select(Dis).where(Dis.id == dis_id, Dis.state.in_(_PUBLIC)).options(*_with_requirements())
    )


def open_systems(session: Session, *, on: date) -> list[Dis]:
    """Those that take applications on the day, newest first."""
    query = (
        select(Dis)
        .where(Dis.state == DisState.PUBLISHED, Dis.valid_from <= on, Dis.valid_until > on)
        .options(joinedload(Dis.authority), selectinload(Dis.categories).joinedload(DisCategory.category))
        .order_by(Dis.published_at.desc(), Dis.id.desc())
    )
    return list(session.scalars(query))


def staffed_dis(session: Session, *, actor: Actor, dis_id: int, must_run: bool = False) -> Dis | None:
    """A DIS of the actor's authority: one it takes part in or, with `must_run`, one that it runs."""
    query = select(Dis).where(Dis.id == dis_id, _staff_of(actor, must_run=must_run), Dis.state.in_(_PUBLIC))
    return session.scalar(query.options(*_with_requirements()))


def own_application(session: Session, *, actor: Actor, application_id: int) -> Application | None:
    """One of the applicant's own."""
    return session.scalar(
        select(Application).where(Application.id == application_id, _own(actor)).options(*_whole())
    )


def own_applications(session: Session, *, actor: Actor) -> list[Application]:
    """All of the applicant's own, the latest first."""
    query = select(Application).where(_own(actor)).options(*_listed()).order_by(Application.id.desc())
    return list(session.scalars(query))


def own_applications_to(session: Session, *, actor: Actor, dis_id: int) -> list[Application]:
    """The applicant's own to one DIS with their answers, the latest first."""
    query = (
        select(Application)
        .join(Application.dis_category)
        .where(_own(actor), DisCategory.dis_id == dis_id)
        .options(*_whole())
        .order_by(Application.id.desc())
    )
    return list(session.scalars(query))


def followed_application(
    session: Session, *, actor: Actor, application_id: int, must_run: bool = False
) -> Application | None:
    """One that has been sent in to a DIS of the actor's authority; nobody there sees a draft."""
    query = (
        select(Application)
        .join(Application.dis_category)
        .join(DisCategory.dis)
        .where(Application.id == application_id, _staff_of(actor, must_run=must_run), *_SENT)
        .options(*_whole())
    )
    return session.scalar(query)


def applications_of(session: Session, *, dis_id: int) -> list[Application]:
    """Everything that has been sent in to a DIS, those to decide first and of these the most urgent first."""
    query = (
        select(Application)
        .join(Application.dis_category)
        .where(DisCategory.dis_id == dis_id, *_SENT)
        .options(*_listed())
        .order_by(Application.state != ApplicationState.SUBMITTED, Application.due_on, Application.id)
    )
    return list(session.scalars(query))


def admitted_to(session: Session, *, dis_id: int, producer_id: int | None = None) -> list[Application]:
    """Who is admitted to any category of a DIS, for its staff."""
    whose = [] if producer_id is None else [Application.producer_id == producer_id]
    query = (
        select(Application)
        .join(Application.dis_category)
        .where(DisCategory.dis_id == dis_id, Application.state == ApplicationState.ADMITTED, *whose)
        .options(*_listed())
        .order_by(Application.producer_id, Application.id)
    )
    return list(session.scalars(query))


def file_of(session: Session, *, application: Application, requirement_id: int) -> DisFile | None:
    """What is attached to an answer."""
    query = (
        select(DisFile)
        .join(RequirementAnswer, RequirementAnswer.file_id == DisFile.id)
        .where(
            RequirementAnswer.application_id == application.id,
            RequirementAnswer.requirement_id == requirement_id,
        )
    )
    return session.scalar(query)


def history_of(session: Session, *, application: Application) -> list[DisTransition]:
    query = (
        select(DisTransition)
        .where(DisTransition.thing == Thing.APPLICATION, DisTransition.subject_id == application.id)
        .order_by(DisTransition.id)
    )
    return list(session.scalars(query))


def inquiries_of(session: Session, *, dis_id: int, producer_id: int | None = None) -> list[Inquiry]:
    """What has been asked in a DIS, of one supplier or of all; the latest first."""
    whose = [] if producer_id is None else [Inquiry.producer_id == producer_id]
    query = (
        select(Inquiry)
        .where(Inquiry.dis_id == dis_id, *whose)
        .options(joinedload(Inquiry.producer))
        .order_by(Inquiry.id.desc())
    )
    return list(session.scalars(query))


def own_inquiries(session: Session, *, actor: Actor) -> list[Inquiry]:
    """What has been asked of the applicant, the latest first."""
    query = (
        select(Inquiry)
        .where(Inquiry.producer_id == (actor.producer_id or 0))
        .options(joinedload(Inquiry.dis).joinedload(Dis.authority))
        .order_by(Inquiry.id.desc())
    )
    return list(session.scalars(query))


def own_inquiry(session: Session, *, actor: Actor, inquiry_id: int) -> Inquiry | None:
    return next((one for one in own_inquiries(session, actor=actor) if one.id == inquiry_id), None)


def latest_inquiry(session: Session, *, dis_id: int, producer_id: int, kind: InquiryKind) -> Inquiry | None:
    found = inquiries_of(session, dis_id=dis_id, producer_id=producer_id)
    return next((one for one in found if one.kind is kind), None)


_PUBLIC = (DisState.PUBLISHED, DisState.ENDED)
_SENT = (Application.submitted_at.is_not(None), Application.state != ApplicationState.DRAFT)


def _own(actor: Actor) -> ColumnElement[bool]:
    return false() if actor.producer_id is None else Application.producer_id == actor.producer_id


def _staff_of(actor: Actor, *, must_run: bool) -> ColumnElement[bool]:
    if actor.authority_id is None:
        return false()
    if must_run:
        return Dis.authority_id == actor.authority_id
    return Dis.id.in_(select(DisAuthority.dis_id).where(DisAuthority.authority_id == actor.authority_id))


def _with_requirements() -> tuple[ExecutableOption, ...]:
    categories = selectinload(Dis.categories)
    return (
        joinedload(Dis.authority),
        selectinload(Dis.authorities),
        categories.joinedload(DisCategory.category),
        categories.selectinload(DisCategory.requirements),
    )


def _listed() -> tuple[ExecutableOption, ...]:
    category = joinedload(Application.dis_category)
    return (
        joinedload(Application.producer),
        category.joinedload(DisCategory.category),
        category.joinedload(DisCategory.dis).joinedload(Dis.authority),
        selectinload(Application.authorities),
    )


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        *_listed(),
        joinedload(Application.dis_category).selectinload(DisCategory.requirements),
        joinedload(Application.dis_category).joinedload(DisCategory.dis).selectinload(Dis.authorities),
        selectinload(Application.answers).joinedload(RequirementAnswer.file),
        selectinload(Application.judgements),
    )
