"""What the runs say: bands for every measure, how many suppliers work well, which number is best, and what it hangs on. Pure.

A band holds eight of ten: of the runs for a measure (luck and assumptions together), of the sets of assumptions for a number of
suppliers (luck evened out within each set).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from market.followup.simulation.measures import KEYS, MEASURES
from market.followup.simulation.parameters import QUANTITIES, SCENES, Handling, Scene, Size
from market.followup.simulation.pieces import Measured
from market.followup.simulation.rules import RUNS_A_SET, Experiment
from market.followup.simulation.verdicts import HIGH, LOW, Judged

VERSION = 2
"""2: a band tells more than was tried from none at all, and every answer says in how many sets each is so."""
SIZES_COMPARED = ("tendered", "competed", "price", "hours_a_calloff", "never_won", "benefit_a_krona")
MOST_WEIGHTS = 6
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The report's own observations, that the model must be near: `suppliers` in the DIS, and the share that was seen."""

    place: str
    suppliers: int
    measure: str
    seen: float
    section: str


KNOWN = (
    Known(place="Kramfors 2022", suppliers=1, measure="covered_first", seen=1 / 7, section="4.4"),
    Known(place="Kramfors 2023", suppliers=3, measure="covered_first", seen=3 / 7, section="4.8"),
    Known(place="Tierp 2022", suppliers=10, measure="covered_first", seen=6 / 9, section="4.4"),
    Known(place="Kramfors 2023", suppliers=1, measure="left_first_year", seen=0.0, section="4.8"),
    Known(place="Tierp 2023", suppliers=10, measure="left_first_year", seen=0.0, section="4.8"),
)
"""Kramfors: seven categories, first only potatoes, then also honey and chicken. Tierp: nine categories, of which meat, game, fish,
milk and eggs, oats and prepared goods had somebody; about ten suppliers."""


def conclude(experiment: Experiment, measured: Measured) -> dict[str, Any]:
    """Plain values: rows, answers, small against large, what weighs, the report beside the model, and the assumptions."""
    return {
        "version": VERSION,
        "counts": [experiment.first, experiment.last],
        "runs": int(measured.values.shape[-1]),
        "rows": list(_rows(experiment, measured.values)),
        "answers": [_answer(experiment, measured.values, number) for number in range(len(SCENES))],
        "sizes": list(_sizes(experiment, measured.values)),
        "weights": list(_weights(measured)),
        "known": list(_known(experiment, measured.values)),
        "assumptions": [
            {"key": one.key, "low": one.low, "likely": one.likely, "high": one.high} for one in QUANTITIES
        ],
    }


def _of(values: Floats, measure: str) -> Floats:
    """As [scene, number, run]."""
    found: Floats = values[KEYS.index(measure)]
    return found


def _in_sets(values: Floats) -> Floats:
    """The last axis from runs to sets, each the mean of its runs that have a number."""
    return _mean(values.reshape(*values.shape[:-1], -1, RUNS_A_SET))


def _mean(values: Floats) -> Floats:
    """Over the last axis; no number where none of them has one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        means: Floats = np.nanmean(values, axis=-1)
    return means


def _centres(values: Floats) -> Floats:
    """The mean, or the middle run where the measure says so."""
    return np.stack(
        [
            _middle(one) if measure.is_median else _mean(one)
            for measure, one in zip(MEASURES, values, strict=True)
        ]
    )


def _middle(values: Floats) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle: Floats = np.nanmedian(values, axis=-1)
    return middle


def _band(values: Floats) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        band: Floats = np.nanpercentile(values, (LOW, HIGH), axis=-1)
    return band


def plain(value: float) -> float | None:
    """Five digits, which is more than the runs can tell apart; None for no number."""
    return None if not np.isfinite(value) else float(f"{value:.5g}")


def _rows(experiment: Experiment, values: Floats) -> Iterator[dict[str, Any]]:
    """Scene by scene and number by number: mean, low and high of each measure, and the standard error of the mean.

    `sets`: in which part of the sets of assumptions the number works, and what stands in its way in the others.
    """
    means, (lows, highs), errors = _centres(values), _band(values), _errors(values)
    for scene_number, scene in enumerate(SCENES):
        by_number = _judged(_in_sets(values[:, scene_number])).by_number()
        for place, suppliers in enumerate(experiment.counts):
            at = (scene_number, place)
            yield {
                "scene": scene.key,
                "suppliers": suppliers,
                "values": {
                    key: [plain(table[(number, *at)]) for table in (means, lows, highs, errors)]
                    for number, key in enumerate(KEYS)
                },
                "sets": {verdict: plain(share) for verdict, share in by_number[place].items()},
            }


def _errors(values: Floats) -> Floats:
    """Of the mean: runs of one set share their assumptions, so sets are what is counted."""
    sets = _in_sets(values)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        spread: Floats = np.nanstd(sets, axis=-1, ddof=1) / np.sqrt(np.isfinite(sets).sum(axis=-1))
    return spread


def _judged(sets: Floats) -> Judged:
    return Judged(**{key: _of(sets, key) for key in ("tendered", "competed", "never_won")})


def _answer(experiment: Experiment, values: Floats, scene: int) -> dict[str, Any]:
    """How many suppliers one scene needs, and which number is best."""
    sets = _in_sets(values[:, scene])
    judged, on_average = _judged(sets), _judged(_mean(sets)[..., None])
    return {
        "scene": SCENES[scene].key,
        "works": _works_from_to(experiment, on_average.works[:, 0]),
        "works_band": judged.first_band(experiment.counts),
        "shares": {verdict: plain(share) for verdict, share in judged.shares().items()},
        **_best(experiment, _of(sets, "benefit")),
    }


def _works_from_to(experiment: Experiment, works: Bools) -> list[int] | None:
    numbers = np.flatnonzero(works)
    if not numbers.size:
        return None
    return [experiment.counts[numbers[0]], experiment.counts[numbers[-1]]]


def _best(experiment: Experiment, benefit: Floats) -> dict[str, Any]:
    """`benefit` [number, set]. Near the best: what the runs can't tell from it (two standard errors of the difference)."""
    means = benefit.mean(axis=-1)
    best = int(means.argmax())
    behind = benefit[best] - benefit
    error = behind.std(axis=-1, ddof=1) / np.sqrt(behind.shape[-1]) if behind.shape[-1] > 1 else 0.0
    near = np.flatnonzero(behind.mean(axis=-1) <= 2 * error)
    each = np.percentile(benefit.argmax(axis=0), (LOW, 50, HIGH), method="nearest")
    pays = np.flatnonzero(means > 0)
    return {
        "best": experiment.counts[best],
        "best_is_last": best == len(experiment.counts) - 1,
        "best_band": [experiment.counts[int(at)] for at in each],
        "near_best": [experiment.counts[near[0]], experiment.counts[near[-1]]],
        "pays_from": experiment.counts[pays[0]] if pays.size else None,
        "pays_share": plain((benefit[best] > 0).mean()),
        "best_benefit": plain(means[best]),
    }


