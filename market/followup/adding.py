"""The sums of a month and the arrivals at a kitchen, kept up as goods are received: each is one statement that adds."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from market.db import Base
from market.followup.emissions import Carried
from market.followup.models import Arrival, Delivered, DeliveredSum
from market.followup.rules import Verdict, month_of, week_of
from market.orders.models import Order
from market.register.models import SizeClass

KEY = ("authority_id", "month", "kitchen_id", "category_key", "producer_id", "route")
SMALL = frozenset({SizeClass.MICRO, SizeClass.SMALL})


def amounts_of(row: Delivered) -> dict[str, int]:
    """What one line adds to each column of DeliveredSum."""
    local, uncertain = row.is_local is Verdict.YES, row.is_local is Verdict.UNCERTAIN
    return {
        "lines": 1,
        "deviations": int(row.deviation is not None),
        "grams": row.grams,
        "ore": row.ore,
        "vat_ore": row.vat_ore,
        "listed_ore": row.ore if row.list_ore is not None else 0,
        "list_ore": row.list_ore or 0,
        "credit_ore": row.credit_ore,
        "local_ore": row.ore * local,
        "local_grams": row.grams * local,
        "uncertain_ore": row.ore * uncertain,
        "uncertain_grams": row.grams * uncertain,
        "organic_ore": row.ore * row.is_organic,
        "organic_grams": row.grams * row.is_organic,
        "krav_ore": row.ore * row.is_krav,
        "krav_grams": row.grams * row.is_krav,
        "surplus_ore": row.ore * row.is_surplus,
        "surplus_grams": row.grams * row.is_surplus,
        "sized_ore": row.ore if row.size is not None else 0,
        "small_ore": row.ore if row.size in SMALL else 0,
        "lead_s": row.lead_s,
        "chain_gram_m": row.grams * row.chain_m,
        "hub_gram_m": row.grams * row.hub_m,
        "kitchen_gram_m": row.grams * row.kitchen_m,
        "co2e_g": row.co2e_g,
    }


def add_to_sums(session: Session, row: Delivered) -> None:
    """Two receipts at the same time both count: the database adds."""
    values = {name: getattr(row, name) for name in KEY} | amounts_of(row)
    session.execute(_adding(session.get_bind().dialect.name, tuple(values)), values)


@cache
def _adding(dialect: str, columns: tuple[str, ...]) -> Any:
    """Written once: it has many columns, and a day many receipts."""
    table = DeliveredSum.__table__.c
    statement = _insert(dialect)(DeliveredSum.__table__)
    grown = {name: table[name] + statement.excluded[name] for name in columns if name not in KEY}
    return statement.on_conflict_do_update(index_elements=KEY, set_=grown)


def add_arrivals(session: Session, *, order: Order, carried: Carried | None) -> None:
    """Who came to the receiving kitchen, and to the satellite where a vehicle took goods on to it: each vehicle and day once.

    The day is the route's, else the one that was agreed: a receipt that is written later is no vehicle more.
    """
    for kitchen_id, carrier, day in _arrivals(order, carried):
        values = {
            "authority_id": order.kitchen.authority_id, "kitchen_id": kitchen_id, "arrived_on": day,
            "month": month_of(day), "week": week_of(day), "carrier": carrier,
        }  # fmt: skip
        session.execute(insert_into(session, Arrival).values(**values).on_conflict_do_nothing())


def _arrivals(order: Order, carried: Carried | None) -> list[tuple[int, str, date]]:
    """Kitchen, carrier and day; where no plan brought it to the receiving kitchen, its producer did."""
    vehicles = carried.vehicles_by_kitchen if carried else {}
    found = [
        (kitchen_id, f"vehicle:{vehicle_id}", day)
        for kitchen_id in dict.fromkeys((order.receiving_kitchen_id, order.kitchen_id))
        for vehicle_id, day in sorted(vehicles.get(kitchen_id, ()))
    ]
    if order.receiving_kitchen_id not in vehicles:
        found.append((order.receiving_kitchen_id, f"producer:{order.producer_id}", order.deliver_on))
    return found


def insert_into(session: Session, model: type[Base]) -> Any:
    """An INSERT that can give way to a row that stands there already, on either database."""
    return _insert(session.get_bind().dialect.name)(model)


def _insert(dialect: str) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert
