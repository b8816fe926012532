"""What a notice of an award says, as structured data for the tender databases: JSON and CSV. Pure but for the rows it reads."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import Any

from market.dis.awards.models import AwardContract
from market.dis.awards.queries import lines_by_contract
from market.register.rules import masked_number
from market.sheets.csv_text import as_text
from market.values import Quantity, local_date

FIELDS = (
    "system", "regime", "buyer", "calloff", "category", "cpv", "supplier", "supplier_number", "contract", "agreed_on",
    "value_sek", "tenders_received", "invited", "decided_on", "due_on", "sent_on", "reference", "lots",
)  # fmt: skip

"""What a sheet would take for a formula: such a text is marked as a text."""


def notice_rows(contracts: Sequence[AwardContract], *, tenders: Mapping[int, int]) -> list[dict[str, Any]]:
    """One row for each contract; `tenders` is how many came in, by call-off."""
    return [_row(one, tenders) for one in contracts]


def notice_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """The same as a sheet: semicolons, decimal points, the lots in one cell."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(FIELDS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in FIELDS])
    return out.getvalue()


def _row(contract: AwardContract, tenders: Mapping[int, int]) -> dict[str, Any]:
    award = contract.award
    calloff = award.calloff
    category, dis = calloff.dis_category.category, calloff.dis_category.dis
    lines = lines_by_contract(award)[contract.producer_id, contract.authority_id]
    return {
        "system": dis.name,
        "regime": dis.regime.value,
        "buyer": contract.authority.name,
        "calloff": calloff.title,
        "category": category.name_sv,
        "cpv": [row.code for row in category.codes],
        "supplier": contract.producer.name,
        "supplier_number": masked_number(
            contract.producer.organisation_number, is_sole_trader=contract.producer.is_sole_trader
        ),
        "contract": contract.agreement_id,
        "agreed_on": _day(contract.agreed_on),
        "value_sek": str(Decimal(sum(line.cost_ore for line in lines)) / 100),
        "tenders_received": tenders.get(calloff.id, 0),
        "invited": len(calloff.invitations),
        "decided_on": local_date(award.decided_at).isoformat(),
        "due_on": _day(contract.notice_due_on),
        "sent_on": _day(contract.notice_sent_on),
        "reference": contract.notice_reference,
        "lots": [
            {
                "number": line.lot.number,
                "name": line.lot.name,
                "amount": str(Quantity(line.steps, line.lot.unit).amount.normalize()),
                "unit": line.lot.unit.value,
                "price_sek": str(line.price),
            }
            for line in lines
        ],
    }


def _day(day: Any) -> str:
    return "" if day is None else str(day.isoformat())


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join(_cell(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    return as_text(str(value))
