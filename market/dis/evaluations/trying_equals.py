"""What if an equal competitor came? Every tender is met by its own copy, and what could tell them apart is counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from market.dis.evaluations.inputs import Inputs, TenderIn, Value, deduction, offs
from market.dis.systems.rules import MOST_DEDUCTION_BP

MOST = Fraction(MOST_DEDUCTION_BP, 10_000)


@dataclass(frozen=True, slots=True)
class Copied:
    """A tender and a copy of it: same price, same added values.

    `better` are the values that the tender does not have, by which the copy could come first at the same price.
    `scored` are those that a working group judges sample by sample, and so may set apart
    what is offered with the same words.
    """

    supplier: str
    better: Sequence[Value]
    scored: Sequence[Value]

    @property
    def only_draw(self) -> bool:
        """Nothing but the price, or drawing lots, can tell the two apart."""
        return not self.better and not self.scored


def copied(inputs: Inputs) -> list[Copied]:
    """Every tender against its copy, by supplier."""
    return sorted((_copied(inputs, tender) for tender in inputs.tenders), key=lambda one: one.supplier)


def _copied(inputs: Inputs, tender: TenderIn) -> Copied:
    has_room = deduction(inputs, tender) < MOST
    lacking = [off.value for off in offs(inputs, tender) if off.part < Fraction(off.value.max_bp, 10_000)]
    better = [value for value in lacking if value.max_points is None]
    scored = [value for value in inputs.values if value.max_points is not None and value.max_bp]
    return Copied(tender.supplier, better if has_room else [], scored)
