"""What an opened tender comes to, for lists of them."""

from __future__ import annotations

from dataclasses import dataclass

from market.dis.tenders.models import Tender, TenderLine
from market.values import Quantity, line_total_ore


@dataclass(frozen=True, slots=True)
class Line:
    """One lot in a tender: between `least` and `most`, and what the most of it costs."""

    row: TenderLine
    least: Quantity
    most: Quantity
    most_ore: int

    @property
    def is_whole(self) -> bool:
        return self.least == self.most == self.row.lot.quantity


@dataclass(frozen=True, slots=True)
class Summed:
    """A tender, its lines by the lots' numbers, and what all it offers costs, without deliveries and excluding VAT."""

    tender: Tender
    lines: tuple[Line, ...]

    @property
    def most_ore(self) -> int:
        return sum(line.most_ore for line in self.lines)


def summed(tender: Tender) -> Summed:
    return Summed(tender, tuple(_line(row) for row in sorted(tender.lines, key=lambda row: row.lot.number)))


def _line(row: TenderLine) -> Line:
    most = Quantity(row.max_steps, row.lot.unit)
    return Line(row, Quantity(row.min_steps, row.lot.unit), most, line_total_ore(most, row.price))
