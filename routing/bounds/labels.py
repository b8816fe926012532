"""Beginnings of routes, from the turn's start on, stay by stay: the search for cheap routes in compiled code.

A label is a beginning: position, earliest end of work there, price after rewards, shipments on board, shipments taken.
Each stay takes an option at a farm, or gives goods at a place: all that is on board for it, or a part, and comes back. Loads and
sets are exact, and a shipment is taken once (elementary); times are the earliest. A turn leaves as late as what it closes on its way allows: where the end of work
is later than that and all its driving, work and breaks, it has waited, and ``PRICE`` counts it. With several openings a day the
latest is that of the last (relaxed). Breaks count where so much has been driven; they do not delay (relaxed), and may fall into what
was waited: the dearer of ``PLAIN``, with breaks, and of what waiting makes it, counts. In an untimed layout (``stays.untimed``) neither waiting nor breaks cost anything.

A label is dropped

- when what it and ``completions`` promise, by whichever time (``promising``), is not below the limit;
- when another makes it needless (``beginnings``).

What is left out for lack of room (``width``, ``most``) is remembered by the least it promised: so the floor is always proven. Nothing is
shared between two searches, so that they may run in two threads.
"""

import numpy as np

from routing.arrays import INFINITE, Ints, Shorts
from routing.bounds.beginnings import (
    ABOARD,
    DRIVEN,
    FIELDS,
    GIVING,
    HEADS,
    LEAST,
    LINK,
    NOWHERE,
    OWED,
    PLAIN,
    POSITION,
    PRICE,
    READY,
    SHUT,
    STARTED,
    TAKEN,
    Effort,
    Task,
    is_dominated,
    newly_cut,
    rest_price,
    slot_of,
    waited,
    write,
    write_way,
)
from routing.bounds.giving import (
    any_given_by,
    fits_all,
    given_by,
    has_at_most,
    one_of_each,
    opened,
    with_alike,
)
from routing.bounds.promising import least_after, least_left, least_there
from routing.compiled import compiled, inner, inner_making

AT_ONCE = 64
"""Labels that go on between two looks at whether there is room."""
EACH_PART = 2
"""See ``next_places``."""
PARTS = "5ac2c1d38a812dfd"
"""Digest of beginnings.py, giving.py, completions.py and promising.py, which are a part of these steps: whether what was kept is still true, numba sees by this file alone."""


@compiled
def search(task: Task, effort: Effort) -> tuple[Ints, Ints, Ints, int, bool]:
    """Labels; rows of those that are whole routes; prices of these; the least that any route's price can be, or the limit; whether nothing was left out."""
    heads = np.full(HEADS, NOWHERE, dtype=np.int32)
    fields = FIELDS + len(task.layout.rooms)
    labels = np.empty((1024, fields), dtype=np.int64)
    ends = np.empty((1024, 2), dtype=np.int64)
    count = end_count = 0
    limit, floor, best = effort.limit, effort.limit, INFINITE
    born = np.empty((1024, fields), dtype=np.int64)
    born, born_count = first_stays(task, limit, born)
    while born_count:
        began = count
        labels, ends = with_room(labels, count + born_count), with_room(ends, end_count + born_count)
        cheapest = np.argsort(born[:born_count, PRICE].copy())
        count, end_count, best = keep(
            task, effort.keeps_sets, limit, born, cheapest, heads, labels, count, ends, end_count, best
        )
        if count > effort.shrink_at:
            limit = min(limit, best)
        chosen = np.argsort(labels[began:count, LEAST].copy()) + began
        if effort.width and len(chosen) > effort.width:
            floor = min(floor, labels[chosen[effort.width], LEAST])
            chosen = chosen[: effort.width]
        if count > effort.most:
            if len(chosen):
                floor = min(floor, labels[chosen[0], LEAST])
            break
        born, born_count = next_stays(task, labels, chosen, limit, born)
    rows, prices = ends[:end_count, 0].copy(), ends[:end_count, 1].copy()
    return labels[:count], rows, prices, min(floor, best), floor == effort.limit


