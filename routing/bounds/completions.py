"""What may still come after a route's beginning at the least, by time, position and the places that are owed a visit.

Dynamic programming over whole steps of time, from late to early. Nothing is remembered but those places, a few
shipments (decremental state space: Righini and Salani 2008), and the farm that comes next, to which one does not come back at once (two-cycle elimination, Christofides, Mingozzi and Toth 1981):
the same farm's goods could all be taken at the later of two visits with no place between them. Loads are not looked at.
Seconds are rounded down to steps and prices down to grains, so the least is never too high.

Time is that which it is, and giving takes as long as that of the least goods. Or it is laden: with the seconds of all giving that what is on
board will take, which are counted when goods are taken. A place that owes goods to some others is then come to by its own closing
and all giving there and at these, as late as can be; when it opens counts, what opens later in the day does not. Laden steps go on for as long
after the last place closes as what fits on board could take to give: who is later can give nothing more. Each is a bound of its own.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from routing.arrays import Ints, Shorts
from routing.bounds.stays import Layout, Options
from routing.compiled import compiled, inner

NEVER = 2**30
"""In grains; less than half of it is a price."""
ANY = -1
"""Goes on with no farm: to a place, or home."""
LEAST_GRAIN = 300
"""Shares: 1/60 öre."""


class Tables(NamedTuple):
    """Each steps x stops x sets of places (above them remembered shipments that are taken), in grains of ``grain`` shares; steps of ``step_s`` from ``begins_s``.

    ``counts_giving``: 1 where time is laden, else 0.
    ``leave``: least price after the end of work by that step with so many places owed; ``leave_next``: the farm it
    goes on with; ``leave_other``: the least that goes on with another. ``begin*`` likewise before work begins.
    """

    begins_s: int
    step_s: int
    grain: int
    counts_giving: int
    leave: Shorts
    leave_next: Shorts
    leave_other: Shorts
    begin: Shorts
    begin_next: Shorts
    begin_other: Shorts


class Priced(NamedTuple):
    """Ways and options in steps and grains; ``opened[step, stop]``: from when on work begins after arriving, past the last step: never.

    ``closes_owing[place, set]``: the last step for a place when those of a set are owed goods.
    """

    places: int
    way_steps: Ints
    way: Ints
    home: Ints
    opened: Ints
    closes: Ints
    closes_owing: Ints
    give_steps: Ints
    first: Ints
    needs: Ints
    repeats: Ints
    gain: Ints
    take_steps: Ints
    is_uniform: Ints
    is_chained: Ints


def steps_of(layout: Layout, step_s: int) -> int:
    """How many steps there are until the last place closes."""
    return (int(layout.closes_s[: layout.places].max()) - layout.begins_s) // step_s + 1


def laden_steps_of(layout: Layout, step_s: int) -> int:
    """How many of them there are until nobody can give anything any more."""
    return steps_of(layout, step_s) + -(-_most_giving_s(layout) // step_s) + 1


def _most_giving_s(layout: Layout) -> int:
    """No goods that fit on board together take longer to give: where goods can be split, by each room (Dantzig 1957)."""
    lasting = layout.give_s > 0
    give_s = layout.give_s[lasting]
    least = int(give_s.sum())
    for room, weights in zip(layout.rooms.tolist(), layout.weights[lasting].T, strict=True):
        left, total = room, 0.0
        for shipment in np.argsort(weights / give_s, kind="stable").tolist():
            weight, seconds = int(weights[shipment]), int(give_s[shipment])
            total += seconds if weight <= left else seconds * left / weight
            left = max(0, left - weight)
        least = min(least, int(total) + 1)
    return least


def tables_of(
    layout: Layout, options: Options, *, step_s: int, remembered: int, counts_giving: bool = False
) -> Tables:
    """``step_s`` must be at most any way between two stops; so many shipments are remembered."""
    steps = laden_steps_of(layout, step_s) if counts_giving else steps_of(layout, step_s)
    shape = (steps, len(layout.seconds), 1 << (layout.places + remembered))
    grain = _grain(layout, options, moves=2 * steps)
    tables = Tables(
        layout.begins_s,
        step_s,
        grain,
        int(counts_giving),
        *(np.full(shape, fill, dtype=np.int32) for fill in (NEVER, ANY, NEVER) * 2),
    )
    fill(_priced(layout, options, tables), tables)
    return tables


def repeated(layout: Layout, options: Options, tables: Tables, *, limit: int) -> Ints:
    """How often each shipment is taken twice on the least ways that begin at each farm and promise less than ``limit`` shares.

    To remember those makes completions dearer.
    """
    counts = np.zeros(len(layout.place), dtype=np.int64)
    priced = _priced(layout, options, tables)
    count_repeated(layout, options, priced, tables, limit, counts)
    return counts


def _grain(layout: Layout, options: Options, *, moves: int) -> int:
    """So many shares that no sum of prices on a way of so many moves comes near NEVER."""
    dearest = max(int(np.abs(prices).max(initial=0)) for prices in (layout.shares, layout.home, options.gain))
    return max(LEAST_GRAIN, -(-dearest * moves // (NEVER // 4)))


def _priced(layout: Layout, options: Options, tables: Tables) -> Priced:
    step_s, grain, steps = tables.step_s, tables.grain, len(tables.leave)
    first, repeats, needs, gain, take_s = _chains_joined(options, counts_giving=bool(tables.counts_giving))
    closes_s = layout.closes_s - layout.begins_s
    owing_s = np.repeat(closes_s[: layout.places, None], 1 << layout.places, axis=1)
    give_s = _by_place(layout, np.min)
    if tables.counts_giving:
        owing_s = owing_s + _over_sets(_by_place(layout, np.sum))
        closes_s = np.full(len(closes_s), steps * step_s)
        give_s[:] = 0
    return Priced(
        places=layout.places,
        way_steps=layout.seconds // step_s,
        way=layout.shares // grain,
        home=layout.home // grain,
        opened=_opened(layout, tables),
        closes=closes_s // step_s,
        closes_owing=owing_s // step_s,
        give_steps=give_s // step_s,
        first=first,
        needs=needs,
        repeats=repeats,
        gain=-(-gain // grain),
        take_steps=take_s // step_s,
        is_uniform=layout.is_uniform,
        is_chained=options.is_chained,
    )


def _by_place(layout: Layout, of: Callable[[Ints], np.int64]) -> Ints:
    """A figure of all giving, by place."""
    return np.array(
        [of(layout.give_s[layout.place == place]) for place in range(layout.places)], dtype=np.int64
    )


def _over_sets(values: Ints) -> Ints:
    """The sum for each set of places."""
    members = np.arange(1 << len(values))[:, None] >> np.arange(len(values)) & 1
    sums: Ints = members @ values
    return sums


def _opened(layout: Layout, tables: Tables) -> Ints:
    """The step of the first open second at or after each step's first second."""
    step_s, steps = tables.step_s, len(tables.leave)
    first_s = layout.begins_s + np.arange(steps + 1) * step_s
    opened = np.full((steps + 1, len(layout.seconds)), steps, dtype=np.int64)
    for stop in range(len(layout.seconds)):
        least = (max(0, int(layout.opens_s[stop]) - layout.begins_s)) // step_s
        if tables.counts_giving:
            opened[:, stop] = np.minimum(np.maximum(np.arange(steps + 1), least), steps - 1)
            continue
        for window in reversed(range(int(layout.open_first[stop]), int(layout.open_first[stop + 1]))):
            in_time = first_s <= layout.open_to[window]
            begins_s = np.maximum(first_s, layout.open_from[window])
            opened[in_time, stop] = (begins_s[in_time] - layout.begins_s) // step_s
        opened[:, stop] = np.minimum(np.maximum(opened[:, stop], least), steps)
    return opened


