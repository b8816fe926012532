"""Giving goods at a place: when work can begin there, what is given together, and how long it takes."""

from routing.arrays import INFINITE, Ints
from routing.bounds.stays import Layout
from routing.compiled import inner


@inner
def opened(first: Ints, open_from: Ints, open_to: Ints, stop: int, arrives_s: int) -> int:
    """The first second from then on at which work at a stop can begin."""
    for window in range(first[stop], first[stop + 1]):
        if arrives_s <= open_to[window]:
            return int(max(arrives_s, open_from[window]))
    return INFINITE


@inner
def one_of_each(layout: Layout, place: int, goods: int) -> int:
    """Of all that have the same hours at a place the first one."""
    heads, seen = 0, 0
    for number in range(layout.to_first[place], layout.to_first[place + 1]):
        shipment = layout.to[number]
        if goods >> shipment & 1 and not seen >> shipment & 1:
            heads |= 1 << shipment
            seen |= layout.alike[shipment]
    return heads


@inner
def with_alike(layout: Layout, place: int, heads: int, goods: int, shut: int) -> tuple[int, int]:
    """What is on board of the same hours as these; and what is shut when it is given."""
    part = 0
    for number in range(layout.to_first[place], layout.to_first[place + 1]):
        shipment = layout.to[number]
        if heads >> shipment & 1:
            part |= layout.alike[shipment] & goods
            shut |= layout.alike[shipment]
    return part, shut


@inner
def fits_all(rooms: Ints, weights: Ints, total: Ints, gone: int) -> bool:
    """Whether all that is on board or may be taken yet fits at once; ``gone``: what has been given."""
    for room in range(len(rooms)):
        load = total[room]
        for shipment in range(len(weights)):
            if gone >> shipment & 1:
                load -= weights[shipment, room]
        if load > rooms[room]:
            return False
    return True


@inner
def given_by(layout: Layout, place: int, goods: int, arrives_s: int) -> tuple[int, int, int]:
    """When these goods can be given at the earliest, below 0 when it is too late for some; when it closes; how long giving takes.

    No goods: those that are already counted as given, whichever they are. It takes no time here, because the time of giving them is paid for and
    was let go: to count it again would be to wait.
    """
    opens_s, closes_s, ready_s, all_s = INFINITE, INFINITE, -INFINITE, 0
    if goods == 0:
        arrives_s = max(arrives_s, layout.opens_s[place])
        begins_s = opened(layout.open_first, layout.open_from, layout.open_to, place, arrives_s)
        return begins_s if begins_s <= layout.closes_s[place] else -1, layout.closes_s[place], 0
    for number in range(layout.to_first[place], layout.to_first[place + 1]):
        shipment = layout.to[number]
        if goods >> shipment & 1:
            opens_s = min(opens_s, layout.give_open_s[shipment])
            closes_s = min(closes_s, layout.give_close_s[shipment])
            ready_s = max(ready_s, layout.give_open_s[shipment] + layout.give_s[shipment])
            all_s += layout.give_s[shipment]
    begins_s = opened(layout.open_first, layout.open_from, layout.open_to, place, max(arrives_s, opens_s))
    return max(ready_s, begins_s + all_s) if begins_s <= closes_s else -1, closes_s, all_s


@inner
def any_given_by(layout: Layout, place: int, goods: int, arrives_s: int) -> tuple[int, int, int]:
    """As ``given_by``, of whichever part of the goods is the easiest in each way; but how long giving all of them takes."""
    opens_s, closes_s, quickest_s, all_s = INFINITE, -INFINITE, INFINITE, 0
    for number in range(layout.to_first[place], layout.to_first[place + 1]):
        shipment = layout.to[number]
        if goods >> shipment & 1:
            opens_s = min(opens_s, layout.give_open_s[shipment])
            closes_s = max(closes_s, layout.give_close_s[shipment])
            quickest_s = min(quickest_s, layout.give_s[shipment])
            all_s += layout.give_s[shipment]
    begins_s = opened(layout.open_first, layout.open_from, layout.open_to, place, max(arrives_s, opens_s))
    return begins_s + quickest_s if begins_s <= closes_s else -1, closes_s, all_s


@inner
def has_at_most(bits: int, most: int) -> bool:
    """Whether so many bits are set, or fewer."""
    while bits and most:
        bits &= bits - 1
        most -= 1
    return bits == 0
