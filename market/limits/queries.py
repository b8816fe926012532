"""Reads of the ledger: kinds of goods, what is spent, lifts, and the meters. Each for one authority: the actor's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.actors import Action, Actor
from market.law.queries import law_value
from market.law.rules import LawKey
from market.limits.models import Award, KindOfGoods, LimitEntry, LimitLift, LimitSettings
from market.limits.rules import (
    COUNTED,
    PACE_WEEKS,
    EntryState,
    Kind,
    Meter,
    PeriodKind,
    Spent,
    forecast_ore,
    fullest,
    reached_on,
    room_ore,
    total,
)
from market.register.models import Authority, Category, Kitchen, Procedure
from market.values import Named, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is left of the limit for a kind, as a kitchen is told."""

    kind: Kind
    period: Period
    limit_ore: int
    spent_ore: int
    room_ore: int


def authority_seen_by(session: Session, *, actor: Actor) -> Authority | None:
    """The authority whose limits the actor may see: their own."""
    if actor.authority_id is None or not actor.may(Action.SEE_LIMITS):
        return None
    return session.get(Authority, actor.authority_id)


def settings_of(session: Session, *, authority_id: int) -> LimitSettings:
    """What the authority has set, or what holds until it sets anything (then not stored)."""
    found = session.get(LimitSettings, authority_id)
    return found or LimitSettings(
        authority_id=authority_id,
        period_kind=PeriodKind.YEAR,
        first_month=1,
        warn_first=70,
        warn_second=85,
        warn_third=95,
        turns=0,
    )


def kinds_of(session: Session, *, authority_id: int) -> list[Kind]:
    """Every kind of goods: groupings and the categories outside them, in the order of their first category."""
    categories = session.scalars(select(Category).order_by(Category.position)).all()
    groups = {g.id: g for g in groupings(session, authority_id=authority_id)}
    by_category = {c.category_key: group for group in groups.values() for c in group.categories}
    kinds: dict[str, Kind] = {}
    for category in categories:
        group = by_category.get(category.key)
        if group is None:
            name = Named(category.name_sv, category.name_en)
            kinds[category.key] = Kind(category.key, name, (category.key,))
        elif str(group.id) not in kinds:
            keys = tuple(c.key for c in categories if by_category.get(c.key) is group)
            kinds[str(group.id)] = Kind(str(group.id), Named(group.name, group.name), keys)
    return list(kinds.values())


def groupings(session: Session, *, authority_id: int) -> list[KindOfGoods]:
    query = (
        select(KindOfGoods)
        .where(KindOfGoods.authority_id == authority_id)
        .options(selectinload(KindOfGoods.categories))
        .order_by(KindOfGoods.name)
    )
    return list(session.scalars(query))


def grouping_for(session: Session, *, actor: Actor, kind_id: int) -> KindOfGoods | None:
    query = select(KindOfGoods).where(
        KindOfGoods.id == kind_id, KindOfGoods.authority_id == actor.authority_id
    )
    return session.scalar(query.options(selectinload(KindOfGoods.categories)))


def kind_of(session: Session, *, authority_id: int, category_key: str) -> Kind:
    """The kind that a category belongs to."""
    return next(k for k in kinds_of(session, authority_id=authority_id) if category_key in k.categories)


def kind_by_key(session: Session, *, authority_id: int, kind_key: str) -> Kind | None:
    return next((k for k in kinds_of(session, authority_id=authority_id) if k.key == kind_key), None)


def limit_ore(session: Session, *, on: date) -> int:
    """The direct-award limit in force on a day. Raises NoValueInForce."""
    return int(law_value(session, LawKey.DIRECT_AWARD_LIMIT, on=on).value * 100)


