"""Why a shipment was left out: the first simple cause that holds, looked for from the hardest to the softest."""

from collections.abc import Iterable

from routing.carrying import (
    FORBIDDEN_PAIR,
    FORBIDDEN_PLACE,
    LOCKED_OUT,
    NEEDS_SKILL,
    NO_COMPARTMENT,
    OTHER_OWNER,
    TOO_HEAVY,
)
from routing.fitting import fits_somewhere, fittings
from routing.opening import intersect, opening
from routing.plan import Route, Unserved
from routing.problem import Problem, Shipment, Window
from routing.trips import Places, Task, Turn, places_of, tasks_of, turns_of

NO_VEHICLE = "no_vehicle"
NEVER_OPEN = "never_open"
NO_SHIFT = "no_shift_meets_windows"
TOO_FAR = "too_far_for_a_shift"
PRICE = "dearer_than_skipping"
CAPACITY = "capacity_taken"

CODES = {
    NO_VEHICLE: "There is no vehicle with a shift in the plan.",
    NEVER_OPEN: "Its own hours and the opening hours of the place never meet.",
    LOCKED_OUT: "Every vehicle that could be there in time is locked out: its vehicle or shift was fixed otherwise.",
    FORBIDDEN_PAIR: "Every vehicle that could be there in time is forbidden to carry it.",
    FORBIDDEN_PLACE: "Every vehicle that could be there in time is kept from going to one of its places.",
    NEEDS_SKILL: "Every vehicle that could be there in time lacks something that it needs, such as a tail lift.",
    OTHER_OWNER: "Every vehicle that could be there in time carries the goods of others only.",
    NO_COMPARTMENT: "Every vehicle that could carry it has no compartment for its temperature.",
    TOO_HEAVY: "It is too heavy, or takes too many crates or pallet places, for every vehicle that could carry it.",
    NO_SHIFT: "No vehicle's shift meets the hours for pickup and delivery.",
    TOO_FAR: "No vehicle can drive there and back within its shift and driving limit.",
    PRICE: "In the plan found, serving it was not worth more than its price for leaving it out.",
    CAPACITY: "It would fit a vehicle alone, but in the plan found the vehicles' time or space is taken.",
}
"""Reason codes with their texts. The last two speak of the plan that was found, not of all possible plans."""

LAST_HINDRANCE_FIRST = (
    TOO_HEAVY,
    NO_COMPARTMENT,
    OTHER_OWNER,
    NEEDS_SKILL,
    FORBIDDEN_PLACE,
    FORBIDDEN_PAIR,
    LOCKED_OUT,
)
"""Of several vehicles the one that came nearest to carrying it speaks: the last rule that a vehicle met."""


def unserved(problem: Problem, routes: Iterable[Route]) -> tuple[Unserved, ...]:
    """An entry for each shipment that no route delivers, in the problem's order."""
    delivered = {name for route in routes for visit in route.visits for name in visit.deliveries}
    missing = [shipment for shipment in problem.shipments if shipment.id not in delivered]
    if not missing:
        return ()
    places, turns = places_of(problem), turns_of(problem)
    return tuple(_entry(shipment, turns, places) for shipment in missing)


def _entry(shipment: Shipment, turns: tuple[Turn, ...], places: Places) -> Unserved:
    code = _code(shipment, turns, places)
    return Unserved(shipment.id, code, CODES[code])


def _code(shipment: Shipment, turns: tuple[Turn, ...], places: Places) -> str:
    if not turns:
        return NO_VEHICLE
    if fits_somewhere(shipment, turns, places=places):
        return CAPACITY if shipment.skip_ore is None else PRICE
    fit = fittings([shipment], turns, places=places)[shipment.id]
    if fit.hindered:
        codes = {code for _, code in fit.hindered}
        return next(code for code in LAST_HINDRANCE_FIRST if code in codes)
    hours = [_hours(task, places) for task in tasks_of(shipment, places)]
    if not all(hours):
        return NEVER_OPEN
    overlaps = any(
        all(intersect(open_, (Window(turn.window.start_s, turn.last_s),)) for open_ in hours)
        for turn in turns
    )
    return TOO_FAR if overlaps else NO_SHIFT


def _hours(task: Task, places: Places) -> tuple[Window, ...]:
    return intersect(opening(places.stops[task.stop].windows), opening(task.windows))
