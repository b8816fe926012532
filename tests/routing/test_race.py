"""Many searches for less way begin with as few vehicles; time goes to those that are ahead."""

import time

import pytest

from routing.engines.judge import Judge
from routing.engines.ortools_engine import job_of
from routing.engines.protocol import Limit
from routing.engines.ruin import Ruin
from routing.engines.ruin_fewer import LAPS, Fewer
from routing.engines.ruin_ground import terrain_of
from routing.engines.ruin_moves import NOW
from routing.engines.ruin_run import STEPS_PER_ITERATION, Task
from routing.engines.ruin_state import Standing, State
from routing.feasible import route_of
from routing.problem import Problem, Shipment, Window
from routing.trips import Trip, alone, places_of, turns_of

HOUR = 3600
ITERATIONS = 300


class Told(Fewer):
    """A race that tells who ran from which temperature to which, and what they cost; ``costs``: instead of running, by who began when."""

    def __init__(self, problem: Problem, *, costs: tuple[float, ...] = (), seed: int = 0) -> None:
        self.laps: list[tuple[int, float, float, Standing]] = []
        self.ran: list[State] = []
        self.costs = costs
        terrain = terrain_of(job_of(problem), fixed=False, must=True)
        task = Task(Limit(iterations=ITERATIONS), seed, None, time.monotonic())
        super().__init__(
            lambda number: State(terrain, one_each(problem), number),
            task,
            size=len(problem.shipments),
            steps=0,
            reducing=0.1,
        )

    def lap(self, state, warm, cold, passed):
        if state not in self.ran:
            self.ran.append(state)
        number = self.ran.index(state)
        if self.costs:
            self.steps += 10 * STEPS_PER_ITERATION
            standing = (*state.standing()[:2], self.costs[number])
        else:
            standing = super().lap(state, warm, cold, passed)
        self.laps.append((number, warm, cold, standing))
        return standing


@pytest.fixture(scope="module")
def towns(on_a_line, stop, van) -> Problem:
    """Twelve shipments among eight places in a long day: two vans at least, for the weight."""
    places = [stop(f"p{n}", 7 * n % 45 + n, stop_s=120) for n in range(8)]
    goods = [Shipment(f"s{n}", f"p{n % 4}", f"p{4 + n % 3}", 100) for n in range(12)]
    day = (Window(0, 20 * HOUR),)
    fleet = [van(f"v{n}", shifts=day, capacity_grams=500, fixed_ore_per_shift=10**8) for n in range(12)]
    return on_a_line([stop("home", 0), *places], goods, fleet)


def one_each(problem: Problem) -> tuple[Trip, ...]:
    places, turns = places_of(problem), turns_of(problem)
    return tuple(
        alone(turn, shipment, places) for turn, shipment in zip(turns, problem.shipments, strict=False)
    )


def trip_ore(problem: Problem, trip: Trip) -> int:
    route = route_of(trip, places=places_of(problem))
    assert route is not None
    return route.cost_ore


def test_the_ones_ahead_go_on_and_the_first_of_all_wins(towns):
    costs = (9.0, 4.0, 8.0, 1.0, 7.0, 6.0, 2.0, 5.0, 3.0, *range(10, 40))
    race = Told(towns, costs=costs)
    race.go(until=1.0)
    begun = len(race.ran)
    ahead = sorted(range(begun), key=costs.__getitem__)
    assert begun > LAPS[0].winners > LAPS[1].winners > LAPS[2].winners == 1
    following = [number for number, *_ in race.laps[begun:]]
    assert following == [*ahead[: LAPS[0].winners], *ahead[: LAPS[1].winners]]
    assert race.state is race.ran[ahead[0]]


def test_each_lap_begins_as_warm_as_the_one_before_ended(towns):
    race = Told(towns)
    race.go(until=1.0)
    begun = len(race.ran)
    assert begun > LAPS[0].winners
    first, second, third = race.laps[begun - 1], race.laps[begun], race.laps[-1]
    assert (first[2], second[2]) == (pytest.approx(second[1]), pytest.approx(third[1]))
    assert all(warm > cold for _, warm, cold, _ in race.laps)
    assert race.passed() == pytest.approx(1.0, abs=0.02)


def test_whoever_begins_has_as_few_vehicles(towns):
    race = Told(towns)
    race.go(until=1.0)
    first_laps = race.laps[: len(race.ran)]
    assert len({standing for *_, standing in first_laps}) > len(first_laps) / 2, "each runs with its own seed"
    assert {standing[:2] for *_, standing in race.laps} == {(0, len(race.trips()))}
    assert len(race.trips()) < len(towns.shipments) / 2


def test_another_seed_begins_other_races_and_the_same_seed_the_same(towns):
    def plan(seed):
        race = Told(towns, seed=seed)
        race.go(until=1.0)
        return race.trips(), race.laps

    assert plan(1) == plan(1)
    assert plan(1) != plan(2)


class Stuck(Told):
    """Only the first saves vehicles."""

    def reduce(self, state, *, until, least=1):
        if state is self.first:
            super().reduce(state, until=until, least=least)
        else:
            self.steps += 10 * STEPS_PER_ITERATION


def test_whoever_needs_more_vehicles_does_not_race(towns):
    race = Stuck(towns)
    race.go(until=1.0)
    assert race.ran == [race.first]
    assert race.state is race.first


def test_what_was_good_before_the_race_is_not_lost_in_it(towns):
    """However little time there is to cool down again."""
    judge = Judge(towns)
    good = Ruin(one_each(towns), fewer=True).search(towns, limit=Limit(iterations=300), seed=3, report=None)
    for iterations in (1, 2, 3, 5):
        again = Ruin(good.trips, fewer=True).search(
            towns, limit=Limit(iterations=iterations), seed=0, report=None
        )
        assert judge.price(again.trips) <= judge.price(good.trips)


def test_where_driving_costs_nothing_vehicles_are_saved_all_the_same(on_a_line, stop, van):
    goods = [Shipment(f"s{n}", "farm", "school", 100) for n in range(4)]
    free = dict(fixed_ore_per_shift=10**8, ore_per_km=0, ore_per_hour=0)
    problem = on_a_line(
        [stop("home", 0), stop("farm", 5), stop("school", 9)], goods, [van(f"v{n}", **free) for n in range(4)]
    )
    found = Ruin(one_each(problem), fewer=True).search(
        problem, limit=Limit(iterations=10), seed=0, report=None
    )
    assert len(found.trips) == 1


def test_what_turns_cost_for_being_used_counts_in_how_a_plan_stands(towns):
    state = Told(towns).first
    used, way = len(towns.shipments), sum(trip_ore(towns, trip) for trip in one_each(towns))
    assert state.standing() == state.standing(best=True)
    assert state.standing() == (0, used, pytest.approx(way, abs=used))


def test_rows_that_become_empty_stay_so(towns):
    """Else one could be used again, and be cheaper for it."""
    race = Told(towns)
    race.reduce(race.first, until=1.0, least=6)
    state = race.first
    open_ = state.routes.kind[NOW] >= 0
    assert open_.sum() == state.used == len(race.trips())
