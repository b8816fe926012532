"""Attached files: known by their content, photos without the place where they were taken, names made harmless."""

from __future__ import annotations

from io import BytesIO

import pytest
from factories import AT
from PIL import Image

from market.dis import files
from market.dis.files import (
    BrokenPdf,
    EmptyFile,
    NotAPdfOrPhoto,
    PdfTooLarge,
    check_file,
    store_file,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def photo(kind: str = "JPEG", **extra) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 40)).save(out, kind, **extra)
    return out.getvalue()


def test_a_pdf_is_kept_byte_for_byte():
    checked = check_file("Bevis.PDF", PDF)
    assert (checked.name, checked.content_type, checked.content) == ("Bevis.pdf", "application/pdf", PDF)


def test_what_a_scanner_writes_before_the_header_is_kept():
    assert check_file("skannat.pdf", b"\r\n" + PDF).content == b"\r\n" + PDF


def test_a_photo_loses_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x010E] = "Ladan i Huddunge"
    checked = check_file("bevis.png", BytesIO(photo(exif=exif)))
    assert (checked.name, checked.content_type) == ("bevis.jpg", "image/jpeg")
    assert b"Huddunge" not in checked.content


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (b"", EmptyFile),
        (b"PK\x03\x04 a Word file called .pdf", NotAPdfOrPhoto),
        (b"<script>alert(1)</script>", NotAPdfOrPhoto),
        (PDF[:-7], BrokenPdf),
        (photo()[:200], NotAPdfOrPhoto),
    ],
)
def test_what_is_no_file_of_ours_is_refused(data, refused):
    with pytest.raises(refused):
        check_file("bevis.pdf", data)


def test_the_largest_pdf(monkeypatch):
    monkeypatch.setattr(files, "MOST_PDF_BYTES", len(PDF))
    assert check_file("a.pdf", PDF).content == PDF
    with pytest.raises(PdfTooLarge):
        check_file("a.pdf", PDF + b"\n")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\bilder\\Bevis 1.pdf", "Bevis 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("", "fil.pdf"),
        (".pdf", "pdf.pdf"),
        ("a\r\nSet-Cookie: x\u202e.pdf", "aSet-Cookie: x.pdf"),
        ("å" * 300 + ".pdf", "å" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert check_file(given, PDF).name == kept


def test_a_stored_file_is_logged(session, cast):
    file = store_file(session, checked=check_file("bevis.pdf", PDF), user_id=cast.producer.id, at=AT)
    assert (file.size, file.content) == (len(PDF), PDF)
    assert len(file.sha256) == 64
