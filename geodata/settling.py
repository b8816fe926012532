"""Expanding circles made into distances, once it is known who has the product.

A circle reaches as far as is needed to cover an amount. Settled, it is a distance like any other, with
sharp answers and an outline; until then its own answer is uncertain.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geodata.definitions import AllOf, AnyOf, ExpandingCircle, LocalDefinition, Rule, WithinDistance
from geodata.distances import reach_m
from geodata.expanding import expanding_circle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.expanding import Key, Supply
    from geodata.points import Point


def circle_reach_m(offers: Sequence[Supply[Key]], *, kitchen: Point, rule: ExpandingCircle) -> int | None:
    """Metres as the crow flies to the farthest supplier of the circle, at least 1; None when nobody has anything.

    Where all of them together have too little, the circle reaches to the farthest. Rounded up, so that
    whoever the circle was drawn round is inside.
    """
    found = expanding_circle(offers, centre=kitchen, wanted_grams=rule.grams)
    reaches = (reach_m(kitchen, one.supply.point) for one in found.suppliers)
    return max([1, *reaches]) if found.suppliers else None


def settle(definition: LocalDefinition, radii: Mapping[ExpandingCircle, int | None]) -> LocalDefinition:
    """The definition with each circle as a distance from the kitchen, by its radius in metres.

    A circle without a radius, or with None or 0, has no supplier: nothing can be inside it yet, and it stays
    as it is. Raises `geodata.definitions.InvalidDefinition` for a radius that no distance can have.
    """
    return replace(definition, rule=_settled(definition.rule, radii))


def _settled(rule: Rule, radii: Mapping[ExpandingCircle, int | None]) -> Rule:
    match rule:
        case AllOf(rules):
            return AllOf(tuple(_settled(part, radii) for part in rules))
        case AnyOf(rules):
            return AnyOf(tuple(_settled(part, radii) for part in rules))
        case ExpandingCircle():
            radius = radii.get(rule)
            return WithinDistance(km=radius / 1000, by="crow", measured_from="kitchen") if radius else rule
        case _:
            return rule
