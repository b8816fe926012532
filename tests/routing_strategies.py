"""Random small problems with every kind of rule in them, for Hypothesis."""

from dataclasses import replace

from hypothesis import strategies as st

from routing.balance import NO_BALANCE, Balance, Guarantee
from routing.fixed_routes import fixed_trips
from routing.loading import can_lift
from routing.problem import (
    Apart,
    Ban,
    Compartment,
    InvalidProblem,
    Lock,
    OnBoard,
    Problem,
    Promise,
    Rules,
    Shipment,
    Stop,
    Temperature,
    Vehicle,
    Weights,
    Window,
)
from routing.sequences import FixedRoute, FixedTask, StopOrder
from routing.trips import turns_of

HOUR = 3600
DAY = 24 * HOUR

skills = st.lists(st.sampled_from(["lift", "ferry"]), max_size=2, unique=True).map(tuple)
rarely_needed = st.one_of(st.just(()), st.just(()), st.just(()), skills)
openings = st.one_of(
    st.just(()),
    st.tuples(st.integers(0, 30), st.integers(2, 12)).map(
        lambda pair: (Window(pair[0] * HOUR, (pair[0] + pair[1]) * HOUR),)
    ),
)
maybe = st.booleans()


@st.composite
def ruled_problems(draw, *, most_shipments=5, most_vehicles=2, has_windows=True, has_parts=True) -> Problem:
    """Points in a square of 100 km, city-block distances, a kilometre a minute; rules of every kind, each rare.

    ``has_parts``: some shipments are taken apart, so that there are more than ``most_shipments``.
    """
    size = draw(st.integers(2, 5))
    points = draw(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=size, max_size=size))
    km = [[abs(ax - bx) + abs(ay - by) for bx, by in points] for ax, ay in points]
    hours = openings if has_windows else st.just(())
    stops = tuple(draw(_stop(number, hours)) for number in range(size))
    shipments = tuple(
        draw(_shipment(number, size, hours, has_parts))
        for number in range(draw(st.integers(1, most_shipments)))
    )
    if has_windows:
        shipments = draw(_handed_over(shipments))
    vehicles = tuple(draw(_vehicle(number, size)) for number in range(draw(st.integers(1, most_vehicles))))
    problem = Problem(
        stops,
        shipments,
        vehicles,
        [[value * 1000 for value in row] for row in km],
        [[value * 60 for value in row] for row in km],
        rules=draw(_rules(shipments, vehicles, hours, stops)),
        balance=draw(st.one_of(st.just(NO_BALANCE), st.just(NO_BALANCE), balances(vehicles))),
        weights=draw(
            st.sampled_from(
                [
                    Weights(),
                    Weights(),
                    Weights(ore_per_km=300),
                    Weights(ore_per_kg_co2e=777),
                    Weights(vehicles_first=True),
                ]
            )
        ),
    )
    return draw(_with_fixed(problem)) if draw(st.integers(0, 4)) == 0 else problem


@st.composite
def _with_fixed(draw, problem) -> Problem:
    """One turn's route fixed, with one or two shipments or with none, if it can be driven."""
    turn = draw(st.sampled_from(turns_of(problem)))
    aboard = {entry.shipment for entry in problem.rules.on_board}
    names = [shipment.id for shipment in problem.shipments if shipment.id not in aboard]
    chosen = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
    tasks = [FixedTask(name, end) for end in (True, False) for name in chosen]
    fixed = FixedRoute(*turn.key, tuple(tasks))
    try:
        bound = replace(problem, rules=replace(problem.rules, fixed_routes=(fixed,)))
        fixed_trips(bound)
    except InvalidProblem:
        return problem
    return bound


@st.composite
def _stop(draw, number, hours) -> Stop:
    return Stop(
        f"p{number}",
        f"P{number}",
        draw(hours),
        draw(st.sampled_from([0, 300])),
        needs=draw(rarely_needed),
        visit_ore=draw(st.sampled_from([0, 0, 5_000])),
        transfer_s=draw(st.sampled_from([0, 0, 900])),
    )


@st.composite
def _shipment(draw, number, size, hours, has_parts) -> Shipment:
    origin, destination = draw(st.permutations(range(size)))[:2]
    return Shipment(
        f"s{number}",
        f"p{origin}",
        f"p{destination}",
        grams=draw(st.integers(0, 50)) * 1000,
        crates=draw(st.integers(0, 4)),
        pallets=draw(st.integers(0, 2)),
        pickup_s=draw(st.sampled_from([0, 600])),
        delivery_windows=draw(hours),
        skip_ore=draw(st.one_of(st.none(), st.integers(0, 500_000))),
        owner=draw(st.sampled_from(["Anna", "Bo"])),
        needs=draw(rarely_needed),
        temperature=draw(st.sampled_from(Temperature)),
        priority=draw(st.integers(0, 2)),
        parts=2 if has_parts and draw(st.integers(0, 9)) == 0 else 1,
    )


