"""Why a shipment was left out: the first simple cause that holds, looked for from the hardest to the softest."""

from collections.abc import Iterable

from routing.fitting import Fitting, fittings
from routing.opening import intersect, opening
from routing.plan import Route, Unserved
from routing.problem import Problem, Shipment, Window
from routing.trips import Places, Task, Turn, places_of, turns_of

NO_VEHICLE = "no_vehicle"
NEVER_OPEN = "never_open"
TOO_HEAVY = "too_heavy"
NO_SHIFT = "no_shift_meets_windows"
TOO_FAR = "too_far_for_a_shift"
PRICE = "dearer_than_skipping"
CAPACITY = "capacity_taken"

CODES = {
    NO_VEHICLE: "There is no vehicle with a shift in the plan.",
    NEVER_OPEN: "Its own hours and the opening hours of the place never meet.",
    TOO_HEAVY: "It is too heavy, or has too many crates, for every vehicle that could get there in time.",
    NO_SHIFT: "No vehicle's shift meets the hours for pickup and delivery.",
    TOO_FAR: "No vehicle can drive there and back within its shift and driving limit.",
    PRICE: "In the plan found, serving it was not worth more than its price for leaving it out.",
    CAPACITY: "It would fit a vehicle alone, but in the plan found the vehicles' time or space is taken.",
}
"""Reason codes with their texts. The last two speak of the plan that was found, not of all possible plans."""


def unserved(problem: Problem, routes: Iterable[Route]) -> tuple[Unserved, ...]:
    """An entry for each shipment that no route delivers, in the problem's order."""
    delivered = {name for route in routes for visit in route.visits for name in visit.deliveries}
    missing = [shipment for shipment in problem.shipments if shipment.id not in delivered]
    if not missing:
        return ()
    places, turns = places_of(problem), turns_of(problem)
    fits = fittings(missing, turns, places=places)
    return tuple(_entry(shipment, fits[shipment.id], turns, places) for shipment in missing)


def _entry(shipment: Shipment, fit: Fitting, turns: tuple[Turn, ...], places: Places) -> Unserved:
    code = _code(shipment, fit, turns, places)
    return Unserved(shipment.id, code, CODES[code])


def _code(shipment: Shipment, fit: Fitting, turns: tuple[Turn, ...], places: Places) -> str:
    if not turns:
        return NO_VEHICLE
    if fit.turns:
        return CAPACITY if shipment.skip_ore is None else PRICE
    if fit.too_heavy:
        return TOO_HEAVY
    hours = [_hours(Task(shipment, is_pickup=end), places) for end in (True, False)]
    if not all(hours):
        return NEVER_OPEN
    overlaps = any(all(intersect(open_, (turn.window,)) for open_ in hours) for turn in turns)
    return TOO_FAR if overlaps else NO_SHIFT


def _hours(task: Task, places: Places) -> tuple[Window, ...]:
    return intersect(opening(places.stops[task.stop].windows), opening(task.windows))
