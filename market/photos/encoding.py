"""A photo decoded and made anew: upright, of moderate size, with nothing of what the camera wrote about the place."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageOps

from market.photos.rules import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_PIXELS_AT_ONCE,
    THUMBNAIL_SIDE,
    NotAPhoto,
    PhotoTooLarge,
)

READABLE = ("JPEG", "PNG", "WEBP")
QUALITY = 82
WHITE = (255, 255, 255)
# What Pillow raises for files that are not what they say, cut off, or made to do harm.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    struct.error,
    zlib.error,
)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own alarm; ours below is stricter for what is decoded whole


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPhoto:
    """JPEG bytes, ready to store. `width` and `height` are the image's, upright."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.image).hexdigest()


def encoded(source: bytes | IO[bytes]) -> EncodedPhoto:
    """The photo made anew. A stream is read piece by piece; it may hold MOST_BYTES.

    Raises NotAPhoto, judged by what the file holds and not by its name, and PhotoTooLarge.
    """
    stream = BytesIO(source) if isinstance(source, bytes) else source
    if _length(stream) > MOST_BYTES:
        raise PhotoTooLarge
    try:
        with Image.open(stream, formats=READABLE) as opened:
            _refuse_bombs(opened)
            image = _made_anew(opened)
    except Image.DecompressionBombError:
        raise PhotoTooLarge from None
    except BROKEN:
        raise NotAPhoto from None
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return EncodedPhoto(image=_jpeg(image), thumbnail=_jpeg(small), width=image.width, height=image.height)


def _length(stream: IO[bytes]) -> int:
    stream.seek(0, 2)
    length = stream.tell()
    stream.seek(0)
    return length


def _refuse_bombs(opened: Image.Image) -> None:
    """Only the header is read so far. A progressive JPEG is held whole while it is decoded."""
    scales = opened.format in {"JPEG", "MPO"} and not opened.info.get("progressive")
    if opened.width * opened.height > (MOST_PIXELS if scales else MOST_PIXELS_AT_ONCE):
        raise PhotoTooLarge


def _made_anew(opened: Image.Image) -> Image.Image:
    """Smaller, upright, in plain sRGB: a new image, so that nothing comes along."""
    share = min(1.0, 2 * LONGEST_SIDE / max(opened.size))
    opened.draft(
        None, (int(opened.width * share), int(opened.height * share))
    )  # a JPEG decodes at a fraction
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(opened)
    flat = _flat(upright)
    anew = Image.new("RGB", flat.size, WHITE)
    anew.paste(flat)
    return anew


def _flat(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        whole = image.convert("RGBA")
        behind = Image.new("RGBA", whole.size, (*WHITE, 255))
        return Image.alpha_composite(behind, whole).convert("RGB")
    return _in_srgb(image).convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours of a phone's wider colour space as they look; what its profile does not explain stays as it is."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode != "RGB":
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, *BROKEN):
        return image
    return converted or image


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
