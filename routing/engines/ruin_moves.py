"""The compiled steps of ruin and recreate on one route: its figures, the best place for a shipment, putting it in, taking out.

A part of a route is known by three numbers (Vidal and others 2013): the seconds it takes at least, from leaving to the start of
work at its last node, and the first and last second at which one can begin it so. Two parts, or a part and a node, are joined
in constant time, so a pair of positions is checked and priced in constant time too.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.compiled import inlined, inner
from routing.engines.ruin_ground import Ground, Real, Whole

NEVER = 1e18
NOW, KEPT, BEST = 0, 1, 2
LOG_SEEN = float(np.log(0.99))
"""The log of the chance to see a place ("blinks" otherwise)."""


class Routes(NamedTuple):
    """Three plans: the one that is changed (``NOW``), the one it may go back to (``KEPT``), and the ``BEST``.

    R rows, each a turn's route; at most L nodes in one, with its start first and its end last.
    ``nodes`` (3, R, L), ``length`` (3, R); ``kind`` (3, R): -1 for a row that is not to be used. ``parts`` (3, R, L, 6): seconds, first and
    last second of the part that ends here, and of the one that begins here. ``aboard`` (3, R, L, D): load on leaving. ``cost`` (3, R): öre.
    ``row_of`` (3, S): the row of each shipment, or -1. ``version`` (3, R + 1): a number for each content that a row has had, and
    the next such number.
    """

    nodes: Whole
    length: Whole
    kind: Whole
    parts: Whole
    aboard: Whole
    cost: Real
    row_of: Whole
    version: Whole


@inlined
def draw(state: NDArray[np.uint64]) -> float:
    """A number from 0 up to 1 (xorshift64*, Vigna 2016); ``state`` (1) goes on."""
    word = state[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    state[0] = word
    return np.float64((word * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@inlined
def next_blink(random: NDArray[np.uint64]) -> int:
    """How many places are seen before the next one that is not."""
    return int(np.log(1.0 - draw(random)) / LOG_SEEN)


@inner
def _time_ore(ground: Ground, kind: int, length: int, ends: int) -> float:
    """The price of a route's seconds that ends at this second at the earliest."""
    late = max(0.0, ends - ground.rates[kind, 3])
    return float(ground.rates[kind, 0] * length + ground.rates[kind, 2] * late)


@inner
def refresh(ground: Ground, routes: Routes, row: int) -> bool:
    """Work out a row's figures again; whether it keeps times and loads."""
    kind, last = routes.kind[NOW, row], routes.length[NOW, row] - 1
    nodes, parts = routes.nodes[NOW, row], routes.parts[NOW, row]
    opens, closes = ground.opens[kind], ground.closes[kind]
    aboard, measures = routes.aboard[NOW, row], ground.loads.shape[1]
    prices, seconds = ground.prices[ground.price_row[kind], 0], ground.seconds[0]
    routes.version[NOW, row] = routes.version[NOW, -1]
    routes.version[NOW, -1] += 1
    fits = True
    way = 0.0
    node = nodes[0]
    parts[0, 0], parts[0, 1], parts[0, 2] = 0, opens[node], closes[node]
    for measure in range(measures):
        aboard[0, measure] = 0
    for place in range(1, last + 1):
        before, node = node, nodes[place]
        way += prices[before, node]
        takes = parts[place - 1, 0] + seconds[before, node]
        waits = max(0, opens[node] - takes - parts[place - 1, 2])
        fits = fits and parts[place - 1, 1] + takes <= closes[node]
        parts[place, 0] = takes + waits
        parts[place, 1] = max(opens[node] - takes, parts[place - 1, 1]) - waits
        parts[place, 2] = min(closes[node] - takes, parts[place - 1, 2])
        for measure in range(measures):
            aboard[place, measure] = aboard[place - 1, measure] + ground.loads[node, measure]
            fits = fits and aboard[place, measure] <= ground.room[kind, measure]
    parts[last, 3], parts[last, 4], parts[last, 5] = 0, opens[node], closes[node]
    for place in range(last - 1, -1, -1):
        after, node = node, nodes[place]
        takes = seconds[node, after]
        waits = max(0, parts[place + 1, 4] - takes - closes[node])
        parts[place, 3] = takes + waits + parts[place + 1, 3]
        parts[place, 4] = max(parts[place + 1, 4] - takes, opens[node]) - waits
        parts[place, 5] = min(parts[place + 1, 5] - takes, closes[node])
    ends = parts[last, 0] + parts[last, 1]
    routes.cost[NOW, row] = 0.0
    if last > 1:
        routes.cost[NOW, row] = way + ground.rates[kind, 1] + _time_ore(ground, kind, parts[last, 0], ends)
    return fits


