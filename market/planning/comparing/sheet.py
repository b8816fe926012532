"""What carriers are to be paid, as a sheet: one row for each vehicle and day, and a sum for each carrier."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import StringIO

from market.planning.comparing.costs import CarrierCost, RunCost
from market.sheets.csv_text import as_text

HEADS = (
    "carrier", "kind", "day", "vehicle", "km", "hours", "fixed_sek", "km_sek", "hours_sek", "sum_sek", "to_pay_sek",
)  # fmt: skip
Row = tuple[str, ...]


def costs_csv(costs: Iterable[CarrierCost]) -> str:
    """Semicolons and decimal points, as the other sheets; the row of a sum has no day."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for cost in costs:
        writer.writerows(_run(run) for run in cost.runs)
        writer.writerow(_sum(cost))
    return out.getvalue()


def _run(run: RunCost) -> Row:
    hired = run.hired
    to_pay_ore = 0 if hired.is_paid_with_goods else run.ore
    return (
        as_text(hired.carrier), hired.kind.value, run.day.isoformat(), as_text(hired.vehicle), *_work(run),
        _sek(run.fixed_ore), _sek(run.distance_ore), _sek(run.hours_ore), _sek(run.ore), _sek(to_pay_ore),
    )  # fmt: skip


def _sum(cost: CarrierCost) -> Row:
    hired, runs = cost.hired, cost.runs
    parts = (
        sum(run.fixed_ore for run in runs),
        sum(run.distance_ore for run in runs),
        sum(run.hours_ore for run in runs),
    )
    amounts = (_sek(ore) for ore in (*parts, cost.ore, cost.to_pay_ore))
    return (as_text(hired.carrier), hired.kind.value, "", "", *_work(cost), *amounts)


def _work(done: RunCost | CarrierCost) -> Iterator[str]:
    """Kilometres and hours, two decimals."""
    yield str((Decimal(done.distance_m) / 1000).quantize(Decimal("0.01")))
    yield str((Decimal(done.duration_s) / 3600).quantize(Decimal("0.01")))


def _sek(ore: int) -> str:
    return f"{Decimal(ore) / 100:.2f}"
