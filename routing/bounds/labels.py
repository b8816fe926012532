"""Beginnings of routes, from the turn's start on, stay by stay: the search for cheap routes in compiled code.

A label is a beginning: position, earliest end of work there, price after rewards, shipments on board, shipments taken.
Each stay takes an option at a farm, or gives goods at a place: all that is on board for it, or a part, and comes back. Loads
and sets are exact, a shipment is taken once (elementary), times are the earliest; waiting costs nothing (relaxed).

A label is dropped

- when what it and ``completions`` promise is not below the limit;
- when another at the same position with the same goods on board is no dearer, no later, and has taken no others (Ropke
  and Cordeau 2009): whatever the one can be continued with, the other can at no greater price. A subset-row cut that
  the other has yet to pay, and this one has paid, counts on its side (Jepsen et al. 2008). Where all routes are wanted,
  only beginnings with the same goods are compared.

What is left out for lack of room (``width``, ``most``) is remembered by the least it promised: so the floor is always proven.
"""

from typing import NamedTuple

import numpy as np

from routing.bounds.completions import NEVER, Tables
from routing.bounds.stays import Layout, Options
from routing.bounds.words import Ints
from routing.compiled import compiled, inner

POSITION, READY, PRICE, LEAST, ABOARD, TAKEN, PARENT, LINK, OWED = range(9)
"""Columns of a label: stop; second; shares; shares promised for a whole route; bits; rows of labels; places (bits)."""
FIELDS = 9
"""After these come the loads on board, one column for each room."""
COMPLETIONS = "4e644361fa626114"
"""Digest of completions.py, whose numbers are a part of these steps: whether what was kept is still true, numba sees by this file alone."""
HEADS = 1 << 18
INFINITE = 2**60
NOWHERE = -1


class Cuts(NamedTuple):
    """Subset-row cuts of three shipments (bits), their prices in shares, and which touch each option, as for Options.first."""

    members: Ints
    price: Ints
    first: Ints
    touching: Ints


class Effort(NamedTuple):
    """How to look: ``limit`` (shares) for routes; ``width`` labels go on from each length, 0 for all; at most ``most`` labels.

    ``shrink_at``: with so many labels the limit falls to the best route so far. ``keeps_sets``: every set of shipments is wanted.
    """

    limit: int
    width: int
    most: int
    shrink_at: int
    keeps_sets: bool


class Task(NamedTuple):
    """All that a search reads."""

    layout: Layout
    options: Options
    tables: Tables
    cuts: Cuts


@compiled
def search(task: Task, effort: Effort) -> tuple[Ints, Ints, int, bool]:
    """Labels; rows of those that are whole routes; the least that any route's price can be, or the limit; whether nothing was left out."""
    heads = np.full(HEADS, -1, dtype=np.int64)
    fields = FIELDS + len(task.layout.rooms)
    labels = np.empty((1024, fields), dtype=np.int64)
    ends = np.empty(1024, dtype=np.int64)
    count = end_count = 0
    limit, floor, best = effort.limit, effort.limit, INFINITE
    born = np.empty((1024, fields), dtype=np.int64)
    born, born_count = first_stays(task, limit, born)
    while born_count:
        began = count
        if len(labels) < count + born_count:
            labels = grown(labels, count + born_count)
        for row in np.argsort(born[:born_count, PRICE]):
            if born[row, LEAST] >= limit or is_dominated(
                task.cuts, labels, heads, born[row], effort.keeps_sets
            ):
                continue
            labels[count] = born[row]
            slot = slot_of(born[row], effort.keeps_sets)
            labels[count, LINK] = heads[slot]
            heads[slot] = count
            position = labels[count, POSITION]
            if labels[count, ABOARD] == 0 and position < task.layout.places:
                price = labels[count, PRICE] + task.layout.home[position]
                in_time = labels[count, READY] + task.layout.home_s[position] <= task.layout.ends_s
                if price < limit and in_time:
                    if end_count == len(ends):
                        ends = np.concatenate((ends, ends))
                    ends[end_count] = count
                    end_count += 1
                    best = min(best, price)
            count += 1
        if count > effort.shrink_at:
            limit = min(limit, best)
        chosen = np.argsort(labels[began:count, LEAST]) + began
        if effort.width and len(chosen) > effort.width:
            floor = min(floor, labels[chosen[effort.width], LEAST])
            chosen = chosen[: effort.width]
        if count > effort.most:
            if len(chosen):
                floor = min(floor, labels[chosen[0], LEAST])
            break
        born, born_count = next_stays(task, labels, chosen, limit, born)
    return labels[:count], ends[:end_count], min(floor, best), floor == effort.limit


@inner
def grown(rows: Ints, least: int) -> Ints:
    """The rows with room for more."""
    larger = np.empty((max(least, 2 * len(rows)), rows.shape[1]), dtype=np.int64)
    larger[: len(rows)] = rows
    return larger


