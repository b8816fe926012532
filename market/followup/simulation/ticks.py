"""Round numbers along an axis. Pure."""

from __future__ import annotations

from math import ceil, floor, log10

MOST = 6


def ticks(low: float, high: float) -> list[float]:
    """Evenly spaced round numbers from at or below `low` to at or above `high`, at most MOST + 1 of them. `low` is below `high`."""
    step = _round_step((high - low) / MOST)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _round_step(least: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is no less."""
    power: float = 10.0 ** floor(log10(least))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least * (1 - 1e-9))
