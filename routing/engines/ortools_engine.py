"""The OR-Tools engine: carries every rule of a Problem and is always there.

Breaks fall due by driving, which OR-Tools does not propagate. So where a shift is long enough to need one there are
two searches: one with stretched driving times, whose answer always has room for its breaks (see ortools_nodes.Job),
and one without, which may find cheaper routes that need none. The shared schedule places the real breaks; the
cheaper plan of those it can place wins. The searches serve all they can; what costs more than its price for leaving
it out is dropped from the answers, and what remains is searched once more by itself. OR-Tools' own search is deterministic; the seed shuffles the order of the
shipments, which decides ties differently.
"""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from routing.engines.dropping import cheaper_without
from routing.engines.ortools_model import Model, build
from routing.engines.ortools_nodes import Job, loads_at_start
from routing.engines.ortools_settings import search_parameters
from routing.engines.protocol import Found, Limit, Progress, Reporter
from routing.engines.reloading import could_pay
from routing.fitting import fittings
from routing.problem import Problem, Shipment
from routing.ranking import Rank, priorities_of, rank
from routing.schedule import schedule
from routing.trips import Part, Places, Trip, Turn, begun_trips, places_of, tasks_of, turns_of

LEAST_SECONDS = 0.2
"""Each search gets at least this, even when building the models took all the time."""


class EngineGaveNothing(RuntimeError):
    """OR-Tools returned no plan at all, not even an empty one: a fault in the model, to be reported."""


@dataclass(frozen=True, slots=True)
class OrTools:
    """Iterated local search over the whole problem at once."""

    name: str = "ortools"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        began = time.monotonic()
        job = job_of(problem, seed=seed)
        best = _Best(job, began, report)
        best.offer(begun_trips(job.turns, job.places))
        if not job.shipments:
            return Found(best.trips)
        may_rest = any(could_need_break(turn) for turn in job.turns)
        has_prices = any(shipment.skip_ore is not None for shipment in job.shipments)
        searches = 1 + may_rest + has_prices
        if may_rest:
            best.search(replace(job, stretched=True), _part(limit, began, 1 / searches))
        best.search(job, _part(limit, began, 1 / (1 + has_prices)))
        if has_prices:
            best.search(replace(job, stretched=may_rest, shipments=best.served()), _part(limit, began, 1))
        return Found(best.trips, tuple(best.others))


@dataclass(slots=True)
class _Best:
    """The best trips of all searches so far, by mandatory shipments left out, then money. Reports when it changes."""

    job: Job
    began: float
    report: Reporter | None
    trips: tuple[Trip, ...] = ()
    price: Rank | None = None
    iterations: int = 0
    others: list[Trip] = field(default_factory=list)

    def served(self) -> tuple[Shipment, ...]:
        """The job's shipments that the best trips carry, in the job's order."""
        names = _delivered(self.trips)
        return tuple(shipment for shipment in self.job.shipments if shipment.id in names)

    def search(self, job: Job, limit: Limit) -> None:
        """Search a job that is this one or a part of it, and keep the answer if it is better."""
        if job.shipments:
            self.offer(cheaper_without(_answer(job, limit, self), job.places))

    def offer(self, trips: tuple[Trip, ...]) -> None:
        """Take the trips if they can be scheduled and are better than what there is."""
        self.others.extend(trips)
        price = self._price(trips)
        if price is None or (self.price is not None and price >= self.price):
            return
        self.trips, self.price = trips, price
        if self.report is not None and trips:  # an empty plan is a start, not news
            self.report(Progress(time.monotonic() - self.began, self.iterations, price[-1]), trips)

    def _price(self, trips: tuple[Trip, ...]) -> Rank | None:
        routes = [schedule(trip, places=self.job.places) for trip in trips]
        if any(route is None for route in routes):
            return None
        served = _delivered(trips)
        money = sum(route.cost_ore for route in routes if route is not None)
        left_out = (shipment for shipment in self.job.shipments if shipment.id not in served)
        return rank(left_out, priorities=priorities_of(self.job.shipments), route_ore=money)


def _delivered(trips: Iterable[Trip]) -> set[str]:
    return {task.shipment.id for trip in trips for task in trip.tasks if not task.is_pickup}


