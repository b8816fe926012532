"""Prices of the plan as a whole told to engines that price routes alone, as well as that can be told.

Of another problem with the same goods and vehicles an engine finds trips that are likely good parts of a plan whose
whole is cheap (a Lagrangian idea; the prices need not be right, for what is found is priced truly). An hour costs more by its
share of the busiest day, were all days even. Vehicles of owners without a guarantee cost more by what a usual load would
save in one that has. At a stop, goods by another vehicle than its usual one break a promise.
"""

from collections import Counter
from dataclasses import dataclass, replace

from routing.balance import NO_BALANCE
from routing.balancing import day_of
from routing.engines.protocol import Engine, Found, Limit, Progress, Reporter
from routing.problem import Problem, Promise, Vehicle
from routing.trips import Trip
from routing.validate import LARGEST
from routing.weighing import own_trips

GRAMS_PER_KG = 1000


@dataclass(frozen=True, slots=True)
class Tilted:
    """The engine on the tilted problem; ``plan`` tells the usual loads and vehicles, ``per_cent`` how far it is tilted."""

    engine: Engine
    plan: tuple[Trip, ...]
    per_cent: int
    name: str = "tilted"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        """What the engine finds, as trips of the problem itself."""
        tilted = tilt(problem, self.plan, per_cent=self.per_cent)

        def told(progress: Progress, trips: tuple[Trip, ...]) -> None:
            if report is not None:
                report(progress, own_trips(problem, trips))

        found = self.engine.search(tilted, limit=limit, seed=seed, report=told if report else None)
        return Found(own_trips(problem, found.trips), own_trips(problem, found.others))


def tilt(problem: Problem, plan: tuple[Trip, ...], *, per_cent: int) -> Problem:
    """The problem without a balance, whose prices of routes hint at it."""
    rules = replace(problem.rules, promises=(*problem.rules.promises, *_promises(problem, plan, per_cent)))
    vehicles = tuple(_vehicle(vehicle, problem, _usual_grams(plan), per_cent) for vehicle in problem.vehicles)
    return replace(problem, vehicles=vehicles, rules=rules, balance=NO_BALANCE)


def _vehicle(vehicle: Vehicle, problem: Problem, grams: int, per_cent: int) -> Vehicle:
    days = {day_of(other, shift) for other in problem.vehicles for shift in range(len(other.shifts))}
    hour = problem.balance.peak_ore_per_hour // max(1, len(days))
    fixed = sum(
        guarantee.ore_per_kg * min(grams, vehicle.capacity_grams) * per_cent // (GRAMS_PER_KG * 100)
        for guarantee in problem.balance.guarantees
        if guarantee.owner != vehicle.owner
    )
    return replace(
        vehicle,
        fixed_ore_per_shift=min(LARGEST, vehicle.fixed_ore_per_shift + fixed),
        ore_per_hour=min(LARGEST, vehicle.ore_per_hour + hour),
        overtime_ore_per_hour=min(LARGEST, vehicle.overtime_ore_per_hour + hour),
    )


def _usual_grams(plan: tuple[Trip, ...]) -> int:
    """What a route of the plan carries, as a mean."""
    grams = sum(task.shipment.grams for trip in plan for task in trip.tasks if not task.is_pickup)
    return grams // max(1, len(plan))


def _promises(problem: Problem, plan: tuple[Trip, ...], per_cent: int) -> tuple[Promise, ...]:
    """Each stop's goods promised to the vehicle that brings most of them, the price shared by what a stay brings."""
    if not problem.balance.new_face_ore:
        return ()
    visits = Counter(
        (task.stop, trip.turn.vehicle.id) for trip in plan for task in trip.tasks if not task.is_pickup
    )
    stays = Counter(
        stop for trip in plan for stop in {task.stop for task in trip.tasks if not task.is_pickup}
    )
    usual: dict[str, str] = {}
    for (stop, vehicle), _ in visits.most_common():
        usual.setdefault(stop, vehicle)
    goods = Counter(shipment.delivery for shipment in problem.shipments)
    return tuple(
        Promise(shipment.id, share, vehicle=usual[shipment.delivery])
        for shipment in problem.shipments
        if shipment.delivery in usual
        for share in (
            problem.balance.new_face_ore
            * stays[shipment.delivery]
            * per_cent
            // (100 * goods[shipment.delivery]),
        )
    )
