"""Which of two plans is better: first what must be served and is not, by priority, then money."""

from collections.abc import Iterable

from routing.problem import Shipment

Rank = tuple[int, ...]
"""Mandatory shipments left out, one count per priority from the highest down, and last the öre. Less is better."""


def priorities_of(shipments: Iterable[Shipment]) -> tuple[int, ...]:
    """The priorities of mandatory shipments, the highest first; at least one."""
    found = {shipment.priority for shipment in shipments if shipment.skip_ore is None}
    return tuple(sorted(found or {0}, reverse=True))


def rank(
    left_out: Iterable[Shipment], *, priorities: tuple[int, ...], route_ore: int, balance_ore: int = 0
) -> Rank:
    """The rank of a plan whose routes cost ``route_ore`` and which as a whole costs ``balance_ore``.

    Prices of what is left out are added.
    """
    missing = tuple(left_out)
    counts = [
        sum(shipment.skip_ore is None and shipment.priority == priority for shipment in missing)
        for priority in priorities
    ]
    return (*counts, route_ore + balance_ore + sum(shipment.skip_ore or 0 for shipment in missing))
