"""What a photo may be and who may see it. Pure."""

from __future__ import annotations

from enum import StrEnum

from market.values import Refused, msg

MOST_BYTES = 100 * 1024 * 1024
"""The largest file that is read."""
MOST_PIXELS = 220_000_000
"""For a JPEG that is decoded line by line at a reduced scale: a phone of 200 megapixels passes."""
MOST_PIXELS_AT_ONCE = 64_000_000
"""For files that must be decoded whole: some 200 MB of memory."""
LONGEST_SIDE, THUMBNAIL_SIDE = 1600, 400


class PhotoAudience(StrEnum):
    """Buyers: everyone who works for an authority. Chosen: only the organisations named as the photo's readers.

    The organisation of whoever took the photo is always one of its readers.
    """

    BUYERS = "buyers"
    CHOSEN = "chosen"


class NotAPhoto(Refused):
    message = msg(
        "Filen är ingen bild som går att läsa, vad den än heter. "
        "Ta ett nytt foto, eller välj en bild i formatet JPEG, PNG eller WebP."
    )


class PhotoTooLarge(Refused):
    message = msg("Fotot är för stort. Välj ett på högst 100 MB, eller ta ett nytt med lägre upplösning.")
