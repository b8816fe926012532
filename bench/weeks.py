"""Made weeks: 20 farms, 8 kitchens, 60 orders, three vehicles of different owners, three compartments, five days; seeded.

The scales are those of a Swedish municipality: farms within 60 km, roads 1.3 times the straight line, 60 km/h, orders of
20 to 300 kg in crates of 12 kg, ten minutes a stop and half a minute a crate, kitchens that take in goods between 06:30 and
10:30, some of them on certain days only. An order's allowed days are its delivery windows. Growers sell mostly what needs no
cooling, dairies chilled goods, those with meat or fish chilled and frozen ones (at most 150 kg an order); each vehicle has a
compartment for goods without cooling, a chilled one that takes both, and a frozen one. The same seed makes the same week on
every machine.

Of several municipalities each has its centre within 120 km, its share of farms, kitchens and vehicles around it, and kitchens
that buy from the nearest of three farms, whoever's: `made_region` is the large one of 300 farms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, hypot, log, pi, sin
from random import Random

from routing.problem import Compartment, Problem, Shipment, Stop, Temperature, Vehicle, Window

HOUR = 3600
DAY = 24 * HOUR
DAYS = 5
MUNICIPALITIES = 5
"""Of a region."""
CIRCUITY = 1.3
METRES_PER_S = 60_000 / HOUR
CENTRE = (60.0, 17.6)
KM_PER_DEGREE = 111.2
KG_PER_CRATE = 12
SECONDS_PER_CRATE = 30
STOP_S = 600


@dataclass(frozen=True, slots=True)
class Fleet:
    """One owner's vehicle: kronor per shift, öre per km and hour, kg, shift in hours."""

    owner: str
    kg: int
    fixed_kr: int
    ore_per_km: int
    ore_per_hour: int
    shift: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trade:
    """What a farm sells: how many such there are among ten farms, and the classes of ten of its orders."""

    farms: int
    ambient: int
    chilled: int
    frozen: int


TRADES = (
    Trade(farms=5, ambient=7, chilled=3, frozen=0),  # vegetables, grain
    Trade(farms=2, ambient=0, chilled=10, frozen=0),  # milk, cheese, eggs
    Trade(farms=3, ambient=0, chilled=5, frozen=5),  # meat, fish
)
MOST_FROZEN_KG = 150
"""Of one order: it fits in the frozen compartment of every vehicle."""
ROOMS = (
    ((Temperature.AMBIENT,), 30),
    ((Temperature.AMBIENT, Temperature.CHILLED), 50),
    ((Temperature.FROZEN,), 20),
)
"""The compartments: what each admits and its share of the vehicle's crates in per cent."""

FLEET = (
    Fleet("municipality", 1_100, 150, 450, 33_000, (5, 15)),
    Fleet("producer", 800, 100, 420, 32_000, (5, 13)),
    Fleet("haulier", 1_200, 400, 550, 35_000, (5, 15)),
)


def made_week(
    seed: int,
    *,
    farms: int = 20,
    kitchens: int = 8,
    orders: int = 60,
    vehicles: int = 3,
    municipalities: int = 1,
    has_compartments: bool = True,
) -> Problem:
    """A week's problem. Farms and homes lie within 60 km of a municipality's centre, kitchens within 20.

    The n-th farm, kitchen and vehicle belong to municipality n modulo ``municipalities``. Without compartments no goods need cooling.
    """
    random = Random(seed)
    centres = [(0.0, 0.0)] if municipalities == 1 else [_within(random, 120) for _ in range(municipalities)]
    places = [
        _beside(centres[n % municipalities], _within(random, km))
        for count, km in ((farms, 60), (kitchens, 20), (vehicles, 30))
        for n in range(count)
    ]
    openings = [_kitchen_hours(random) for _ in range(kitchens)]
    stops = (
        *(_stop(f"farm:{n}", places[n], _days((5.5, 14.0), range(DAYS))) for n in range(farms)),
        *(_stop(f"kitchen:{n}", places[farms + n], openings[n]) for n in range(kitchens)),
        *(_stop(f"home:{n}", places[farms + kitchens + n], (), stop_s=0) for n in range(vehicles)),
    )
    metres = [[round(1000 * CIRCUITY * hypot(a - c, b - d)) for c, d in places] for a, b in places]
    from_farms = [row[:farms] for row in metres[farms : farms + kitchens]]
    trades: Sequence[Trade | None] = [None] * farms
    if has_compartments:
        trades = random.choices(TRADES, [trade.farms for trade in TRADES], k=farms)
    asked = 1 if municipalities == 1 else 3
    return Problem(
        stops,
        tuple(_order(random, n, from_farms, trades, openings=openings, asked=asked) for n in range(orders)),
        tuple(_vehicle(n, ROOMS if has_compartments else ()) for n in range(vehicles)),
        metres,
        [[round(m / METRES_PER_S) for m in row] for row in metres],
        name=f"made week {seed}" if municipalities == 1 else f"made region {seed}",
    )


