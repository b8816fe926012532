"""What the desk of a DIS shows of its tenders: which call-offs wait for two to open them, and which have been opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor
from market.dis.systems.models import Dis
from market.dis.tenders.queries import calloffs_to_open, opened_calloffs


def load_part(session: Session, dis: Dis, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """The variables of `dis/tenders/_on_desk.html`."""
    return {
        "to_open": calloffs_to_open(session, actor=actor, dis_id=dis.id, at=at),
        "opened": opened_calloffs(session, actor=actor, dis_id=dis.id),
    }