def _chains_joined(options: Options, *, counts_giving: bool) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Farms that offer shipments one by one: as if for any places all goods could be taken in no time."""
    first, joined = [0], list[tuple[int, int, int, int]]()
    for stop, is_chained in enumerate(options.is_chained):
        there = range(int(options.first[stop]), int(options.first[stop + 1]))
        each = [(int(options.repeats[n]), int(options.needs[n]), int(options.gain[n])) for n in there]
        if is_chained:
            joined.extend((0, needs, gain, 0) for needs, gain in _every_union(each).items())
        else:
            seconds = options.take_s + (options.give_s if counts_giving else 0)
            joined.extend((*one, int(seconds[n])) for one, n in zip(each, there, strict=True))
        first.append(len(joined))
    columns = np.array(joined, dtype=np.int64).reshape(len(joined), 4).T
    return (np.array(first, dtype=np.int64), *(np.ascontiguousarray(column) for column in columns))  # type: ignore[return-value]


def _every_union(each: list[tuple[int, int, int]]) -> dict[int, int]:
    """For every union of needed places the gain of all goods for them."""
    unions = {0}
    for _, needs, _ in each:
        unions |= {union | needs for union in unions}
    return {
        union: sum(max(0, gain) for _, needs, gain in each if not needs & ~union) for union in unions - {0}
    }


@compiled
def fill(priced: Priced, tables: Tables) -> None:
    """From the last step to the first: leaving each stop then, which refers to later steps, and beginning there then."""
    for step in range(tables.leave.shape[0] - 1, -1, -1):
        for stop in range(tables.leave.shape[1]):
            leave(priced, tables, step, stop)
        for stop in range(tables.leave.shape[1]):
            if step <= priced.closes[stop] or priced.is_chained[stop]:
                if stop < priced.places:
                    begin_place(priced, tables, step, stop)
                else:
                    begin_farm(priced, tables, step, stop)


@inner
def leave(priced: Priced, tables: Tables, step: int, stop: int) -> None:
    """The cheapest next stop, for all sets of owed places at once."""
    least, farm, other = (
        tables.leave[step, stop],
        tables.leave_next[step, stop],
        tables.leave_other[step, stop],
    )
    if stop < priced.places:
        for owed in range(0, len(least), 1 << priced.places):
            least[owed] = priced.home[stop]
    for following in range(tables.leave.shape[1]):
        if following == stop:
            continue
        arrives = min(step + priced.way_steps[stop, following], tables.leave.shape[0])
        arrives = priced.opened[arrives, following]
        if arrives >= tables.leave.shape[0] or arrives > priced.closes[following]:
            continue
        way = np.int32(priced.way[stop, following])
        begin, begin_other = tables.begin[arrives, following], tables.begin_other[arrives, following]
        begin_next = tables.begin_next[arrives, following]
        is_farm = following >= priced.places
        name = np.int32(following if is_farm else ANY)
        if is_farm and stop >= priced.places and priced.is_uniform[stop]:
            for owed in range(len(least)):
                # In bits, so that eight are looked at at a time: a choice between two prices would be one between two places of memory.
                goes_back = np.int32(-np.int32(begin_next[owed] == np.int32(stop)))
                then = np.int32(begin[owed] ^ ((begin[owed] ^ begin_other[owed]) & goes_back))
                offer(least, farm, other, owed, np.int32(then + way), name)
        else:
            for owed in range(len(least)):
                offer(least, farm, other, owed, np.int32(begin[owed] + way), name)
    for owed in range(len(least)):
        if least[owed] > NEVER // 2:
            least[owed] = NEVER
        if other[owed] > NEVER // 2:
            other[owed] = NEVER


@inner
def offer(least: Shorts, farm: Shorts, other: Shorts, owed: int, price: np.int32, name: np.int32) -> None:
    """A way on to a stop, with the farm's name or ANY: the least of all, or of all that go on with another one."""
    so_far, second, so_named = least[owed], other[owed], farm[owed]
    other[owed] = min(second, max(so_far, price))
    farm[owed] = name if price < so_far else so_named
    least[owed] = min(price, so_far)


