"""The blueprint that the pages of interest and agreements share, and what most of them need."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app

from market import shell
from market.agreements.models import Agreement, AgreementDocument
from market.agreements.queries import document_of, own_agreement
from market.agreements.rules import DocumentKind
from market.agreements.sealing import seal_at_hand
from market.agreements.seals import Seal

agreements = Blueprint("agreements", __name__)


def agreement_at(agreement_id: int) -> Agreement:
    """One that the actor has a part in, or 404."""
    return shell.found(own_agreement(shell.session(), actor=shell.actor(), agreement_id=agreement_id))


def document_at(agreement: Agreement, kind: DocumentKind) -> AgreementDocument | None:
    return document_of(shell.session(), agreement_id=agreement.id, kind=kind)


def seal_now() -> Seal | None:
    """What seals here: the operator's key, the demo's own, or nothing."""
    return seal_at_hand(shell.settings(), current_app.extensions["narmat.seal"], at=shell.now())


def template() -> Path:
    """What the document is typeset from."""
    return Path(current_app.root_path, str(current_app.template_folder), "documents", "agreement.typ")


def download(content: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})
