"""Signing by password: fresh, throttled, for exactly the document that was read; the last signature finishes the file."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from agreements import PASSWORD, give_password, make_sent, pdfsig
from factories import AT, MONDAY
from pypdf import PdfReader
from sqlalchemy import select

from market.accounts.models import FailedSignIn, User
from market.agreements.models import Agreement, AgreementDocument, Signature
from market.agreements.rules import AgreementState, DocumentKind, digest
from market.agreements.seals import demo_seal


@pytest.fixture
def sent(stored, session, app):
    make_sent(session, stored)
    give_password(session, app)
    session.commit()
    return stored


def hash_on(page):
    return re.search(r'name="document_sha256"[^>]*value="(\w+)"', page).group(1)


def sign(client, password=PASSWORD, **changes):
    sha256 = hash_on(client.get("/agreements/1/sign").text)
    data = {"document_sha256": sha256, "read": "y", "password": password, "how": "password"}
    return client.post("/agreements/1/sign", data=data | changes)


def test_both_sign_and_the_last_one_finishes_the_file(sent, client_for, look):
    assert sign(client_for("producer")).location == "/agreements/1"
    assert sign(client_for("procurement_officer")).location == "/agreements/1"
    assert look.get_one(Agreement, 1).state is AgreementState.IN_FORCE
    to_sign, finished = look.scalars(select(AgreementDocument).order_by(AgreementDocument.id))
    assert finished.kind is DocumentKind.FINISHED
    assert finished.sealed_at is None, "without a key it is complete and unsealed"
    assert {s.document_sha256 for s in look.scalars(select(Signature))} == {to_sign.sha256}
    page = client_for("meal_manager").get("/agreements/1").text
    assert "inte förseglad" in page
    assert "NARMAT_SEAL_KEY" in page
    assert to_sign.sha256 in page


def test_the_finished_file_holds_the_signed_bytes_and_says_who_signed(sent, client_for, look):
    for name in ("meal_manager", "producer"):
        sign(client_for(name))
    answer = client_for("producer").get("/agreements/1/finished.pdf")
    assert "oforseglat" in answer.headers["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.data))
    to_sign = look.scalars(
        select(AgreementDocument.pdf).where(AgreementDocument.kind == DocumentKind.TO_SIGN)
    ).one()
    [attached] = reader.attachments["avtal-som-undertecknades.pdf"]
    assert attached == to_sign
    text = reader.pages[-1].extract_text().replace("\n", "")
    for words in ("Meal_manager Test", "Producer Test", "lösenord", digest(to_sign)):
        assert words in text


def test_without_having_read_or_with_a_wrong_password_nothing_is_signed(sent, client_for, look):
    client = client_for("producer")
    assert "Läs avtalet och kryssa i rutan" in sign(client, read="").text
    assert "Lösenordet stämmer inte" in sign(client, "fel").text
    assert look.scalars(select(Signature)).all() == []
    assert len(look.scalars(select(FailedSignIn)).all()) == 2, "the account and the address"


def test_guessing_is_throttled_as_at_sign_in(sent, client_for, look, clock):
    client = client_for("producer")
    for _ in range(8):
        sign(client, "fel")
    assert "För många misslyckade försök" in sign(client).text
    clock.at = AT + timedelta(minutes=16)
    assert sign(client).status_code == 302


def test_another_document_than_the_one_read_is_not_signed(sent, client_for, look):
    assert (
        "Dokumentet är inte det som du läste" in sign(client_for("producer"), document_sha256="0" * 64).text
    )
    assert look.scalars(select(Signature)).all() == []


def test_signing_in_long_ago_is_not_enough(sent, client_for, look):
    """Being signed in, however freshly, signs nothing: the password is asked for in the same step."""
    assert "Lösenordet stämmer inte" in sign(client_for("producer"), "").text
    assert look.scalars(select(Signature)).all() == []


def test_an_account_without_a_password_is_told_what_to_do(sent, client_for, session):
    session.get_one(User, sent.actor("producer").user_id).password = None
    session.commit()
    assert "Använd en passkey" in sign(client_for("producer")).text


def test_signing_twice_is_signing_once(sent, client_for, look):
    client = client_for("producer")
    sign(client)
    assert client.get("/agreements/1/sign").status_code == 302, "there is nothing left to sign"
    assert len(look.scalars(select(Signature)).all()) == 1


def test_sealed_when_there_is_a_key_and_what_was_signed_before_is_sealed_by_hand(
    sent, client_for, app, look, tmp_path
):
    for name in ("meal_manager", "producer"):
        sign(client_for(name))
    app.extensions["narmat.seal"] = demo_seal(tmp_path, at=AT)
    manager = client_for("meal_manager")
    assert "Försegla nu" in manager.get("/agreements/1").text
    assert "Avtalet är förseglat" in manager.post("/agreements/1/seal", follow_redirects=True).text
    first = manager.get("/agreements/1/finished.pdf").data
    assert "Signature is Valid" in pdfsig(first, tmp_path)
    manager.post("/agreements/1/seal")
    assert manager.get("/agreements/1/finished.pdf").data == first, "once sealed it stays"
    assert len(look.scalars(select(AgreementDocument)).all()) == 2
    assert MONDAY.isoformat() in str(look.scalars(select(AgreementDocument.sealed_at)).all()[-1])
