"""Direct award against DIS: on the same measures, over time and between municipalities, and what can not be concluded from it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.followup import charts, wording
from market.followup.asking import Asked, asked_for, picker
from market.followup.blueprint import followup
from market.followup.charts import Chart, Series
from market.followup.evidence.comparing import CAUTIONS, OVER_TIME, SHARED, Told, measured, told
from market.followup.evidence.queries import authority_names, calloff_times, sold_everywhere, sums_by_route
from market.followup.figures import FIGURES, Figure, Sums
from market.followup.overview import TRAIL
from market.followup.periods import Span
from market.followup.publishing.open_files import names_of
from market.followup.publishing.report_lines import value_words
from market.followup.rules import Route

ByRoute = dict[Span, dict[Route, Sums]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    figure: Figure
    chart: Chart


@followup.get("/followup/direct-and-dis")
@access(Action.SEE_FOLLOWUP)
def direct_and_dis() -> ResponseReturnValue:
    """The authority's own purchases by both procedures, then everyone's."""
    asked = asked_for()
    trail = sums_by_route(shell.session(), scope=asked.scope, spans=_trail(asked.span))
    page = render_template(
        "followup/direct_and_dis.html",
        asked=asked,
        picker=picker(asked),
        rows=measured(trail[asked.span]),
        now=trail[asked.span],
        routes=Route,
        drawn=[_drawn(FIGURES[key], trail) for key in OVER_TIME] if any(trail.values()) else [],
        times=calloff_times(shell.session(), scope=asked.scope, span=asked.span),
        others=_others(asked),
        shared=[(key, names_of(key)[0]) for key in SHARED],
        value_words=value_words,
        cautions=CAUTIONS,
        words=wording,
    )
    return page, asked.status


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


def _others(asked: Asked) -> list[tuple[str, bool, list[Told]]]:
    """The own authority first, then the others by name; each with what may be shown by procedure."""
    sold = sold_everywhere(shell.session(), span=asked.span, category_key=asked.scope.category_key)
    own_id = (
        None if shell.actor().kitchen_id else asked.scope.authority_id
    )  # a kitchen sees all of no authority
    found = told(sold, own_id=own_id)
    listed = [
        (name, number == own_id, [one for one in found if one.authority_id == number])
        for number, name in authority_names(shell.session()).items()
    ]
    return sorted((one for one in listed if one[2]), key=lambda one: not one[1])
