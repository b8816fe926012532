"""The compiled loop of ruin and recreate where all is loaded at the start, no hour binds and turns have one price: a route is a sum of its legs.

As ruin_steps.py, after Christiaens and Vanden Berghe (2020), but what a place adds is told by three legs, and a route's best place
for a shipment is remembered until the route changes. So a step takes far less time than where pairs of places are looked at.
What is left out counts its price; what must be served, one above any plan's.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.compiled import compiled, inner
from routing.engines.ruin_ground import Real, Whole
from routing.engines.ruin_moves import NEVER, draw, next_blink

MOVES = "dd705f8480e99d58"
"""Digest of ruin_moves.py, as in ruin_steps.py."""
HAIR = 1e-6
"""Öre: less is no improvement but rounding."""


class Depot(NamedTuple):
    """What the steps read. S shipments, K kinds of turns, M = S + 1 + K nodes (deliveries, the start, each kind's end), D measures.

    ``prices`` (2 M, M): öre from a row's node to a column's with the hours it takes, and below them the same turned round; ``seconds`` (2 M, M) likewise.
    ``longest`` (K): seconds. ``loads`` (S, D), D at least 1. ``may`` (K, S).
    ``skips`` (S): öre for leaving out. ``near`` (S, S): deliveries, the nearest first. ``features`` (S, 2): size, and how far from the start.
    """

    prices: Real
    seconds: Whole
    longest: Whole
    loads: Whole
    may: NDArray[np.bool_]
    skips: Real
    near: Whole
    features: Real


class Rows(NamedTuple):
    """A plan: R rows, each a turn's route with its start first and its end last.

    ``nodes`` (R, S + 2), ``length``, ``kind`` and ``takes`` (R): seconds; ``space`` (R, D): room that is left; ``version`` (R + 1): a number for each content that a
    row has had, and the next such number. ``row_of`` (S): the row of each shipment, or -1.
    """

    nodes: Whole
    length: Whole
    kind: Whole
    takes: Whole
    space: Whole
    version: Whole
    row_of: Whole


class Notes(NamedTuple):
    """What the steps write to beside plans. ``random`` (1); ``blinks`` (1); ``out`` and ``keys`` (S): who is out, in order, and by what.

    ``is_touched`` and ``touched`` (R): rows that differ from the kept plan, and their numbers in order. ``live`` (R): rows worth looking at.
    ``seen`` (K): for which shipment an empty row of a kind was looked at last. ``known``, ``known_place`` (S, R): version of
    a row when the best place of each shipment in it was sought, and that place (-1: none); ``adds`` (S, R): what it adds. ``figures`` (2): öre of the kept plan, and of the best one.
    """

    random: NDArray[np.uint64]
    blinks: Whole
    out: Whole
    keys: Real
    is_touched: NDArray[np.bool_]
    touched: Whole
    live: Whole
    seen: Whole
    known: Whole
    known_place: Whole
    adds: Real
    figures: Real


class Strength(NamedTuple):
    """Of a ruin: tasks taken out on average, the longest string, and how likely a string has a gap."""

    tasks: float
    longest: float
    gaps: float


@compiled
def search(
    depot: Depot,
    rows: Rows,
    kept: Rows,
    best: Rows,
    notes: Notes,
    strength: Strength,
    steps: int,
    warm: float,
) -> None:
    """So many ruins and recreates of ``rows``, at a temperature of ``warm`` öre; ``kept``: room for rows to go back to.

    One function: handing its arrays over at each call would take several times as long as the work. With no ``steps`` the plan is priced.
    """
    prices, seconds, most_s, loads, may, skips, near, features = depot
    nodes, length, kinds, takes, space, version, row_of = rows
    random, blinks, out, keys, is_touched, touched, live, seen, known, known_place, adds, figures = notes
    turned = seconds.shape[1]
    kept_nodes, kept_length, kept_takes, kept_space = kept.nodes, kept.length, kept.takes, kept.space
    kept_version = kept.version
    count, all_rows, measures, all_kinds = row_of.shape[0], length.shape[0], loads.shape[1], seen.shape[0]
    figures[0], left_out = _priced(prices, skips, nodes, length, row_of)
    for _ in range(steps):
        # What is worth looking at: used rows and an empty one of each kind.
        for kind in range(all_kinds):
            seen[kind] = -1
        used, tasks, lives = 0, 0, 0
        for row in range(all_rows):
            if length[row] > 2:
                used += 1
                tasks += length[row] - 2
            elif seen[kinds[row]] >= 0:
                continue
            else:
                seen[kinds[row]] = row
            live[lives] = row
            lives += 1
        outs, touches, change = 0, 0, 0.0
        if left_out:
            for shipment in range(count):
                if row_of[shipment] < 0:
                    change -= skips[shipment]
                    out[outs] = shipment
                    outs += 1
        # Ruin: strings out of a few rows near a random delivery.
        longest = min(strength.longest, tasks / max(1, used))
        strings = int(1.0 + draw(random) * (4.0 * strength.tasks / (1.0 + longest) - 1.0)) if used else 0
        chosen = int(draw(random) * count)
        for rank in range(count):
            if strings <= 0:
                break
            node = near[chosen, rank]
            row = row_of[node]
            if row < 0 or is_touched[row]:
                continue
            strings -= 1
            is_touched[row] = True
            touched[touches] = row
            touches += 1
            kept_length[row], kept_takes[row], kept_version[row] = length[row], takes[row], version[row]
            for measure in range(measures):
                kept_space[row, measure] = space[row, measure]
            for place in range(length[row]):
                kept_nodes[row, place] = nodes[row, place]
            version[row] = version[all_rows]
            version[all_rows] += 1
            size = length[row] - 2
            string = min(size, int(1.0 + draw(random) * min(float(size), longest)))
            gap = 0
            if string > 1 and draw(random) < strength.gaps:
                gap = 1
                while string + gap < size and draw(random) > 0.5:
                    gap += 1
                gap = min(gap, size - string)
            place = 1
            while nodes[row, place] != node:
                place += 1
            span = string + gap
            lowest, highest = max(1, place - span + 1), min(place, size - span + 1)
            first = lowest + int(draw(random) * (highest - lowest + 1))
            stays = first + 1 + int(draw(random) * max(1, string - 1)) if gap else first + span
            to, old = first, nodes[row, first - 1]
            for number in range(first, size + 2):
                here = nodes[row, number]
                if number <= first + span:
                    change -= prices[old, here]
                    takes[row] -= seconds[old, here]
                    old = here
                if number < first + span and (number < stays or number >= stays + gap or here == node):
                    out[outs] = here
                    outs += 1
                    row_of[here] = -1
                    for measure in range(measures):
                        space[row, measure] += loads[here, measure]
                    continue
                if number <= first + span:
                    change += prices[nodes[row, to - 1], here]
                    takes[row] += seconds[nodes[row, to - 1], here]
                nodes[row, to] = here
                to += 1
            length[row] = to
            if to == 2:
                change -= prices[nodes[row, 0], nodes[row, 1]]
        # The order in which they come back: at random, by size, or from far to near or back.
        order = draw(random) * 11.0
        for number in range(outs):
            shipment = out[number]
            if order < 4.0:
                key = draw(random)
            elif order < 8.0:
                key = -features[shipment, 0]
            elif order < 10.0:
                key = -features[shipment, 1]
            else:
                key = features[shipment, 1]
            place = number
            while place > 0 and keys[place - 1] > key:
                keys[place] = keys[place - 1]
                out[place] = out[place - 1]
                place -= 1
            keys[place] = key
            out[place] = shipment
        # Recreate: each where it adds least, or left out where that is cheaper.
        for kind in range(all_kinds):
            seen[kind] = -1
        for number in range(outs):
            shipment = out[number]
            least, chosen, size = skips[shipment], -1, loads[shipment, 0]
            for place in range(lives):
                row = live[place]
                if space[row, 0] < size:
                    continue  # most rows are full
                kind = kinds[row]
                fits = may[kind, shipment]
                for measure in range(1, measures):
                    fits = fits and space[row, measure] >= loads[shipment, measure]
                if not fits:
                    continue
                if length[row] == 2:
                    if seen[kind] == number:
                        continue  # one empty row of a kind is as good as another
                    seen[kind] = number
                if known[shipment, row] == version[row]:
                    if adds[shipment, row] < least:
                        blinks[0] -= 1
                        if blinks[0] < 0:
                            blinks[0] = next_blink(random)
                        else:
                            least, chosen = adds[shipment, row], row
                    continue
                spare = most_s[kind] - takes[row]
                found, added = -1, NEVER
                before = nodes[row, 0]
                for position in range(1, length[row]):
                    after = nodes[row, position]
                    more = prices[turned + shipment, before] + prices[shipment, after] - prices[before, after]
                    if more < added and (
                        seconds[turned + shipment, before] + seconds[shipment, after] - seconds[before, after]
                        <= spare
                    ):
                        # An empty row's only place is always seen, or it might never be again.
                        blinks[0] -= length[row] > 2
                        if blinks[0] < 0:
                            blinks[0] = next_blink(random)
                        else:
                            found, added = position, more
                    before = after
                if length[row] == 2:
                    added += prices[nodes[row, 0], nodes[row, 1]]
                known[shipment, row], known_place[shipment, row] = version[row], found
                adds[shipment, row] = added
                if added < least:
                    least, chosen = added, row
            change += least
            if chosen < 0:
                continue
            row, place = chosen, known_place[shipment, chosen]
            if not is_touched[row]:
                is_touched[row] = True
                touched[touches] = row
                touches += 1
                kept_length[row], kept_takes[row], kept_version[row] = length[row], takes[row], version[row]
                for measure in range(measures):
                    kept_space[row, measure] = space[row, measure]
                for position in range(length[row]):
                    kept_nodes[row, position] = nodes[row, position]
            version[row] = version[all_rows]
            version[all_rows] += 1
            before, after = nodes[row, place - 1], nodes[row, place]
            takes[row] += seconds[before, shipment] + seconds[shipment, after] - seconds[before, after]
            for position in range(length[row], place, -1):
                nodes[row, position] = nodes[row, position - 1]
            nodes[row, place] = shipment
            length[row] += 1
            row_of[shipment] = row
            for measure in range(measures):
                space[row, measure] -= loads[shipment, measure]
            if length[row] == 3:
                lives = _with_empty(length, kinds, live, lives, kinds[row])
        # Taken, or all as it was: also where a row has become longer by what was taken out of it.
        is_taken = change < -warm * np.log(1.0 - draw(random))
        for number in range(touches):
            is_taken = is_taken and takes[touched[number]] <= most_s[kinds[touched[number]]]
        if is_taken:
            figures[0] += change
            left_out = 0
            for number in range(outs):
                left_out += row_of[out[number]] < 0
            if figures[0] < figures[1] - HAIR:
                figures[1] = figures[0]
                for row in range(all_rows):
                    best.length[row] = length[row]
                    for place in range(length[row]):
                        best.nodes[row, place] = nodes[row, place]
                for shipment in range(count):
                    best.row_of[shipment] = row_of[shipment]
        else:
            for number in range(outs):
                row_of[out[number]] = -1
            for number in range(touches):
                row = touched[number]
                length[row], takes[row], version[row] = kept_length[row], kept_takes[row], kept_version[row]
                for measure in range(measures):
                    space[row, measure] = kept_space[row, measure]
                for place in range(length[row]):
                    nodes[row, place] = kept_nodes[row, place]
                for place in range(1, length[row] - 1):
                    row_of[nodes[row, place]] = row
        for number in range(touches):
            is_touched[touched[number]] = False


@inner
def _priced(
    prices: Real,
    skips: Real,
    nodes: Whole,
    length: Whole,
    row_of: Whole,
) -> tuple[float, int]:
    """Öre of a plan, worked out anew, and how many it leaves out."""
    ore, left_out = 0.0, 0
    for row in range(length.shape[0]):
        if length[row] > 2:
            for place in range(1, length[row]):
                ore += prices[nodes[row, place - 1], nodes[row, place]]
    for shipment in range(row_of.shape[0]):
        if row_of[shipment] < 0:
            left_out += 1
            ore += skips[shipment]
    return ore, left_out


@inner
def _with_empty(length: Whole, kinds: Whole, live: Whole, lives: int, kind: int) -> int:
    """Another empty row of this kind is worth looking at, where there is one and none is looked at already; how many are then."""
    for place in range(lives):
        if kinds[live[place]] == kind and length[live[place]] == 2:
            return lives
    for row in range(length.shape[0]):
        if kinds[row] == kind and length[row] == 2:
            live[lives] = row
            return lives + 1
    return lives
