"""The fair split: its promises against brute force, and on the routes of a plan."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from math import factorial

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.problem import Shipment, Window
from routing.sharing import cost_shares, exact, in_whole_ore, sampled

HOUR = 3600


@st.composite
def games(draw, most=5):
    """So many players, and a cost for every coalition, in any order of size whatever; nobody costs nothing."""
    count = draw(st.integers(1, most))
    costs = draw(st.lists(st.integers(0, 10_000), min_size=(1 << count) - 1, max_size=(1 << count) - 1))
    return count, [0, *costs]


def by_permutations(count, known):
    """The definition, word by word: each order in which the players may come, and what each adds."""
    sums = [0] * count
    for order in permutations(range(count)):
        coalition = 0
        for player in order:
            sums[player] += known[coalition | 1 << player] - known[coalition]
            coalition |= 1 << player
    return [Fraction(total, factorial(count)) for total in sums]


@given(games())
def test_it_is_the_mean_over_all_orders(game):
    count, known = game
    found = exact(count, known.__getitem__)
    assert [part.ore for part in found] == by_permutations(count, known)


@given(games())
def test_the_shares_add_up_also_where_orders_are_drawn(game):
    count, known = game
    for parts in (exact(count, known.__getitem__), sampled(count, known.__getitem__, 7, 3)):
        assert sum(part.ore for part in parts) == known[-1]


@given(games(most=4), st.data())
def test_who_adds_the_same_pays_the_same_and_who_adds_nothing_pays_nothing(game, data):
    count, known = game
    twin, idle = count, count + 1  # one like player 0 in all, and one that changes nothing

    def cost(coalition):
        real = coalition & ((1 << count) - 1)
        has_twin, has_first = coalition >> twin & 1, coalition & 1
        return known[real | (1 if has_twin else 0)] + (777 if has_twin and has_first else 0)

    parts = exact(count + 2, cost)
    assert parts[0].ore == parts[twin].ore
    assert parts[idle].ore == 0
    player = data.draw(st.integers(0, count))
    assert min(p.variance for p in sampled(count + 2, cost, 5, player)) >= 0


@given(games(most=4))
@settings(max_examples=25)
def test_an_estimate_is_near_by_its_own_error(game):
    count, known = game
    right = exact(count, known.__getitem__)
    for part, estimate in zip(right, sampled(count, known.__getitem__, 300, 1), strict=True):
        assert (estimate.ore - part.ore) ** 2 <= 36 * estimate.variance + 1


@given(st.lists(st.fractions(min_value=-500, max_value=500), min_size=1, max_size=6))
def test_whole_ore_keep_the_sum_and_move_nobody_by_one(values):
    values = [*values, Fraction(1000) - sum(values)]
    named = {f"p{number}": value for number, value in enumerate(values)}
    whole = in_whole_ore(named)
    assert sum(whole.values()) == 1000
    assert all(abs(whole[name] - value) < 1 for name, value in named.items())


def test_a_plan_is_shared_to_the_ore(morning, plan_for):
    players = {"carrots": "farm", "beets": "farm", "milk": "dairy"}
    plan = plan_for(morning)
    shares = cost_shares(morning, plan, player_of=players)
    assert [share.player for share in shares] == ["dairy", "farm"]
    assert sum(share.ore for share in shares) == plan.totals.cost_ore
    assert all(share.is_exact and share.error_ore == 0 for share in shares)


def test_each_pays_half_of_what_is_common_and_all_of_its_own(morning, plan_for):
    """Two players: what each costs alone on the route, plus half of what going together saves."""
    players = {"carrots": "farm", "beets": "farm", "milk": "dairy"}
    plan = plan_for(morning)
    alone = {}
    for player in ("farm", "dairy"):
        own = tuple(one for one in morning.shipments if players[one.id] == player)
        alone[player] = plan_for(replace(morning, shipments=own)).totals.cost_ore
    saved = sum(alone.values()) - plan.totals.cost_ore
    shares = {share.player: share.ore for share in cost_shares(morning, plan, player_of=players)}
    assert saved > 0
    assert all(abs(shares[name] - (alone[name] - saved / 2)) <= 1 for name in alone)


def test_neighbours_with_the_same_goods_pay_the_same(on_a_line, stop, van, plan_for):
    """All from one yard to one school: nobody can be told from the others, but for the last öre."""
    places = [stop("home", 0), stop("yard", 10, windows=(Window(6 * HOUR, 9 * HOUR),)), stop("school", 30)]
    goods = [Shipment(f"g{n}", "yard", "school", 1000, owner=f"farm{n}") for n in range(3)]
    problem = on_a_line(places, goods, [van()])
    ore = sorted(share.ore for share in cost_shares(problem, plan_for(problem)))
    assert ore[-1] - ore[0] <= 1


def test_more_players_are_estimated_the_same_each_time_with_their_error(on_a_line, stop, van, plan_for):
    places = [
        stop("home", 0),
        stop("school", 60),
        *(stop(f"farm{n}", 5 * n + 2, stop_s=300) for n in range(4)),
    ]
    goods = [Shipment(f"g{n}", f"farm{n}", "school", 1000, owner=f"farm{n}") for n in range(4)]
    problem = on_a_line(places, goods, [van()])
    plan = plan_for(problem)
    first = cost_shares(problem, plan, exact_up_to=3, samples=40)
    assert first == cost_shares(problem, plan, exact_up_to=3, samples=40)
    assert sum(share.ore for share in first) == plan.totals.cost_ore
    assert not any(share.is_exact for share in first)
    right = {share.player: share.ore for share in cost_shares(problem, plan)}
    assert all(abs(share.ore - right[share.player]) <= 6 * share.error_ore + 1 for share in first)
    assert any(share.error_ore for share in first)


def test_goods_that_wait_at_a_hub_are_paid_for_by_their_owner(on_a_line, stop, van, plan_for):
    places = [stop("home", 0), stop("farm", 5), stop("hub", 20, transfer_s=600), stop("small", 30)]
    goods = [
        Shipment("in", "farm", "hub", 1000, owner="farm"),
        Shipment("on", "hub", "small", 1000, owner="farm", after=("in",)),
    ]
    problem = on_a_line(places, goods, [van(), van("second", start="hub", end="hub")])
    plan = plan_for(problem)
    (share,) = cost_shares(problem, plan)
    assert share.ore == plan.totals.cost_ore > 0


def test_nobody_pays_much_more_than_by_itself(on_a_line, stop, van, plan_for):
    """A farm next door to the school, on the round of a van that comes from far away."""
    places = [stop("home", 0), stop("far", 5), stop("near", 59), stop("school", 60)]
    goods = [
        Shipment("f", "far", "school", 1000, owner="far"),
        Shipment("n", "near", "school", 1000, owner="near"),
    ]
    problem = on_a_line(places, goods, [van()])
    plan = plan_for(problem)
    own = van("own", fixed_ore_per_shift=0, ore_per_km=5_000, shifts=(Window(6 * HOUR, 16 * HOUR),))
    without = {share.player: share.ore for share in cost_shares(problem, plan)}
    shares = {share.player: share.ore for share in cost_shares(problem, plan, own_van=own)}
    drawn = {
        share.player: share.ore
        for share in cost_shares(problem, plan, own_van=own, exact_up_to=1, samples=50)
    }
    by_itself = 2 * 5_000 + 2 * 35_000 // 60  # there and back again, a kilometre each
    assert sum(shares.values()) == sum(without.values()) == sum(drawn.values()) == plan.totals.cost_ore
    assert without["near"] > 10 * by_itself
    assert shares["near"] <= by_itself + 1
    assert drawn["near"] <= by_itself + 1
