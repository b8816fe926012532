"""An award decision as PDF: Swedish, A4, archivable (PDF/A-2a) and tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime

from market.agreements.annex import SWEDISH, amount_words, kronor, price_words
from market.dis.awards.reasons import LotOutcome, Won, percent_words
from market.dis.calloffs.models import CallOff
from market.dis.rules import Regime
from market.typesetting import typeset
from market.values import SWEDEN, Unit

Content = dict[str, Any]
LAW = {
    Regime.DIRECTIVE: "LOU 8 kap. och 12 kap. 12 §",
    Regime.NATIONAL: "LOU 19 kap. 19 §",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a decision says beside its call-off. `standstill_ends_at` None: none is kept."""

    number: int
    outcomes: Sequence[LotOutcome]
    invited: int
    tenderers: Sequence[str]
    reasons: str
    decided_at: datetime
    decided_by: str
    standstill_days: int
    standstill_ends_at: datetime | None
    cost_ore: int


def decision_pdf(content: Content, *, template: Path, at: datetime) -> bytes:
    """One document, the same for all who were invited."""
    return typeset(template, content, at=at)


def decision_content(calloff: CallOff, decision: Decision) -> Content:
    """Every text of the document."""
    category = calloff.dis_category
    return {
        "title": f"Tilldelningsbeslut: {calloff.title}",
        "eyebrow": f"{category.dis.authority.name} · beslut nr {decision.number}",
        "made": f"{category.dis.authority.name} · {category.dis.name} · tilldelningsbeslut nr {decision.number}",
        "facts": _facts(calloff, decision),
        "winners": [_winner(lot, one) for lot in decision.outcomes for one in lot.won],
        "short": [
            f"Del {lot.number}, {lot.name}: {amount_words(lot.short, lot.unit)} tilldelas ingen."
            for lot in decision.outcomes
            if lot.short
        ],
        "total": kronor(decision.cost_ore),
        "tenderers": list(decision.tenderers),
        "reasons": [part for part in decision.reasons.split("\n") if part.strip()],
        "standstill": standstill_words(decision.standstill_days, decision.standstill_ends_at),
        "review": (
            "Den som anser sig ha lidit eller kunna komma att lida skada kan ansöka om överprövning hos "
            "förvaltningsrätten (LOU 20 kap. 4 §). Ansökan ska ha kommit in innan avtalsspärren har löpt ut, eller "
            "där ingen avtalsspärr hålls, innan avtal har ingåtts."
        ),
        "more": (
            "Beslutet går samtidigt till alla som bjöds in. Var och en som lämnade anbud ser i Närmat sitt eget anbud "
            "bredvid de vinnande. Övriga handlingar kan begäras ut; uppgifter i dem kan omfattas av sekretess "
            "(offentlighets- och sekretesslagen 19 kap. 3 § och 31 kap. 16 §)."
        ),
    }


def standstill_words(days: int, ends_at: datetime | None) -> str:
    """Whether a contract waits, and until when."""
    if ends_at is None:
        return (
            "Ingen avtalsspärr hålls. Vid tilldelning i ett dynamiskt inköpssystem är den frivillig "
            "(LOU 20 kap. 2 §), och avtal kan ingås genast."
        )
    return (
        f"En avtalsspärr om {days} dagar hålls, räknad från dagen efter att beslutet skickades elektroniskt. Avtal ingås "
        f"tidigast {_moment(ends_at)} (LOU 20 kap. 1 och 15 §§)."
    )


def _facts(calloff: CallOff, decision: Decision) -> list[list[str]]:
    dis, category = calloff.dis_category.dis, calloff.dis_category.category
    codes = ", ".join(row.code for row in category.codes)
    pairs = [
        ("Dynamiskt inköpssystem", dis.name),
        ("Kategori", f"{category.name_sv} ({codes})"),
        ("Upphandlande myndigheter", ", ".join(one.name for one in dis.authorities)),
        ("Beslutat", _moment(decision.decided_at)),
        ("Beslutat av", f"{decision.decided_by}, {dis.authority.name}"),
        ("Inbjudna leverantörer", str(decision.invited)),
        ("Inkomna giltiga anbud", str(len(decision.tenderers))),
        ("Lag", LAW[dis.regime]),
    ]
    return [list(pair) for pair in pairs]


def _winner(lot: LotOutcome, one: Won) -> list[str]:
    return [
        f"{lot.number}. {lot.name} ({lot.authority})",
        one.name,
        amount_words(one.steps, lot.unit),
        price_words(one.price, lot.unit),
        percent_words(one.deduction_bp),
        _comparison(one, lot.unit),
        kronor(one.cost_ore),
    ]


def _comparison(one: Won, unit: Unit) -> str:
    return price_words(one.comparison, unit)


def _moment(at: datetime) -> str:
    local = at.astimezone(SWEDEN)
    return f"{format_date(local, 'd MMMM y', locale=SWEDISH)} klockan {format_datetime(local, 'HH:mm:ss', locale=SWEDISH)}"
