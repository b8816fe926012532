"""The deliveries row by row: the CSV that the database writes says what the rows hold, however their texts look."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from factories import Cast, make_cast
from followup_making import delivered, some_offer
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.db import make_engine, open_session
from market.followup.models import Delivered
from market.followup.periods import Span
from market.followup.publishing.delivered_rows import COLUMNS, delivered_csv, delivered_values
from market.followup.queries import Scope
from market.migrations import upgrade
from market.orders.receipt_rules import DeviationKind
from market.register.models import SizeClass
from market.sheets.csv_text import as_text
from market.values import Unit

NAMES = ("=1+1", '-5;"Gården"', "@x\ny", "\tÅ, ä", "+46", "Vanlig\r\ngård", "'=1", "\rRetur")  # fmt: skip
"""Each as a producer's name: what a sheet, the format or the database could mistake."""
KITCHEN = 'Kök "Å"; =2'
YEAR = Span.parse("2026")


def fill(session: Session, cast: Cast) -> list[Delivered]:
    offer = some_offer(session, cast)
    for day in range(1, len(NAMES) + 1):
        delivered(session, cast, offer, day=date(2026, 3, day), kilograms=day)
    session.flush()
    cast.hub.name = KITCHEN
    rows = list(session.scalars(select(Delivered).order_by(Delivered.id)))
    for number, (row, name) in enumerate(zip(rows, NAMES, strict=True)):
        row.producer_name = name
        row.unit = list(Unit)[number % len(Unit)]
        row.ordered_steps, row.steps, row.grams = 2_147_483_647, number, 10**number
        row.ore, row.vat_ore, row.credit_ore = 5 * 10**number, number, 99
        row.list_ore = None if number % 2 else 100_000_000_005
        row.lead_s = 200 + 3600 * number
        row.deviation = DeviationKind.SHORT if number % 3 else None
        row.size = None if number % 2 else SizeClass.MICRO
        row.is_organic, row.is_krav, row.is_surplus = bool(number % 2), False, number == 0
        row.chain_m, row.hub_m, row.kitchen_m, row.co2e_g = 1, 12_345, 0, number
    session.flush()
    return rows


def expected(row: Delivered, kitchen: str) -> dict[str, str]:
    """By hand, with exact numbers."""

    def thousandths(amount: int, unit: Unit = Unit.KILOGRAM) -> str:
        return f"{Decimal(amount) / unit.steps:.3f}"

    def money(ore: int | None) -> str:
        return "" if ore is None else f"{Decimal(ore) / 100:.2f}"

    return {
        "delivered_on": row.delivered_on.isoformat(), "order": str(row.order_id), "kitchen": as_text(kitchen),
        "producer": as_text(row.producer_name), "product": as_text(row.product_name), "category": row.category_key,
        "route": row.route.value, "unit": row.unit.value, "ordered": thousandths(row.ordered_steps, row.unit),
        "accepted": thousandths(row.steps, row.unit), "kilograms": thousandths(row.grams), "sek": money(row.ore),
        "vat_sek": money(row.vat_ore), "list_sek": money(row.list_ore), "credit_sek": money(row.credit_ore),
        "is_local": row.is_local.value, "is_organic": str(int(row.is_organic)), "is_krav": str(int(row.is_krav)),
        "is_surplus": str(int(row.is_surplus)), "deviation": row.deviation.value if row.deviation else "",
        "size": row.size.value if row.size else "", "lead_hours": f"{(row.lead_s + 180) // 360 / 10:.1f}",
        "chain_km": thousandths(row.chain_m), "to_kitchen_km": thousandths(row.hub_m),
        "onward_km": thousandths(row.kitchen_m), "co2e_g": str(row.co2e_g), "co2e_method": row.emission_method.value,
    }  # fmt: skip


def check(session: Session, cast: Cast) -> None:
    rows = fill(session, cast)
    scope = Scope(authority_id=cast.authority.id)
    text = "".join(delivered_csv(session, scope=scope, span=YEAR))
    found = list(
        csv.DictReader(StringIO(text.removeprefix("\N{BYTE ORDER MARK}"), newline=""), delimiter=";")
    )
    assert found == [expected(row, KITCHEN) for row in rows]
    values = list(delivered_values(session, scope=scope, span=YEAR, most=3))
    assert len(values) == 3
    for line, told in zip(values, found, strict=False):
        for column, value in zip(COLUMNS, line, strict=True):
            if column.is_named:
                assert as_text(str(value)) == told[column.name]
            elif isinstance(value, int | float):
                assert Decimal(str(value)) == Decimal(told[column.name])
            else:
                assert (value or "") == told[column.name]


def test_every_row_says_what_counted(session: Session, cast: Cast) -> None:
    check(session, cast)


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_too(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    upgrade(engine)
    with open_session(engine, writes=True) as session:
        check(session, make_cast(session))
    engine.dispose()
