"""Passkeys: added with the password, and their answer counts for one document only. The authenticator is played in software."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct

import pytest
from agreements import PASSWORD, give_password, make_sent
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from webauthn.helpers import encode_cbor

from market.accounts.models import Passkey
from market.accounts.passkeys import Site
from market.agreements.models import Signature
from market.agreements.rules import Method

ORIGIN, HOST = "http://localhost", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """What a phone or a security key does, for one key."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.count, self.origin, self.flags = b"key-1" * 4, 0, ORIGIN, PRESENT | VERIFIED

    def client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def data(self, more: bytes = b"", flags: int = 0) -> bytes:
        host = hashlib.sha256(HOST.encode()).digest()
        return host + bytes([self.flags | flags]) + struct.pack(">I", self.count) + more

    def make(self, options: dict) -> str:
        numbers = self.key.public_key().public_numbers()
        key = encode_cbor({
            1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big"),
        })  # fmt: skip
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + key
        made = {"fmt": "none", "attStmt": {}, "authData": self.data(attested, ATTESTED)}
        return self.answer(
            clientDataJSON=self.client_data("webauthn.create", options["challenge"]),
            attestationObject=encode_cbor(made),
        )

    def get(self, options: dict) -> str:
        self.count += 1
        client = self.client_data("webauthn.get", options["challenge"])
        data = self.data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self.answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def answer(self, **response: bytes) -> str:
        plain = {name: b64(value) for name, value in response.items()}
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": plain}
        )


@pytest.fixture
def sent(stored, session, app):
    make_sent(session, stored)
    make_sent(session, stored, key="second")
    give_password(session, app)
    session.commit()
    return stored


def add(client, device, password=PASSWORD):
    options = client.get("/account/passkeys/question").json
    data = {"name": "Min telefon", "password": password, "answer": device.make(options)}
    return client.post("/account/passkeys", data=data, follow_redirects=True)


def question(client, agreement=1):
    return client.get(f"/agreements/{agreement}/sign/passkey").json


def sign(client, answer, agreement=1):
    url = f"/agreements/{agreement}/sign"
    sha256 = re.search(r'name="document_sha256"[^>]*value="(\w+)"', client.get(url).text).group(1)
    data = {"document_sha256": sha256, "read": "y", "how": "passkey", "answer": answer}
    return client.post(url, data=data, follow_redirects=True)


def test_added_with_the_password_and_signed_with(sent, client_for, look):
    client, device = client_for("producer"), Authenticator()
    assert "Passkeyn är tillagd" in add(client, device).text
    assert "Min telefon" in client.get("/account/passkeys").text
    assert "Skriv under med passkey" in client.get("/agreements/1/sign").text
    assert "Du har skrivit under" in sign(client, device.get(question(client))).text
    [signature], [passkey] = look.scalars(select(Signature)), look.scalars(select(Passkey))
    assert signature.method is Method.PASSKEY
    assert signature.evidence["credential_id"] == passkey.credential_id == b64(device.id)
    assert passkey.sign_count == 1
    assert passkey.last_used_at is not None


def test_without_the_password_none_is_added(sent, client_for, look):
    assert "Lösenordet stämmer inte" in add(client_for("producer"), Authenticator(), "fel").text
    assert look.scalars(select(Passkey)).all() == []


def test_the_same_passkey_is_added_once(sent, client_for, look):
    device = Authenticator()
    add(client_for("producer"), device)
    assert "redan tillagd" in add(client_for("meal_manager"), device).text
    assert len(look.scalars(select(Passkey)).all()) == 1


REFUSED = "Passkeyn godtogs inte"


def test_an_answer_for_one_document_signs_no_other(sent, client_for, look):
    client, device = client_for("producer"), Authenticator()
    add(client, device)
    answer = device.get(question(client, agreement=1))
    assert REFUSED in sign(client, answer, agreement=2).text
    assert look.scalars(select(Signature)).all() == []


def test_an_answer_counts_once(sent, client_for, look):
    client, device = client_for("producer"), Authenticator()
    add(client, device)
    answer = device.get(question(client))
    sign(client, answer)
    question(client, agreement=2)
    assert REFUSED in sign(client, answer, agreement=2).text
    assert len(look.scalars(select(Signature)).all()) == 1


@pytest.mark.parametrize("wrong", ["origin", "unverified", "copied", "someone_else", "nonsense"])
def test_what_is_not_the_owners_answer_here_and_now_is_refused(sent, client_for, look, wrong):
    client, device = client_for("producer"), Authenticator()
    add(client, device)
    if wrong == "origin":
        device.origin = "https://example.org"
    if wrong == "unverified":
        device.flags = PRESENT
    if wrong == "copied":
        device.count = 9
        sign(client, device.get(question(client, agreement=2)), agreement=2)
        device.count = 3
    if wrong == "someone_else":
        device.key = ec.generate_private_key(ec.SECP256R1())
    answer = "[]" if wrong == "nonsense" else device.get(question(client))
    assert REFUSED in sign(client, answer).text
    assert [s for s in look.scalars(select(Signature)) if s.agreement_id == 1] == []


def test_a_passkey_of_another_person_is_not_mine(sent, client_for, look):
    device = Authenticator()
    add(client_for("meal_manager"), device)
    client = client_for("producer")
    assert REFUSED in sign(client, device.get(question(client))).text
    assert client.post("/account/passkeys/1/remove").status_code == 404


def test_removed_it_is_gone(sent, client_for, look):
    client = client_for("producer")
    add(client, Authenticator())
    assert "borttagen" in client.post("/account/passkeys/1/remove", follow_redirects=True).text
    assert look.scalars(select(Passkey)).all() == []


@pytest.mark.parametrize(
    ("host", "can"), [("narmat.example", True), ("localhost", True), ("127.0.0.1", False), ("::1", False)]
)
def test_passkeys_belong_to_names_not_to_bare_addresses(host, can):
    assert Site(host=host, origin=f"https://{host}").can_have_passkeys is can
