"""What an engine decides: which vehicle does which work in which order. Times come later, in schedule.py."""

from dataclasses import dataclass

from routing.problem import Problem, Shipment, Stop, Vehicle, Window


@dataclass(frozen=True, slots=True)
class Task:
    """One end of a shipment: its pickup or its delivery."""

    shipment: Shipment
    is_pickup: bool

    @property
    def stop(self) -> str:
        return self.shipment.pickup if self.is_pickup else self.shipment.delivery

    @property
    def handling_s(self) -> int:
        return self.shipment.pickup_s if self.is_pickup else self.shipment.delivery_s

    @property
    def windows(self) -> tuple[Window, ...]:
        """The shipment's own windows at this end; the stop's are apart."""
        return self.shipment.pickup_windows if self.is_pickup else self.shipment.delivery_windows

    @property
    def sign(self) -> int:
        """+1 when the load grows, -1 when it shrinks."""
        return 1 if self.is_pickup else -1


@dataclass(frozen=True, slots=True)
class Turn:
    """One shift of one vehicle: the thing that can carry one route."""

    vehicle: Vehicle
    shift: int

    @property
    def window(self) -> Window:
        return self.vehicle.shifts[self.shift]


@dataclass(frozen=True, slots=True)
class Trip:
    """The tasks of one turn in order."""

    turn: Turn
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """A problem's stops and matrices by stop id, looked up often while planning."""

    stops: dict[str, Stop]
    index: dict[str, int]
    distance_m: list[list[int]]
    duration_s: list[list[int]]

    def metres(self, origin: str, destination: str) -> int:
        return self.distance_m[self.index[origin]][self.index[destination]]

    def seconds(self, origin: str, destination: str) -> int:
        return self.duration_s[self.index[origin]][self.index[destination]]


def places_of(problem: Problem) -> Places:
    """The lookup for a problem; plain lists, because single entries of an array are slow to read."""
    return Places(
        stops={stop.id: stop for stop in problem.stops},
        index=problem.stop_index,
        distance_m=problem.distance_m.tolist(),
        duration_s=problem.duration_s.tolist(),
    )


def turns_of(problem: Problem) -> tuple[Turn, ...]:
    """Every shift of every vehicle, in the problem's order."""
    return tuple(Turn(vehicle, shift) for vehicle in problem.vehicles for shift in range(len(vehicle.shifts)))
