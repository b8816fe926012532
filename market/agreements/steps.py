"""What every step of an agreement does: lock, move by the table, write the history, tell the sides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_authority, people_of_producer
from market.actors import Actor
from market.agreements.models import Agreement, AgreementTransition
from market.agreements.queries import SIGNERS, side_of
from market.agreements.rules import AgreementEvent, NotPossibleNow, NotYours, Side, check_side, state_after
from market.outbox import tell


def lock(session: Session, agreement: Agreement) -> None:
    """See what is stored now, and keep others from changing it until the transaction ends."""
    session.refresh(agreement, with_for_update={"of": Agreement})


def party(agreement: Agreement, actor: Actor) -> Side:
    """The side that the actor acts for in this agreement. Raises NotYours."""
    side = side_of(actor)
    is_theirs = actor.producer_id == agreement.producer_id
    if side is Side.AUTHORITY:
        is_theirs = actor.authority_id == agreement.authority_id
    if side is None or not is_theirs:
        raise NotYours
    return side


def move(session: Session, agreement: Agreement, event: AgreementEvent, *, actor: Actor) -> None:
    """Change the state only if it is still what the caller saw; a race loses with NotPossibleNow. Raises NotYours."""
    check_side(event, side=party(agreement, actor))
    turn(session, agreement, event)


def turn(session: Session, agreement: Agreement, event: AgreementEvent) -> None:
    """The same, whoever asks for it. Raises NotPossibleNow."""
    before = agreement.state
    changed = session.execute(
        update(Agreement)
        .where(Agreement.id == agreement.id, Agreement.state == before)
        .values(state=state_after(before, event))
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow
    session.refresh(agreement, ["state"])


def write_history(
    session: Session,
    agreement: Agreement,
    event: AgreementEvent,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    **data: object,
) -> None:
    row = AgreementTransition(
        event=event, to_state=agreement.state, at=at, user_id=actor.user_id, reason=reason.strip()
    )
    agreement.transitions.append(row)
    log(session, f"agreement.{event.value}", agreement, actor, at, state=agreement.state.value, **data)


def tell_side(
    session: Session, agreement: Agreement, side: Side, *, kind: str, at: datetime, **params: object
) -> None:
    """A message to everyone who signs for a side."""
    if side is Side.PRODUCER:
        people = people_of_producer(session, agreement.producer_id)
    else:
        people = [p for role in SIGNERS for p in people_of_authority(session, agreement.authority_id, role)]
    tell(
        session,
        user_ids=people,
        kind=kind,
        key=f"agreement:{agreement.id}:{kind}:{side.value}",
        at=at,
        agreement_id=agreement.id,
        producer=agreement.producer.name,
        authority=agreement.authority.name,
        **params,
    )


def log(
    session: Session, action: str, agreement: Agreement, actor: Actor, at: datetime, **data: object
) -> None:
    audit.record(
        session, user_id=actor.user_id, at=at, action=action, subject=f"agreement:{agreement.id}", **data
    )