@inner
def keep(
    task: Task,
    keeps_sets: bool,
    limit: int,
    born: Ints,
    cheapest: Ints,
    heads: Shorts,
    labels: Ints,
    count: int,
    ends: Ints,
    end_count: int,
    best: int,
) -> tuple[int, int, int]:
    """Of what is born, the cheapest first, what none makes needless becomes a label, and an end where it is a whole route; how many there are then, and the best price."""
    layout = task.layout
    worth, places, break_s, after_s = layout.per_second, layout.places, layout.break_s, layout.break_after_s
    for row in cheapest:
        if born[row, LEAST] >= limit or is_dominated(
            task.cuts, worth, break_s, after_s, layout.at, places, labels, heads, born[row], keeps_sets
        ):
            continue
        label = labels[count]
        for field in range(len(label)):
            label[field] = born[row, field]
        slot = slot_of(label[POSITION], label[ABOARD], label[TAKEN], keeps_sets)
        label[LINK] = heads[slot]
        heads[slot] = count
        price, position = INFINITE, label[POSITION]
        is_owing = label[OWED] & ((1 << places) - 1)
        is_empty = label[ABOARD] == 0 and is_owing == 0 and position < places
        if is_empty and label[READY] + layout.home_s[position] <= layout.ends_s:
            home_s = layout.home_drive_s[position]
            rests = rest_price(break_s, after_s, worth, label[DRIVEN], home_s)
            price = max(label[PRICE], label[PLAIN] + rests) + layout.home[position]
        if price < limit:
            ends[end_count, 0] = count
            ends[end_count, 1] = price
            end_count += 1
            best = min(best, price)
        count += 1
    return count, end_count, best


@inner_making
def with_room(rows: Ints, least: int) -> Ints:
    """The rows with room for at least so many."""
    if len(rows) >= least:
        return rows
    larger = np.empty((max(least, 2 * len(rows)), rows.shape[1]), dtype=np.int64)
    larger[: len(rows)] = rows
    return larger


@inner_making
def first_stays(task: Task, limit: int, born: Ints) -> tuple[Ints, int]:
    """From the turn's start to each farm with each option."""
    layout, options, tables, laden, cuts, count = (
        task.layout,
        task.options,
        task.tables,
        task.laden,
        task.cuts,
        0,
    )
    for stop in range(layout.places, len(layout.seconds)):
        arrives_s = layout.begins_s + layout.out_s[stop]
        arriving = layout.out[stop] + rest_price(
            layout.break_s, layout.break_after_s, layout.per_second, 0, layout.out_s[stop]
        )
        without_time = layout.out[stop] - layout.per_second * (layout.out_s[stop] + layout.ends_s)
        for option in range(options.first[stop], options.first[stop + 1]):
            close_s, bits, owed = options.close_s[option], options.bits[option], options.needs[option]
            begins_s = opened(
                layout.open_first,
                layout.open_from,
                layout.open_to,
                stop,
                max(arrives_s, options.open_s[option]),
            )
            if begins_s > close_s:
                continue
            ready_s = max(begins_s + options.take_s[option], options.ready_s[option])
            paid = options.gain[option] - newly_cut(cuts, option, 0, bits)
            started = max(without_time, arriving - layout.per_second * close_s)
            started -= paid + layout.per_second * (options.take_s[option] + options.give_s[option])
            price, plain, started = waited(
                layout.per_second,
                layout.break_s,
                layout.last_open_s,
                arriving - paid,
                started,
                ready_s,
                options.give_s[option],
            )
            least = price + least_left(
                tables,
                laden,
                stop,
                ready_s,
                options.give_s[option],
                owed,
                NOWHERE,
                options.is_chained[stop],
                limit - price,
            )
            if least >= limit:
                continue
            born = with_room(born, count + 1)
            write(born[count], stop, ready_s, price, least, bits, bits, NOWHERE, owed)
            write_way(born[count], plain, started, options.give_s[option], layout.out_s[stop], bits)
            born[count, FIELDS:] = options.loads[option]
            count += 1
    return born, count