@inner
def begin_place(priced: Priced, tables: Tables, step: int, stop: int) -> None:
    """All that is owed to the place is given, or some is kept and the place owed another visit."""
    done = min(step + priced.give_steps[stop], tables.leave.shape[0] - 1)
    bit = 1 << stop
    mask = (1 << priced.places) - 1
    for owed in range(tables.leave.shape[2]):
        if owed & bit and step <= priced.closes_owing[stop, owed & mask]:
            then = (
                owed ^ bit if tables.leave[done, stop, owed ^ bit] <= tables.leave[done, stop, owed] else owed
            )
            tables.begin[step, stop, owed] = tables.leave[done, stop, then]
            tables.begin_next[step, stop, owed] = tables.leave_next[done, stop, then]
            tables.begin_other[step, stop, owed] = tables.leave[done, stop, then]


@inner
def begin_farm(priced: Priced, tables: Tables, step: int, stop: int) -> None:
    """The best option for each set of owed places, and the best that goes on with another farm than it."""
    least, farm, other = (
        tables.begin[step, stop],
        tables.begin_next[step, stop],
        tables.begin_other[step, stop],
    )
    for option in range(priced.first[stop], priced.first[stop + 1]):
        done = step + priced.take_steps[option]
        if done >= tables.leave.shape[0]:
            if not tables.counts_giving:
                continue
            done = tables.leave.shape[0] - 1
        gain, needs, repeats = np.int32(priced.gain[option]), priced.needs[option], priced.repeats[option]
        for owed in range(len(least)):
            if owed & repeats:
                continue
            then = owed | needs
            price, following = tables.leave[done, stop, then] - gain, tables.leave_next[done, stop, then]
            if price > NEVER // 2:
                continue
            if price < least[owed]:
                if farm[owed] != following:
                    other[owed] = least[owed]
                least[owed], farm[owed] = price, following
            elif following != farm[owed]:
                other[owed] = min(other[owed], price)
            if following == farm[owed] and tables.leave_other[done, stop, then] <= NEVER // 2:
                other[owed] = min(other[owed], tables.leave_other[done, stop, then] - gain)


