"""VROOM: a first plan that keeps the rules, windows and skills included."""

from dataclasses import replace

from routing.check import violations
from routing.engines.judge import Judge
from routing.engines.protocol import Limit
from routing.engines.vroom_engine import Vroom
from routing.problem import Shipment, Window
from routing.solve import solve

HOUR = 3600
DAY = 86_400


def found(problem):
    return Vroom().search(problem, limit=Limit(iterations=1), seed=0, report=None)


def test_its_plan_serves_all_and_every_trip_can_be_driven(morning):
    trips = found(morning).trips
    judge = Judge(morning)
    assert judge.sound(trips) == trips
    assert judge.price(trips)[0] == 0


def test_alone_it_gives_a_checked_plan(morning):
    plan = solve(morning, limit=Limit(iterations=1), engines=("vroom",))
    assert violations(morning, plan) == ()
    assert plan.served == {"carrots", "beets", "milk"}


def test_several_windows_and_the_stop_time_are_kept(on_a_line, stop, van):
    """Between the windows there is no service: the far kitchen has to wait until the afternoon."""
    hours = (Window(6 * HOUR, 7 * HOUR), Window(13 * HOUR, 14 * HOUR))
    stops = [stop("home", 0), stop("farm", 10, stop_s=3 * HOUR), stop("school", 30, windows=hours)]
    problem = on_a_line(stops, [Shipment("s", "farm", "school", 1)], [van()])
    (trip,) = found(problem).trips
    route = Judge(problem).route(trip)
    assert [visit.start_s for visit in route.visits if visit.deliveries] == [13 * HOUR]


def test_who_may_carry_what(on_a_line, stop, van):
    """Only the van of the second day meets the window; the small one cannot lift the pallet."""
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    tuesday = (Window(DAY + 7 * HOUR, DAY + 9 * HOUR),)
    shipments = [
        Shipment("tuesday", "farm", "school", 1, delivery_windows=tuesday),
        Shipment("pallet", "farm", "school", 500_000),
    ]
    small = van("small", capacity_grams=1_000, shifts=(Window(DAY, DAY + 12 * HOUR),), fixed_ore_per_shift=0)
    trips = found(on_a_line(stops, shipments, [van("large"), small])).trips
    carried = {task.shipment.id: trip.turn.vehicle.id for trip in trips for task in trip.tasks}
    assert carried == {"tuesday": "small", "pallet": "large"}


def test_a_driver_who_must_rest_too_long_is_not_asked(on_a_line, stop, van):
    """Five hours of driving in a shift of five and a half: only the dearer van has time for the break."""
    stops = [stop("home", 0), stop("farm", 10), stop("school", 150)]
    tired = van("tired", shifts=(Window(0, 330 * 60),), fixed_ore_per_shift=0)
    trips = found(on_a_line(stops, [Shipment("s", "farm", "school", 1)], [tired, van("long")])).trips
    assert [trip.turn.vehicle.id for trip in trips] == ["long"]


def test_goods_of_the_start_are_loaded_first(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    shipments = [Shipment("a", "home", "school", 1), Shipment("b", "home", "farm", 1)]
    (trip,) = found(on_a_line(stops, shipments, [van()])).trips
    assert [task.is_pickup for task in trip.tasks] == [True, True, False, False]


def test_what_does_not_pay_is_dropped(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    problem = on_a_line(stops, [Shipment("s", "farm", "school", 1, skip_ore=100)], [van()])
    answer = found(problem)
    assert answer.trips == ()
    assert answer.others  # still a route for the pool


def test_prices_above_what_it_counts_in_keep_their_proportions(morning):
    """VROOM's prices are 32-bit; "fewest vehicles first" beside a large price of the whole goes far above."""
    dear = 2**40
    vans = [replace(vehicle, fixed_ore_per_shift=dear, ore_per_hour=dear) for vehicle in morning.vehicles]
    cheap = replace(vans[0], id="cheap", fixed_ore_per_shift=dear // 2, ore_per_hour=dear // 2)
    trips = found(replace(morning, vehicles=(*vans, cheap))).trips
    assert {trip.turn.vehicle.id for trip in trips} == {"cheap"}
