"""The VROOM engine: a good plan in a fraction of a second.

It knows places, every dimension of load, compartments among them, several windows, shifts, who may carry what, and all prices except that
of waiting. The stop time is VROOM's setup time, paid where the stop changes: before the handling instead of
after it, which is never too hopeful. It serves all it can; what costs more than its price for leaving it out is
dropped afterwards. Of rests it knows nothing, but that a driver who needs one for a shipment alone may be unfit for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from routing.engines.dropping import cheaper_without
from routing.engines.ortools_engine import job_of
from routing.engines.ortools_model import Job, loads_at_start
from routing.engines.protocol import Found, Limit, Reporter
from routing.load_limits import load_limits
from routing.opening import intersect, opening
from routing.problem import Problem, Shipment, Vehicle
from routing.trips import Task, Trip, Turn

REPEATABLE, QUICK, THOROUGH = 0, 1, 5
"""VROOM's exploration levels, 0 to 5. From 1 on ties between its inner searches fall as they come (its issue 1276)."""
MANDATORY = 100
MOST_SEARCHES = 32
"""VROOM's inner searches share a semaphore of libstdc++, which can miss a wake-up when one has to wait (GCC bug 98033; PyTorch's
pull request 177884 tells how), so none has to; a large problem's would take too much memory side by side, so there they take turns."""
MANY_SHIPMENTS = 400
PROFILE = "road"
LARGEST_PRICE = 2**31 - 1
"""VROOM counts its prices in 32 bits; larger ones are all told in a coarser unit."""


@dataclass(frozen=True, slots=True)
class Vroom:
    """VROOM's own search; ``exploration`` from QUICK to THOROUGH."""

    exploration: int = THOROUGH
    name: str = "vroom"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        """VROOM knows no seed and counts no iterations: where they are counted it takes the one way that is repeatable."""
        del seed, report
        job = job_of(problem)
        if not job.shipments:
            return Found()
        trips = trips_for(job, exploration=self.exploration, limit=limit)
        return Found(cheaper_without(trips, job.places), trips)


def trips_for(job: Job, *, exploration: int, limit: Limit) -> tuple[Trip, ...]:
    """VROOM's plan for a job, before what does not pay is dropped; repeatable where iterations are counted."""
    return _Model(job).solve(exploration if limit.iterations is None else REPEATABLE, limit)


