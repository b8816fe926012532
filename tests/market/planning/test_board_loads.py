"""How full a vehicle gets: the most at a time, by compartment, and the measure with the least room left."""

from __future__ import annotations

from market.planning.board_loads import gauges
from market.register.models import Temperature
from routing.plan import Route, Visit
from routing.problem import Compartment, Shipment, Vehicle
from routing.problem import Temperature as Cold


def shipment(name, grams, cold=Cold.AMBIENT, crates=0):
    return Shipment(name, "site:1", "kitchen:1", grams, crates=crates, temperature=cold)


def visit(*, pickups=(), deliveries=()):
    return Visit("site:1", 0, 0, 0, tuple(pickups), tuple(deliveries), 0)


def route(*visits):
    return Route("1", 0, tuple(visits), 0, 0, 0, 0, 0, 0)


def vehicle(*compartments, crates=None):
    return Vehicle(
        "1", "Bilen", "", "home:1", "home:1", 1000, crates, (), 0, 0, 0, 0, compartments=compartments
    )


def filled(van, *visits, goods):
    return gauges(route(*visits), vehicle=van, shipments={one.id: one for one in goods})


def test_the_most_at_a_time_counts_not_the_sum():
    goods = [shipment("a", 600), shipment("b", 500)]
    (gauge,) = filled(
        vehicle(),
        visit(pickups=["a"]),
        visit(deliveries=["a"], pickups=["b"]),
        visit(deliveries=["b"]),
        goods=goods,
    )
    assert (gauge.temperatures, gauge.percent) == ((), 60)


def test_the_measure_with_least_room_decides():
    (gauge,) = filled(vehicle(crates=10), visit(pickups=["a"]), goods=[shipment("a", 100, crates=9)])
    assert {measure.name: measure.percent for measure in gauge.measures} == {"grams": 10, "crates": 90}
    assert gauge.percent == 90


def test_what_is_on_board_from_the_start_counts():
    (gauge,) = filled(vehicle(), visit(deliveries=["a"]), goods=[shipment("a", 300)])
    assert gauge.percent == 30


def test_cold_goods_go_where_nothing_else_may():
    """A kilogram chilled fits both compartments: it takes the one that admits only chilled, and leaves room for the others."""
    van = vehicle(
        Compartment((Cold.AMBIENT, Cold.CHILLED), capacity_grams=500),
        Compartment((Cold.CHILLED,), capacity_grams=400),
    )
    goods = [shipment("warm", 250), shipment("cold", 500, Cold.CHILLED)]
    both, chilled = filled(van, visit(pickups=["warm", "cold"]), goods=goods)
    assert chilled.temperatures == (Temperature.CHILLED,)
    assert (both.percent, chilled.percent) == (70, 100)


def test_a_compartment_without_limits_has_no_gauge():
    assert filled(vehicle(Compartment((Cold.AMBIENT,))), visit(pickups=["a"]), goods=[shipment("a", 5)]) == ()
