"""A beginning of a route as a row of numbers, what waiting and breaks make it cost, and when one makes another needless.

A beginning is dropped when another at the same position with the same goods on board, or with these but for one farm's, is no dearer, no later,
no longer on its way and on the road, and has taken no others (Ropke and Cordeau 2009): whatever the one can be continued with, the other
can at no greater price, and passes places by for which it has nothing. A subset-row cut that the other has yet to pay, and this one has paid, counts on its side (Jepsen et al. 2008), and so do
breaks: whoever has driven less has yet to take one that this one has taken. Where all routes are wanted, only beginnings with the same goods are compared.
"""

from typing import NamedTuple

from routing.arrays import Ints, Shorts
from routing.bounds.completions import Tables
from routing.bounds.stays import Layout, Options
from routing.compiled import inner

POSITION, READY, PRICE, LEAST, ABOARD, TAKEN, PARENT, LINK, OWED, STARTED, GIVING, DRIVEN, SHUT, PLAIN = (
    range(14)
)
"""Columns of a label: stop; second; shares; shares promised for a whole route; bits; rows of labels; places (bits); shares
without time, less the time before the latest start; seconds of giving what is on board, paid for; seconds of driving;
what is not taken any more (bits); shares without waiting, where breaks may fall into it (else as PRICE)."""
FIELDS = 14
"""After these come the loads on board, one column for each room."""
HEADS = 1 << 18
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
    """All that a search reads; ``tables`` of completions by the time that it is, ``laden`` by that with all giving of what is on board, or the same."""

    layout: Layout
    options: Options
    tables: Tables
    laden: Tables
    cuts: Cuts


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
def write_way(label: Ints, plain: int, started: int, giving_s: int, driven_s: int, shut: int) -> None:
    label[PLAIN] = plain
    label[SHUT] = shut
    label[STARTED] = started
    label[GIVING] = giving_s
    label[DRIVEN] = driven_s


@inner
def rest_price(break_s: int, after_s: int, worth: int, driven_s: int, more_s: int) -> int:
    """What the breaks cost that fall due by driving on."""
    if break_s == 0 or worth == 0:
        return 0
    return (breaks_by(after_s, driven_s + more_s) - breaks_by(after_s, driven_s)) * break_s * worth


@inner
def breaks_by(after_s: int, driven_s: int) -> int:
    """How many breaks have fallen due after so much driving."""
    return max(0, driven_s - 1) // after_s


@inner
def more_breaks(after_s: int, driven_s: int, than_s: int) -> int:
    """How many more may fall due yet than after driving ``than_s``, at most, however long both drive on."""
    later = breaks_by(after_s, than_s) - breaks_by(after_s, driven_s)
    return max(0, later - (than_s - driven_s) // after_s)


@inner
def waited(
    worth: int, break_s: int, last_open_s: int, plain: int, started: int, ready_s: int, giving_s: int
) -> tuple[int, int, int]:
    """``PRICE``, with what has been waited; ``PLAIN``, without it where breaks may fall into it; ``STARTED``, as high as it could ever count."""
    price = max(plain, started + worth * (ready_s + giving_s))
    started = max(started, price - worth * (giving_s + max(ready_s, last_open_s)))
    return price, price if break_s == 0 else plain, started


@inner
def is_dominated(
    cuts: Cuts,
    worth: int,
    break_s: int,
    break_after_s: int,
    at: Ints,
    places: int,
    labels: Ints,
    heads: Shorts,
    label: Ints,
    keeps_sets: bool,
) -> bool:
    """Whether one of the labels is as good in every way: with the same goods on board, or without those of one farm. ``at``: see Layout."""
    aboard = label[ABOARD]
    if is_dominated_by(cuts, worth, break_s, break_after_s, labels, heads, label, aboard, keeps_sets):
        return True
    if keeps_sets:
        return False
    for farm in range(places, len(at)):
        others = aboard & ~at[farm]
        if others != aboard and is_dominated_by(
            cuts, worth, break_s, break_after_s, labels, heads, label, others, keeps_sets
        ):
            return True
    return False


@inner
def is_dominated_by(
    cuts: Cuts,
    worth: int,
    break_s: int,
    break_after_s: int,
    labels: Ints,
    heads: Shorts,
    label: Ints,
    aboard: int,
    keeps_sets: bool,
) -> bool:
    """Whether one of the labels with these goods on board, none of which the label lacks, is as good in every way."""
    row = heads[slot_of(label[POSITION], aboard, label[TAKEN], keeps_sets)]
    rest = break_s * worth
    while row >= 0:
        other = labels[row]
        row = other[LINK]
        if (
            other[POSITION] != label[POSITION]
            or other[ABOARD] != aboard
            or other[READY] > label[READY]
            or other[PRICE] > label[PRICE]
            or other[TAKEN] & ~label[TAKEN]
            or other[SHUT] & ~label[SHUT]
            or other[OWED] & ~label[OWED]
        ):
            continue
        dearer = 0
        if other[TAKEN] != label[TAKEN]:
            if keeps_sets:
                continue
            dearer = yet_to_pay(cuts, other[TAKEN], label[TAKEN])
        if worth and other[STARTED] + dearer > label[STARTED]:
            continue
        if rest:
            dearer += rest * more_breaks(break_after_s, other[DRIVEN], label[DRIVEN])
        dearer += worth * (label[GIVING] - other[GIVING])
        if other[PLAIN] + dearer <= label[PLAIN]:
            return True
    return False


@inner
def slot_of(position: int, aboard: int, taken: int, keeps_sets: bool) -> int:
    """Where labels that can be compared are chained."""
    mixed = aboard * 0x1E3779B97F4A7C15 + position * 0x42B2AE3D27D4EB4F
    if keeps_sets:
        mixed += taken * 0x165667B19E3779F9
    mixed ^= mixed >> 29
    return int(mixed * 0x1F58476D1CE4E5B9 >> 40 & (HEADS - 1))


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