@inner
def first_stays(task: Task, limit: int, born: Ints) -> tuple[Ints, int]:
    """From the turn's start to each farm with each option."""
    layout, options, tables, cuts, count = task.layout, task.options, task.tables, task.cuts, 0
    for stop in range(layout.places, len(layout.seconds)):
        arrives_s = layout.begins_s + layout.out_s[stop]
        for option in range(options.first[stop], options.first[stop + 1]):
            if arrives_s > options.close_s[option]:
                continue
            ready_s = max(
                max(arrives_s, options.open_s[option]) + options.take_s[option], options.ready_s[option]
            )
            bits, owed = options.bits[option], options.needs[option]
            price = layout.out[stop] - options.gain[option] + newly_cut(cuts, option, 0, bits)
            least = price + least_after(tables, stop, ready_s, owed, NOWHERE, options.is_chained[stop])
            if least >= limit:
                continue
            if count == len(born):
                born = grown(born, 0)
            write(born[count], stop, ready_s, price, least, bits, bits, NOWHERE, owed)
            born[count, FIELDS:] = options.loads[option]
            count += 1
    return born, count


@inner
def next_stays(task: Task, labels: Ints, chosen: Ints, limit: int, born: Ints) -> tuple[Ints, int]:
    """Every stay after each of the chosen labels."""
    count = 0
    for row in chosen:
        born, count = next_places(task, labels[row], row, limit, born, count)
        born, count = next_farms(task, labels[row], row, limit, born, count)
    return born, count


@inner
def next_farms(task: Task, label: Ints, row: int, limit: int, born: Ints, count: int) -> tuple[Ints, int]:
    """A stay at each farm with each option whose goods are not taken yet, if it is in time and the load fits."""
    layout, options, tables, cuts = task.layout, task.options, task.tables, task.cuts
    position, aboard, all_taken, all_owed = label[POSITION], label[ABOARD], label[TAKEN], label[OWED]
    before = position if position >= layout.places and layout.is_uniform[position] else NOWHERE
    for stop in range(layout.places, len(layout.seconds)):
        goes_on = stop == position
        if goes_on and not options.is_chained[stop]:
            continue
        arrives_s = label[READY] + layout.seconds[position, stop]
        if arrives_s > layout.closes_s[stop] and not goes_on:
            continue
        avoided = NOWHERE if goes_on else before
        arriving = label[PRICE] + layout.shares[position, stop]
        if (
            arriving + least_there(tables, stop, max(arrives_s, layout.opens_s[stop]), all_owed, avoided)
            >= limit
        ):
            continue
        for option in range(options.first[stop], options.first[stop + 1]):
            bits = options.bits[option]
            if bits & all_taken or (arrives_s > options.close_s[option] and not goes_on):
                continue
            price = arriving - options.gain[option]
            price += newly_cut(cuts, option, all_taken, bits)
            ready_s = max(
                max(arrives_s, options.open_s[option]) + options.take_s[option], options.ready_s[option]
            )
            owed = all_owed | options.needs[option]
            least = price + least_after(tables, stop, ready_s, owed, avoided, options.is_chained[stop])
            if least >= limit:
                continue
            is_full = False
            for room in range(len(layout.rooms)):
                is_full |= label[FIELDS + room] + options.loads[option, room] > layout.rooms[room]
            if is_full:
                continue
            if count == len(born):
                born = grown(born, 0)
            write(born[count], stop, ready_s, price, least, aboard | bits, all_taken | bits, row, owed)
            for room in range(len(layout.rooms)):
                born[count, FIELDS + room] = label[FIELDS + room] + options.loads[option, room]
            count += 1
    return born, count


@inner
def next_places(task: Task, label: Ints, row: int, limit: int, born: Ints, count: int) -> tuple[Ints, int]:
    """A stay at each place that is owed one: all its goods are given, or any part of them where coming back can pay."""
    layout, tables = task.layout, task.tables
    position, owed = label[POSITION], label[OWED]
    for place in range(layout.places):
        arrives_s = label[READY] + layout.seconds[position, place]
        if not owed >> place & 1 or place == position or arrives_s > layout.closes_s[place]:
            continue
        price = label[PRICE] + layout.shares[position, place]
        all_of_it = label[ABOARD] & layout.at[place]
        keeping = price + least_after(tables, place, max(arrives_s, layout.opens_s[place]), owed, NOWHERE, 0)
        part = all_of_it
        while part and (part == all_of_it or keeping < limit):
            ready_s = given_by(layout, place, part, arrives_s)
            still_owed = owed if part != all_of_it else owed ^ (1 << place)
            least = limit
            if ready_s >= 0:
                least = price + least_after(tables, place, ready_s, still_owed, NOWHERE, 0)
            if least < limit:
                if count == len(born):
                    born = grown(born, 0)
                write(
                    born[count],
                    place,
                    ready_s,
                    price,
                    least,
                    label[ABOARD] ^ part,
                    label[TAKEN],
                    row,
                    still_owed,
                )
                for room in range(len(layout.rooms)):
                    left = label[FIELDS + room]
                    for number in range(layout.to_first[place], layout.to_first[place + 1]):
                        shipment = layout.to[number]
                        if part >> shipment & 1:
                            left -= layout.weights[shipment, room]
                    born[count, FIELDS + room] = left
                count += 1
            part = (part - 1) & all_of_it
    return born, count


