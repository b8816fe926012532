"""What every step in a DIS does: move by the table against races, write the history, log it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from market import audit
from market.dis.models import DisTransition
from market.dis.rules import NotPossibleNow, Thing, check_reason, state_after


class HasState(Protocol):
    """A row with an id and a state column."""

    id: Any
    state: Any


def begin(
    session: Session, thing: Thing, row: HasState, event: StrEnum, *, user_id: int | None, at: datetime
) -> None:
    """Store a new thing in the state that its first event leads to. Flushes."""
    row.state = state_after(thing, None, event)
    session.add(row)
    session.flush()
    _write(session, thing, row, event, user_id=user_id, at=at, reason="", data={})


def move(
    session: Session,
    thing: Thing,
    row: HasState,
    event: StrEnum,
    *,
    user_id: int | None,
    at: datetime,
    reason: str = "",
    **data: object,
) -> None:
    """Change the state only if it is still what the caller saw; whoever comes second gets NotPossibleNow.

    `user_id` is None for what the clock does. Raises ReasonNeeded for a step that is stated with reasons.
    """
    trimmed = check_reason(thing, event, reason)
    session.flush()
    before, kind = row.state, type(row)
    changed = session.execute(
        update(kind)
        .where(kind.id == row.id, kind.state == before)
        .values(state=state_after(thing, before, event)),
        execution_options={"synchronize_session": False},
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow
    session.refresh(row, ["state"])
    _write(session, thing, row, event, user_id=user_id, at=at, reason=trimmed, data=data)


def _write(
    session: Session,
    thing: Thing,
    row: HasState,
    event: StrEnum,
    *,
    user_id: int | None,
    at: datetime,
    reason: str,
    data: dict[str, object],
) -> None:
    session.add(
        DisTransition(
            thing=thing,
            subject_id=row.id,
            event=event.value,
            to_state=row.state.value,
            at=at,
            user_id=user_id,
            reason=reason,
        )
    )
    audit.record(
        session,
        user_id=user_id,
        at=at,
        action=f"{thing.value}.{event.value}",
        subject=f"{thing.value}:{row.id}",
        state=row.state.value,
        **data,
    )
