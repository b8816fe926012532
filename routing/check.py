"""Is a plan true to its problem? Written from the definitions in problem.py and plan.py alone.

It shares no code with the planner: not its schedule, its costs or its sums. It recomputes every figure and names
every fault, so that a plan from anywhere (an engine, a file, a person) can be trusted once this finds nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from routing.check_balance import balance_faults
from routing.check_decisions import decision_faults, is_driven, turned_s
from routing.check_handover import handover_faults
from routing.check_sequences import missing_routes, sequence_faults
from routing.plan import Plan, Route, Visit
from routing.problem import Problem, Shipment, Stop, Temperature, Vehicle, Window

MEASURES = ("grams", "crates", "pallets")


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault: a stable code, where (a vehicle and shift, or a shipment), and what is wrong."""

    code: str
    where: str
    message: str


def violations(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every fault of the plan; empty when it is sound."""
    checker = _Checker(problem)
    found: list[Violation] = []
    for route in plan.routes:
        found.extend(checker.route(route))
    found.extend(checker.whole(plan))
    return tuple(found)


class _Checker:
    """The problem, looked up by id."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.stops: dict[str, Stop] = {stop.id: stop for stop in problem.stops}
        self.rows = {stop.id: row for row, stop in enumerate(problem.stops)}
        self.shipments: dict[str, Shipment] = {shipment.id: shipment for shipment in problem.shipments}
        self.vehicles: dict[str, Vehicle] = {vehicle.id: vehicle for vehicle in problem.vehicles}
        self.begun = {
            name for driven in problem.rules.driven for visit in driven.visits for name in visit.pickups
        }
        self.aboard = {entry.shipment: (entry.vehicle, entry.shift) for entry in problem.rules.on_board}

    # -- the plan as a whole ------------------------------------------------------------------------------

    def whole(self, plan: Plan) -> Iterator[Violation]:
        yield from self._identity(plan)
        yield from self._completeness(plan)
        yield from self._totals(plan)
        yield from (Violation(*fault) for fault in handover_faults(self.problem, plan))
        yield from (Violation(code, "plan", text) for code, text in balance_faults(self.problem, plan))
        turns = {(route.vehicle, route.shift) for route in plan.routes}
        for driven in self.problem.rules.driven:
            if (driven.vehicle, driven.shift) not in turns:
                where = f"{driven.vehicle}/{driven.shift}"
                yield Violation("driven_missing", where, "The route has begun; the plan has none.")
        for where, text in missing_routes(self.problem.rules, plan):
            yield Violation("fixed_missing", where, text)

    def _identity(self, plan: Plan) -> Iterator[Violation]:
        if plan.fingerprint and plan.fingerprint != self.problem.fingerprint():
            yield Violation(
                "other_problem", "plan", "The plan was made for another problem, or the input changed."
            )
        used = Counter((route.vehicle, route.shift) for route in plan.routes)
        for (vehicle, shift), count in used.items():
            if count > 1:
                yield Violation("turn_twice", f"{vehicle}/{shift}", f"The shift has {count} routes.")

    def _completeness(self, plan: Plan) -> Iterator[Violation]:
        visits = [visit for route in plan.routes for visit in route.visits]
        picked = Counter(name for visit in visits for name in visit.pickups)
        delivered = Counter(name for visit in visits for name in visit.deliveries)
        left_out = Counter(entry.shipment for entry in plan.unserved)
        for name in sorted(set(self.shipments) | set(picked) | set(delivered) | set(left_out)):
            counts = (picked[name], delivered[name], left_out[name])
            if name not in self.shipments:
                yield Violation("unknown_shipment", name, "The problem has no such shipment.")
            elif counts not in self._ways(name):
                text = "picked up {}, delivered {} and left out {} times".format(*counts)
                yield Violation("not_once", name, f"The shipment is {text}.")

    def _ways(self, name: str) -> set[tuple[int, int, int]]:
        """How often a shipment may be picked up, delivered and left out."""
        if name in self.aboard:
            return {(0, 1, 0), (0, 0, 1)}
        return {(1, 1, 0), (1, 0, 1) if name in self.begun else (0, 0, 1)}

    def _totals(self, plan: Plan) -> Iterator[Violation]:
        given = plan.totals
        for key in ("distance_m", "drive_s", "duration_s", "cost_ore", "co2e_g"):
            true = sum(getattr(route, key) for route in plan.routes)
            if getattr(given, key) != true:
                yield Violation(f"total_{key}", "plan", f"The sum is {true}, not {getattr(given, key)}.")
        if given.vehicles != len(plan.routes):
            yield Violation("total_vehicles", "plan", f"{len(plan.routes)} routes, not {given.vehicles}.")
        skipped = [self.shipments.get(entry.shipment) for entry in plan.unserved]
        price = sum(shipment.skip_ore or 0 for shipment in skipped if shipment is not None)
        if given.skip_ore != price:
            yield Violation("total_skip_ore", "plan", f"Leaving out costs {price}, not {given.skip_ore}.")

    # -- one route ----------------------------------------------------------------------------------------

    def route(self, route: Route) -> Iterator[Violation]:
        """Every fault within a route; faults of reference hide the rest, which would make no sense."""
        where = f"{route.vehicle}/{route.shift}"
        references = tuple(self._references(route))
        if references:
            yield from (Violation(code, where, text) for code, text in references)
            return
        vehicle = self.vehicles[route.vehicle]
        for faults in (
            self._ends(route, vehicle),
            self._order(route),
            self._clock(route),
            self._openings(route),
            self._loads(route, vehicle),
            self._compartments(route, vehicle),
            self._permissions(route, vehicle),
            decision_faults(self.problem.rules, route, self._aboard_at_start(route)),
            sequence_faults(self.problem.rules, route, self.shipments),
            self._breaks(route, vehicle),
            self._figures(route, vehicle),
        ):
            yield from (Violation(code, where, text) for code, text in faults)

    def _references(self, route: Route) -> Iterator[tuple[str, str]]:
        vehicle = self.vehicles.get(route.vehicle)
        if vehicle is None:
            yield "unknown_vehicle", f"The problem has no vehicle {route.vehicle!r}."
        elif not 0 <= route.shift < len(vehicle.shifts):
            yield "unknown_shift", f"The vehicle has no shift number {route.shift}."
        if not route.visits:
            yield "no_visits", "A route needs at least its start."
        for visit in route.visits:
            if visit.stop not in self.stops:
                yield "unknown_stop", f"The problem has no stop {visit.stop!r}."
            for name in (*visit.pickups, *visit.deliveries):
                if name not in self.shipments:
                    yield "unknown_shipment", f"The problem has no shipment {name!r}."

    def _ends(self, route: Route, vehicle: Vehicle) -> Iterator[tuple[str, str]]:
        first, last = route.visits[0], route.visits[-1]
        shift = vehicle.shifts[route.shift]
        if first.stop != vehicle.start:
            yield "wrong_start", f"It starts at {first.stop!r}, not at {vehicle.start!r}."
        if vehicle.end is not None and last.stop != vehicle.end:
            yield "wrong_end", f"It ends at {last.stop!r}, not at {vehicle.end!r}."
        if _handles(first):
            yield (
                "work_at_start",
                "The first visit is where the route begins; work there is a visit of its own.",
            )
        if first.departure_s > shift.end_s:
            yield "leaves_late", f"It leaves at {first.departure_s}, after the shift's {shift.end_s}."
        if first.departure_s < shift.start_s:
            yield "before_shift", f"It leaves at {first.departure_s}, before the shift's {shift.start_s}."
        if last.departure_s > shift.end_s + vehicle.overtime_s:
            yield "after_shift", f"It ends at {last.departure_s}, after the shift's {shift.end_s}."

    def _order(self, route: Route) -> Iterator[tuple[str, str]]:
        from_start = self._aboard_at_start(route)
        on_board = set(from_start)
        for visit in route.visits:
            for name in visit.deliveries:
                if self.shipments[name].delivery != visit.stop:
                    yield "wrong_place", f"{name!r} is delivered at {visit.stop!r}."
                if name not in on_board:
                    yield "not_on_board", f"{name!r} is delivered before it was picked up."
                on_board.discard(name)
            for name in visit.pickups:
                if self.shipments[name].pickup != visit.stop:
                    yield "wrong_place", f"{name!r} is picked up at {visit.stop!r}."
                on_board.add(name)
        for name in sorted(on_board.difference(from_start, self.begun)):
            yield "still_on_board", f"{name!r} is never delivered on this route."

    def _clock(self, route: Route) -> Iterator[tuple[str, str]]:
        for number, visit in enumerate(route.visits):
            following = route.visits[number + 1] if number + 1 < len(route.visits) else None
            following = None if turned_s(self.problem.rules, route, visit) else following
            if visit.start_s < visit.arrival_s:
                yield "starts_early", f"Service at {visit.stop!r} starts before the vehicle arrives."
            if visit.departure_s != visit.start_s + self._service_s(visit, following):
                needed = self._service_s(visit, following)
                yield "service_time", f"Service at {visit.stop!r} takes {needed} s, from start to departure."
        for before, after in pairwise(route.visits):
            left_s = self._left_s(route, before)
            rests = sum(_overlap(rest, left_s, after.arrival_s) for rest in route.breaks)
            expected = left_s + self._seconds(before, after) + rests
            if after.arrival_s != expected:
                yield "arrival", f"It reaches {after.stop!r} at {expected}, not at {after.arrival_s}."

    def _service_s(self, visit: Visit, following: Visit | None) -> int:
        handling = sum(self.shipments[name].pickup_s for name in visit.pickups)
        handling += sum(self.shipments[name].delivery_s for name in visit.deliveries)
        works_on = following is not None and following.stop == visit.stop and _handles(following)
        return handling + (self.stops[visit.stop].stop_s if _handles(visit) and not works_on else 0)

    def _openings(self, route: Route) -> Iterator[tuple[str, str]]:
        for visit in route.visits:
            if not _handles(visit) or is_driven(self.problem.rules, route, visit):
                continue
            if not _is_open(self.stops[visit.stop].windows, visit.start_s):
                yield "stop_closed", f"{visit.stop!r} is closed at {visit.start_s}."
            for name in visit.pickups:
                if not _is_open(self.shipments[name].pickup_windows, visit.start_s):
                    yield "pickup_closed", f"{name!r} cannot be picked up at {visit.start_s}."
            for name in visit.deliveries:
                if not _is_open(self.shipments[name].delivery_windows, visit.start_s):
                    yield "delivery_closed", f"{name!r} cannot be delivered at {visit.start_s}."

    def _loads(self, route: Route, vehicle: Vehicle) -> Iterator[tuple[str, str]]:
        loaded = [self.shipments[name] for name in self._aboard_at_start(route)]
        grams = sum(shipment.grams for shipment in loaded)
        crates = sum(shipment.crates for shipment in loaded)
        pallets = sum(shipment.pallets for shipment in loaded)
        for visit in route.visits:
            grams -= sum(self.shipments[name].grams for name in visit.deliveries)
            crates -= sum(self.shipments[name].crates for name in visit.deliveries)
            grams += sum(self.shipments[name].grams for name in visit.pickups)
            crates += sum(self.shipments[name].crates for name in visit.pickups)
            pallets -= sum(self.shipments[name].pallets for name in visit.deliveries)
            pallets += sum(self.shipments[name].pallets for name in visit.pickups)
            if visit.load_grams_after != grams:
                yield "load", f"{grams} g are on board after {visit.stop!r}, not {visit.load_grams_after}."
            if grams > vehicle.capacity_grams:
                yield "overweight", f"{grams} g are on board after {visit.stop!r}."
            if vehicle.capacity_crates is not None and crates > vehicle.capacity_crates:
                yield "too_many_crates", f"{crates} crates are on board after {visit.stop!r}."
            if vehicle.capacity_pallets is not None and pallets > vehicle.capacity_pallets:
                yield "too_many_pallets", f"{pallets} pallet places are taken after {visit.stop!r}."

    def _compartments(self, route: Route, vehicle: Vehicle) -> Iterator[tuple[str, str]]:
        """Every set of classes against the compartments that admit any of them, after each visit."""
        if not vehicle.compartments:
            return
        on_board: Counter[tuple[Temperature, str]] = Counter()
        loaded: tuple[str, ...] = tuple(self._aboard_at_start(route))
        for visit in route.visits:
            loads, loaded = ((loaded, 1), (visit.deliveries, -1), (visit.pickups, 1)), ()
            for names, sign in loads:
                for shipment in (self.shipments[name] for name in names):
                    if not any(shipment.temperature in part.admits for part in vehicle.compartments):
                        yield "no_compartment", f"No compartment admits {shipment.id!r}."
                    for measure in MEASURES:
                        on_board[shipment.temperature, measure] += sign * getattr(shipment, measure)
            for classes, measure in product(_sets_of(Temperature), MEASURES):
                parts = [part for part in vehicle.compartments if set(part.admits) & classes]
                rooms = [getattr(part, f"capacity_{measure}") for part in parts]
                load = sum(on_board[temperature, measure] for temperature in classes)
                if parts and None not in rooms and load > sum(rooms):
                    text = f"{load} {measure} of {'+'.join(sorted(classes))} after {visit.stop!r}"
                    yield "compartment_full", f"{text}: the compartments hold {sum(rooms)}."

    def _permissions(self, route: Route, vehicle: Vehicle) -> Iterator[tuple[str, str]]:
        """What the vehicle may not do, whatever the time: missing skills, forbidden places, others' goods."""
        for visit in route.visits:
            if not _handles(visit) or is_driven(self.problem.rules, route, visit):
                continue
            if visit.stop in vehicle.forbidden_stops:
                yield "forbidden_stop", f"The vehicle may not go to {visit.stop!r}."
            if lacking := set(self.stops[visit.stop].needs) - set(vehicle.skills):
                yield "skill_missing", f"{visit.stop!r} needs {sorted(lacking)}."
            for name in (*visit.pickups, *visit.deliveries):
                shipment = self.shipments[name]
                if lacking := set(shipment.needs) - set(vehicle.skills):
                    yield "skill_missing", f"{name!r} needs {sorted(lacking)}."
                if vehicle.carries_for and shipment.owner not in vehicle.carries_for:
                    yield "others_goods", f"The vehicle does not carry goods of {shipment.owner!r}: {name!r}."

    def _left_s(self, route: Route, visit: Visit) -> int:
        """When what follows the visit is driven to."""
        turned = turned_s(self.problem.rules, route, visit)
        return max(visit.departure_s, turned) if turned else visit.departure_s

    def _aboard_at_start(self, route: Route) -> list[str]:
        """What the vehicle has on board when this shift begins, delivered on this route or not."""
        return [name for name, turn in self.aboard.items() if turn == (route.vehicle, route.shift)]

    def _breaks(self, route: Route, vehicle: Vehicle) -> Iterator[tuple[str, str]]:
        first_s, last_s = route.visits[0].departure_s, route.visits[-1].departure_s
        for rest in route.breaks:
            if rest.end_s - rest.start_s < vehicle.break_s:
                yield (
                    "short_break",
                    f"A break takes {vehicle.break_s} s; this one {rest.end_s - rest.start_s}.",
                )
            if rest.start_s < first_s or rest.end_s > last_s:
                yield "break_outside", "A break lies outside the route."
            for visit in route.visits:
                if _overlap(rest, visit.start_s, visit.departure_s):
                    yield "break_in_service", f"A break lies in the service at {visit.stop!r}."
        for before, after in pairwise(route.breaks):
            if after.start_s < before.end_s:
                yield "breaks_overlap", "Two breaks overlap, or are not in order."
        if vehicle.break_s and self._longest_drive(route) > vehicle.break_after_drive_s:
            yield "no_break", f"More than {vehicle.break_after_drive_s} s are driven without a break."

    def _longest_drive(self, route: Route) -> int:
        """Most seconds driven between two breaks. On a leg the vehicle drives whenever no break is on."""
        longest = driven = 0
        for before, after in pairwise(route.visits):
            now_s = self._left_s(route, before)
            for rest in route.breaks:
                if before.departure_s <= rest.start_s <= after.start_s:
                    longest = max(longest, driven + max(0, min(rest.start_s, after.arrival_s) - now_s))
                    driven, now_s = 0, rest.end_s
            driven += max(0, after.arrival_s - now_s)
            longest = max(longest, driven)
        return longest

    def _figures(self, route: Route, vehicle: Vehicle) -> Iterator[tuple[str, str]]:
        metres = sum(self._metres(a, b) for a, b in pairwise(route.visits))
        drive_s = sum(self._seconds(a, b) for a, b in pairwise(route.visits))
        duration_s = route.visits[-1].departure_s - route.visits[0].departure_s
        after_s = route.visits[-1].departure_s - vehicle.shifts[route.shift].end_s
        overtime_s = min(max(0, after_s), vehicle.overtime_s)
        money = vehicle.ore_per_km * metres / 1000 + vehicle.ore_per_hour * (duration_s - overtime_s) / 3600
        money += (
            vehicle.overtime_ore_per_hour * overtime_s / 3600
            + self._stays_ore(route)
            + self._broken_ore(route)
        )
        true = {
            "distance_m": (metres, 0.0),
            "drive_s": (drive_s, 0.0),
            "duration_s": (duration_s, 0.0),
            "break_s": (sum(rest.end_s - rest.start_s for rest in route.breaks), 0.0),
            "cost_ore": (vehicle.fixed_ore_per_shift + money, 0.51),
            "co2e_g": (vehicle.co2e_g_per_km * metres / 1000, 0.51),
        }
        for key, (value, tolerance) in true.items():
            if abs(getattr(route, key) - value) > tolerance:
                yield f"figure_{key}", f"{key} is {value}, not {getattr(route, key)}."
        if vehicle.max_drive_s is not None and drive_s > vehicle.max_drive_s:
            yield "drives_too_long", f"{drive_s} s are driven; the limit is {vehicle.max_drive_s}."
        if vehicle.max_distance_m is not None and metres > vehicle.max_distance_m:
            yield "drives_too_far", f"{metres} m are driven; the limit is {vehicle.max_distance_m}."

    def _stays_ore(self, route: Route) -> int:
        """The visit price of every stop where work is done, again whenever the vehicle comes back to it."""
        price, here = 0, None
        for visit in route.visits:
            if _handles(visit):
                price += self.stops[visit.stop].visit_ore if visit.stop != here else 0
                here = None if turned_s(self.problem.rules, route, visit) else visit.stop
        return price

    def _broken_ore(self, route: Route) -> int:
        """The price of each promise about what is delivered here that the route does not keep."""
        starts = {name: visit.start_s for visit in route.visits for name in visit.deliveries}
        price = 0
        for promise in self.problem.rules.promises:
            if promise.shipment not in starts:
                continue
            window = promise.window
            in_time = window is None or window.start_s <= starts[promise.shipment] <= window.end_s
            by_whom = promise.vehicle in {None, route.vehicle} and promise.shift in {None, route.shift}
            price += 0 if in_time and by_whom else promise.ore
        return price

    def _metres(self, origin: Visit, destination: Visit) -> int:
        return int(self.problem.distance_m[self.rows[origin.stop], self.rows[destination.stop]])

    def _seconds(self, origin: Visit, destination: Visit) -> int:
        return int(self.problem.duration_s[self.rows[origin.stop], self.rows[destination.stop]])


def _handles(visit: Visit) -> bool:
    return bool(visit.pickups or visit.deliveries)


def _sets_of(classes: Iterable[Temperature]) -> list[frozenset[Temperature]]:
    """Every set of one or more of the classes."""
    known = list(classes)
    sizes = range(1, len(known) + 1)
    return [frozenset(chosen) for size in sizes for chosen in combinations(known, size)]


def _is_open(windows: tuple[Window, ...], second: int) -> bool:
    return not windows or any(window.start_s <= second <= window.end_s for window in windows)


def _overlap(rest: Window, start_s: int, end_s: int) -> int:
    return max(0, min(rest.end_s, end_s) - max(rest.start_s, start_s))
