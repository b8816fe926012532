"""What is weighed against what: visits, overtime, hours, kilometres, CO2e, and vehicles before all of them."""

from dataclasses import replace

import pytest

from routing.check import violations
from routing.io import problem_to_json, read_problem
from routing.problem import InvalidProblem, Shipment, Vehicle, Weights, Window
from routing.solve import Limit, solve
from routing.weighing import weighed_ore

HOUR = 3600


@pytest.fixture
def places(stop):
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


def served_by(plan):
    return {
        name: route.vehicle for route in plan.routes for visit in route.visits for name in visit.deliveries
    }


# -- visits


@pytest.fixture
def twice_or_wait(on_a_line, places, van):
    """Two deliveries to the school an hour apart; the elder lies 20 minutes further and fits between them."""
    hours = [(Window(7 * HOUR, 7 * HOUR),), (Window(8 * HOUR, 8 * HOUR),)]
    shipments = [
        Shipment("early", "home", "school", 1, delivery_windows=hours[0]),
        Shipment("late", "home", "school", 1, delivery_windows=hours[1]),
        Shipment("between", "home", "elder", 1),
    ]

    def build(visit_ore):
        stops = [replace(place, visit_ore=visit_ore if place.id == "school" else 0) for place in places]
        return on_a_line(stops, shipments, [van()])

    return build


def test_a_price_per_visit_makes_the_van_stay(twice_or_wait, plan_for):
    """Serving the elder between the two saves 40 minutes (233 kr); coming back must not cost more than that."""
    for visit_ore, comes_back in ((0, True), (23_000, True), (24_000, False)):
        plan = plan_for(twice_or_wait(visit_ore))
        stops = [visit.stop for visit in plan.routes[0].visits if visit.stop != "home"]
        assert (stops == ["school", "elder", "school"]) is comes_back
        assert plan.served == {"early", "late", "between"}


def test_each_stay_is_paid_once_and_only_where_work_is_done(twice_or_wait, plan_for):
    free = plan_for(twice_or_wait(0))
    priced = twice_or_wait(1_000)
    plan = plan_for(priced)
    assert plan.totals.cost_ore == free.totals.cost_ore + 2_000
    assert codes(priced, free) == {"figure_cost_ore"}


def test_two_services_in_one_stay_pay_one_visit(on_a_line, places, van, plan_for):
    """Their hours differ, so the stay needs two visits in the plan, but the van never leaves."""
    stops = [replace(place, visit_ore=1_000) for place in places]
    hours = [(Window(7 * HOUR, 7 * HOUR),), (Window(7 * HOUR + 600, 7 * HOUR + 600),)]
    shipments = [
        Shipment(f"s{n}", "farm", "school", 1, delivery_windows=window) for n, window in enumerate(hours)
    ]
    plan = plan_for(on_a_line(stops, shipments, [van(ore_per_hour=0, ore_per_km=0, fixed_ore_per_shift=0)]))
    assert len(plan.routes[0].visits) == 5
    assert plan.totals.cost_ore == 2_000


def test_loading_at_home_is_a_visit_too(on_a_line, places, van, plan_for):
    stops = [replace(place, visit_ore=1_000) for place in places]
    van_of_nothing = van(ore_per_hour=0, ore_per_km=0, fixed_ore_per_shift=0)
    plan = plan_for(on_a_line(stops, [Shipment("s", "home", "school", 1)], [van_of_nothing]))
    assert plan.totals.cost_ore == 2_000


# -- overtime


def overtime_van(van, **more):
    """Its shift ends half an hour before it can be back from the elder's home: 100 minutes from six."""
    values = {"shifts": (Window(6 * HOUR, 6 * HOUR + 4200),), "overtime_ore_per_hour": 70_000}
    return van("late", **(values | more))


