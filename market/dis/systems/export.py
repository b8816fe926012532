"""The notice as data, for tender databases and tender portals: JSON by a published schema, and rows for a sheet.

What such a database accepts differs and is not verified here: somebody at the authority carries the data over.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from market.dis.rules import Regime
from market.dis.systems.models import Criterion, Dis, DisCategory
from market.sheets.csv_text import as_text
from market.values import SWEDEN

SCHEMA = "narmat-dis-notice-1"
ONE_DAY = timedelta(days=1)
HEADS = ("del", "kategori", "cpv", "rubrik", "text", "visas_med", "avdrag_procent", "poang")


def notice_data(dis: Dis, *, url: str, document_url: Callable[[int], str]) -> dict[str, Any]:
    """The notice by docs/schemas/narmat-dis-notice-1.schema.json."""
    return {
        "schema": SCHEMA,
        "id": str(dis.id),
        "url": url,
        "state": dis.state.value,
        "name": dis.name,
        "description": dis.description,
        "regime": dis.regime.value,
        "legal_basis": "SFS 2016:1145, 8 kap."
        if dis.regime is Regime.DIRECTIVE
        else "SFS 2016:1145, 19 kap.",
        "buyers": [{"name": one.name, "runs": one.id == dis.authority_id} for one in dis.authorities],
        "contact": dis.contact,
        "estimated_value": {
            "amount": _kronor(dis.estimated_value_ore),
            "currency": "SEK",
            "vat_included": False,
        },
        "valid_from": dis.valid_from.isoformat(),
        "valid_to": (dis.valid_until - ONE_DAY).isoformat(),
        "published_at": _instant(dis.published_at),
        "ended_at": _instant(dis.ended_at),
        "first_round_ends_at": _instant(dis.first_round_ends_at),
        "first_review_until": dis.first_review_until.isoformat() if dis.first_review_until else None,
        "categories": [_category(category) for category in dis.categories],
        "tie_rule": dis.tie_rule.value,
        "standstill_days": dis.standstill_days,
        "contract_terms": dis.contract_terms,
        "documents": [
            {"made_at": _instant(one.made_at), "sha256": one.sha256, "url": document_url(one.id)}
            for one in dis.documents
        ],
    }


def notice_sheet(dis: Dis, *, url: str) -> str:
    """The same as rows, one a fact, with a semicolon between cells and a mark that says UTF-8."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in _rows(dis, url):
        writer.writerow([as_text(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def _category(category: DisCategory) -> dict[str, Any]:
    return {
        "key": category.category_key,
        "name": category.category.name_sv,
        "cpv": [row.code for row in category.category.codes],
        "description": category.description,
        "max_suppliers_per_lot": category.max_suppliers_per_lot,
        "max_lots_per_supplier": category.max_lots_per_supplier,
        "requirements": [
            {"kind": row.kind.value, "text": row.text, "proof": row.proof} for row in category.requirements
        ],
        "award_criteria": [
            {"kind": "price", "name": "Pris"},
            *(_criterion(row) for row in category.criteria),
        ],
    }


def _criterion(row: Criterion) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "name": row.name,
        "description": row.description,
        "max_deduction_percent": _percent(row.max_deduction_bp),
        "max_points": row.max_points,
        "needs_evidence": row.needs_evidence,
    }


def _rows(dis: Dis, url: str) -> Iterator[tuple[str, ...]]:
    facts = [
        ("Namn", dis.name),
        ("Annonsens sida", url),
        ("Köpare", ", ".join(one.name for one in dis.authorities)),
        ("Drivs av", dis.authority.name),
        ("Kontakt", dis.contact),
        ("Regler", "LOU 8 kap." if dis.regime is Regime.DIRECTIVE else "LOU 19 kap."),
        ("Gäller från", dis.valid_from.isoformat()),
        ("Gäller till och med", (dis.valid_until - ONE_DAY).isoformat()),
        ("Första ansökningstiden slutar", _instant(dis.first_round_ends_at) or ""),
        ("Uppskattat värde, SEK utan moms", _kronor(dis.estimated_value_ore)),
        ("Beskrivning", dis.description),
        ("Avtalsvillkor", dis.contract_terms),
    ]
    yield from (("system", "", "", label, text, "", "", "") for label, text in facts)
    for category in dis.categories:
        yield from _category_rows(category)


def _category_rows(category: DisCategory) -> Iterator[tuple[str, ...]]:
    name, codes = category.category.name_sv, " ".join(row.code for row in category.category.codes)
    yield "kategori", name, codes, "Kännetecken", category.description, "", "", ""
    for row in category.requirements:
        yield "krav", name, codes, row.kind.value, row.text, row.proof, "", ""
    for one in category.criteria:
        points = "" if one.max_points is None else str(one.max_points)
        yield "mervärde", name, codes, one.name, one.description, "", _percent(one.max_deduction_bp), points


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(SWEDEN).isoformat()


def _kronor(ore: int) -> str:
    return f"{Decimal(ore) / 100:.2f}"


def _percent(bp: int) -> str:
    return f"{Decimal(bp) / 100:.2f}"
