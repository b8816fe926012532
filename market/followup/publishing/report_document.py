"""The report "Matåret" as PDF: A4, archivable and tagged, typeset by typst; as the municipal board reads it.

The internal edition has every figure of the year so far. The one that may be spread has what may leave the authority: the months that
have ended, and the year when it is over, without what fewer than three suppliers stand for. Neither names a supplier.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from market import formatting
from market.followup.figures import FIGURES
from market.followup.models import Goal
from market.followup.publishing import report_charts as charts
from market.followup.publishing import report_legs
from market.followup.publishing import report_words as words
from market.followup.publishing.open_figures import OpenRow
from market.followup.publishing.report import YearReport
from market.followup.publishing.report_lines import Line, heads, line_of, open_cell, open_line
from market.followup.wording import ROUTE_NAMES, change, shown

KEYS = ("spend", "share_local", "share_organic", "suppliers", "food_km", "co2e")
Section = dict[str, Any]


def internal_content(report: YearReport, *, at: datetime) -> dict[str, Any]:
    months = [line_of(words.month_name(span), sums) for span, sums in report.months.items() if sums.lines]
    kinds = [line_of(words.category_name(kind), sums) for kind, sums in report.by_category]
    kitchens = [line_of(kitchen.name, sums) for kitchen, sums in report.by_kitchen]
    whole = line_of(gettext("Hela året") if report.is_over else gettext("Året hittills"), report.whole)
    return _document(report, at) | {
        "edition": gettext("Internt underlag. Det kan gå att se vad enskilda leverantörer har sålt: använd utgåvan som får spridas utanför kommunen."),
        "lead": words.lead(report),
        "keys": [
            [gettext(FIGURES[key].name), shown(FIGURES[key], FIGURES[key].of(report.whole)), words.since(key, report)]
            for key in KEYS
        ],
        "sections": [
            *charts.of_report(report),
            _figures(report),
            report_legs.section(report),
            *_goals(report, [(goal, shown(FIGURES[goal.figure], FIGURES[goal.figure].of(report.reached(goal)))) for goal in _known(report)]),
            _table(gettext("Månad för månad"), gettext("Månad"), months, whole),
            _table(gettext("Kategorier"), gettext("Kategori"), kinds, whole),
            *([_table(gettext("Köken"), gettext("Kök"), kitchens, whole)] if report.kitchen is None else []),
            *_method(report, is_public=False),
        ],
    }  # fmt: skip


def public_content(report: YearReport, rows: Sequence[OpenRow], *, at: datetime) -> dict[str, Any]:
    names = {kind.key: words.category_name(kind) for kind, _ in report.by_category}
    months = [
        open_line(words.month_name(span), row)
        for span in report.months
        for row in rows
        if row.month == span.number
    ]
    kinds = [open_line(names[row.category_key], row) for row in rows if row.category_key]
    routes = [open_line(gettext(ROUTE_NAMES[row.route]), row) for row in rows if row.route]
    year = next((row for row in rows if row.is_whole_year), None)
    whole = None if year is None else open_line(gettext("Hela året"), year)
    return _document(report, at) | {
        "edition": gettext("Får spridas. Det som kommer från färre än tre leverantörer, eller går att räkna ut ur det andra, står som skyddat; andelar är hela procent. Det avser månader som är slut, och hela året när det är slut."),
        "lead": [words.opening()],
        "keys": [[gettext(FIGURES[key].name), open_cell(key, year), ""] for key in KEYS] if year else [],
        "sections": [
            *charts.of_rows(report, rows),
            *_goals(report, [(goal, _open_reached(goal, rows)) for goal in _known(report)]),
            _table(gettext("Månad för månad"), gettext("Månad"), months, whole),
            *([_table(gettext("Kategorier"), gettext("Kategori"), kinds, whole)] if kinds else []),
            *([_table(gettext("Direktupphandling och DIS"), gettext("Förfarande"), routes, whole)] if routes else []),
            *_method(report, is_public=True),
        ],
    }  # fmt: skip


def _document(report: YearReport, at: datetime) -> dict[str, Any]:
    title = gettext("Matåret %(year)s", year=report.span.year)
    return {
        "title": title,
        "language": formatting.current_locale().language,
        "eyebrow": report.name,
        "made": f"Närmat · {report.name} · {title} · {formatting.moment(at)}",
        "page": gettext("Sida"),
    }


def _figures(report: YearReport) -> Section:
    rows = []
    for figure in FIGURES.values():
        now, then = figure.of(report.whole), figure.of(report.before)
        rows.append(
            [gettext(figure.name), shown(figure, now), shown(figure, then), change(figure, now, then) or "–"]
        )
    year = report.span.year
    first = str(year) if report.is_over else gettext("%(year)s hittills", year=year)
    intro = gettext(
        "Vad varje siffra betyder står sist. Ett streck är att det inte finns något att räkna på."
    )
    if report.days:
        runs = gettext("Året pågår och jämförs med samma dagar året före.")
        intro = f"{intro} {runs}"
    return {
        "kind": "table",
        "title": gettext("Alla siffror"),
        "intro": intro,
        "heads": [gettext("Siffra"), first, words.before_name(report), gettext("Förändring")],
        "rows": rows,
        "foot": [],
    }  # fmt: skip


def _known(report: YearReport) -> list[Goal]:
    return [goal for goal in report.goals if goal.figure in FIGURES]


def _goals(report: YearReport, reached: Sequence[tuple[Goal, str]]) -> list[Section]:
    if not reached:
        return []
    names = {kind.key: words.category_name(kind) for kind, _ in report.by_category}
    rows = []
    for goal, value in reached:
        figure = FIGURES[goal.figure]
        kind = names.get(goal.category_key, goal.category_key) if goal.category_key else gettext("Allt")
        rows.append([gettext(figure.name), kind, shown(figure, goal.target), value, goal.decided or "–"])
    return [
        {
            "kind": "table", "title": gettext("Målen"), "intro": "", "rows": rows, "foot": [],
            "heads": [gettext("Siffra"), gettext("Kategori"), gettext("Mål"), gettext("Utfall"), gettext("Beslut")],
        }
    ]  # fmt: skip


def _open_reached(goal: Goal, rows: Sequence[OpenRow]) -> str:
    of_years = [one for one in rows if one.month is None and one.route is None]
    row = next((one for one in of_years if one.category_key == goal.category_key), None)
    if row is None or goal.figure not in {"spend", "suppliers", *row.values, *row.protected}:
        return "–"
    return open_cell(goal.figure, row)


def _table(title: str, first: str, lines: Sequence[Line], whole: Line | None) -> Section:
    return {
        "kind": "table",
        "title": title,
        "intro": "" if lines else gettext("Inget har levererats."),
        "heads": heads(first),
        "rows": [line.row for line in lines],
        "foot": whole.row if whole and lines else [],
    }


def _method(report: YearReport, *, is_public: bool) -> list[Section]:
    return [
        {
            "kind": "pairs",
            "title": gettext("Vad som räknades som lokalt"),
            "intro": words.definitions_intro(report),
            "pairs": [list(pair) for pair in words.definitions(report)],
        },
        {
            "kind": "pairs",
            "title": gettext("Så är utsläppen räknade"),
            "intro": gettext(
                "Bara transporterna räknas: inte odling, uppfödning eller förädling. Vägarna är uppskattade."
            ),
            "pairs": [*words.factors(), *([] if is_public else words.counted(report))],
        },
        {
            "kind": "pairs",
            "title": gettext("Vad siffrorna betyder"),
            "intro": "",
            "pairs": [[gettext(one.name), gettext(one.definition)] for one in FIGURES.values()],
        },
    ]
