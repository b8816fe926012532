"""Where kitchens open for an hour and vans are small, the search finds what looking at all routes finds."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bounding import FAR_ABOVE, LATER, all_below, nothing

from routing.bounds import pricing
from routing.bounds.alone import alone
from routing.bounds.complete import CompletePricer
from routing.bounds.master import Duals
from routing.bounds.network import closure_of, kinds_of
from routing.bounds.pricing import RoutePricer
from routing.problem import Window

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from weeks import made_week

pytestmark = pytest.mark.usefixtures("routes_compiled")


@pytest.mark.parametrize("is_timed", [True, False])
@pytest.mark.parametrize("seed", [2, 5, 7, 11, 13, 17])
def test_the_cheapest_route_of_a_tight_day_is_found(seed, is_timed):
    """Waiting priced or not, with any rewards: goods whose handling costs more than they earn can fill what is waited anyway."""
    problem = tight_day(seed)
    closure, random = closure_of(problem), np.random.default_rng(seed)
    kinds = kinds_of(problem, closure)
    found = RoutePricer(closure, kinds, is_timed=is_timed)
    found.width = len(pricing.ROUNDS) - 1
    looked = CompletePricer(kinds, all_below(found, nothing(kinds, len(problem.shipments)), FAR_ABOVE))
    single, none = alone(closure, kinds, len(problem.shipments)), np.zeros(len(kinds), dtype=np.int64)
    floors = set()
    for _ in range(40):
        rewards = (single * random.uniform(0.1, 1.0, len(single))).astype(np.int64)
        duals = Duals(rewards, none, none, 0.0)
        true, seen = looked.price(0, duals), found.price(0, duals, until=LATER)
        assert seen.is_exact
        assert min(0, seen.floor) == min(0, true.floor)
        floors.add(true.floor)
    assert min(floors) < 0


def tight_day(seed):
    """One van, one day, ten orders for three kitchens."""
    random = np.random.default_rng(seed)
    week = made_week(seed, farms=7, kitchens=3, orders=10, vehicles=1)

    def hours(stop):
        opens_s = int(random.integers(6 * 3600, 9 * 3600))
        return replace(stop, windows=(Window(opens_s, opens_s + int(random.integers(900, 5400))),))

    return replace(
        week,
        stops=tuple(hours(stop) if stop.id.startswith("kitchen") else stop for stop in week.stops),
        shipments=tuple(replace(shipment, delivery_windows=()) for shipment in week.shipments),
        vehicles=tuple(
            replace(
                van,
                shifts=van.shifts[:1],
                capacity_grams=int(random.integers(300, 900)) * 1000,
                capacity_crates=None,
            )
            for van in week.vehicles
        ),
    )
