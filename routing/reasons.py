"""Why a shipment was left out: the first simple cause that holds, looked for from the hardest to the softest."""

from collections.abc import Iterable, Iterator, Mapping

from routing.carrying import (
    FIXED_ROUTE,
    FORBIDDEN_PAIR,
    FORBIDDEN_PLACE,
    LOCKED_OUT,
    NEEDS_SKILL,
    NO_COMPARTMENT,
    OTHER_OWNER,
    STOP_ORDER,
    TOO_HEAVY,
)
from routing.fitting import fits_somewhere, fittings
from routing.handover import earliest_times, has_handovers, separated
from routing.opening import intersect, opening
from routing.plan import Route, Unserved
from routing.problem import Problem, Shipment, Window
from routing.trips import Places, Task, Turn, places_of, tasks_of, turns_of

NO_VEHICLE = "no_vehicle"
NEVER_OPEN = "never_open"
NO_SHIFT = "no_shift_meets_windows"
TOO_FAR = "too_far_for_a_shift"
PRICE = "dearer_than_skipping"
WAITS = "waits_for_another"
CAPACITY = "capacity_taken"

CODES = {
    NO_VEHICLE: "There is no vehicle with a shift in the plan.",
    NEVER_OPEN: "Its own hours and the opening hours of the place never meet.",
    LOCKED_OUT: "Every vehicle that could be there in time is locked out: its vehicle or shift was fixed otherwise.",
    FIXED_ROUTE: "Every vehicle that could be there in time drives a fixed route without it.",
    FORBIDDEN_PAIR: "Every vehicle that could be there in time is forbidden to carry it.",
    STOP_ORDER: "Every vehicle that could be there in time has to visit its two places in the other order.",
    FORBIDDEN_PLACE: "Every vehicle that could be there in time is kept from going to one of its places.",
    NEEDS_SKILL: "Every vehicle that could be there in time lacks something that it needs, such as a tail lift.",
    OTHER_OWNER: "Every vehicle that could be there in time carries the goods of others only.",
    NO_COMPARTMENT: "Every vehicle that could carry it has no compartment for its temperature.",
    TOO_HEAVY: "It is too heavy, or takes too many crates or pallet places, for every vehicle that could carry it.",
    NO_SHIFT: "No vehicle's shift meets the hours for pickup and delivery.",
    TOO_FAR: "No vehicle can drive there and back within its shift and driving limit.",
    WAITS: "What it waits for is left out, or comes too late for any vehicle to carry it on.",
    PRICE: "In the plan found, serving it was not worth more than its price for leaving it out.",
    CAPACITY: "It would fit a vehicle alone, but in the plan found the vehicles' time or space is taken.",
}
"""Reason codes with their texts. The last three speak of the plan that was found, not of all possible plans."""

LAST_HINDRANCE_FIRST = (
    TOO_HEAVY,
    NO_COMPARTMENT,
    OTHER_OWNER,
    NEEDS_SKILL,
    FORBIDDEN_PLACE,
    STOP_ORDER,
    FORBIDDEN_PAIR,
    FIXED_ROUTE,
    LOCKED_OUT,
)
"""Of several vehicles the one that came nearest to carrying it speaks: the last rule that a vehicle met."""


def unserved(problem: Problem, routes: Iterable[Route]) -> tuple[Unserved, ...]:
    """An entry for each shipment that no route delivers, in the problem's order."""
    routes = tuple(routes)
    delivered = {name for route in routes for visit in route.visits for name in visit.deliveries}
    missing = [shipment for shipment in problem.shipments if shipment.id not in delivered]
    if not missing:
        return ()
    places, turns = places_of(problem), turns_of(problem)
    codes = {shipment.id: _code(shipment, turns, places) for shipment in missing}
    codes |= dict.fromkeys(_waiting(problem, routes, missing, codes), WAITS)
    return tuple(Unserved(name, code, CODES[code]) for name, code in codes.items())


def _waiting(
    problem: Problem, routes: Iterable[Route], missing: Iterable[Shipment], codes: Mapping[str, str]
) -> Iterator[str]:
    """The ids of goods that a vehicle could carry, if only what they wait for came, or came sooner."""
    if not has_handovers(problem):
        return
    late = separated(problem, earliest_times(problem, routes))
    own = {shipment.id: shipment for shipment in late.shipments}
    places, turns = places_of(late), turns_of(late)
    for shipment in missing:
        could = shipment.after and codes[shipment.id] in {CAPACITY, PRICE}
        if could and not fits_somewhere(own[shipment.id], turns, places=places):
            yield shipment.id


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
