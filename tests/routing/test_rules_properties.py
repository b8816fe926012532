"""Random problems with every kind of rule: plans hold, cost the least there is, and what explain says is true."""

from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from routing_strategies import ruled_problems

from routing.balancing import Whole
from routing.changes import Kind, changed
from routing.check import violations
from routing.explain import explain
from routing.fitting import fittings
from routing.formats.document import problem_document, problem_from
from routing.insertion import with_shipment
from routing.plan import Route
from routing.ranking import priorities_of, rank
from routing.schedule import schedule
from routing.solve import Limit, solve
from routing.trips import Trip, places_of, tasks_of, turns_of
from routing.weighing import own_trips, weighed

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(ruled_problems())
def test_every_plan_keeps_every_rule(problem):
    plan = solve(problem, limit=Limit(iterations=15))
    assert violations(problem, plan) == ()
    assert len(plan.served) + len(plan.unserved) == len(problem.shipments)


@settings(quick, max_examples=200)
@given(ruled_problems())
def test_turns_looked_at_together_fit_as_each_alone_does(problem):
    places, turns = places_of(problem), turns_of(problem)
    together = fittings(problem.shipments, turns, places=places)
    for shipment in problem.shipments:
        alone = [fittings([shipment], (turn,), places=places)[shipment.id] for turn in turns]
        assert together[shipment.id].turns == tuple(turn for fit in alone for turn in fit.turns)
        assert together[shipment.id].hindered == tuple(pair for fit in alone for pair in fit.hindered)


@quick
@given(ruled_problems())
def test_every_rule_is_kept_in_a_document(problem):
    assert problem_from(problem_document(problem)) == problem


@pytest.mark.slow
@quick
@given(ruled_problems())
def test_relaxing_what_explain_says_does_serve_the_shipment(problem):
    plan = solve(problem, limit=Limit(iterations=5))
    for explanation in explain(problem, plan):
        for option in explanation.options:
            relaxed = changed(problem, option.changes)
            grown = with_shipment(relaxed, plan, explanation.shipment)
            assert grown is not None
            assert violations(relaxed, grown) == ()
            assert driven_ore(grown) <= driven_ore(plan) + option.price_ore
            if option.changes and option.changes[0].kind is Kind.PRICE:
                assert driven_ore(grown) < driven_ore(plan) + next(
                    shipment.skip_ore for shipment in relaxed.shipments if shipment.id == explanation.shipment
                )


def driven_ore(plan):
    """What the plan costs but for what it leaves out."""
    return plan.totals.cost_ore + plan.totals.balance_ore


def cheapest(problem):
    """The best rank of all: every assignment in every order."""
    places, turns = places_of(problem), turns_of(problem)
    known: dict[object, tuple[Route, ...]] = {}

    def routes_of(turn, group):
        """The cheapest and the shortest route: which is better, the plan as a whole says."""
        key = (turn.key, tuple(shipment.id for shipment in group))
        if key not in known:
            tasks = [task for shipment in group for task in tasks_of(shipment, places)]
            found = [schedule(Trip(turn, order), places=places) for order in permutations(tasks)]
            by_price = sorted((r for r in found if r is not None), key=lambda r: (r.cost_ore, r.duration_s))
            shortest = min(by_price, key=lambda r: (r.duration_s, r.cost_ore), default=None)
            known[key] = () if shortest is None else (by_price[0], shortest)
        return known[key]

    best = None
    for choice in product(range(-1, len(turns)), repeat=len(problem.shipments)):
        groups = [
            tuple(s for s, taken in zip(problem.shipments, choice, strict=True) if taken == number)
            for number in range(len(turns))
        ]
        if any(places.fixed.get(turn.key) and not group for turn, group in zip(turns, groups, strict=True)):
            continue
        left = [s for s, taken in zip(problem.shipments, choice, strict=True) if taken < 0]
        ways = (routes_of(turn, group) for turn, group in zip(turns, groups, strict=True) if group)
        for routes in product(*ways):
            value = rank(
                left,
                priorities=priorities_of(problem.shipments),
                route_ore=sum(route.cost_ore for route in routes),
                balance_ore=Whole(problem, routes).ore,
            )
            best = value if best is None else min(best, value)
    return best


def rank_of(problem, plan):
    left = {entry.shipment for entry in plan.unserved}
    return rank(
        (shipment for shipment in problem.shipments if shipment.id in left),
        priorities=priorities_of(problem.shipments),
        route_ore=plan.totals.cost_ore,
        balance_ore=plan.totals.balance_ore,
    )


@pytest.mark.slow
@settings(quick, max_examples=30, derandomize=True)
@given(ruled_problems(most_shipments=3, most_vehicles=2, has_windows=False, has_parts=False))
def test_small_problems_with_rules_cost_what_trying_everything_costs(problem):
    """The weighed problem, so that weights are tried too."""
    aim = weighed(problem)
    plan = solve(aim, limit=Limit(iterations=100))
    assert rank_of(aim, plan) == cheapest(aim)
    assert own_trips(problem, ()) == ()