@inner_making
def next_stays(task: Task, labels: Ints, chosen: Ints, limit: int, born: Ints) -> tuple[Ints, int]:
    """Every stay after each of the chosen labels."""
    most, count, done = len(task.options.bits) + (task.layout.places << EACH_PART), 0, 0
    while done < len(chosen):
        born = with_room(born, count + AT_ONCE * most)
        count = stays_after(task, labels, chosen[done : done + AT_ONCE], limit, born, count)
        done += AT_ONCE
    return born, count


@inner
def stays_after(task: Task, labels: Ints, chosen: Ints, limit: int, born: Ints, count: int) -> int:
    """Those after some labels, written where there is room for all; how many there are then."""
    for row in chosen:
        count = next_places(task, labels[row], row, limit, born, count)
        count = next_farms(task, labels[row], row, limit, born, count)
    return count


@inner
def next_farms(task: Task, label: Ints, row: int, limit: int, born: Ints, count: int) -> int:
    """A stay at each farm with each option whose goods are not taken yet, if it is in time and the load fits."""
    layout, options, tables, laden, cuts = task.layout, task.options, task.tables, task.laden, task.cuts
    position, aboard, all_taken, all_owed = label[POSITION], label[ABOARD], label[TAKEN], label[OWED]
    before = position if position >= layout.places and layout.is_uniform[position] else NOWHERE
    for stop in range(layout.places, len(layout.seconds)):
        goes_on = stop == position
        if goes_on and not options.is_chained[stop]:
            continue
        arrives_s = label[READY] + layout.seconds[position, stop]
        if not goes_on:
            arrives_s = opened(layout.open_first, layout.open_from, layout.open_to, stop, arrives_s)
            if arrives_s > layout.closes_s[stop]:
                continue
        avoided = NOWHERE if goes_on else before
        drive_s, way = layout.drive_s[position, stop], layout.shares[position, stop]
        begins_s, left = max(arrives_s, layout.opens_s[stop]), limit - label[PRICE] - way
        least = least_there(tables, stop, begins_s, all_owed, avoided)
        if least < left and laden.counts_giving:
            least = max(least, least_there(laden, stop, begins_s + label[GIVING], all_owed, avoided))
        if least >= left:
            continue
        arriving = label[PLAIN] + way
        arriving += rest_price(
            layout.break_s, layout.break_after_s, layout.per_second, label[DRIVEN], drive_s
        )
        without_time = label[STARTED] + way - layout.per_second * layout.seconds[position, stop]
        for option in range(options.first[stop], options.first[stop + 1]):
            bits, close_s = options.bits[option], options.close_s[option]
            if bits & label[SHUT]:
                continue
            begins_s, started = max(arrives_s, options.open_s[option]), without_time
            if not goes_on:
                begins_s = opened(layout.open_first, layout.open_from, layout.open_to, stop, begins_s)
                if begins_s > close_s:
                    continue
                started = max(started, arriving - layout.per_second * (label[GIVING] + close_s))
            ready_s = max(begins_s + options.take_s[option], options.ready_s[option])
            giving_s, owed = label[GIVING] + options.give_s[option], all_owed | options.needs[option]
            paid = options.gain[option] - newly_cut(cuts, option, all_taken, bits)
            started -= paid + layout.per_second * (options.take_s[option] + options.give_s[option])
            price, plain, started = waited(
                layout.per_second,
                layout.break_s,
                layout.last_open_s,
                arriving - paid,
                started,
                ready_s,
                giving_s,
            )
            least = price + least_left(
                tables,
                laden,
                stop,
                ready_s,
                giving_s,
                owed,
                avoided,
                options.is_chained[stop],
                limit - price,
            )
            if least >= limit:
                continue
            is_full = False
            for room in range(len(layout.rooms)):
                is_full |= label[FIELDS + room] + options.loads[option, room] > layout.rooms[room]
            if is_full:
                continue
            write(born[count], stop, ready_s, price, least, aboard | bits, all_taken | bits, row, owed)
            write_way(born[count], plain, started, giving_s, label[DRIVEN] + drive_s, label[SHUT] | bits)
            for room in range(len(layout.rooms)):
                born[count, FIELDS + room] = label[FIELDS + room] + options.loads[option, room]
            count += 1
    return count


