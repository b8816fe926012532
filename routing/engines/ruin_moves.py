"""The compiled steps of ruin and recreate on one route: its figures, the best place for a shipment, putting it in, taking out.

A part of a route is known by three numbers (Vidal and others 2013): the seconds it takes at least, from leaving to the start of
work at its last node, and the first and last second at which one can begin it so. Two parts, or a part and a node, are joined
in constant time, so a pair of positions is checked and priced in constant time too.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.engines.ruin_compiled import compiled
from routing.engines.ruin_ground import Ground, Real, Whole

NEVER = 1e18
LOG_SEEN = float(np.log(0.99))
"""The log of the chance to see a place ("blinks" otherwise)."""


class Routes(NamedTuple):
    """R rows, each a turn's route; at most L nodes in one, with its start first and its end last.

    ``nodes`` (R, L), ``length`` (R); ``kind`` (R): -1 for a row that is not to be used. ``upto`` (R, L, 3): of the part that ends here,
    seconds, first and last second; ``from_here`` (R, L, 3) likewise. ``aboard`` (R, L, D): load on leaving. ``cost`` (R): öre.
    ``row_of`` (S): the row of each shipment, or -1. ``version`` (R + 1): a number for each content that a row has had, and the next.
    """

    nodes: Whole
    length: Whole
    kind: Whole
    upto: Whole
    from_here: Whole
    aboard: Whole
    cost: Real
    row_of: Whole
    version: Whole


@compiled
def draw(state: NDArray[np.uint64]) -> float:
    """A number from 0 up to 1 (xorshift64*, Vigna 2016); ``state`` (1) goes on."""
    word = state[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    state[0] = word
    return np.float64((word * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@compiled
def next_blink(random: NDArray[np.uint64]) -> int:
    """How many places are seen before the next one that is not."""
    return int(np.log(1.0 - draw(random)) / LOG_SEEN)


@compiled
def refresh(ground: Ground, routes: Routes, row: int) -> bool:
    """Work out a row's figures again; whether it keeps times and loads."""
    kind, last = routes.kind[row], routes.length[row] - 1
    nodes, upto, onward = routes.nodes[row], routes.upto[row], routes.from_here[row]
    opens, closes = ground.opens[kind], ground.closes[kind]
    aboard, measures = routes.aboard[row], ground.loads.shape[1]
    prices, seconds = ground.prices[ground.price_row[kind], 0], ground.seconds[0]
    routes.version[row] = routes.version[-1]
    routes.version[-1] += 1
    fits = True
    way = 0.0
    node = nodes[0]
    upto[0, 0], upto[0, 1], upto[0, 2] = 0, opens[node], closes[node]
    for measure in range(measures):
        aboard[0, measure] = 0
    for place in range(1, last + 1):
        before, node = node, nodes[place]
        way += prices[before, node]
        takes = upto[place - 1, 0] + seconds[before, node]
        waits = max(0, opens[node] - takes - upto[place - 1, 2])
        fits = fits and upto[place - 1, 1] + takes <= closes[node]
        upto[place, 0] = takes + waits
        upto[place, 1] = max(opens[node] - takes, upto[place - 1, 1]) - waits
        upto[place, 2] = min(closes[node] - takes, upto[place - 1, 2])
        for measure in range(measures):
            aboard[place, measure] = aboard[place - 1, measure] + ground.loads[node, measure]
            fits = fits and aboard[place, measure] <= ground.room[kind, measure]
    onward[last, 0], onward[last, 1], onward[last, 2] = 0, opens[node], closes[node]
    for place in range(last - 1, -1, -1):
        after, node = node, nodes[place]
        takes = seconds[node, after]
        waits = max(0, onward[place + 1, 1] - takes - closes[node])
        onward[place, 0] = takes + waits + onward[place + 1, 0]
        onward[place, 1] = max(onward[place + 1, 1] - takes, opens[node]) - waits
        onward[place, 2] = min(onward[place + 1, 2] - takes, closes[node])
    routes.cost[row] = (
        0.0 if last == 1 else way + ground.rates[kind, 0] * upto[last, 0] + ground.rates[kind, 1]
    )
    return fits


