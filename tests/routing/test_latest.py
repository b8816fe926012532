"""How late goods can be handed over, by a plan's own routes."""

from dataclasses import replace

import pytest

from routing.handover import latest_times, separated
from routing.latest import last_times
from routing.problem import Shipment, Window
from routing.schedule import schedule
from routing.solve import Limit, solve
from routing.trips import Task, Trip, places_of, turns_of

pytestmark = pytest.mark.slow

HOUR = 3600
MINUTE = 60


def test_the_last_handovers_of_a_plan_are_those_with_which_its_routes_can_just_be_driven(
    on_a_line, stop, van
):
    """Two satellites on one tour, timed to leave early: the one that closes at noon decides."""
    places = [
        stop("home", 0),
        stop("farm", 0),
        stop("hub", 30, transfer_s=15 * MINUTE),
        stop("satellite", 50),
    ]
    free = dict(fixed_ore_per_shift=0, ore_per_hour=0)
    staff = van("staff", start="hub", end="hub", forbidden_stops=("farm",), **free)
    farmer = van("farmer", forbidden_stops=("satellite", "beyond"))
    to_both = [
        Shipment("carrots", "farm", "hub", 1000),
        Shipment(
            "onward", "hub", "satellite", 500, delivery_windows=(Window(0, 15 * HOUR),), after=("carrots",)
        ),
        Shipment("more", "farm", "hub", 1000),
        Shipment("further", "hub", "beyond", 500, delivery_windows=(Window(0, 12 * HOUR),), after=("more",)),
    ]
    problem = on_a_line([*places, stop("beyond", 60)], to_both, [farmer, staff])
    plan = solve(problem, limit=Limit(iterations=5))
    assert plan.served == {"carrots", "onward", "more", "further"}
    (tour,) = (route for route in plan.routes if route.vehicle == "staff")
    last = last_times(problem, plan.routes)
    assert last["more"] > latest_times(problem, plan.routes)["more"]
    later = replace(separated(problem, last), rules=problem.rules)
    trip = Trip(turns_of(later)[1], tuple(tasks_of(later, tour)))
    assert schedule(trip, places=places_of(later)) is not None
    too_late = separated(problem, {name: at_s + 60 for name, at_s in last.items()})
    trip = Trip(turns_of(too_late)[1], tuple(tasks_of(too_late, tour)))
    assert schedule(trip, places=places_of(too_late)) is None


def tasks_of(problem, route):
    """The route's work with the problem's shipments."""
    known = {shipment.id: shipment for shipment in problem.shipments}
    for visit in route.visits:
        yield from (Task(known[name], is_pickup=False) for name in visit.deliveries)
        yield from (Task(known[name], is_pickup=True) for name in visit.pickups)
