"""Reads of rounds and needs, each limited to what the actor's authority has a part in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.actors import Actor
from market.dis.needs.models import NeedLine, NeedRound, RoundProduct
from market.dis.needs.rules import Cell
from market.dis.rules import NeedRoundState
from market.dis.systems.models import Dis, DisAuthority, DisCategory
from market.dis.systems.queries import runs
from market.register.models import Kitchen


def rounds_for(session: Session, *, actor: Actor) -> list[NeedRound]:
    """Those of the DIS that name the actor's authority: the open ones first, then by when they close."""
    query = _rounds_within_reach(actor).order_by(
        NeedRound.state != NeedRoundState.OPEN, NeedRound.closes_at.desc(), NeedRound.id
    )
    return list(session.scalars(query))


def rounds_of(session: Session, *, dis_id: int) -> list[NeedRound]:
    """Of one DIS, the newest first."""
    query = (
        select(NeedRound)
        .join(NeedRound.dis_category)
        .where(DisCategory.dis_id == dis_id)
        .order_by(NeedRound.id.desc())
    )
    return list(session.scalars(query))


def round_for(session: Session, *, actor: Actor, round_id: int) -> NeedRound | None:
    query = (
        _rounds_within_reach(actor)
        .where(NeedRound.id == round_id)
        .options(joinedload(NeedRound.dis_category).joinedload(DisCategory.category))
    )
    found: NeedRound | None = session.scalar(query)
    return found


def round_to_run(session: Session, *, actor: Actor, round_id: int) -> NeedRound | None:
    """For the officers of the authority that runs the DIS."""
    found = round_for(session, actor=actor, round_id=round_id)
    return found if found is not None and runs(actor, found.dis_category.dis) else None


def round_with_key(session: Session, *, request_key: str) -> NeedRound | None:
    return session.scalar(select(NeedRound).where(NeedRound.request_key == request_key))


def lines_of(
    session: Session, *, round_id: int, kitchen_ids: Collection[int] | None = None
) -> list[NeedLine]:
    """By product, kitchen and week; of some kitchens or of all."""
    query = (
        select(NeedLine)
        .join(NeedLine.product)
        .join(NeedLine.kitchen)
        .where(RoundProduct.need_round_id == round_id)
        .options(joinedload(NeedLine.product), joinedload(NeedLine.kitchen).joinedload(Kitchen.authority))
        .order_by(RoundProduct.position, Kitchen.name, NeedLine.week_on)
    )
    if kitchen_ids is not None:
        query = query.where(NeedLine.kitchen_id.in_(kitchen_ids))
    return list(session.scalars(query))


def stated(session: Session, *, round_id: int, kitchen_ids: Collection[int]) -> Mapping[Cell, int]:
    """What the kitchens have stated, in steps."""
    return {
        Cell(line.round_product_id, line.kitchen_id, line.week_on): line.steps
        for line in lines_of(session, round_id=round_id, kitchen_ids=kitchen_ids)
    }


def kitchens_asked(session: Session, *, dis: Dis) -> list[Kitchen]:
    """The kitchens of every authority that the DIS names, by authority."""
    query = (
        select(Kitchen)
        .where(Kitchen.is_active, Kitchen.authority_id.in_([one.id for one in dis.authorities]))
        .options(joinedload(Kitchen.authority))
    )
    return sorted(session.scalars(query), key=lambda kitchen: (kitchen.authority.name, kitchen.name))


def _rounds_within_reach(actor: Actor) -> Select[Any]:
    """A DIS names authorities; their kitchens, meal managers and officers take part in its rounds."""
    named = (
        select(DisCategory.id)
        .join(DisAuthority, DisAuthority.dis_id == DisCategory.dis_id)
        .where(DisAuthority.authority_id == actor.authority_id)
    )
    return (
        select(NeedRound)
        .where(NeedRound.dis_category_id.in_(named))
        .options(
            joinedload(NeedRound.dis_category).joinedload(DisCategory.dis),
            selectinload(NeedRound.products),
        )
    )
