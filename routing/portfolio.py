"""Which engines search when: the rounds of a portfolio, and one search after another where goods wait for others.

VROOM gives a first plan at once. Then engines search side by side, each where it is strong; their routes go
into one pool, whose best cover is often cheaper than any of their plans; the best is polished by further searches from
it, and the pool is covered once more.
"""

import time
from collections.abc import Callable, Iterator, Sequence

from routing.engines.cover import MOST_SHIPMENTS, Cover
from routing.engines.decompose import first_searches, further_searches, is_large
from routing.engines.ortools_engine import OrTools, all_loaded_at_start
from routing.engines.protocol import Engine, Limit, Progress
from routing.engines.pyvrp_engine import PyVrp
from routing.engines.rebalance import Rebalance
from routing.engines.ruin import Ruin
from routing.engines.ruin_ground import is_from_depot, is_known
from routing.engines.ruin_ready import DEPOT_STEPS, STEPS
from routing.engines.team import Team
from routing.engines.tilt import Tilted
from routing.engines.vroom_engine import QUICK, THOROUGH, Vroom
from routing.problem import Problem
from routing.settling import Whole
from routing.trips import Trip

ENGINES = ("vroom", "pyvrp", "ortools", "ruin")
FIRST_PLAN_S = 0.5
FIRST_PLANS = 0.5
"""Of a large problem's time, for its areas' first plans; as a rule they need a tenth of it."""
REDUCING_BRIEFLY = 0.12
"""Of two searches for fewer vehicles one gives no more of the time to it: where they are soon found, it has more left for less way."""
RESTS_FROM_S = 10.0
"""In a shorter run a search beside a proof does not rest, and a last cover has little time."""
REST_FROM, MET_BY, COVERING = (0.12, 0.24), 0.5, 0.12
"""Where the seconds alone count, a proof beside has the machine for most of them after two searches, where what it proves is near and routes came up there in time;
whenever they do they are covered together with the search's own, for no longer than that."""
GOING_ON = 0.42, 0.58, 0.74, 0.9
"""Else it is searched until then, the first time with half the strength, and looked again. No rest is longer."""
BEGUN_ANEW = 0.18, 0.36
"""Where a search is alone, or beside a proof but counted, it begins anew then."""
LAST_UNTIL = 0.96
"""The last search ends then; a last cover needs less."""
SEARCHED, SEARCHED_BRIEFLY = 0.88, 0.8
"""From one depot, the share of the time after which what two searches met is covered, and their best polished; and in a shorter run than RESTS_FROM_S."""
COVERED_FROM, LAST_COVER_S = 0.85, 3.0
"""Where a cover has tens of thousands of routes to choose from it needs so many seconds, and of few it has the rest."""
PATCH_ROUNDS = 6
RUIN_FROM_S = 2.0
"""In a shorter run there is no time to load the compiled steps."""
SEED_STEP = 7919
"""Between the seeds of two searches with other handover times."""


def able_engines(problem: Problem, engines: Sequence[str]) -> tuple[str, ...]:
    """The engines that can say it all: of routes that have begun, and goods on board, only OR-Tools knows."""
    return ("ortools",) if _is_under_way(problem) else tuple(engines)


def _is_under_way(problem: Problem) -> bool:
    return bool(problem.rules.on_board or problem.rules.driven)


def searched(
    team: Team, engines: Sequence[str], start: tuple[Trip, ...] = (), *, quick: bool = False
) -> tuple[Trip, ...]:
    """The best trips of all the team's rounds; ``quick``: of VROOM's first try."""
    team.begin_with(start)
    with team.crew:
        if "vroom" in engines and not is_large(team.judge):
            meanwhile = team.is_apart and not quick and _needs_no_first_plan(team, engines)
            team.first(Vroom(QUICK), seconds=FIRST_PLAN_S, meanwhile=meanwhile)
        for until, searches in () if quick else _rounds(team, engines):
            team.round(searches, until=until)
            team.look_around()
        team.do_meanwhile()
    return team.best


class Echelons:
    """Search by search for plan_echelons, and one story of them all for the listener: only whole plans are told."""

    def __init__(
        self,
        engines: Sequence[str],
        seed: int,
        processes: int,
        progress: Callable[[Progress], bool] | None,
    ) -> None:
        self.engines = engines
        self.seed = seed
        self.processes = processes
        self.progress = progress
        self.began = time.monotonic()
        self.iterations = 0
        self.searches = 0

    def __call__(
        self, problem: Problem, limit: Limit, *, quick: bool, start: tuple[Trip, ...], best: Whole
    ) -> tuple[tuple[Trip, ...], bool]:
        """As echelons.Search."""
        before, cost, number = self.iterations, float(best.rank[-1]), self.searches
        self.searches += 1

        def told(state: Progress) -> bool:
            self.iterations = before + state.iterations
            seconds = time.monotonic() - self.began
            known = Progress(seconds, self.iterations, cost) if number else Progress(seconds, 0, float("inf"))
            return self.progress is None or self.progress(known)

        seed = (self.seed + SEED_STEP * number) % 2**31
        listener = told if self.progress is not None else None
        team = Team(problem, limit=limit, seed=seed, processes=self.processes, progress=listener)
        trips = searched(team, self.engines, start, quick=quick and "vroom" in self.engines)
        return trips, not team.stopped