def job_of(problem: Problem, *, seed: int = 0, part: Part | None = None, places: Places | None = None) -> Job:
    """What an engine is given: only shipments not yet delivered that some turn could carry, in the seed's order, and only those turns.

    ``part``: only these turns and shipments. A turn that can carry nothing may not even have time to drive from its start to its end, which would make
    every plan impossible.
    """
    places = places or places_of(problem)
    turns = turns_of(problem) if part is None else part.turns
    shipments = problem.shipments if part is None else part.shipments
    fits = fittings(shipments, turns, places=places)
    useful = {turn.key for fit in fits.values() for turn in fit.turns} | set(places.driven)
    turns = tuple(turn for turn in turns if turn.key in useful)
    possible = [shipment for shipment in shipments if fits[shipment.id].turns and tasks_of(shipment, places)]
    if seed:
        random.Random(seed).shuffle(possible)  # noqa: S311 - no secret
    job = Job(places=places, turns=turns, shipments=tuple(possible), fittings=dict(fits))
    return replace(job, reloads=could_pay(job))


def all_loaded_at_start(job: Job) -> bool:
    """Whether every vehicle starts where all goods are, loads them in no time, and need not come back for more."""
    return all(loads_at_start(shipment, job) for shipment in job.shipments)


def could_need_break(turn: Turn) -> bool:
    vehicle, window = turn.vehicle, turn.window
    longest_s = min(turn.last_s - window.start_s, vehicle.max_drive_s or turn.last_s)
    return bool(vehicle.break_s) and longest_s > vehicle.break_after_drive_s


def _answer(job: Job, limit: Limit, best: _Best) -> tuple[Trip, ...]:
    """Iterated search, unless a plain one finds nothing that can be driven: then it would never return."""
    began = time.monotonic()
    model = build(job)  # takes part of the time
    if job.stretched and not _run(model, _part(limit, began, 1), best, iterated=False):
        return ()
    return _run(model, _part(limit, began, 1), best, iterated=True)


def _run(model: Model, limit: Limit, best: _Best, *, iterated: bool) -> tuple[Trip, ...]:
    parameters = search_parameters(limit=limit, nodes=len(model.tasks), has_pairs=model.has_pairs)
    if not iterated:
        parameters.solution_limit = 1
        solution = model.routing.SolveWithParameters(parameters)
    else:
        if best.report is not None:
            model.routing.AddAtSolutionCallback(_watch(model, best))
        solution = model.routing.SolveWithIteratedLocalSearch(parameters)
    if solution is None and limit.seconds is not None:
        return ()  # the time was over before the first plan
    if solution is None:
        raise EngineGaveNothing("OR-Tools found no plan, not even an empty one: report the problem file.")
    return _trips(model, solution.Value)


def _watch(model: Model, best: _Best) -> Callable[[], None]:
    """Offers every plan that is cheaper than all before it in this search; others only count."""
    least = float("inf")

    def at_solution() -> None:
        nonlocal least
        best.iterations += 1
        cost = model.routing.CostVar().Min()
        if cost < least:
            least = cost
            best.offer(cheaper_without(_trips(model, lambda variable: variable.Value()), best.job.places))

    return at_solution


def _trips(model: Model, value: Callable[[Any], int]) -> tuple[Trip, ...]:
    """The used turns with their tasks in order; goods loaded at the start come first."""
    return tuple(
        trip for number, turn in enumerate(model.turns) if (trip := _trip(model, number, turn, value)).tasks
    )


def _trip(model: Model, number: int, turn: Turn, value: Callable[[Any], int]) -> Trip:
    tasks = []
    index = value(model.routing.NextVar(model.routing.Start(number)))
    while not model.routing.IsEnd(index):
        tasks.append(model.tasks[model.manager.IndexToNode(index)])
        index = value(model.routing.NextVar(index))
    collected = {task.shipment.id for task in tasks if task.is_pickup} | model.picked_up
    loaded = [replace(task, is_pickup=True) for task in tasks if task.shipment.id not in collected]
    return Trip(turn, (*model.driven.get(turn.key, ()), *loaded, *tasks))


def _part(limit: Limit, began: float, share: float) -> Limit:
    """A share of the seconds that are left; iterations are each search's own."""
    if limit.seconds is None:
        return limit
    left = limit.seconds - (time.monotonic() - began)
    return replace(limit, seconds=max(LEAST_SECONDS, left * share))
