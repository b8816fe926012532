"""The sheet in which kitchens state their needs: what it holds, and where its parts stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from market.dis.needs.models import NeedRound
from market.dis.needs.rules import Cell, weeks_from
from market.register.models import Kitchen
from market.values import Unit, Week

SHEET = "Behov"
TITLE_ROW, HEADER_ROW, FIRST_ROW = 1, 3, 4
KITCHEN_COLUMN, PRODUCT_COLUMN, UNIT_COLUMN, FIRST_WEEK_COLUMN = 1, 2, 3, 4
UNIT_WORDS: Mapping[Unit, str] = {Unit.KILOGRAM: "kg", Unit.LITRE: "liter", Unit.PIECE: "st"}
"""The sheet is in Swedish whatever the reader's language: it goes from hand to hand."""

_ROUND = re.compile(r"\bomgång (\d+)\b", re.IGNORECASE)
_WEEK = re.compile(r"v(?:ecka|\.)?\s*(\d{1,2})\s+(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Product:
    id: int
    name: str
    unit: Unit
    description: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sheet of a round may hold for the kitchens that somebody answers for, and what is stated now."""

    round_id: int
    name: str
    products: Sequence[Product]
    kitchens: Mapping[int, str]
    weeks: Sequence[date]
    stated: Mapping[Cell, int] = field(default_factory=dict)


def shape_of(need_round: NeedRound, kitchens: Sequence[Kitchen], stated: Mapping[Cell, int]) -> Shape:
    return Shape(
        round_id=need_round.id,
        name=need_round.name,
        products=[Product(p.id, p.name, p.unit, p.description) for p in need_round.products],
        kitchens={kitchen.id: kitchen.name for kitchen in kitchens},
        weeks=weeks_from(need_round.first_week_on, need_round.end_week_on),
        stated=stated,
    )


def title_of(shape: Shape) -> str:
    return f"Behov: {shape.name} (omgång {shape.round_id})"


def round_in(title: str) -> int | None:
    """The number of the round that a title names; None where it names none."""
    found = _ROUND.search(title)
    return int(found.group(1)) if found else None


def week_title(monday: date) -> str:
    week = Week.containing(monday)
    return f"Vecka {week.number} {week.year}"


def week_in(title: str) -> date | None:
    """The Monday of the week that a heading names; None where it names none."""
    found = _WEEK.fullmatch(title.strip())
    if found is None:
        return None
    try:
        return Week(int(found.group(2)), int(found.group(1))).monday
    except ValueError:
        return None
