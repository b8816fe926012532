"""What a procurement officer decides: how is counted, which categories are one kind, lifts, purchases made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.law.queries import law_value_or_none
from market.law.rules import LawKey
from market.limits.models import KindCategory, KindOfGoods, LimitEntry, LimitLift, LimitSettings
from market.limits.operations import (
    follow_up,
    log_step,
    release_value,
    standing,
    take_turn,
)
from market.limits.queries import groupings, lifted_ore, limit_ore
from market.limits.rules import (
    CategoryTaken,
    EntryEvent,
    KindNameTaken,
    KindNeedsCategories,
    LaterThanToday,
    LiftGround,
    LiftNotAboveZero,
    NotPossibleNow,
    PeriodKind,
    check_levels,
    check_lift,
    is_under,
    state_after,
)
from market.register.models import Authority, Category, Producer
from market.values import LARGEST, Named, TooLarge, local_date


def change_settings(
    session: Session,
    *,
    authority: Authority,
    period_kind: PeriodKind,
    first_month: int,
    levels: Sequence[int],
    actor: Actor,
    at: datetime,
) -> LimitSettings:
    """How the authority counts and when it is warned. Raises LevelsNotRising."""
    check_levels(levels)
    settings = take_turn(session, authority_id=authority.id)
    settings.period_kind, settings.first_month = period_kind, first_month
    settings.warn_first, settings.warn_second, settings.warn_third = levels
    _log(
        session, "limit.settings", f"authority:{authority.id}", actor, at,
        period=period_kind.value, month=first_month, levels=list(levels),
    )  # fmt: skip
    return settings


def save_kind(
    session: Session,
    *,
    authority: Authority,
    kind: KindOfGoods | None,
    name: str,
    categories: Sequence[str],
    actor: Actor,
    at: datetime,
) -> KindOfGoods:
    """Count categories as one kind, from now on and for what is already bought.

    Raises KindNeedsCategories, KindNameTaken, CategoryTaken.
    """
    take_turn(session, authority_id=authority.id)
    if not categories:
        raise KindNeedsCategories
    for other in groupings(session, authority_id=authority.id):
        if kind is None or other.id != kind.id:
            _check_apart(session, other, name, categories)
    if kind is None:
        kind = KindOfGoods(authority_id=authority.id, name=name.strip())
        session.add(kind)
    kind.name = name.strip()
    kept = {row.category_key: row for row in kind.categories}
    kind.categories = [
        kept.get(key) or KindCategory(authority_id=authority.id, category_key=key)
        for key in dict.fromkeys(categories)
    ]
    session.flush()
    _log(session, "limit.kind", f"kind:{kind.id}", actor, at, name=kind.name, categories=list(categories))
    return kind


def remove_kind(session: Session, *, kind: KindOfGoods, actor: Actor, at: datetime) -> None:
    """Let its categories count each for itself again."""
    take_turn(session, authority_id=kind.authority_id)
    _log(session, "limit.kind_removed", f"kind:{kind.id}", actor, at, name=kind.name)
    session.delete(kind)
    session.flush()


def record_purchase(
    session: Session,
    *,
    authority: Authority,
    category_key: str,
    supplier_name: str,
    ore: int,
    on: date,
    reason: str,
    although_over: bool,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> LimitEntry:
    """Count a purchase that was made beside the marketplace. The same `request_key` again records nothing more.

    It has been made, so it is counted also where it reaches the limit, once the officer says so (`although_over`).
    Raises LaterThanToday, LimitReached, TooLarge.
    """
    subject = f"manual:{request_key}"[:64]
    made = session.scalars(select(LimitEntry).where(LimitEntry.subject == subject)).first()
    if made is not None and made.authority_id == authority.id:
        return made
    if on > local_date(at):
        raise LaterThanToday
    if ore > LARGEST:
        raise TooLarge
    settings = take_turn(session, authority_id=authority.id)
    stands = standing(session, settings=settings, category_key=category_key, on=on, at=at)
    if not although_over and not is_under(stands.spent_ore + ore, stands.ceiling_ore):
        raise stands.refusal(ore)
    name = supplier_name.strip()
    known = session.scalars(select(Producer).where(Producer.name == name)).first()
    entry = LimitEntry(
        authority_id=authority.id,
        category_key=category_key,
        subject=subject,
        supplier=known,
        supplier_name=name,
        counts_on=on,
        state=state_after(None, EntryEvent.RECORD),
        ordered_ore=ore,
        ore=ore,
        note=reason.strip(),
        entered_at=at,
        entered_by_id=actor.user_id,
    )
    session.add(entry)
    session.flush()
    log_step(session, entry=entry, event=EntryEvent.RECORD, user_id=actor.user_id, at=at, reason=reason)
    follow_up(session, settings=settings, stands=stands, entry=entry, held=0, at=at)
    return entry


def remove_purchase(session: Session, *, entry: LimitEntry, reason: str, actor: Actor, at: datetime) -> None:
    """Take back a purchase that was recorded by hand, with a reason; it stays in the history.

    Raises NotPossibleNow for an order's entry or one already taken back.
    """
    if not entry.is_manual or not entry.counts:
        raise NotPossibleNow
    release_value(session, subject=entry.subject, at=at, actor_user_id=actor.user_id, reason=reason)


def lift_block(
    session: Session,
    *,
    authority: Authority,
    kind_key: str,
    ground: LiftGround,
    extra_ore: int,
    last_day: date,
    reason: str,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> LimitLift:
    """Let a kind go `extra_ore` above the limit from today up to and with `last_day`.

    The same `request_key` again returns the decision already made.

    Raises LiftReasonNeeded, LiftInThePast, LiftTooLong, LiftTooLarge.
    """
    made = session.scalars(select(LimitLift).where(LimitLift.request_key == request_key)).first()
    if made is not None and made.authority_id == authority.id:
        return made
    take_turn(session, authority_id=authority.id)
    today = local_date(at)
    threshold = law_value_or_none(session, LawKey.EU_THRESHOLD, on=today)
    if extra_ore <= 0:
        raise LiftNotAboveZero
    check_lift(
        reason=reason,
        extra_ore=extra_ore + lifted_ore(session, authority_id=authority.id, kind_key=kind_key, on=today),
        last_day=last_day,
        today=today,
        limit_ore=limit_ore(session, on=today),
        threshold_ore=int(threshold.value * 100) if threshold else None,
    )
    lift = LimitLift(
        authority_id=authority.id,
        kind_key=kind_key,
        ground=ground,
        extra_ore=extra_ore,
        reason=reason.strip(),
        valid_from=today,
        valid_until=last_day + timedelta(days=1),
        request_key=request_key,
        decided_at=at,
        decided_by_id=actor.user_id,
    )
    session.add(lift)
    session.flush()
    _log(
        session, "limit.lift", f"lift:{lift.id}", actor, at,
        kind=kind_key, ground=ground.value, ore=extra_ore, last_day=last_day.isoformat(), reason=lift.reason,
    )  # fmt: skip
    return lift


def end_lift(session: Session, *, lift: LimitLift, actor: Actor, at: datetime) -> None:
    """End a lift before its last day; what was bought stands. Raises NotPossibleNow when it has ended."""
    take_turn(session, authority_id=lift.authority_id)
    changed = session.execute(
        update(LimitLift).where(LimitLift.id == lift.id, LimitLift.ended_at.is_(None)).values(ended_at=at)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow
    session.refresh(lift)
    _log(session, "limit.lift_ended", f"lift:{lift.id}", actor, at)


def _check_apart(session: Session, other: KindOfGoods, name: str, categories: Sequence[str]) -> None:
    if other.name == name.strip():
        raise KindNameTaken
    shared = {row.category_key for row in other.categories} & set(categories)
    if shared:
        category = session.get_one(Category, min(shared))
        raise CategoryTaken(category=Named(category.name_sv, category.name_en), kind=other.name)


def _log(session: Session, action: str, subject: str, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=subject, **data)
