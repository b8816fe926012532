"""Parts that the benchmark readers share: matrices on a plane, a depot, a fleet of equal vehicles."""

from collections.abc import Callable, Sequence

import numpy as np

from routing.problem import Matrix, Vehicle, Window

DEPOT = "0"
ORE_PER_KM = 1000
"""So that one integer of distance costs one öre, and a plan's cost is its length."""


def distances(points: Sequence[tuple[float, float]], to_int: Callable[[Matrix], Matrix]) -> Matrix:
    """Euclidean distances between all points, made whole by ``to_int``."""
    array = np.asarray(points, dtype=np.float64)
    difference = array[:, None, :] - array[None, :, :]
    whole: Matrix = to_int(np.hypot(difference[..., 0], difference[..., 1])).astype(np.int64)
    return whole


def fleet(
    *, count: int, capacity: int, horizon: Window, fixed_ore: int, depot: str = DEPOT
) -> tuple[Vehicle, ...]:
    """Equal vehicles at the depot, without breaks."""
    return tuple(
        Vehicle(
            id=f"{number + 1}",
            name=f"{number + 1}",
            owner="",
            start=depot,
            end=depot,
            capacity_grams=capacity,
            capacity_crates=None,
            shifts=(horizon,),
            fixed_ore_per_shift=fixed_ore,
            ore_per_km=ORE_PER_KM,
            ore_per_hour=0,
            co2e_g_per_km=0,
            break_s=0,
        )
        for number in range(count)
    )
