"""An award file as PDF: A4, archivable (PDF/A-2a) and tagged for screen readers (PDF/UA-1), typeset by typst."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext

from market import formatting
from market.direct.queries import AwardFile
from market.typesetting import typeset


def award_pdf(
    file: AwardFile, *, template: Path, authority_name: str, officer_name: str, at: datetime
) -> bytes:
    """One document with everything that the file holds."""
    return typeset(
        template, content(file, authority_name=authority_name, officer_name=officer_name, at=at), at=at
    )


def content(file: AwardFile, *, authority_name: str, officer_name: str, at: datetime) -> dict[str, Any]:
    """Every text of the document, in the reader's language."""
    kind, award = formatting.named(file.kind.name), file.award
    title = gettext("Direktupphandling: %(kind)s av %(supplier)s", kind=kind, supplier=award.supplier_name)
    return {
        "title": title,
        "language": formatting.current_locale().language,
        "eyebrow": authority_name,
        "made": " · ".join(
            ("Närmat", authority_name, gettext("slutförd %(when)s", when=formatting.moment(at)))
        ),
        "page": gettext("Sida"),
        "facts": _facts(file, officer_name),
        "texts": _texts(file),
        "purchases": {
            "title": gettext("Vad som köptes"),
            "heads": [gettext("Dag"), gettext("Vara"), gettext("Beställning"), gettext("Utan moms")],
            "rows": [
                [
                    formatting.full_date(row.on),
                    row.what,
                    str(row.order_id or "–"),
                    formatting.kronor(row.ore),
                ]
                for row in file.purchases
            ],
            "none": "",
        },
        "prices": {
            "title": gettext("Priser som jämfördes"),
            "heads": [gettext("Leverantör"), gettext("Vara"), gettext("Pris"), gettext("Fanns att få")],
            "rows": [
                [
                    row.supplier,
                    row.product,
                    formatting.unit_price(row.price, row.unit),
                    _span(row.first, row.last),
                ]
                for row in file.prices
            ],
            "none": gettext("Inga prislistor fanns i Närmat vid tiden för köpet."),
        },
    }


def _facts(file: AwardFile, officer_name: str) -> list[list[str]]:
    award, note = file.award, file.note
    pairs = [
        (gettext("Leverantör"), award.supplier_name),
        (gettext("Varuslag"), formatting.named(file.kind.name)),
        (gettext("Period"), _span(award.period.start, award.period.last)),
        (gettext("Värde utan moms"), formatting.kronor(file.value_ore)),
        (gettext("Beloppet nåddes"), formatting.full_date(award.reached_on)),
        (
            gettext("Avtalets datum"),
            formatting.full_date(note.contract_on) if note and note.contract_on else "–",
        ),
        (gettext("Upphandlare"), officer_name),
    ]
    return [[label, value] for label, value in pairs]


def _texts(file: AwardFile) -> list[list[str]]:
    note = file.note
    if note is None:
        return []
    notice = (
        formatting.full_date(note.notified_on)
        if note.notified_on
        else gettext("Bara en leverantör tillfrågades.")
    )
    pairs = [
        (gettext("Varför direktupphandling"), note.reason),
        (gettext("Vilka som tillfrågades"), note.asked),
        (gettext("Skriftlig underrättelse (19 a kap. 10 §)"), notice),
        (gettext("Så bedömdes priset"), note.comparison or gettext("Se priserna nedan.")),
        (gettext("Avtal"), note.contract),
    ]
    return [[label, value] for label, value in pairs]


def _span(first: date, last: date) -> str:
    """Both days with their years: the file is read years later."""
    return f"{formatting.full_date(first)} – {formatting.full_date(last)}"
