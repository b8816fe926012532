"""The compiled loop of ruin and recreate: strings of tasks out, pairs back in greedily, taken or not by annealing.

After Christiaens and Vanden Berghe (2020), "Slack Induction by String Removals for Vehicle Routing Problems": near a random task
a few routes lose a string each (with a gap in it, every other time); a shipment of which one end goes, goes whole. What is out is put
back in one of several orders, each where it adds least, but some places are not seen ("blinks"). To save vehicles one route is given up,
and plans that leave shipments out are compared by how often each of these was left out before (absence counters).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.engines.ruin_compiled import compiled
from routing.engines.ruin_ground import Ground, Real, Whole
from routing.engines.ruin_moves import Routes, best_place, copy_owners, copy_row, draw, next_blink, put, refresh, take_marked


class Scratch(NamedTuple):
    """What the steps write to beside routes. ``random`` (1); ``blinks`` (1); ``out`` (S): who is out, in order, ``keys`` (S) by what.

    ``marked`` (S): who is being taken out; ``touched`` (R): rows that differ from the kept plan.
    ``seen`` (K) and ``bounds`` (L): for _recreate. ``places`` (S, R, 3): version, first and then of the best place
    for each in a row as it was (first -1: none cheaper than ``prices`` (S, R)). ``hardness`` (S): how often each was left out. ``weight`` (S): what leaving each out counts.
    ``figures`` (4): öre and weight left out of the kept plan, and of the best one.
    """

    random: NDArray[np.uint64]
    blinks: Whole
    out: Whole
    keys: Real
    marked: NDArray[np.bool_]
    touched: NDArray[np.bool_]
    seen: Whole
    bounds: Real
    places: Whole
    prices: Real
    hardness: Whole
    weight: Whole
    figures: Real


class Manner(NamedTuple):
    """How strong a ruin is: tasks taken out on average, the longest string, and how likely a string has a gap."""

    tasks: float
    longest: float
    gaps: float


@compiled
def prepare(ground: Ground, routes: Routes, kept: Routes, best: Routes, scratch: Scratch) -> bool:
    """Work out all figures of ``routes`` and take it as the kept and the best plan; whether every row keeps times and loads."""
    fits = True
    for row in range(routes.length.shape[0]):
        if routes.kind[row] >= 0:
            fits = refresh(ground, routes, row) and fits
        else:
            routes.cost[row] = 0.0
        copy_row(routes, kept, row)
        copy_row(routes, best, row)
        scratch.touched[row] = False
    copy_owners(routes, kept)
    copy_owners(routes, best)
    weight, ore = _left_out(ground, routes, scratch)
    for row in range(routes.length.shape[0]):
        ore += routes.cost[row]
    scratch.figures[0] = scratch.figures[2] = ore
    scratch.figures[1] = scratch.figures[3] = weight
    return fits


@compiled
def search(
    ground: Ground,
    routes: Routes,
    kept: Routes,
    best: Routes,
    scratch: Scratch,
    manner: Manner,
    steps: int,
    warm: float,
    fewer: bool,  # noqa: FBT001 - compiled
) -> int:
    """So many ruins and recreates from the kept plan, at a temperature of ``warm`` öre; how many were made.

    ``fewer``: left-out shipments count by their hardness, which grows, and the search ends when nothing is left out.
    """
    for step in range(steps):
        if fewer and scratch.figures[1] == 0:
            return step
        if fewer:
            for shipment in range(scratch.weight.shape[0]):
                scratch.weight[shipment] = scratch.hardness[shipment]
            scratch.figures[1], _ = _left_out(ground, kept, scratch)
        out = _ruin(ground, routes, scratch, manner, fewer)
        whole = _recreate(ground, routes, scratch, out)
        taken = False
        if whole:
            weight, ore = _left_out(ground, routes, scratch)
            for row in range(routes.length.shape[0]):
                ore += routes.cost[row]
            chance = -warm * np.log(1.0 - draw(scratch.random))
            if weight < scratch.figures[1] or (
                weight == scratch.figures[1] and ore < scratch.figures[0] + chance
            ):
                taken = True
                scratch.figures[0], scratch.figures[1] = ore, weight
        if taken:
            _keep(routes, kept, scratch)
            if fewer:
                if scratch.figures[1] == 0:
                    _remember(kept, best, scratch)
            elif (scratch.figures[1], scratch.figures[0]) < (scratch.figures[3], scratch.figures[2] - 1e-6):
                _remember(kept, best, scratch)
        else:
            _undo(routes, kept, scratch)
    return steps


@compiled
def _left_out(ground: Ground, routes: Routes, scratch: Scratch) -> tuple[int, float]:
    """Weight of the mandatory shipments that are out, and öre of the others."""
    weight, ore = 0, 0.0
    for shipment in range(ground.skips.shape[0]):
        if routes.row_of[shipment] < 0:
            if ground.musts[shipment]:
                weight += scratch.weight[shipment]
            else:
                ore += ground.skips[shipment]
    return weight, ore


@compiled
def _keep(routes: Routes, kept: Routes, scratch: Scratch) -> None:
    for row in range(routes.length.shape[0]):
        if scratch.touched[row]:
            copy_row(routes, kept, row)
            scratch.touched[row] = False
    copy_owners(routes, kept)


@compiled
def _undo(routes: Routes, kept: Routes, scratch: Scratch) -> None:
    for row in range(routes.length.shape[0]):
        if scratch.touched[row]:
            copy_row(kept, routes, row)
            scratch.touched[row] = False
    copy_owners(kept, routes)


@compiled
def _remember(kept: Routes, best: Routes, scratch: Scratch) -> None:
    for row in range(kept.length.shape[0]):
        copy_row(kept, best, row)
    copy_owners(kept, best)
    scratch.figures[2], scratch.figures[3] = scratch.figures[0], scratch.figures[1]


@compiled
def _ruin(ground: Ground, routes: Routes, scratch: Scratch, manner: Manner, fewer: bool) -> int:  # noqa: FBT001 - compiled
    """Take strings out near a random task; how many shipments are out now, listed in ``scratch.out``."""
    random, count = scratch.random, ground.skips.shape[0]
    used, tasks, out = 0, 0, 0
    for row in range(routes.length.shape[0]):
        if routes.length[row] > 2:
            used += 1
            tasks += routes.length[row] - 2
    for shipment in range(count):
        if routes.row_of[shipment] < 0:
            scratch.out[out] = shipment
            out += 1
    if used == 0:
        return out
    longest = min(manner.longest, tasks / used)
    strings = int(1.0 + draw(random) * (4.0 * manner.tasks / (1.0 + longest) - 1.0))
    seed = int(draw(random) * 2 * count)
    if fewer and out > 0 and draw(random) < 0.5:
        seed = 2 * scratch.out[int(draw(random) * out)] + int(draw(random) * 2)
    for rank in range(2 * count):
        near = ground.near[seed, rank]
        row = routes.row_of[near // 2]
        if row < 0 or scratch.touched[row]:
            continue
        size = routes.length[row] - 2
        most = min(float(size), longest)
        _mark_string(routes, row, near, int(1.0 + draw(random) * most), scratch, manner)
        scratch.touched[row] = True
        for place in range(1, size + 1):
            node = routes.nodes[row, place]
            if node % 2 == 0 and scratch.marked[node // 2]:
                scratch.out[out] = node // 2
                out += 1
        take_marked(ground, routes, row, scratch.marked)
        strings -= 1
        if strings <= 0:
            break
    for number in range(out):
        scratch.marked[scratch.out[number]] = False
    return out


@compiled
def _mark_string(routes: Routes, row: int, node: int, length: int, scratch: Scratch, manner: Manner) -> None:
    """Mark the shipments of a string of so many tasks with the node in it; maybe some in its middle stay."""
    random, nodes, size = scratch.random, routes.nodes[row], routes.length[row] - 2
    length = min(length, size)
    gap = 0
    if length > 1 and draw(random) < manner.gaps:
        gap = 1
        while length + gap < size and draw(random) > 0.5:
            gap += 1
        gap = min(gap, size - length)
    place = 1
    while nodes[place] != node:
        place += 1
    span = length + gap
    lowest, highest = max(1, place - span + 1), min(place, size - span + 1)
    first = lowest + int(draw(random) * (highest - lowest + 1))
    stays = first + 1 + int(draw(random) * max(1, length - 1)) if gap else first + span
    for number in range(first, first + span):
        if number < stays or number >= stays + gap:
            scratch.marked[nodes[number] // 2] = True
    scratch.marked[node // 2] = True


@compiled
def _recreate(ground: Ground, routes: Routes, scratch: Scratch, out: int) -> bool:
    """Put back what is out; False as soon as more is left out than the kept plan leaves out."""
    _sort(ground, scratch, out)
    lost = 0
    seen = scratch.seen
    for kind in range(seen.shape[0]):
        seen[kind] = 0
    for number in range(out):
        shipment = scratch.out[number]
        least, row, first, then = ground.skips[shipment], -1, -1, -1
        for other in range(routes.length.shape[0]):
            kind = routes.kind[other]
            if kind < 0 or not ground.may[kind, shipment]:
                continue
            if routes.length[other] == 2:
                if seen[kind] == number + 1:
                    continue  # one empty row of a kind is as good as another
                seen[kind] = number + 1
            places = scratch.places[shipment, other]
            if places[0] != routes.version[other] or (
                places[1] < 0 and scratch.prices[shipment, other] < least
            ):
                added, before, end = best_place(
                    ground, routes, other, shipment, least, scratch.bounds, scratch.blinks, scratch.random
                )
                places[0], places[1], places[2] = routes.version[other], before, end
                scratch.prices[shipment, other] = added if before >= 0 else least
            elif places[1] >= 0 and scratch.prices[shipment, other] < least:
                scratch.blinks[0] -= 1
                if scratch.blinks[0] < 0:
                    scratch.blinks[0] = next_blink(scratch.random)
                    continue
            if places[1] >= 0 and scratch.prices[shipment, other] < least:
                least, row = scratch.prices[shipment, other], other
                first, then = places[1], places[2]
        if row >= 0:
            scratch.touched[row] = True
            put(ground, routes, row, shipment, first, then)
        elif ground.musts[shipment]:
            scratch.hardness[shipment] += 1
            lost += scratch.weight[shipment]
            if lost > scratch.figures[1]:
                return False
    return True


@compiled
def _sort(ground: Ground, scratch: Scratch, out: int) -> None:
    """Order what is out: at random, by size, from far to near or back, by how little time there is, by when it begins or ends."""
    random, features = scratch.random, ground.features
    chosen = draw(random) * 17.0
    for number in range(out):
        shipment = scratch.out[number]
        if chosen < 4.0:
            key = draw(random)
        elif chosen < 8.0:
            key = -features[shipment, 0]
        elif chosen < 10.0:
            key = -features[shipment, 1]
        elif chosen < 11.0:
            key = features[shipment, 1]
        elif chosen < 13.0:
            key = features[shipment, 2]
        elif chosen < 15.0:
            key = features[shipment, 3]
        else:
            key = -features[shipment, 4]
        place = number
        while place > 0 and scratch.keys[place - 1] > key:
            scratch.keys[place] = scratch.keys[place - 1]
            scratch.out[place] = scratch.out[place - 1]
            place -= 1
        scratch.keys[place] = key
        scratch.out[place] = shipment
