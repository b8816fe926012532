"""A producer tells where its goods come from; the card prints that and nothing else."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select

from market.feedback.models import OriginStory
from market.photos.models import Photo

POINTS_PER_MM = 72 / 25.4


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), (80, 130, 70)).save(out, "JPEG")
    return out.getvalue()


def tell(client, url, /, **changes):
    form = {
        "text": "Korna betar på strandängen.\n\nKom och hälsa på!",
        "place": "Edsviken",
        "year": "2026",
    } | changes
    return client.post(url, data=form, content_type="multipart/form-data")


def test_the_story_is_told_and_printed(client_for, stored, look):
    product = f"/products/{stored.carrots.id}"
    producer, kitchen = client_for("producer"), client_for("kitchen")
    assert kitchen.get(f"{product}/card").status_code == 404, "nothing is told yet"
    told = tell(producer, f"{product}/story", photo=(BytesIO(picture()), "ko.jpg"))
    assert told.location == "/my-feedback"
    shown = kitchen.get(f"{product}/card").text
    for words in ("Korna betar på strandängen.", "Edsviken", "2026", "Morötter", "Åkerbo gård"):
        assert words in shown
    [story] = look.scalars(select(OriginStory)).all()
    assert kitchen.get(f"/photos/{story.photo_id}").status_code == 200, "buyers see the photo"
    look.rollback()
    for size, width_mm in (("a5", 148), ("a6", 105)):
        pdf = PdfReader(BytesIO(kitchen.get(f"{product}/card.pdf?size={size}").data))
        [page] = pdf.pages
        text = page.extract_text()
        for words in (
            "Korna betar på strandängen.",
            "Kom och hälsa på!",
            "Plats: Edsviken",
            "Morötter",
            "Åkerbo gård",
        ):
            assert words in text
        assert round(float(page.mediabox.width) / POINTS_PER_MM) == width_mm
        assert len(page.images) == 1
        marks = pdf.xmp_metadata
        assert marks is not None
        assert (marks.pdfaid_part, marks.pdfaid_conformance) == ("2", "A")


def test_a_product_without_a_story_of_its_own_has_the_producers(client_for, stored):
    producer = client_for("producer")
    tell(producer, "/my-story", text="Vi är fjärde generationen här.")
    assert "fjärde generationen" in producer.get(f"/products/{stored.carrots.id}/card").text
    tell(producer, f"/products/{stored.carrots.id}/story", text="Sandjord ger söta morötter.")
    page = producer.get(f"/products/{stored.carrots.id}/card").text
    assert "Sandjord" in page
    assert "fjärde generationen" not in page


def test_telling_again_replaces_and_keeps_the_photo(client_for, stored, look):
    producer, url = client_for("producer"), f"/products/{stored.carrots.id}/story"
    tell(producer, url, photo=(BytesIO(picture()), "ko.jpg"))
    tell(producer, url, text="En kortare text.", year="")
    [story] = look.scalars(select(OriginStory)).all()
    assert (story.text, story.year, story.photo_id is None) == ("En kortare text.", None, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "  "},
        {"year": "26"},
        {"year": "åttio"},
        {"year": "²²²²"},
        {"year": "9999"},
        {"text": "x" * 4001},
    ],
)
def test_what_can_not_be_printed_is_explained(client_for, stored, look, changes):
    answer = tell(client_for("producer"), f"/products/{stored.carrots.id}/story", **changes)
    assert "data-error-summary" in answer.text
    assert look.scalar(select(func.count()).select_from(OriginStory)) == 0


def test_a_file_that_is_no_photo_is_refused(client_for, stored, look):
    answer = tell(client_for("producer"), "/my-story", photo=(BytesIO(b"a;b\n1;2"), "tabell.jpg"))
    assert "data-error-summary" in answer.text
    assert look.scalar(select(func.count()).select_from(Photo)) == 0


@pytest.mark.parametrize("text", ["Rågen växer här. " * 200, "ٱلْقَمْح 小麦 ржь <b>&\\#[*_$"])
def test_long_texts_and_other_scripts_make_a_card(client_for, stored, text):
    """Marks of the typesetter are only letters; what has no glyph is left blank, the card is made."""
    producer, product = client_for("producer"), f"/products/{stored.carrots.id}"
    tell(producer, f"{product}/story", text=text[:4000])
    answer = producer.get(f"{product}/card.pdf?size=a6")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