def test_overtime_serves_what_the_shift_alone_does_not(on_a_line, places, van, plan_for):
    goods = [Shipment("s", "farm", "elder", 1)]
    assert plan_for(on_a_line(places, goods, [overtime_van(van, overtime_s=1799)])).served == frozenset()
    problem = on_a_line(places, goods, [overtime_van(van, overtime_s=1800)])
    plan = plan_for(problem)
    assert plan.served == {"s"}
    assert plan.totals.cost_ore == 50_000 + 100 * 2_500 + round(4200 * 35_000 / 3600) + 35_000
    assert codes(on_a_line(places, goods, [overtime_van(van, overtime_s=1799)]), plan) >= {"after_shift"}
    cheaper = on_a_line(places, goods, [overtime_van(van, overtime_s=1800, overtime_ore_per_hour=60_000)])
    assert codes(cheaper, plan) == {"figure_cost_ore"}


def test_dear_overtime_sends_another_vehicle(on_a_line, places, van, plan_for):
    """The other van costs 300 kr more by distance; half an hour of overtime costs 175 or 1 750 kr more."""
    goods = [Shipment("s", "farm", "elder", 1)]
    for price, vehicle in ((70_000, "late"), (385_000, "other")):
        fleet = [
            overtime_van(van, overtime_s=1800, overtime_ore_per_hour=price),
            van("other", ore_per_km=2_800),
        ]
        assert served_by(plan_for(on_a_line(places, goods, fleet))) == {"s": vehicle}


def test_the_schedule_waits_where_overtime_is_dearer(on_a_line, places, van, plan_for):
    """Leaving at 06:40 waits 85 minutes and ends with the shift; at 08:40 waits 10 and ends 45 late."""
    school = tuple(Window(hour * HOUR, hour * HOUR) for hour in (7, 9))
    elder = tuple(Window(second, second) for second in (8 * HOUR + 2700, 9 * HOUR + 1800))
    goods = [
        Shipment("a", "home", "school", 1, delivery_windows=school),
        Shipment("b", "home", "elder", 1, delivery_windows=elder),
    ]
    for price, end_s in ((35_000, 10 * HOUR + 600), (120_000, 9 * HOUR + 1500)):
        shift = (Window(6 * HOUR, 9 * HOUR + 1500),)
        driver = van("late", shifts=shift, overtime_s=HOUR, overtime_ore_per_hour=price)
        assert plan_for(on_a_line(places, goods, [driver])).routes[0].end_s == end_s


def test_a_route_that_must_wait_leaves_with_the_shifts_last_second(on_a_line, places, van, plan_for):
    """The school opens two hours after the shift's end: who leaves by then waits least by leaving last."""
    goods = [Shipment("a", "home", "school", 1, delivery_windows=(Window(9 * HOUR, 10 * HOUR),))]
    driver = van("late", shifts=(Window(0, 7 * HOUR),), overtime_s=4 * HOUR, overtime_ore_per_hour=70_000)
    (route,) = plan_for(on_a_line(places, goods, [driver])).routes
    assert route.start_s == 7 * HOUR


# -- weights


def two_ways(on_a_line, places, van, **weights):
    """Cheap money, dear money with little CO2e: which van drives depends on what counts."""
    fleet = [
        van("cheap", ore_per_km=1_000, co2e_g_per_km=1_000),
        van("clean", ore_per_km=2_000, co2e_g_per_km=1),
    ]
    problem = on_a_line(places, [Shipment("s", "farm", "elder", 1)], fleet)
    return replace(problem, weights=Weights(**weights))


def test_a_price_of_co2e_sends_the_clean_vehicle(on_a_line, places, van, plan_for):
    for price, vehicle in ((0, "cheap"), (1_000, "cheap"), (1_003, "clean")):
        plan = plan_for(two_ways(on_a_line, places, van, ore_per_kg_co2e=price))
        assert served_by(plan) == {"s": vehicle}
    assert plan.totals.cost_ore == 50_000 + 200_000 + round(100 * 35_000 / 60)


