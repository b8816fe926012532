"""The expanding circle (Inköpssnurran): how far to go for, say, 200 kg of potatoes.

The circle starts at the kitchen and grows until the suppliers inside it have what is wanted. It
says so when nobody can cover it, and, where roads are estimated, between what radii the true one lies.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from geodata.distances import distance_matrix_m
from geodata.road_bands import road_bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.points import Point
    from geodata.travel import TravelEngine

Key = TypeVar("Key", bound=Hashable)


class InvalidSupply(ValueError):
    """An amount that can't be offered or wanted."""


@dataclass(frozen=True, slots=True)
class Supply(Generic[Key]):
    """What one supplier has: `key` is the caller's own name for it."""

    key: Key
    point: Point
    amount_grams: int

    def __post_init__(self) -> None:
        if self.amount_grams <= 0:
            raise InvalidSupply(
                f"{self.key} offers {self.amount_grams} g. Give more than 0, or leave it out."
            )


@dataclass(frozen=True, slots=True)
class Reached(Generic[Key]):
    """A supplier, how far away it is, and what it and all nearer ones have together."""

    supply: Supply[Key]
    away_m: int
    total_grams: int


@dataclass(frozen=True, slots=True)
class CircleAnswer(Generic[Key]):
    """The smallest circle that covers what is wanted; without one, `radius_m` is None.

    `suppliers` are those inside, nearest first (all of them when nobody covers it). The true radius
    lies between `radius_bounds_m`: both are `radius_m` unless roads are estimated. `unreachable` are
    those that no road or ferry leads from; they never count.
    """

    wanted_grams: int
    radius_m: int | None
    radius_bounds_m: tuple[int, int] | None
    suppliers: tuple[Reached[Key], ...]
    unreachable: tuple[Supply[Key], ...]
    short_by_grams: int
    is_estimate: bool

    @property
    def is_covered(self) -> bool:
        return self.short_by_grams == 0


def expanding_circle(
    offers: Sequence[Supply[Key]], *, centre: Point, wanted_grams: int, travel: TravelEngine | None = None
) -> CircleAnswer[Key]:
    """As the crow flies, or by road when a travel engine is given. Raises `InvalidSupply`."""
    if wanted_grams <= 0:
        raise InvalidSupply(f"The amount wanted is {wanted_grams} g. Give more than 0.")
    reached = supply_curve(offers, centre=centre, travel=travel)
    connected = [one.supply for one in reached]
    total = reached[-1].total_grams if reached else 0
    radius = _radius(reached, wanted_grams)
    bounds, is_estimate = _bounds(connected, centre, wanted_grams, radius, travel)
    return CircleAnswer(
        wanted_grams=wanted_grams,
        radius_m=radius,
        radius_bounds_m=bounds,
        suppliers=tuple(one for one in reached if radius is None or one.away_m <= radius),
        unreachable=tuple(offer for offer in offers if offer not in connected),
        short_by_grams=max(0, wanted_grams - total),
        is_estimate=is_estimate,
    )


def supply_curve(
    offers: Sequence[Supply[Key]], *, centre: Point, travel: TravelEngine | None = None
) -> tuple[Reached[Key], ...]:
    """Every supplier that can be reached, nearest first, with the running total: what a slider moves along.

    Those equally far come in the order of their keys as text, so the order of the offers never matters.
    """
    if not offers:
        return ()
    points = [offer.point for offer in offers]
    if travel is None:
        return _in_order(offers, distance_matrix_m(points, [centre])[:, 0].tolist())
    matrix = travel.matrix(points, [centre])  # the goods travel to the centre
    connected = [row for row, is_reachable in enumerate(matrix.reachable[:, 0]) if is_reachable]
    return _in_order([offers[row] for row in connected], matrix.metres[connected, 0].tolist())


def _in_order(offers: Sequence[Supply[Key]], metres: Sequence[int]) -> tuple[Reached[Key], ...]:
    nearest = sorted(zip(metres, offers, strict=True), key=lambda pair: (pair[0], str(pair[1].key)))
    reached: list[Reached[Key]] = []
    total = 0
    for away_m, offer in nearest:
        total += offer.amount_grams
        reached.append(Reached(offer, away_m, total))
    return tuple(reached)


def _radius(reached: Sequence[Reached[Key]], wanted_grams: int) -> int | None:
    return next((one.away_m for one in reached if one.total_grams >= wanted_grams), None)


def _bounds(
    connected: Sequence[Supply[Key]],
    centre: Point,
    wanted_grams: int,
    radius: int | None,
    travel: TravelEngine | None,
) -> tuple[tuple[int, int] | None, bool]:
    """The radii if every road were as short, or as long, as it may be; and whether any is estimated."""
    if travel is None or not connected:
        return (None if radius is None else (radius, radius)), False
    shortest, longest = road_bounds(travel, [offer.point for offer in connected], [centre])
    low, high = (
        _radius(_in_order(connected, matrix.metres[:, 0].tolist()), wanted_grams)
        for matrix in (shortest, longest)
    )
    return (None if low is None or high is None else (low, high)), shortest.is_estimate