@inner
def given_by(layout: Layout, place: int, part: int, arrives_s: int) -> int:
    """When these goods can be given at the earliest; below 0 when it is too late for some."""
    opens_s, closes_s, ready_s, give_s = INFINITE, INFINITE, -INFINITE, 0
    for number in range(layout.to_first[place], layout.to_first[place + 1]):
        shipment = layout.to[number]
        if part >> shipment & 1:
            opens_s = min(opens_s, layout.give_open_s[shipment])
            closes_s = min(closes_s, layout.give_close_s[shipment])
            ready_s = max(ready_s, layout.give_open_s[shipment] + layout.give_s[shipment])
            give_s += layout.give_s[shipment]
    return max(ready_s, max(arrives_s, opens_s) + give_s) if arrives_s <= closes_s else -1


@inner
def write(
    label: Ints,
    stop: int,
    ready_s: int,
    price: int,
    least: int,
    aboard: int,
    taken: int,
    parent: int,
    owed: int,
) -> None:
    label[POSITION] = stop
    label[READY] = ready_s
    label[PRICE] = price
    label[LEAST] = least
    label[ABOARD] = aboard
    label[TAKEN] = taken
    label[PARENT] = parent
    label[OWED] = owed
    label[LINK] = NOWHERE


@inner
def least_after(tables: Tables, stop: int, ready_s: int, owed: int, avoided: int, is_chained: int) -> int:
    """Shares that come at least after the end of work at a stop; the next farm is not the ``avoided``."""
    step = min((ready_s - tables.begins_s) // tables.step_s, tables.leave.shape[0] - 1)
    least = np.int64(tables.leave[step, stop, owed])
    if avoided >= 0 and tables.leave_next[step, stop, owed] == avoided:
        least = np.int64(tables.leave_other[step, stop, owed])
    if is_chained:
        least = min(least, np.int64(tables.begin[step, stop, owed]))
    return int(least * tables.grain) if least < NEVER else INFINITE


@inner
def least_there(tables: Tables, stop: int, arrives_s: int, owed: int, avoided: int) -> int:
    """Shares that come at least from the beginning of work at a stop on."""
    step = (arrives_s - tables.begins_s) // tables.step_s
    if step >= tables.begin.shape[0]:
        return INFINITE
    least = np.int64(tables.begin[step, stop, owed])
    if avoided >= 0 and tables.begin_next[step, stop, owed] == avoided:
        least = np.int64(tables.begin_other[step, stop, owed])
    return int(least * tables.grain) if least < NEVER else INFINITE


@inner
def newly_cut(cuts: Cuts, option: int, before: int, bits: int) -> int:
    """The prices of the cuts of which the option's shipments bring two into the route."""
    price = 0
    for place in range(cuts.first[option], cuts.first[option + 1]):
        cut = cuts.touching[place]
        members = cuts.members[cut]
        if is_one_at_most(before & members) and not is_one_at_most((before | bits) & members):
            price += cuts.price[cut]
    return price


@inner
def is_one_at_most(bits: int) -> bool:
    return bits & (bits - 1) == 0


@inner
def slot_of(label: Ints, keeps_sets: bool) -> int:
    """Where labels that can be compared are chained."""
    mixed = label[ABOARD] * 0x1E3779B97F4A7C15 + label[POSITION] * 0x42B2AE3D27D4EB4F
    if keeps_sets:
        mixed += label[TAKEN] * 0x165667B19E3779F9
    mixed ^= mixed >> 29
    return int(mixed * 0x1F58476D1CE4E5B9 >> 40 & (HEADS - 1))


@inner
def is_dominated(cuts: Cuts, labels: Ints, heads: Ints, label: Ints, keeps_sets: bool) -> bool:
    """Whether one of the labels is as good in every way."""
    row = heads[slot_of(label, keeps_sets)]
    while row >= 0:
        other = labels[row]
        row = other[LINK]
        if (
            other[POSITION] != label[POSITION]
            or other[ABOARD] != label[ABOARD]
            or other[READY] > label[READY]
            or other[PRICE] > label[PRICE]
            or other[TAKEN] & ~label[TAKEN]
        ):
            continue
        if other[TAKEN] == label[TAKEN]:
            return True
        if not keeps_sets and other[PRICE] + yet_to_pay(cuts, other[TAKEN], label[TAKEN]) <= label[PRICE]:
            return True
    return False


@inner
def yet_to_pay(cuts: Cuts, fewer: int, more: int) -> int:
    """What goods still to come may cost a route with fewer shipments, and not one with more, in cuts."""
    price = 0
    for cut in range(len(cuts.members)):
        members = cuts.members[cut]
        one, two = fewer & members, more & members
        if one and one & (one - 1) == 0 and two & (two - 1) and two != members:
            price += cuts.price[cut]
    return price
