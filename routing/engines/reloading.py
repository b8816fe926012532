"""Whether it could pay that a vehicle comes back to its start to load again.

Goods that every vehicle loads where it starts make small models when they are loaded before leaving, once and for
all. That loses nothing as long as another turn is as good as a second trip: turns that are alike, have no price of
their own, and are enough. Everywhere else the engines may bring a vehicle back to load more.
"""

from collections.abc import Iterable

from routing.engines.ortools_nodes import Job, is_free_at_start
from routing.load_limits import ENOUGH, all_limits
from routing.problem import Shipment
from routing.trips import Turn

ROOMY = 0.8
"""Goods that fill no more of the turns' capacities than this go into one load for each turn with ease."""


def could_pay(job: Job) -> bool:
    """Whether a second trip of some turn could save anything."""
    groups: dict[frozenset[tuple[str, int]], list[Shipment]] = {}
    for shipment in job.shipments:
        if is_free_at_start(shipment, job):
            keys = frozenset(turn.key for turn in job.fittings[shipment.id].turns)
            groups.setdefault(keys, []).append(shipment)
    if not groups:
        return False
    turns = {turn.key: turn for turn in job.turns}
    return _is_priced(job.turns) or any(
        _is_short([turns[key] for key in keys], [s for few in groups if few <= keys for s in groups[few]])
        for keys in groups
    )


def _is_priced(turns: Iterable[Turn]) -> bool:
    """Whether one turn more, or another one, has its price."""
    vehicles = [turn.vehicle for turn in turns]
    rates = {(v.ore_per_km, v.ore_per_hour, v.overtime_s, v.overtime_ore_per_hour) for v in vehicles}
    return len(rates) > 1 or any(vehicle.fixed_ore_per_shift for vehicle in vehicles)


def _is_short(turns: list[Turn], goods: list[Shipment]) -> bool:
    """Whether one load for each turn may not be enough for goods that no other turn can carry."""
    if len(goods) <= len(turns):
        return False
    limits = all_limits(goods, [turn.vehicle for turn in turns])
    return any(sum(limit.amounts) > ROOMY * sum(limit.most) for limit in limits if ENOUGH not in limit.most)
