"""The bound counts time that nobody can save: waiting for a place to open, breaks, and goods that come to a hub first."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from routing.bound import bound
from routing.bounds import routes
from routing.bounds.beginnings import breaks_by, more_breaks
from routing.problem import Problem, Shipment, Stop, Vehicle, Window
from routing.solve import Limit, solve

pytestmark = pytest.mark.usefixtures("routes_compiled")

HOUR = 3600
DAY = Window(5 * HOUR, 20 * HOUR)


def van(name="van", *, home="home", break_s=0, carries=()) -> Vehicle:
    return Vehicle(
        name,
        name,
        "",
        home,
        home,
        1000,
        None,
        (DAY,),
        fixed_ore_per_shift=0,
        ore_per_km=1_000,
        ore_per_hour=36_000,
        co2e_g_per_km=0,
        break_s=break_s,
        skills=carries,
    )


def in_a_row(stops, goods, *vans, minutes) -> Problem:
    """Stops along a road, neighbours so many minutes apart, a kilometre a minute."""
    far = [[abs(a - b) * minutes for b in range(len(stops))] for a in range(len(stops))]
    return Problem(
        stops, goods, vans, [[1000 * m for m in row] for row in far], [[60 * m for m in row] for row in far]
    )


def proven_and_planned(problem):
    plan = solve(problem, limit=Limit(iterations=50))
    assert not plan.unserved
    return bound(problem, seconds=20).cost_ore, plan.totals.price_ore


def test_waiting_that_no_later_start_saves_is_counted():
    """The farm closes before the kitchen opens: whoever drives waits in between."""
    stops = (
        Stop("home", "Home"),
        Stop("farm", "Farm", (Window(6 * HOUR, 7 * HOUR),)),
        Stop("kitchen", "Kitchen", (Window(10 * HOUR, 11 * HOUR),)),
    )
    problem = in_a_row(stops, (Shipment("s", "farm", "kitchen", 10),), van(), minutes=30)
    proven, planned = proven_and_planned(problem)
    assert planned == 120 * 1_000 + 36_000 * 4.5  # half an hour there, three hours on the way, one back
    assert proven == planned


def test_where_time_is_priced_last_it_is_counted_all_the_same(monkeypatch):
    """Of a week that took long without waiting and breaks all routes are looked at without them first."""
    monkeypatch.setattr(routes, "SOON", 0.0)
    test_waiting_that_no_later_start_saves_is_counted()
    test_breaks_that_fall_due_are_counted()


def test_lunch_that_is_no_hour_of_delivery_is_counted():
    """Too late for the morning: the kitchen opens again when its lunch is over."""
    stops = (
        Stop("home", "Home"),
        Stop("farm", "Farm", (Window(9 * HOUR, 9 * HOUR),)),
        Stop("kitchen", "Kitchen", (Window(6 * HOUR, 9 * HOUR), Window(13 * HOUR, 14 * HOUR))),
    )
    problem = in_a_row(stops, (Shipment("s", "farm", "kitchen", 10),), van(), minutes=30)
    proven, planned = proven_and_planned(problem)
    assert planned == 120 * 1_000 + 36_000 * 5.5
    assert proven == planned


def test_breaks_that_fall_due_are_counted():
    stops = (Stop("home", "Home"), Stop("farm", "Farm"), Stop("kitchen", "Kitchen"))
    problem = in_a_row(stops, (Shipment("s", "farm", "kitchen", 10),), van(break_s=2700), minutes=90)
    proven, planned = proven_and_planned(problem)
    assert planned == 360 * 1_000 + 36_000 * 6.75
    assert proven == planned


def test_a_break_taken_while_waiting_is_not_counted_again():
    """Two hours to a farm that closes early, an hour's wait at the kitchen, in which one rests, and three hours home."""
    stops = (
        Stop("home", "Home"),
        Stop("farm", "Farm", (Window(6 * HOUR, 7 * HOUR),)),
        Stop("kitchen", "Kitchen", (Window(11 * HOUR, 12 * HOUR),)),
    )
    problem = in_a_row(stops, (Shipment("s", "farm", "kitchen", 10),), van(break_s=2700), minutes=80)
    proven, planned = proven_and_planned(problem)
    assert planned == 320 * 1_000 + 36_000 * (
        4 + 320 / 60 - 80 / 60
    )  # from farm at seven to kitchen at eleven
    assert proven == planned


