"""The attested list of an opening (LOU 12 kap. 10 §) as PDF: Swedish, A4, archivable (PDF/A-2a), typeset by typst."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal

from market.dis.calloffs.models import CallOff
from market.dis.tenders.models import OpeningConfirmation, OpeningRecord
from market.dis.tenders.summing import Summed
from market.values import SWEDEN

SWEDISH = Locale("sv", "SE")


def exact_in(at: datetime, locale: Locale) -> str:
    """To the second on the Swedish clock, with its distance from UTC: in the night when an hour comes twice, too."""
    local = at.astimezone(SWEDEN)
    between = "'kl.'" if locale.language == "sv" else "'at'"
    said = format_datetime(local, f"EEEE d MMMM y {between} HH:mm:ss", locale=locale)
    return f"{said} (UTC{local:%z})".replace("00)", ":00)")


def list_content(
    calloff: CallOff,
    *,
    record: OpeningRecord,
    openers: Sequence[OpeningConfirmation],
    tenders: Sequence[Summed],
    taken_back: Sequence[tuple[str, datetime]],
) -> dict[str, Any]:
    """Every text of the document."""
    dis, deadline = calloff.dis_category.dis, calloff.deadline_at
    assert deadline is not None
    return {
        "title": f"Anbudsöppning: {calloff.title}",
        "eyebrow": f"{dis.name} · {dis.authority.name}",
        "footer": f"Närmat · Avrop {calloff.id} · öppnat {exact_in(record.opened_at, SWEDISH)}",
        "facts": [
            ["Upphandlande myndigheter", ", ".join(one.name for one in dis.authorities)],
            ["Kategori", calloff.dis_category.category.name_sv],
            ["Tidsgräns för anbud", exact_in(deadline, SWEDISH)],
            ["Öppnades", exact_in(record.opened_at, SWEDISH)],
            ["Inbjudna leverantörer", str(len(calloff.invitations))],
            ["Anbud", str(len(tenders))],
        ],
        "tenders": [_row(number, summed) for number, summed in enumerate(tenders, start=1)],
        "taken-back": [[name, exact_in(at, SWEDISH)] for name, at in taken_back],
        "openers": [[one.name, one.organisation_name, exact_in(one.at, SWEDISH)] for one in openers],
    }


def _row(number: int, summed: Summed) -> dict[str, str]:
    tender, producer = summed.tender, summed.tender.producer
    lots = ", ".join(str(line.row.lot.number) for line in summed.lines)
    return {
        "number": str(number),
        "name": producer.name,
        "organisation-number": producer.organisation_number or "",
        "received": exact_in(tender.received_at, SWEDISH),
        "lots": lots,
        "total": f"{format_decimal(Decimal(summed.most_ore) / 100, '#,##0.00', locale=SWEDISH)} kr",
        "sha256": tender.sha256,
    }
