"""Handovers as windows: goods that wait for others cannot leave before those can be there, and those must come while there is a way on.

How soon and how late is seen from what single turns can do, by the shortest ways of all (``network``): no plan is sooner, or
later and still serves what must be served.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from routing.bounds.network import TurnKind
from routing.handover import has_handovers
from routing.problem import LONGEST_S, Problem, Shipment


def with_handovers(problem: Problem, kinds: Sequence[TurnKind], hopeless: Collection[int]) -> Problem:
    """The problem with ``ready_s`` and ``done_by_s`` as handovers make them; ``hopeless``: numbers of what no turn can carry."""
    if not has_handovers(problem):
        return problem
    times = _Times(problem, kinds)
    latest: dict[str, int] = {}
    for name, last_s in times.latest(hopeless):
        latest[name] = min(last_s, latest.get(name, LONGEST_S))
    shipments = tuple(_within(times, shipment, latest) for shipment in problem.shipments)
    return replace(problem, shipments=shipments)


class _Times:
    """Between which seconds each shipment (by id) can be taken and given."""

    def __init__(self, problem: Problem, kinds: Sequence[TurnKind]) -> None:
        self.problem = problem
        self.transfer_s = {stop.id: stop.transfer_s for stop in problem.stops}
        self.given_s: dict[str, int] = {}
        self.taken_s: dict[str, int] = {}
        for kind in kinds:
            for taking in kind.takings:
                name = problem.shipments[taking.number].id
                given_s = taking.drop.start_s + taking.delivery_s
                self.given_s[name] = min(self.given_s.get(name, LONGEST_S), given_s)
                self.taken_s[name] = max(self.taken_s.get(name, 0), taking.take.end_s)

    def ready_s(self, shipment: Shipment) -> int:
        """When it can have been handed over at the earliest."""
        others = (self.given_s[name] for name in shipment.after if name in self.given_s)
        transfer_s = self.transfer_s[shipment.pickup]
        return min(LONGEST_S, max((shipment.ready_s, *(given_s + transfer_s for given_s in others))))

    def latest(self, hopeless: Collection[int]) -> Iterator[tuple[str, int]]:
        """By when what is waited for must be given, if what waits for it must be served."""
        for number, waits in enumerate(self.problem.shipments):
            if waits.skip_ore is None and number not in hopeless:
                last_s = self.taken_s[waits.id] - self.transfer_s[waits.pickup]
                yield from ((name, last_s) for name in waits.after)


def _within(times: _Times, shipment: Shipment, latest: dict[str, int]) -> Shipment:
    ready_s, last_s = times.ready_s(shipment), latest.get(shipment.id, LONGEST_S)
    own_s = LONGEST_S if shipment.done_by_s is None else shipment.done_by_s
    done_by_s = shipment.done_by_s if own_s <= last_s else max(0, last_s)
    if (ready_s, done_by_s) == (shipment.ready_s, shipment.done_by_s):
        return shipment
    return replace(shipment, ready_s=ready_s, done_by_s=done_by_s)
