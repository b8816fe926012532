"""The origin card for the dining hall as PDF: A5 or A6, PDF/A-2a and PDF/UA-1, typeset by typst. Only what the producer wrote."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext

from market import formatting
from market.feedback.models import OriginStory
from market.register.models import Product
from market.typesetting import typeset


def card_facts(story: OriginStory) -> list[tuple[str, str]]:
    """Place and year, where they were told."""
    facts = [
        (gettext("Plats"), story.place),
        (gettext("År"), "" if story.year is None else str(story.year)),
    ]
    return [fact for fact in facts if fact[1]]


def origin_card(
    product: Product, story: OriginStory, *, photo: bytes | None, size: str, template: Path, at: datetime
) -> bytes:
    """One card. Uses only the fonts inside typst: the same file everywhere. `photo` is a JPEG's bytes."""
    content: dict[str, Any] = {
        "title": product.name,
        "producer": product.producer.name,
        "language": formatting.current_locale().language,
        "size": size,
        "facts": [f"{label}: {value}" for label, value in card_facts(story)],
        "paragraphs": [
            part.strip() for part in story.text.replace("\r\n", "\n").split("\n\n") if part.strip()
        ],
        "photo": list(photo) if photo else [],
        "photo_text": gettext("Foto: %(producer)s", producer=product.producer.name),
    }
    return typeset(template, content, at=at)
