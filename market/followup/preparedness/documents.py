"""A scenario's answer as a plan to keep and print: one content, as PDF and as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import gettext

from market import formatting
from market.followup.charts import NOTHING, Chart, Series, ranked
from market.followup.preparedness import wording
from market.followup.preparedness.outcome import Outcome, TourAnswer
from market.followup.preparedness.rules import Assumptions
from market.register.categories import spoken_names
from market.typesetting import typeset

NUMBER, TEXT = "number", "text"
Table = dict[str, Any]


def plan_pdf(content: Mapping[str, Any], *, template: Path, at: datetime) -> bytes:
    """A4, archivable and tagged."""
    return typeset(template, content, at=at)


def plan_content(
    *,
    name: str,
    authority_name: str,
    supposed: Assumptions,
    kitchens: Mapping[int, str],
    outcome: Outcome,
    worked_out_at: datetime,
) -> dict[str, Any]:
    """Every text of the plan, in the reader's language."""
    return {
        "title": name,
        "language": formatting.current_locale().language,
        "eyebrow": gettext("Beredskapsplan för maten, %(authority)s", authority=authority_name),
        "made": " · ".join(
            ("Närmat", authority_name, gettext("uträknad %(when)s", when=formatting.moment(worked_out_at)))
        ),
        "page": gettext("Sida"),
        "supposed": {
            "title": gettext("Det här antas hända"),
            "lines": wording.supposed_lines(supposed, kitchens),
        },
        "answer": answer_lines(outcome),
        "tables": [table for table in answer_tables(outcome) if table["rows"]],
        "tours": {
            "title": gettext("Turerna den första veckan"),
            "list": tours_of(outcome),
        },
        "reckoning": {
            "title": gettext("Så är det räknat"),
            "lines": wording.reckoning(outcome, supposed),
        },
    }


def answer_lines(outcome: Outcome) -> list[str]:
    """The answer in a few sentences."""
    return list(_answer(outcome))


def _answer(outcome: Outcome) -> Iterator[str]:
    if outcome.percent is None:
        yield wording.nothing_at_stake(outcome)
        return
    yield gettext(
        "Maten motsvarar %(meals)s av %(needed)s måltider, %(percent)s %%.",
        meals=formatting.decimal(outcome.meals),
        needed=formatting.decimal(outcome.meals_needed),
        percent=outcome.percent,
    )
    if not outcome.vehicles:
        yield gettext("Det finns inget fordon att köra med. Lägg till fordon under Uppgifter.")
    if outcome.missing:
        names = spoken_names(formatting.current_locale().language)
        most = ", ".join(
            f"{names.get(one.key, one.key)} ({formatting.kilograms(one.missing_grams)})"
            for one in outcome.missing[:4]
        )
        yield gettext("Det som saknas mest: %(what)s.", what=most)
    if outcome.points and outcome.points[0].meals_lost:
        worst = outcome.points[0]
        yield gettext(
            "Mest hänger på %(name)s: utan den försvinner %(meals)s måltider till.",
            name=worst.name,
            meals=formatting.decimal(worst.meals_lost),
        )
    yield gettext(
        "Det körs %(tours)s turer i veckan, %(km)s tillsammans.",
        tours=len(outcome.tours),
        km=formatting.kilometres(outcome.distance_m),
    )


def days_chart(outcome: Outcome) -> Chart:
    """For how many days each category lasts, against all of them."""
    names = spoken_names(formatting.current_locale().language)
    days = [Decimal(str(one.days_of(outcome.days))) for one in outcome.categories]
    return ranked(
        [names.get(one.key, one.key).capitalize() for one in outcome.categories],
        Series(gettext("Dagar"), days),
        write=lambda value: gettext("%(number)s dagar", number=formatting.decimal(value, 1)),
        goal=Decimal(outcome.days),
    )


def answer_tables(outcome: Outcome) -> list[Table]:
    """By category, by what all hangs on, by producer, by kitchen, and what was left behind; some may be empty."""
    return [_by_category(outcome), _points(outcome), _sources(outcome), _kitchens(outcome), _left(outcome)]


def _by_category(outcome: Outcome) -> Table:
    names = spoken_names(formatting.current_locale().language)
    kilograms, decimal = formatting.kilograms, formatting.decimal
    return _table(
        "categories",
        gettext("Varuslag för varuslag"),
        [
            (gettext("Varuslag"), TEXT),
            (gettext("Behövs"), NUMBER),
            (gettext("Går att få"), NUMBER),
            (gettext("Når köken"), NUMBER),
            (gettext("Räcker dagar"), NUMBER),
            (gettext("Portioner"), NUMBER),
            (gettext("Saknas"), NUMBER),
        ],
        [
            [
                names.get(one.key, one.key).capitalize(),
                kilograms(one.need_grams),
                kilograms(one.supply_grams),
                kilograms(one.delivered_grams),
                decimal(one.days_of(outcome.days), 1),
                decimal(one.meals),
                kilograms(one.missing_grams),
            ]
            for one in outcome.categories
        ],
    )


