"""The compiled loop of ruin and recreate: strings of tasks out, pairs back in greedily, taken or not by annealing.

After Christiaens and Vanden Berghe (2020), "Slack Induction by String Removals for Vehicle Routing Problems": near a random task
a few routes lose a string each (with a gap in it, every other time); a shipment of which one end goes, goes whole. What is out is put
back in one of several orders, each where it adds least, but some places are not seen ("blinks"). To save vehicles one route is given up,
and plans that leave shipments out are compared by how often each of these was left out before (absence counters).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.compiled import compiled, inner
from routing.engines.ruin_ground import Ground, Real, Whole
from routing.engines.ruin_moves import (
    BEST,
    KEPT,
    NOW,
    Routes,
    best_place,
    copy_owners,
    copy_row,
    draw,
    next_blink,
    put,
    refresh,
    take_marked,
)

MOVES = "dd705f8480e99d58"
"""Digest of ruin_moves.py, whose functions are a part of these: whether what was kept is still true, numba sees by this file alone."""
HAIR = 1e-6
"""Öre: less is no improvement but rounding."""


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
def search(
    ground: Ground,
    routes: Routes,
    scratch: Scratch,
    manner: Manner,
    steps: int,
    warm: float,
    fewer: bool,
) -> int:
    """So many ruins and recreates, at a temperature of ``warm`` öre; how many were made.

    ``fewer``: left-out shipments count by their hardness, which grows, and the search ends when nothing is left out. With no
    ``steps`` the present plan is taken as the kept one.
    """
    if steps == 0:
        _prepare(ground, routes, scratch)
    figures = scratch.figures
    for step in range(steps):
        if fewer and figures[1] == 0:
            return step
        if fewer:
            for shipment in range(scratch.weight.shape[0]):
                scratch.weight[shipment] = scratch.hardness[shipment]
            figures[1], _ = _left_out(ground, routes, scratch, KEPT)
        out = _ruin(routes, ground.near, scratch, manner, fewer)
        for row in range(routes.length.shape[1]):
            if scratch.touched[row]:
                take_marked(ground, routes, row, scratch.marked)
        for number in range(out):
            scratch.marked[scratch.out[number]] = False
        taken = _recreate(ground, routes, scratch, out)
        if taken:
            weight, ore = _left_out(ground, routes, scratch, NOW)
            chance = -warm * np.log(1.0 - draw(scratch.random))
            taken = weight < figures[1] or (weight == figures[1] and ore < figures[0] + chance)
        if taken:
            figures[0], figures[1] = ore, weight
            _copy_touched(routes, scratch, NOW, KEPT)
            is_better = figures[1] < figures[3] or (
                figures[1] == figures[3] and figures[0] < figures[2] - HAIR
            )
            if (fewer and figures[1] == 0) or (is_better and not fewer):
                figures[2], figures[3] = figures[0], figures[1]
                for row in range(routes.length.shape[1]):
                    scratch.touched[row] = True
                _copy_touched(routes, scratch, KEPT, BEST)
        else:
            _copy_touched(routes, scratch, KEPT, NOW)
    return steps


@inner
def _prepare(ground: Ground, routes: Routes, scratch: Scratch) -> None:
    """Work out the present plan's figures; a row that breaks times or loads loses all that it carries."""
    for row in range(routes.length.shape[1]):
        scratch.touched[row] = True
        routes.cost[NOW, row] = 0.0
        if routes.kind[NOW, row] >= 0 and not refresh(ground, routes, row):
            for place in range(1, routes.length[NOW, row] - 1):
                scratch.marked[routes.nodes[NOW, row, place] // 2] = True
            take_marked(ground, routes, row, scratch.marked)
    for shipment in range(scratch.marked.shape[0]):
        scratch.marked[shipment] = False
    _copy_touched(routes, scratch, NOW, KEPT)
    scratch.figures[1], scratch.figures[0] = _left_out(ground, routes, scratch, NOW)


@inner
def _left_out(ground: Ground, routes: Routes, scratch: Scratch, plan: int) -> tuple[int, float]:
    """Weight of the mandatory shipments that a plan leaves out, and öre of its routes and the others."""
    weight, ore = 0, 0.0
    for shipment in range(ground.skips.shape[0]):
        if routes.row_of[plan, shipment] < 0:
            if ground.musts[shipment]:
                weight += scratch.weight[shipment]
            else:
                ore += ground.skips[shipment]
    for row in range(routes.length.shape[1]):
        ore += routes.cost[plan, row]
    return weight, ore


@inner
def _copy_touched(routes: Routes, scratch: Scratch, source: int, target: int) -> None:
    """Make the target plan as the source where they may differ."""
    for row in range(routes.length.shape[1]):
        if scratch.touched[row]:
            copy_row(routes, source, target, row)
            scratch.touched[row] = False
    copy_owners(routes, source, target)


@inner
def _ruin(routes: Routes, close: Whole, scratch: Scratch, manner: Manner, fewer: bool) -> int:
    """Mark strings near a random task; how many shipments will be out then, listed in ``scratch.out``. ``close``: see Ground.near."""
    random, count = scratch.random, routes.row_of.shape[1]
    used, tasks, out = 0, 0, 0
    for row in range(routes.length.shape[1]):
        if routes.length[NOW, row] > 2:
            used += 1
            tasks += routes.length[NOW, row] - 2
    for shipment in range(count):
        if routes.row_of[NOW, shipment] < 0:
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
        near = close[seed, rank]
        row = routes.row_of[NOW, near // 2]
        if row < 0 or scratch.touched[row]:
            continue
        size = routes.length[NOW, row] - 2
        most = min(float(size), longest)
        _mark_string(routes, row, near, int(1.0 + draw(random) * most), scratch, manner)
        scratch.touched[row] = True
        for place in range(1, size + 1):
            node = routes.nodes[NOW, row, place]
            if node % 2 == 0 and scratch.marked[node // 2]:
                scratch.out[out] = node // 2
                out += 1
        strings -= 1
        if strings <= 0:
            break
    return out


@inner
def _mark_string(routes: Routes, row: int, node: int, length: int, scratch: Scratch, manner: Manner) -> None:
    """Mark the shipments of a string of so many tasks with the node in it; maybe some in its middle stay."""
    random, nodes, size = scratch.random, routes.nodes[NOW, row], routes.length[NOW, row] - 2
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


@inner
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
        for other in range(routes.length.shape[1]):
            kind = routes.kind[NOW, other]
            if kind < 0 or not ground.may[kind, shipment]:
                continue
            if routes.length[NOW, other] == 2:
                if seen[kind] == number + 1:
                    continue  # one empty row of a kind is as good as another
                seen[kind] = number + 1
            places = scratch.places[shipment, other]
            if places[0] != routes.version[NOW, other] or (
                places[1] < 0 and scratch.prices[shipment, other] < least
            ):
                added, before, end = best_place(
                    ground, routes, other, shipment, least, scratch.bounds, scratch.blinks, scratch.random
                )
                places[0], places[1], places[2] = routes.version[NOW, other], before, end
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


@inner
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
