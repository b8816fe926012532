"""Open figures as CSV and as JSON, with what each column means."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from babel.dates import format_date
from flask_babel import gettext

from market.followup.figures import FIGURES, PER_CENT
from market.followup.publishing.dcat import CC0
from market.followup.publishing.open_figures import OPEN_FIGURES, OpenRow
from market.followup.rules import Route
from market.followup.wording import ROUTE_NAMES
from market.formatting import current_locale
from market.sheets.csv_text import as_text
from market.values import msg

OWN = (
    ("spend_kr", msg("Inköpt"), msg("Värdet exklusive moms av det som togs emot, i hela kronor.")),
    ("kilograms", msg("Vikt"), msg("Vikten av det som togs emot, i hela kilo.")),
    ("suppliers", msg("Leverantörer"), msg("Antalet olika producenter som levererade något som togs emot.")),
)
FURTHER: Mapping[str, tuple[str, str]] = {
    "share_dis": (msg("Andel genom DIS"), FIGURES["spend_dis"].definition),
    "share_surplus": (
        msg("Andel överskott"), msg("Den del av värdet som producenten hade flaggat upp som överskott, och som annars hade slängts."),
    ),
}  # fmt: skip
PROCEDURES: Mapping[Route, str] = {Route.DIRECT: "spend_direct", Route.DIS: "spend_dis"}
"""The figures whose definitions say what was bought by each."""
PROTECTION = msg(
    "Rader och uppgifter som är skyddade lämnas tomma: de kommer från färre än tre leverantörer, eller skulle gå att räkna ut ur "
    "det andra som publiceras. Andelar är hela procent. Året, kategorierna och förfarandena publiceras när året är slut."
)
HEADS = (
    "authority",
    "municipality_code",
    "year",
    "month",
    "category",
    "procedure",
    "is_protected",
    "protected_figures",
)


def names_of(key: str) -> tuple[str, str]:
    """What a figure is called and what it means, in the reader's language."""
    if key in FURTHER:
        name, definition = FURTHER[key]
    else:
        name, definition = FIGURES[key].name, FIGURES[key].definition
    return str(gettext(name)), str(gettext(definition))


def month_name(year: int, month: int) -> str:
    """As in "november"."""
    return str(format_date(date(year, month, 1), "LLLL", locale=current_locale()))


def columns() -> list[dict[str, str]]:
    """Every figure with its name, meaning and unit."""
    own = [
        {"key": key, "name": gettext(name), "definition": gettext(definition), "unit": unit}
        for (key, name, definition), unit in zip(OWN, ("SEK", "kg", "count"), strict=True)
    ]
    further = [dict(zip(("name", "definition"), names_of(one.key), strict=True)) for one in OPEN_FIGURES]
    units = [FIGURES[one.key].unit.value if one.key in FIGURES else "percent" for one in OPEN_FIGURES]
    return own + [
        {"key": one.key, **words, "unit": unit}
        for one, words, unit in zip(OPEN_FIGURES, further, units, strict=True)
    ]


def open_csv(rows: Iterable[OpenRow], *, authority: str, code: str) -> str:
    """Semicolons and decimal points, as the other sheets. Month, category and procedure are empty for the whole year."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*HEADS, *(key for key, *_ in OWN), *(one.key for one in OPEN_FIGURES)])
    name = as_text(authority)
    for row in rows:
        values = [_plain(row.values.get(one.key)) for one in OPEN_FIGURES]
        writer.writerow(
            [
                name, code, row.year, row.month or "", row.category_key or "", row.route or "", int(row.is_protected),
                " ".join(sorted(row.protected)), *_own(row), *values,
            ]
        )  # fmt: skip
    return out.getvalue()


def open_json(rows: Sequence[OpenRow], *, authority: str, code: str, categories: Mapping[str, str]) -> str:
    """Protected figures are null, and named."""
    content: dict[str, Any] = {
        "authority": authority,
        "municipality_code": code,
        "licence": CC0,
        "protection": gettext(PROTECTION),
        "figures": columns(),
        "categories": [{"key": key, "name": name} for key, name in categories.items()],
        "procedures": [
            {
                "key": route.value,
                "name": gettext(ROUTE_NAMES[route]),
                "definition": gettext(FIGURES[key].definition),
            }
            for route, key in PROCEDURES.items()
        ],
        "rows": [_row(row) for row in rows],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _row(row: OpenRow) -> dict[str, Any]:
    own = {key: None if value == "" else value for (key, *_), value in zip(OWN, _own(row), strict=True)}
    values = {one.key: row.values.get(one.key) for one in OPEN_FIGURES}
    return {
        "year": row.year,
        "month": row.month,
        "category": row.category_key,
        "procedure": row.route,
        "is_protected": row.is_protected,
        "protected_figures": sorted(row.protected),
        **own,
        **{key: None if value is None else float(value) for key, value in values.items()},
    }


def _own(row: OpenRow) -> list[int | str]:
    if row.is_protected:
        return ["", "", ""]
    return [round(Decimal(row.ore) / PER_CENT), round(Decimal(row.grams) / 1000), row.suppliers]


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