def _rounds(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """The share of the time at which each round ends, and its searches, made from what is known by then."""
    if not team.problem.shipments or not team.problem.vehicles:
        return
    has_ruin = _has_ruin(team, engines)
    if is_large(team.judge) and not _is_under_way(team.problem) and set(engines) != {"ortools"}:
        yield from _by_parts(team, engines)
    elif team.judge.has_balance:
        yield from _as_a_whole(team, engines)
    elif _is_under_way(team.problem):
        yield 1.0, [OrTools()]
    elif has_ruin and team.counts_vehicles:
        yield from _fewest_first(team, engines)
    elif "pyvrp" in engines and all_loaded_at_start(team.job):
        yield from _from_one_depot(team, has_ruin=has_ruin and _is_of_one_priority(team))
    elif has_ruin and _is_of_one_priority(team):
        yield from _by_ruin(team, engines)
    else:
        yield from _mixed(team, engines)


def _has_ruin(team: Team, engines: Sequence[str]) -> bool:
    return "ruin" in engines and (team.limit.seconds is None or team.limit.seconds >= RUIN_FROM_S)


def _by_parts(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """Too large to be searched as a whole: a plan area by area, then patch by patch, cut anew each round."""
    if "vroom" in engines:
        yield FIRST_PLANS if "pyvrp" in engines else 1.0, first_searches(team.judge, processes=team.processes)
    for number in range(PATCH_ROUNDS if "pyvrp" in engines else 0):
        seed = team.seed + number
        further = further_searches(team.judge, team.best, processes=team.processes, seed=seed)
        yield (number + 2) / (PATCH_ROUNDS + 1), further


def _as_a_whole(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """Where routes are coupled: an engine is told of it by tilted prices while another search looks at the whole."""
    if _is_under_way(team.problem):
        yield 0.5, [OrTools()]
        yield 0.9, [Rebalance(team.best), Rebalance(team.best)]
        return
    if "vroom" in engines:
        yield 0.08, [Tilted(Vroom(QUICK), team.best, per_cent) for per_cent in (100, 30)]
    yield 0.45, [*_told(team, engines, per_cent=30), Rebalance(team.best)]
    yield 0.5, [Cover(tuple(team.orders), start=team.best)]
    yield 0.92, [*_told(team, engines, per_cent=10), Rebalance(team.best)]
    yield 1.0, [Cover(tuple(team.orders), start=team.best)]


def _told(team: Team, engines: Sequence[str], *, per_cent: int) -> list[Engine]:
    """The strongest engine there is, told of the whole; beside it OR-Tools, which knows most, while goods are left out."""
    told: list[Engine] = []
    if "pyvrp" in engines:
        told.append(Tilted(PyVrp(start=team.best), team.best, per_cent))
    if "ortools" in engines and (not told or _leaves_out(team)):
        told.append(Tilted(OrTools(), team.best, per_cent))
    return told


def _leaves_out(team: Team) -> bool:
    served = {task.shipment.id for trip in team.best for task in trip.tasks}
    return len(served) < len(team.problem.shipments)


def _by_ruin(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """Goods collected on the way: ruin and recreate from two seeds; beside it whoever knows the rules that it does not."""
    job = team.job
    steps = DEPOT_STEPS if is_from_depot(job) else STEPS
    if is_known(job) and (team.limit.seconds is None or steps.is_compiled()):
        has_many = len(team.problem.shipments) <= MOST_SHIPMENTS
        searches = min(2, team.processes)
        if _may_rest(team):
            yield from _beside_a_proof(team, searches, has_many=has_many)
        elif team.prover is not None or team.processes == 1:
            for until in BEGUN_ANEW:  # from the best, and from what came up elsewhere
                yield until, [Ruin(team.best, tells_many=has_many)] * searches
        yield _last_until(team, has_many=has_many), [Ruin(team.best, tells_many=has_many)] * searches
    else:
        others: dict[str, Engine] = {"ortools": OrTools(), "pyvrp": PyVrp(start=team.best)}
        yield 0.5, [Ruin(team.best), *(other for name, other in others.items() if name in engines)][:2]
        yield 0.56, [Cover(tuple(team.orders), start=team.best)]
        further = PyVrp(start=team.best) if "pyvrp" in engines else Ruin(team.best)
        yield 0.93, [Ruin(team.best), further]
    yield 1.0, [Cover(tuple(team.orders), start=team.best)]


def _may_rest(team: Team) -> bool:
    return (
        team.prover is not None
        and team.limit.iterations is None
        and team.limit.seconds is not None
        and team.limit.seconds >= RESTS_FROM_S
    )


def _last_until(team: Team, *, has_many: bool) -> float:
    """The share of the time at which a last search leaves the rest to a cover."""
    if not has_many or team.limit.seconds is None or team.limit.seconds < RESTS_FROM_S:
        return LAST_UNTIL  # a shorter run has no time for many
    return max(COVERED_FROM, min(LAST_UNTIL, 1 - LAST_COVER_S / team.limit.seconds))


def _beside_a_proof(team: Team, searches: int, *, has_many: bool) -> Iterator[tuple[float, list[Engine]]]:
    """Short searches, and then covers of all that came up here and there; as long as there is nothing to wait for the search goes on."""
    first, rest_from = REST_FROM
    yield first, [Ruin(team.best, tells_many=has_many)] * searches
    # From the best one would come back to it, as a rule.
    yield rest_from, [Ruin(tells_many=has_many)] * searches
    if has_many:
        yield rest_from + COVERING / 2, [Cover(tuple(team.orders), start=team.best)]
    for number, until in enumerate(GOING_ON):
        while team.rest(until=GOING_ON[-1] if team.has_met else MET_BY):
            yield min(team.passed + COVERING, LAST_UNTIL), [Cover(tuple(team.orders), start=team.best)]
        if team.passed < until:
            yield until, [Ruin(team.best, tells_many=has_many)] * (searches if number else 1)


def _mixed(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """Goods collected on the way, without ruin and recreate, or where some go before others, which it may miss."""
    if "vroom" in engines:
        yield 0.3, [Vroom(THOROUGH)]  # over much sooner, as a rule
    searches: dict[str, Engine] = {"pyvrp": PyVrp(start=team.best), "ortools": OrTools()}
    yield 0.55, [search for name, search in searches.items() if name in engines]
    yield 0.62, [Cover(tuple(team.orders), start=team.best)]
    if "pyvrp" in engines:
        yield 0.9, [PyVrp(start=team.best), PyVrp(start=team.best)]
        yield 1.0, [Cover(tuple(team.orders), start=team.best)]


def _from_one_depot(team: Team, *, has_ruin: bool) -> Iterator[tuple[float, list[Engine]]]:
    """Goods loaded where the vehicles start: PyVRP from two seeds; ruin and recreate where a route is no more than its legs."""
    if has_ruin and is_from_depot(team.job):
        is_ready = team.limit.seconds is None or DEPOT_STEPS.is_compiled()
        is_short = team.limit.seconds is not None and team.limit.seconds < RESTS_FROM_S
        search = Ruin(team.best, tells_many=not is_short)
        yield SEARCHED_BRIEFLY if is_short else SEARCHED, [search if is_ready else PyVrp(), search]
        yield 1.0, [Cover(tuple(team.orders), start=team.best), PyVrp(start=team.best, tells_many=False)]
        return
    yield SEARCHED_BRIEFLY, [PyVrp(), PyVrp()]
    yield 1.0, [Cover(tuple(team.orders), start=team.best), PyVrp(start=team.best, tells_many=False)]


def _needs_no_first_plan(team: Team, engines: Sequence[str]) -> bool:
    """Whether the first searches are PyVRP's from one depot, which begin with no plan.

    No vehicle has a price of its own there (see reloading.could_pay), so that none is to be saved first.
    """
    if team.judge.has_balance or _is_under_way(team.problem):
        return False
    if "pyvrp" not in engines or not all_loaded_at_start(team.job):
        return False
    return not (_has_ruin(team, engines) and _is_of_one_priority(team) and is_from_depot(team.job))


def _is_of_one_priority(team: Team) -> bool:
    """Whether none goes before others, which ruin and recreate may miss."""
    return len({shipment.priority for shipment in team.problem.shipments}) < 2


def _fewest_first(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """Where a vehicle costs more than any way saves: each search first looks for fewer of them, then for less way."""
    beside: Engine = Ruin(team.best, fewer=True, reducing=REDUCING_BRIEFLY)
    if "pyvrp" in engines and team.limit.seconds is not None and not STEPS.is_compiled():
        beside = PyVrp(start=team.best)
    yield 0.95, [Ruin(team.best, fewer=True), beside]
    yield 1.0, [Cover(tuple(team.orders), start=team.best)]
