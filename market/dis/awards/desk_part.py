"""Awards on the desk of a DIS: what is decided and not yet signed, and the notices that are due. And on the producer's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.dis.awards.models import CallOffAward
from market.dis.awards.queries import signed_contracts
from market.dis.awards.rules import NoticeState, notice_state
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.rules import CallOffState
from market.dis.systems.models import Dis, DisCategory
from market.dis.systems.queries import runs
from market.values import local_date

SHOWN = (CallOffState.EVALUATED, CallOffState.AWARDED, CallOffState.CONCLUDED)


def load_desk_part(session: Session, dis: Dis, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """The call-offs to decide and those decided, the newest first, and how many notices are due or late."""
    query = (
        select(CallOff)
        .join(CallOff.dis_category)
        .where(DisCategory.dis_id == dis.id, CallOff.state.in_(SHOWN))
        .order_by(CallOff.id.desc())
    )
    states = [
        notice_state(due_on=one.notice_due_on, sent_on=one.notice_sent_on, today=local_date(at))
        for one in signed_contracts(session, dis_id=dis.id)
        if one.notice_due_on is not None
    ]
    return {
        "award_calloffs": list(session.scalars(query)),
        "award_runs": runs(actor, dis),
        "award_dis": dis,
        "notices_due": states.count(NoticeState.DUE),
        "notices_late": states.count(NoticeState.LATE),
    }


def load_own_part(session: Session, actor: Actor, at: datetime) -> Mapping[str, Any]:  # noqa: ARG001 - as every part
    """The call-offs that the producer was invited to and that have been decided, the newest first."""
    decided = exists().where(CallOffAward.calloff_id == CallOff.id)
    query = (
        select(CallOff)
        .join(Invitation, Invitation.calloff_id == CallOff.id)
        .where(Invitation.producer_id == actor.producer_id, decided)
        .order_by(CallOff.id.desc())
    )
    return {"decided_calloffs": list(session.scalars(query))}