@inner
def best_place(
    ground: Ground,
    routes: Routes,
    row: int,
    shipment: int,
    least: float,
    bounds: Real,
    blinks: Whole,
    random: NDArray[np.uint64],
) -> tuple[float, int, int]:
    """Öre that the cheapest place in the row adds, and the places before which pickup and delivery go; NEVER when not below ``least``.

    Now and then one is not seen: after ``blinks`` (1) more that would do. ``bounds`` (L) is written to: what a delivery before a place or
    later adds at least. That a way through a third place is no shorter is taken for granted where it saves time.
    """
    kind, last = routes.kind[NOW, row], routes.length[NOW, row] - 1
    nodes, parts = routes.nodes[NOW, row], routes.parts[NOW, row]
    aboard, measures, room = routes.aboard[NOW, row], ground.loads.shape[1], ground.room[kind]
    seconds, prices = ground.seconds[0], ground.prices[ground.price_row[kind], 0]
    pickup, delivery = 2 * shipment, 2 * shipment + 1
    seconds_to_p, prices_to_p = ground.seconds[1, pickup], ground.prices[ground.price_row[kind], 1, pickup]
    seconds_to_d, prices_to_d = (
        ground.seconds[1, delivery],
        ground.prices[ground.price_row[kind], 1, delivery],
    )
    seconds_from_d, prices_from_d = seconds[delivery], prices[delivery]
    opens, closes = ground.opens[kind], ground.closes[kind]
    has_time = ground.rates[kind, 0] != 0.0 or ground.rates[kind, 2] != 0.0
    opens_p, closes_p, opens_d, closes_d = opens[pickup], closes[pickup], opens[delivery], closes[delivery]
    found, first, then = NEVER, -1, -1
    is_empty = last == 1
    once = ground.rates[kind, 1] if is_empty else 0.0
    paid = 0.0 if is_empty else _time_ore(ground, kind, parts[last, 0], parts[last, 0] + parts[last, 1])
    if once >= least:
        return found, first, then
    bound = NEVER
    for end in range(last, 0, -1):
        before, after = nodes[end - 1], nodes[end]
        arrival = max(opens_d, parts[end - 1, 0] + parts[end - 1, 1] + seconds_to_d[before])
        if arrival <= closes_d and arrival + seconds_from_d[after] <= parts[end, 5]:
            bound = min(bound, prices_to_d[before] + prices_from_d[after] - prices[before, after])
        bounds[end] = bound
    for place in range(1, last + 1):
        before, after = nodes[place - 1], nodes[place]
        length = parts[place - 1, 0] + seconds_to_p[before]
        if parts[place - 1, 1] + length > closes_p:
            break  # later in the route it is later still
        fits = True
        for measure in range(measures):
            fits = fits and aboard[place - 1, measure] + ground.loads[pickup, measure] <= room[measure]
        if not fits:
            continue
        added = once + prices_to_p[before] + prices[pickup, after] - prices[before, after]
        direct = once + prices_to_p[before] + prices[pickup, delivery] + prices_from_d[after]
        if not is_empty:
            direct -= prices[before, after]
        further = place < last and added + bounds[place + 1] < least
        if not further and direct >= least:
            continue
        late = parts[place - 1, 2]
        waits = max(0, opens_p - length - late)
        early = max(opens_p - length, parts[place - 1, 1]) - waits
        late = min(closes_p - length, late)
        length += waits
        previous, price = pickup, direct
        for end in range(place, last + 1):
            following = nodes[end]
            if end > place:
                price = added + prices_to_d[previous] + prices_from_d[following] - prices[previous, following]
            if price < least:
                takes = length + seconds_to_d[previous]
                if early + takes > closes_d:
                    break
                waits = max(0, opens_d - takes - late)
                early_d = max(opens_d - takes, early) - waits
                late_d = min(closes_d - takes, late)
                takes += waits + seconds_from_d[following]
                if early_d + takes <= parts[end, 5]:
                    if has_time:
                        waits = max(0, parts[end, 4] - takes - late_d)
                        early_d = max(parts[end, 4] - takes, early_d) - waits
                        takes += waits + parts[end, 3]
                        price += _time_ore(ground, kind, takes, early_d + takes) - paid
                    if price < least:
                        blinks[0] -= 1
                        if blinks[0] < 0:
                            blinks[0] = next_blink(random)
                        else:
                            found, first, then = price, place, end
                            least = price
            if end == last or added + bounds[end + 1] >= least:
                break
            length += seconds[previous, following]
            if early + length > parts[end, 5]:
                break
            fits = True
            for measure in range(measures):
                fits = fits and aboard[end, measure] + ground.loads[pickup, measure] <= room[measure]
            if not fits:
                break
            waits = max(0, opens[following] - length - late)
            early = max(opens[following] - length, early) - waits
            late = min(closes[following] - length, late)
            length += waits
            previous = following
    return found, first, then


