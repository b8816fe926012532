"""What chance decides in a piece of the experiment: the assumptions, the suppliers, and what each does at each call-off.

A piece is drawn from the seed and its own number alone, and always for the most suppliers there can be. So the same supplier
is the same whoever else is in the DIS, by hand and electronic, in the small municipality and the large: what differs between two
rows of the table is never luck. And nothing depends on how many workers share the pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from market.followup.simulation.parameters import (
    CALLOFF_NOISE,
    CAPACITY_SIGMA,
    CATEGORIES,
    LOWEST_COST,
    MONTHS,
    QUANTITIES,
    RECEIVES_VISITS,
)
from market.followup.simulation.rules import MOST_SUPPLIERS

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Assumptions = Mapping[str, Floats]
"""Quantity's key -> its value in each run, in kronor where the unit is thousands or millions."""
SCALES = {
    "budget_small": 1e6,
    "budget_large": 1e6,
    "capacity": 1e3,
    "system_cost": 1e3,
    "worth_category": 1e3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Runs r, suppliers s in the order they join, categories c, and call-offs t (one a category and month).

    `is_in` [c, r, s], `capacity` kronor a year [r, s], `cost` [r, s] and `noise` [t, r, s] against the wholesaler's price,
    `receives` [r, s], and even numbers 0-1 that decide whether a call-off is made `wanted` [t, r] and answered `answered` [t, r, s].
    """

    assumptions: Assumptions
    is_in: Bools
    capacity: Floats
    cost: Floats
    receives: Bools
    wanted: Floats
    answered: Floats
    noise: Floats


def draw(*, seed: int, piece: int, sets: int, runs_a_set: int) -> Market:
    """The piece's chance: `sets` draws of the assumptions, each with `runs_a_set` markets."""
    rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(piece,)))
    runs, steps = sets * runs_a_set, MONTHS * len(CATEGORIES)
    assumed = _assumptions(rng, sets, runs_a_set)
    shape = (runs, MOST_SUPPLIERS)
    return Market(
        assumptions=assumed,
        is_in=_categories(rng, shape, assumed["second_category"]),
        capacity=assumed["capacity"][:, None] * np.exp(CAPACITY_SIGMA * _normal(rng, shape)),
        cost=_costs(rng, shape, assumed),
        receives=_even(rng, shape) < RECEIVES_VISITS,
        wanted=_even(rng, (steps, runs)),
        answered=_even(rng, (steps, *shape)),
        noise=1 + np.float32(CALLOFF_NOISE) * _normal(rng, (steps, *shape)),
    )


def _assumptions(rng: np.random.Generator, sets: int, runs_a_set: int) -> Assumptions:
    drawn = {
        one.key: rng.triangular(one.low, one.likely, one.high, size=sets) * SCALES.get(one.key, 1)
        for one in QUANTITIES
    }
    return {key: np.repeat(values, runs_a_set).astype(np.float32) for key, values in drawn.items()}


def _categories(rng: np.random.Generator, shape: tuple[int, int], second_share: Floats) -> Bools:
    """Which categories each supplier is in: one, and for some a second (which may be the same)."""
    bounds = np.cumsum([one.suppliers for one in CATEGORIES])[:-1]
    first = np.searchsorted(bounds, rng.random(shape))
    second = np.searchsorted(bounds, rng.random(shape))
    has_second = rng.random(shape) < second_share[:, None]
    numbers = np.arange(len(CATEGORIES))[:, None, None]
    is_in: Bools = (first == numbers) | (has_second & (second == numbers))
    return is_in


def _costs(rng: np.random.Generator, shape: tuple[int, int], assumed: Assumptions) -> Floats:
    drawn = assumed["cost_level"][:, None] + assumed["cost_spread"][:, None] * _normal(rng, shape)
    costs: Floats = np.maximum(drawn, np.float32(LOWEST_COST))
    return costs


def _even(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return rng.random(shape, dtype=np.float32)


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return rng.standard_normal(shape, dtype=np.float32)