@compiled
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
    kind, last = routes.kind[row], routes.length[row] - 1
    nodes, upto, onward = routes.nodes[row], routes.upto[row], routes.from_here[row]
    aboard, measures, room = routes.aboard[row], ground.loads.shape[1], ground.room[kind]
    seconds, prices = ground.seconds[0], ground.prices[ground.price_row[kind], 0]
    pickup, delivery = 2 * shipment, 2 * shipment + 1
    seconds_to_p, prices_to_p = ground.seconds[1, pickup], ground.prices[ground.price_row[kind], 1, pickup]
    seconds_to_d, prices_to_d = ground.seconds[1, delivery], ground.prices[ground.price_row[kind], 1, delivery]
    seconds_from_d, prices_from_d = seconds[delivery], prices[delivery]
    opens, closes = ground.opens[kind], ground.closes[kind]
    second = ground.rates[kind, 0]
    opens_p, closes_p, opens_d, closes_d = opens[pickup], closes[pickup], opens[delivery], closes[delivery]
    found, first, then = NEVER, -1, -1
    is_empty = last == 1
    once = ground.rates[kind, 1] if is_empty else 0.0
    paid_s = 0 if is_empty else upto[last, 0]
    if once >= least:
        return found, first, then
    bound = NEVER
    for end in range(last, 0, -1):
        before, after = nodes[end - 1], nodes[end]
        arrival = max(opens_d, upto[end - 1, 0] + upto[end - 1, 1] + seconds_to_d[before])
        if arrival <= closes_d and arrival + seconds_from_d[after] <= onward[end, 2]:
            bound = min(bound, prices_to_d[before] + prices_from_d[after] - prices[before, after])
        bounds[end] = bound
    for place in range(1, last + 1):
        before, after = nodes[place - 1], nodes[place]
        length = upto[place - 1, 0] + seconds_to_p[before]
        if upto[place - 1, 1] + length > closes_p:
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
        late = upto[place - 1, 2]
        waits = max(0, opens_p - length - late)
        early = max(opens_p - length, upto[place - 1, 1]) - waits
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
                if early_d + takes <= onward[end, 2]:
                    if second > 0.0:
                        waits = max(0, onward[end, 1] - takes - late_d)
                        price += second * (takes + waits + onward[end, 0] - paid_s)
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
            if early + length > onward[end, 2]:
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


@compiled
def put(ground: Ground, routes: Routes, row: int, shipment: int, first: int, then: int) -> None:
    """Pickup before place ``first``, delivery before place ``then`` of the row as it was."""
    nodes, length = routes.nodes[row], routes.length[row]
    for place in range(length - 1, then - 1, -1):
        nodes[place + 2] = nodes[place]
    nodes[then + 1] = 2 * shipment + 1
    for place in range(then - 1, first - 1, -1):
        nodes[place + 1] = nodes[place]
    nodes[first] = 2 * shipment
    routes.length[row] = length + 2
    routes.row_of[shipment] = row
    refresh(ground, routes, row)


@compiled
def take_marked(ground: Ground, routes: Routes, row: int, marked: NDArray[np.bool_]) -> None:
    """Take the shipments out of the row that are ``marked`` (S)."""
    nodes, kept = routes.nodes[row], 1
    last = routes.length[row] - 1
    for place in range(1, last):
        node = nodes[place]
        if marked[node // 2]:
            routes.row_of[node // 2] = -1
        else:
            nodes[kept] = node
            kept += 1
    nodes[kept] = nodes[last]
    routes.length[row] = kept + 1
    refresh(ground, routes, row)


@compiled
def copy_row(source: Routes, target: Routes, row: int) -> None:
    """Make the target's row as the source's; whose shipments these are is left to the caller."""
    length = source.length[row]
    measures = source.aboard.shape[2]
    target.length[row] = length
    target.kind[row] = source.kind[row]
    target.cost[row] = source.cost[row]
    target.version[row] = source.version[row]
    for place in range(length):
        target.nodes[row, place] = source.nodes[row, place]
        for part in range(3):
            target.upto[row, place, part] = source.upto[row, place, part]
            target.from_here[row, place, part] = source.from_here[row, place, part]
        for measure in range(measures):
            target.aboard[row, place, measure] = source.aboard[row, place, measure]


@compiled
def copy_owners(source: Routes, target: Routes) -> None:
    """Make the target's shipments belong to the rows that the source's do."""
    for shipment in range(source.row_of.shape[0]):
        target.row_of[shipment] = source.row_of[shipment]
