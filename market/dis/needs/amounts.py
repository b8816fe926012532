"""Amounts as people write them in a grid or a sheet, to whole steps. Pure."""

from __future__ import annotations

from decimal import Decimal

from market.dis.needs.rules import MOST_A_WEEK, NotWholePieces, TooExact, TooMuchNeeded, checked_steps
from market.values import Quantity, Unit


def read_steps(amount: Decimal, unit: Unit) -> int:
    """Steps of an amount in whole units; 0 is nothing. Raises what is wrong with it."""
    if not amount.is_finite() or amount > MOST_A_WEEK:
        raise TooMuchNeeded(most=Quantity(MOST_A_WEEK * unit.steps, unit))
    steps = amount * unit.steps
    if steps != steps.to_integral_value():
        raise NotWholePieces if unit is Unit.PIECE else TooExact
    return checked_steps(int(steps), unit)
