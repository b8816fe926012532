"""Envelopes are made with the invitations, written until the deadline, and opened all at once.

Whenever one is written, all of the call-off get a new outer layer in the same transaction: two copies of the database
show neither which of them changed inside, nor whether any did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from market.dis.rules import NotPossibleNow
from market.dis.sealing.boxes import WillNotOpen, key_pair
from market.dis.sealing.envelopes import Opened, empty, filled, opened, slots_of
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.models import CallOffKey, SealedEnvelope
from market.dis.sealing.queries import envelopes, hold
from market.dis.sealing.rules import (
    AlreadyReleased,
    DamagedEnvelope,
    Place,
    Version,
    VersionKind,
    WrongOperatorKey,
)


def prepare_envelopes(
    session: Session, *, calloff_id: int, invitation_ids: Sequence[int], keeper: Keeper, at: datetime
) -> None:
    """A key pair for the call-off, and for each who is invited an envelope with nothing in it. Flushes."""
    private_key, public_key = key_pair()
    session.add(
        CallOffKey(
            calloff_id=calloff_id,
            public_key=public_key,
            wrapped_private_key=keeper.wrapped(private_key, calloff_id=calloff_id),
            made_at=at,
        )
    )
    for place in (Place(calloff_id, invitation_id) for invitation_id in invitation_ids):
        inner = empty(place=place, public_key=public_key)
        session.add(
            SealedEnvelope(
                invitation_id=place.invitation_id,
                calloff_id=calloff_id,
                content=keeper.closed(inner, place=place),
            )
        )
    session.flush()


def put_in(
    session: Session,
    *,
    place: Place,
    kind: VersionKind,
    content: bytes,
    code: str,
    keeper: Keeper,
    at: datetime,
) -> Version:
    """Put a content into one envelope, in place of what lay there, and renew all of the call-off. Flushes.

    The caller has checked that tenders are still taken. Raises AlreadyReleased, WrongOperatorKey, TooMuchInside.
    """
    key = _held(session, calloff_id=place.calloff_id)
    version = Version(kind, at, hashlib.sha256(content).hexdigest())
    rows = envelopes(session, calloff_id=place.calloff_id)
    insides = _insides(rows, keeper)
    before = insides.get(place.invitation_id) or empty(place=place, public_key=key.public_key)
    insides[place.invitation_id] = filled(
        content,
        code=code,
        place=place,
        public_key=key.public_key,
        slots=slots_of(before),
        version=version,
    )
    _close(session, rows, insides, keeper)
    return version


def renew(session: Session, *, calloff_id: int, keeper: Keeper) -> int:
    """A new outer layer around every envelope of a call-off; how many. Flushes. Raises as `put_in` does."""
    _held(session, calloff_id=calloff_id)
    rows = envelopes(session, calloff_id=calloff_id)
    insides = _insides(rows, keeper)
    _close(session, rows, insides, keeper)
    return len(insides)


def release(session: Session, *, calloff_id: int, keeper: Keeper, at: datetime) -> dict[int, Opened]:
    """Open every envelope of a call-off, by the id of its invitation; all or none. Flushes.

    Raises AlreadyReleased, WrongOperatorKey and DamagedEnvelope.
    """
    key = _held(session, calloff_id=calloff_id)
    private_key = keeper.unwrapped(key.wrapped_private_key, calloff_id=calloff_id)
    shown = {}
    for row in envelopes(session, calloff_id=calloff_id):
        place = Place(calloff_id, row.invitation_id)
        try:
            inner = keeper.looked_into(row.content, place=place)
            shown[row.invitation_id] = opened(inner, private_key=private_key, place=place)
        except WillNotOpen:
            raise DamagedEnvelope(number=row.invitation_id) from None
    key.released_at = at
    session.flush()
    return shown


def _held(session: Session, *, calloff_id: int) -> CallOffKey:
    key = hold(session, calloff_id=calloff_id)
    if key is None:
        raise NotPossibleNow
    if key.released_at is not None:
        raise AlreadyReleased
    return key


def _insides(rows: Sequence[SealedEnvelope], keeper: Keeper) -> dict[int, bytes]:
    """By invitation. One that is damaged is left as it is, so that it stops nobody else from tendering.

    Raises WrongOperatorKey when none opens.
    """
    found = dict(_readable(rows, keeper))
    if rows and not found:
        raise WrongOperatorKey
    return found


def _readable(rows: Sequence[SealedEnvelope], keeper: Keeper) -> Iterator[tuple[int, bytes]]:
    for row in rows:
        place = Place(row.calloff_id, row.invitation_id)
        try:
            yield row.invitation_id, keeper.looked_into(row.content, place=place)
        except WillNotOpen:
            continue


def _close(
    session: Session, rows: Sequence[SealedEnvelope], insides: dict[int, bytes], keeper: Keeper
) -> None:
    for row in rows:
        if row.invitation_id in insides:
            place = Place(row.calloff_id, row.invitation_id)
            row.content = keeper.closed(insides[row.invitation_id], place=place)
    session.flush()
