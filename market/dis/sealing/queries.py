"""The envelopes of a call-off, the lock that lets one write at a time, and what a reading code shows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.dis.sealing.boxes import WillNotOpen
from market.dis.sealing.envelopes import read_by_code
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.models import CallOffKey, SealedEnvelope
from market.dis.sealing.rules import Place


def hold(session: Session, *, calloff_id: int) -> CallOffKey | None:
    """The call-off's key, locked until the transaction ends: whoever writes or opens comes one after the other."""
    return session.scalar(
        select(CallOffKey)
        .where(CallOffKey.calloff_id == calloff_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def envelopes(session: Session, *, calloff_id: int) -> list[SealedEnvelope]:
    """In the order of the invitations, which says nothing about tenders."""
    rows = (
        select(SealedEnvelope)
        .where(SealedEnvelope.calloff_id == calloff_id)
        .order_by(SealedEnvelope.invitation_id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(rows))


def read_with_code(session: Session, *, place: Place, code: str, keeper: Keeper) -> bytes | None:
    """What the tenderer put in; None when the code opens nothing, and for an empty envelope always."""
    row = session.get(SealedEnvelope, place.invitation_id)
    if row is None or row.calloff_id != place.calloff_id or not code:
        return None
    try:
        return read_by_code(keeper.looked_into(row.content, place=place), code=code, place=place) or None
    except WillNotOpen:
        return None
