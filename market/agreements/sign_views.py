"""Signing: read, show who you are once more, for exactly this document, and sign.

By password in the same step; by passkey, whose question is made from the document's hash; or by an OpenID Connect provider,
whose answer is kept in the signed cookie until the button is pressed, for at most five minutes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from market import shell
from market.access import access
from market.accounts import oidc, passkeys
from market.accounts.fresh import password_trouble, site_here
from market.accounts.passkey_queries import passkeys_of
from market.accounts.rules import DEMO_PASSWORD
from market.actors import Action
from market.agreements.blueprint import agreement_at, agreements, document_at, seal_now, template
from market.agreements.forms import SignForm
from market.agreements.models import Agreement, AgreementDocument
from market.agreements.queries import side_of
from market.agreements.rules import (
    SIGNING,
    AgreementState,
    DocumentKind,
    Method,
    NotPossibleNow,
    OtherDocument,
    Proof,
    check_proof,
    possible_events,
)
from market.agreements.signing_operations import sign_and_seal
from market.values import Refused

NONCE, PROVED, ASKED = "sign_nonce", "sign_proved", "sign_asked"


@agreements.route("/agreements/<int:agreement_id>/sign", methods=["GET", "POST"])
@access(Action.SIGN_AGREEMENT)
def sign(agreement_id: int) -> ResponseReturnValue:
    """The document's hash, and the ways of showing who one is."""
    agreement, form, refused = agreement_at(agreement_id), SignForm(), ""
    document = _document(agreement)
    if document is None:
        shell.flash_refusal(NotPossibleNow())
        return redirect(url_for("agreements.show", agreement_id=agreement_id))
    if form.validate_on_submit():
        proof, refused = _prove(form, document)
        if proof is not None:
            return _sign(agreement_id, proof)
    form.document_sha256.data = document.sha256
    known = passkeys_of(shell.session(), user_id=shell.actor().user_id)
    return render_template(
        "agreements/sign.html",
        agreement=agreement,
        document=document,
        form=form,
        refused=refused,
        proved=_proved(document),
        demo_password=DEMO_PASSWORD if shell.settings().demo else "",
        provider=oidc.provider_name(),
        has_passkeys=bool(known) and site_here().can_have_passkeys,
    )


@agreements.get("/agreements/<int:agreement_id>/sign/passkey")
@access(Action.SIGN_AGREEMENT)
def passkey_question(agreement_id: int) -> ResponseReturnValue:
    """What the browser asks the passkey: a challenge made from the document's hash."""
    document = shell.found(_document(agreement_at(agreement_id)))
    nonce = passkeys.fresh_nonce()
    cookie[NONCE] = nonce
    known = passkeys_of(shell.session(), user_id=shell.actor().user_id)
    return jsonify(passkeys.asking_options(site_here(), nonce=nonce, purpose=_purpose(document), known=known))


@agreements.get("/agreements/<int:agreement_id>/sign/identify")
@access(Action.SIGN_AGREEMENT)
def identify(agreement_id: int) -> ResponseReturnValue:
    """To the OpenID Connect provider."""
    document = shell.found(_document(agreement_at(agreement_id)))
    if not oidc.provider_name():
        shell.not_found()
    cookie[ASKED] = {"agreement_id": agreement_id, "document_sha256": document.sha256}
    try:
        return oidc.ask(url_for("agreements.identified", _external=True))
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("agreements.sign", agreement_id=agreement_id))


@agreements.get("/agreements/identified")
@access(Action.SIGN_AGREEMENT)
def identified() -> ResponseReturnValue:
    """Back from the provider: keep what it said for the button on the signing page."""
    asked: dict[str, Any] | None = cookie.pop(ASKED, None)
    if asked is None or not oidc.provider_name():
        shell.not_found()
    try:
        evidence = oidc.answered(current_user.email)
        cookie[PROVED] = {
            "user_id": current_user.id,
            "document_sha256": asked["document_sha256"],
            "evidence": evidence,
        }
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("agreements.sign", agreement_id=asked["agreement_id"]))


def _document(agreement: Agreement) -> AgreementDocument | None:
    """What the actor's side may sign now."""
    side = side_of(shell.actor())
    if side is None or SIGNING[side] not in possible_events(agreement.state, side=side):
        return None
    return document_at(agreement, DocumentKind.TO_SIGN)


def _prove(form: SignForm, document: AgreementDocument) -> tuple[Proof | None, str]:
    """The proof, or why there is none. A wrong password is noted, so nothing is rolled back here."""
    if form.document_sha256.data != document.sha256:
        return None, shell.explain(OtherDocument())
    how = request.form.get("how", "")
    if how == Method.PASSKEY.value:
        return _by_passkey(form, document)
    if how == Method.OIDC.value:
        proof = _proved(document)
        return proof, "" if proof else gettext("Visa igen att det är du: det var mer än fem minuter sedan.")
    trouble = password_trouble(form.password.data or "")
    return (None, trouble) if trouble else (_proof(Method.PASSWORD, document, {}, shell.now()), "")


def _by_passkey(form: SignForm, document: AgreementDocument) -> tuple[Proof | None, str]:
    nonce = cookie.pop(NONCE, "")
    known = passkeys_of(shell.session(), user_id=shell.actor().user_id)
    try:
        evidence = passkeys.checked_answer(
            form.answer.data or "", site_here(), nonce=nonce, purpose=_purpose(document), known=known
        )
    except Refused as refusal:
        return None, shell.explain(refusal)
    return _proof(Method.PASSKEY, document, evidence, shell.now()), ""


def _proved(document: AgreementDocument) -> Proof | None:
    """What the provider said a moment ago, if it still counts for this document."""
    kept: dict[str, Any] | None = cookie.get(PROVED)
    if kept is None:
        return None
    proof = Proof(
        user_id=kept["user_id"],
        method=Method.OIDC,
        proved_at=oidc.shown_at(kept["evidence"]),
        document_sha256=kept["document_sha256"],
        evidence=kept["evidence"],
    )
    try:
        check_proof(proof, user_id=current_user.id, document_sha256=document.sha256, at=shell.now())
    except Refused:
        return None
    return proof


def _proof(method: Method, document: AgreementDocument, evidence: dict[str, object], at: datetime) -> Proof:
    return Proof(
        user_id=current_user.id,
        method=method,
        proved_at=at,
        document_sha256=document.sha256,
        evidence=evidence,
    )


def _purpose(document: AgreementDocument) -> tuple[object, ...]:
    return ("sign", document.agreement_id, document.sha256, current_user.id)


def _sign(agreement_id: int, proof: Proof) -> ResponseReturnValue:
    """The request's own session, which holds the write lock, is closed before the slow work."""
    actor, at, seal = shell.actor(), shell.now(), seal_now()
    shell.close_session()
    try:
        state = sign_and_seal(
            shell.engine(),
            agreement_id=agreement_id,
            proof=proof,
            actor=actor,
            at=at,
            seal=seal,
            template=template(),
        )
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("agreements.sign", agreement_id=agreement_id))
    cookie.pop(PROVED, None)
    done = gettext("Du har skrivit under. Nu väntar avtalet på den andra parten.")
    flash(
        gettext("Avtalet är undertecknat av båda.") if state is AgreementState.IN_FORCE else done, "success"
    )
    return redirect(url_for("agreements.show", agreement_id=agreement_id))
