"""Reads of what was delivered, added up: by period, kitchen, category and producer. The same few queries however much there is.

Months and years are read from the sums that are kept, weeks from the delivered lines themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from market.actors import Action, Actor
from market.feedback.models import Feedback
from market.followup.adding import SMALL
from market.followup.figures import Sums
from market.followup.models import Arrival, Delivered, DeliveredSum
from market.followup.periods import Span, SpanKind
from market.followup.rules import MONTHS_A_YEAR, Route, Verdict
from market.register.models import Category, Kitchen

Counted = type[Delivered] | type[DeliveredSum]
Dated = Counted | type[Arrival]
Amounts = dict[str, int]

BUCKET, KITCHEN, CATEGORY = "bucket", "kitchen_id", "category_key"
SUMMED = (
    "lines", "deviations", "grams", "ore", "vat_ore", "listed_ore", "list_ore", "credit_ore", "local_ore", "local_grams",
    "uncertain_ore", "uncertain_grams", "organic_ore", "organic_grams", "krav_ore", "krav_grams", "surplus_ore",
    "surplus_grams", "sized_ore", "small_ore", "lead_s", "chain_gram_m", "hub_gram_m", "kitchen_gram_m", "co2e_g",
)  # fmt: skip
"""What DeliveredSum keeps; figures.Sums has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose purchases: an authority's, of one of its kitchens or all of them, in one category or all."""

    authority_id: int
    kitchen_id: int | None = None
    category_key: str | None = None


def scope_for(
    session: Session, *, actor: Actor, kitchen_id: int | None = None, category_key: str | None = None
) -> Scope | None:
    """What the actor may follow up of what is asked for: kitchen staff their own kitchen only. None for an outsider.

    None too for a category that there is not.
    """
    if actor.authority_id is None or not actor.may(Action.SEE_FOLLOWUP):
        return None
    if category_key is not None and session.get(Category, category_key) is None:
        return None
    if actor.kitchen_id is not None:
        kitchen_id = actor.kitchen_id if kitchen_id is None else kitchen_id
        if kitchen_id != actor.kitchen_id:
            return None
    if kitchen_id is not None and not _is_of(session, kitchen_id, actor.authority_id):
        return None
    return Scope(authority_id=actor.authority_id, kitchen_id=kitchen_id, category_key=category_key)


def kitchens_of(session: Session, *, authority_id: int) -> list[Kitchen]:
    """Also those that are closed: they may have had deliveries."""
    query = select(Kitchen).where(Kitchen.authority_id == authority_id)
    return list(session.scalars(query.order_by(Kitchen.name)))


def sums_by(
    session: Session, *, scope: Scope, spans: Iterable[Span], with_grades: bool = True
) -> dict[Span, Sums]:
    """The sums of each of the periods; four queries for each kind of period among them."""
    found = dict.fromkeys(spans, Sums())
    for kind in SpanKind:
        own = {span.bucket: span for span in found if span.kind is kind}
        if own:
            by_bucket = _added(session, _Asked(scope, tuple(own.values()), with_grades), BUCKET)
            found.update({own[bucket]: sums for bucket, sums in by_bucket.items()})
    return found


def sums_by_kitchen(
    session: Session, *, scope: Scope, span: Span, with_grades: bool = True
) -> dict[int, Sums]:
    """By the kitchen that ordered; vehicles by the kitchen that they came to. Four queries."""
    return _added(session, _Asked(scope, (span,), with_grades), KITCHEN)


