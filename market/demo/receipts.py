"""How last week's deliveries came: most as ordered, some short, damaged or a little heavier."""

from __future__ import annotations

from dataclasses import dataclass

from market.demo.goods import Goods
from market.orders.receipt_rules import DeviationKind
from market.register.models import Temperature
from market.values import Unit

USUAL_DECIDEGREES = {Temperature.CHILLED: 41, Temperature.FROZEN: -192}
"""Measured at the kitchen's door, in tenths of a degree Celsius; goods at room temperature are not measured."""
EVERY = 10
"""Of ten deliveries in a row the second weighs more, the fifth is short and the eighth has something damaged."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`accepted` counts the unit's steps."""

    accepted: int
    deviation: DeviationKind | None
    note: str
    decidegrees: int | None


def draw_receipt(number: int, ordered: int, goods: Goods) -> Receipt:
    degrees = USUAL_DECIDEGREES.get(goods.temperature)
    match number % EVERY:
        case 1 if goods.unit is Unit.KILOGRAM:
            return Receipt(ordered + ordered * 3 // 100, None, "Vägde lite mer än beställt.", degrees)
        case 4:
            accepted = ordered - max(goods.package_size.steps // 2, 1)
            return Receipt(accepted, DeviationKind.SHORT, "En halv förpackning fattades.", degrees)
        case 7:
            accepted = ordered - max(goods.package_size.steps // 5, 1)
            return Receipt(accepted, DeviationKind.DAMAGED, "En låda hade blivit blöt.", degrees)
        case _:
            return Receipt(ordered, None, "", degrees)
