"""The loads that engines and the bound keep an eye on: as few as can be, and enough."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from routing_strategies import rooms

from routing.engines.judge import Judge
from routing.engines.protocol import Limit
from routing.engines.pyvrp_engine import PyVrp
from routing.engines.vroom_engine import Vroom
from routing.load_limits import load_limits
from routing.loading import fits
from routing.problem import Compartment, Shipment, Temperature, Window
from routing.trips import Task

DRY, CHILLED, FROZEN = Temperature
WALLS = (
    Compartment((DRY,), capacity_crates=30),
    Compartment((DRY, CHILLED), capacity_crates=50),
    Compartment((FROZEN,), capacity_crates=20),
)


def crates(count, temperature=DRY, kg_per_crate=12):
    return Shipment(
        f"{temperature}{count}", "farm", "school", count * kg_per_crate * 1000, count, temperature=temperature
    )


def told(goods, vehicles):
    return {limit.name: limit.most for limit in load_limits(goods, vehicles)}


def test_of_three_compartments_three_loads_are_told(van):
    """Dry goods alone follow from dry and chilled together, all goods from those and the frozen ones, kilograms from crates."""
    loaded = van(capacity_grams=1_200_000, capacity_crates=100, compartments=WALLS)
    goods = [crates(60, kind) for kind in Temperature]
    assert told(goods, [loaded]) == {
        "crates chilled": (50,),
        "crates frozen": (20,),
        "crates ambient+chilled": (80,),
    }


def test_what_all_goods_together_are_within_is_not_told(van):
    loaded = van(capacity_grams=1_200_000, capacity_crates=100, compartments=WALLS)
    assert told([crates(20, FROZEN), crates(50, CHILLED), crates(30)], [loaded]) == {}


def test_a_limit_that_binds_one_vehicle_only_is_told(van):
    """The light van's kilograms say what its crates do not; the other's would follow."""
    light = van("light", capacity_grams=600_000, capacity_crates=100)
    strong = van("strong", capacity_grams=1_300_000, capacity_crates=100)
    assert set(told([crates(60), crates(50)], [strong])) == {"crates"}
    assert set(told([crates(60), crates(50)], [strong, light])) == {"grams", "crates"}


goods_lists = st.lists(
    st.builds(
        crates,
        st.integers(0, 4),
        st.sampled_from(Temperature),
        st.integers(0, 12),
    ),
    max_size=6,
).map(lambda found: [replace(shipment, id=f"s{number}") for number, shipment in enumerate(found)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    goods=goods_lists,
    walls=st.lists(st.lists(rooms, max_size=3).map(tuple), min_size=1, max_size=2),
    data=st.data(),
)
def test_goods_within_the_told_limits_are_within_all(van, goods, walls, data):
    """Whatever is on board of whatever vehicle, as compared with the rule itself."""
    vehicles = [
        van(
            f"v{number}",
            compartments=parts,
            capacity_grams=data.draw(st.integers(0, 200)) * 1000,
            capacity_crates=data.draw(st.one_of(st.none(), st.integers(0, 12))),
        )
        for number, parts in enumerate(walls)
    ]
    limits = load_limits(goods, vehicles)
    for size in range(len(goods) + 1):
        for some in combinations(goods, size):
            for number, vehicle in enumerate(vehicles):
                is_within = all(
                    sum(limit.amount_of(shipment) for shipment in some) <= limit.most[number]
                    for limit in limits
                )
                assert is_within == fits(tuple(Task(shipment, is_pickup=True) for shipment in some), vehicle)


@pytest.mark.parametrize("engine", [Vroom(), PyVrp()], ids=lambda engine: engine.name)
def test_an_engine_by_itself_keeps_to_the_compartments(on_a_line, stop, van, engine):
    """One van would be cheaper, but its chilled part holds half the milk; nothing is left for repairing."""
    briefly = (Window(7 * 3600, 7 * 3600 + 1800),)
    stops = [stop("home", 50), stop("farm", 40), stop("school", 70, windows=briefly)]
    milk = [replace(crates(30, CHILLED), id=name) for name in ("milk", "cream")]
    problem = on_a_line(
        stops, [*milk, crates(10)], [van(name, compartments=WALLS) for name in ("one", "two")]
    )
    trips = engine.search(problem, limit=Limit(iterations=50), seed=0, report=None).trips
    judge = Judge(problem)
    assert judge.sound(trips) == trips
    assert len(trips) == 2
    assert judge.price(trips)[0] == 0
