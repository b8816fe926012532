"""A ZIP archive written as it is read, file by file, with a manifest of their hashes at the end. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from market.dis.casefile.verify import MANIFEST
from market.values import SWEDEN


@dataclass(frozen=True, slots=True)
class Member:
    """A file by its path in the archive; `chunks` are read once, when its turn comes."""

    path: str
    chunks: Iterable[bytes]


class _Pipe:
    """What has been written and not yet been sent."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken


def stream(members: Iterable[Member], *, at: datetime) -> Iterator[bytes]:
    """The archive's bytes, a file at a time; what is in memory at once is one chunk."""
    pipe, lines = _Pipe(), []
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for member in members:
            digest = hashlib.sha256()
            with archive.open(_info(member.path, at), "w", force_zip64=True) as out:
                for chunk in member.chunks:
                    digest.update(chunk)
                    out.write(chunk)
                    yield pipe.take()
            lines.append(f"{digest.hexdigest()}  {member.path}\n")
            yield pipe.take()
        archive.writestr(_info(MANIFEST, at), "".join(lines))
    yield pipe.take()


def _info(path: str, at: datetime) -> ZipInfo:
    local = at.astimezone(SWEDEN)
    made = ZipInfo(path, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    made.compress_type = ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made
