"""The state of one ruin-and-recreate search: plans as arrays, and back. Whoever imports this imports the compiler."""

from collections.abc import Iterable

import numpy as np

from routing.engines.ruin_ground import Terrain
from routing.engines.ruin_moves import BEST, KEPT, NOW, Routes
from routing.engines.ruin_steps import Manner, Scratch, search
from routing.trips import Trip, Turn

MANNER = Manner(tasks=10.0, longest=10.0, gaps=0.5)
Row = tuple[int, tuple[int, ...]]
"""The number of a turn, and its tasks as nodes."""
Standing = tuple[int, int, float]
"""How much a plan leaves out that it must not, how many turns it uses, and its öre, with what each of these costs for being used."""


class State:
    """The plan that is changed, the one it goes back to, and the best; a row for each turn."""

    def __init__(self, terrain: Terrain, start: tuple[Trip, ...], seed: int) -> None:
        self.terrain = terrain
        self.ground = terrain.ground
        self.turns: tuple[Turn, ...] = tuple(turn for turns in terrain.kinds for turn in turns)
        self.made = 0
        self.kinds = [kind for kind, turns in enumerate(terrain.kinds) for _ in turns]
        self.routes = self._nothing()
        self.scratch = self._scratch(seed)
        self._read(start)
        self.begin()

    @property
    def differs(self) -> bool:
        """Whether turns differ."""
        return len(self.terrain.kinds) > 1

    @property
    def lacks(self) -> bool:
        """Whether the present plan leaves out what it must not."""
        return bool(self.scratch.figures[1] > 0)

    @property
    def used(self) -> int:
        """Turns with work in the best plan."""
        return int((self.routes.length[BEST] > 2).sum())

    @property
    def task_ore(self) -> float:
        """What the best plan's driving and hours cost by task."""
        rows = np.flatnonzero(self.routes.length[BEST] > 2)
        fixed = self.ground.rates[self.routes.kind[BEST, rows], 1].sum()
        tasks = (self.routes.length[BEST, rows] - 2).sum()
        return float((self.routes.cost[BEST, rows].sum() - fixed) / max(1, tasks))

    def standing(self, *, best: bool = False) -> Standing:
        """How the best plan, or the present one, stands: the less the better."""
        plan, (ore, lacking) = (BEST, self.scratch.figures[2:]) if best else (KEPT, self.scratch.figures[:2])
        used = np.flatnonzero(self.routes.length[plan] > 2)
        once = sum(self.turns[row].vehicle.fixed_ore_per_shift for row in used)
        return int(lacking), len(used), float(ore) + once

    def begin(self) -> None:
        """Go on from the present plan as the best, with each left-out shipment worth the same."""
        self.scratch.weight[:] = 1
        self._search(0)
        self._copy(NOW, BEST)
        self.scratch.figures[2:] = self.scratch.figures[:2]

    def restore(self) -> None:
        """Go back to the best plan, with all the rows that it uses and no other."""
        self._copy(BEST, NOW)
        self.routes.kind[NOW, self.routes.length[NOW] == 2] = -1

    def search(self, steps: int, *, temperature: float, fewer: bool = False) -> bool:
        """So many steps, or fewer (``made``) where nothing lacks any more; whether there is a better plan now."""
        before = tuple(self.scratch.figures[2:])
        self.made = self._search(steps, temperature=temperature, fewer=fewer)
        return tuple(self.scratch.figures[2:]) != before

    def give_up(self, attempt: int) -> None:
        """Close a row of the best plan, the easiest to place first, then others; what it carried is left out."""
        self.restore()
        used = [row for row in range(len(self.turns)) if self.routes.length[BEST, row] > 2]
        used.sort(key=lambda row: sum(self.scratch.hardness[node // 2] for node in self._nodes(BEST, row)))
        given_up = used[attempt % len(used)]
        for node in self._nodes(NOW, given_up):
            self.routes.row_of[NOW, node // 2] = -1
        self._empty(self.routes, given_up)
        self.routes.kind[NOW, given_up] = -1
        self.scratch.weight[:] = self.scratch.hardness
        self._search(0)

    def rows(self, *, best: bool = False) -> tuple[Row, ...]:
        """The used rows of the best plan, or of the present one."""
        plan = BEST if best else KEPT
        used = np.flatnonzero(self.routes.length[plan] > 2).tolist()
        return tuple((row, self._nodes(plan, row)) for row in used)

    def trips(self, rows: Iterable[Row]) -> tuple[Trip, ...]:
        return tuple(
            Trip(self.turns[row], tuple(self.terrain.tasks[node] for node in nodes)) for row, nodes in rows
        )

    def _search(self, steps: int, *, temperature: float = 0.0, fewer: bool = False) -> int:
        return search(self.ground, self.routes, self.scratch, MANNER, steps, temperature, fewer)

    def _copy(self, source: int, target: int) -> None:
        following = self.routes.version[NOW, -1]
        for part in self.routes:
            part[target] = part[source]
        self.routes.version[NOW, -1] = following  # no number is given twice

    def _nodes(self, plan: int, row: int) -> tuple[int, ...]:
        return tuple(self.routes.nodes[plan, row, 1 : self.routes.length[plan, row] - 1].tolist())

    def _nothing(self) -> Routes:
        """Every row empty."""
        rows, shipments = len(self.turns), len(self.ground.skips)
        longest, measures = 2 * shipments + 2, self.ground.loads.shape[1]
        routes = Routes(
            nodes=np.zeros((3, rows, longest), np.int64),
            length=np.zeros((3, rows), np.int64),
            kind=np.array([self.kinds] * 3, np.int64),
            parts=np.zeros((3, rows, longest, 6), np.int64),
            aboard=np.zeros((3, rows, longest, measures), np.int64),
            cost=np.zeros((3, rows), np.float64),
            row_of=np.full((3, shipments), -1, np.int64),
            version=np.ones((3, rows + 1), np.int64),
        )
        for row in range(rows):
            self._empty(routes, row)
        return routes

    def _empty(self, routes: Routes, row: int) -> None:
        tasks, kind = len(self.terrain.tasks), self.kinds[row]
        routes.nodes[NOW, row, :2] = tasks + kind, tasks + len(self.terrain.kinds) + kind
        routes.length[NOW, row] = 2

    def _scratch(self, seed: int) -> Scratch:
        rows, shipments = len(self.turns), len(self.ground.skips)
        return Scratch(
            random=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
            blinks=np.array([100], np.int64),
            out=np.zeros(shipments, np.int64),
            keys=np.zeros(shipments, np.float64),
            marked=np.zeros(shipments, np.bool_),
            touched=np.zeros(rows, np.bool_),
            seen=np.zeros(len(self.terrain.kinds), np.int64),
            bounds=np.zeros(2 * shipments + 2, np.float64),
            places=np.zeros((shipments, rows, 3), np.int64),
            prices=np.zeros((shipments, rows), np.float64),
            hardness=np.ones(shipments, np.int64),
            weight=np.ones(shipments, np.int64),
            figures=np.zeros(4, np.float64),
        )

    def _read(self, start: tuple[Trip, ...]) -> None:
        """Put the trips into rows; what may not be there is left out."""
        number = {task.shipment.id: node // 2 for node, task in enumerate(self.terrain.tasks)}
        row_of = {turn.key: row for row, turn in enumerate(self.turns)}
        for trip in start:
            row = row_of.get(trip.turn.key)
            if row is None:
                continue
            tasks = [task for task in trip.tasks if task.shipment.id in number]
            nodes = [2 * number[task.shipment.id] + (not task.is_pickup) for task in tasks]
            self.routes.nodes[NOW, row, 1 : len(nodes) + 2] = [*nodes, self.routes.nodes[NOW, row, 1]]
            self.routes.length[NOW, row] = len(nodes) + 2
            if self._is_allowed(row, nodes):
                for node in nodes:
                    self.routes.row_of[NOW, node // 2] = row
            else:
                self._empty(self.routes, row)

    def _is_allowed(self, row: int, nodes: list[int]) -> bool:
        may = self.ground.may[self.kinds[row]]
        return all(may[node // 2] and self.routes.row_of[NOW, node // 2] < 0 for node in nodes)
