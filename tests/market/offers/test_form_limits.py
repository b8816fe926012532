"""What is sent along with an offer: photos of any size and kind, notes of any length."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import pytest
from factories import tiny_photo
from PIL import Image
from sqlalchemy import select

from market.offers.models import Offer
from market.photos.models import Photo

NEW = "/my-offers/new"


@pytest.fixture
def form(stored):
    return {
        "product": str(stored.carrots.id), "amount": "120", "first_day": "2026-11-23", "last_day": "2026-11-29",
        "site": str(stored.site.id), "request_key": "photo",
    }  # fmt: skip


def test_whoever_may_see_the_offer_may_see_its_photo(client_for, stored, form, look):
    sent = form | {"photo": (BytesIO(tiny_photo()), "IMG_1.JPG")}
    sent |= {"audience": "chosen", "authorities": [str(stored.authority.id)]}
    page = client_for("producer").post(NEW, data=sent, follow_redirects=True).text
    photo = look.scalars(select(Photo)).one()
    assert f"/photos/{photo.id}/thumbnail" in page
    seen = {
        name: client_for(name).get(f"/photos/{photo.id}").status_code
        for name in ("producer", "kitchen", "meal_manager", "other_kitchen", "other_producer")
    }
    assert seen == {
        "producer": 200,
        "kitchen": 200,
        "meal_manager": 200,
        "other_kitchen": 404,
        "other_producer": 404,
    }


def test_a_csv_named_jpg_is_refused_by_its_field(client_for, form, look):
    sent = form | {"photo": (BytesIO(b"vara;kg\nMorot;120\n"), "morot.jpg")}
    page = client_for("producer").post(NEW, data=sent).text
    assert "Filen är ingen bild som går att läsa" in page
    assert look.scalars(select(Offer)).all() == []


def test_a_long_note_is_refused_in_words(client_for, form, look):
    for size in (10_000, 60_000):
        page = client_for("producer").post(NEW, data=form | {"note": "En rad om morötter\n" * size}).text
        assert "Skriv högst 2000 tecken." in page
    assert look.scalars(select(Offer)).all() == []


@pytest.mark.slow
def test_a_photo_of_eighty_megabytes_is_taken_and_a_larger_one_refused_in_words(
    client_for, form, tmp_path, look
):
    """What follows a JPEG's end is no part of the picture; it makes the file as large as it must be here."""
    client = client_for("producer")
    for megabytes, status in ((80, 302), (102, 413)):
        file = tmp_path / f"{megabytes}.jpg"
        with file.open("wb") as out:
            out.write(tiny_photo((4000, 3000)))
            out.truncate(megabytes * 1024 * 1024)
        with file.open("rb") as stream:
            answer = client.post(NEW, data=form | {"photo": (stream, file.name), "request_key": file.name})
        assert answer.status_code == status
    assert "högst 100 MB" in answer.text
    photo = look.scalars(select(Photo)).one()
    assert (photo.width, photo.height, len(photo.image) < 1_000_000) == (1600, 1200, True)
    with file.open("rb") as stream:
        plain = client.post("/my-offers/1/weekly", data={"photo": (stream, "x.jpg")})
    assert plain.status_code == 413


MEASURE = """
import re, sys
from pathlib import Path
from market.photos.encoding import encoded
with open(sys.argv[1], "rb") as stream:
    made = encoded(stream)
print(made.width, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.slow
def test_a_photo_of_two_hundred_megapixels_takes_little_memory(tmp_path):
    file = tmp_path / "large.jpg"
    Image.new("RGB", (16_000, 12_000), (90, 140, 60)).save(file, "JPEG", quality=60)
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=True, timeout=120
    )
    width, megabytes = map(int, answer.stdout.split())
    assert width == 1600
    assert megabytes < 150, "a decoded picture of that size would be 600 MB"
