"""Direct award against DIS: on the same measures, over time and between municipalities, and what can not be concluded from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import dropwhile

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.followup import charts, wording
from market.followup.asking import Asked, asked_for, picker
from market.followup.behind import BEHIND
from market.followup.blueprint import followup
from market.followup.charts import Chart, Series
from market.followup.evidence.comparing import (
    CAUTIONS,
    OVER_TIME,
    SHARED,
    Told,
    measured,
    told_others,
    told_own,
)
from market.followup.evidence.queries import calloff_times, sums_by_route
from market.followup.figures import FIGURES, Figure, Sums
from market.followup.overview import TRAIL
from market.followup.periods import Span, SpanKind
from market.followup.publishing.open_figures import OpenRow
from market.followup.publishing.open_files import names_of
from market.followup.publishing.open_pages import rows_of_month, rows_of_year
from market.followup.publishing.queries import publishers
from market.followup.publishing.report_lines import value_words
from market.followup.rules import Route
from market.register.models import Authority

ByRoute = dict[Span, dict[Route, Sums]]
MOST_OTHERS = 12
"""What protects takes a moment for each, the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    figure: Figure
    chart: Chart


@followup.get("/followup/direct-and-dis")
@access(Action.SEE_FOLLOWUP)
def direct_and_dis() -> ResponseReturnValue:
    """The authority's own purchases by both procedures, then what others publish of theirs."""
    asked = asked_for()
    trail = sums_by_route(shell.session(), scope=asked.scope, spans=_trail(asked.span))
    known = dict(dropwhile(lambda one: not one[1], trail.items()))
    page = render_template(
        "followup/direct_and_dis.html",
        asked=asked,
        picker=picker(asked),
        rows=measured(trail[asked.span]),
        now=trail[asked.span],
        routes=Route,
        drawn=[_drawn(FIGURES[key], known) for key in OVER_TIME] if known else [],
        times=calloff_times(shell.session(), scope=asked.scope, span=asked.span),
        others=_others(asked, _own_sums(asked)),
        most_others=MOST_OTHERS,
        is_settled=_is_settled(asked),
        behind=BEHIND,
        shared=[(key, names_of(key)[0]) for key in SHARED],
        value_words=value_words,
        cautions=CAUTIONS,
        words=wording,
    )
    return page, asked.status


def _own_sums(asked: Asked) -> Mapping[Route, Sums]:
    """Of all kitchens, whichever one is looked at."""
    scope = replace(asked.scope, kitchen_id=None)
    return sums_by_route(shell.session(), scope=scope, spans=[asked.span])[asked.span]


def _trail(span: Span) -> tuple[Span, ...]:
    return span.trail(TRAIL[span.kind])


def _drawn(figure: Figure, trail: ByRoute) -> Drawn:
    series = [
        Series(
            gettext(wording.ROUTE_NAMES[route]), [_value(figure, sums.get(route)) for sums in trail.values()]
        )
        for route in Route
    ]
    chart = charts.lines(
        [wording.span_short(span) for span in trail],
        series,
        write=lambda value: wording.in_unit(value, figure.unit),
        on_axis=lambda value: wording.on_axis(value, figure.unit),
    )
    return Drawn(figure=figure, chart=chart)


def _value(figure: Figure, sums: Sums | None) -> Decimal | None:
    return figure.of(sums) if sums is not None and sums.lines else None


def _others(asked: Asked, own: Mapping[Route, Sums]) -> list[tuple[str, bool, list[Told]]]:
    """The own authority first, in full but for kitchens' people; then those that publish, the own county's first."""
    session, authority = shell.session(), shell.session().get_one(Authority, asked.scope.authority_id)
    mine = [] if shell.actor().kitchen_id else told_own(authority.id, own)
    found = [(authority.name, True, mine)] if mine else []
    if not _is_settled(asked):
        return found
    near = sorted(
        (one for one, _ in publishers(session) if not mine or one.id != authority.id),
        key=lambda one: one.municipality_code[:2] != authority.municipality_code[:2],
    )[:MOST_OTHERS]
    published = _published([one.id for one in near], asked.span)
    told = [(one.name, False, told_others(one.id, published[one.id])) for one in near]
    return found + [one for one in told if one[2]]


def _is_settled(asked: Asked) -> bool:
    """Whether others publish anything of it: a month or a year that is over, of all goods."""
    is_over = asked.span.period.end <= shell.today()
    return is_over and asked.span.kind is not SpanKind.WEEK and asked.scope.category_key is None


def _published(authority_ids: Sequence[int], span: Span) -> dict[int, list[OpenRow]]:
    """Of each what it tells everyone of a month, or of a year: together and by procedure."""
    session, today, year = shell.session(), shell.today(), span.year
    if span.kind is SpanKind.MONTH:
        months = rows_of_month(
            session, authority_ids=authority_ids, year=year, month=span.number, today=today
        )
        return {one: [months[one]] if one in months else [] for one in authority_ids}
    years = rows_of_year(session, authority_ids=authority_ids, year=year, today=today)
    return {
        one: [row for row in rows if row.is_whole_year or row.route is not None]
        for one, rows in years.items()
    }
