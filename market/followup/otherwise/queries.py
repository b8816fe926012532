"""Reads of deliveries by where they came from and who they were for, to be judged anew. The same few queries however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session

from geodata.local import LocalDefinition, from_json
from market.followup.models import Delivered
from market.followup.otherwise.comparing import Group
from market.followup.queries import Scope, within
from market.followup.rules import Verdict
from market.values import Period

KEYS = ("chain_id", "vantage_id", "piece", "category_key", "is_local")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductGroup:
    """As Group, of one product; `row_id` is one of its rows, for what judged it then."""

    group: Group
    product_name: str
    producer_name: str
    row_id: int


def groups_of(session: Session, *, scope: Scope, pieces: Sequence[Period]) -> list[Group]:
    """One query."""
    rows = _rows(scope, pieces).subquery()
    keys = [rows.c[name] for name in KEYS]
    query = select(*keys, func.sum(rows.c.ore), func.sum(rows.c.grams)).group_by(*keys)
    return [_group(*found) for found in session.execute(query)]


def products_of(
    session: Session, *, scope: Scope, pieces: Sequence[Period], chain_ids: Collection[int]
) -> list[ProductGroup]:
    """Of the chains given alone, the products by name. One query."""
    rows = _rows(scope, pieces).where(Delivered.chain_id.in_(chain_ids)).subquery()
    keys, names = [rows.c[name] for name in KEYS], (rows.c.product_name, rows.c.producer_name)
    query = select(*keys, func.sum(rows.c.ore), func.sum(rows.c.grams), *names, func.max(rows.c.id))
    return [
        ProductGroup(group=_group(*keyed), product_name=product, producer_name=producer, row_id=row_id)
        for *keyed, product, producer, row_id in session.execute(query.group_by(*keys, *names))
    ]


def judged_then(session: Session, *, row_ids: Collection[int]) -> dict[int, LocalDefinition]:
    """The definition that judged each row. One query."""
    query = select(Delivered.id, Delivered.definition).where(Delivered.id.in_(row_ids))
    return {row_id: from_json(definition) for row_id, definition in session.execute(query)}


def _group(*found: Any) -> Group:
    chain_id, vantage_id, piece, category_key, own, ore, grams = found
    return Group(chain_id, vantage_id, int(piece), category_key, Verdict(own), int(ore), int(grams))


def _rows(scope: Scope, pieces: Sequence[Period]) -> Select[Any]:
    """The rows of the whole period, each with the number of its piece."""
    row = Delivered
    columns: list[Any] = [
        row.id, row.chain_id, row.vantage_id, row.category_key, row.is_local, row.ore, row.grams,
        row.product_name, row.producer_name, _piece(pieces).label("piece"),
    ]  # fmt: skip
    first, after = pieces[0].start, pieces[-1].end
    during = (row.delivered_on >= first, row.delivered_on < after)
    return select(*columns).where(*within(row, scope), *during)


def _piece(pieces: Sequence[Period]) -> ColumnElement[int]:
    """The number of the piece that a row's day is in."""
    if len(pieces) == 1:
        return literal(0)
    steps = [(Delivered.delivered_on < piece.end, n) for n, piece in enumerate(pieces[:-1])]
    return case(*steps, else_=len(pieces) - 1)
