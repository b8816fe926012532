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

from routing.engines.ruin_run import Cooling, Row, Run, Task
from routing.engines.ruin_state import Standing, State
from routing.trips import Places, Trip

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
MOST_OF_A_LAP = 8
"""No slice takes more than this part of a first lap."""


@dataclass(slots=True)
class Runner:
    """Of a race: how its plan stands, see State.standing; in öre as it lately was on average."""

    standing: Standing
    state: State


def _best(runners: list[Runner], lap: Lap) -> list[Runner]:
    """Who goes on after a lap."""
    return sorted(runners, key=lambda runner: runner.standing)[: lap.winners]


class Fewer(Run):
    """With as few rows of a plan as can be found, for no more than the share ``reducing`` of the time; ``state`` of a seed: that plan's."""

    state: State

    def __init__(
        self, state: Callable[[int], State], task: Task, *, size: int, steps: int, reducing: float
    ) -> None:
        self.another = state
        self.first = state(task.seed)
        self.reducing = reducing
        self.random = Random(task.seed)  # noqa: S311 - no secret
        self.kept: tuple[Standing, tuple[Row, ...]] | None = None
        super().__init__(self.first, task, FAR_OFF, size=size, steps=steps)

    def go(self, *, until: float, places: Places | None = None) -> None:
        first = self.passed()
        self.reduce(self.first, until=first + self.reducing * (until - first))
        if self.passed() < until:
            self._race(until=until)
            super().go(until=until, places=places)

    def trips(self) -> tuple[Trip, ...]:
        """The best plan of all states."""
        self._keep(self.state)
        return self.first.trips(self.kept[1] if self.kept else ())

    def reduce(self, state: State, *, until: float, least: int = 1) -> None:
        """Give up one row after another until this share of the time has passed, or no more than ``least`` are used."""
        self.state = state
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
        state.restore()
        state.begin()

    def _keep(self, state: State) -> None:
        """Remember its best plan where there is no better one."""
        standing = state.standing(best=True)
        if self.kept is None or standing < self.kept[0]:
            self.kept = standing, state.rows(best=True)

    def _race(self, *, until: float) -> None:
        """Go on from the winner of a race between the plan that there is and others with as few vehicles."""
        began, slice_s, most = self.passed(), self.slice_s, self.most_per_slice
        self.slice_s, self.most_per_slice = RACING_SLICE_S, max(1, FIRST_STEPS * self.size // MOST_OF_A_LAP)
        self.scale = self.first.task_ore
        ends = [began + lap.until * (until - began) for lap in LAPS]
        runners = self._first_lap(until=ends[0], ends=ends[-1])
        for lap, following, end in zip(LAPS[:-1], LAPS[1:], ends[1:], strict=True):
            for number, runner in enumerate(runners):
                until_his = self.passed() + (end - self.passed()) / (len(runners) - number)
                self._next_lap(runner, lap.cold, following.cold, until=until_his)
            runners = _best(runners, following)
        self.state, self.cooling = runners[0].state, FAR_OFF._replace(warm=LAPS[-1].cold)
        self.slice_s, self.most_per_slice = slice_s, most

    def _first_lap(self, *, until: float, ends: float) -> list[Runner]:
        """As many as there is time to begin, of which the best are kept."""
        lacking, used, _ = self.first.standing()
        runners = [self._begun(self.first, ends=ends)]
        while self.passed() < until:
            state = self.another(self.random.randrange(2**32))
            self.reduce(state, until=until, least=used)
            if state.standing()[:2] <= (lacking, used):
                runners = _best([*runners, self._begun(state, ends=ends)], LAPS[0])
        return runners

    def _begun(self, state: State, *, ends: float) -> Runner:
        first, most = self.steps, FIRST_STEPS * self.size

        def passed() -> float:
            return 1.0 if self.passed() > ends else (self.steps - first) / most

        return Runner(self.lap(state, FAR_OFF.warm, LAPS[0].cold, passed), state)

    def _next_lap(self, runner: Runner, warm: float, cold: float, *, until: float) -> None:
        first = self.passed()
        time = max(1e-9, until - first)
        runner.standing = self.lap(runner.state, warm, cold, lambda: (self.passed() - first) / time)

    def lap(self, state: State, warm: float, cold: float, passed: Callable[[], float]) -> Standing:
        """From one temperature to another; how the plan stands then, in öre as it did in the second half on average."""
        self.state = state
        met: list[Standing] = [state.standing()]
        while (share := passed()) < 1:
            self.anneal_at(self.scale * warm * (cold / warm) ** share)
            met.append(state.standing())
        self._keep(state)
        self.met.add(state.rows())
        return (*met[-1][:2], fmean(ore for *_, ore in met[len(met) // 2 :]))
