"""The two kinds of boxes everything is locked in: AES-256-GCM with a key, and for the holder of an X25519 private key.

`about` says what the box holds and whose it is; a box that is moved to another place does not open there.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY, NONCE, TAG = 32, 12, 16
LOCK = NONCE + TAG
"""How much longer a locked box is than what lies in it."""
SEAL = KEY + LOCK
"""The same for one that is sealed for a public key: the sender's passing public key comes first."""


class WillNotOpen(Exception):
    """Another key, another place, or a byte that has changed: which of them can not be told."""


def fresh_key() -> bytes:
    return os.urandom(KEY)


def derived(secret: bytes, *, about: bytes, salt: bytes = b"") -> bytes:
    """A key for one purpose, from a secret that serves several (HKDF-SHA256)."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=salt or None, info=about).derive(secret)


def locked(key: bytes, plain: bytes, *, about: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def unlocked(key: bytes, box: bytes, *, about: bytes) -> bytes:
    """Raises WillNotOpen."""
    if len(box) < LOCK:
        raise WillNotOpen
    try:
        return AESGCM(key).decrypt(box[:NONCE], box[NONCE:], about)
    except InvalidTag:
        raise WillNotOpen from None


def key_pair() -> tuple[bytes, bytes]:
    """Private and public, 32 bytes each."""
    made = X25519PrivateKey.generate()
    return made.private_bytes_raw(), made.public_key().public_bytes_raw()


def sealed_for(public_key: bytes, plain: bytes, *, about: bytes) -> bytes:
    """Whoever seals can not open again: the passing private key is forgotten here."""
    passing = X25519PrivateKey.generate()
    passing_public = passing.public_key().public_bytes_raw()
    shared = passing.exchange(X25519PublicKey.from_public_bytes(public_key))
    key = derived(shared, about=about, salt=passing_public + public_key)
    return passing_public + locked(key, plain, about=about)


def unsealed(private_key: bytes, box: bytes, *, about: bytes) -> bytes:
    """Raises WillNotOpen."""
    own = X25519PrivateKey.from_private_bytes(private_key)
    public_key, passing_public = own.public_key().public_bytes_raw(), box[:KEY]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(passing_public))
    except ValueError:  # too short, or a point that gives nothing
        raise WillNotOpen from None
    key = derived(shared, about=about, salt=passing_public + public_key)
    return unlocked(key, box[KEY:], about=about)
