"""The deliveries of a period row by row, as they counted: values for a workbook, and CSV that the database itself writes.

A year of a large authority has some hundred thousand rows; making each line of text in the database takes a fraction of what
it takes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from market.followup.models import Delivered
from market.followup.periods import Span
from market.followup.queries import Scope, within
from market.register.models import Kitchen
from market.sheets.csv_text import FORMULA_STARTS
from market.values import Unit

CHUNK = 1_000
TENTHS_PER_HOUR = 10
Value = str | int | float | None
Amount = ColumnElement[int] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


@dataclass(frozen=True, slots=True)
class Column:
    """`content`: text, a code, or a whole number of the last of so many `decimals`. `is_named`: words that somebody typed."""

    name: str
    content: Any
    decimals: int = 0
    is_named: bool = False

    def value(self, found: Any) -> Value:
        """As it stands in a workbook."""
        if found is None or isinstance(found, str):
            return found
        return int(found) / 10**self.decimals if self.decimals else int(found)

    @property
    def as_csv(self) -> ColumnElement[str]:
        """The cell as text; empty where there is none."""
        if self.is_named:
            return _quoted(self.content)
        if self.decimals:
            return func.coalesce(_with_point(self.content, self.decimals), "")
        return func.coalesce(cast(self.content, String), "")


def _steps(steps: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Thousandths of the unit; pieces are stored whole."""
    whole = cast(steps, BigInteger)
    return case((Delivered.unit == Unit.PIECE, whole * Unit.KILOGRAM.steps), else_=whole)


def _flag(answer: InstrumentedAttribute[bool]) -> ColumnElement[int]:
    return cast(cast(answer, Boolean), Integer)


def _code(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """An enum's stored text."""
    return cast(column, String)


COLUMNS = (
    Column("delivered_on", cast(Delivered.delivered_on, String)),
    Column("order", Delivered.order_id),
    Column("kitchen", Kitchen.name, is_named=True),
    Column("producer", Delivered.producer_name, is_named=True),
    Column("product", Delivered.product_name, is_named=True),
    Column("category", Delivered.category_key),
    Column("route", _code(Delivered.route)),
    Column("unit", _code(Delivered.unit)),
    Column("ordered", _steps(Delivered.ordered_steps), 3),
    Column("accepted", _steps(Delivered.steps), 3),
    Column("kilograms", Delivered.grams, 3),
    Column("sek", Delivered.ore, 2),
    Column("vat_sek", Delivered.vat_ore, 2),
    Column("list_sek", Delivered.list_ore, 2),
    Column("credit_sek", Delivered.credit_ore, 2),
    Column("is_local", _code(Delivered.is_local)),
    Column("is_organic", _flag(Delivered.is_organic)),
    Column("is_krav", _flag(Delivered.is_krav)),
    Column("is_surplus", _flag(Delivered.is_surplus)),
    Column("deviation", _code(Delivered.deviation)),
    Column("size", _code(Delivered.size)),
    Column("lead_hours", (Delivered.lead_s * TENTHS_PER_HOUR + 1800) // 3600, 1),
    Column("chain_km", Delivered.chain_m, 3),
    Column("to_kitchen_km", Delivered.hub_m, 3),
    Column("onward_km", Delivered.kitchen_m, 3),
    Column("co2e_g", Delivered.co2e_g),
    Column("co2e_method", _code(Delivered.emission_method)),
)


def delivered_values(session: Session, *, scope: Scope, span: Span, most: int) -> Iterator[list[Value]]:
    """The first rows in order of days, each with a value for every one of COLUMNS."""
    query = _of(select(*(column.content for column in COLUMNS)), scope, span).limit(most)
    for row in session.execute(query):
        yield [column.value(found) for column, found in zip(COLUMNS, row, strict=True)]


def delivered_csv(session: Session, *, scope: Scope, span: Span) -> Iterator[str]:
    """All rows in order of days with a head, semicolons and decimal points, a thousand at a time."""
    yield "\N{BYTE ORDER MARK}" + ";".join(column.name for column in COLUMNS) + "\r\n"
    line: ColumnElement[str] = COLUMNS[0].as_csv
    for column in COLUMNS[1:]:
        line = line + literal(";") + column.as_csv
    query = _of(select(line + literal("\r\n")), scope, span).execution_options(yield_per=CHUNK)
    for some in session.execute(query).scalars().partitions():
        yield "".join(some)


def _of(query: Select[Any], scope: Scope, span: Span) -> Select[Any]:
    return (
        query.select_from(Delivered)
        .join(Kitchen, Kitchen.id == Delivered.kitchen_id)
        .where(
            *within(Delivered, scope),
            Delivered.delivered_on >= span.period.start,
            Delivered.delivered_on < span.period.end,
        )
        .order_by(Delivered.delivered_on, Delivered.id)
    )


def _with_point(amount: Amount, decimals: int) -> ColumnElement[str]:
    """A whole number that is not negative, of the last of so many decimals."""
    unit = 10**decimals
    fraction = func.substr(cast(unit + amount % unit, String), 2)
    return cast(amount // unit, String) + literal(".") + fraction


def _quoted(words: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """As csv_text.as_text, in quotation marks (RFC 4180)."""
    mark = case((func.substr(words, 1, 1).in_(FORMULA_STARTS), "'"), else_="")
    return literal('"') + mark + func.replace(words, '"', '""') + literal('"')
