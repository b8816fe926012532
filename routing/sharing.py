"""A fair split of what a plan costs: the Shapley value.

The players are those whose goods travel. What a coalition of them costs is the cheapest known way to drive its goods with the plan's
own routes: each route with the stops of that coalition alone, in the plan's order, with its times worked out anew; a stop where
nobody else has goods falls away. Where such a route has no times, or costs more than the whole one, the whole one is
driven. With ``own_van``, any of them may leave the others and drive its goods of the route by itself, in the route's order, from where it
collects them, when that is cheaper: so nobody pays for more than it would cost to stay away, as far as the plan itself is not dearer.
(Where orders are drawn, all of a coalition drive so or nobody.) What the plan as a whole costs beside its routes (balance.py), and what was left out, is not shared.

Every player pays what it adds to those who came before, on average over all orders in which they may come. So the shares add up
to the cost, who adds the same pays the same, and who adds nothing pays nothing. A plan's cost is a sum over routes, so are
its shares. A route of up to EXACT_UP_TO players is worked out exactly, in whole numbers; for more, SAMPLES orders are
drawn with a seed, and the standard error is told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import factorial, isqrt
from random import Random
from typing import NamedTuple

from routing.handover import earliest_times, has_handovers, separated
from routing.plan import Plan, Route
from routing.problem import Problem, Rules, Shipment, Vehicle
from routing.schedule import schedule, timed
from routing.trips import Places, Task, Trip, Turn, places_of, turns_of

EXACT_UP_TO = 10
"""With ten players there are 1 024 coalitions; with each more, twice as many."""
SAMPLES = 400
"""So many orders of the players are drawn where there are more."""

Cost = Callable[[int], int]
"""What a coalition costs in öre; a coalition is a number with bit i set when player i is in it. Nobody costs nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a player pays; ``error_ore`` is the standard error of it, rounded up, 0 where it is exact."""

    player: str
    ore: int
    is_exact: bool = True
    error_ore: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A player's share of one route, and the variance of its estimate (0 where it is exact)."""

    ore: Fraction
    variance: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Game:
    """A route's players by name, what a coalition of them costs, and each by itself (None: it can't)."""

    players: tuple[str, ...]
    cost: Cost
    alone: tuple[int | None, ...]

    @property
    def everyone(self) -> int:
        return (1 << len(self.players)) - 1


def cost_shares(
    problem: Problem,
    plan: Plan,
    *,
    player_of: Mapping[str, str] | None = None,
    own_van: Vehicle | None = None,
    exact_up_to: int = EXACT_UP_TO,
    samples: int = SAMPLES,
    seed: int = 1,
) -> tuple[Share, ...]:
    """Each player's share of the cost of the plan's routes, by player; they add up to ``plan.totals.cost_ore``.

    ``player_of`` gives the player of a shipment by its id; without it that is its owner. ``own_van`` is what any player may drive
    instead; its start and end are replaced. The same seed gives the same shares.
    """
    parts: dict[str, list[tuple[_Part, bool]]] = {}
    for game in _games(problem, plan, player_of, own_van):
        count = len(game.players)
        is_exact = count <= exact_up_to
        found = (
            exact(count, _table(game).__getitem__)
            if is_exact
            else sampled(count, _all_or_none(game), samples, seed)
        )
        for player, part in zip(game.players, found, strict=True):
            parts.setdefault(player, []).append((part, is_exact))
    sums = {player: sum((part.ore for part, _ in parts[player]), Fraction(0)) for player in sorted(parts)}
    whole = in_whole_ore(sums)
    return tuple(
        Share(
            player,
            whole[player],
            all(is_exact for _, is_exact in parts[player]),
            _root_up(sum((part.variance for part, _ in parts[player]), Fraction(0))),
        )
        for player in sums
    )


def _table(game: _Game) -> list[int]:
    """The cost of every coalition, when any of its players may leave it and drive by itself."""
    known = [0]
    for coalition in range(1, game.everyone + 1):
        together = game.cost(coalition)
        leaving = () if coalition == game.everyone else _leaving(coalition, game, known)
        known.append(min((together, *leaving)))
    return known


def _leaving(coalition: int, game: _Game, known: Sequence[int]) -> Iterator[int]:
    """What the coalition costs when one of its players leaves it, for each who can."""
    for player, alone in enumerate(game.alone):
        if alone is not None and coalition >> player & 1:
            yield known[coalition & ~(1 << player)] + alone


def _all_or_none(game: _Game) -> Cost:
    """The cost of a coalition, when all of its players drive by themselves or none."""

    def cost(coalition: int) -> int:
        alone = [ore for player, ore in enumerate(game.alone) if coalition >> player & 1]
        own = game.cost(coalition)
        if coalition == game.everyone or None in alone:
            return own
        return min(own, sum(ore for ore in alone if ore is not None))

    return cost