def sums_by_category(
    session: Session, *, scope: Scope, span: Span, with_grades: bool = True
) -> dict[str, Sums]:
    """Without the vehicles, which bring many categories. Three queries."""
    return _added(session, _Asked(scope, (span,), with_grades), CATEGORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """The kitchens' grades of what one kitchen got of a category in a month, added up."""

    month: int
    kitchen_id: int
    category_key: str
    grades: int
    graded: int


def grades_in(session: Session, *, scope: Scope, first: int, last: int) -> list[Graded]:
    """From one month up to another, as finely as any report needs them: what asks for several sums reads them once. One query."""
    keys = (Delivered.month, Delivered.kitchen_id, Delivered.category_key)
    query = (
        select(*keys, func.sum(Feedback.taste).label("grades"), func.count(Feedback.taste).label("graded"))
        .join(Feedback, Feedback.delivery_line_id == Delivered.delivery_line_id)
        .where(Feedback.taste.is_not(None), *within(Delivered, scope), Delivered.month.between(first, last))
        .group_by(*keys)
    )
    return [
        Graded(**(row | {"grades": int(row["grades"])}))
        for row in map(dict, session.execute(query).mappings())
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Periods of one kind within a scope, as conditions on each table."""

    scope: Scope
    spans: Sequence[Span]
    with_grades: bool = True

    @property
    def kind(self) -> SpanKind:
        return self.spans[0].kind

    @property
    def counted(self) -> Counted:
        return Delivered if self.kind is SpanKind.WEEK else DeliveredSum

    def bucket(self, model: Dated) -> ColumnElement[int]:
        if self.kind is SpanKind.WEEK:
            return _column(model, "week")
        month = _column(model, "month")
        return month if self.kind is SpanKind.MONTH else month // literal_column(str(MONTHS_A_YEAR))

    def key(self, model: Dated, key: str) -> ColumnElement[Any]:
        return self.bucket(model) if key == BUCKET else _column(model, key)

    def within(self, model: Dated) -> list[ColumnElement[bool]]:
        """The scope, the periods, and the range around them that an index can look up."""
        mark = _column(model, "week" if self.kind is SpanKind.WEEK else "month")
        buckets = sorted(span.bucket for span in self.spans)
        low, high = buckets[0], buckets[-1]
        if self.kind is SpanKind.YEAR:
            low, high = low * MONTHS_A_YEAR, high * MONTHS_A_YEAR + MONTHS_A_YEAR - 1
        return [*within(model, self.scope), mark >= low, mark <= high, self.bucket(model).in_(buckets)]


def within(model: Dated, scope: Scope) -> list[ColumnElement[bool]]:
    """That rows belong to a scope. Arrivals have no category."""
    conditions = [_column(model, "authority_id") == scope.authority_id]
    if scope.kitchen_id is not None:
        conditions.append(_column(model, "kitchen_id") == scope.kitchen_id)
    if scope.category_key is not None and model is not Arrival:
        conditions.append(_column(model, "category_key") == scope.category_key)
    return conditions


def amounts_in_sql(model: Counted) -> dict[str, ColumnElement[int]]:
    """What each row counts with in each column: adding.amounts_of, as the database works it out, and the procedures."""
    routes = {
        "direct_ore": _if(model.route == Route.DIRECT, model.ore),
        "dis_ore": _if(model.route == Route.DIS, model.ore),
    }
    if model is DeliveredSum:
        return {name: _column(model, name) for name in SUMMED} | routes
    row = Delivered
    local, uncertain = row.is_local == Verdict.YES, row.is_local == Verdict.UNCERTAIN
    listed, sized = row.list_ore.is_not(None), row.size.is_not(None)
    return {
        "lines": literal(1),
        "deviations": _if(row.deviation.is_not(None), literal(1)),
        "grams": _plain(row.grams), "ore": _plain(row.ore), "vat_ore": _plain(row.vat_ore),
        "listed_ore": _if(listed, row.ore), "list_ore": func.coalesce(row.list_ore, 0), "credit_ore": _plain(row.credit_ore),
        "local_ore": _if(local, row.ore), "local_grams": _if(local, row.grams),
        "uncertain_ore": _if(uncertain, row.ore), "uncertain_grams": _if(uncertain, row.grams),
        "organic_ore": _if(row.is_organic, row.ore), "organic_grams": _if(row.is_organic, row.grams),
        "krav_ore": _if(row.is_krav, row.ore), "krav_grams": _if(row.is_krav, row.grams),
        "surplus_ore": _if(row.is_surplus, row.ore), "surplus_grams": _if(row.is_surplus, row.grams),
        "sized_ore": _if(sized, row.ore), "small_ore": _if(row.size.in_(SMALL), row.ore),
        "lead_s": _plain(row.lead_s),
        "chain_gram_m": row.grams * row.chain_m, "hub_gram_m": row.grams * row.hub_m,
        "kitchen_gram_m": row.grams * row.kitchen_m,
        "co2e_g": _plain(row.co2e_g),
    } | routes  # fmt: skip


def _added(session: Session, asked: _Asked, key: str) -> dict[Any, Sums]:
    rows = _merged(
        _amounts(session, asked, key),
        _suppliers(session, asked, key),
        _grades(session, asked, key) if asked.with_grades else {},
        _arrivals(session, asked, key) if key in {BUCKET, KITCHEN} else {},
    )
    return {value: replace(Sums(), **amounts) for value, amounts in rows.items()}


def _merged(*parts: Mapping[Any, Amounts]) -> dict[Any, Amounts]:
    merged: dict[Any, Amounts] = {}
    for part in parts:
        for key, amounts in part.items():
            merged.setdefault(key, {}).update(amounts)
    return merged


def _amounts(session: Session, asked: _Asked, key: str) -> dict[Any, Amounts]:
    model, by = asked.counted, asked.key(asked.counted, key)
    columns = [func.sum(amount).label(name) for name, amount in amounts_in_sql(model).items()]
    return _read(session, select(by.label("key"), *columns).where(*asked.within(model)).group_by(by))


def _suppliers(session: Session, asked: _Asked, key: str) -> dict[Any, Amounts]:
    model = asked.counted
    pairs = select(asked.key(model, key).label("key"), model.producer_id.label("producer"))
    each = pairs.where(*asked.within(model)).distinct().subquery()
    return _read(session, select(each.c.key, func.count().label("suppliers")).group_by(each.c.key))


def _grades(session: Session, asked: _Asked, key: str) -> dict[Any, Amounts]:
    by = asked.key(Delivered, key)
    grades, graded = func.sum(Feedback.taste).label("grades"), func.count(Feedback.taste).label("graded")
    query = (
        select(by.label("key"), grades, graded)
        .join(Feedback, Feedback.delivery_line_id == Delivered.delivery_line_id)
        .where(Feedback.taste.is_not(None), *asked.within(Delivered))
        .group_by(by)
    )
    return _read(session, query)


def _arrivals(session: Session, asked: _Asked, key: str) -> dict[Any, Amounts]:
    """None within a category: a vehicle brings many."""
    if asked.scope.category_key is not None:
        return {}
    by = asked.key(Arrival, key)
    weeks = (
        select(by.label("key"), func.count().label("arrivals"))
        .where(*asked.within(Arrival))
        .group_by(by, Arrival.kitchen_id, Arrival.week)
        .subquery()
    )
    columns = (func.sum(weeks.c.arrivals).label("arrivals"), func.count().label("kitchen_weeks"))
    return _read(session, select(weeks.c.key, *columns).group_by(weeks.c.key))


def _read(session: Session, query: Select[Any]) -> dict[Any, Amounts]:
    """Whole numbers, whatever type the database adds them up in."""
    found: dict[Any, Amounts] = {}
    for row in session.execute(query).mappings():
        found[row["key"]] = {name: int(value or 0) for name, value in row.items() if name != "key"}
    return found


def _is_of(session: Session, kitchen_id: int, authority_id: int) -> bool:
    query = select(Kitchen.id).where(Kitchen.id == kitchen_id, Kitchen.authority_id == authority_id)
    return session.scalar(query) is not None


def _column(model: Dated, name: str) -> ColumnElement[Any]:
    column: ColumnElement[Any] = model.__table__.c[name]
    return column


def _if(condition: ColumnElement[bool] | InstrumentedAttribute[bool], amount: Any) -> ColumnElement[int]:
    return case((condition, amount), else_=0)


def _plain(amount: InstrumentedAttribute[int]) -> ColumnElement[int]:
    return amount.expression
