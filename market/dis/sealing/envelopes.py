"""What lies inside an envelope's outer layer, always of one size, whether somebody has tendered or not.

    public box | code box | body | the last versions

The body is the tender, padded, locked with a key of its own. That key is in the public box, which the call-off's private
key opens, and in the code box, which the tenderer's reading code opens. Each version is a small box for the private
key; a new one pushes out the oldest, so that nobody can count them. An envelope without a tender is made in the same way
around nothing: at the opening every envelope must open, so that a damaged one is never taken for an empty one.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from market.dis.sealing.boxes import (
    KEY,
    LOCK,
    SEAL,
    WillNotOpen,
    derived,
    fresh_key,
    locked,
    sealed_for,
    unlocked,
    unsealed,
)
from market.dis.sealing.reading_codes import fresh_code
from market.dis.sealing.rules import Place, TooMuchInside, Version, VersionKind

ENVELOPE_SIZE = 512 * 1024
"""As it lies in the database, outer layer included."""
SALT = 16
SLOTS = 100
"""How many versions are remembered; who changes a tender more often than that loses the oldest of them."""
_VERSION = struct.Struct(">Bq32s")  # kind, microseconds since 1970 UTC, SHA-256
_PUBLIC_BOX, _CODE_BOX, _SLOT = SEAL + KEY, SALT + LOCK + KEY, SEAL + _VERSION.size
_BODY = ENVELOPE_SIZE - LOCK - _PUBLIC_BOX - _CODE_BOX - SLOTS * _SLOT
_LENGTH = struct.Struct(">I")
MOST_CONTENT = _BODY - LOCK - _LENGTH.size
"""How many bytes a tender may be, files included."""
_KINDS = (None, VersionKind.TENDER, VersionKind.TAKEN_BACK)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the private key shows: the last content (b"" when nothing was put in) and the versions, oldest first."""

    content: bytes
    versions: tuple[Version, ...]


def filled(
    content: bytes, *, code: str, place: Place, public_key: bytes, slots: bytes, version: Version | None
) -> bytes:
    """The inside around a content; `slots` are those of what lay there before. Raises TooMuchInside."""
    if len(content) > MOST_CONTENT:
        raise TooMuchInside
    key, salt = fresh_key(), os.urandom(SALT)
    body = _LENGTH.pack(len(content)) + content.ljust(MOST_CONTENT, b"\0")
    code_key = derived(code.encode(), about=place.about("code"), salt=salt)
    return b"".join(
        (
            sealed_for(public_key, key, about=place.about("key")),
            salt,
            locked(code_key, key, about=place.about("code")),
            locked(key, body, about=place.about("body")),
            slots if version is None else slots[_SLOT:] + _slot(version, place, public_key),
        )
    )


def empty(*, place: Place, public_key: bytes) -> bytes:
    """The inside of an envelope that nobody has put anything into; its code is thrown away."""
    blank = b"".join(_slot(None, place, public_key) for _ in range(SLOTS))
    return filled(b"", code=fresh_code(), place=place, public_key=public_key, slots=blank, version=None)


def slots_of(inner: bytes) -> bytes:
    return inner[-SLOTS * _SLOT :]


def read_by_code(inner: bytes, *, code: str, place: Place) -> bytes:
    """The content, for whoever has the code. Raises WillNotOpen."""
    box = inner[_PUBLIC_BOX : _PUBLIC_BOX + _CODE_BOX]
    code_key = derived(code.encode(), about=place.about("code"), salt=box[:SALT])
    return _content(inner, unlocked(code_key, box[SALT:], about=place.about("code")), place)


def opened(inner: bytes, *, private_key: bytes, place: Place) -> Opened:
    """Everything, for the opening. Raises WillNotOpen, also when the last version is not what lies there."""
    key = unsealed(private_key, inner[:_PUBLIC_BOX], about=place.about("key"))
    content = _content(inner, key, place)
    versions = tuple(_versions(slots_of(inner), private_key, place))
    last = versions[-1].sha256 if versions else hashlib.sha256(b"").hexdigest()
    if last != hashlib.sha256(content).hexdigest():
        raise WillNotOpen
    return Opened(content, versions)


def _content(inner: bytes, key: bytes, place: Place) -> bytes:
    start = _PUBLIC_BOX + _CODE_BOX
    body = unlocked(key, inner[start : start + _BODY], about=place.about("body"))
    (length,) = _LENGTH.unpack_from(body)
    return body[_LENGTH.size : _LENGTH.size + length]


def _slot(version: Version | None, place: Place, public_key: bytes) -> bytes:
    plain = _VERSION.pack(0, 0, b"") if version is None else _packed(version)
    return sealed_for(public_key, plain, about=place.about("version"))


def _packed(version: Version) -> bytes:
    instant = (version.at - _EPOCH) // _MICROSECOND
    return _VERSION.pack(_KINDS.index(version.kind), instant, bytes.fromhex(version.sha256))


def _versions(slots: bytes, private_key: bytes, place: Place) -> Sequence[Version]:
    found = []
    for start in range(0, len(slots), _SLOT):
        plain = unsealed(private_key, slots[start : start + _SLOT], about=place.about("version"))
        number, instant, digest = _VERSION.unpack(plain)
        kind = _KINDS[number]
        if kind is not None:
            found.append(Version(kind, _EPOCH + instant * _MICROSECOND, digest.hex()))
    return found
