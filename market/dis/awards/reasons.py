"""The proposed reasons of an award decision, in Swedish as the decision itself: what decided, lot by lot. Pure.

The officer reads, changes and adds; what stands in the decision is what the officer saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from market.agreements.annex import SWEDISH, amount_words, kronor, price_words
from market.values import Unit

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """What a winner got of a lot. `comparison` is the price per unit after deductions."""

    producer_id: int
    name: str
    steps: int
    price: Decimal
    deduction_bp: int
    comparison: Decimal
    cost_ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotOutcome:
    """A lot as it was decided; `tenders` is how many valid ones there were for it."""

    lot_id: int
    number: int
    name: str
    authority: str
    unit: Unit
    steps: int
    won: tuple[Won, ...]
    tenders: int = 0

    @property
    def awarded(self) -> int:
        return sum(one.steps for one in self.won)

    @property
    def short(self) -> int:
        """What nobody was awarded."""
        return max(0, self.steps - self.awarded)


def comparison_price(price: Decimal, deduction_bp: int) -> Decimal:
    """The price per unit less what the added values take off."""
    return price * (WHOLE_BP - deduction_bp) / WHOLE_BP


def percent_words(deduction_bp: int) -> str:
    """As in "12,5 %"."""
    return f"{format_decimal(Decimal(deduction_bp) / 100, '0.##', locale=SWEDISH)} %"


def proposed_reasons(
    lots: Sequence[LotOutcome],
    *,
    cost_ore: int,
    comparison_ore: int,
    counts_delivery: bool = False,
    drawn_lots: Sequence[int] = (),
) -> str:
    """A paragraph for each lot, and one for the whole."""
    words = [_lot(lot) for lot in lots]
    if drawn_lots:
        numbers = ", ".join(str(number) for number in drawn_lots)
        words.append(
            f"I del {numbers} var anbud lika. Ordningen avgjordes enligt den publicerade regeln för lika anbud."
        )
    if counts_delivery:
        words.append(
            "Vad anbudsgivarna själva tar betalt för leverans till varje mottagningskök räknas med i jämförelsesumman, "
            "så som avropet angav."
        )
    words.append(
        "Tilldelningen är den tillåtna fördelning av delarna som ger lägst sammanlagd jämförelsesumma enligt de "
        f"publicerade kriterierna: {kronor(comparison_ore)}. Det som betalas är {kronor(cost_ore)}, "
        "exklusive moms."
    )
    return "\n\n".join(words)


def _lot(lot: LotOutcome) -> str:
    head = f"Del {lot.number}, {lot.name} ({lot.authority}), {amount_words(lot.steps, lot.unit)}: "
    if not lot.won:
        return head + ("inget giltigt anbud kom in." if not lot.tenders else "inget anbud tilldelas något.")
    said = head + " ".join(_won(one, lot.unit) for one in lot.won)
    others = lot.tenders - len(lot.won)
    if others > 0:
        said += f" {_others(others)} och gav ingen lägre sammanlagd jämförelsesumma."
    else:
        said += " Inga andra giltiga anbud lämnades på delen."
    if lot.short:
        said += f" {amount_words(lot.short, lot.unit)} täcks inte av något anbud."
    return said


def _others(count: int) -> str:
    """How many more there were; what they asked is theirs (OSL 31 kap. 16 §), so no price of theirs is said."""
    return (
        "Ett annat giltigt anbud lämnades på delen"
        if count == 1
        else f"{count} andra giltiga anbud lämnades på delen"
    )


def _won(one: Won, unit: Unit) -> str:
    deducted = (
        f"efter {percent_words(one.deduction_bp)} avdrag för mervärden blir jämförelsepriset "
        f"{price_words(one.comparison, unit)}"
        if one.deduction_bp
        else f"utan avdrag, jämförelsepris {price_words(one.comparison, unit)}"
    )
    return f"{one.name} tilldelas {amount_words(one.steps, unit)} till {price_words(one.price, unit)}; {deducted}."