@inner
def put(ground: Ground, routes: Routes, row: int, shipment: int, first: int, then: int) -> None:
    """Pickup before place ``first``, delivery before place ``then`` of the row as it was."""
    nodes, length = routes.nodes[NOW, row], routes.length[NOW, row]
    for place in range(length - 1, then - 1, -1):
        nodes[place + 2] = nodes[place]
    nodes[then + 1] = 2 * shipment + 1
    for place in range(then - 1, first - 1, -1):
        nodes[place + 1] = nodes[place]
    nodes[first] = 2 * shipment
    routes.length[NOW, row] = length + 2
    routes.row_of[NOW, shipment] = row
    refresh(ground, routes, row)


@inner
def take_marked(ground: Ground, routes: Routes, row: int, marked: NDArray[np.bool_]) -> None:
    """Take the shipments out of the row that are ``marked`` (S)."""
    nodes, kept = routes.nodes[NOW, row], 1
    last = routes.length[NOW, row] - 1
    for place in range(1, last):
        node = nodes[place]
        if marked[node // 2]:
            routes.row_of[NOW, node // 2] = -1
        else:
            nodes[kept] = node
            kept += 1
    nodes[kept] = nodes[last]
    routes.length[NOW, row] = kept + 1
    refresh(ground, routes, row)


@inner
def copy_row(routes: Routes, source: int, target: int, row: int) -> None:
    """Make a row of the target plan as that of the source; whose shipments these are is left to the caller."""
    length = routes.length[source, row]
    routes.length[target, row] = length
    routes.kind[target, row] = routes.kind[source, row]
    routes.cost[target, row] = routes.cost[source, row]
    routes.version[target, row] = routes.version[source, row]
    for place in range(length):
        routes.nodes[target, row, place] = routes.nodes[source, row, place]
        for part in range(6):
            routes.parts[target, row, place, part] = routes.parts[source, row, place, part]
        for measure in range(routes.aboard.shape[3]):
            routes.aboard[target, row, place, measure] = routes.aboard[source, row, place, measure]


@inner
def copy_owners(routes: Routes, source: int, target: int) -> None:
    """Make the target's shipments belong to the rows that the source's do."""
    for shipment in range(routes.row_of.shape[1]):
        routes.row_of[target, shipment] = routes.row_of[source, shipment]