def test_who_has_not_rested_yet_is_no_better_for_it():
    """To the near farm first, the break falls due on the way to the far one; to the far one alone, only after it."""
    near, home, kitchen, far = -5, 0, 2, 51
    along = {"home": home, "far": far, "near": near, "kitchen": kitchen}
    km = [[abs(a - b) for b in along.values()] for a in along.values()]
    problem = Problem(
        tuple(Stop(name, name, stop_s=120 if name != "home" else 0) for name in along),
        (Shipment("s0", "near", "kitchen", 10), Shipment("s1", "far", "kitchen", 10)),
        (replace(van(break_s=2700), end=None, ore_per_km=0, break_after_drive_s=3600),),
        [[1000 * far for far in row] for row in km],
        [[60 * far for far in row] for row in km],
    )
    proven, planned = proven_and_planned(problem)
    assert planned == 36_000 * (110 * 60 + 3 * 120 + 2700) / 3600
    assert proven == planned


@njit
def breaks(after, driven, other, most):
    """By what is driven on: how many more breaks fall due after ``driven`` than after ``other``; and at most, as is thought."""
    more = [
        breaks_by(after, driven + on)
        - breaks_by(after, driven)
        - breaks_by(after, other + on)
        + breaks_by(after, other)
        for on in range(most)
    ]
    return more, more_breaks(after, driven, other)


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 90))
def test_so_many_more_breaks_may_fall_due_at_most(driven, other, after):
    more, most = breaks(after, driven, other, 400)
    assert most == max(more)


def test_who_passes_goods_on_waits_until_they_have_come():
    """The satellite's own van has been to another farm early; what it fetches at the hub comes late."""
    stops = (
        Stop("home", "Home"),
        Stop("farm", "Farm", (Window(11 * HOUR, 12 * HOUR),)),
        Stop("hub", "Hub", transfer_s=1800),
        Stop("satellite", "Satellite"),
        Stop("early", "Early farm", (Window(6 * HOUR, 7 * HOUR),)),
    )
    own = van("own", home="satellite", carries=("own",))

    def handing_on(*after: str) -> Problem:
        goods = (
            Shipment("in", "farm", "hub", 10, needs=("lift",)),
            Shipment("on", "hub", "satellite", 10, after=after, needs=("own",)),
            Shipment("eggs", "early", "satellite", 10, needs=("own",)),
        )
        return in_a_row(stops, goods, van("lorry", carries=("lift",)), own, minutes=30)

    proven, planned = proven_and_planned(handing_on("in"))
    assert proven == planned
    at_once, _ = proven_and_planned(handing_on())
    assert proven >= at_once + 4 * 36_000


hours = st.tuples(st.integers(5, 12), st.integers(1, 6)).map(
    lambda pair: Window(pair[0] * HOUR, (pair[0] + pair[1]) * HOUR)
)
openings = st.lists(hours, max_size=2).map(tuple)


@st.composite
def by_way_of_a_hub(draw) -> Problem:
    """Up to three orders to a hub, some of which go on; breaks soon due, and hours in which not all fits."""
    names = ("home", "farm", "hub", "satellite", "other")
    stops = [
        Stop(
            name,
            name,
            () if name == "home" else draw(openings),
            draw(st.sampled_from([0, 300])),
            transfer_s=draw(st.sampled_from([0, 1800])),
        )
        for name in names
    ]
    goods = []
    for n in range(draw(st.integers(1, 3))):
        farm, handling = draw(st.sampled_from(["farm", "other"])), draw(st.sampled_from([0, 900]))
        goods.append(Shipment(f"in{n}", farm, "hub", 300, pickup_s=handling, delivery_s=handling))
        if draw(st.booleans()):
            goods.append(Shipment(f"on{n}", "hub", "satellite", 300, needs=("own",), after=(f"in{n}",)))
    rests = draw(st.sampled_from([0, 2700]))
    lorry = replace(van("lorry", break_s=rests), break_after_drive_s=draw(st.sampled_from([3600, 16200])))
    own = replace(van("own", home="hub", carries=("own",)), forbidden_stops=("farm", "other"))
    return in_a_row(stops, goods, lorry, own, minutes=draw(st.integers(10, 50)))


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(by_way_of_a_hub())
def test_no_plan_by_way_of_a_hub_costs_less_than_is_proven(problem):
    plan = solve(problem, limit=Limit(iterations=10), processes=1)
    found = bound(problem, seconds=20)
    assert len(plan.unserved) >= found.left_out
    assert len(plan.unserved) > found.left_out or found.cost_ore <= plan.totals.price_ore
