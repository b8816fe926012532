"""A tender is put into its envelope, changed or taken back, until the deadline; after the opening an officer may set it aside.

Before the opening nothing but envelopes is written here: no row, no message, no event of the log.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_producer
from market.actors import Actor
from market.dis.applications.models import Application
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.rules import ApplicationState, TenderEvent, Thing
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.operations import put_in, renew
from market.dis.sealing.queries import hold, read_with_code
from market.dis.sealing.rules import Place, VersionKind
from market.dis.steps import move
from market.dis.tenders.content import Sealed, Stamp, packed, unpacked
from market.dis.tenders.models import Tender
from market.dis.tenders.queries import asked_of
from market.dis.tenders.rules import (
    MAY_REJECT,
    MAY_WITHDRAW,
    Closed,
    NotAdmittedNow,
    NotAfterEvaluation,
    Written,
    check_written,
)
from market.outbox import tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the server took in, at which instant, and its SHA-256."""

    sealed: Sealed
    sha256: str


def give_tender(
    session: Session,
    *,
    invitation: Invitation,
    written: Written,
    code: str,
    request_key: str,
    keeper: Keeper,
    actor: Actor,
    at: datetime,
) -> Receipt:
    """Put the tender into the envelope in place of what lay there; `code` reads it from now on.

    The caller holds the envelopes' lock since before it read `at` (sealing.queries.hold). The same form sent twice is
    one version. Raises Closed, NotAdmittedNow, TooMuchInside and what `check_written` does.
    """
    _check_open(session, invitation, at)
    check_written(written, asked_of(invitation.calloff))
    before = read_own(session, invitation=invitation, code=code, keeper=keeper)
    if before is not None and before.sealed.stamp.request_key == request_key:
        renew(session, calloff_id=invitation.calloff_id, keeper=keeper)
        return before
    return _put(
        session,
        invitation=invitation,
        written=written,
        code=code,
        request_key=request_key,
        keeper=keeper,
        actor=actor,
        at=at,
    )


def take_back(
    session: Session,
    *,
    invitation: Invitation,
    code: str,
    request_key: str,
    keeper: Keeper,
    actor: Actor,
    at: datetime,
) -> Receipt:
    """Replace whatever lies in the envelope, if anything, by the word that nothing is offered. As `give_tender`."""
    _check_open(session, invitation, at)
    return _put(
        session,
        invitation=invitation,
        written=None,
        code=code,
        request_key=request_key,
        keeper=keeper,
        actor=actor,
        at=at,
    )


def look_over(
    session: Session, *, invitation: Invitation, written: Written, keeper: Keeper, at: datetime
) -> None:
    """Check a tender without giving it. To the database it looks the same as giving it. Raises as `give_tender` does."""
    _check_open(session, invitation, at)
    check_written(written, asked_of(invitation.calloff))
    renew(session, calloff_id=invitation.calloff_id, keeper=keeper)


def read_own(session: Session, *, invitation: Invitation, code: str, keeper: Keeper) -> Receipt | None:
    """What the code shows of the own envelope."""
    content = read_with_code(session, place=_place(invitation), code=code, keeper=keeper)
    if content is None:
        return None
    return Receipt(sealed=unpacked(content), sha256=hashlib.sha256(content).hexdigest())


def hold_calloff(session: Session, *, calloff: CallOff) -> None:
    """Take the envelopes' lock, and see the call-off as it is once it is held."""
    hold(session, calloff_id=calloff.id)
    session.refresh(calloff)


def reject_tender(session: Session, *, tender: Tender, reason: str, actor: Actor, at: datetime) -> None:
    """A tender that does not meet what was asked for is set aside, with reasons. Raises NotAfterEvaluation, ReasonNeeded."""
    if tender.calloff.state not in MAY_REJECT:
        raise NotAfterEvaluation
    _set_aside(session, tender, TenderEvent.REJECT, reason=reason, actor=actor, at=at)


def withdraw_tender(session: Session, *, tender: Tender, reason: str, actor: Actor, at: datetime) -> None:
    """The tenderer can no longer deliver, such as for bankruptcy. Raises NotAfterEvaluation, ReasonNeeded."""
    if tender.calloff.state not in MAY_WITHDRAW:
        raise NotAfterEvaluation
    _set_aside(session, tender, TenderEvent.WITHDRAW, reason=reason, actor=actor, at=at)


def _check_open(session: Session, invitation: Invitation, at: datetime) -> None:
    if not invitation.calloff.is_open(at):
        raise Closed
    application = session.get_one(Application, invitation.application_id)
    if application.state is not ApplicationState.ADMITTED:
        raise NotAdmittedNow


def _put(
    session: Session,
    *,
    invitation: Invitation,
    written: Written | None,
    code: str,
    request_key: str,
    keeper: Keeper,
    actor: Actor,
    at: datetime,
) -> Receipt:
    stamp = Stamp(
        calloff_id=invitation.calloff_id,
        invitation_id=invitation.id,
        producer_id=invitation.producer_id,
        user_id=actor.user_id,
        given_at=at,
        request_key=request_key,
    )
    sealed = Sealed(stamp=stamp, written=written)
    version = put_in(
        session,
        place=_place(invitation),
        kind=VersionKind.TAKEN_BACK if written is None else VersionKind.TENDER,
        content=packed(sealed),
        code=code,
        keeper=keeper,
        at=at,
    )
    return Receipt(sealed=sealed, sha256=version.sha256)


def _place(invitation: Invitation) -> Place:
    return Place(invitation.calloff_id, invitation.id)


def _set_aside(
    session: Session, tender: Tender, event: TenderEvent, *, reason: str, actor: Actor, at: datetime
) -> None:
    move(session, Thing.TENDER, tender, event, user_id=actor.user_id, at=at, reason=reason)
    tell(
        session,
        user_ids=people_of_producer(session, tender.producer_id),
        kind="dis_tender_set_aside",
        key=f"dis_tender_set_aside:{tender.id}",
        at=at,
        calloff_id=tender.calloff_id,
        title=tender.calloff.title,
        is_rejected=event is TenderEvent.REJECT,
        reason=reason.strip(),
    )
