"""Where goods can go on a route that has work already: orders of work, the shortest first.

One block (all that is done with the goods at one stop) is put where it was asked for, or everywhere; the other ends of its
goods follow, each group at the few places that lengthen the route least.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from routing.carrying import in_order
from routing.insertion import Order, metres_of
from routing.problem import Shipment
from routing.trips import Places, Task, Turn, tasks_of

MOST_ORDERS = 60
BEAM = 4
"""So many orders go on from each place of the block while the other ends are put in."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is moved: the goods, the stop at which they are taken hold of, and how many other stays come before it."""

    goods: tuple[Shipment, ...]
    stop: str | None = None
    position: int | None = None


def orders_of(turn: Turn, tasks: Order, block: Block, places: Places) -> tuple[Order, ...]:
    """Orders of the turn's work with the block's goods, the shortest first; ``tasks`` is its work now, with them or without."""
    names = {shipment.id for shipment in block.goods}
    found: dict[Order, int] = {}
    for base, block_tasks, others in _ways(tasks, names, block, places):
        for start in _with_block(base, tasks, block_tasks, block):
            for order in _beam(turn, start, others, places):
                if in_order((*places.aboard.get(turn.key, ()), *order)):
                    found[order] = metres_of(turn, order, places)
        if found:
            break
    return tuple(sorted(found, key=lambda order: found[order])[:MOST_ORDERS])


def _ways(
    tasks: Order, names: set[str], block: Block, places: Places
) -> Iterator[tuple[Order, Order, tuple[Order, ...]]]:
    """What stays, the block, and the groups that follow: the other ends stay where they are, if they are here, else they too move."""
    own = [task for shipment in block.goods for task in tasks_of(shipment, places)]
    held = block.stop or _common_stop(block.goods)
    block_tasks = tuple(task for task in own if task.stop == held and _is_held(task, held))
    here = {task.shipment.id for task in tasks}
    if names <= here:
        yield tuple(task for task in tasks if task not in block_tasks), block_tasks, ()
    rest = sorted(
        (task for task in own if task not in block_tasks), key=lambda task: (not task.is_pickup, task.stop)
    )
    groups = tuple(
        tuple(group) for _, group in groupby(rest, key=lambda task: (not task.is_pickup, task.stop))
    )
    yield tuple(task for task in tasks if task.shipment.id not in names), block_tasks, groups


def _common_stop(goods: tuple[Shipment, ...]) -> str:
    """Where all of them are delivered, or picked up; else where the first is delivered."""
    for ends in ({s.delivery for s in goods}, {s.pickup for s in goods}):
        if len(ends) == 1:
            return ends.pop()
    return goods[0].delivery


def _is_held(task: Task, stop: str) -> bool:
    """Goods that come from and go to the same stop are held by their delivery."""
    return not task.is_pickup or task.shipment.delivery != stop


def _with_block(base: Order, tasks: Order, block_tasks: Order, block: Block) -> Iterator[Order]:
    if block.position is None:
        for gap in _gaps(base, block_tasks):
            yield (*base[:gap], *block_tasks, *base[gap:])
        return
    gap = _gap_at(tasks, frozenset(base), block.position)
    yield (*base[:gap], *block_tasks, *base[gap:])


def _gap_at(tasks: Order, kept: frozenset[Task], position: int) -> int:
    """How many of the kept tasks lie in the first ``position`` stays that keep any."""
    stays = (sum(task in kept for task in stay) for _, stay in groupby(tasks, key=lambda task: task.stop))
    return sum([size for size in stays if size][: max(0, position)])


def _gaps(order: Order, group: Order) -> Iterator[int]:
    """Between stays; at a stay of the group's own stop only where deliveries come first and pickups last."""
    stop = group[0].stop if group else ""
    edges = [0]
    for _, stay in groupby(order, key=lambda task: task.stop):
        edges.append(edges[-1] + len(tuple(stay)))
    for edge in edges:
        before = edge > 0 and order[edge - 1].stop == stop
        after = edge < len(order) and order[edge].stop == stop
        if (before and not group[0].is_pickup) or (after and group[0].is_pickup):
            continue  # the other edge of that stay says the same
        yield edge


def _beam(turn: Turn, start: Order, groups: Iterable[Order], places: Places) -> list[Order]:
    beam = [(0, start)]
    for group in groups:
        longer = [
            (added + _detour(turn, order, gap, group[0].stop, places), (*order[:gap], *group, *order[gap:]))
            for added, order in beam
            for gap in _gaps(order, group)
            if _is_possible(order, gap, group)
        ]
        beam = sorted(longer, key=lambda entry: entry[0])[:BEAM]
    return [order for _, order in beam]


def _is_possible(order: Order, gap: int, group: Order) -> bool:
    """Whether nothing of the group is delivered before it is picked up."""
    names = {task.shipment.id for task in group}
    wrong = order[:gap] if group[0].is_pickup else order[gap:]
    return not any(task.shipment.id in names for task in wrong)


def _detour(turn: Turn, order: Order, gap: int, stop: str, places: Places) -> int:
    before = order[gap - 1].stop if gap else turn.vehicle.start
    after = order[gap].stop if gap < len(order) else turn.vehicle.end
    there = places.metres(before, stop)
    return there if after is None else there + places.metres(stop, after) - places.metres(before, after)
