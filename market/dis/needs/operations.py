"""Asking the kitchens what they need, keeping their answers, and closing the round."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_authority, people_of_kitchen
from market.accounts.rules import Role
from market.actors import Actor
from market.dis.needs.models import NeedLine, NeedRound, RoundProduct
from market.dis.needs.queries import kitchens_asked, round_with_key, stated
from market.dis.needs.rules import (
    MOST_WEEKS,
    ONE_WEEK,
    AskedProduct,
    CategoryIsNotOpen,
    Cell,
    Change,
    ClosesTooLate,
    NeedsHaveChanged,
    NotOfTheRound,
    RoundIsClosed,
    WrongWeeks,
    changes,
    check_products,
    checked_steps,
    fingerprint,
    weeks_from,
)
from market.dis.rules import NeedRoundEvent, NeedRoundState, Thing
from market.dis.steps import begin, move
from market.dis.systems.models import DisCategory
from market.outbox import tell
from market.values import local_date, wall_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a round asks: of which weeks, which products, until when."""

    name: str
    first_week_on: date
    weeks: int
    closes_at: datetime
    products: Sequence[AskedProduct]


def open_round(
    session: Session,
    *,
    category: DisCategory,
    asked: Asked,
    wording_reason: str,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> NeedRound:
    """Ask the kitchens of every named authority, and tell them. The same request key gives the round already made.

    `wording_reason`: why words of place in the descriptions favour nobody (LOU 4 kap. 1 §), where there are any.
    """
    if made := round_with_key(session, request_key=request_key):
        return made
    if not category.dis.is_open(local_date(at)):
        raise CategoryIsNotOpen
    need_round = _round(category, asked, request_key=request_key, at=at)
    check_closing(need_round, closes_at=asked.closes_at, at=at)
    begin(session, Thing.NEED_ROUND, need_round, NeedRoundEvent.BEGIN, user_id=actor.user_id, at=at)
    if wording_reason:
        _record(session, need_round, "wording", actor=actor, at=at, reason=wording_reason)
    _tell_kitchens(session, need_round, key="asked", at=at)
    return need_round


def save_needs(
    session: Session,
    *,
    need_round: NeedRound,
    kitchen_ids: Collection[int],
    needs: Mapping[Cell, int],
    seen: str,
    actor: Actor,
    at: datetime,
) -> list[Change]:
    """Keep what the cells say, all of them or none; cells that are not named stay.

    `kitchen_ids` are the kitchens that the actor answers for, `seen` the fingerprint of their needs as they were shown.
    Raises RoundIsClosed, NotOfTheRound, NeedsHaveChanged, and what `checked_steps` raises.
    """
    held = _held(session, need_round, at=at)
    before = stated(session, round_id=held.id, kitchen_ids=kitchen_ids)
    if fingerprint(before) != seen:
        raise NeedsHaveChanged
    units = {product.id: product.unit for product in held.products}
    weeks = set(weeks_from(held.first_week_on, held.end_week_on))
    for cell, steps in needs.items():
        if cell.product_id not in units or cell.kitchen_id not in kitchen_ids or cell.week_on not in weeks:
            raise NotOfTheRound
        checked_steps(steps, units[cell.product_id])
    changed = changes(before, needs)
    for change in changed:
        _write(session, change, actor=actor, at=at)
    if changed:
        kitchens = sorted({change.cell.kitchen_id for change in changed})
        _record(session, held, "state", actor=actor, at=at, kitchens=kitchens, cells=len(changed))
    return changed


def close_round(session: Session, *, need_round: NeedRound, user_id: int | None, at: datetime) -> None:
    """No more answers; `user_id` is None when the clock closes it. The officers are told that the needs are in."""
    move(session, Thing.NEED_ROUND, need_round, NeedRoundEvent.CLOSE, user_id=user_id, at=at)
    dis = need_round.dis_category.dis
    tell(
        session,
        user_ids=people_of_authority(session, dis.authority_id, Role.PROCUREMENT_OFFICER),
        kind="needs_collected",
        key=f"needs_collected:{need_round.id}:{at.isoformat()}",
        at=at,
        round_id=need_round.id,
        name=need_round.name,
    )


def reopen_round(
    session: Session, *, need_round: NeedRound, closes_at: datetime, actor: Actor, at: datetime
) -> None:
    """Take answers again until a new time, and tell the kitchens."""
    check_closing(need_round, closes_at=closes_at, at=at)
    move(session, Thing.NEED_ROUND, need_round, NeedRoundEvent.REOPEN, user_id=actor.user_id, at=at)
    need_round.closes_at = closes_at
    session.flush()
    _tell_kitchens(session, need_round, key=f"reopened:{at.isoformat()}", at=at)


def check_closing(need_round: NeedRound, *, closes_at: datetime, at: datetime) -> None:
    """Raises ClosesTooLate unless it lies between now and the first week."""
    if not at < closes_at <= wall_clock(need_round.first_week_on, 0):
        raise ClosesTooLate


def _round(category: DisCategory, asked: Asked, *, request_key: str, at: datetime) -> NeedRound:
    if not 1 <= asked.weeks <= MOST_WEEKS or asked.first_week_on <= local_date(at):
        raise WrongWeeks(most=MOST_WEEKS)
    return NeedRound(
        dis_category=category,
        name=asked.name,
        first_week_on=asked.first_week_on,
        end_week_on=asked.first_week_on + asked.weeks * ONE_WEEK,
        closes_at=asked.closes_at,
        created_at=at,
        request_key=request_key,
        products=[
            RoundProduct(position=n, name=one.name, description=one.description, unit=one.unit)
            for n, one in enumerate(check_products(asked.products), start=1)
        ],
    )


def _held(session: Session, need_round: NeedRound, *, at: datetime) -> NeedRound:
    """The round as it is now, kept from closing until the commit. Raises RoundIsClosed."""
    held = session.scalar(
        select(NeedRound)
        .where(NeedRound.id == need_round.id)
        .with_for_update(of=NeedRound)
        .execution_options(populate_existing=True)
    )
    if held is None or held.state is not NeedRoundState.OPEN or at >= held.closes_at:
        raise RoundIsClosed
    return held


def _write(session: Session, change: Change, *, actor: Actor, at: datetime) -> None:
    cell = change.cell
    here = (
        NeedLine.round_product_id == cell.product_id,
        NeedLine.kitchen_id == cell.kitchen_id,
        NeedLine.week_on == cell.week_on,
    )
    if change.after == 0:
        session.execute(delete(NeedLine).where(*here))
        return
    line = session.scalar(select(NeedLine).where(*here)) or NeedLine(
        round_product_id=cell.product_id, kitchen_id=cell.kitchen_id, week_on=cell.week_on
    )
    line.steps, line.stated_at, line.stated_by_id = change.after, at, actor.user_id
    session.add(line)
    session.flush()


def _tell_kitchens(session: Session, need_round: NeedRound, *, key: str, at: datetime) -> None:
    """The people of each kitchen that is asked, and the meal managers."""
    dis = need_round.dis_category.dis
    managers = [
        who for one in dis.authorities for who in people_of_authority(session, one.id, Role.MEAL_MANAGER)
    ]
    cooks = [who for one in kitchens_asked(session, dis=dis) for who in people_of_kitchen(session, one.id)]
    tell(
        session,
        user_ids=[*managers, *cooks],
        kind="needs_asked",
        key=f"needs_asked:{need_round.id}:{key}",
        at=at,
        round_id=need_round.id,
        name=need_round.name,
        closes_at=need_round.closes_at.isoformat(),
        authority=dis.authority.name,
    )


def _record(
    session: Session, need_round: NeedRound, what: str, *, actor: Actor, at: datetime, **data: object
) -> None:
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=f"need_round.{what}",
        subject=f"need_round:{need_round.id}",
        **data,
    )
