"""Faults in what is said to have been driven: it must be possible, or every plan would contradict it."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from routing.problem import LONGEST_S, Driven, DrivenVisit, InputError, Rules, Shipment, Vehicle


def unknown_driven(
    rules: Rules, goods: dict[str, Shipment], fleet: dict[str, Vehicle]
) -> Iterator[InputError]:
    """Names that the problem does not have."""
    for driven in rules.driven:
        if driven.vehicle not in fleet:
            text = f"A route has begun with the vehicle {driven.vehicle!r}."
            yield InputError("unknown_vehicle", text, "Add it to the vehicles.")
        elif not 0 <= driven.shift < len(fleet[driven.vehicle].shifts):
            text = f"A route has begun in shift {driven.shift} of {driven.vehicle!r}."
            yield InputError("unknown_shift", text, "Give the vehicle that shift; they count from 0.")
        for name in (name for visit in driven.visits for name in (*visit.pickups, *visit.deliveries)):
            if name not in goods:
                text = f"A route that has begun carries the shipment {name!r}."
                yield InputError("unknown_shipment", text, "Add it to the shipments.")


def driven_errors(rules: Rules, goods: dict[str, Shipment]) -> Iterator[InputError]:
    """What contradicts itself."""
    if not 0 <= rules.now_s <= LONGEST_S:
        text = f"It cannot be {rules.now_s} now."
        yield InputError("out_of_range", text, "Count seconds from the horizon's start.")
    for (vehicle, shift), count in Counter((entry.vehicle, entry.shift) for entry in rules.driven).items():
        if count > 1:
            text = f"{vehicle!r} has begun its shift {shift} {count} times."
            yield InputError("begun_twice", text, "Put all its visits into one.")
    aboard = {(entry.vehicle, entry.shift, entry.shipment) for entry in rules.on_board}
    handled = Counter(
        (name, is_pickup)
        for driven in rules.driven
        for visit in driven.visits
        for names, is_pickup in ((visit.pickups, True), (visit.deliveries, False))
        for name in names
    )
    for (name, _), count in handled.items():
        if count > 1:
            text = f"{name!r} is said to have been handled {count} times."
            yield InputError("driven_twice", text, "Say it once.")
    for driven in rules.driven:
        loaded = {
            name for vehicle, shift, name in aboard if (vehicle, shift) == (driven.vehicle, driven.shift)
        }
        yield from _route(driven, goods, loaded)


def _route(driven: Driven, goods: dict[str, Shipment], on_board: set[str]) -> Iterator[InputError]:
    where = f"The route of {driven.vehicle!r} in shift {driven.shift}"
    if not driven.visits or not all(visit.pickups or visit.deliveries for visit in driven.visits):
        text = f"{where} has begun with no visit, or with one that handles nothing."
        yield InputError("driven_without_work", text, "Name what each visit handles.")
    starts = [driven.start_s, *(visit.start_s for visit in driven.visits)]
    if any(before > after for before, after in pairwise(starts)):
        text = f"{where} goes back in time: {starts}."
        yield InputError("driven_out_of_order", text, "Give its visits in the order they were made.")
    elif driven.goes_on_s and driven.goes_on_s < starts[-1]:
        text = f"{where} goes on at {driven.goes_on_s}, before its last visit at {starts[-1]}."
        yield InputError("driven_out_of_order", text, "Give the second at which it turned away, or 0.")
    for visit in driven.visits:
        yield from _visit(where, visit, goods, on_board)
        on_board = (on_board - set(visit.deliveries)) | set(visit.pickups)


def _visit(
    where: str, visit: DrivenVisit, goods: dict[str, Shipment], on_board: set[str]
) -> Iterator[InputError]:
    ends = [goods[name].pickup for name in visit.pickups]
    ends += [goods[name].delivery for name in visit.deliveries]
    if set(ends) - {visit.stop}:
        text = f"{where} handles at {visit.stop!r} what belongs elsewhere."
        yield InputError("driven_elsewhere", text, "Name the stop where it was picked up or delivered.")
    missing = sorted(set(visit.deliveries) - on_board)
    if missing:
        text = f"{where} has delivered {missing}, which it had not picked up."
        yield InputError("driven_not_on_board", text, "Name its pickup, or say that it was on board.")
