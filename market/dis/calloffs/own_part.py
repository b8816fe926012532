"""What the producer's page of everything DIS shows of call-offs: what to answer, and all that one was invited to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor
from market.dis.calloffs.queries import deadlines_asked, invitations_of


def load_own_part(session: Session, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """The variables of `dis/calloffs/_on_own.html`. Nothing of tenders, not even one's own."""
    calloffs = [one.calloff for one in invitations_of(session, actor=actor)]
    is_open = [one for one in calloffs if one.is_open(at)]
    return {
        "asked": deadlines_asked(session, actor=actor),
        "open_calloffs": sorted(is_open, key=lambda one: (one.deadline_at or at, one.id)),
        "closed_calloffs": [one for one in calloffs if one not in is_open],
    }
