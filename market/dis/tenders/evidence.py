"""Evidence that fits into a sealed envelope: a small PDF, or a photo that is made small enough."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from PIL import Image

from market.dis.files import JPEG, check_file
from market.dis.tenders.rules import Evidence
from market.values import Refused, msg

MOST_PDF, MOST_PHOTO = 250_000, 110_000
SIDES = (1600, 1300, 1000, 800, 600, 400)
QUALITIES = (75, 60)


class EvidenceTooLarge(Refused):
    message = msg(
        "PDF-filen är för stor för det förseglade anbudet. Välj en på högst 250 kB, eller fotografera sidan i stället: "
        "fotot förminskas av sig självt."
    )


def evidence_of(name: str, data: bytes | IO[bytes]) -> Evidence:
    """Takes time for a photo. Raises EvidenceTooLarge, and as `check_file` does."""
    checked = check_file(name, data)
    content = checked.content
    if checked.content_type == JPEG:
        content = shrunk(content)
    elif len(content) > MOST_PDF:
        raise EvidenceTooLarge
    return Evidence(name=checked.name, content_type=checked.content_type, content=content)


def shrunk(jpeg: bytes) -> bytes:
    """The photo as large as MOST_PHOTO allows; the smallest step fits whatever it shows."""
    if len(jpeg) <= MOST_PHOTO:
        return jpeg
    with Image.open(BytesIO(jpeg)) as opened:
        image = opened.convert("RGB")
    smaller = b""
    for side in SIDES:
        image.thumbnail((side, side))
        for quality in QUALITIES:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            smaller = out.getvalue()
            if len(smaller) <= MOST_PHOTO:
                return smaller
    return smaller
