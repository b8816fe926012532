"""What the page of a simulation shows, put in order for its template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from market.followup.evidence.models import Simulation
from market.followup.simulation.figure import panels
from market.followup.simulation.measures import BY_KEY, Measure, MeasureUnit
from market.followup.simulation.panels import Panel
from market.followup.simulation.parameters import QUANTITIES, Quantity
from market.followup.simulation.verdicts import Verdict
from market.followup.simulation.wording import Number, Say, shown

TOLD = (
    "tendered", "competed", "covered", "price", "against_single", "hours_a_calloff", "never_won", "left", "cost_a_krona", "benefit",
)  # fmt: skip
"""The measures of the tables by number of suppliers; the sheet has them all."""
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneTable:
    """One scene, number by number: means as text, in the order of TOLD, and what it answers.

    The last cell is the per cent of the sets of assumptions in which the number works. `shares`: of the sets by verdict, in per cent;
    none of an experiment of the first version, which did not count them.
    """

    size: str
    handling: str
    answer: Mapping[str, Any]
    rows: tuple[tuple[int, Cells], ...]
    shares: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Large minus small at some number of suppliers; `above`: per cent of the sets in which the large one has more."""

    mean: str
    low: str
    high: str
    above: str
    is_clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRow:
    """One measure and handling: a gap for each number of suppliers that is looked at, none where there was nothing to measure."""

    handling: str
    measure: Measure
    gaps: tuple[Gap | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedRow:
    """A quantity with the range that the simulation was made with."""

    quantity: Quantity
    low: str
    likely: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationPage:
    simulation: Simulation
    scenes: tuple[SceneTable, ...]
    measures: tuple[Measure, ...]
    panels: tuple[Panel, ...]
    sized_at: tuple[int, ...]
    sizes: tuple[SizeRow, ...]
    weights: tuple[Mapping[str, Any], ...]
    known: tuple[Cells, ...]
    assumed: tuple[AssumedRow, ...]
    names: Mapping[str, str]

    @property
    def has_shares(self) -> bool:
        """False for the first version's, whose bands do not tell more than was tried from none at all."""
        return all(scene.shares for scene in self.scenes)


def simulation_page(simulation: Simulation, *, say: Say, number: Number) -> SimulationPage:
    result = simulation.result
    return SimulationPage(
        simulation=simulation,
        scenes=tuple(_scene(result, answer, number) for answer in result["answers"]),
        measures=tuple(BY_KEY[key] for key in TOLD),
        panels=tuple(panels(result, say=say, number=number)),
        sized_at=_sized_at(result),
        sizes=tuple(_sizes(result, number)),
        weights=tuple(result["weights"]),
        known=tuple(_known(result, say=say, number=number)),
        assumed=tuple(_assumed(result, number)),
        names={one.key: one.name for one in QUANTITIES},
    )


def _scene(result: Mapping[str, Any], answer: Mapping[str, Any], number: Number) -> SceneTable:
    size, _, handling = answer["scene"].partition("-")
    rows = tuple(
        (
            row["suppliers"],
            (
                *(shown(row["values"][key][0], BY_KEY[key].unit, number) for key in TOLD),
                shown(row.get("sets", {}).get(Verdict.WORKS), MeasureUnit.SHARE, number),
            ),
        )
        for row in result["rows"]
        if row["scene"] == answer["scene"]
    )
    found = answer.get("shares", {})
    shares = tuple(
        shown(found[verdict], MeasureUnit.SHARE, number) for verdict in Verdict if verdict in found
    )
    return SceneTable(size=size, handling=handling, answer=answer, rows=rows, shares=shares)


def _sized_at(result: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(sorted({row["suppliers"] for row in result["sizes"]}))


def _sizes(result: Mapping[str, Any], number: Number) -> Iterator[SizeRow]:
    """By handling and measure in the order they were made, with a column for each number."""
    found = {(row["handling"], row["measure"], row["suppliers"]): row for row in result["sizes"]}
    for handling, key in dict.fromkeys((handling, key) for handling, key, _ in found):
        rows = (found.get((handling, key, at)) for at in _sized_at(result))
        gaps = tuple(_gap(row, BY_KEY[key], number) if row else None for row in rows)
        yield SizeRow(handling=handling, measure=BY_KEY[key], gaps=gaps)


def _gap(row: Mapping[str, Any], measure: Measure, number: Number) -> Gap:
    """It is clear when its sign is sure: the mean is more than two standard errors from nothing."""
    mean, low, high, error = row["values"]
    texts = [shown(value, measure.unit, number) for value in (mean, low, high)]
    above = number(100 * row["above"], 0)
    return Gap(mean=texts[0], low=texts[1], high=texts[2], above=above, is_clear=abs(mean) > 2 * error)


def _known(result: Mapping[str, Any], *, say: Say, number: Number) -> Iterator[Cells]:
    for row in result["known"]:
        measure = BY_KEY[row["measure"]]
        model, low, high = (shown(value, measure.unit, number) for value in row["model"])
        seen = shown(row["seen"], measure.unit, number)
        yield (
            row["place"],
            row["section"],
            str(row["suppliers"]),
            say(measure.name),
            seen,
            model,
            f"{low}–{high}",
        )


def _assumed(result: Mapping[str, Any], number: Number) -> Iterator[AssumedRow]:
    by_key = {one.key: one for one in QUANTITIES}
    for row in result["assumptions"]:
        if row["key"] in by_key:
            low, likely, high = (_plainly(row[name], number) for name in ("low", "likely", "high"))
            yield AssumedRow(quantity=by_key[row["key"]], low=low, likely=likely, high=high)


def _plainly(value: float, number: Number) -> str:
    """With the decimals that it has, at most two."""
    digits = next(digits for digits in (0, 1, 2) if digits == 2 or round(value, digits) == value)
    return number(value, digits)
