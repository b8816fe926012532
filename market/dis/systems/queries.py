"""Reads of DIS: what everyone may read, and what the staff of the named authorities may."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.actors import Action, Actor
from market.dis.models import DisTransition
from market.dis.rules import DisState, Thing
from market.dis.systems.models import Dis, DisAuthority, DisCategory, NoticeDocument
from market.register.models import Category

PUBLIC = (DisState.PUBLISHED, DisState.ENDED)


def participates(actor: Actor, dis: Dis) -> bool:
    """Whether the actor works for an authority that the DIS names."""
    return actor.authority_id is not None and actor.authority_id in {one.id for one in dis.authorities}


def runs(actor: Actor, dis: Dis) -> bool:
    """Whether the actor may change it: an officer of the authority that runs it."""
    return actor.may(Action.RUN_DIS) and actor.authority_id == dis.authority_id


def own_dis(session: Session, *, actor: Actor, dis_id: int) -> Dis | None:
    """In any state, for the staff of the authorities that it names."""
    dis = session.scalar(select(Dis).where(Dis.id == dis_id).options(*_whole()))
    return dis if dis is not None and participates(actor, dis) else None


def dis_to_change(session: Session, *, actor: Actor, dis_id: int) -> Dis | None:
    """For the officers of the authority that runs it."""
    dis = own_dis(session, actor=actor, dis_id=dis_id)
    return dis if dis is not None and runs(actor, dis) else None


def category_to_change(session: Session, *, actor: Actor, dis_category_id: int) -> DisCategory | None:
    """A category of a DIS, for the officers of the authority that runs it."""
    category = session.get(DisCategory, dis_category_id)
    if category is None or dis_to_change(session, actor=actor, dis_id=category.dis_id) is None:
        return None
    return category


def public_dis(session: Session, *, dis_id: int) -> Dis | None:
    """Published, or ended since: for everyone."""
    return session.scalar(select(Dis).where(Dis.id == dis_id, Dis.state.in_(PUBLIC)).options(*_whole()))


def public_list(session: Session) -> list[Dis]:
    """Those open first, then those ended; the newest first."""
    query = select(Dis).where(Dis.state.in_(PUBLIC)).options(*_whole())
    return list(session.scalars(query.order_by(Dis.state.desc(), Dis.published_at.desc(), Dis.id.desc())))


def drafts_of(session: Session, *, actor: Actor) -> list[Dis]:
    """Drafts that name the actor's authority."""
    query = (
        select(Dis)
        .join(DisAuthority, DisAuthority.dis_id == Dis.id)
        .where(DisAuthority.authority_id == actor.authority_id, Dis.state == DisState.DRAFT)
        .options(*_whole())
    )
    return list(session.scalars(query.order_by(Dis.id)))


def latest_document(session: Session, *, dis_id: int) -> NoticeDocument | None:
    """The notice as it stands now, with its bytes."""
    query = select(NoticeDocument).where(NoticeDocument.dis_id == dis_id).order_by(NoticeDocument.id.desc())
    return session.scalars(query.limit(1)).first()


def document_of(session: Session, *, dis_id: int, document_id: int) -> NoticeDocument | None:
    """One version of a notice."""
    query = select(NoticeDocument).where(NoticeDocument.dis_id == dis_id, NoticeDocument.id == document_id)
    return session.scalar(query)


def history_of(session: Session, *, dis_ids: Sequence[int]) -> list[DisTransition]:
    """What happened with them, in order."""
    query = select(DisTransition).where(
        DisTransition.thing == Thing.DIS, DisTransition.subject_id.in_(dis_ids)
    )
    return list(session.scalars(query.order_by(DisTransition.id)))


def _whole() -> tuple[ExecutableOption, ...]:
    categories = selectinload(Dis.categories)
    return (
        joinedload(Dis.authority),
        selectinload(Dis.authorities),
        categories.joinedload(DisCategory.category).selectinload(Category.codes),
        categories.selectinload(DisCategory.requirements),
        categories.selectinload(DisCategory.criteria),
    )
