"""What planners decide about the order of work on one turn's route: part of ``problem.Rules``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StopOrder:
    """On this turn's route all work at an earlier of these stops comes before any at a later one.

    Stops that are not named are free; a named one without work on the route says nothing.
    """

    vehicle: str
    shift: int
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FixedTask:
    """One end of a shipment: its pickup or its delivery."""

    shipment: str
    is_pickup: bool


@dataclass(frozen=True, slots=True)
class FixedRoute:
    """The turn does exactly this work in this order, and no other turn does any of it; only its times are open.

    Within one stay at a stop the order is free. Without tasks the vehicle stays where it is in that shift.
    """

    vehicle: str
    shift: int
    tasks: tuple[FixedTask, ...] = ()
