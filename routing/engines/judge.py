"""What a plan is worth: the truth about each trip, looked up once, and the order in which plans are compared."""

from collections.abc import Iterable

from routing.engines.estimate import Estimator, Order
from routing.feasible import route_of
from routing.plan import Route
from routing.problem import Problem
from routing.ranking import Rank, priorities_of, rank
from routing.trips import Part, Places, Trip


class Judge:
    """Routes and prices of trips. A trip that breaks a rule is worth nothing: what it carries counts as left out.

    ``part``: only its shipments can be left out; its trips must be of its turns.
    """

    def __init__(self, problem: Problem, *, part: Part | None = None, places: Places | None = None) -> None:
        self.problem = problem
        self.estimator = Estimator(problem, part=part, places=places)
        self.shipments = self.estimator.shipments
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
        return rank(left_out, priorities=self._priorities, route_ore=money)
