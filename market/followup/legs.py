"""The way of a kilo of food leg by leg: from farm to farm and slaughter, to the hub, on to the kitchen. Together they are food_km. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from market.followup.figures import METRES_A_KM, Sums, ratio
from market.values import msg


@dataclass(frozen=True, slots=True)
class Leg:
    """`column`: grams times metres, of figures.Sums."""

    key: str
    name: str
    column: str

    def of(self, sums: Sums) -> Decimal | None:
        """Kilometres of a kilo in the mean; none where nothing came."""
        return ratio(getattr(sums, self.column), sums.grams * METRES_A_KM)


LEGS = (
    Leg("food_km_chain", msg("Till där varan hämtas"), "chain_gram_m"),
    Leg("food_km_hub", msg("Därifrån till det mottagande köket"), "hub_gram_m"),
    Leg("food_km_kitchen", msg("Vidare till köket som beställde"), "kitchen_gram_m"),
)
"""In the order that food takes them."""