def made_region(seed: int) -> Problem:
    """A week of five municipalities that plan together: 300 farms, 60 kitchens, 25 vehicles, 900 orders, no compartments."""
    return made_week(
        seed,
        farms=300,
        kitchens=60,
        orders=900,
        vehicles=25,
        municipalities=MUNICIPALITIES,
        has_compartments=False,
    )


def _beside(centre: tuple[float, float], way: tuple[float, float]) -> tuple[float, float]:
    return centre[0] + way[0], centre[1] + way[1]


def _within(random: Random, km: float) -> tuple[float, float]:
    """A point as kilometres east and north of the centre, at most ``km`` by road; near ones are more common."""
    radius, angle = km / CIRCUITY * random.random(), 2 * pi * random.random()
    return radius * cos(angle), radius * sin(angle)


def _stop(name: str, place: tuple[float, float], windows: tuple[Window, ...], stop_s: int = STOP_S) -> Stop:
    lat = CENTRE[0] + place[1] / KM_PER_DEGREE
    lon = CENTRE[1] + place[0] / (KM_PER_DEGREE * cos(CENTRE[0] * pi / 180))
    return Stop(name, name.replace(":", " ").title(), windows, stop_s, round(lat, 6), round(lon, 6))


def _days(hours: tuple[float, float], days: Sequence[int]) -> tuple[Window, ...]:
    return tuple(Window(d * DAY + round(hours[0] * HOUR), d * DAY + round(hours[1] * HOUR)) for d in days)


def _kitchen_hours(random: Random) -> tuple[Window, ...]:
    """Mornings; every other kitchen takes in goods on two or three days only."""
    opens = random.choice((6.5, 6.5, 7.0, 7.5))
    closes = random.choice((10.0, 10.5, 10.5))
    days = range(DAYS) if random.random() < 0.5 else sorted(random.sample(range(DAYS), random.choice((2, 3))))
    return _days((opens, closes), days)


def _order(
    random: Random,
    number: int,
    from_farms: Sequence[Sequence[int]],
    trades: Sequence[Trade | None],
    *,
    openings: Sequence[tuple[Window, ...]],
    asked: int,
) -> Shipment:
    """Some orders have one day, some all of their kitchen's days; one in eight may be left out for a price.

    The farm is the nearest of so many ``asked``; ``from_farms``: metres by kitchen and farm.
    """
    kitchen = random.randrange(len(openings))
    metres = from_farms[kitchen]
    farm = min((random.randrange(len(metres)) for _ in range(asked)), key=metres.__getitem__)
    temperature = _temperature(random, trades[farm])
    kg = round(20 * 15 ** random.random())  # small orders are common, 300 kg is rare
    if temperature is Temperature.FROZEN:
        kg = min(kg, MOST_FROZEN_KG)
    crates = ceil(kg / KG_PER_CRATE)
    count = min(random.choice((1, 2, 3, DAYS, DAYS)), len(openings[kitchen]))
    return Shipment(
        f"order:{number}",
        f"farm:{farm}",
        f"kitchen:{kitchen}",
        grams=kg * 1000,
        crates=crates,
        pickup_s=crates * SECONDS_PER_CRATE,
        delivery_s=crates * SECONDS_PER_CRATE,
        delivery_windows=tuple(sorted(random.sample(openings[kitchen], count))),
        skip_ore=round(100 * kg * 20 / log(kg)) if random.random() < 0.125 else None,
        temperature=temperature,
    )


def _temperature(random: Random, trade: Trade | None) -> Temperature:
    if trade is None:
        return Temperature.AMBIENT
    [chosen] = random.choices(tuple(Temperature), [trade.ambient, trade.chilled, trade.frozen])
    return chosen


def _vehicle(number: int, rooms: tuple[tuple[tuple[Temperature, ...], int], ...]) -> Vehicle:
    kind = FLEET[number % len(FLEET)]
    crates = kind.kg // KG_PER_CRATE
    return Vehicle(
        id=f"van:{number}",
        name=f"{kind.owner.title()} {number}",
        owner=kind.owner,
        start=f"home:{number}",
        end=f"home:{number}",
        capacity_grams=kind.kg * 1000,
        capacity_crates=crates,
        shifts=_days(kind.shift, range(DAYS)),
        fixed_ore_per_shift=kind.fixed_kr * 100,
        ore_per_km=kind.ore_per_km,
        ore_per_hour=kind.ore_per_hour,
        co2e_g_per_km=230,
        max_drive_s=9 * HOUR,
        compartments=tuple(
            Compartment(admits, capacity_crates=crates * share // 100) for admits, share in rooms
        ),
    )
