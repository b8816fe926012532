"""Can a trip be driven? The one place where an engine's idea becomes a route or is refused.

Engines know a part of the rules each. Whatever they propose is asked here: the order of pickups and deliveries, the
loads and who may carry what (``carrying``), and the times by ``schedule``; the answer carries the true cost.
"""

from routing.plan import Route
from routing.schedule import schedule
from routing.trips import Places, Trip


def route_of(trip: Trip, *, places: Places) -> Route | None:
    """The trip with times and costs, or None when it breaks a rule or leaves something on board."""
    return schedule(trip, places=places) if trip.tasks and _is_emptied(trip, places) else None


def _is_emptied(trip: Trip, places: Places) -> bool:
    """Whether all that is picked up is delivered; what is on board already may have to stay there."""
    loaded = {task.shipment.id for task in trip.tasks if task.is_pickup}
    left = loaded.difference(task.shipment.id for task in trip.tasks if not task.is_pickup)
    return not left or left <= places.picked_up
