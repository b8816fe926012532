"""Large shipments taken apart: each part is an ordinary shipment, so no other module knows of parts.

What is shared out sums to exactly what the whole had; rules that name the whole hold for each part.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from routing.problem import Apart, InputError, Rules, Shipment

MOST_PARTS = 100
SHARED = ("grams", "crates", "pallets", "pickup_s", "delivery_s")


def part_errors(shipments: Iterable[Shipment], rules: Rules) -> Iterator[InputError]:
    """Numbers of parts that make no sense, and rules that say where a divided whole already is."""
    divided = set[str]()
    for shipment in shipments:
        if not isinstance(shipment.parts, int) or not 1 <= shipment.parts <= MOST_PARTS:
            text = f"Shipment {shipment.id!r} has {shipment.parts!r} parts."
            yield InputError("parts_out_of_range", text, f"Give 1 (never split) to {MOST_PARTS}.")
        elif shipment.parts > 1:
            divided.add(shipment.id)
    aboard = (entry.shipment for entry in rules.on_board)
    driven = (name for entry in rules.driven for visit in entry.visits for name in visit.pickups)
    for name in dict.fromkeys((*aboard, *driven)):
        if name in divided:
            text = f"{name!r} is on board, or was, but may still be split."
            yield InputError(
                "split_on_board", text, "Name its parts as shipments, those on board and the rest."
            )


def taken_apart(shipments: tuple[Shipment, ...], rules: Rules) -> tuple[tuple[Shipment, ...], Rules]:
    """Every shipment of several parts as so many shipments of one, and the rules in terms of those."""
    parts = {whole.id: tuple(_parts(whole)) for whole in shipments if whole.parts > 1}
    if not parts:
        return shipments, rules
    names = {whole: tuple(part.id for part in group) for whole, group in parts.items()}
    apart = (part for whole in shipments for part in parts.get(whole.id, (whole,)))
    waiting = (replace(part, after=tuple(_each(part.after, names))) if part.after else part for part in apart)
    return tuple(waiting), _rules(rules, names)


def _each(wholes: Iterable[str], names: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """What waits for a whole waits for every part."""
    for whole in wholes:
        yield from names.get(whole, (whole,))


def shared_out(total: int, parts: int) -> tuple[int, ...]:
    """Whole numbers that differ by 1 at most and sum to the total, larger ones first."""
    least, more = divmod(total, parts)
    return tuple(least + (number < more) for number in range(parts))


def _parts(whole: Shipment) -> Iterator[Shipment]:
    shares = {name: _shares(getattr(whole, name), whole.parts) for name in (*SHARED, "skip_ore")}
    for number in range(whole.parts):
        own: dict[str, Any] = {name: values[number] for name, values in shares.items()}
        yield replace(whole, id=f"{whole.id}#{number + 1}", parts=1, **own)


def _shares(total: int | None, parts: int) -> tuple[int | None, ...]:
    """What is no whole number is left for the validation to find in each part."""
    return shared_out(total, parts) if isinstance(total, int) else (total,) * parts


def _rules(rules: Rules, names: dict[str, tuple[str, ...]]) -> Rules:
    def each(name: str) -> tuple[str, ...]:
        return names.get(name, (name,))

    return replace(
        rules,
        locks=tuple(replace(lock, shipment=part) for lock in rules.locks for part in each(lock.shipment)),
        bans=tuple(replace(ban, shipment=part) for ban in rules.bans for part in each(ban.shipment)),
        apart=tuple(
            Apart(first, second)
            for pair in rules.apart
            for first, second in product(each(pair.first), each(pair.second))
        ),
        promises=tuple(
            replace(promise, shipment=part, ore=ore)
            for promise in rules.promises
            for part, ore in _priced(each(promise.shipment), promise.ore)
        ),
        fixed_routes=tuple(
            replace(
                fixed,
                tasks=tuple(
                    replace(task, shipment=part) for task in fixed.tasks for part in each(task.shipment)
                ),
            )
            for fixed in rules.fixed_routes
        ),
    )


def _priced(parts: tuple[str, ...], ore: int) -> Iterator[tuple[str, int]]:
    """The price of a broken promise, shared out over the parts."""
    if len(parts) == 1 or not isinstance(ore, int):
        yield from ((part, ore) for part in parts)
    else:
        yield from zip(parts, shared_out(ore, len(parts)), strict=True)
