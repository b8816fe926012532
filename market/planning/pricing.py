"""What a vehicle costs the municipality: a haulier's tariff, its own costs, or nothing where the goods pay for the transport. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from market.fleet.models import Vehicle
from market.planning.models import Run
from routing.costs import half_up

METRES_PER_KM, SECONDS_PER_HOUR = 1000, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """In öre: per day it is out, per kilometre and per hour."""

    day_ore: int
    km_ore: int
    hour_ore: int

    def of(self, *, distance_m: int, duration_s: int) -> int:
        """The price of a day's route, in whole öre."""
        shares = self.km_ore * distance_m * SECONDS_PER_HOUR + self.hour_ore * duration_s * METRES_PER_KM
        return self.day_ore + half_up(shares, METRES_PER_KM * SECONDS_PER_HOUR)


NOTHING = Prices(day_ore=0, km_ore=0, hour_ore=0)


def carriers_prices(vehicle: Vehicle) -> Prices:
    """What driving it costs whoever pays: the carrier's tariff where there is one, else the vehicle's own costs."""
    carrier = vehicle.carrier
    day, km, hour = carrier.tariff_ore_per_day, carrier.tariff_ore_per_km, carrier.tariff_ore_per_hour
    if day is None or km is None or hour is None:
        return Prices(
            day_ore=vehicle.fixed_ore_per_shift, km_ore=vehicle.ore_per_km, hour_ore=vehicle.ore_per_hour
        )
    return Prices(day_ore=day, km_ore=km, hour_ore=hour)


def municipal_prices(vehicle: Vehicle) -> Prices:
    """What the municipality pays beside the price of the goods."""
    return NOTHING if vehicle.carrier.is_paid_with_goods else carriers_prices(vehicle)


def paid_with_goods_ore(runs: list[Run]) -> int:
    """What the runs cost that the municipality pays in the price of the products already, by today's prices."""
    return sum(
        carriers_prices(run.vehicle).of(distance_m=run.distance_m, duration_s=run.duration_s)
        for run in runs
        if run.vehicle.carrier.is_paid_with_goods
    )