def counted(
    session: Session,
    *,
    authority_id: int,
    categories: Collection[str],
    period: Period,
    besides: int | None = None,
) -> list[Spent]:
    """The purchases of a kind in a period that count, without the entry `besides`."""
    query = select(LimitEntry.counts_on, LimitEntry.ore).where(
        LimitEntry.authority_id == authority_id,
        LimitEntry.category_key.in_(categories),
        LimitEntry.state.in_(COUNTED),
        LimitEntry.counts_on >= period.start,
        LimitEntry.counts_on < period.end,
    )
    if besides is not None:
        query = query.where(LimitEntry.id != besides)
    return [Spent(day, ore) for day, ore in session.execute(query)]


def lifted_ore(session: Session, *, authority_id: int, kind_key: str, on: date) -> int:
    """How far above the limit a kind may go on a day."""
    query = select(func.coalesce(func.sum(LimitLift.extra_ore), 0)).where(
        LimitLift.authority_id == authority_id,
        LimitLift.kind_key == kind_key,
        LimitLift.ended_at.is_(None),
        LimitLift.valid_from <= on,
        LimitLift.valid_until > on,
    )
    return int(session.scalar(query) or 0)


def lifts_of(session: Session, *, authority_id: int, kind_key: str) -> list[LimitLift]:
    """All decisions to lift the block for a kind, newest first."""
    query = (
        select(LimitLift)
        .where(LimitLift.authority_id == authority_id, LimitLift.kind_key == kind_key)
        .order_by(LimitLift.id.desc())
    )
    return list(session.scalars(query))


def lift_for(session: Session, *, actor: Actor, lift_id: int) -> LimitLift | None:
    query = select(LimitLift).where(LimitLift.id == lift_id, LimitLift.authority_id == actor.authority_id)
    return session.scalar(query)


def entry_for(session: Session, *, actor: Actor, entry_id: int) -> LimitEntry | None:
    query = select(LimitEntry).where(LimitEntry.id == entry_id, LimitEntry.authority_id == actor.authority_id)
    return session.scalar(query)


def entries_of(
    session: Session, *, authority_id: int, categories: Collection[str], period: Period
) -> list[LimitEntry]:
    """The ledger of a kind in a period, newest first, with what was released."""
    query = (
        select(LimitEntry)
        .where(
            LimitEntry.authority_id == authority_id,
            LimitEntry.category_key.in_(categories),
            LimitEntry.counts_on >= period.start,
            LimitEntry.counts_on < period.end,
        )
        .options(joinedload(LimitEntry.supplier))
        .order_by(LimitEntry.counts_on.desc(), LimitEntry.id.desc())
    )
    return list(session.scalars(query))


def room_left(session: Session, *, kitchen: Kitchen, category_key: str, on: date) -> Room | None:
    """What a kitchen may still order of a category's kind, or None where direct awards are not how it buys."""
    authority = session.get_one(Authority, kitchen.authority_id)
    if authority.procedure is not Procedure.DIRECT_AWARD:
        return None
    kind = kind_of(session, authority_id=authority.id, category_key=category_key)
    counting = settings_of(session, authority_id=authority.id).counting
    rows = counted(
        session, authority_id=authority.id, categories=kind.categories, period=counting.affected(on)
    )
    spent, limit = fullest(rows, on=on, counting=counting), limit_ore(session, on=on)
    ceiling = limit + lifted_ore(session, authority_id=authority.id, kind_key=kind.key, on=on)
    return Room(
        kind=kind,
        period=counting.period(on),
        limit_ore=limit,
        spent_ore=spent,
        room_ore=room_ore(spent, ceiling),
    )


def invoice_value(entry: LimitEntry) -> int:
    """What has been invoiced of an entry, in öre: until there are invoices, what was delivered."""
    return entry.ore if entry.state is EntryState.DELIVERED else 0


def meters(session: Session, *, authority_id: int, today: date) -> list[Meter]:
    """How every kind of goods stands today; the same number of queries however many entries there are."""
    settings = settings_of(session, authority_id=authority_id)
    period, limit = settings.counting.period(today), limit_ore(session, on=today)
    recent = min(period.start, today - timedelta(weeks=PACE_WEEKS))
    rows = session.scalars(
        select(LimitEntry).where(
            LimitEntry.authority_id == authority_id,
            LimitEntry.state.in_(COUNTED),
            LimitEntry.counts_on >= recent,
            LimitEntry.counts_on < period.end,
        )
    ).all()
    lifted = _lifted(session, authority_id=authority_id, on=today)
    return [
        _meter(
            kind,
            settings,
            limit=limit,
            lifted=lifted.get(kind.key, 0),
            rows=[row for row in rows if row.category_key in kind.categories],
            today=today,
        )
        for kind in kinds_of(session, authority_id=authority_id)
    ]


