"""What is proven holds for plans that give goods in parts, come back, and take long to give them."""

import numpy as np
import pytest
from bounding import LATER

from routing.bound import bound
from routing.bounds import pricing
from routing.bounds.master import Duals
from routing.bounds.network import closure_of, kinds_of
from routing.bounds.pricing import RoutePricer
from routing.check import violations
from routing.costs import SHARES_PER_ORE
from routing.feasible import route_of
from routing.problem import Shipment, Window
from routing.solve import plan_of
from routing.trips import Task, Trip, places_of, turns_of

pytestmark = pytest.mark.usefixtures("routes_compiled")

HOUR, MINUTE = 3600, 60


def by_hand(problem, stays):
    """The plan of one van with these stays: shipments and whether they are taken."""
    named = {shipment.id: shipment for shipment in problem.shipments}
    tasks = tuple(Task(named[name], is_pickup) for stay, is_pickup in stays for name in stay.split())
    route = route_of(Trip(turns_of(problem)[0], tasks), places=places_of(problem))
    plan = plan_of(problem, (route,), engine="by hand", seconds=0)
    assert violations(problem, plan) == ()
    return plan


def test_goods_that_take_an_hour_to_give_do_not_shut_what_comes_before(on_a_line, stop, van):
    """On the way to them there is time for another place, though all giving on board ends long after that one closes."""
    mornings = (Window(6 * HOUR, 10 * HOUR),)
    stops = [
        stop("home", 0),
        stop("farm", 30, stop_s=120, windows=(Window(9 * HOUR + 30 * MINUTE, 9 * HOUR + 40 * MINUTE),)),
        stop("school", 35, stop_s=120, windows=mornings),
        stop("hospital", 45, stop_s=120, windows=mornings),
    ]
    goods = [
        Shipment("few", "farm", "school", 1_000, pickup_s=60, delivery_s=60),
        Shipment("many", "farm", "hospital", 500_000, pickup_s=60, delivery_s=HOUR),
    ]
    problem = on_a_line(stops, goods, [van("one"), van("two")])
    plan = by_hand(problem, [("few many", True), ("few", False), ("many", False)])
    assert bound(problem, seconds=20).cost_ore == plan.totals.price_ore
    closure = closure_of(problem)
    pricer = RoutePricer(closure, kinds_of(problem, closure))
    pricer.width = len(pricing.ROUNDS) - 1
    none = np.zeros(1, dtype=np.int64)
    duals = Duals(np.full(2, plan.totals.price_ore * SHARES_PER_ORE), none, none, 0.0)
    found = pricer.price(0, duals, until=LATER)
    assert -found.floor // SHARES_PER_ORE == plan.totals.price_ore


def test_to_come_back_to_a_place_is_not_thought_dearer_than_it_is(on_a_line, stop, van):
    """One of three goods for the school is given before the hospital closes, two after; the day's goods do not all fit at once."""
    stops = [
        stop("home", 0),
        stop("farm", 10, stop_s=120),
        stop("school", 20, stop_s=120),
        stop("hospital", 30, stop_s=120, windows=(Window(6 * HOUR, 7 * HOUR),)),
        stop("dairy", 12, stop_s=120),
        stop("nursery", 2, stop_s=120),
    ]
    early = (Window(6 * HOUR, 6 * HOUR + 24 * MINUTE),)
    goods = [
        Shipment("breakfast", "farm", "school", 100_000, delivery_s=MINUTE, delivery_windows=early),
        Shipment("lunch", "farm", "school", 100_000, delivery_s=30 * MINUTE),
        Shipment("snack", "farm", "school", 100_000, delivery_s=30 * MINUTE),
        Shipment("medicine", "farm", "hospital", 100_000, delivery_s=MINUTE),
        Shipment("milk", "dairy", "nursery", 700_000, delivery_s=MINUTE),
    ]
    problem = on_a_line(stops, goods, [van()])
    taken = "breakfast lunch snack medicine"
    given = [("breakfast", False), ("medicine", False), ("lunch snack", False)]
    plan = by_hand(problem, [(taken, True), *given, ("milk", True), ("milk", False)])
    assert bound(problem, seconds=20).cost_ore == plan.totals.price_ore
