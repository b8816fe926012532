"""What a plan is worth: the truth about each trip, looked up once, and the order in which plans are compared."""

from collections.abc import Iterable

from routing.balance import NO_BALANCE
from routing.balancing import Contribution, balance_ore, contribution
from routing.engines.estimate import Estimator, Order
from routing.feasible import route_of
from routing.plan import Route
from routing.problem import Problem
from routing.ranking import Rank, priorities_of, rank
from routing.trips import Part, Places, Trip


class Judge:
    """Routes and prices of trips. A trip that breaks a rule is worth nothing: what it carries counts as left out.

    ``part``: only its shipments can be left out, its trips must be of its turns, and what the plan costs as a whole is not looked at.
    """

    def __init__(self, problem: Problem, *, part: Part | None = None, places: Places | None = None) -> None:
        self.problem = problem
        self.estimator = Estimator(problem, part=part, places=places)
        self.shipments = self.estimator.shipments
        self.has_balance = part is None and problem.balance != NO_BALANCE
        self._priorities = priorities_of(problem.shipments)
        self._routes: dict[tuple[str, int, Order], Route | None] = {}

    def route(self, trip: Trip) -> Route | None:
        """The trip with times and true costs; None when it breaks a rule."""
        key = (trip.turn.vehicle.id, trip.turn.shift, self.estimator.order_of(trip))
        if key not in self._routes:
            self._routes[key] = route_of(trip, places=self.estimator.places)
        return self._routes[key]

    def sound(self, trips: Iterable[Trip]) -> tuple[Trip, ...]:
        """The trips that keep every rule and take no shipment and no turn that an earlier one has."""
        kept: list[Trip] = []
        taken: set[object] = set()
        for trip in trips:
            claims = {(trip.turn.vehicle.id, trip.turn.shift), *(task.shipment.id for task in trip.tasks)}
            if taken.isdisjoint(claims) and self.route(trip) is not None:
                taken |= claims
                kept.append(trip)
        return tuple(kept)

    def price(self, trips: Iterable[Trip]) -> Rank:
        """Of sound trips."""
        chosen = tuple(trips)
        served = {task.shipment.id for trip in chosen for task in trip.tasks if not task.is_pickup}
        routes = [self.route(trip) for trip in chosen]
        money = sum(route.cost_ore for route in routes if route is not None)
        left_out = (shipment for shipment in self.shipments if shipment.id not in served)
        return rank(
            left_out,
            priorities=self._priorities,
            route_ore=money,
            balance_ore=self._balance_ore(chosen) if self.has_balance else 0,
        )

    def _balance_ore(self, trips: tuple[Trip, ...]) -> int:
        added = (self.contribution(trip) for trip in trips)
        return balance_ore(self.problem.balance, (one for one in added if one is not None))

    def contribution(self, trip: Trip) -> Contribution | None:
        """What the trip adds to the plan as a whole; None when it breaks a rule."""
        route = self.route(trip)
        if route is None:
            return None
        delivered = (task.shipment for task in trip.tasks if not task.is_pickup)
        return contribution(trip.turn.vehicle, trip.turn.shift, delivered, duration_s=route.duration_s)
