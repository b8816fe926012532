"""A photo is judged by what it holds, turned upright, made small, and loses what the camera wrote."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from market.photos.encoding import encoded
from market.photos.rules import MOST_BYTES, NotAPhoto, PhotoTooLarge

ORIENTATION, MAKE, GPS_INFO = 0x0112, 0x010F, 0x8825
RED, BLUE = (200, 20, 20), (20, 20, 200)


def photo(size=(300, 200), *, kind="JPEG", exif=None, **options) -> bytes:
    """Red to the left, blue to the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    out = BytesIO()
    image.save(out, kind, **({"exif": exif} if exif else {}), **options)
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    written = Image.Exif()
    written[ORIENTATION] = orientation
    written[MAKE] = "Hemlig kamera"
    written.get_ifd(GPS_INFO).update({1: "N", 2: (59.0, 45.0, 31.0), 3: "E", 4: (18.0, 42.0, 11.0)})
    return written.tobytes()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_comes_out_as_a_jpeg(kind):
    made = encoded(photo(kind=kind))
    assert (opened(made.image).format, made.width, made.height) == ("JPEG", 300, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_it_was_taken_is_gone_byte_by_byte(kind):
    given = photo(kind=kind, exif=exif())
    assert b"Hemlig kamera" in given, "or the test proves nothing"
    assert GPS_INFO in opened(given).getexif()
    made = encoded(given)
    for data in (made.image, made.thumbnail):
        assert b"Hemlig" not in data
        assert b"Exif" not in data
        assert b"ICC_PROFILE" not in data
        assert not opened(data).getexif()


def test_comments_and_appended_bytes_are_gone():
    given = photo(comment=b"59.7584, 18.7050") + b"59.7584, 18.7050 tail"
    assert b"59.7584" not in encoded(given).image


@pytest.mark.parametrize(
    ("orientation", "size", "top_left"),
    [(1, (300, 200), "red"), (3, (300, 200), "blue"), (6, (200, 300), "red"), (8, (200, 300), "blue")],
)
def test_it_stands_upright(orientation, size, top_left):
    made = encoded(photo(exif=exif(orientation)))
    assert (made.width, made.height) == size
    red, _, blue = opened(made.image).getpixel((10, 10))
    assert ("red" if red > blue else "blue") == top_left
    assert opened(made.thumbnail).size == size


def test_a_large_one_is_made_smaller():
    made = encoded(photo((4000, 3000)))
    assert opened(made.image).size == (1600, 1200)
    assert opened(made.thumbnail).size == (400, 300)


def test_what_is_see_through_becomes_white():
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(encoded(out.getvalue()).image).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P"])
def test_other_ways_of_writing_colours(mode):
    out = BytesIO()
    Image.new(mode, (20, 20)).save(out, "JPEG" if mode in {"L", "CMYK"} else "PNG")
    assert opened(encoded(out.getvalue()).image).mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"vara;kg\nMor\xc3\xb6tter;120\n" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        photo()[: len(photo()) // 2],
        photo()[:200],
        b"\xff\xd8\xff\xe0" + bytes(5000),
        b"\x89PNG\r\n\x1a\n" + bytes(5000),
    ],
    ids=["empty", "csv", "svg", "pdf", "cut-off", "header-only", "false-jpeg", "false-png"],
)
def test_what_is_no_photo_is_refused_and_told_what_to_do(data):
    with pytest.raises(NotAPhoto, match=r"Ta ett nytt foto, eller välj en bild"):
        encoded(data)


def test_a_bomb_is_refused_before_it_is_decoded():
    out = BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    bomb = out.getvalue()
    assert len(bomb) < 100_000
    with pytest.raises(PhotoTooLarge):
        encoded(bomb)


def test_a_stream_longer_than_the_limit_is_refused_unread(tmp_path):
    sparse = tmp_path / "huge.jpg"
    with sparse.open("wb") as out:
        out.truncate(MOST_BYTES + 1)
    with sparse.open("rb") as stream, pytest.raises(PhotoTooLarge):
        encoded(stream)


def test_a_stream_is_as_good_as_bytes(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(photo())
    with file.open("rb") as stream:
        assert encoded(stream) == encoded(photo())
