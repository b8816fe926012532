"""The charts of a year's document, with what they show in words for those who do not see them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from market import formatting
from market.followup.figures import FIGURES
from market.followup.publishing.chart_svg import Series, bars, lines
from market.followup.publishing.open_figures import OpenRow
from market.followup.publishing.report import YearReport
from market.followup.wording import on_axis, span_name, span_short

SHARES = ("share_local", "share_organic", "share_krav")


def of_report(report: YearReport) -> list[dict[str, Any]]:
    """What was bought by procedure, and the shares, month by month."""
    months = list(report.months.values())
    if report.is_empty:
        return []
    direct, dis = ([Decimal(getattr(one, name)) for one in months] for name in ("direct_ore", "dis_ore"))
    spend = [
        Series(name=gettext("Direktupphandling"), values=tuple(direct)),
        Series(name="DIS", values=tuple(dis)),
    ]
    shares = [
        Series(name=gettext(FIGURES[key].name), values=tuple(FIGURES[key].of(one) for one in months))
        for key in SHARES
    ]
    return [_spend(report, spend), _shares(report, shares)]


def of_rows(report: YearReport, rows: Sequence[OpenRow]) -> list[dict[str, Any]]:
    """The same of what may leave the authority: no bar and no point where it may not."""
    by_month = {row.month: row for row in rows if row.month is not None}
    found = [by_month.get(span.number) for span in report.months]
    spend = [None if row is None or row.is_protected else Decimal(row.ore) for row in found]
    if not any(spend):
        return []
    shares = [
        Series(
            name=gettext(FIGURES[key].name),
            values=tuple(row.values.get(key) if row else None for row in found),
        )
        for key in SHARES
    ]
    return [
        _spend(report, [Series(name=gettext("Inköpt"), values=tuple(spend))]),
        _shares(report, shares),
    ]


def _spend(report: YearReport, series: Sequence[Series]) -> dict[str, Any]:
    title = gettext("Inköpt månad för månad")
    return {
        "kind": "chart",
        "title": title,
        "svg": bars(_labels(report), series, lambda value: on_axis(value, FIGURES["spend"].unit)),
        "alt": _alt(report, title, series, lambda value: formatting.whole_kronor(int(value))),
        "caption": gettext("Kronor exklusive moms."),
    }


def _shares(report: YearReport, series: Sequence[Series]) -> dict[str, Any]:
    title = gettext("Andelar månad för månad")
    return {
        "kind": "chart",
        "title": title,
        "svg": lines(_labels(report), series, lambda value: on_axis(value, FIGURES["share_local"].unit)),
        "alt": _alt(report, title, series, lambda value: f"{formatting.decimal(value, 0)} %"),
        "caption": gettext("Procent av värdet. En månad utan leveranser har ingen punkt."),
    }


def _labels(report: YearReport) -> list[str]:
    return [span_short(span).split()[0] for span in report.months]


def _alt(report: YearReport, title: str, series: Sequence[Series], write: Any) -> str:
    parts = []
    for one in series:
        told = [
            f"{span_name(span)} {write(value)}"
            for span, value in zip(report.months, one.values, strict=True)
            if value
        ]
        parts.append(f"{one.name}: {', '.join(told) or '–'}")
    return f"{title}. {'. '.join(parts)}."
