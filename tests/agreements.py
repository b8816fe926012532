"""Agreements for the tests: drafted, sent and signed by the cast's people, and what poppler says of a sealed file."""

from __future__ import annotations

import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from factories import AT, MONDAY, Cast
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.actors import Actor
from market.agreements import documents
from market.agreements.models import Agreement, AgreementDocument, Signature
from market.agreements.operations import draft_agreement, save_authority_terms, send_agreement
from market.agreements.rules import AgreementKind, DocumentKind, Method, Proof, Terms
from market.agreements.signing_operations import sign_agreement
from market.values import Period, local_date
from market.wiring import templates_folder

TEMPLATE = templates_folder() / "documents" / "agreement.typ"
BUYER_NUMBER, SELLER_NUMBER = "999900-0103", "999900-0202"
END = date(2029, 11, 23)
PASSWORD = "potatis och rodbetor"
_hashes: dict[str, str] = {}


def give_password(session: Session, app: Flask) -> None:
    """Everyone in the cast can show who they are by PASSWORD; hashed once, since that takes its time."""
    if PASSWORD not in _hashes:
        with app.app_context():
            _hashes[PASSWORD] = hash_password(PASSWORD)
    for user in session.scalars(select(User)):
        user.password = _hashes[PASSWORD]


def terms(**changes: Any) -> Terms:
    said = {
        "kind": AgreementKind.FRAME,
        "period": Period(MONDAY, END),
        "has_extension": True,
        "categories": ("vegetables",),
        "delivery_terms": "Tisdagar före klockan 10.",
        "payment_days": 30,
        "authority_contact": "Maria Ek",
        "producer_contact": "Anna Åkerlund",
    }
    return Terms(**(said | changes))


def with_numbers(session: Session, cast: Cast) -> None:
    """What a document needs to name the parties."""
    cast.producer.organisation_number = SELLER_NUMBER
    save_authority_terms(
        session, authority_id=cast.authority.id, number=BUYER_NUMBER, delivery_terms="",
        orders_need_agreement=False, actor=cast.actor("meal_manager"), at=AT,
    )  # fmt: skip


def make_draft(session: Session, cast: Cast, *, key: str = "draft", **changes: Any) -> Agreement:
    with_numbers(session, cast)
    return draft_agreement(
        session, authority=cast.authority, producer=cast.producer, terms=terms(**changes), request_key=key,
        actor=cast.actor("meal_manager"), at=AT,
    )  # fmt: skip


def send(session: Session, cast: Cast, agreement: Agreement, *, at: datetime = AT) -> AgreementDocument:
    content = documents.content_of(session, agreement, on=local_date(at))
    pdf = documents.agreement_pdf(content, template=TEMPLATE, at=at)
    return send_agreement(
        session, agreement=agreement, pdf=pdf, content=content, actor=cast.actor("meal_manager"), at=at
    )


def make_sent(session: Session, cast: Cast, *, key: str = "sent", **changes: Any) -> Agreement:
    agreement = make_draft(session, cast, key=key, **changes)
    send(session, cast, agreement)
    return agreement


def proof_of(session: Session, agreement: Agreement, actor: Actor, **changes: Any) -> Proof:
    said = {
        "user_id": actor.user_id,
        "method": Method.PASSWORD,
        "proved_at": AT,
        "evidence": {},
    }
    if "document_sha256" not in changes:
        said["document_sha256"] = sha256_of(session, agreement)
    return Proof(**(said | changes))


def sign(session: Session, cast: Cast, agreement: Agreement, name: str, **changes: Any) -> Signature:
    actor = cast.actor(name)
    proof = proof_of(session, agreement, actor, **changes)
    return sign_agreement(
        session, agreement=agreement, proof=proof, actor=actor, at=AT + timedelta(minutes=1)
    )


def make_signed(session: Session, cast: Cast, *, key: str = "signed", **changes: Any) -> Agreement:
    agreement = make_sent(session, cast, key=key, **changes)
    for name in ("producer", "meal_manager"):
        sign(session, cast, agreement, name)
    return agreement


def sha256_of(session: Session, agreement: Agreement) -> str:
    query = select(AgreementDocument.sha256).where(
        AgreementDocument.agreement_id == agreement.id, AgreementDocument.kind == DocumentKind.TO_SIGN
    )
    return session.scalars(query).one()


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the signatures in a file; the certificate's trust is not asked about."""
    path = folder / "agreement.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
