"""What comes out: routes with their visits, what could not be served and why, and the sums.

A visit has one start of service. Its windows, and those of each shipment it handles, hold that start. A stay
at a stop may need two visits (a shipment whose window opens while the vehicle is there); the stop time is then
paid by the last of them. ``departure_s`` is the end of service; breaks lie between visits or in waiting.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from routing.problem import Window


@dataclass(frozen=True, slots=True)
class Visit:
    """One service at ``stop`` (an id): arrives, waits until start, handles the shipments, departs.

    Deliveries come before pickups. The first visit of a route is its start and the last its end, where nothing
    is handled and no time passes; a route of a vehicle without an end place ends with its last service.
    """

    stop: str
    arrival_s: int
    start_s: int
    departure_s: int
    pickups: tuple[str, ...]
    deliveries: tuple[str, ...]
    load_grams_after: int


@dataclass(frozen=True, slots=True)
class Route:
    """What ``vehicle`` (an id) does in its shift number ``shift``; ``breaks`` are the driver's rests."""

    vehicle: str
    shift: int
    visits: tuple[Visit, ...]
    distance_m: int
    drive_s: int
    duration_s: int
    break_s: int
    cost_ore: int
    co2e_g: int
    breaks: tuple[Window, ...] = ()

    @property
    def start_s(self) -> int:
        return self.visits[0].departure_s

    @property
    def end_s(self) -> int:
        return self.visits[-1].departure_s


@dataclass(frozen=True, slots=True)
class Unserved:
    """A shipment (id) left out; ``reason_code`` is one of ``reasons.CODES``, ``reason`` says it in English."""

    shipment: str
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the routes; ``vehicles`` counts routes (a vehicle in one shift). ``skip_ore`` is not in cost_ore.

    Neither is ``balance_ore``, what the plan costs as a whole (see balance.py): it costs the sum of the three.
    """

    distance_m: int
    drive_s: int
    duration_s: int
    cost_ore: int
    co2e_g: int
    vehicles: int
    skip_ore: int = 0
    balance_ore: int = 0

    @property
    def price_ore(self) -> int:
        """What the plan costs: its routes, what it leaves out, and the plan as a whole."""
        return self.cost_ore + self.skip_ore + self.balance_ore


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan; ``seconds`` is the time it took to compute, ``fingerprint`` the problem it answers.

    ``bound_ore``: proven, no plan that leaves out as little costs less, skip prices included; 0 where nothing was proven.
    """

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    totals: Totals
    engine: str
    seconds: float
    seed: int
    fingerprint: str = ""
    bound_ore: int = 0

    @property
    def gap(self) -> float | None:
        """How far the plan is from the best possible at most, as a share of the bound; None when nothing was proven."""
        if self.bound_ore <= 0:
            return None
        return max(0, self.totals.price_ore - self.bound_ore) / self.bound_ore

    @property
    def served(self) -> frozenset[str]:
        """The ids of all shipments that are delivered."""
        return frozenset(
            shipment for route in self.routes for visit in route.visits for shipment in visit.deliveries
        )


def add_up(routes: Iterable[Route], *, skip_ore: int = 0, balance_ore: int = 0) -> Totals:
    """The sums over some routes, such as those of one owner or day."""
    chosen = tuple(routes)
    return Totals(
        distance_m=sum(route.distance_m for route in chosen),
        drive_s=sum(route.drive_s for route in chosen),
        duration_s=sum(route.duration_s for route in chosen),
        cost_ore=sum(route.cost_ore for route in chosen),
        co2e_g=sum(route.co2e_g for route in chosen),
        vehicles=len(chosen),
        skip_ore=skip_ore,
        balance_ore=balance_ore,
    )