@pytest.mark.parametrize(
    ("weights", "vehicles"),
    [
        ({}, 1),
        ({"ore_per_hour": 35_000}, 2),
        ({"money": 0, "ore_per_hour": 1}, 2),
        ({"money": 0, "ore_per_km": 1}, 1),
    ],
)
def test_hours_and_kilometres_weigh(on_a_line, stop, van, plan_for, weights, vehicles):
    """One van waits two hours between two customers; two vans drive twice the way."""
    stops = [stop("home", 0), stop("near", 30)]
    shipments = [
        Shipment("early", "home", "near", 1, delivery_windows=(Window(7 * HOUR, 7 * HOUR),)),
        Shipment("late", "home", "near", 1, delivery_windows=(Window(11 * HOUR, 11 * HOUR),)),
    ]
    fleet = [van(name, ore_per_hour=10_000, ore_per_km=500) for name in ("one", "two")]
    problem = replace(on_a_line(stops, shipments, fleet), weights=Weights(**weights))
    plan = plan_for(problem)
    assert plan.totals.vehicles == vehicles
    assert plan.served == {"early", "late"}


def test_vehicles_first_takes_fewer_dearer_routes(on_a_line, stop, van, plan_for):
    """Waiting six hours costs more than a second van, and what is worth nothing is left out, by price alone."""
    stops = [stop("home", 0), stop("near", 30), stop("far", 90)]
    shipments = [
        Shipment("early", "home", "near", 1, delivery_windows=(Window(7 * HOUR, 7 * HOUR),)),
        Shipment("late", "home", "near", 1, delivery_windows=(Window(13 * HOUR, 13 * HOUR),)),
        Shipment("unpaid", "home", "far", 1, skip_ore=0),
    ]
    problem = on_a_line(stops, shipments, [van(name, fixed_ore_per_shift=0) for name in ("one", "two")])
    cheapest = plan_for(problem)
    assert (cheapest.totals.vehicles, cheapest.served) == (2, {"early", "late"})
    two = replace(problem, shipments=problem.shipments[:2])
    assert plan_for(two).totals.vehicles == 2
    assert plan_for(replace(two, weights=Weights(vehicles_first=True))).totals.vehicles == 1
    fewest = plan_for(replace(problem, weights=Weights(vehicles_first=True)))
    assert (fewest.totals.vehicles, fewest.served) == (1, {"early", "late", "unpaid"})


@pytest.mark.slow
def test_the_weighed_sum_is_what_was_searched_for(on_a_line, places, van):
    problem = two_ways(on_a_line, places, van, money=2, ore_per_hour=60, ore_per_km=3, ore_per_kg_co2e=7)
    told = []
    plan = solve(
        problem, limit=Limit(iterations=20), progress=lambda state: told.append(state.cost_ore) or True
    )
    assert told[-1] == pytest.approx(weighed_ore(problem, plan), abs=2)
    totals = plan.totals
    assert weighed_ore(problem, plan) == pytest.approx(
        2 * totals.cost_ore + totals.duration_s / 60 + 3 * totals.distance_m / 1000 + 7 * totals.co2e_g / 1000
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weights": Weights(money=0)}, "no_weight"),
        ({"weights": Weights(ore_per_km=-1)}, "out_of_range"),
        ({"vehicle": {"overtime_s": 60, "overtime_ore_per_hour": 34_999}}, "overtime_too_cheap"),
        ({"vehicle": {"overtime_s": -60}}, "out_of_range"),
        ({"stop": {"visit_ore": -1}}, "out_of_range"),
    ],
)
def test_senseless_prices_are_refused(morning, changes, code):
    vehicle: Vehicle = morning.vehicles[0]
    with pytest.raises(InvalidProblem) as caught:
        replace(
            morning,
            weights=changes.get("weights", Weights()),
            vehicles=(replace(vehicle, **changes.get("vehicle", {})),),
            stops=(replace(morning.stops[0], **changes.get("stop", {})), *morning.stops[1:]),
        )
    assert code in {error.code for error in caught.value.errors}


def test_weights_are_kept_in_json(tmp_path, morning):
    weighed = replace(morning, weights=Weights(ore_per_km=5, vehicles_first=True))
    path = tmp_path / "problem.json"
    path.write_text(problem_to_json(weighed), encoding="utf-8")
    assert read_problem(path).problem == weighed
