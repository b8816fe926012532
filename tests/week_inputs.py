"""A small week as the planner's inputs: a grower, a hub with a satellite, a municipal van and the hub's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from factories import HOUR, MONDAY

from geodata.travel import Estimator
from market.planning.building import build_problem
from market.planning.inputs import Goods, OpenHours, Place, Terms, Van, WeekInputs
from market.values import Week
from routing.problem import Problem

OWN = 1
WEEK = Week.containing(MONDAY)
TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)


def weekdays(opens: int, closes: int, days: tuple[int, ...] = (1, 2, 3, 4, 5)) -> tuple[OpenHours, ...]:
    return tuple(OpenHours(weekday=day, opens_s=opens * HOUR, closes_s=closes * HOUR) for day in days)


SITE = Place(id=1, name="Åkerbo", lat=59.85, lon=18.60, hours=weekdays(5, 15))
HUB = Place(id=2, name="Centralköket", lat=59.758, lon=18.705, hours=weekdays(7, 14), authority_id=OWN)
SATELLITE = Place(id=3, name="Rimbo", lat=59.744, lon=18.370, hours=weekdays(7, 15), authority_id=OWN)
GOODS = Goods(
    order_id=7,
    producer_id=3,
    site_id=1,
    kitchen_id=2,
    day=THURSDAY,
    grams=40_000,
    crates=4,
    authority_id=OWN,
)
ONWARD = replace(GOODS, order_id=8, onward_id=3)
VAN = Van(
    id=5,
    name="Kylbilen",
    owner="carrier:1",
    home_name="Förrådet",
    lat=59.76,
    lon=18.70,
    capacity_grams=900_000,
    capacity_crates=80,
    weekdays=(1, 2, 3, 4, 5),
    shift_starts_s=6 * HOUR,
    shift_ends_s=15 * HOUR,
    fixed_ore_per_shift=20_000,
    ore_per_km=400,
    ore_per_hour=30_000,
    co2e_g_per_km=210,
)
STAFF = replace(
    VAN,
    id=6,
    name="Kökets bil",
    owner="carrier:2",
    lat=HUB.lat,
    lon=HUB.lon,
    shift_starts_s=8 * HOUR,
    hub_ids=(2,),
    collects=False,
)
INPUTS = WeekInputs(
    authority_id=OWN, week=WEEK, goods=(GOODS,), sites=(SITE,), kitchens=(HUB, SATELLITE), vans=(VAN,)
)


def week(**changes: object) -> WeekInputs:
    return replace(INPUTS, **changes)


def terms(**changes: object) -> tuple[Terms, ...]:
    return (Terms(authority_id=OWN, **changes),)


def problem(**changes: object) -> Problem:
    return build_problem(week(**changes), travel=Estimator()).problem
