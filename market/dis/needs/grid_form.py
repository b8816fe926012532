"""The grid in which one kitchen states its needs: products down, weeks across; one form, kept whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from market import formatting, shell
from market.dis.needs.amounts import read_steps
from market.dis.needs.rules import Cell
from market.dis.needs.sheet import Product, Shape
from market.formatting import read_decimal
from market.values import Refused


@dataclass(slots=True)
class Field:
    """One cell as it is shown: its name in the form, what is written in it, and what is wrong with that."""

    name: str
    product: Product
    week_on: date | None  # None: every week that is left empty
    text: str = ""
    error: str = ""


@dataclass(slots=True)
class Grid:
    """`rows` has a field for every week first, then one a week."""

    kitchen_id: int
    rows: list[tuple[Product, list[Field]]]
    needs: dict[Cell, int] = field(default_factory=dict)

    @property
    def errors(self) -> list[Field]:
        return [one for _, fields in self.rows for one in fields if one.error]


def grid_of(shape: Shape, kitchen_id: int) -> Grid:
    """With what is stated."""
    return Grid(
        kitchen_id,
        [
            (
                product,
                [_all_weeks(product), *(_field(shape, product, kitchen_id, week) for week in shape.weeks)],
            )
            for product in shape.products
        ],
    )


def read_grid(shape: Shape, kitchen_id: int, posted: Mapping[str, str]) -> Grid:
    """With what was written, an error at each field that can not be read, and the needs when all can."""
    grid = grid_of(shape, kitchen_id)
    for product, (all_weeks, *weekly) in grid.rows:
        every = _read(all_weeks, posted)
        for one in weekly:
            steps = _read(one, posted)
            assert one.week_on is not None
            cell = Cell(product.id, kitchen_id, one.week_on)
            grid.needs[cell] = every if not one.text and not one.error else steps
    return grid


def _all_weeks(product: Product) -> Field:
    return Field(f"all-{product.id}", product, None)


def _field(shape: Shape, product: Product, kitchen_id: int, week: date) -> Field:
    steps = shape.stated.get(Cell(product.id, kitchen_id, week), 0)
    text = formatting.decimal((Decimal(steps) / product.unit.steps).normalize()) if steps else ""
    return Field(f"n-{product.id}-{week.isoformat()}", product, week, text)


def _read(one: Field, posted: Mapping[str, str]) -> int:
    """Steps; 0 for nothing, and for what can not be read, which gets its error."""
    one.text = posted.get(one.name, "").strip()[:40]
    if not one.text:
        return 0
    try:
        return read_steps(read_decimal(one.text, swedish=formatting.is_swedish()), one.product.unit)
    except Refused as refusal:
        one.error = shell.explain(refusal)
        return 0
