"""A fast price for a trip, in one pass over integers: thousands of routes are compared by it.

Exact for trips that need no break and meet one window per task and day; otherwise close: of several windows the
first that can be met is taken, and a break is paid in full and assumed to fit. So an estimate only sorts; whoever
chooses a trip by it asks ``feasible.route_of`` for the truth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from routing.carrying import hindrance, keeps_orders
from routing.costs import route_cost_ore
from routing.loading import capacities_of
from routing.opening import intersect, opening
from routing.problem import Problem, Vehicle, Window
from routing.trips import Part, Places, Task, Trip, Turn, places_of, turns_of

Order = tuple[int, ...]
"""A trip's tasks as numbers: 2 x the shipment's place in the problem, + 1 for its pickup."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A task for the pass: row of its stop, seconds and load."""

    row: int
    handling_s: int
    stop_s: int
    visit_ore: int
    grams: int
    crates: int
    pallets: int


class Estimator:
    """Prices of trips by turn class: turns that differ in nothing that costs or forbids share one.

    ``part``: only these turns and shipments; their orders are numbered by their places in the part.
    """

    def __init__(self, problem: Problem, *, part: Part | None = None, places: Places | None = None) -> None:
        self.problem = problem
        self.places: Places = places or places_of(problem)
        self.shipments = problem.shipments if part is None else part.shipments
        has_names = problem.balance.new_face_ore > 0
        turns = turns_of(problem) if part is None else part.turns
        self.classes = classes_of(turns, self.places, has_names=has_names)
        self.number = {shipment.id: number for number, shipment in enumerate(self.shipments)}
        self.class_of = {_name(turn): n for n, turns in enumerate(self.classes) for turn in turns}
        self.tasks = [Task(shipment, is_pickup=end) for shipment in self.shipments for end in (False, True)]
        self.numbers = [self._numbers_of(task) for task in self.tasks]
        # By class when first asked for: a large problem has many, and whoever looks at a part needs few.
        self._openings: dict[int, list[tuple[Window, ...]]] = {}
        self._carried: dict[int, frozenset[int]] = {}

    def order_of(self, trip: Trip) -> Order:
        return tuple(2 * self.number[task.shipment.id] + task.is_pickup for task in trip.tasks)

    def class_number(self, turn: Turn) -> int:
        return self.class_of[_name(turn)]

    def trip(self, kind: int, order: Iterable[int], *, nth: int = 0) -> Trip:
        """The order as a trip of the class's n-th turn."""
        return Trip(self.classes[kind][nth], tuple(self.tasks[task] for task in order))

    def trip_on(self, turn: Turn, order: Iterable[int]) -> Trip:
        return Trip(turn, tuple(self.tasks[task] for task in order))

    def cost(self, kind: int, order: Sequence[int]) -> int | None:
        """Öre, or None when loads or times do not fit (see the module on what is exact)."""
        figures = self.figures(kind, order)
        return None if figures is None else figures[0]

    def figures(self, kind: int, order: Sequence[int]) -> tuple[int, int] | None:
        """As ``cost``, with the route's seconds."""
        turn = self.classes[kind][0]
        if turn.key in self.places.stop_orders and not keeps_orders(
            turn, tuple(self.tasks[task] for task in order), self.places
        ):
            return None
        if not (self.carried(kind).issuperset(order) and self._is_loadable(turn.vehicle, order)):
            return None
        return self._timed(turn, self.openings(kind), order)

    def openings(self, kind: int) -> list[tuple[Window, ...]]:
        """By task, when it may start within the class's shift."""
        if kind not in self._openings:
            self._openings[kind] = self._openings_of(self.classes[kind][0])
        return self._openings[kind]

    def carried(self, kind: int) -> frozenset[int]:
        """The tasks whose goods the class may carry at all."""
        if kind not in self._carried:
            self._carried[kind] = self._carried_by(self.classes[kind][0])
        return self._carried[kind]

    def _numbers_of(self, task: Task) -> Numbers:
        shipment = task.shipment
        return Numbers(
            row=self.places.index[task.stop],
            handling_s=task.handling_s,
            stop_s=self.places.stops[task.stop].stop_s,
            visit_ore=self.places.stops[task.stop].visit_ore,
            grams=task.sign * shipment.grams,
            crates=task.sign * shipment.crates,
            pallets=task.sign * shipment.pallets,
        )

    def _carried_by(self, turn: Turn) -> frozenset[int]:
        allowed = [hindrance(turn, shipment, self.places) is None for shipment in self.shipments]
        return frozenset(task for task in range(2 * len(allowed)) if allowed[task // 2])

    def _openings_of(self, turn: Turn) -> list[tuple[Window, ...]]:
        return [
            intersect(
                intersect(opening(self.places.stops[task.stop].windows), opening(task.windows)),
                (Window(turn.window.start_s, turn.last_s),),
            )
            for task in self.tasks
        ]

    def _is_loadable(self, vehicle: Vehicle, order: Sequence[int]) -> bool:
        most_grams, most_crates, most_pallets = capacities_of(vehicle)
        grams = crates = pallets = 0
        for task in order:
            numbers = self.numbers[task]
            grams += numbers.grams
            crates += numbers.crates
            pallets += numbers.pallets
            if (
                (most_grams is not None and grams > most_grams)
                or (most_crates is not None and crates > most_crates)
                or (most_pallets is not None and pallets > most_pallets)
            ):
                return False
        return True

    def _timed(
        self, turn: Turn, openings: list[tuple[Window, ...]], order: Sequence[int]
    ) -> tuple[int, int] | None:
        """Elapsed time with the span of starts that keeps it least (Vidal and others 2013, segments).

        ``lag`` is driving and service since the last start of service.
        """
        vehicle, shift = turn.vehicle, turn.window
        metres, seconds = self.places.distance_m, self.places.duration_s
        row = self.places.index[vehicle.start]
        early, late = shift.start_s, turn.last_s
        elapsed = lag = distance = driven = visits_ore = 0
        previous: int | None = None
        for task in order:
            numbers = self.numbers[task]
            if previous is not None and self.numbers[previous].row == numbers.row:
                if openings[previous] == openings[task]:
                    lag += numbers.handling_s
                    previous = task
                    continue
            else:
                drive = seconds[row][numbers.row]
                lag += drive + (self.numbers[previous].stop_s if previous is not None else 0)
                driven += drive
                distance += metres[row][numbers.row]
                visits_ore += numbers.visit_ore
            window = _first(openings[task], early + elapsed + lag)
            if window is None:
                return None
            start_s, end_s = window.start_s - elapsed - lag, window.end_s - elapsed - lag
            waits = max(0, start_s - late)
            elapsed, early, late = elapsed + lag + waits, max(start_s, early) - waits, min(end_s, late)
            lag = numbers.handling_s
            previous, row = task, numbers.row
        if previous is not None:
            lag += self.numbers[previous].stop_s
        if vehicle.end is not None:
            home = self.places.index[vehicle.end]
            lag += seconds[row][home]
            driven += seconds[row][home]
            distance += metres[row][home]
        return self._priced(turn, early, elapsed + lag, distance, driven, visits_ore)

    def _priced(  # noqa: PLR0917 - the figures of one pass
        self, turn: Turn, early: int, elapsed: int, distance_m: int, driven_s: int, visits_ore: int
    ) -> tuple[int, int] | None:
        vehicle = turn.vehicle
        too_far = vehicle.max_drive_s is not None and driven_s > vehicle.max_drive_s
        if too_far or early + elapsed > turn.last_s:
            return None
        if vehicle.break_s and driven_s > vehicle.break_after_drive_s:
            elapsed += vehicle.break_s * ((driven_s - 1) // vehicle.break_after_drive_s)
        overtime_s = max(0, early + elapsed - turn.window.end_s)
        cost = route_cost_ore(
            vehicle, distance_m=distance_m, duration_s=elapsed, overtime_s=overtime_s, visits_ore=visits_ore
        )
        return cost, elapsed


def classes_of(
    turns: Iterable[Turn], places: Places, *, has_names: bool = False
) -> tuple[tuple[Turn, ...], ...]:
    """Turns grouped with those that are the same in all but the vehicle's id and name.

    Where a rule names a vehicle or a shift, each turn is a class of its own; so is a turn with an order or route of its own.
    ``has_names``: each is where it matters which vehicle comes.
    """
    has_names = has_names or bool(places.locks or places.bans or places.aboard or places.promises)
    groups: dict[tuple[Vehicle, Window, object], list[Turn]] = {}
    for turn in turns:
        alike = replace(turn.vehicle, id="", name="", shifts=())
        is_named = has_names or turn.key in places.stop_orders or turn.key in places.fixed
        name = turn.key if is_named else None
        groups.setdefault((alike, turn.window, name), []).append(turn)
    return tuple(tuple(group) for group in groups.values())


def _first(open_: tuple[Window, ...], second: int) -> Window | None:
    for window in open_:
        if second <= window.end_s:
            return window
    return None


def _name(turn: Turn) -> tuple[str, int]:
    return (turn.vehicle.id, turn.shift)