def _lifted(session: Session, *, authority_id: int, on: date) -> dict[str, int]:
    query = (
        select(LimitLift.kind_key, func.sum(LimitLift.extra_ore))
        .where(
            LimitLift.authority_id == authority_id,
            LimitLift.ended_at.is_(None),
            LimitLift.valid_from <= on,
            LimitLift.valid_until > on,
        )
        .group_by(LimitLift.kind_key)
    )
    return {key: int(extra) for key, extra in session.execute(query)}


def _meter(
    kind: Kind,
    settings: LimitSettings,
    *,
    limit: int,
    lifted: int,
    rows: Sequence[LimitEntry],
    today: date,
) -> Meter:
    counting, spent = settings.counting, [Spent(row.counts_on, row.ore) for row in rows]
    period = counting.period(today)
    inside = [row for row in rows if row.counts_on in period]
    delivered = [Spent(r.counts_on, r.ore) for r in inside if r.state is EntryState.DELIVERED]
    return Meter(
        kind=kind,
        period=period,
        limit_ore=limit,
        lifted_ore=lifted,
        levels=settings.levels,
        committed_ore=total(spent, period) - total(delivered, period),
        delivered_ore=total(delivered, period),
        invoiced_ore=sum(invoice_value(row) for row in inside),
        forecast_ore=forecast_ore(spent, counting=counting, today=today),
        runs_out_on=reached_on(spent, ceiling_ore=limit + lifted, counting=counting, today=today),
    )


def supplier_spent(
    session: Session,
    *,
    authority_id: int,
    categories: Collection[str],
    supplier_id: int | None,
    supplier_name: str,
    period: Period,
) -> int:
    """What one supplier has been given of a kind in a period, in öre."""
    query = select(func.coalesce(func.sum(LimitEntry.ore), 0)).where(
        LimitEntry.authority_id == authority_id,
        LimitEntry.category_key.in_(categories),
        LimitEntry.state.in_(COUNTED),
        LimitEntry.counts_on >= period.start,
        LimitEntry.counts_on < period.end,
    )
    return int(session.scalar(query.where(_of(supplier_id, supplier_name))) or 0)


def supplier_entries(session: Session, *, award: Award) -> list[LimitEntry]:
    """The purchases that an award is made of, oldest first."""
    query = select(LimitEntry).where(
        LimitEntry.authority_id == award.authority_id,
        LimitEntry.category_key.in_(award.categories),
        LimitEntry.state.in_(COUNTED),
        LimitEntry.counts_on >= award.period_start,
        LimitEntry.counts_on < award.period_end,
        _of(award.supplier_id, award.supplier_name),
    )
    return list(session.scalars(query.order_by(LimitEntry.counts_on, LimitEntry.id)))


def award_opened(
    session: Session,
    *,
    authority_id: int,
    kind_key: str,
    period: Period,
    supplier_id: int | None,
    supplier_name: str,
) -> Award | None:
    same = (
        Award.supplier_id == supplier_id if supplier_id is not None else Award.supplier_name == supplier_name
    )
    query = select(Award).where(
        Award.authority_id == authority_id,
        Award.kind_key == kind_key,
        Award.period_start == period.start,
        same,
    )
    return session.scalar(query)


def _of(supplier_id: int | None, supplier_name: str) -> ColumnElement[bool]:
    """A producer of the marketplace by its number, anybody else by name."""
    if supplier_id is not None:
        return LimitEntry.supplier_id == supplier_id
    return and_(LimitEntry.supplier_id.is_(None), LimitEntry.supplier_name == supplier_name)
