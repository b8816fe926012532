"""Small problems on a line: a stop's place is its kilometre, a kilometre takes a minute."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from routing_weeks import DAYS

from routing.bounds.ready import compile_all
from routing.plan import Plan
from routing.problem import Problem, Rules, Shipment, Stop, Vehicle, Window
from routing.solve import Limit, solve

sys.path.append(str(Path(__file__).parent))  # test modules share the random problems of test_properties

HOUR = 3600
MINUTE = 60


@pytest.fixture(scope="session")
def routes_compiled() -> None:
    """Where nothing is compiled yet, a bound under a limit would be a weaker one."""
    compile_all()


@pytest.fixture(scope="session")
def on_a_line() -> Callable[..., Problem]:
    """Builds a Problem from stops (with lat as kilometre), shipments and vehicles."""

    def build(
        stops: Sequence[Stop], shipments: Sequence[Shipment], vehicles: Sequence[Vehicle], name: str = ""
    ) -> Problem:
        kilometres = [[round(abs((a.lat or 0) - (b.lat or 0))) for b in stops] for a in stops]
        return Problem(
            tuple(stops),
            tuple(shipments),
            tuple(vehicles),
            [[km * 1000 for km in row] for row in kilometres],
            [[km * MINUTE for km in row] for row in kilometres],
            name=name,
        )

    return build


@pytest.fixture(scope="session")
def stop() -> Callable[..., Stop]:
    def build(name: str, kilometre: int, **more: object) -> Stop:
        return Stop(name, name.title(), lat=float(kilometre), lon=17.0, **more)

    return build


@pytest.fixture(scope="session")
def van() -> Callable[..., Vehicle]:
    """A van at ``home`` for one shift from 6 to 16, 25 kr/km and 350 kr/h."""

    def build(name: str = "van", **more: object) -> Vehicle:
        values: dict[str, object] = dict(
            owner="municipality",
            start="home",
            end="home",
            capacity_grams=1_000_000,
            capacity_crates=None,
            shifts=(Window(6 * HOUR, 16 * HOUR),),
            fixed_ore_per_shift=50_000,
            ore_per_km=2_500,
            ore_per_hour=35_000,
            co2e_g_per_km=250,
        )
        return Vehicle(id=name, name=name.title(), **(values | more))

    return build


@pytest.fixture(scope="session")
def plan_for() -> Callable[..., Plan]:
    """A quick repeatable plan."""

    def run(problem: Problem, iterations: int = 30, seed: int = 0) -> Plan:
        return solve(problem, limit=Limit(iterations=iterations), seed=seed)

    return run


@pytest.fixture
def morning(on_a_line, stop, van) -> Problem:
    """Two farms, two kitchens, three shipments, one van: everything fits."""
    stops = [
        stop("home", 0, stop_s=300),
        stop("farm", 10, stop_s=600),
        stop("dairy", 20, stop_s=300),
        stop("school", 40, stop_s=300, windows=(Window(7 * HOUR, 10 * HOUR),)),
        stop("elder", 50, windows=(Window(7 * HOUR, 9 * HOUR), Window(13 * HOUR, 15 * HOUR))),
    ]
    shipments = [
        Shipment("carrots", "farm", "school", 40_000, crates=4, pickup_s=120, delivery_s=180),
        Shipment("beets", "farm", "elder", 20_000, crates=2, pickup_s=60, delivery_s=60),
        Shipment("milk", "dairy", "school", 90_000, crates=9, pickup_s=300, delivery_s=240),
    ]
    return on_a_line(stops, shipments, [van()], name="Morning")


@pytest.fixture(scope="session")
def week(on_a_line, stop, van) -> Callable[..., Problem]:
    """Goods from the farm to the school and on to the elder, from the dairy to the school; two vans, two days."""
    places = [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]
    goods = [
        Shipment("a", "farm", "school", 1000),
        Shipment("b", "farm", "elder", 1000),
        Shipment("c", "dairy", "school", 1000),
    ]
    fleet = [van("cheap", ore_per_km=1000, shifts=DAYS), van("dear", shifts=DAYS)]
    return lambda **rules: replace(on_a_line(places, goods, fleet), rules=Rules(**rules))
