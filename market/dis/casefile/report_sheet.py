"""The report of a DIS as a sheet: one row for each number, with what it is about."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO

from market.dis.casefile.report import CallOffRow, Report
from market.sheets.csv_text import as_text

HEADS = ("part", "about", "measure", "value")
Row = tuple[str, str, str, str]


def report_csv(report: Report) -> str:
    """Semicolons and decimal points, as the other sheets."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for part, about, measure, value in _rows(report):
        writer.writerow([part, as_text(about), measure, value])
    return out.getvalue()


def _rows(report: Report) -> Iterator[Row]:
    yield "dis", "", "response_percent", _text(report.response)
    yield "dis", "", "tenders_per_calloff", _text(report.per_calloff)
    for step, days in report.took.items():
        yield "dis", "", f"days_to_{step.value}", _text(days)
    for row in report.categories:
        for measure in ("applied", "admitted", "rejected", "days_to_decide"):
            yield "category", row.name_sv, measure, _text(getattr(row, measure))
    for calloff in report.calloffs:
        yield from _of_calloff(calloff)
    for price in report.prices:
        about = f"{price.supplier}: {price.product}"
        for measure in ("tendered", "listed", "difference"):
            yield "price", about, measure, _text(getattr(price, measure))
    for supplier in report.suppliers:
        for measure in ("orders", "received", "on_time", "deviations", "grams", "ore"):
            yield "supplier", supplier.name, measure, _text(getattr(supplier, measure))


def _of_calloff(row: CallOffRow) -> Iterator[Row]:
    for measure in ("invited", "tenders", "awarded_ore"):
        yield "calloff", row.title, measure, _text(getattr(row, measure))
    for step, days in row.took.items():
        yield "calloff", row.title, f"days_to_{step.value}", _text(days)


def _text(value: Decimal | int | None) -> str:
    return "" if value is None else str(value)
