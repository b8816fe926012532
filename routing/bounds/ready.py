"""The compiled steps of the search for routes, and running each of them once."""

import math

import numpy as np

from routing.bounds.master import Duals
from routing.bounds.network import closure_of, kinds_of
from routing.compiling import Steps
from routing.problem import Problem, Shipment, Stop, Vehicle, Window

STEPS = Steps("routing.bounds.labels.search", "routing.bounds.ready.compile_all")


def compile_all() -> None:
    """Look for the routes of one shipment."""
    from routing.bounds.pricing import RoutePricer

    stops = (Stop("here", "Here"), Stop("there", "There"))
    day = (Window(0, 10_000),)
    vans = tuple(Vehicle(f"van{n}", "Van", "", "here", "here", 1, None, day, n, 0, 0, 0) for n in range(2))
    problem = Problem(
        stops, (Shipment("goods", "here", "there", 1),), vans, [[0, 1], [1, 0]], [[0, 600], [600, 0]]
    )
    closure = closure_of(problem)
    nothing = np.zeros(1, dtype=np.int64)
    duals = Duals(nothing + 1, np.zeros(2, dtype=np.int64), nothing, 0.0)
    pricer = RoutePricer(closure, kinds_of(problem, closure), is_timed=False)
    for number in range(2):
        pricer.price(number, duals, until=math.inf)
