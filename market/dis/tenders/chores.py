"""Every hour each call-off that takes tenders gets new outer layers: that its envelopes have changed says nothing then.

When a deadline has passed, those who may open are told, whether there is anything in the envelopes or not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority
from market.accounts.rules import Role
from market.db import open_session, transaction
from market.dis.calloffs.models import CallOff
from market.dis.rules import CallOffState
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.models import CallOffKey
from market.dis.sealing.operations import renew
from market.outbox import OutboxMessage, tell


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


def tell_of_openings(session: Session, *, at: datetime) -> int:
    """How many call-offs can be opened whose openers had not been told so yet."""
    waiting = session.scalars(
        select(CallOff).where(CallOff.state == CallOffState.INVITED, CallOff.deadline_at <= at)
    ).all()
    return sum(_tell(session, calloff, at) for calloff in waiting)


def _tell(session: Session, calloff: CallOff, at: datetime) -> int:
    dis, deadline = calloff.dis_category.dis, calloff.deadline_at
    assert deadline is not None
    key = f"dis_tenders_to_open:{calloff.id}:{deadline.astimezone(UTC).isoformat()}"
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key.startswith(key)).limit(1)):
        return 0
    people = [
        person
        for role in (Role.PROCUREMENT_OFFICER, Role.MEAL_MANAGER)
        for person in people_of_authority(session, dis.authority_id, role)
    ]
    tell(
        session,
        user_ids=people,
        kind="dis_tenders_to_open",
        key=key,
        at=at,
        calloff_id=calloff.id,
        title=calloff.title,
    )
    return 1


def _renew(engine: Engine, calloff_id: int, keeper: Keeper) -> int:
    with transaction(engine) as session:
        key = session.get(CallOffKey, calloff_id)
        if key is None or key.released_at is not None:  # opened since it was listed
            return 0
        return renew(session, calloff_id=calloff_id, keeper=keeper)
