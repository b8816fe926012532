"""Who gets what when food is short: each category's supply shared among the kitchens. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from market.followup.preparedness.rules import Basis
from market.register.models import Temperature

Distance = Callable[[int, int], int | None]
"""Metres from a site to a kitchen; None where nothing may or can be brought from there."""


LEAST_GRAMS = 1_000
"""Less than a kilogram in all the days is not worth a stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What can be had of a category at a site in all the days together."""

    site_id: int
    producer_id: int
    category: str
    temperature: Temperature
    grams: int
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotted:
    """So much of a supply is meant for a kitchen."""

    supply: Supply
    kitchen_id: int
    grams: int


Needs = Mapping[tuple[int, str], int]
"""Grams by kitchen and category in all the days together."""


def allot(supplies: Iterable[Supply], needs: Needs, *, distance: Distance) -> tuple[Allotted, ...]:
    """Share each category, from the nearest sites: first the same part of the need for all, then what is left to those who lack.

    Nobody gets more than its need, nothing is given that is not there, and nothing that can reach a kitchen in need is left but for
    crumbs.
    """
    by_category: dict[str, list[Supply]] = {}
    for supply in supplies:
        by_category.setdefault(supply.category, []).append(supply)
    found: list[Allotted] = []
    for category in sorted(by_category):
        own = {kitchen: grams for (kitchen, key), grams in sorted(needs.items()) if key == category}
        found += _shared(by_category[category], own, distance)
    return tuple(found)


def _shared(supplies: Sequence[Supply], needs: Mapping[int, int], distance: Distance) -> Iterator[Allotted]:
    ways = sorted(_ways(supplies, needs, distance))
    reaching = {number for _, number, _ in ways}
    there_is, wanted = sum(supplies[number].grams for number in reaching), sum(needs.values())
    left = [supply.grams for supply in supplies]
    got = dict.fromkeys(needs, 0)
    given: dict[tuple[int, int], int] = {}
    fair = {
        kitchen: min(grams, grams * there_is // wanted) if wanted else 0 for kitchen, grams in needs.items()
    }
    for goal in (fair, needs):
        for _, number, kitchen in ways:
            grams = min(left[number], goal[kitchen] - got[kitchen])
            if grams >= LEAST_GRAMS:
                left[number] -= grams
                got[kitchen] += grams
                given[number, kitchen] = given.get((number, kitchen), 0) + grams
    for (number, kitchen), grams in given.items():
        yield Allotted(supply=supplies[number], kitchen_id=kitchen, grams=grams)


def _ways(
    supplies: Sequence[Supply], needs: Mapping[int, int], distance: Distance
) -> Iterator[tuple[int, int, int]]:
    """Metres, the supply's number, the kitchen."""
    for number, supply in enumerate(supplies):
        for kitchen in needs:
            metres = distance(supply.site_id, kitchen)
            if metres is not None:
                yield metres, number, kitchen
