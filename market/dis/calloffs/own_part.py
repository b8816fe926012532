"""What the producer's page of everything DIS shows of call-offs: those it is invited to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor
from market.dis.calloffs.queries import closing_soon, invitations_of


def load_own_part(session: Session, actor: Actor, at: datetime) -> dict[str, Any]:
    """The open ones, the first to close first; then the others, the newest first."""
    closing = closing_soon(session, actor=actor, at=at)
    opened = {one.id for one in closing}
    return {
        "open_invitations": closing,
        "past_invitations": [one for one in invitations_of(session, actor=actor) if one.id not in opened],
    }
