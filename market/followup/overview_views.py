"""The overview of all figures, and a page for each of them."""

from __future__ import annotations

from collections.abc import Mapping
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
from market.followup.behind import BEHIND
from market.followup.blueprint import followup
from market.followup.charts import NOTHING, Chart, Series
from market.followup.emission_factors import OWN_VAN
from market.followup.figures import FIGURES, Figure, FigureUnit, Sums
from market.followup.goal_rules import is_yearly
from market.followup.legs import LEGS
from market.followup.overview import Overview, overview
from market.followup.periods import SpanKind
from market.followup.queries import sums_by_category, sums_by_kitchen

MOST_RANKED = 15
"""With more rows than these the table alone is easier to read."""


@followup.get("/followup")
@access(Action.SEE_FOLLOWUP)
def index() -> ResponseReturnValue:
    """Every figure of a period, beside the period before and the same a year ago."""
    asked = asked_for()
    page = render_template(
        "followup/index.html",
        asked=asked,
        picker=picker(asked),
        overview=overview(shell.session(), scope=asked.scope, span=asked.span, today=asked.today),
        behind=BEHIND,
        figures=FIGURES,
        spark=charts.spark,
        words=wording,
    )
    return page, asked.status


@followup.get("/followup/figures/<key>")
@access(Action.SEE_FOLLOWUP)
def figure(key: str) -> ResponseReturnValue:
    """One figure: what it means, its trend, by kitchen and by category, and the way to the deliveries behind it."""
    found, asked = shell.found(FIGURES.get(key)), asked_for()
    seen, picked = (
        overview(shell.session(), scope=asked.scope, span=asked.span, today=asked.today),
        picker(asked),
    )
    page = render_template(
        "followup/figure.html",
        figure=found,
        asked=asked,
        picker=picked,
        row=seen.row(found),
        year_before=seen.year_before,
        days=seen.days,
        sums=seen.now,
        trend=_trend(found, seen),
        groupings=_groupings(found, asked, kitchens=picked.kitchens, categories=picked.categories),
        behind=BEHIND[key],
        legs=_legs(seen.now) if key == "food_km" and seen.now.grams else None,
        factor=OWN_VAN if key in {"co2e", "co2e_per_kg"} else None,
        words=wording,
    )
    return page, asked.status


def _trend(figure: Figure, seen: Overview) -> Chart:
    """Bars for amounts, a line for shares and means; with the goal where it is for each period."""
    row = seen.row(figure)
    labels = [wording.span_short(span, is_first=span == seen.trail[0]) for span in seen.trail]
    series = [Series(gettext(figure.name), row.trail)]
    draw = charts.bars if is_yearly(figure) or figure.key == "co2e" else charts.lines
    standing = row.standing
    fits = standing is not None and (not is_yearly(figure) or seen.span.kind is SpanKind.YEAR)
    return draw(
        labels,
        series,
        write=lambda value: wording.in_unit(value, figure.unit),
        on_axis=lambda value: wording.on_axis(value, figure.unit),
        goal=standing.goal.target if standing and fits else None,
        in_full=[wording.span_name(span) for span in seen.trail],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LegsDrawn:
    """The legs of the way: name, kilometres and per cent of the whole, and a bar of each."""

    rows: list[tuple[str, str, str]]
    whole: str
    drawn: Chart


def _legs(sums: Sums) -> LegsDrawn:
    whole = FIGURES["food_km"].of(sums)
    values = [leg.of(sums) or Decimal(0) for leg in LEGS]
    names = [gettext(leg.name) for leg in LEGS]
    shares = [
        wording.in_unit(100 * value / whole, FigureUnit.PERCENT) if whole else NOTHING for value in values
    ]
    return LegsDrawn(
        rows=list(zip(names, map(wording.kilometres, values), shares, strict=True)),
        whole=wording.kilometres(whole or Decimal(0)),
        drawn=charts.ranked(names, Series(gettext("Kilometer"), values), write=wording.kilometres),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    name: str
    value: Decimal | None
    sums: Sums
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The figure by kitchen or category, the highest first; `drawn` where there are not too many."""

    id: str
    title: str
    label: str
    rows: list[GroupRow]
    drawn: Chart | None


def _groupings(
    figure: Figure, asked: Asked, *, kitchens: Mapping[int, str], categories: Mapping[str, str]
) -> list[Grouping]:
    """What is chosen already is not divided once more."""
    session, scope, span, found = shell.session(), asked.scope, asked.span, []
    if scope.kitchen_id is None:
        by_kitchen = sums_by_kitchen(session, scope=scope, span=span)
        rows = [
            _row(figure, asked, kitchens.get(key, str(key)), sums, kitchen=key)
            for key, sums in by_kitchen.items()
        ]
        found.append(_grouping(figure, "by-kitchen", gettext("Kök för kök"), gettext("Kök"), rows))
    if scope.category_key is None and figure.key != "transports":
        by_category = sums_by_category(session, scope=scope, span=span)
        rows = [
            _row(figure, asked, categories.get(key, key), sums, category=key)
            for key, sums in by_category.items()
        ]
        found.append(
            _grouping(figure, "by-category", gettext("Kategori för kategori"), gettext("Kategori"), rows)
        )
    return [grouping for grouping in found if grouping.rows]


def _row(figure: Figure, asked: Asked, name: str, sums: Sums, **chosen: object) -> GroupRow:
    if figure.key == "transports":
        url = asked.url("followup.came", **chosen)
    else:
        url = asked.url("followup.deliveries", figure=figure.key, **BEHIND[figure.key].chosen, **chosen)
    return GroupRow(name=name, value=figure.of(sums), sums=sums, url=url)


def _grouping(figure: Figure, key: str, title: str, label: str, rows: list[GroupRow]) -> Grouping:
    rows.sort(key=lambda row: (row.value is None, -(row.value or 0), row.name))
    drawn = None
    if 1 < len(rows) <= MOST_RANKED and not any(row.value and row.value < 0 for row in rows):
        series = Series(gettext(figure.name), [row.value for row in rows])
        drawn = charts.ranked(
            [row.name for row in rows], series, write=lambda value: wording.in_unit(value, figure.unit)
        )
    return Grouping(id=key, title=title, label=label, rows=rows, drawn=drawn)
