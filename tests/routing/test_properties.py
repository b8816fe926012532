"""Random small problems: the plan holds, is as cheap as trying everything, and does not mind the order of input."""

from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.check import violations
from routing.problem import Problem, Shipment, Stop, Vehicle, Window
from routing.schedule import schedule
from routing.solve import Limit, solve
from routing.trips import Task, Trip, places_of, turns_of

pytestmark = pytest.mark.slow

HOUR = 3600
DAY = 24 * HOUR
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

hours = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(
    lambda pair: Window(pair[0] * HOUR, (pair[0] + pair[1]) * HOUR)
)
openings = st.one_of(st.just(()), st.lists(hours, min_size=1, max_size=2).map(tuple))


@st.composite
def problems(draw, *, most_stops=6, most_shipments=6, most_vehicles=3) -> Problem:
    """Points in a square of 200 km, city-block distances (a true metric in integers), a kilometre a minute."""
    size = draw(st.integers(2, most_stops))
    points = draw(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=size, max_size=size))
    km = [[abs(ax - bx) + abs(ay - by) for bx, by in points] for ax, ay in points]
    stops = tuple(
        Stop(f"p{n}", f"P{n}", draw(openings), draw(st.sampled_from([0, 300]))) for n in range(size)
    )
    shipments = tuple(draw(shipment(n, size)) for n in range(draw(st.integers(1, most_shipments))))
    vehicles = tuple(draw(vehicle(n, size)) for n in range(draw(st.integers(1, most_vehicles))))
    metres = [[value * 1000 for value in row] for row in km]
    return Problem(stops, shipments, vehicles, metres, [[value * 60 for value in row] for row in km])


@st.composite
def shipment(draw, number: int, size: int) -> Shipment:
    origin, destination = draw(st.permutations(range(size)))[:2]
    return Shipment(
        f"s{number}",
        f"p{origin}",
        f"p{destination}",
        grams=draw(st.integers(0, 60)),
        crates=draw(st.integers(0, 5)),
        pickup_s=draw(st.sampled_from([0, 600])),
        delivery_s=draw(st.sampled_from([0, 600])),
        delivery_windows=draw(openings),
        skip_ore=draw(st.one_of(st.none(), st.integers(0, 500_000))),
    )


@st.composite
def vehicle(draw, number: int, size: int) -> Vehicle:
    days = draw(st.integers(1, 2))
    return Vehicle(
        f"v{number}",
        f"V{number}",
        "",
        start=f"p{draw(st.integers(0, size - 1))}",
        end=draw(st.one_of(st.none(), st.integers(0, size - 1).map("p{}".format))),
        capacity_grams=draw(st.integers(40, 150)),
        capacity_crates=draw(st.one_of(st.none(), st.integers(4, 12))),
        shifts=tuple(Window(day * DAY + 5 * HOUR, day * DAY + 17 * HOUR) for day in range(days)),
        fixed_ore_per_shift=draw(st.sampled_from([0, 50_000])),
        ore_per_km=draw(st.sampled_from([0, 2_500])),
        ore_per_hour=draw(st.sampled_from([0, 35_000])),
        co2e_g_per_km=250,
        max_drive_s=draw(st.sampled_from([None, 6 * HOUR])),
        break_s=draw(st.sampled_from([0, 2700])),
    )


@quick
@given(problems())
def test_every_plan_keeps_every_rule(problem):
    plan = solve(problem, limit=Limit(iterations=20))
    assert violations(problem, plan) == ()
    assert len(plan.served) + len(plan.unserved) == len(problem.shipments)