class _Model:
    """A job as VROOM's input. Tasks have numbers: 2 x the shipment's place, + 1 for its pickup."""

    def __init__(self, job: Job) -> None:
        import vroom

        self.job = job
        self.input = vroom.Input()
        self.row = {stop: number for number, stop in enumerate(_stops_of(job))}
        rows = [job.places.index[stop] for stop in self.row]
        self.input.set_durations_matrix(PROFILE, _part_of(job.places.duration_s, rows))
        self.input.set_distances_matrix(PROFILE, _part_of(job.places.distance_m, rows))
        self.limits = load_limits(job.shipments, [turn.vehicle for turn in job.turns])
        self.carriers = {s.id: {turn.key for turn in job.fittings[s.id].turns} for s in job.shipments}
        self.few = {
            s.id: number
            for number, s in enumerate(job.shipments)
            if len(self.carriers[s.id]) < len(job.turns)
        }
        self.unit = _unit_of([turn.vehicle for turn in job.turns])
        for number, turn in enumerate(job.turns):
            self.input.add_vehicle(self._vehicle(number, turn))
        for number, shipment in enumerate(job.shipments):
            self.input.add_job(self._job(number, shipment))

    def solve(self, exploration: int, limit: Limit) -> tuple[Trip, ...]:
        timeout = None if limit.seconds is None else timedelta(seconds=limit.seconds)
        threads = MOST_SEARCHES if len(self.job.shipments) <= MANY_SHIPMENTS else 1
        solution = self.input.solve(exploration_level=exploration, nb_threads=threads, timeout=timeout)
        return tuple(self._trips(solution))

    def _vehicle(self, number: int, turn: Turn) -> Any:
        import vroom

        vehicle = turn.vehicle
        can_carry = {
            self.few[s.id] for s in self.job.shipments if s.id in self.few and self._carries(turn, s)
        }
        return vroom.Vehicle(
            number,
            start=self.row[vehicle.start],
            end=None if vehicle.end is None else self.row[vehicle.end],
            profile=PROFILE,
            capacity=[min(limit.most[number], sum(limit.amounts)) for limit in self.limits],
            skills=can_carry,
            time_window=vroom.TimeWindow(turn.window.start_s, turn.last_s),
            costs=self._costs(vehicle),
            **({} if vehicle.max_drive_s is None else {"max_travel_time": vehicle.max_drive_s}),
        )

    def _costs(self, vehicle: Vehicle) -> Any:
        import vroom

        per_hour, per_km = vehicle.ore_per_hour // self.unit, vehicle.ore_per_km // self.unit
        return vroom.VehicleCosts(
            fixed=vehicle.fixed_ore_per_shift // self.unit,
            per_hour=per_hour or (0 if per_km else 1),
            per_km=per_km,
        )

    def _carries(self, turn: Turn, shipment: Shipment) -> bool:
        return turn.key in self.carriers[shipment.id]

    def _job(self, number: int, shipment: Shipment) -> Any:
        import vroom

        common: dict[str, Any] = {
            "skills": {self.few[shipment.id]} if shipment.id in self.few else set(),
            "priority": MANDATORY if shipment.skip_ore is None else 1,
        }
        amount = [limit.amount_of(shipment) for limit in self.limits]
        if loads_at_start(shipment, self.job):
            step = self._step(2 * number, Task(shipment, is_pickup=False))
            return vroom.Job(delivery=amount, **step, **common)
        ends = [
            vroom.ShipmentStep(**self._step(2 * number + end, Task(shipment, is_pickup=bool(end))))
            for end in (1, 0)
        ]
        return vroom.Shipment(ends[0], ends[1], amount=amount, **common)

    def _step(self, number: int, task: Task) -> dict[str, Any]:
        import vroom

        open_ = intersect(opening(self.job.places.stops[task.stop].windows), opening(task.windows))
        return {
            "id": number,
            "location": self.row[task.stop],
            "default_setup": self.job.places.stops[task.stop].stop_s,
            "default_service": task.handling_s,
            "time_windows": [vroom.TimeWindow(window.start_s, window.end_s) for window in open_],
        }

    def _trips(self, solution: Any) -> Iterator[Trip]:
        rows = solution._routes_numpy()  # noqa: SLF001 - the public table goes through pandas, far slower
        orders: dict[int, list[Task]] = {}
        ends = {"job", "pickup", "delivery"}
        for row in rows:
            kind = row["type"].decode() if isinstance(row["type"], bytes) else str(row["type"])
            if kind in ends:
                number = int(row["id"])
                task = Task(self.job.shipments[number // 2], is_pickup=bool(number % 2))
                orders.setdefault(int(row["vehicle_id"]), []).append(task)
        for number, tasks in orders.items():
            collected = {task.shipment.id for task in tasks if task.is_pickup}
            loaded = [Task(t.shipment, is_pickup=True) for t in tasks if t.shipment.id not in collected]
            yield Trip(self.job.turns[number], (*loaded, *tasks))


def _stops_of(job: Job) -> tuple[str, ...]:
    """The stops that matter here: where the turns start and end, and where the goods come from and go to."""
    terminals = [stop for turn in job.turns for stop in (turn.vehicle.start, turn.vehicle.end)]
    ends = [stop for shipment in job.shipments for stop in (shipment.pickup, shipment.delivery)]
    return tuple(dict.fromkeys(stop for stop in (*terminals, *ends) if stop is not None))


def _unit_of(vehicles: list[Vehicle]) -> int:
    """How many öre VROOM's unit of money is: 1 unless some price is too large for it."""
    prices = [p for v in vehicles for p in (v.fixed_ore_per_shift, v.ore_per_hour, v.ore_per_km)]
    return 1 + max(prices, default=0) // LARGEST_PRICE


def _part_of(matrix: list[list[int]], rows: list[int]) -> list[list[int]]:
    return [[line[column] for column in rows] for line in (matrix[row] for row in rows)]
