"""What was promised about shipments, and what it costs a route to break it."""

from collections.abc import Iterable

from routing.opening import ALWAYS, Opening, intersect, opening
from routing.plan import Visit
from routing.problem import Promise
from routing.trips import Places, Task, Trip, Turn


def is_kept_by(promise: Promise, turn: Turn) -> bool:
    """Whether the turn is the promised one; the time is another matter."""
    return promise.vehicle in {None, turn.vehicle.id} and promise.shift in {None, turn.shift}


def broken_ore(turn: Turn, visits: Iterable[Visit], places: Places) -> int:
    """The price of every promise that these visits break, each paid once, where the shipment is delivered."""
    return sum(
        promise.ore
        for visit in visits
        for name in visit.deliveries
        for promise in places.promises.get(name, ())
        if not is_kept_by(promise, turn)
        or (promise.window is not None and visit.start_s not in promise.window)
    )


def has_times(trip: Trip, places: Places) -> bool:
    """Whether some delivery of the trip was promised for a time."""
    return any(
        promise.window is not None
        for task in trip.tasks
        if not task.is_pickup
        for promise in places.promises.get(task.shipment.id, ())
    )


def promised_opening(task: Task, places: Places) -> Opening:
    """When a task may start so that every promised time is kept."""
    open_ = ALWAYS
    for promise in () if task.is_pickup else places.promises.get(task.shipment.id, ()):
        if promise.window is not None:
            open_ = intersect(open_, opening((promise.window,)))
    return open_