def exact(count: int, cost: Cost) -> tuple[_Part, ...]:
    """The Shapley value of each of ``count`` players."""
    known = [cost(coalition) for coalition in range(1 << count)]
    weights = [factorial(size) * factorial(count - size - 1) for size in range(count)]
    sums = [0] * count
    for coalition, price in enumerate(known):
        weight = weights[coalition.bit_count()] if coalition.bit_count() < count else 0
        for player in range(count):
            if not coalition >> player & 1:
                sums[player] += weight * (known[coalition | 1 << player] - price)
    return tuple(_Part(Fraction(added, factorial(count))) for added in sums)


def sampled(count: int, cost: Cost, samples: int, seed: int) -> tuple[_Part, ...]:
    """An estimate from ``samples`` (at least 2) orders in which the players come; the sum is right whichever are drawn."""
    draw, order = Random(seed), list(range(count))  # noqa: S311 - a repeatable draw, no secret
    sums, squares = [0] * count, [0] * count
    known = cache(cost)
    for _ in range(samples):
        draw.shuffle(order)
        coalition = 0
        for player in order:
            added = known(coalition | 1 << player) - known(coalition)
            coalition |= 1 << player
            sums[player] += added
            squares[player] += added * added
    return tuple(
        _Part(
            Fraction(total, samples), Fraction(samples * square - total * total, samples**2 * (samples - 1))
        )
        for total, square in zip(sums, squares, strict=True)
    )


def in_whole_ore(values: Mapping[str, Fraction]) -> dict[str, int]:
    """Each value in whole öre, so that the sum (a whole number) stays: what is left goes to the largest fractions, then by name."""
    whole = {player: value.numerator // value.denominator for player, value in values.items()}
    left = int(sum(values.values(), Fraction(0))) - sum(whole.values())
    by_fraction = sorted(values, key=lambda player: (whole[player] - values[player], player))
    return {player: whole[player] + (player in by_fraction[:left]) for player in values}


def _root_up(variance: Fraction) -> int:
    """The standard error in whole öre, rounded up."""
    if not variance:
        return 0
    return isqrt(-(-variance.numerator // variance.denominator)) + 1


class _Work(NamedTuple):
    """What a route's turn does in order, and which player each task is done for."""

    turn: Turn
    tasks: tuple[Task, ...]
    whose: Sequence[str]


def _games(
    problem: Problem, plan: Plan, player_of: Mapping[str, str] | None, own_van: Vehicle | None
) -> Iterator[_Game]:
    around = separated(problem, earliest_times(problem, plan.routes)) if has_handovers(problem) else problem
    places = places_of(replace(around, rules=Rules(promises=problem.rules.promises)))
    goods = {shipment.id: shipment for shipment in around.shipments}
    players = player_of or {shipment.id: shipment.owner for shipment in problem.shipments}
    turns = {turn.key: turn for turn in turns_of(problem)}
    for route in plan.routes:
        tasks = _tasks(route, goods)
        if tasks:
            whose = [players[task.shipment.id] for task in tasks]
            yield _game(route, _Work(turns[route.vehicle, route.shift], tuple(tasks), whose), places, own_van)


def _game(route: Route, work: _Work, places: Places, own_van: Vehicle | None) -> _Game:
    players = tuple(sorted(set(work.whose)))
    numbers = [players.index(player) for player in work.whose]
    everyone = (1 << len(players)) - 1

    def cost(coalition: int) -> int:
        if coalition in {0, everyone}:
            return route.cost_ore if coalition else 0
        shorter = timed(Trip(work.turn, _chosen(work.tasks, numbers, coalition)), places=places)
        return route.cost_ore if shorter is None else min(shorter.cost_ore, route.cost_ore)

    alone = (
        _by_itself(_chosen(work.tasks, numbers, 1 << player), own_van, places) if own_van else None
        for player in range(len(players))
    )
    return _Game(players, cost, tuple(alone))


def _chosen(tasks: Sequence[Task], numbers: Sequence[int], coalition: int) -> tuple[Task, ...]:
    return tuple(task for task, number in zip(tasks, numbers, strict=True) if coalition >> number & 1)


def _by_itself(tasks: tuple[Task, ...], own_van: Vehicle, places: Places) -> int | None:
    """What these tasks cost with a van that is at home where the first of them is, on the day when that is cheapest."""
    if not tasks[0].is_pickup:
        return None  # it is on board of the plan's vehicle already
    van = replace(own_van, start=tasks[0].stop, end=tasks[0].stop)
    routes = (schedule(Trip(Turn(van, shift), tasks), places=places) for shift in range(len(van.shifts)))
    return min((route.cost_ore for route in routes if route is not None), default=None)


def _tasks(route: Route, goods: Mapping[str, Shipment]) -> Sequence[Task]:
    return [
        Task(goods[name], is_pickup=is_pickup)
        for visit in route.visits
        for names, is_pickup in ((visit.deliveries, False), (visit.pickups, True))
        for name in names
    ]
