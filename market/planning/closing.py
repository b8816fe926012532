"""Why goods cannot go, in the words of whoever can change it: a closed end, a lead time, a vehicle that is missing."""

from __future__ import annotations

from market.planning import rules
from market.planning.naming import HUB, OWN
from routing.opening import intersect, opening
from routing.problem import Problem, Shipment, Window

NEEDS_SKILL = "needs_skill"
LACKING = {HUB: rules.NO_STAFF, OWN: rules.NO_OWN_VEHICLE}


def plainer_code(problem: Problem, shipment: Shipment, code: str) -> str:
    """The planner's reason code, or what lies behind it where that is known."""
    return closed_end(problem, shipment) or _too_soon(shipment) or _lacking(shipment, code) or code


def closed_end(problem: Problem, shipment: Shipment) -> str | None:
    """The reason code of the end that has hours, but none when the goods could be there; None when both are open."""
    stops = {stop.id: stop for stop in problem.stops}
    ends = (
        (shipment.pickup, shipment.pickup_windows, rules.SITE_CLOSED),
        (shipment.delivery, shipment.delivery_windows, rules.KITCHEN_CLOSED),
    )
    for name, windows, code in ends:
        if _never(stops[name].windows, windows):
            return rules.HUB_CLOSED if code == rules.SITE_CLOSED and shipment.after else code
    return None


def _never(open_: tuple[Window, ...], asked: tuple[Window, ...]) -> bool:
    return bool(open_ and asked) and not intersect(opening(open_), opening(asked))


def _too_soon(shipment: Shipment) -> str | None:
    last_s = max((window.end_s for window in shipment.delivery_windows), default=shipment.ready_s)
    return rules.LEAD_TIME if shipment.ready_s > last_s else None


def _lacking(shipment: Shipment, code: str) -> str | None:
    """Which of our own needs no vehicle meets; a tail lift or a ferry is the planner's to tell."""
    if code != NEEDS_SKILL:
        return None
    kinds = (need.partition(":")[0] for need in shipment.needs)
    return next((LACKING[kind] for kind in kinds if kind in LACKING), None)
