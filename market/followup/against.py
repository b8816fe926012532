"""What was delivered against what may be bought: the wholesaler contract's carve-outs, and the limit of direct awards.

The carve-outs and meters are those of market.direct and market.limits; here stand beside them the deliveries behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from market.direct.models import CarveOut
from market.direct.queries import CarveOutMeter, carve_outs_of
from market.direct.rules import Measure
from market.followup.figures import PER_CENT, ratio
from market.followup.models import Delivered, DeliveredSum
from market.followup.periods import Span, SpanKind
from market.followup.queries import Counted
from market.followup.rules import MONTHS_A_YEAR, Route, month_of
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
    def beside(self) -> int:
        """What is used beyond what was received, for the bar: the two are counted by different days, so there may be nothing."""
        return max(0, self.meter.meter.used - self.delivered)


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
    all_of = carve_outs_of(session, authority_id=authority_id)
    whole = [one.carve_out.id for one in all_of if _is_whole_months(_period(one.carve_out))]
    others = [one.carve_out.id for one in all_of if one.carve_out.id not in whole]
    delivered = _delivered(session, DeliveredSum, whole) | _delivered(session, Delivered, others)
    found = [OutsideShare(meter=one, months=delivered.get(one.carve_out.id, [])) for one in all_of]
    return sorted(found, key=lambda one: (today not in _period(one.carve_out), -one.meter.meter.percent))


def _period(carve_out: CarveOut) -> Period:
    return Period(carve_out.valid_from, carve_out.valid_until)


def _is_whole_months(period: Period) -> bool:
    """Then the sums by month have it all, and the lines need not be read."""
    return period.start.day == period.end.day == 1


def _delivered(session: Session, model: Counted, carve_out_ids: Sequence[int]) -> dict[int, list[MonthRow]]:
    """By carve-out, in order of time. One query for all of them."""
    row = model.__table__.c
    first, after = CarveOut.valid_from, CarveOut.valid_until
    if model is Delivered:
        during = (row.delivered_on >= first, row.delivered_on < after)
    else:
        during = (row.month >= _month(first), row.month < _month(after))
    same = (row.authority_id == CarveOut.authority_id, row.category_key == CarveOut.category_key)
    keys = (CarveOut.id, CarveOut.measure, row.month, row.route)
    query = select(*keys, func.sum(row.ore), func.sum(row.grams)).join(model, and_(*same, *during))
    found: dict[int, dict[int, dict[Route, int]]] = defaultdict(lambda: defaultdict(dict))
    for carve_out_id, measure, month, route, ore, grams in session.execute(
        query.where(CarveOut.id.in_(carve_out_ids)).group_by(*keys)
    ):
        found[carve_out_id][month][route] = int(ore if measure is Measure.MONEY else grams)
    return {carve_out_id: _months(by_month) for carve_out_id, by_month in found.items()}


def _month(day: InstrumentedAttribute[date]) -> ColumnElement[int]:
    """As Delivered.month has it."""
    return extract("year", day) * MONTHS_A_YEAR + extract("month", day)


def _months(by_month: Mapping[int, ByRoute]) -> list[MonthRow]:
    return [
        MonthRow(month=Span(SpanKind.MONTH, *divmod(month, MONTHS_A_YEAR)), delivered=by_month[month])
        for month in sorted(by_month)
    ]


def _spent(session: Session, authority_id: int, period: Period) -> dict[str, ByRoute]:
    """By category and procedure. One query."""
    model: Counted = DeliveredSum if _is_whole_months(period) else Delivered
    row = model.__table__.c
    if model is Delivered:
        during = (row.delivered_on >= period.start, row.delivered_on < period.end)
    else:
        during = (row.month >= month_of(period.start), row.month < month_of(period.end))
    keys = (row.category_key, row.route)
    query = select(*keys, func.sum(row.ore)).where(row.authority_id == authority_id, *during)
    found: dict[str, dict[Route, int]] = defaultdict(dict)
    for category_key, route, ore in session.execute(query.group_by(*keys)):
        found[category_key][route] = int(ore)
    return dict(found)