@quick
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_decides_nothing_about_the_rules(problem, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    rows = random.sample(range(len(problem.stops)), len(problem.stops))
    other = Problem(
        tuple(problem.stops[row] for row in rows),
        shuffled(problem.shipments),
        shuffled(problem.vehicles),
        problem.distance_m[rows][:, rows],
        problem.duration_s[rows][:, rows],
    )
    plan = solve(other, limit=Limit(iterations=20))
    assert {violation.code for violation in violations(problem, plan)} <= {"other_problem"}


def cheapest(problem: Problem) -> tuple[int, int]:
    """Mandatory shipments left out, then öre with skip prices: every assignment in every order."""
    places, turns = places_of(problem), turns_of(problem)
    routes = {(turn, group): best_route(turn, group, places) for turn in turns for group in groups(problem)}
    best = (len(problem.shipments) + 1, 0)
    for choice in product(range(-1, len(turns)), repeat=len(problem.shipments)):
        skipped = [s.skip_ore for s, turn in zip(problem.shipments, choice, strict=True) if turn < 0]
        money = sum(price or 0 for price in skipped)
        for number, turn in enumerate(turns):
            group = tuple(s for s, taken in zip(problem.shipments, choice, strict=True) if taken == number)
            cost = routes[turn, group] if group else 0
            if cost is None:
                break
            money += cost
        else:
            best = min(best, (skipped.count(None), money))
    return best


def groups(problem):
    for chosen in product((False, True), repeat=len(problem.shipments)):
        if any(chosen):
            yield tuple(s for s, taken in zip(problem.shipments, chosen, strict=True) if taken)


def best_route(turn, group, places):
    """Least öre over all orders of pickups and deliveries, capacities looked at after each step."""
    tasks = [Task(shipment, is_pickup=end) for shipment in group for end in (True, False)]
    costs = [
        route.cost_ore
        for order in permutations(tasks)
        if is_loadable(order, turn.vehicle)
        and (route := schedule(Trip(turn, order), places=places)) is not None
    ]
    return min(costs, default=None)


def is_loadable(order, vehicle):
    grams = crates = 0
    aboard = set()
    for task in order:
        if not task.is_pickup and task.shipment.id not in aboard:
            return False
        aboard.add(task.shipment.id)
        grams += task.sign * task.shipment.grams
        crates += task.sign * task.shipment.crates
        if grams > vehicle.capacity_grams or (
            vehicle.capacity_crates is not None and crates > vehicle.capacity_crates
        ):
            return False
    return True


@settings(quick, max_examples=25)
@given(problems(most_shipments=3, most_vehicles=1))
def test_small_problems_cost_what_trying_everything_costs(problem):
    plan = solve(problem, limit=Limit(iterations=150))
    mandatory = {shipment.id for shipment in problem.shipments if shipment.skip_ore is None}
    missing = sum(entry.shipment in mandatory for entry in plan.unserved)
    assert (missing, plan.totals.cost_ore + plan.totals.skip_ore) == cheapest(problem)


def value(problem: Problem) -> tuple[int, int]:
    """Mandatory shipments left out, and öre with skip prices, of a plan searched long enough to be the best."""
    plan = solve(problem, limit=Limit(iterations=150))
    mandatory = {shipment.id for shipment in problem.shipments if shipment.skip_ore is None}
    missing = sum(entry.shipment in mandatory for entry in plan.unserved)
    return missing, plan.totals.cost_ore + plan.totals.skip_ore


def later(windows: tuple[Window, ...], by_s: int) -> tuple[Window, ...]:
    return tuple(Window(window.start_s + by_s, window.end_s + by_s) for window in windows)


@settings(quick, max_examples=15)
@given(problems(most_shipments=3, most_vehicles=1), st.integers(2, 1000))
def test_other_units_and_another_origin_change_nothing(problem, factor):
    """Loads in units a factor smaller, the map moved, the horizon begun some days earlier: the same cost."""
    moved = replace(
        problem,
        stops=tuple(
            replace(stop, windows=later(stop.windows, 7 * DAY), lat=10.0, lon=factor / 100)
            for stop in problem.stops
        ),
        shipments=tuple(
            replace(s, grams=s.grams * factor, delivery_windows=later(s.delivery_windows, 7 * DAY))
            for s in problem.shipments
        ),
        vehicles=tuple(
            replace(v, capacity_grams=v.capacity_grams * factor, shifts=later(v.shifts, 7 * DAY))
            for v in problem.vehicles
        ),
    )
    assert value(moved) == value(problem)


@settings(quick, max_examples=15)
@given(problems(most_shipments=3, most_vehicles=1))
def test_dearer_by_a_factor_costs_so_much_more(problem):
    """Every price five times what it was: the same plan is best, at five times its price (rounded once a route)."""
    dearer = replace(
        problem,
        shipments=tuple(
            s if s.skip_ore is None else replace(s, skip_ore=5 * s.skip_ore) for s in problem.shipments
        ),
        vehicles=tuple(
            replace(
                v,
                fixed_ore_per_shift=5 * v.fixed_ore_per_shift,
                ore_per_km=5 * v.ore_per_km,
                ore_per_hour=5 * v.ore_per_hour,
            )
            for v in problem.vehicles
        ),
    )
    (missing, ore), (also_missing, five) = value(problem), value(dearer)
    assert missing == also_missing
    assert abs(five - 5 * ore) <= 3 * sum(len(v.shifts) for v in problem.vehicles)


@settings(quick, max_examples=15)
@given(problems(most_shipments=3, most_vehicles=1), vehicle(9, 2))
def test_one_more_vehicle_never_makes_the_best_plan_dearer(problem, another):
    more = replace(problem, vehicles=(*problem.vehicles, another))
    assert cheapest(more) <= cheapest(problem)
    assert value(more) <= value(problem)
