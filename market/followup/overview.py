"""All figures of a period beside the one before, the same a year ago, their trend and their goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from market.followup.figures import FIGURES, Figure, Sums
from market.followup.goal_rules import judged_on, year_of
from market.followup.goals import Standing, goals_in, is_for, standing_of
from market.followup.models import Goal
from market.followup.periods import Span, SpanKind
from market.followup.queries import Scope, sums_by
from market.followup.same_days import same_days, sums_of_days
from market.values import Period, msg

TRAIL = {SpanKind.WEEK: 13, SpanKind.MONTH: 13, SpanKind.YEAR: 5}
"""How many periods a trend shows: a quarter of weeks, a year of months and the same month before, five years."""
GROUPS = (
    (
        msg("Lokalt och ekologiskt"),
        (
            "share_local", "share_local_weight", "share_uncertain", "share_organic", "share_organic_weight", "share_krav",
        ),
    ),
    (msg("Pengar"), ("spend", "spend_direct", "spend_dis", "against_list")),
    (msg("Väg och klimat"), ("food_km", "co2e", "co2e_per_kg", "transports")),
    (msg("Mat som togs till vara"), ("surplus_kg", "surplus_spend")),
    (msg("Leverantörer och leveranser"), ("suppliers", "share_small", "lead_days", "deviations", "grade")),
)  # fmt: skip
"""Every figure once, in the order they are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of the period."""

    figure: Figure
    value: Decimal | None
    before: Decimal | None
    year_before: Decimal | None
    trail: tuple[Decimal | None, ...]
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`sums` by period: that of the trail, the year before and the whole year.

    `days`: while the period runs, of each earlier one the days that it is compared with, and `then` the sums of those.
    """

    span: Span
    trail: tuple[Span, ...]
    sums: Mapping[Span, Sums]
    goals: Mapping[str, Goal]
    days: Mapping[Span, Period]
    then: Mapping[Span, Sums]

    @property
    def now(self) -> Sums:
        return self.sums[self.span]

    @property
    def year_before(self) -> Span | None:
        """None for a year: the one before it stands beside it already."""
        return None if self.span.kind is SpanKind.YEAR else self.span.year_before

    @property
    def is_empty(self) -> bool:
        """Nothing came in the period, nor in those before it."""
        return not any(self.sums[span].lines for span in self.trail)

    def value(self, figure: Figure, span: Span | None) -> Decimal | None:
        """None also where nothing at all came: there is nothing to tell of such a period."""
        if span is None or not (self.sums[span].lines or self.sums[span].arrivals):
            return None
        return figure.of(self.sums[span])

    def earlier(self, figure: Figure, span: Span | None) -> Decimal | None:
        """What the period is compared with: all of an earlier one, or the same days of it."""
        sums = None if span is None else self.then.get(span, self.sums[span])
        return figure.of(sums) if sums and (sums.lines or sums.arrivals) else None

    def row(self, figure: Figure) -> Row:
        return Row(
            figure=figure,
            value=self.value(figure, self.span),
            before=self.earlier(figure, self.span.before),
            year_before=self.earlier(figure, self.year_before),
            trail=tuple(self.value(figure, span) for span in self.trail),
            standing=self._standing(figure),
        )

    def _standing(self, figure: Figure) -> Standing | None:
        goal = self.goals.get(figure.key)
        if goal is None:
            return None
        span = judged_on(figure, self.span)
        return standing_of(goal, self.sums[span], span)

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        return [(name, [self.row(FIGURES[key]) for key in keys]) for name, keys in GROUPS]


def overview(session: Session, *, scope: Scope, span: Span, today: date) -> Overview:
    """Nine queries at most, thirteen while the period runs. A kitchen is held against the authority's goals for shares and means, not for amounts."""
    trail = span.trail(TRAIL[span.kind])
    year = year_of(span)
    wanted = [*trail, year, *([span.year_before] if span.year_before else [])]
    goals = goals_in(session, scope=scope, period=span.period)
    if scope.kitchen_id is not None:
        goals = {key: goal for key, goal in goals.items() if is_for(goal, scope)}
    earlier = dict.fromkeys([span.before, *([span.year_before] if span.year_before else [])])
    days = same_days(span, earlier=earlier, today=today)
    return Overview(
        span=span,
        trail=trail,
        sums=sums_by(session, scope=scope, spans=wanted),
        goals=goals,
        days=days,
        then=sums_of_days(session, scope=scope, days=days),
    )
