"""Files that people attach: a PDF as it is, a photo made anew. What a file is, its content says and not its name."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy.orm import Session

from market import audit
from market.dis.models import DisFile
from market.photos.encoding import encoded
from market.photos.rules import NotAPhoto
from market.values import Refused, msg

MOST_PDF_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 200
PDF, JPEG = "application/pdf", "image/jpeg"
SUFFIXES = {PDF: ".pdf", JPEG: ".jpg"}
# ISO 32000 puts the header first; readers take it anywhere in the first kilobyte, and so do scanners' files.
HEADER, TRAILER, SEARCHED = b"%PDF-", b"%%EOF", 1024


class NotAPdfOrPhoto(Refused):
    message = msg(
        "Filen är varken en PDF eller en bild som går att läsa, vad den än heter. "
        "Spara den som PDF, eller ta ett foto av papperet och välj fotot."
    )


class BrokenPdf(Refused):
    message = msg("PDF-filen är avbruten: slutet saknas. Spara eller skanna den igen och välj den på nytt.")


class PdfTooLarge(Refused):
    message = msg("PDF-filen är för stor. Välj en på högst 20 MB, eller fotografera sidorna i stället.")


class EmptyFile(Refused):
    message = msg("Filen är tom. Öppna den och se att den innehåller något, eller välj en annan.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """Ready to store; `name` ends as its content says."""

    name: str
    content_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_file(name: str, data: bytes | IO[bytes]) -> CheckedFile:
    """A PDF byte for byte, or a photo decoded and made anew (without what the camera wrote about the place).

    Takes time for a photo: call it before the database is written to. Raises EmptyFile, NotAPdfOrPhoto, BrokenPdf,
    PdfTooLarge and PhotoTooLarge.
    """
    stream = BytesIO(data) if isinstance(data, bytes) else data
    stream.seek(0)
    start = stream.read(SEARCHED)
    if not start:
        raise EmptyFile
    if HEADER in start:
        return CheckedFile(name=_named(name, PDF), content_type=PDF, content=_whole_pdf(stream))
    try:
        return CheckedFile(name=_named(name, JPEG), content_type=JPEG, content=encoded(stream).image)
    except NotAPhoto:
        raise NotAPdfOrPhoto from None


def store_file(session: Session, *, checked: CheckedFile, user_id: int | None, at: datetime) -> DisFile:
    """Keep it. Who may read it is decided by what the caller lets point to it. Flushes."""
    file = DisFile(
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=checked.sha256,
        content=checked.content,
        stored_at=at,
        stored_by_id=user_id,
    )
    session.add(file)
    session.flush()
    subject = f"dis_file:{file.id}"
    audit.record(
        session, user_id=user_id, at=at, action="dis_file.store", subject=subject, sha256=file.sha256
    )
    return file


def _whole_pdf(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    content = stream.read(MOST_PDF_BYTES + 1)
    if len(content) > MOST_PDF_BYTES:
        raise PdfTooLarge
    if TRAILER not in content[-SEARCHED:]:
        raise BrokenPdf
    return content


def _named(name: str, content_type: str) -> str:
    """The last part of the name without control characters, with the content's own suffix."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    suffix = SUFFIXES[content_type]
    stem = PurePosixPath(plain).stem.strip(". ") or "fil"
    return stem[: LONGEST_NAME - len(suffix)] + suffix