@inner
def next_places(task: Task, label: Ints, row: int, limit: int, born: Ints, count: int) -> int:
    """A stay at each place that is owed one: all its goods are given, or a part of them where coming back can pay.

    Where all that is to come fits on board, whoever comes twice could give goods of the same hours all the second time: they are given
    together, once. Of up to ``EACH_PART`` kinds of goods every part is tried. Of more than that one stay stands for all parts (relaxed):
    all is off board after it, in the seconds of the quickest, and the place owed another stay, even one that gives nothing.
    """
    layout, tables, laden = task.layout, task.tables, task.laden
    position, all_owed = label[POSITION], label[OWED]
    fits = fits_all(layout.rooms, layout.weights, task.options.total, label[TAKEN] & ~label[ABOARD])
    for place in range(layout.places):
        if not all_owed >> place & 1 or place == position:
            continue
        arrives_s = label[READY] + layout.seconds[position, place]
        arrives_s = opened(layout.open_first, layout.open_from, layout.open_to, place, arrives_s)
        if arrives_s > layout.closes_s[place]:
            continue
        way, drive_s = layout.shares[position, place], layout.drive_s[position, place]
        all_of_it = label[ABOARD] & layout.at[place]
        heads = one_of_each(layout, place, all_of_it) if fits else all_of_it
        least = least_after(tables, place, arrives_s, all_owed, NOWHERE, 0)
        keeps = label[PRICE] + way + least < limit
        arriving = label[PLAIN] + way
        arriving += rest_price(
            layout.break_s, layout.break_after_s, layout.per_second, label[DRIVEN], drive_s
        )
        without_time = label[STARTED] + way - layout.per_second * layout.seconds[position, place]
        each_part = has_at_most(heads, EACH_PART)
        chosen, is_first = heads, True
        while is_first or (keeps and chosen):
            part, shut, owed = chosen, label[SHUT], all_owed
            if fits:
                part, shut = with_alike(layout, place, chosen, all_of_it, shut)
            if is_first:
                owed ^= 1 << place
            if is_first or each_part:
                ready_s, close_s, gives_s = given_by(layout, place, part, arrives_s)
                chosen = (chosen - 1) & heads
            else:
                part, shut, chosen = all_of_it, label[SHUT], 0
                ready_s, close_s, gives_s = any_given_by(layout, place, part, arrives_s)
            is_first = False
            giving_s = label[GIVING] - gives_s
            started = max(without_time, arriving - layout.per_second * (label[GIVING] + close_s))
            price, plain, started = waited(
                layout.per_second, layout.break_s, layout.last_open_s, arriving, started, ready_s, giving_s
            )
            least = limit
            if ready_s >= 0:
                least = price + least_left(
                    tables, laden, place, ready_s, giving_s, owed, NOWHERE, 0, limit - price
                )
            if least < limit:
                new = born[count]
                write(new, place, ready_s, price, least, label[ABOARD] ^ part, label[TAKEN], row, owed)
                write_way(new, plain, started, giving_s, label[DRIVEN] + drive_s, shut)
                for room in range(len(layout.rooms)):
                    new[FIELDS + room] = label[FIELDS + room]
                    for number in range(layout.to_first[place], layout.to_first[place + 1]):
                        if part >> layout.to[number] & 1:
                            new[FIELDS + room] -= layout.weights[layout.to[number], room]
                count += 1
    return count
