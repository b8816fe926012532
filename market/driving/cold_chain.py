"""How cold goods must be on the road, and when the chain is broken. Pure.

Frozen: -18 °C or colder in all of the product; in transport it may for a brief while be up to 3 °C warmer (directive 89/108/EEC
article 5, in Sweden LIVSFS 2006:12). The law does not say how long "brief" is: here it is BRIEF. Chilled: the chain may
not be interrupted (regulation (EC) 852/2004, annex II chapter IX point 5) and several goods have limits of their own (853/2004: minced meat
2 °C, poultry 4 °C, meat 7 °C); where nothing colder is stated, 8 °C is what Swedish guidance takes as the highest. An authority may
set stricter limits in its terms for orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from market.register.models import Temperature

LIMITS: Mapping[Temperature, int] = MappingProxyType({Temperature.CHILLED: 80, Temperature.FROZEN: -180})
"""Tenths of a degree Celsius, by class; ambient goods have none."""
FROZEN_MARGIN = 30
BRIEF = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    at: datetime
    decidegrees: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The warmest reading of a time when goods of a class were too warm."""

    temperature: Temperature
    at: datetime
    decidegrees: int
    limit: int


def limit_of(temperature: Temperature, own: int | None = None) -> int | None:
    """The limit of a class, or an authority's own where that is stricter. None: the class has none."""
    limit = LIMITS.get(temperature)
    return limit if limit is None or own is None else min(limit, own)


def chain_break(
    temperature: Temperature, readings: Iterable[Reading], *, own: int | None = None
) -> Break | None:
    """The break of the chain that these readings show, or None. Chilled: one too warm. Frozen: see above."""
    limit = limit_of(temperature, own)
    if limit is None:
        return None
    warm = [
        r for spell in _warm_spells(readings, limit) if _is_break(temperature, spell, limit) for r in spell
    ]
    if not warm:
        return None
    worst = max(warm, key=lambda reading: (reading.decidegrees, reading.at))
    return Break(temperature=temperature, at=worst.at, decidegrees=worst.decidegrees, limit=limit)


def _warm_spells(readings: Iterable[Reading], limit: int) -> list[list[Reading]]:
    """Readings above the limit with none within it between them."""
    spells: list[list[Reading]] = [[]]
    for reading in sorted(readings, key=lambda reading: reading.at):
        if reading.decidegrees > limit:
            spells[-1].append(reading)
        elif spells[-1]:
            spells.append([])
    return [spell for spell in spells if spell]


def _is_break(temperature: Temperature, spell: list[Reading], limit: int) -> bool:
    if temperature is not Temperature.FROZEN:
        return True
    is_far = any(reading.decidegrees > limit + FROZEN_MARGIN for reading in spell)
    return is_far or spell[-1].at - spell[0].at >= BRIEF
