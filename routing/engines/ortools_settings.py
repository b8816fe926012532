"""Search settings of OR-Tools, as measured on public benchmarks (bench/routing says how they compare).

Iterated local search: ruin a few neighbouring sequences (SISR, Christiaens and Vanden Berghe 2020), insert the
removed visits again where they are cheapest, improve locally, accept as simulated annealing does.
"""

from typing import TYPE_CHECKING

from routing.engines.protocol import Limit

if TYPE_CHECKING:
    from ortools.constraint_solver.routing_parameters_pb2 import RoutingSearchParameters as Parameters

REMOVED_ON_AVERAGE = 10
LONGEST_REMOVED = 10
KEPT_INSIDE = 0.01
"""The paper's own values for the ruin: visits removed, longest sequence, share of split sequences."""

LEAST_CAP_S = 0.5
CAP_S_PER_NODE = 0.005

PLAIN_OPERATORS = ("relocate", "make_active", "swap_active", "exchange", "cross", "two_opt", "or_opt")
PAIR_OPERATORS = ("relocate", "make_active", "swap_active")


def search_parameters(*, limit: Limit, nodes: int, has_pairs: bool) -> "Parameters":
    """A RoutingSearchParameters message.

    ``has_pairs``: shipments are collected on the way, not at the start.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION if has_pairs else first.SAVINGS
    _set_operators(parameters, has_pairs=has_pairs)
    _set_iterated_search(parameters, has_pairs=has_pairs)
    parameters.time_limit.FromMilliseconds(max(1, round(1000 * _seconds(limit, nodes))))
    if limit.iterations is not None:
        parameters.solution_limit = limit.iterations
    return parameters


def _seconds(limit: Limit, nodes: int) -> float:
    """The time allowed. Iterations alone get a cap too, about ten times what they were seen to take."""
    if limit.seconds is not None:
        return limit.seconds
    assert limit.iterations is not None  # Limit has one or the other
    return LEAST_CAP_S + limit.iterations * nodes * CAP_S_PER_NODE


def _set_operators(parameters: "Parameters", *, has_pairs: bool) -> None:
    """Few operators: the ruin does the rest, and each one dropped buys iterations."""
    from ortools.util import optional_boolean_pb2

    operators = parameters.local_search_operators
    chosen = {f"use_{name}" for name in (PAIR_OPERATORS if has_pairs else PLAIN_OPERATORS)}
    for field in operators.DESCRIPTOR.fields:
        on = optional_boolean_pb2.BOOL_TRUE if field.name in chosen else optional_boolean_pb2.BOOL_FALSE
        setattr(operators, field.name, on)


def _set_iterated_search(parameters: "Parameters", *, has_pairs: bool) -> None:
    from ortools.constraint_solver import routing_enums_pb2
    from ortools.constraint_solver import routing_heuristic_parameters_pb2 as heuristics

    parameters.use_iterated_local_search = True
    iterated = parameters.iterated_local_search_parameters
    ruin = iterated.ruin_recreate_parameters.ruin_strategies.add().sisr
    ruin.avg_num_removed_visits = REMOVED_ON_AVERAGE
    ruin.max_removed_sequence_size = LONGEST_REMOVED
    ruin.bypass_factor = KEPT_INSIDE
    recreate = iterated.ruin_recreate_parameters.recreate_strategy
    recreate.heuristic = routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
    insertion = recreate.parameters.local_cheapest_insertion
    insertion.pickup_delivery_strategy = (
        heuristics.LocalCheapestInsertionParameters.PairInsertionStrategy.BEST_PICKUP_DELIVERY_PAIR
    )
    acceptance = iterated.reference_solution_acceptance_strategy
    if has_pairs:
        acceptance.greedy_descent.SetInParent()
    else:
        acceptance.simulated_annealing.automatic_temperatures = True
