"""Signing, and sealing what both have signed. Typesetting and sealing happen while no transaction is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.passkey_operations import use_passkey
from market.actors import Actor
from market.agreements import documents
from market.agreements.models import Agreement, AgreementDocument, Signature
from market.agreements.queries import document_of, own_agreement
from market.agreements.rules import (
    SIGNING,
    AgreementState,
    DocumentKind,
    Method,
    NotPossibleNow,
    Proof,
    Side,
    check_not_before,
    check_one_side,
    check_proof,
    digest,
    state_after,
)
from market.agreements.seals import Seal, sealed
from market.agreements.steps import lock, move, party, tell_side, write_history
from market.db import open_session, transaction


@dataclass(frozen=True, slots=True)
class _ToFinish:
    """What the finished document is made of, read before the slow work."""

    agreement_id: int
    signed: bytes
    sha256: str
    content: dict[str, Any]
    signatures: list[dict[str, str]]


def sign_agreement(
    session: Session, *, agreement: Agreement, proof: Proof, actor: Actor, at: datetime
) -> Signature:
    """Sign for the actor's side. In force when both sides have; both are told.

    A side that has signed already with the same person is left as it is. Raises NotFresh, OtherDocument, SignsForBoth,
    TooEarlyToAgree, NotYours, NotPossibleNow.
    """
    lock(session, agreement)
    session.expire(agreement, ["signatures", "transitions"])
    side = party(agreement, actor)
    check_not_before(agreement.not_before_at, at=at)
    own = next((s for s in agreement.signatures if s.side is side and s.user_id == actor.user_id), None)
    if own is not None:
        return own
    event = SIGNING[side]
    state_after(agreement.state, event)
    document = document_of(session, agreement_id=agreement.id, kind=DocumentKind.TO_SIGN)
    if document is None:
        raise NotPossibleNow
    check_proof(proof, user_id=actor.user_id, document_sha256=document.sha256, at=at)
    check_one_side(actor.user_id, signed_already=[s.user_id for s in agreement.signatures])
    if proof.method is Method.PASSKEY:
        use_passkey(session, evidence=proof.evidence, user_id=actor.user_id, at=at)
    move(session, agreement, event, actor=actor)
    signature = _signature(side, proof, actor, at)
    agreement.signatures.append(signature)
    session.flush()
    write_history(
        session, agreement, event, actor=actor, at=at, sha256=document.sha256, method=proof.method.value
    )
    _tell(session, agreement, signature, at)
    return signature


def sign_and_seal(
    engine: Engine,
    *,
    agreement_id: int,
    proof: Proof,
    actor: Actor,
    at: datetime,
    seal: Seal | None,
    template: Path,
) -> AgreementState:
    """Sign in one transaction; when it was the last signature, make the finished document and seal it.

    Returns where the agreement stands. Raises what `sign_agreement` raises; NotPossibleNow for an outsider.
    """
    with transaction(engine) as session:
        agreement = own_agreement(session, actor=actor, agreement_id=agreement_id)
        if agreement is None:
            raise NotPossibleNow
        sign_agreement(session, agreement=agreement, proof=proof, actor=actor, at=at)
        state = agreement.state
    if state is AgreementState.IN_FORCE:
        finish_agreement(engine, agreement_id=agreement_id, actor=actor, at=at, seal=seal, template=template)
    return state


def finish_agreement(
    engine: Engine, *, agreement_id: int, actor: Actor, at: datetime, seal: Seal | None, template: Path
) -> bool:
    """Make and store the finished document, sealed where there is a seal. Whoever comes second changes nothing.

    Returns whether the stored document is sealed.
    """
    with open_session(engine, writes=False) as session:
        found = _to_finish(session, actor, agreement_id)
        before = document_of(session, agreement_id=agreement_id, kind=DocumentKind.FINISHED)
        if before is not None and (before.sealed_at is not None or seal is None):
            return before.sealed_at is not None
    pdf = documents.finished_pdf(
        found.content,
        signed=found.signed,
        sha256=found.sha256,
        signatures=found.signatures,
        will_be_sealed=seal is not None,
        template=template,
        at=at,
    )
    if seal is not None:
        pdf = sealed(pdf, seal)
    with transaction(engine) as session:
        if _store(session, found, _finished_values(pdf, seal, at)):
            _log(session, found, actor, at, sealed_by=seal.name if seal else "")
    return seal is not None


def _to_finish(session: Session, actor: Actor, agreement_id: int) -> _ToFinish:
    agreement = own_agreement(session, actor=actor, agreement_id=agreement_id)
    document = document_of(session, agreement_id=agreement_id, kind=DocumentKind.TO_SIGN)
    if agreement is None or document is None or len(agreement.signatures) != len(Side):
        raise NotPossibleNow
    words = [documents.signature_words(signature) for signature in agreement.signatures]
    return _ToFinish(agreement.id, document.pdf, document.sha256, document.content, words)


def _finished_values(pdf: bytes, seal: Seal | None, at: datetime) -> dict[str, Any]:
    return {
        "pdf": pdf,
        "sha256": digest(pdf),
        "made_at": at,
        "sealed_at": at if seal else None,
        "sealed_by": seal.name if seal else "",
        "is_demo_seal": bool(seal and seal.is_demo),
    }


def _store(session: Session, found: _ToFinish, values: dict[str, Any]) -> bool:
    """The first sealed document stays; an unsealed one gives way to a sealed one. Returns whether it was stored."""
    if _added(session, found, values):
        return True
    return values["sealed_at"] is not None and _replaced(session, found, values)


def _log(session: Session, found: _ToFinish, actor: Actor, at: datetime, *, sealed_by: str) -> None:
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action="agreement.seal" if sealed_by else "agreement.finish",
        subject=f"agreement:{found.agreement_id}",
        signed_sha256=found.sha256,
        sealed_by=sealed_by,
    )


def _added(session: Session, found: _ToFinish, values: dict[str, Any]) -> bool:
    document = AgreementDocument(
        agreement_id=found.agreement_id, kind=DocumentKind.FINISHED, content=found.content, **values
    )
    try:
        with session.begin_nested():
            session.add(document)
            session.flush()
    except IntegrityError:
        return False
    return True


def _replaced(session: Session, found: _ToFinish, values: dict[str, Any]) -> bool:
    changed = session.execute(
        update(AgreementDocument)
        .where(
            AgreementDocument.agreement_id == found.agreement_id,
            AgreementDocument.kind == DocumentKind.FINISHED,
            AgreementDocument.sealed_at.is_(None),
        )
        .values(**values)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def _signature(side: Side, proof: Proof, actor: Actor, at: datetime) -> Signature:
    return Signature(
        side=side,
        user_id=actor.user_id,
        name=actor.name,
        organisation_name=actor.organisation_name,
        at=at,
        method=proof.method,
        document_sha256=proof.document_sha256,
        evidence={**proof.evidence, "proved_at": proof.proved_at.isoformat()},
    )


def _tell(session: Session, agreement: Agreement, signature: Signature, at: datetime) -> None:
    if agreement.state is AgreementState.IN_FORCE:
        for side in Side:
            tell_side(session, agreement, side, kind="agreement_in_force", at=at)
        return
    for side in Side:
        tell_side(
            session,
            agreement,
            side,
            kind="agreement_signed",
            at=at,
            signed_by=signature.name,
            is_yours=side is signature.side,
        )
