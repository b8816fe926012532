"""Branch and bound among known routes finds what an exact solver finds, and never proves more."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from bounding import LATER, all_columns, best_choice
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.bounds.complete import CompletePricer, Routes
from routing.choosing import branching as branching_module
from routing.choosing import program as program_module
from routing.choosing.branching import Branching
from routing.choosing.diving import Dive
from routing.costs import SHARES_PER_ORE

FAR = 10**6 * SHARES_PER_ORE


@st.composite
def choices(draw):
    """Up to seven shipments and three kinds of turn, each with up to twelve routes; prices that are no whole öre."""
    shipments = draw(st.integers(1, 7))
    sets = st.frozensets(st.integers(0, shipments - 1), min_size=1, max_size=4)
    prices = st.integers(SHARES_PER_ORE, 300 * SHARES_PER_ORE)
    routes = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.dictionaries(sets, prices, max_size=12))
        members = np.zeros((len(kind), shipments), dtype=np.bool_)
        for row, numbers in enumerate(kind):
            members[row, list(numbers)] = True
        routes.append(Routes(np.array(list(kind.values()), dtype=np.int64), members))
    counts = [draw(st.integers(1, 2)) for _ in routes]
    caps = [draw(st.integers(20, 400)) * SHARES_PER_ORE for _ in range(shipments)]
    return routes, counts, caps


def exact(routes, counts, caps):
    """By CP-SAT, in shares."""
    every = all_columns(CompletePricer((), routes))
    return best_choice(every, caps, counts, most_ore=10**6, seconds=60).cost_ore * SHARES_PER_ORE


def triples(routes, count):
    return [(0, 1, 2)] if count >= 3 else []


def nothing(_):
    pass


def branching(routes, counts, caps):
    every = CompletePricer((), routes).together()
    return Branching(*every, counts, np.array(caps, dtype=np.int64), triples(routes, len(caps)))


@settings(deadline=None)
@given(choices())
def test_it_finds_the_best_choice_and_proves_it(given_choices):
    routes, counts, _ = given_choices
    best = branching(*given_choices).best(most=FAR, until=LATER, heard=nothing)
    assert best.cost == best.proven == exact(*given_choices)
    kinds = np.repeat(np.arange(len(routes)), [len(some) for some in routes])[list(best.rows)]
    assert (np.bincount(kinds, minlength=len(counts)) <= counts).all()


@settings(deadline=None)
@given(choices())
def test_where_no_choice_is_below_the_target_the_target_is_proven(given_choices):
    cost = exact(*given_choices)
    for most in (cost, cost - SHARES_PER_ORE):
        best = branching(*given_choices).best(most=most, until=LATER, heard=nothing)
        assert (best.cost, best.proven) == (None, most)


@settings(deadline=None)
@given(choices())
def test_what_is_proven_when_time_is_up_is_true(given_choices):
    best = branching(*given_choices).best(most=FAR, until=time.monotonic() + 0.002, heard=nothing)
    assert best.proven <= exact(*given_choices)
    assert best.cost is None or best.cost >= exact(*given_choices)


@settings(deadline=None)
@given(choices(), st.integers(1, 4))
def test_what_is_proven_after_some_nodes_is_true(given_choices, nodes):
    best = branching(*given_choices).best(most=FAR, until=LATER, heard=nothing, most_nodes=nodes)
    assert best.proven <= exact(*given_choices)
    assert best.cost is None or best.cost >= exact(*given_choices)


@settings(deadline=None)
@given(
    choices(),
    st.lists(st.sampled_from([np.nan, np.inf, -np.inf, 1e18, -1e18, 0.0, 1.0]), min_size=30, max_size=30),
)
def test_whatever_the_solver_says_nothing_false_is_proven(given_choices, values):
    program = branching(*given_choices).program
    routes, _, caps = given_choices
    rows = len(caps) + len(routes) + len(triples(routes, len(caps)))

    class Lost:
        """A solver whose duals are wrong."""

        def getSolution(self):  # noqa: N802 - HiGHS' name
            return SimpleNamespace(row_dual=values[:rows])

    program.solver = Lost()
    assert program._proof()[0].bound <= exact(*given_choices)


@settings(deadline=None)
@given(choices(), st.integers(1, 12))
def test_a_choice_that_is_looked_for_among_few_routes_first_is_the_best_too(given_choices, few):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branching_module, "FEW", few)
        branches = branching(*given_choices)
        found = branches.soon(most=FAR, until=LATER)
    assert found.cost == exact(*given_choices)
    assert found.proven <= found.cost
    assert branches.is_choice(found.rows)
    assert branches.cost(found.rows) == found.cost


def test_nothing_is_printed(capfd):
    """Programs read what the planner prints; the solver prints its name where it may."""
    routes = [Routes(np.array([SHARES_PER_ORE]), np.ones((1, 1), dtype=np.bool_))]
    assert (
        branching(routes, [1], [SHARES_PER_ORE * 9]).best(most=FAR, until=LATER, heard=nothing).cost
        == SHARES_PER_ORE
    )
    assert capfd.readouterr() == ("", "")


@settings(deadline=None)
@given(given_choices=choices())
def test_what_is_proven_when_there_is_no_room_for_nodes_is_true(given_choices):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branching_module, "MOST_KEPT", -1)
        best = branching(*given_choices).best(most=FAR, until=LATER, heard=nothing)
    assert best.proven <= exact(*given_choices)
    assert best.cost is None or best.cost >= exact(*given_choices)


@settings(deadline=None)
@given(choices(), st.integers(0, 3))
def test_what_a_dive_comes_upon_is_a_choice_and_costs_what_it_says(given_choices, strays):
    branches = branching(*given_choices)
    dive = Dive(branches, FAR, LATER)
    dive.down(*branches.all(), strays)
    assert branches.is_choice(dive.rows)
    assert branches.cost(dive.rows) == dive.most >= exact(*given_choices)


@settings(deadline=None)
@given(choices())
def test_a_dive_takes_nothing_that_is_no_better(given_choices):
    branches = branching(*given_choices)
    dive = Dive(branches, exact(*given_choices), LATER)
    dive.down(*branches.all(), 1)
    assert dive.rows is None


def mixed(seed, counts):
    """Routes that cost nearly the same by the shipment, so that the linear program mixes them."""
    random = np.random.default_rng(seed)
    shipments = 14
    routes = []
    for _ in counts:
        members = np.zeros((50, shipments), dtype=np.bool_)
        for row in members:
            row[random.choice(shipments, random.integers(2, 6), replace=False)] = True
        prices = members.sum(axis=1) * 40 + random.integers(50, 80, 50)
        routes.append(Routes(prices * SHARES_PER_ORE, members))
    return routes, [90 * SHARES_PER_ORE] * shipments


@pytest.mark.parametrize("seed", range(6))
def test_a_dive_finds_a_good_choice_before_anything_is_split(seed, monkeypatch):
    """Whoever splits first what promises least has nothing for long."""
    monkeypatch.setattr(program_module, "MOST_CUTS", -1)
    counts = [1, 1, 1, 2]
    routes, caps = mixed(seed, counts)
    every = CompletePricer((), routes).together()
    split = Branching(*every, counts, np.array(caps)).best(most=FAR, until=LATER, heard=nothing, most_nodes=1)
    assert split.cost is None
    soon = Branching(*every, counts, np.array(caps)).soon(most=FAR, until=LATER, most_nodes=1)
    assert soon.cost <= exact(routes, counts, caps) * 1.1


@pytest.mark.parametrize("counts", [[1, 1, 1, 2], [4]], ids=["by kind", "by pair"])
@pytest.mark.parametrize("seed", range(12))
def test_choices_that_have_to_be_split_are_the_best_too(seed, counts, monkeypatch):
    """Without cuts that would help."""
    monkeypatch.setattr(program_module, "MOST_CUTS", -1)
    routes, caps = mixed(seed, counts)
    best = Branching(*CompletePricer((), routes).together(), counts, np.array(caps)).best(
        most=FAR, until=LATER, heard=nothing
    )
    assert best.cost == best.proven == exact(routes, counts, caps)
