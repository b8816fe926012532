"""What leaving out a shipment, and breaking a promise about it, costs in an OR-Tools model.

Anything left out costs more than all routes together, so that the search serves what it can; what is not worth its
way is dropped from the answers (see dropping). A mandatory shipment costs more than all optional ones, and one of
higher priority more than all of lower ones.
"""

from routing.costs import SHARES_PER_ORE
from routing.problem import Shipment
from routing.promises import is_kept_by
from routing.ranking import priorities_of
from routing.trips import Places, Task, Turn

LARGEST_PRICE = 2**61
"""All prices together must stay within OR-Tools' 64 bits."""


def prices_of_leaving_out(
    shipments: tuple[Shipment, ...], *, above_routes: int, share: int
) -> dict[str, int]:
    """By shipment id, in units of ``share`` / 18 000 öre; ``above_routes`` is more than all routes can cost."""
    optional = {
        shipment.id: above_routes + shipment.skip_ore * SHARES_PER_ORE // share
        for shipment in shipments
        if shipment.skip_ore is not None
    }
    mandatory = tuple(shipment for shipment in shipments if shipment.skip_ore is None)
    by_priority = _by_priority(mandatory, 1 + above_routes + sum(optional.values()))
    return optional | {shipment.id: by_priority[shipment.priority] for shipment in mandatory}


def _by_priority(mandatory: tuple[Shipment, ...], least: int) -> dict[int, int]:
    """Each price above all those of lower priority together, or at least above the next lower one.

    With very many priorities the first would not fit the numbers.
    """
    prices: dict[int, int] = {}
    price, lower = least, 0
    for priority in reversed(priorities_of(mandatory)):
        price = max(price, min(lower + 1, LARGEST_PRICE // (1 + len(mandatory))))
        prices[priority] = price
        lower += price * sum(shipment.priority == priority for shipment in mandatory)
        price += 1
    return prices


def broken_by(turn: Turn, tasks: tuple[Task, ...], places: Places) -> dict[int, int]:
    """Öre by delivery node for the promises that this turn breaks by carrying the shipment at all."""
    if not places.promises:
        return {}
    return {
        node: ore
        for node, task in enumerate(tasks)
        if not task.is_pickup
        and (ore := sum(p.ore for p in places.promises.get(task.shipment.id, ()) if not is_kept_by(p, turn)))
    }
