"""The rows of a year's tables in words: of everything, for the authority itself, or of what may leave it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from market import formatting
from market.followup.charts import NOTHING
from market.followup.figures import FIGURES, PER_CENT, FigureUnit, Sums, ratio
from market.followup.publishing.open_figures import OpenRow
from market.followup.wording import in_unit, shown
from market.values import msg

COLUMNS = (
    ("spend", msg("Inköpt")),
    ("weight", msg("Vikt")),
    ("suppliers", msg("Leverantörer")),
    ("share_local", msg("Lokalt")),
    ("share_organic", msg("Ekologiskt")),
    ("share_krav", msg("KRAV")),
    ("share_dis", msg("Genom DIS")),
    ("food_km", msg("Matens väg")),
    ("co2e", msg("Utsläpp")),
)
PROTECTED = msg("skyddat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A name, and a text for each of COLUMNS."""

    name: str
    cells: tuple[str, ...]

    @property
    def row(self) -> list[str]:
        return [self.name, *self.cells]


def heads(first: str) -> list[str]:
    return [first, *(str(gettext(name)) for _, name in COLUMNS)]


def line_of(name: str, sums: Sums) -> Line:
    """Everything, for those who may see it."""
    return Line(name=name, cells=tuple(_cell(key, sums) for key, _ in COLUMNS))


def open_line(name: str, row: OpenRow) -> Line:
    """What may leave the authority."""
    return Line(name=name, cells=tuple(open_cell(key, row) for key, _ in COLUMNS))


def share_dis(sums: Sums) -> Decimal | None:
    return ratio(sums.dis_ore, sums.ore, times=PER_CENT)


def open_cell(key: str, row: OpenRow) -> str:
    """A figure of OPEN_FIGURES, or the value, weight and number of suppliers."""
    if row.is_protected or key in row.protected:
        return str(gettext(PROTECTED))
    own = {
        "spend": formatting.whole_kronor(row.ore),
        "weight": formatting.kilograms(row.grams),
        "suppliers": formatting.decimal(row.suppliers, 0),
    }
    if key in own:
        return own[key]
    return value_words(key, row.values.get(key))


def value_words(key: str, value: Decimal | None) -> str:
    """A figure of OPEN_FIGURES with its unit; shares with as many digits as are let out."""
    unit = FIGURES[key].unit if key in FIGURES else FigureUnit.PERCENT
    if value is None:
        return NOTHING
    if unit is FigureUnit.PERCENT:
        return f"{formatting.decimal(value)}\N{NO-BREAK SPACE}%"
    return in_unit(value, unit)


def _cell(key: str, sums: Sums) -> str:
    if key == "weight":
        return formatting.kilograms(sums.grams)
    if key == "share_dis":
        value = share_dis(sums)
        return NOTHING if value is None else in_unit(value, FigureUnit.PERCENT)
    return shown(FIGURES[key], FIGURES[key].of(sums))
