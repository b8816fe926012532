"""What planners decide beside what goods and vehicles need: locks, bans, promises, and what has been driven."""

from dataclasses import dataclass

from routing.sequences import FixedRoute, StopOrder
from routing.times import Window


@dataclass(frozen=True, slots=True)
class Lock:
    """If the shipment is served, then by this vehicle, or in shifts with this number, or both."""

    shipment: str
    vehicle: str | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Ban:
    """This vehicle never carries this shipment."""

    shipment: str
    vehicle: str


@dataclass(frozen=True, slots=True)
class Apart:
    """The two shipments never share a route, not even one after the other."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class OnBoard:
    """The vehicle has the shipment on board when this shift begins."""

    shipment: str
    vehicle: str
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised about a shipment: serving it otherwise costs its route ``ore``; leaving it out does not.

    Kept when this vehicle carries it (None: any), in this shift, and its delivery starts within ``window``.
    """

    shipment: str
    ore: int
    vehicle: str | None = None
    shift: int | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class DrivenVisit:
    """A service that is done or under way; its start and what it handles are settled."""

    stop: str
    start_s: int
    pickups: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Driven:
    """How the route of a vehicle in a shift began: it left at ``start_s`` for these visits, in this order.

    ``is_over``: nothing follows but the way to its end. ``goes_on_s``: it left its last visit for a place that it
    need not go to any more, and what follows is driven to from that visit, leaving no earlier than this; 0: it is where it was.
    """

    vehicle: str
    shift: int
    start_s: int
    visits: tuple[DrivenVisit, ...]
    is_over: bool = False
    goes_on_s: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What planners decide beside what goods and vehicles need (and see sequences.py): all of them hold at once."""

    locks: tuple[Lock, ...] = ()
    bans: tuple[Ban, ...] = ()
    apart: tuple[Apart, ...] = ()
    on_board: tuple[OnBoard, ...] = ()
    promises: tuple[Promise, ...] = ()
    driven: tuple[Driven, ...] = ()
    now_s: int = 0
    """0: the horizon has not begun, and nothing is bound by the clock."""
    stop_orders: tuple[StopOrder, ...] = ()
    fixed_routes: tuple[FixedRoute, ...] = ()


NO_RULES = Rules()
