"""The legs of the food's way in a year's report: a table of the document, rows and columns of the workbook and the CSV."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext

from market.followup.charts import NOTHING
from market.followup.figures import FIGURES, Sums
from market.followup.legs import LEGS, Leg
from market.followup.publishing.report import YearReport
from market.followup.wording import kilometres

KEYS = tuple(leg.key for leg in LEGS)
DIGITS = 4


def number_of(leg: Leg, sums: Sums) -> Decimal | None:
    """Kilometres, to four decimals as the figures."""
    value = leg.of(sums)
    return None if value is None else round(value, DIGITS)


def long_name(leg: Leg) -> str:
    """By itself, where the figure does not stand beside it."""
    name = str(gettext(leg.name))
    return f"{gettext(FIGURES['food_km'].name)}: {name[0].lower()}{name[1:]}"


def section(report: YearReport) -> dict[str, Any]:
    """A table of the document: each leg this year and the year before, and the whole way."""
    whole = FIGURES["food_km"]
    years = [report.whole, report.before]
    first = str(report.span.year) if report.is_over else gettext("%(year)s hittills", year=report.span.year)
    return {
        "kind": "table",
        "title": gettext("Matens väg, led för led"),
        "intro": gettext(
            "Kilometer som ett kilo färdades i genomsnitt, vägt efter vikten. Leden är tillsammans hela vägen; varje tal är avrundat för sig."
        ),
        "heads": [gettext("Led"), first, str(report.span.year - 1)],
        "rows": [[gettext(leg.name), *(_km(leg.of(sums)) for sums in years)] for leg in LEGS],
        "foot": [gettext(whole.name), *(_km(whole.of(sums)) for sums in years)],
    }


def _km(value: Decimal | None) -> str:
    return NOTHING if value is None else kilometres(value)
