"""One search for fewer vehicles, then for less way, under one limit.

One row after another is given up: its shipments are left out, and steps go on until nothing is.

Then there is a race. The fewer vehicles carry all, the more an annealing ends where its first moments happened to lead, however slow it
is; and how well that is, one sees soon. So many are begun, each after saving vehicles anew, and the best go on ("go with the winners",
Aldous and Vazirani 1994).
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import fmean
from typing import NamedTuple

from routing.engines.ruin_run import Cooling, Run, Task
from routing.engines.ruin_state import State
from routing.trips import Places

FAR_OFF = Cooling(4.0, 0.04, 4_000)
"""A plan that vehicles were saved in is far from a good one."""
PATIENCE = 2_000
"""Steps for the first attempt to give a row up, where turns differ so that another may be easier."""


class Lap(NamedTuple):
    """Of a race: which share of its time has passed at the end, the temperature then (see Cooling), and how many go on at most."""

    until: float
    cold: float
    winners: int


LAPS = (Lap(0.3, 2.0, 6), Lap(0.5, 1.2, 2), Lap(0.65, 0.8, 1))
FIRST_STEPS = 25
"""Steps per shipment in the first lap, in which there are as many as there is time for."""
RACING_SLICE_S = 0.01


@dataclass(slots=True)
class Runner:
    """Of a race: what its plan cost lately."""

    ore: float
    state: State


def _best(runners: list[Runner], lap: Lap) -> list[Runner]:
    """Who goes on after a lap."""
    return sorted(runners, key=lambda runner: runner.ore)[: lap.winners]


class Fewer(Run):
    """With as few rows of a plan as can be found, for no more than the share ``reducing`` of the time; ``state`` of a seed: that plan's."""

    def __init__(
        self, state: Callable[[int], State], task: Task, *, size: int, steps: int, reducing: float
    ) -> None:
        self.another = state
        self.first = state(task.seed)
        self.reducing = reducing
        self.random = Random(task.seed)  # noqa: S311 - no secret
        super().__init__(self.first, task, FAR_OFF, size=size, steps=steps)

    def go(self, *, until: float, places: Places | None = None) -> None:
        first = self.passed()
        self.reduce(self.first, until=first + self.reducing * (until - first))
        self._race(until=until)
        super().go(until=until, places=places)

    def reduce(self, state: State, *, until: float, least: int = 1) -> None:
        """Give up one row after another until this share of the time has passed, or no more than ``least`` are used."""
        attempts = 0
        while state.used > least and self.passed() < until:
            state.give_up(attempts)
            patience = PATIENCE * (attempts + 1) if state.differs else None
            first = self.steps
            while state.lacks and self.passed() < until:
                self.slice(lambda steps: state.search(steps, temperature=state.task_ore, fewer=True))
                if patience is not None and self.steps - first > patience:
                    break
            attempts = attempts + 1 if state.lacks else 0
            if state.lacks:
                state.restore()

    def _race(self, *, until: float) -> None:
        """Go on from the winner of a race between the plan that there is and others with as few vehicles."""
        began, slice_s, self.slice_s = self.passed(), self.slice_s, RACING_SLICE_S
        ends = [began + lap.until * (until - began) for lap in LAPS]
        self.first.begin()
        scale = self.first.task_ore
        runners = self._first_lap(scale, until=ends[0], ends=ends[-1])
        for lap, following, end in zip(LAPS[:-1], LAPS[1:], ends[1:], strict=True):
            for number, runner in enumerate(runners):
                until_his = self.passed() + (end - self.passed()) / (len(runners) - number)
                self._next_lap(runner, scale * lap.cold, scale * following.cold, until=until_his)
            runners = _best(runners, following)
        self.state, self.cooling = runners[0].state, FAR_OFF._replace(warm=LAPS[-1].cold)
        self.slice_s = slice_s

    def _first_lap(self, scale: float, *, until: float, ends: float) -> list[Runner]:
        """As many as there is time to begin, of which the best are kept; ``scale``: what a temperature is a share of, in öre."""
        runners = [self._begun(self.first, scale, ends=ends)]
        while self.passed() < until:
            state = self.another(self.random.randrange(2**32))
            self.reduce(state, until=until, least=self.first.used)
            if state.used <= self.first.used:
                runners = _best([*runners, self._begun(state, scale, ends=ends)], LAPS[0])
        return runners

    def _begun(self, state: State, scale: float, *, ends: float) -> Runner:
        state.begin()
        first, most = self.steps, FIRST_STEPS * self.size

        def passed() -> float:
            return 1.0 if self.passed() > ends else (self.steps - first) / most

        return Runner(self.lap(state, scale * FAR_OFF.warm, scale * LAPS[0].cold, passed), state)

    def _next_lap(self, runner: Runner, warm: float, cold: float, *, until: float) -> None:
        first = self.passed()
        time = max(1e-9, until - first)
        runner.ore = self.lap(runner.state, warm, cold, lambda: (self.passed() - first) / time)

    def lap(self, state: State, warm: float, cold: float, passed: Callable[[], float]) -> float:
        """From one temperature to another; what the plan costs in the second half on average, in öre."""
        self.state = state
        costs: list[float] = []
        while not costs or passed() < 1:
            self.anneal_at(warm * (cold / warm) ** min(1.0, passed()))
            costs.append(state.ore)
        return fmean(costs[len(costs) // 2 :])
