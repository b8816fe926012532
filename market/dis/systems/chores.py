"""What the clock does with a DIS: it ends when its validity does (LOU 8 kap. 1 §)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.dis.rules import DisState
from market.dis.systems.models import Dis
from market.dis.systems.operations import end_dis
from market.values import local_date

OVER = "Giltighetstiden är slut."


def end_what_is_over(session: Session, *, at: datetime) -> int:
    """From the first instant of the day that `valid_until` names. Returns how many ended."""
    query = select(Dis).where(Dis.state == DisState.PUBLISHED, Dis.valid_until <= local_date(at))
    over = list(session.scalars(query.order_by(Dis.id)))
    for dis in over:
        end_dis(session, dis=dis, reason=OVER, actor=None, at=at)
    return len(over)
