"""Money and CO2e of a route: the one place where metres and seconds become öre and grams.

Each route is rounded once, half up, from exact integers; plans and reports add up rounded routes.
"""

from routing.problem import Vehicle

METRES_PER_KM = 1000
SECONDS_PER_HOUR = 3600
SHARES_PER_ORE = 18_000
"""Least common multiple of 1000 and 3600: in this unit a metre and a second cost whole numbers."""


def shares_per_metre(vehicle: Vehicle) -> int:
    """The price of a metre in 1/18 000 öre."""
    return vehicle.ore_per_km * (SHARES_PER_ORE // METRES_PER_KM)


def shares_per_second(vehicle: Vehicle) -> int:
    """The price of a second in 1/18 000 öre."""
    return vehicle.ore_per_hour * (SHARES_PER_ORE // SECONDS_PER_HOUR)


def shares_per_overtime_second(vehicle: Vehicle) -> int:
    """What a second after the shift costs beyond any other second, in 1/18 000 öre."""
    return (vehicle.overtime_ore_per_hour - vehicle.ore_per_hour) * (SHARES_PER_ORE // SECONDS_PER_HOUR)


def time_shares(vehicle: Vehicle, *, duration_s: int, overtime_s: int) -> int:
    """The price of a route's time in 1/18 000 öre; ``overtime_s`` of its seconds lie after the shift."""
    shares = shares_per_second(vehicle) * duration_s
    return shares + shares_per_overtime_second(vehicle) * overtime_s if overtime_s else shares


def route_cost_ore(
    vehicle: Vehicle, *, distance_m: int, duration_s: int, overtime_s: int = 0, visits_ore: int = 0
) -> int:
    """Fixed price of the shift, kilometres, hours with overtime, and visits, in öre."""
    shares = time_shares(vehicle, duration_s=duration_s, overtime_s=overtime_s)
    shares += shares_per_metre(vehicle) * distance_m
    return vehicle.fixed_ore_per_shift + visits_ore + half_up(shares, SHARES_PER_ORE)


def route_co2e_g(vehicle: Vehicle, *, distance_m: int) -> int:
    """Grams of CO2 equivalents for the distance."""
    return half_up(vehicle.co2e_g_per_km * distance_m, METRES_PER_KM)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole number, halves upwards."""
    return (2 * numerator + denominator) // (2 * denominator)
