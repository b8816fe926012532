"""What is left out for its price: shipments whose way costs more than doing without them, route by route."""

from routing.schedule import schedule
from routing.trips import Places, Trip


def cheaper_without(trips: tuple[Trip, ...], places: Places) -> tuple[Trip, ...]:
    """The trips without what does not pay: single shipments, the dearest first, then a whole trip.

    Mandatory shipments stay, and so does a trip that has no schedule (its caller must judge it).
    """
    return tuple(kept for trip in trips if (kept := _worth_driving(trip, places)).tasks)


def _worth_driving(trip: Trip, places: Places) -> Trip:
    cost = _cost(trip, places)
    while cost is not None and (better := _best_drop(trip, cost, places)) is not None:
        trip, cost = better
    if cost is None or cost == 0:
        return trip
    skips = {task.shipment.id: task.shipment.skip_ore for task in trip.tasks}.values()
    whole = sum(skip for skip in skips if skip is not None)
    return Trip(trip.turn, ()) if None not in skips and whole < cost else trip


def _best_drop(trip: Trip, cost: int, places: Places) -> tuple[Trip, int] | None:
    """The trip without the shipment whose absence saves most beyond its price; None when none saves."""
    best: tuple[int, Trip, int] | None = None
    for shipment in {task.shipment.id: task.shipment for task in trip.tasks}.values():
        if shipment.skip_ore is None:
            continue
        rest = Trip(trip.turn, tuple(task for task in trip.tasks if task.shipment.id != shipment.id))
        rest_cost = _cost(rest, places)
        if rest_cost is None:
            continue
        gain = cost - rest_cost - shipment.skip_ore
        if gain > 0 and (best is None or gain > best[0]):
            best = (gain, rest, rest_cost)
    return None if best is None else best[1:]


def _cost(trip: Trip, places: Places) -> int | None:
    if not trip.tasks:
        return 0
    route = schedule(trip, places=places)
    return None if route is None else route.cost_ore
