"""Which end of a shipment is closed on its day."""

from __future__ import annotations

from market.planning import rules
from routing.opening import intersect, opening
from routing.problem import Problem, Shipment, Window


def closed_end(problem: Problem, shipment: Shipment) -> str | None:
    """The reason code of the end that has hours, but none when the goods could be there; None when both are open."""
    stops = {stop.id: stop for stop in problem.stops}
    ends = (
        (shipment.pickup, shipment.pickup_windows, rules.SITE_CLOSED),
        (shipment.delivery, shipment.delivery_windows, rules.KITCHEN_CLOSED),
    )
    for name, windows, code in ends:
        if _never(stops[name].windows, windows):
            return code
    return None


def _never(open_: tuple[Window, ...], asked: tuple[Window, ...]) -> bool:
    return bool(open_ and asked) and not intersect(opening(open_), opening(asked))
