"""What was delivered against what may be bought: the wholesaler contract's carve-outs, and the limit of direct awards.

The carve-outs and meters are those of market.direct and market.limits; here stand beside them the deliveries behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from market.direct.models import CarveOut
from market.direct.queries import CarveOutMeter, carve_outs_of
from market.direct.rules import Measure
from market.followup.figures import PER_CENT, ratio
from market.followup.models import Delivered
from market.followup.periods import Span, SpanKind
from market.followup.queries import Scope, within
from market.followup.rules import Route
from market.limits.queries import meters
from market.limits.rules import Meter
from market.values import Period

ByRoute = Mapping[Route, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """What was delivered in one month, by procedure: öre, or grams where grams are counted."""

    month: Span
    delivered: ByRoute

    @property
    def total(self) -> int:
        return sum(self.delivered.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideShare:
    """A carve-out with what was bought outside the wholesaler contract, and the deliveries in it month by month."""

    meter: CarveOutMeter
    months: Sequence[MonthRow]

    @property
    def carve_out(self) -> CarveOut:
        return self.meter.carve_out

    @property
    def share(self) -> Decimal | None:
        """Per cent of what the contract covers."""
        return ratio(self.meter.meter.used, self.carve_out.total, times=PER_CENT)

    @property
    def delivered(self) -> int:
        return sum(row.total for row in self.months)

    @property
    def not_delivered(self) -> int:
        """Ordered and not come yet, or entered by hand."""
        return self.meter.meter.used - self.delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """A kind of goods: its meter against the limit, and the deliveries of its period by procedure, in öre, by category."""

    meter: Meter
    by_category: Mapping[str, ByRoute]

    @property
    def direct_ore(self) -> int:
        return sum(one.get(Route.DIRECT, 0) for one in self.by_category.values())

    @property
    def dis_ore(self) -> int:
        return sum(one.get(Route.DIS, 0) for one in self.by_category.values())

    @property
    def is_used(self) -> bool:
        return bool(self.meter.spent_ore or self.meter.lifted_ore or self.direct_ore or self.dis_ore)


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """All of an authority's, those that are nearest to their end first. `period` is the limit's."""

    outside: Sequence[OutsideShare]
    kinds: Sequence[KindRow]
    period: Period

    @property
    def is_empty(self) -> bool:
        return not self.outside and not self.kinds

    @property
    def direct_ore(self) -> int:
        return sum(row.direct_ore for row in self.kinds)

    @property
    def dis_ore(self) -> int:
        return sum(row.dis_ore for row in self.kinds)


def against(session: Session, *, authority_id: int, today: date) -> Against:
    """The same number of queries however much was delivered."""
    found = meters(session, authority_id=authority_id, today=today)
    period = found[0].period
    spent = _spent(session, authority_id, period)
    rows = [
        KindRow(meter=meter, by_category={key: spent[key] for key in meter.kind.categories if key in spent})
        for meter in found
    ]
    return Against(
        outside=_outside(session, authority_id, today),
        kinds=sorted((row for row in rows if row.is_used), key=lambda row: -row.meter.spent_ore),
        period=period,
    )


def tiles(period: Period) -> tuple[Span, ...]:
    """The months that a period touches, or the one year that it is."""
    year = Span(SpanKind.YEAR, period.start.year)
    if year.period == period:
        return (year,)
    first = Span.containing(period.start, SpanKind.MONTH)
    last = Span.containing(period.last, SpanKind.MONTH)
    steps = (last.year - first.year) * 12 + last.number - first.number
    return tuple(first.shifted(n) for n in range(steps + 1))


def _outside(session: Session, authority_id: int, today: date) -> list[OutsideShare]:
    """Those in force first, and of them the fullest."""
    delivered = _delivered_outside(session, authority_id)
    found = [
        OutsideShare(meter=meter, months=delivered.get(meter.carve_out.id, []))
        for meter in carve_outs_of(session, authority_id=authority_id)
    ]
    return sorted(found, key=lambda one: (not _is_current(one.carve_out, today), -one.meter.meter.percent))


def _is_current(carve_out: CarveOut, today: date) -> bool:
    return carve_out.valid_from <= today < carve_out.valid_until


def _delivered_outside(session: Session, authority_id: int) -> dict[int, list[MonthRow]]:
    """By carve-out, in order of time. One query for all of them."""
    row = Delivered
    of_it = and_(
        row.authority_id == CarveOut.authority_id,
        row.category_key == CarveOut.category_key,
        row.delivered_on >= CarveOut.valid_from,
        row.delivered_on < CarveOut.valid_until,
    )
    keys = (CarveOut.id, CarveOut.measure, row.month, row.route)
    query = (
        select(*keys, func.sum(row.ore), func.sum(row.grams))
        .join(row, of_it)
        .where(CarveOut.authority_id == authority_id)
        .group_by(*keys)
    )
    found: dict[int, dict[int, dict[Route, int]]] = defaultdict(lambda: defaultdict(dict))
    for carve_out_id, measure, month, route, ore, grams in session.execute(query):
        found[carve_out_id][month][route] = int(ore if measure is Measure.MONEY else grams)
    return {carve_out_id: _months(by_month) for carve_out_id, by_month in found.items()}


def _months(by_month: Mapping[int, ByRoute]) -> list[MonthRow]:
    return [
        MonthRow(month=Span(SpanKind.MONTH, *divmod(month, 100)), delivered=by_month[month])
        for month in sorted(by_month)
    ]


def _spent(session: Session, authority_id: int, period: Period) -> dict[str, ByRoute]:
    """By category and procedure. One query."""
    row, scope = Delivered, Scope(authority_id=authority_id)
    during = (row.delivered_on >= period.start, row.delivered_on < period.end)
    keys = (row.category_key, row.route)
    query = select(*keys, func.sum(row.ore)).where(*within(row, scope), *during).group_by(*keys)
    found: dict[str, dict[Route, int]] = defaultdict(dict)
    for category_key, route, ore in session.execute(query):
        found[category_key][route] = int(ore)
    return dict(found)
