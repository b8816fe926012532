"""The state of one search from one depot: plans as arrays, and back. Whoever imports this imports the compiler."""

from collections.abc import Iterable

import numpy as np

from routing.engines.depot_steps import Depot, Notes, Rows, Strength, search
from routing.engines.ruin_ground import Ground, Terrain, Whole
from routing.trips import Trip, Turn

STRENGTH = Strength(tasks=10.0, longest=10.0, gaps=0.5)
Row = tuple[int, tuple[int, ...]]
"""The number of a turn, and its shipments as numbers of the ground."""


class State:
    """The plan that is changed and the best; a row for each turn. As ruin_state.State, but it knows no way to fewer vehicles."""

    def __init__(self, terrain: Terrain, start: tuple[Trip, ...], seed: int) -> None:
        self.terrain = terrain
        self.depot = depot_of(terrain.ground)
        self.room = _padded(terrain.ground.room)
        self.turns: tuple[Turn, ...] = tuple(turn for turns in terrain.kinds for turn in turns)
        self.kinds = [kind for kind, turns in enumerate(terrain.kinds) for _ in turns]
        self.now, self.kept, self.best = (self._nothing() for _ in range(3))
        self.notes = self._notes(seed)
        self.made = 0
        self._read(start)
        self.begin()

    @property
    def task_ore(self) -> float:
        """What the best plan's driving and hours cost by task."""
        rows = np.flatnonzero(self.best.length > 2)
        skipped = self.depot.skips[self.best.row_of < 0].sum()
        tasks = (self.best.length[rows] - 2).sum()
        return float((self.notes.figures[1] - skipped) / max(1, tasks))

    def begin(self) -> None:
        """Go on from the present plan as the best."""
        self.search(0, temperature=0.0)
        for here, there in zip(self.now, self.best, strict=True):
            there[...] = here
        self.notes.figures[1] = self.notes.figures[0]

    def search(self, steps: int, *, temperature: float) -> bool:
        """So many steps (``made``); whether there is a better plan now."""
        before, self.made = self.notes.figures[1], steps
        search(self.depot, self.now, self.kept, self.best, self.notes, STRENGTH, steps, temperature)
        return bool(self.notes.figures[1] != before)

    def rows(self, *, best: bool = False) -> tuple[Row, ...]:
        """The used rows of the best plan, or of the present one."""
        plan = self.best if best else self.now
        used = np.flatnonzero(plan.length > 2).tolist()
        return tuple((row, tuple(plan.nodes[row, 1 : plan.length[row] - 1].tolist())) for row in used)

    def trips(self, rows: Iterable[Row]) -> tuple[Trip, ...]:
        """All goods are loaded first, in the order in which they are delivered."""
        tasks = self.terrain.tasks
        return tuple(
            Trip(self.turns[row], (*(tasks[2 * n] for n in nodes), *(tasks[2 * n + 1] for n in nodes)))
            for row, nodes in rows
        )

    def _nothing(self) -> Rows:
        """Every row empty."""
        rows, shipments, start = len(self.turns), len(self.depot.skips), len(self.depot.skips)
        plan = Rows(
            nodes=np.zeros((rows, shipments + 2), np.int64),
            length=np.full(rows, 2, np.int64),
            kind=np.array(self.kinds, np.int64),
            takes=np.zeros(rows, np.int64),
            space=self.room[self.kinds].copy(),
            version=np.arange(1, rows + 2, dtype=np.int64),
            row_of=np.full(shipments, -1, np.int64),
        )
        plan.nodes[:, 0] = start
        plan.nodes[:, 1] = start + 1 + plan.kind
        plan.takes[:] = self.depot.seconds[plan.nodes[:, 0], plan.nodes[:, 1]]
        return plan

    def _notes(self, seed: int) -> Notes:
        rows, shipments = len(self.turns), len(self.depot.skips)
        return Notes(
            random=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
            blinks=np.array([100], np.int64),
            out=np.zeros(shipments, np.int64),
            keys=np.zeros(shipments, np.float64),
            is_touched=np.zeros(rows, np.bool_),
            touched=np.zeros(rows, np.int64),
            live=np.zeros(rows, np.int64),
            seen=np.zeros(len(self.terrain.kinds), np.int64),
            known=np.zeros((shipments, rows), np.int64),
            known_place=np.zeros((shipments, rows), np.int64),
            adds=np.zeros((shipments, rows), np.float64),
            figures=np.zeros(2, np.float64),
        )

    def _read(self, start: tuple[Trip, ...]) -> None:
        """Put the trips into rows; a row that may not be driven is left empty."""
        number = {task.shipment.id: node // 2 for node, task in enumerate(self.terrain.tasks)}
        row_of = {turn.key: row for row, turn in enumerate(self.turns)}
        for trip in start:
            row = row_of.get(trip.turn.key)
            delivered = [task.shipment.id for task in trip.tasks if not task.is_pickup]
            nodes = [number[name] for name in delivered if name in number]
            if row is not None and self._is_allowed(row, nodes):
                self._fill(row, nodes)

    def _is_allowed(self, row: int, nodes: list[int]) -> bool:
        kind, depot = self.kinds[row], self.depot
        is_new = all(depot.may[kind, node] and self.now.row_of[node] < 0 for node in nodes)
        fits = bool((depot.loads[nodes].sum(axis=0) <= self.room[kind]).all())
        return is_new and fits and self._seconds(row, nodes) <= depot.longest[kind]

    def _seconds(self, row: int, nodes: list[int]) -> int:
        way = [self.now.nodes[row, 0], *nodes, len(self.depot.skips) + 1 + self.kinds[row]]
        return int(self.depot.seconds[way[:-1], way[1:]].sum())

    def _fill(self, row: int, nodes: list[int]) -> None:
        plan, end = self.now, len(self.depot.skips) + 1 + self.kinds[row]
        plan.nodes[row, 1 : len(nodes) + 2] = [*nodes, end]
        plan.length[row] = len(nodes) + 2
        plan.takes[row] = self._seconds(row, nodes)
        plan.space[row] = self.room[self.kinds[row]] - self.depot.loads[nodes].sum(axis=0)
        plan.row_of[nodes] = row


def depot_of(ground: Ground) -> Depot:
    """The ground of a problem where ``ruin_ground.is_from_depot`` holds: deliveries, the first start, and each kind's end; hours in prices."""
    count, kinds = len(ground.skips), len(ground.rates)
    deliveries = np.arange(1, 2 * count, 2)
    nodes = np.array([*deliveries, 2 * count, *range(2 * count + kinds, 2 * count + 2 * kinds)])
    seconds = ground.seconds[0][np.ix_(nodes, nodes)]
    prices = ground.prices[0, 0][np.ix_(nodes, nodes)] + ground.rates[0, 0] * seconds
    start = 2 * count
    near = ground.near[1::2]
    return Depot(
        prices=np.concatenate([prices, prices.T]),
        seconds=np.concatenate([seconds, seconds.T]),
        longest=ground.closes[np.arange(kinds), start + kinds + np.arange(kinds)]
        - ground.opens[np.arange(kinds), start + np.arange(kinds)],
        loads=_padded(-ground.loads[deliveries]),
        may=ground.may,
        skips=ground.skips,
        near=np.array([row[row % 2 == 1] // 2 for row in near], np.int64).reshape(count, count),
        features=ground.features[:, :2].copy(),
    )


def _padded(amounts: Whole) -> Whole:
    """With a measure of nothing where no measure is limited."""
    return amounts if amounts.shape[1] else np.zeros((len(amounts), 1), np.int64)
