"""Every hour each call-off that takes tenders gets new outer layers: that its envelopes have changed says nothing then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, select

from market.db import open_session, transaction
from market.dis.calloffs.models import CallOff
from market.dis.rules import CallOffState
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.models import CallOffKey
from market.dis.sealing.operations import renew


def renew_envelopes(engine: Engine, *, keeper: Callable[[], Keeper], at: datetime) -> int:
    """How many envelopes were renewed. A transaction for each call-off: others write in between."""
    with open_session(engine, writes=False) as session:
        waiting = session.scalars(
            select(CallOff.id)
            .join(CallOffKey, CallOffKey.calloff_id == CallOff.id)
            .where(CallOff.state == CallOffState.INVITED, CallOff.invited_at <= at)
            .order_by(CallOff.id)
        ).all()
    return sum(_renew(engine, calloff_id, keeper()) for calloff_id in waiting)


def _renew(engine: Engine, calloff_id: int, keeper: Keeper) -> int:
    with transaction(engine) as session:
        key = session.get(CallOffKey, calloff_id)
        if key is None or key.released_at is not None:  # opened since it was listed
            return 0
        return renew(session, calloff_id=calloff_id, keeper=keeper)