@st.composite
def _handed_over(draw, shipments) -> tuple[Shipment, ...]:
    """Rarely goods are passed on where others come in, are ready or due at some hour; chains there may be."""
    found = []
    for shipment in shipments:
        firsts = [other for other in found if other.delivery != shipment.delivery]
        changes: dict[str, object] = {}
        if firsts and draw(st.integers(0, 3)) == 0:
            first = draw(st.sampled_from(firsts))
            changes |= {"pickup": first.delivery, "after": (first.id,)}
        if draw(st.integers(0, 7)) == 0:
            changes["ready_s"] = draw(st.integers(0, 10)) * HOUR
        if draw(st.integers(0, 7)) == 0:
            changes["done_by_s"] = draw(st.integers(5, 34)) * HOUR
        found.append(replace(shipment, **changes))
    return tuple(found)


rooms = st.builds(
    Compartment,
    st.sets(st.sampled_from(Temperature), min_size=1).map(lambda classes: tuple(sorted(classes))),
    capacity_grams=st.one_of(st.none(), st.integers(20_000, 80_000)),
    capacity_crates=st.one_of(st.none(), st.integers(2, 6)),
    capacity_pallets=st.one_of(st.none(), st.integers(1, 3)),
)


@st.composite
def _vehicle(draw, number, size) -> Vehicle:
    days = draw(st.integers(1, 2))
    return Vehicle(
        f"v{number}",
        f"V{number}",
        draw(st.sampled_from(["Anna", "Bo"])),
        start=f"p{draw(st.integers(0, size - 1))}",
        end=draw(st.one_of(st.none(), st.integers(0, size - 1).map("p{}".format))),
        capacity_grams=200_000,
        capacity_crates=draw(st.one_of(st.none(), st.integers(10, 20))),
        shifts=tuple(Window(day * DAY + 6 * HOUR, day * DAY + 10 * HOUR) for day in range(days)),
        fixed_ore_per_shift=draw(st.sampled_from([0, 50_000])),
        ore_per_km=draw(st.sampled_from([0, 2_500])),
        ore_per_hour=35_000,
        co2e_g_per_km=250,
        max_drive_s=draw(st.sampled_from([None, 3 * HOUR])),
        capacity_pallets=draw(st.sampled_from([None, 10])),
        max_distance_m=draw(st.sampled_from([None, 150_000])),
        skills=draw(skills),
        forbidden_stops=(f"p{draw(st.integers(0, size - 1))}",) if draw(st.integers(0, 5)) == 0 else (),
        carries_for=("Anna",) if draw(st.integers(0, 5)) == 0 else (),
        compartments=draw(st.one_of(st.just(()), st.lists(rooms, max_size=2).map(tuple))),
        overtime_s=draw(st.sampled_from([0, 2 * HOUR])),
        overtime_ore_per_hour=70_000,
    )


@st.composite
def balances(draw, vehicles) -> Balance:
    """Prices of the plan as a whole; of the shares at most one, for the first vehicle's owner."""
    share = st.builds(
        Guarantee, st.just(vehicles[0].owner), st.integers(0, 100), st.sampled_from([0, 777, 5_000])
    )
    return Balance(
        peak_ore_per_hour=draw(st.sampled_from([0, 0, 30_000])),
        new_face_ore=draw(st.sampled_from([0, 0, 20_000])),
        guarantees=draw(st.one_of(st.just(()), st.tuples(share))),
    )


@st.composite
def _rules(draw, shipments, vehicles, hours, stops) -> Rules:
    """Each shipment is under one rule at most, so that none contradicts another; goods on board are light enough."""
    locks, bans, on_board = [], [], []
    for shipment in shipments:
        vehicle = draw(st.sampled_from(vehicles))
        match draw(st.integers(0, 9)):
            case 0:
                locks.append(Lock(shipment.id, vehicle.id))
            case 1:
                locks.append(Lock(shipment.id, shift=0))
            case 2:
                bans.append(Ban(shipment.id, vehicle.id))
            case 3 if not on_board and shipment.parts == 1 and can_lift(vehicle, shipment):
                on_board.append(
                    OnBoard(shipment.id, vehicle.id, draw(st.integers(0, len(vehicle.shifts) - 1)))
                )
    apart = (Apart(shipments[0].id, shipments[1].id),) if len(shipments) > 1 and draw(maybe) else ()
    promises = tuple(
        Promise(
            shipment.id,
            draw(st.sampled_from([1_000, 30_000])),
            vehicle=draw(st.sampled_from([None, vehicles[0].id])),
            window=next(iter(draw(hours)), None),
        )
        for shipment in shipments
        if draw(st.integers(0, 4)) == 0
    )
    orders = tuple(
        StopOrder(vehicle.id, 0, tuple(stop.id for stop in draw(st.permutations(stops))[:3]))
        for vehicle in vehicles
        if draw(st.integers(0, 3)) == 0
    )
    return Rules(tuple(locks), tuple(bans), apart, tuple(on_board), promises, stop_orders=orders)
