"""The compiled steps of ruin and recreate, and running each of them once."""

from routing.compiling import Steps
from routing.engines.ortools_engine import job_of
from routing.engines.ruin_ground import Terrain, terrain_of
from routing.problem import Problem, Shipment, Stop, Vehicle, Window

STEPS = Steps("routing.engines.ruin_steps.search", "routing.engines.ruin_ready.compile_all")
DEPOT_STEPS = Steps("routing.engines.depot_steps.search", "routing.engines.ruin_ready.compile_depot")


def compile_all() -> None:
    """Run every step once, on a problem of one shipment."""
    from routing.engines.ruin_state import State

    State(_smallest(), (), seed=0).search(1, temperature=0.0)


def compile_depot() -> None:
    """Likewise those of the search from one depot."""
    from routing.engines.depot_state import State

    State(_smallest(), (), seed=0).search(1, temperature=0.0)


def _smallest() -> Terrain:
    stops = (Stop("here", "Here"), Stop("there", "There"))
    day = (Window(0, 1_000),)
    van = Vehicle("van", "Van", "", "here", "here", 1, None, day, 0, 0, 0, 0)
    legs = [[0, 1], [1, 0]]
    problem = Problem(stops, (Shipment("goods", "here", "there", 1),), (van,), legs, legs)
    return terrain_of(job_of(problem), fixed=True)