@compiled
def count_repeated(
    layout: Layout, options: Options, priced: Priced, tables: Tables, limit: int, counts: Ints
) -> None:
    """Follow the least way from the start to each farm."""
    for stop in range(layout.places, len(layout.seconds)):
        step = max(layout.out_s[stop], layout.opens_s[stop] - layout.begins_s) // tables.step_s
        if step >= tables.begin.shape[0] or options.is_chained[stop]:
            continue
        least = layout.out[stop] + tables.begin[step, stop, 0] * tables.grain
        if tables.begin[step, stop, 0] < NEVER and least < limit:
            follow(options, priced, tables, step, stop, counts)


@inner
def follow(options: Options, priced: Priced, tables: Tables, step: int, stop: int, counts: Ints) -> None:
    """The least way on from the beginning of work at a farm; each shipment met again counts."""
    owed, seen, avoided = 0, 0, -2
    while stop >= 0:
        if stop < priced.places:
            done = min(step + priced.give_steps[stop], tables.leave.shape[0] - 1)
            if tables.leave[done, stop, owed ^ (1 << stop)] <= tables.leave[done, stop, owed]:
                owed ^= 1 << stop
            step = done
        else:
            best, option = NEVER, -1
            for one in range(priced.first[stop], priced.first[stop + 1]):
                done = step + priced.take_steps[one]
                if tables.counts_giving:
                    done = min(done, tables.leave.shape[0] - 1)
                if done >= tables.leave.shape[0] or owed & priced.repeats[one]:
                    continue
                then = owed | priced.needs[one]
                goes_back = tables.leave_next[done, stop, then] == avoided
                price = tables.leave_other[done, stop, then] if goes_back else tables.leave[done, stop, then]
                if price - priced.gain[one] < best:
                    best, option = price - priced.gain[one], one
            if option < 0 or options.is_chained[stop]:
                return
            step = min(step + priced.take_steps[option], tables.leave.shape[0] - 1)
            owed |= priced.needs[option]
            for shipment in range(len(counts)):
                counts[shipment] += options.bits[option] & seen & (1 << shipment) != 0
            seen |= options.bits[option]
        step, stop, avoided = least_way(priced, tables, step, stop, owed, avoided)


@inner
def least_way(
    priced: Priced, tables: Tables, step: int, stop: int, owed: int, avoided: int
) -> tuple[int, int, int]:
    """The step and number of the next stop, and the farm that is not returned to from there; no stop where the way is home."""
    best, best_step, best_stop = NEVER // 2, 0, -1
    if stop < priced.places and owed & ((1 << priced.places) - 1) == 0:
        best = priced.home[stop]
    back = stop if stop >= priced.places and priced.is_uniform[stop] else -2
    for following in range(len(priced.closes)):
        arrives = min(step + priced.way_steps[stop, following], tables.leave.shape[0])
        arrives = priced.opened[arrives, following]
        is_late = arrives >= tables.leave.shape[0] or arrives > priced.closes[following]
        if following == stop or following == avoided or is_late:
            continue
        price = np.int64(tables.begin[arrives, following, owed])
        if following >= priced.places and tables.begin_next[arrives, following, owed] == back:
            price = np.int64(tables.begin_other[arrives, following, owed])
        if price + priced.way[stop, following] < best:
            best, best_step, best_stop = price + priced.way[stop, following], arrives, following
    return best_step, best_stop, back if best_stop >= priced.places else -2
