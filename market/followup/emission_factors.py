"""What transports emit where no route with a vehicle of its own is known: each factor with its source, in this one file. Pure.

A line delivered by a published route takes its part of that route's emissions instead, whose factor is the vehicle's own and
stands with its source in the fleet register.
"""

from __future__ import annotations

from dataclasses import dataclass

from market.followup.rules import part_of
from market.values import msg

METRES_A_KM = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A vehicle on its own errand: grams of CO2e a kilometre driven, the load it takes on, and how far it drives for each way."""

    key: str
    name: str
    g_per_km: int
    load_grams: int
    ways: int
    source: str

    def grams(self, *, grams: int, metres: int) -> int:
        """CO2e in grams of so many grams of goods over so many metres, rounded once; goods take their part of a usual load."""
        return part_of(self.g_per_km * self.ways * metres, own=grams, whole=self.load_grams * METRES_A_KM)


OWN_VAN = Factor(
    key="own_van",
    name=msg("Producentens egen skåpbil"),
    g_per_km=230,
    load_grams=400_000,
    ways=2,
    source=msg(
        "Antagande, inget mätvärde: lätt dieseldriven skåpbil, 230 g CO2e per km från källa till hjul, 400 kg i lasten "
        "och tom väg tillbaka. Rutter i en publicerad körplan räknas i stället med fordonets eget värde ur registret."
    ),
)
"""Also used between production sites, where nobody plans the transport."""
