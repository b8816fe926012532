"""A year of follow-up in one: what the year's page, workbook and document show. The number of queries does not grow with the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.figures import Sums
from market.followup.goals import is_for
from market.followup.models import Goal
from market.followup.periods import MONTHS, Span, SpanKind
from market.followup.publishing.open_figures import OpenRow
from market.followup.publishing.open_pages import rows_of_year
from market.followup.publishing.queries import (
    Counted,
    definitions_in,
    emission_counts,
    goals_in,
)
from market.followup.queries import (
    CATEGORY,
    KITCHEN,
    Scope,
    grades_in,
    sums_by,
    sums_by_category,
    sums_by_kitchen,
)
from market.followup.rules import MONTHS_A_YEAR
from market.followup.same_days import same_days, sums_of_days
from market.locality.models import DefinitionVersion
from market.register.models import Authority, Category, Kitchen
from market.values import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReport:
    """`kitchen` none: all kitchens of the authority. `before`: the year before, or of it the same days (`days`) as have come of a year that runs. The categories and kitchens are those with deliveries, in their usual order."""

    authority: Authority
    kitchen: Kitchen | None
    span: Span
    is_over: bool
    whole: Sums
    before: Sums
    days: Mapping[Span, Period]
    months: Mapping[Span, Sums]
    by_category: tuple[tuple[Category, Sums], ...]
    by_kitchen: tuple[tuple[Kitchen, Sums], ...]
    definitions: tuple[DefinitionVersion, ...]
    goals: tuple[Goal, ...]
    counted: tuple[Counted, ...]

    @property
    def is_empty(self) -> bool:
        return not self.whole.lines

    @property
    def name(self) -> str:
        """Whose year it is."""
        return self.authority.name if self.kitchen is None else f"{self.kitchen.name}, {self.authority.name}"

    def reached(self, goal: Goal) -> Sums:
        """What a goal is measured on: the year, or the year of its category."""
        if goal.category_key is None:
            return self.whole
        return next((sums for one, sums in self.by_category if one.key == goal.category_key), Sums())


def year_report(session: Session, *, scope: Scope, year: int, today: date) -> YearReport:
    """Everything of a year, also of one that runs."""
    span = Span(SpanKind.YEAR, year)
    months = [Span(SpanKind.MONTH, year, number) for number in range(1, MONTHS + 1)]
    grades = _grades(session, scope, year)
    asked = [span, span.before, *months]
    found = sums_by(session, scope=scope, spans=asked, with_grades=False)
    sums = {one: _with(of, grades[one.bucket]) for one, of in found.items()}
    of_kitchen = sums_by_kitchen(session, scope=scope, span=span, with_grades=False)
    kitchens = {key: _with(of, grades[KITCHEN, key]) for key, of in of_kitchen.items()}
    by_key = sums_by_category(session, scope=scope, span=span, with_grades=False)
    of_category = {key: _with(of, grades[CATEGORY, key]) for key, of in by_key.items()}
    days = same_days(span, earlier=[span.before], today=today)
    then = sums_of_days(session, scope=scope, days=days)
    return YearReport(
        authority=session.get_one(Authority, scope.authority_id),
        kitchen=None if scope.kitchen_id is None else session.get_one(Kitchen, scope.kitchen_id),
        span=span,
        is_over=today >= span.period.end,
        whole=sums[span],
        before=then.get(span.before, sums[span.before]),
        days=days,
        months={month: sums[month] for month in months if month.period.start <= today},
        by_category=tuple(
            (one, of_category[one.key])
            for one in session.scalars(select(Category).order_by(Category.position))
            if one.key in of_category
        ),
        by_kitchen=tuple(
            (one, kitchens[one.id])
            for one in session.scalars(
                select(Kitchen).where(Kitchen.authority_id == scope.authority_id).order_by(Kitchen.name)
            )
            if one.id in kitchens and kitchens[one.id].lines
        ),
        definitions=tuple(definitions_in(session, authority_id=scope.authority_id, span=span)),
        goals=tuple(
            goal
            for goal in goals_in(session, authority_id=scope.authority_id, span=span)
            if is_for(goal, scope)
        ),
        counted=tuple(emission_counts(session, scope=scope, span=span)),
    )


def _grades(session: Session, scope: Scope, year: int) -> defaultdict[Hashable, tuple[int, int]]:
    """Grades and their number by month and year, and in the year by kitchen and category: read once for all sums of the report."""
    found: defaultdict[Hashable, tuple[int, int]] = defaultdict(lambda: (0, 0))
    first, last = (year - 1) * MONTHS_A_YEAR, (year + 1) * MONTHS_A_YEAR
    for one in grades_in(session, scope=scope, first=first, last=last):
        keys: list[Hashable] = [one.month, one.month // MONTHS_A_YEAR]
        if one.month // MONTHS_A_YEAR == year:
            keys += [(KITCHEN, one.kitchen_id), (CATEGORY, one.category_key)]
        for key in keys:
            grades, graded = found[key]
            found[key] = grades + one.grades, graded + one.graded
    return found


def _with(sums: Sums, graded: tuple[int, int]) -> Sums:
    return replace(sums, grades=graded[0], graded=graded[1])


def public_rows(session: Session, *, authority_id: int, year: int, today: date) -> list[OpenRow]:
    """What of a year may leave the authority, whether it publishes or not."""
    return list(rows_of_year(session, authority_ids=[authority_id], year=year, today=today)[authority_id])
