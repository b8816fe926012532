"""The two ceremonies of WebAuthn: making a passkey, and an answer that only its owner can give.

The challenge of an answer is made from what is to be signed, so that the answer is for that and for nothing else.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from market.accounts.models import Passkey, User
from market.accounts.passkey_operations import PasskeyNotAccepted

RP_NAME = "Närmat"
NEEDED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the ceremony takes place: the host name and the whole origin, as the browser sees them."""

    host: str
    origin: str

    @property
    def can_have_passkeys(self) -> bool:
        """Browsers bind a passkey to a name, never to a bare address."""
        try:
            ip_address(self.host.strip("[]"))
        except ValueError:
            return True
        return False


def fresh_nonce() -> str:
    return secrets.token_urlsafe(32)


def challenge(nonce: str, *purpose: object) -> bytes:
    """SHA-256 over a nonce and what the answer is for."""
    return hashlib.sha256(json.dumps([nonce, *map(str, purpose)]).encode()).digest()


def making_options(user: User, site: Site, *, nonce: str, known: Sequence[Passkey]) -> dict[str, Any]:
    """What the browser is asked when a passkey is added."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=RP_NAME,
        user_id=hashlib.sha256(f"narmat:{user.id}".encode()).digest(),
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge(nonce, "add", user.id),
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=NEEDED
        ),
    )
    return _plain(options)


def made_passkey(answer: str, user: User, site: Site, *, nonce: str) -> dict[str, Any]:
    """The credential in a browser's answer: id, public key, counter. Raises PasskeyNotAccepted."""
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge(nonce, "add", user.id),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyNotAccepted from None
    return {
        "credential_id": bytes_to_base64url(verified.credential_id),
        "public_key": verified.credential_public_key,
        "sign_count": verified.sign_count,
    }


def asking_options(
    site: Site, *, nonce: str, purpose: Sequence[object], known: Sequence[Passkey]
) -> dict[str, Any]:
    """What the browser is asked when someone shows who they are."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge(nonce, *purpose),
        allow_credentials=_descriptors(known),
        user_verification=NEEDED,
    )
    return _plain(options)


def checked_answer(
    answer: str, site: Site, *, nonce: str, purpose: Sequence[object], known: Sequence[Passkey]
) -> dict[str, object]:
    """What proves that the owner of one of the passkeys answered. Raises PasskeyNotAccepted."""
    try:
        given = json.loads(answer)
        passkey = next(p for p in known if p.credential_id == given["id"])
        verified = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge(nonce, *purpose),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, StopIteration, ValueError, KeyError, TypeError):
        raise PasskeyNotAccepted from None
    return {
        "credential_id": passkey.credential_id,
        "sign_count": verified.new_sign_count,
        "nonce": nonce,
        "client_data": given["response"]["clientDataJSON"],
        "authenticator_data": given["response"]["authenticatorData"],
        "signature": given["response"]["signature"],
    }


def _descriptors(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(p.credential_id)) for p in known]


def _plain(options: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return made