def _sizes(experiment: Experiment, values: Floats) -> Iterator[dict[str, Any]]:
    """Large minus small in the same runs; `above`: the share of the sets in which the large one has more."""
    for handling in Handling:
        small, large = (SCENES.index(Scene(size, handling)) for size in Size)
        for suppliers in _looked_at(experiment):
            at = suppliers - experiment.first
            for key in SIZES_COMPARED:
                measure = _of(values, key)
                gap = _in_sets(measure[large, at] - measure[small, at])
                gap = gap[np.isfinite(gap)]
                if gap.size > 1:
                    yield _gap(handling, suppliers, key, gap)


def _gap(handling: Handling, suppliers: int, key: str, gap: Floats) -> dict[str, Any]:
    low, high = np.percentile(gap, (LOW, HIGH))
    error = gap.std(ddof=1) / np.sqrt(gap.size)
    return {
        "handling": handling.value,
        "suppliers": suppliers,
        "measure": key,
        "values": [plain(gap.mean()), plain(low), plain(high), plain(error)],
        "above": plain((gap > 0).mean()),
    }


def _looked_at(experiment: Experiment) -> list[int]:
    """Few, some and many of those that were tried; ten, as two of the municipalities in the report had, where it is among them."""
    middle = (
        10 if experiment.first <= 10 <= experiment.last else sum(experiment.counts) // len(experiment.counts)
    )
    return sorted({experiment.first, middle, experiment.last})


def _weights(measured: Measured) -> Iterator[dict[str, Any]]:
    """Rank correlation over the sets of each assumption with what comes out; only what is clear of chance, the strongest first."""
    for number, scene in enumerate(SCENES):
        benefit = _in_sets(_of(measured.values, "benefit")[number])
        best = int(benefit.mean(axis=-1).argmax())
        for outcome, values in (("benefit", benefit[best]), ("best", benefit.argmax(axis=0))):
            found = {
                key: _rank_correlation(one[::RUNS_A_SET], values) for key, one in measured.assumptions.items()
            }
            clear = sorted(found.items(), key=lambda item: -abs(item[1]))[:MOST_WEIGHTS]
            yield {
                "scene": scene.key,
                "outcome": outcome,
                "weights": [
                    [key, plain(rho)] for key, rho in clear if abs(rho) > clear_of_chance(values.size)
                ],
            }


def clear_of_chance(sets: int) -> float:
    """What a rank correlation of nothing with nothing stays below, 999 times of 1000: there are some forty assumptions."""
    return float(3.3 / np.sqrt(max(sets - 1, 1)))


def _rank_correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Spearman's; ties get the rank they share. 0 where one of them never changes."""
    first, second = _ranks(one), _ranks(other)
    spread = first.std() * second.std()
    return float(((first - first.mean()) * (second - second.mean())).mean() / spread) if spread else 0.0


def _ranks(values: NDArray[Any]) -> Floats:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    ranks: Floats = (ends - (counts - 1) / 2)[places]
    return ranks


def _known(experiment: Experiment, values: Floats) -> Iterator[dict[str, Any]]:
    """What the report saw, beside the model's mean and band; Kramfors and Tierp are small and work by hand."""
    scene = SCENES.index(Scene(Size.SMALL, Handling.MANUAL))
    for one in KNOWN:
        if one.suppliers in experiment.counts:
            runs = _of(values, one.measure)[scene, one.suppliers - experiment.first]
            low, high = np.percentile(runs, (LOW, HIGH))
            yield {
                "place": one.place,
                "suppliers": one.suppliers,
                "measure": one.measure,
                "section": one.section,
                "seen": plain(one.seen),
                "model": [plain(runs.mean()), plain(low), plain(high)],
            }
