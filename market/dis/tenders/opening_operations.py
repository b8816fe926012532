"""Two people open all tenders of a call-off together, after the deadline (LOU 12 kap. 10 §): all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from random import Random

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.files import CheckedFile, store_file
from market.dis.rules import CallOffEvent, NotPossibleNow, TenderEvent, Thing, is_possible
from market.dis.sealing.envelopes import Opened
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.operations import release
from market.dis.sealing.rules import DamagedEnvelope, Version, VersionKind
from market.dis.steps import begin, move
from market.dis.tenders.content import Sealed, unpacked
from market.dis.tenders.models import (
    OpeningConfirmation,
    OpeningRecord,
    Tender,
    TenderClaim,
    TenderDelivery,
    TenderLine,
)
from market.dis.tenders.operations import hold_calloff
from market.dis.tenders.queries import confirmations
from market.dis.tenders.rules import (
    OPENERS,
    AlreadyConfirmed,
    Claimed,
    TooEarlyToOpen,
    Written,
    blind_labels,
    is_fresh,
)


def confirm_opening(
    session: Session, *, calloff: CallOff, keeper: Keeper, draw: Random, actor: Actor, at: datetime
) -> bool:
    """One of the openers confirms; with the second the tenders are opened, and True is returned. Flushes.

    `draw` gives the tenders their labels and, apart from them, their ids: neither says who came first, nor one the other. The caller holds the envelopes' lock
    (hold_calloff). Raises NotPossibleNow, TooEarlyToOpen, AlreadyConfirmed, WrongOperatorKey and DamagedEnvelope;
    then nothing is opened.
    """
    hold_calloff(session, calloff=calloff)
    _check(session, calloff, actor, at)
    session.add(
        OpeningConfirmation(
            calloff_id=calloff.id,
            user_id=actor.user_id,
            name=actor.name,
            organisation_name=actor.organisation_name,
            at=at,
        )
    )
    subject = f"{Thing.CALLOFF}:{calloff.id}"
    audit.record(session, user_id=actor.user_id, at=at, action="calloff.confirm_opening", subject=subject)
    if len(confirmations(session, calloff_id=calloff.id)) < OPENERS:
        return False
    _open(session, calloff, keeper=keeper, draw=draw, actor=actor, at=at)
    return True


def _check(session: Session, calloff: CallOff, actor: Actor, at: datetime) -> None:
    """Also takes away what has lapsed; that it was there is in the log."""
    if not is_possible(Thing.CALLOFF, calloff.state, CallOffEvent.OPEN):
        raise NotPossibleNow
    if calloff.deadline_at is None or at < calloff.deadline_at:
        raise TooEarlyToOpen
    for one in confirmations(session, calloff_id=calloff.id):
        if not is_fresh(one.at, at=at) or one.at < calloff.deadline_at:
            session.delete(one)
        elif one.user_id == actor.user_id:
            raise AlreadyConfirmed
    session.flush()


def _open(
    session: Session, calloff: CallOff, *, keeper: Keeper, draw: Random, actor: Actor, at: datetime
) -> None:
    shown = release(session, calloff_id=calloff.id, keeper=keeper, at=at)
    sealed = {number: _read(number, opened) for number, opened in shown.items() if opened.versions}
    given = [number for number, one in sealed.items() if one.written is not None]
    labels = draw.sample(blind_labels(len(given)), len(given))
    for label, number in zip(labels, draw.sample(given, len(given)), strict=True):
        tender = _tender(session, calloff, sealed[number], shown[number], label)
        begin(session, Thing.TENDER, tender, TenderEvent.OPEN, user_id=actor.user_id, at=at)
        _say_what(session, tender, sealed[number].written, at)
        _log(session, f"tender:{tender.id}", shown[number].versions, at)
    taken_back = {number: shown[number].versions for number in sealed if number not in given}
    for number, versions in taken_back.items():
        _log(session, f"invitation:{number}", versions, at)
    session.add(OpeningRecord(calloff_id=calloff.id, opened_at=at, taken_back=_taken_back(taken_back)))
    move(
        session,
        Thing.CALLOFF,
        calloff,
        CallOffEvent.OPEN,
        user_id=actor.user_id,
        at=at,
        openers=[one.user_id for one in confirmations(session, calloff_id=calloff.id)],
        tenders=len(given),
    )


def _read(number: int, opened: Opened) -> Sealed:
    try:
        return unpacked(opened.content)
    except (ValueError, KeyError, TypeError):
        raise DamagedEnvelope(number=number) from None


def _tender(session: Session, calloff: CallOff, sealed: Sealed, opened: Opened, label: str) -> Tender:
    written, last = sealed.written, opened.versions[-1]
    assert written is not None
    invitation = session.get_one(Invitation, sealed.stamp.invitation_id)
    return Tender(
        calloff_id=calloff.id,
        invitation_id=invitation.id,
        producer_id=invitation.producer_id,
        received_at=last.at,
        versions=[_plain(version) for version in opened.versions],
        sha256=last.sha256,
        min_total_ore=written.min_total_ore,
        blind_label=label,
        note=written.note,
        content=opened.content,
    )


def _say_what(session: Session, tender: Tender, written: Written | None, at: datetime) -> None:
    """The rows of what the tender says. Flushes."""
    assert written is not None
    tender.lines = [
        TenderLine(
            lot_id=lot.lot_id,
            product_name=lot.product_name,
            price=lot.price,
            min_steps=lot.min_steps,
            max_steps=lot.max_steps,
            weekdays=list(lot.weekdays),
            is_organic=lot.is_organic,
            note=lot.note,
        )
        for lot in written.lots
    ]
    tender.deliveries = [
        TenderDelivery(kitchen_id=kitchen, ore=ore) for kitchen, ore in sorted(written.deliveries.items())
    ]
    tender.claims = [_claim(session, claim, at) for claim in written.claims]
    session.flush()


def _claim(session: Session, claim: Claimed, at: datetime) -> TenderClaim:
    row = TenderClaim(criterion_id=claim.criterion_id, evidence=claim.evidence)
    if claim.file is not None:
        checked = CheckedFile(
            name=claim.file.name, content_type=claim.file.content_type, content=claim.file.content
        )
        row.file = store_file(session, checked=checked, user_id=None, at=at)
    return row


def _log(session: Session, subject: str, versions: tuple[Version, ...], at: datetime) -> None:
    """What was received when, in the log only now: before the opening it would have told."""
    for version in versions:
        action = "tender.received" if version.kind is VersionKind.TENDER else "tender.taken_back"
        audit.record(
            session,
            user_id=None,
            at=at,
            action=action,
            subject=subject,
            received_at=version.at.astimezone(UTC).isoformat(timespec="microseconds"),
            sha256=version.sha256,
        )


def _taken_back(found: Mapping[int, tuple[Version, ...]]) -> list[dict[str, str]]:
    return [{"invitation": str(number), **_plain(versions[-1])} for number, versions in found.items()]


def _plain(version: Version) -> dict[str, str]:
    return {
        "kind": version.kind.value,
        "at": version.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "sha256": version.sha256,
    }
