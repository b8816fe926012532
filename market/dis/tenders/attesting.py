"""An opening from the first confirmation to the attested list: transactions of its own, because typesetting takes a moment.

Read, typeset with nothing open, store. When the program dies in between, the list is made again from the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.db import open_session, transaction
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.rules import NotPossibleNow, Thing
from market.dis.sealing.keeping import Keeper
from market.dis.tenders.documents import list_content
from market.dis.tenders.models import OpeningRecord
from market.dis.tenders.opening_operations import confirm_opening
from market.dis.tenders.operations import hold_calloff
from market.dis.tenders.queries import calloff_here, confirmations, opened_tenders, opening_of
from market.dis.tenders.summing import summed
from market.typesetting import typeset


def confirm_and_attest(
    engine: Engine,
    *,
    calloff_id: int,
    keeper: Keeper,
    draw: Random,
    actor: Actor,
    clock: Callable[[], datetime],
    template: Path,
) -> bool:
    """Confirm; when it was the second, the tenders are open and their list is made. Raises as `confirm_opening` does.

    The clock is read once the lock is held.
    """
    with transaction(engine) as session:
        calloff = calloff_here(session, actor=actor, calloff_id=calloff_id)
        if calloff is None:
            raise NotPossibleNow
        hold_calloff(session, calloff=calloff)
        at = clock()
        is_open = confirm_opening(session, calloff=calloff, keeper=keeper, draw=draw, actor=actor, at=at)
    if is_open:
        attest(engine, calloff_id=calloff_id, template=template, at=at)
    return is_open


def attest(engine: Engine, *, calloff_id: int, template: Path, at: datetime) -> None:
    """Make the list of an opening that has none yet; what has been made stays as it is."""
    with open_session(engine, writes=False) as session:
        record = opening_of(session, calloff_id=calloff_id)
        if record is None or record.sha256 is not None:
            return
        content = _content(session, record)
    pdf = typeset(template, content, at=at)
    with transaction(engine) as session:
        record = session.get_one(OpeningRecord, calloff_id, with_for_update=True)
        if record.sha256 is None:
            _store(session, record, pdf, at=at)


def attest_in(session: Session, *, calloff_id: int, template: Path, at: datetime) -> None:
    """The same within a transaction at hand: for whoever makes a whole story in one."""
    record = session.get_one(OpeningRecord, calloff_id)
    _store(session, record, typeset(template, _content(session, record), at=at), at=at)


def _store(session: Session, record: OpeningRecord, pdf: bytes, *, at: datetime) -> None:
    record.pdf, record.sha256 = pdf, hashlib.sha256(pdf).hexdigest()
    audit.record(
        session,
        user_id=None,
        at=at,
        action="calloff.attest_opening",
        subject=f"{Thing.CALLOFF}:{record.calloff_id}",
        sha256=record.sha256,
    )


def _content(session: Session, record: OpeningRecord) -> dict[str, Any]:
    calloff = session.get_one(CallOff, record.calloff_id)
    taken_back = [
        (
            session.get_one(Invitation, int(one["invitation"])).producer.name,
            datetime.fromisoformat(one["at"]),
        )
        for one in record.taken_back
    ]
    return list_content(
        calloff,
        record=record,
        openers=confirmations(session, calloff_id=calloff.id),
        tenders=[summed(tender) for tender in opened_tenders(session, calloff_id=calloff.id)],
        taken_back=taken_back,
    )
