"""Faults in what waits for what: names that are not there, goods that come elsewhere, circles."""

from collections.abc import Iterator

from routing.problem import InputError, Shipment


def handover_errors(shipments: tuple[Shipment, ...]) -> Iterator[InputError]:
    """Every fault of ``Shipment.after``; circles only where all names are known."""
    goods = {shipment.id: shipment for shipment in shipments}
    waiting = [s for s in shipments if isinstance(s.after, tuple) and s.after]
    faults = [fault for shipment in waiting for fault in _references(shipment, goods)]
    yield from faults
    if not faults:
        yield from _circles(waiting, goods)


def _references(shipment: Shipment, goods: dict[str, Shipment]) -> Iterator[InputError]:
    for name in dict.fromkeys(shipment.after):
        if name not in goods:
            text = f"Shipment {shipment.id!r} waits for {name!r}, which is not there."
            yield InputError("unknown_after", text, "Add it to the shipments, or do not wait for it.")
        elif goods[name].delivery != shipment.pickup:
            text = f"Shipment {shipment.id!r} waits at {shipment.pickup!r} for {name!r}, which is delivered elsewhere."
            yield InputError("after_elsewhere", text, "Name goods that are delivered where it is picked up.")


def _circles(waiting: list[Shipment], goods: dict[str, Shipment]) -> Iterator[InputError]:
    """What is left when all that waits for nothing, or only for what was taken away before, is taken away."""
    left = {shipment.id: set(shipment.after) for shipment in waiting}
    while free := [name for name, others in left.items() if left.keys().isdisjoint(others)]:
        for name in free:
            del left[name]
    if left:
        circle = ", ".join(repr(name) for name in goods if name in left)
        text = f"Among the shipments {circle} each waits for another."
        yield InputError("after_circle", text, "Let one of them wait for nothing.")
