"""What a plan is compared with: the same orders delivered another way, computed and checked the same way.

``drive_alone``: every producer for itself; ``each_order_alone``: every order for itself; ``last_weeks_plan``: last
week's routes. Goods that wait for others are driven when those have come.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from routing.balance import NO_BALANCE
from routing.engines.protocol import Limit
from routing.handover import earliest_times, ending_by, has_handovers, separated
from routing.handover_limits import levels_of, limits_of
from routing.last_week import last_weeks_plan
from routing.order_trips import each_order_alone, order_problem
from routing.parts import replace_parts
from routing.plan import Plan, Route
from routing.problem import Problem, Shipment, Vehicle
from routing.solve import checked, plan_of, solve

__all__ = [
    "alone_problem",
    "drive_alone",
    "each_order_alone",
    "last_weeks_plan",
    "order_problem",
    "replace_parts",
]

ITERATIONS_PER_FARM = 40
SECONDS_PER_FARM_AT_MOST = 15
"""One farm with its hubs: more iterations found nothing better in trials with up to 15 hubs."""


def drive_alone(problem: Problem, *, vehicle: Vehicle) -> Plan:
    """Every producer drives its own goods from its own farm to its hubs and back, each day for itself.

    ``vehicle`` gives capacity, prices, driving rules and shifts (one a day); its start and end are replaced by the
    farm. A hub that passes goods on drives them as a farm does. The plan answers ``alone_problem``. Nothing may be left out
    for a price. Repeatable: iterations decide, the clock only stops a farm's search that has gone astray. Raises
    solve.PlanCheckFailed.
    """
    began = time.monotonic()
    alone = alone_problem(problem, vehicle=vehicle)
    plan = plan_of(alone, _routes(alone), engine="drive_alone", seconds=time.monotonic() - began)
    return checked(alone, plan)


def alone_problem(problem: Problem, *, vehicle: Vehicle) -> Problem:
    """The problem with a vehicle of its own, or as many trips as its goods need, at every pickup stop."""
    shipments = tuple(replace(shipment, skip_ore=None) for shipment in problem.shipments)
    shares = _shares(shipments)
    fleet = tuple(own for share, goods in shares.items() for own in _own_vehicles(share, goods, vehicle))
    return replace_parts(problem, shipments=shipments, vehicles=fleet)


Share = tuple[int, str]
"""What is driven by itself: one farm's, or hub's, goods of one echelon."""


def _shares(shipments: Iterable[Shipment]) -> dict[Share, tuple[Shipment, ...]]:
    goods = tuple(shipments)
    levels = levels_of(goods)
    shares: dict[Share, tuple[Shipment, ...]] = {}
    for shipment in sorted(goods, key=lambda shipment: levels[shipment.id]):
        share = (levels[shipment.id], shipment.pickup)
        shares[share] = (*shares.get(share, ()), shipment)
    return shares


def _own_vehicles(share: Share, goods: tuple[Shipment, ...], vehicle: Vehicle) -> Iterator[Vehicle]:
    """Enough trips for every shipment, whatever its weight: never more trips than shipments."""
    trips = min(len(goods), 1 + 2 * sum(shipment.grams for shipment in goods) // vehicle.capacity_grams)
    for number in range(1, trips + 1):
        name = f"{_prefix(share)}{number}"
        yield replace(vehicle, id=name, name=f"{vehicle.name} {number}", start=share[1], end=share[1])


def _prefix(share: Share) -> str:
    """What the ids of a share's vehicles begin with."""
    echelon, farm = share
    return f"{farm}+{echelon}#" if echelon else f"{farm}#"


def _routes(alone: Problem) -> tuple[Route, ...]:
    """Each share's own best routes, echelon by echelon; its goods and vehicles are a small problem of their own."""
    routes: list[Route] = []
    due = limits_of(alone).last if has_handovers(alone) else {}
    for share, goods in _shares(alone.shipments).items():
        around = separated(alone, earliest_times(alone, routes))
        own = replace_parts(
            ending_by(around, due),
            shipments=(entry for entry in around.shipments if entry.id in {one.id for one in goods}),
            vehicles=(vehicle for vehicle in alone.vehicles if vehicle.id.startswith(_prefix(share))),
        )
        own = replace(own, balance=NO_BALANCE)  # what the whole costs is nothing that a part could lessen
        limit = Limit(seconds=SECONDS_PER_FARM_AT_MOST, iterations=ITERATIONS_PER_FARM)
        routes.extend(solve(own, limit=limit).routes)
    return tuple(routes)
