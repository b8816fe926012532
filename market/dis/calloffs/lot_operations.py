"""Lots of a draft are split, joined and taken out; what they hold together stays what the kitchens need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.calloffs.lots import LotPlan, Need, NotToJoin, NotToSplit, Split, join, split
from market.dis.calloffs.models import CallOff, Lot
from market.dis.calloffs.operations import hold_draft, lot_of, renumber
from market.dis.calloffs.queries import lot_needs
from market.values import Refused, msg


class NoLotChosen(Refused):
    message = msg("Kryssa för de delar som det gäller.")


def split_lots(
    session: Session, *, calloff: CallOff, lot_ids: Sequence[int], how: Split, actor: Actor, at: datetime
) -> None:
    """Each chosen lot becomes several. Raises NoLotChosen and NotToSplit, and then changes nothing."""
    chosen = _chosen(session, calloff, lot_ids)
    plans = _plans(session, chosen)
    order: list[Lot] = []
    for lot in list(calloff.lots):
        parts = split(plans[lot.id], how) if lot.id in plans else []
        if lot in chosen and len(parts) < 2:
            raise NotToSplit(number=lot.number)
        order.extend(_like(lot, part) for part in parts)
        if not parts:
            order.append(lot)
    _put(session, calloff, order)
    _record(session, calloff, "split", actor=actor, at=at, lots=sorted(lot_ids), how=how.value)


def join_lots(
    session: Session, *, calloff: CallOff, lot_ids: Sequence[int], actor: Actor, at: datetime
) -> None:
    """The chosen lots become one. Raises NoLotChosen and NotToJoin."""
    chosen = _chosen(session, calloff, lot_ids)
    if len({lot.unit for lot in chosen}) != 1:
        raise NotToJoin
    joined = _like(chosen[0], join(list(_plans(session, chosen).values())))
    order = [joined if lot is chosen[0] else lot for lot in calloff.lots if lot not in chosen[1:]]
    _put(session, calloff, order)
    _record(session, calloff, "join", actor=actor, at=at, lots=sorted(lot_ids))


def remove_lots(
    session: Session, *, calloff: CallOff, lot_ids: Sequence[int], actor: Actor, at: datetime
) -> None:
    """Take lots out; their needs may be called off another time. Raises NoLotChosen."""
    chosen = _chosen(session, calloff, lot_ids)
    _put(session, calloff, [lot for lot in calloff.lots if lot not in chosen])
    _record(session, calloff, "remove", actor=actor, at=at, lots=sorted(lot_ids))


def _chosen(session: Session, calloff: CallOff, lot_ids: Sequence[int]) -> list[Lot]:
    hold_draft(session, calloff=calloff)
    chosen = [lot for lot in calloff.lots if lot.id in set(lot_ids)]
    if not chosen or len(chosen) != len(set(lot_ids)):
        raise NoLotChosen
    return chosen


def _plans(session: Session, lots: Sequence[Lot]) -> dict[int, LotPlan]:
    held = lot_needs(session, lots=lots)
    return {
        lot.id: LotPlan(
            tuple(
                Need(
                    need.need_line_id or 0,
                    need.need_line.round_product_id if need.need_line else 0,
                    lot.authority_id,
                    need.kitchen_id,
                    need.week_on,
                    need.steps,
                )
                for need in held[lot.id]
            )
        )
        for lot in lots
    }


def _like(lot: Lot, plan: LotPlan) -> Lot:
    """A new lot with the words of another."""
    made = lot_of(plan, number=lot.number, name=lot.name, description=lot.description)
    made.unit, made.allows_parts = lot.unit, lot.allows_parts
    return made


def _put(session: Session, calloff: CallOff, order: Sequence[Lot]) -> None:
    """Exactly these lots, in this order."""
    for lot in list(calloff.lots):
        if lot not in order:
            calloff.lots.remove(lot)
    session.flush()
    top = max((lot.number for lot in order), default=0)
    for number, lot in enumerate((one for one in order if one not in calloff.lots), start=top + 1):
        lot.number = number
        calloff.lots.append(lot)
    session.flush()
    renumber(session, lots=order)
    session.expire(calloff, ["lots"])


def _record(
    session: Session, calloff: CallOff, what: str, *, actor: Actor, at: datetime, **data: object
) -> None:
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=f"calloff.{what}_lots",
        subject=f"calloff:{calloff.id}",
        **data,
    )
