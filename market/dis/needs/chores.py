"""What the clock does with rounds of needs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.dis.needs.models import NeedRound
from market.dis.needs.operations import close_round
from market.dis.rules import NeedRoundState


def close_rounds(session: Session, *, at: datetime) -> int:
    """Close those whose time is out; how many."""
    due = session.scalars(
        select(NeedRound)
        .where(NeedRound.state == NeedRoundState.OPEN, NeedRound.closes_at <= at)
        .order_by(NeedRound.id)
    ).all()
    for need_round in due:
        close_round(session, need_round=need_round, user_id=None, at=at)
    return len(due)