def _points(outcome: Outcome) -> Table:
    language = formatting.current_locale().language
    return _table(
        "points",
        gettext("Sårbara punkter"),
        [
            (gettext("Om det här försvinner"), TEXT),
            (gettext("Slag"), TEXT),
            (gettext("Måltider som försvinner"), NUMBER),
            (gettext("Mest av (portioner)"), TEXT),
        ],
        [
            [
                point.name,
                gettext(wording.KIND_NAMES[point.kind]),
                formatting.decimal(point.meals_lost),
                wording.lost_by_category(point, language),
            ]
            for point in outcome.points
            if point.meals_lost
        ],
    )


def _sources(outcome: Outcome) -> Table:
    names = spoken_names(formatting.current_locale().language)
    kilograms = formatting.kilograms
    return _table(
        "sources",
        gettext("Vilka som levererar"),
        [
            (gettext("Producent"), TEXT),
            (gettext("Varuslag"), TEXT),
            (gettext("Har"), NUMBER),
            (gettext("Når köken"), NUMBER),
            (gettext("Vilar på"), TEXT),
        ],
        [
            [
                one.producer,
                names.get(one.category, one.category),
                kilograms(one.supply_grams),
                kilograms(one.delivered_grams),
                gettext(wording.BASIS_NAMES[one.basis]),
            ]
            for one in outcome.sources
            if one.delivered_grams
        ],
    )


def _kitchens(outcome: Outcome) -> Table:
    kilograms, decimal = formatting.kilograms, formatting.decimal
    return _table(
        "kitchens",
        gettext("Köken"),
        [
            (gettext("Kök"), TEXT),
            (gettext("Portioner om dagen"), NUMBER),
            (gettext("Behövs"), NUMBER),
            (gettext("Får"), NUMBER),
            (gettext("Räcker dagar"), NUMBER),
        ],
        [
            [
                gettext("%(kitchen)s (stängt)", kitchen=one.name) if one.is_shut else one.name,
                gettext("%(portions)s (antagande)", portions=decimal(one.portions))
                if one.is_assumed
                else decimal(one.portions),
                kilograms(one.need_grams),
                kilograms(one.delivered_grams),
                decimal(one.days_of(outcome.days), 1) if one.need_grams or one.is_shut else NOTHING,
            ]
            for one in outcome.kitchens
        ],
    )


def _left(outcome: Outcome) -> Table:
    return _table(
        "left",
        gettext("Det här kom inte med på turerna"),
        [
            (gettext("Producent"), TEXT),
            (gettext("Kök"), TEXT),
            (gettext("Vikt i veckan"), NUMBER),
            (gettext("Varför"), TEXT),
        ],
        [
            [one.producer, one.kitchen, formatting.kilograms(one.grams), wording.left_reason(one.reason)]
            for one in outcome.left
        ],
    )


def _table(key: str, title: str, heads: list[tuple[str, str]], rows: list[list[str]]) -> Table:
    return {
        "key": key,
        "title": title,
        "heads": [head for head, _ in heads],
        "numeric": [kind == NUMBER for _, kind in heads],
        "rows": rows,
    }


def tours_of(outcome: Outcome) -> list[dict[str, Any]]:
    """The tours of the first week, each with its halts."""
    return [_tour(tour) for tour in outcome.tours]


def _tour(tour: TourAnswer) -> dict[str, Any]:
    return {
        "title": f"{formatting.long_date(tour.day)}: {tour.vehicle}",
        "sums": ", ".join(
            (
                formatting.kilometres(tour.distance_m),
                formatting.hours(tour.duration_s),
                formatting.kilograms(tour.grams),
            )
        ),
        "halts": list(_halts(tour)),
    }


def _halts(tour: TourAnswer) -> Iterator[list[str]]:
    for halt in tour.halts:
        work = [
            text
            for grams, text in (
                (
                    halt.dropped_grams,
                    gettext("lämnar %(weight)s", weight=formatting.kilograms(halt.dropped_grams)),
                ),
                (
                    halt.picked_grams,
                    gettext("hämtar %(weight)s", weight=formatting.kilograms(halt.picked_grams)),
                ),
            )
            if grams
        ]
        yield [formatting.seconds_clock(halt.at_s), halt.name, ", ".join(work)]


def plan_text(content: Mapping[str, Any]) -> str:
    """The plan in plain text, as the command prints it."""
    return "\n".join(_text(content))


def _text(content: Mapping[str, Any]) -> Iterator[str]:
    yield content["eyebrow"]
    yield content["title"]
    yield "=" * len(content["title"])
    yield from _listed(content["supposed"])
    yield ""
    yield from content["answer"]
    for table in content["tables"]:
        yield ""
        yield table["title"]
        yield "-" * len(table["title"])
        yield from _aligned(table)
    yield ""
    yield content["tours"]["title"]
    yield "-" * len(content["tours"]["title"])
    for tour in content["tours"]["list"]:
        yield f"{tour['title']} ({tour['sums']})"
        yield from (f"  {clock}  {name}{': ' + work if work else ''}" for clock, name, work in tour["halts"])
    yield from _listed(content["reckoning"])
    yield content["made"]


def _listed(part: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield part["title"]
    yield from (f"- {line}" for line in part["lines"])


def _aligned(table: Table) -> Iterator[str]:
    lines = [table["heads"], *table["rows"]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table["heads"]))]
    for line in lines:
        cells = zip(line, widths, table["numeric"], strict=True)
        yield "  ".join(
            cell.rjust(width) if numeric else cell.ljust(width) for cell, width, numeric in cells
        ).rstrip()
