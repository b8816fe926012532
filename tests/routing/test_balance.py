"""Prices of the plan as a whole: even days, the same driver at the same hub, a haulier's minimum share.

On a line, where the cheapest plan by routes alone is not the cheapest; against trying every assignment.
"""

from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from routing_strategies import balances, ruled_problems

from routing.balance import Balance, Guarantee
from routing.balancing import Whole
from routing.baselines import drive_alone
from routing.bound import bound, gap
from routing.check import violations
from routing.explain import explain
from routing.formats.document import problem_document, problem_from
from routing.insertion import with_shipment
from routing.problem import Compartment, InvalidProblem, Shipment, Temperature, Weights, Window
from routing.ranking import priorities_of, rank
from routing.replan import from_moment
from routing.schedule import schedule
from routing.solve import Limit, solve
from routing.trips import Trip, places_of, tasks_of, turns_of
from routing.weighing import weighed_ore

pytestmark = pytest.mark.slow

HOUR = 3600
DAY = 24 * HOUR
TWO_DAYS = (Window(6 * HOUR, 16 * HOUR), Window(DAY + 6 * HOUR, DAY + 16 * HOUR))
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cheapest_ore(problem):
    """The price of the best plan that serves all: every assignment, every order, every price."""
    places, turns = places_of(problem), turns_of(problem)
    best = None
    for choice in product(turns, repeat=len(problem.shipments)):
        groups = {
            turn: [s for s, own in zip(problem.shipments, choice, strict=True) if own == turn]
            for turn in turns
        }
        ways = [list(_routes(turn, group, places)) for turn, group in groups.items() if group]
        for routes in product(*ways):
            ore = sum(route.cost_ore for route in routes) + by_hand(problem, routes)
            best = ore if best is None else min(best, ore)
    return best


def _routes(turn, group, places):
    tasks = [task for shipment in group for task in tasks_of(shipment, places)]
    found = (schedule(Trip(turn, order), places=places) for order in permutations(tasks))
    return {(route.cost_ore, route.duration_s): route for route in found if route is not None}.values()


def by_hand(problem, routes):
    """The three prices, as a planner with paper would add them up."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    grams = {shipment.id: shipment.grams for shipment in problem.shipments}
    days, faces, loads = {}, {}, {}
    for route in routes:
        vehicle = vehicles[route.vehicle]
        day = vehicle.shifts[route.shift].start_s // DAY
        days[day] = days.get(day, 0) + route.duration_s
        for visit in route.visits:
            for name in visit.deliveries:
                faces.setdefault(visit.stop, set()).add(route.vehicle)
                loads[vehicle.owner] = loads.get(vehicle.owner, 0) + grams[name]
    balance = problem.balance
    ore = int(balance.peak_ore_per_hour * max(days.values(), default=0) / 3600 + 0.5)
    ore += sum(balance.new_face_ore * (len(names) - 1) for names in faces.values())
    for guarantee in balance.guarantees:
        short_kg = (sum(loads.values()) * guarantee.per_cent / 100 - loads.get(guarantee.owner, 0)) / 1000
        ore += int(guarantee.ore_per_kg * max(0, short_kg) + 0.5)
    return ore


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


# -- even load over days


@pytest.fixture
def two_days(on_a_line, stop, van):
    """Two schools on either side: one day does both for one fixed price, two days share the hours."""
    stops = [stop("home", 100), stop("farm", 100), stop("north", 160), stop("south", 40)]
    shipments = [Shipment("n", "farm", "north", 1_000), Shipment("s", "farm", "south", 1_000)]

    def build(ore):
        problem = on_a_line(stops, shipments, [van(shifts=TWO_DAYS)])
        return replace(problem, balance=Balance(peak_ore_per_hour=ore))

    return build


def test_even_days_are_chosen_when_the_busiest_hour_costs_more_than_another_start(two_days, plan_for):
    """Four hours on one day, or two on each: the second start costs 500 kr, so 250 kr an hour is the border."""
    for ore, vehicles in ((0, 1), (24_000, 1), (26_000, 2)):
        problem = two_days(ore)
        plan = plan_for(problem)
        assert plan.totals.vehicles == vehicles
        assert plan.totals.balance_ore == ore * (4 if vehicles == 1 else 2)
        assert plan.totals.price_ore == cheapest_ore(problem)


def test_two_vans_on_one_day_are_no_more_even_than_one(on_a_line, stop, van, plan_for):
    stops = [stop("home", 100), stop("farm", 100), stop("north", 160), stop("south", 40)]
    shipments = [Shipment("n", "farm", "north", 1_000), Shipment("s", "farm", "south", 1_000)]
    problem = on_a_line(stops, shipments, [van("one"), van("two")])
    plan = plan_for(replace(problem, balance=Balance(peak_ore_per_hour=26_000)))
    assert (plan.totals.vehicles, plan.totals.balance_ore) == (1, 4 * 26_000)


# -- the same driver at the same hub


@pytest.fixture
def monday_and_tuesday(on_a_line, stop, van):
    """The cheap van drives on Monday only; the other, 5 kr/km dearer, on both days. The school is 50 km away."""
    stops = [stop("home", 0), stop("farm", 0), stop("school", 50)]
    shipments = [
        Shipment(name, "farm", "school", 1_000, delivery_windows=(shift,))
        for name, shift in zip(("mon", "tue"), TWO_DAYS, strict=True)
    ]
    vans = [van("cheap", ore_per_km=2_000, shifts=TWO_DAYS[:1]), van("dear", shifts=TWO_DAYS)]

    def build(ore, **more):
        return replace(on_a_line(stops, shipments, vans), balance=Balance(new_face_ore=ore), **more)

    return build


def test_the_same_driver_comes_when_a_new_face_costs_more_than_the_cheaper_van_saves(
    monday_and_tuesday, plan_for
):
    for ore, drivers in ((0, {"cheap", "dear"}), (49_000, {"cheap", "dear"}), (51_000, {"dear"})):
        problem = monday_and_tuesday(ore)
        plan = plan_for(problem)
        assert {route.vehicle for route in plan.routes} == drivers
        assert plan.totals.balance_ore == ore * (len(drivers) - 1)
        assert plan.totals.price_ore == cheapest_ore(problem)


def test_vans_that_differ_in_name_only_are_other_faces(on_a_line, stop, van, plan_for):
    stops = [stop("home", 0), stop("farm", 0), stop("school", 50)]
    shipments = [
        Shipment(f"s{day}", "farm", "school", 1, delivery_windows=(TWO_DAYS[day],)) for day in (0, 1)
    ]
    vans = [van(name, shifts=TWO_DAYS) for name in ("one", "two", "three")]
    problem = replace(on_a_line(stops, shipments, vans), balance=Balance(new_face_ore=1))
    plan = plan_for(problem)
    assert (plan.totals.vehicles, plan.totals.balance_ore) == (2, 0)


# -- a haulier's minimum share


@pytest.fixture
def two_owners(on_a_line, stop, van):
    """60 kg to the north and 40 to the south; the haulier asks 2 kr/km more, 120 kr for either."""
    stops = [stop("home", 100), stop("farm", 100), stop("north", 130), stop("south", 70)]
    shipments = [Shipment("n", "farm", "north", 60_000), Shipment("s", "farm", "south", 40_000)]
    vans = [
        van("own", fixed_ore_per_shift=0),
        van("hired", owner="haulier", fixed_ore_per_shift=0, ore_per_km=2_700),
    ]

    def build(per_cent, ore_per_kg):
        shares = (Guarantee("haulier", per_cent, ore_per_kg),) if per_cent else ()
        return replace(on_a_line(stops, shipments, vans), balance=Balance(guarantees=shares))

    return build


@pytest.mark.parametrize(
    ("per_cent", "ore_per_kg", "carried", "balance_ore"),
    [
        (0, 0, set(), 0),
        (40, 299, set(), 40 * 299),  # 40 kg short cost less than 120 kr
        (40, 301, {"s"}, 0),
        (50, 301, {"n"}, 0),  # 60 kg for the same price as 40
        (70, 301, {"n"}, 10 * 301),  # the last 10 kg are not worth 120 kr
        (70, 1_201, {"n", "s"}, 0),
    ],
)
def test_the_haulier_gets_its_share_where_that_costs_less_than_being_short(
    two_owners, plan_for, per_cent, ore_per_kg, carried, balance_ore
):
    problem = two_owners(per_cent, ore_per_kg)
    plan = plan_for(problem)
    hired = {n for r in plan.routes if r.vehicle == "hired" for v in r.visits for n in v.deliveries}
    assert plan.totals.price_ore == cheapest_ore(problem)
    assert (hired, plan.totals.balance_ore) == (carried, balance_ore)


def test_what_is_short_is_rounded_once_half_up(two_owners, plan_for):
    """33 per cent of 101 g are 33.33 g: at 1 kr/kg 3.333 öre, at 1.05 kr/kg 3.49965, at 1.06 kr/kg 3.53."""
    problem = replace(two_owners(0, 0), shipments=(Shipment("n", "farm", "north", 101),))
    for ore_per_kg, ore in ((100, 3), (105, 3), (106, 4)):
        share = Balance(guarantees=(Guarantee("haulier", 33, ore_per_kg),))
        assert plan_for(replace(problem, balance=share)).totals.balance_ore == ore


# -- all of them


def test_the_checker_finds_a_wrong_price_of_the_whole(two_days, monday_and_tuesday, two_owners, plan_for):
    for problem in (two_days(10_000), monday_and_tuesday(1_000), two_owners(50, 7)):
        plan = plan_for(problem)
        for wrong in (plan.totals.balance_ore + 1, -1):
            totals = replace(plan.totals, balance_ore=wrong)
            assert codes(problem, replace(plan, totals=totals)) == {"total_balance_ore"}
    assert "total_balance_ore" in codes(two_days(10_000), plan_for(two_days(0)))


@pytest.mark.slow
def test_listeners_hear_the_whole_price(monday_and_tuesday):
    told = []
    problem = monday_and_tuesday(49_000)
    plan = solve(
        problem, limit=Limit(iterations=1), progress=lambda state: told.append(state.cost_ore) or True
    )
    assert told[-1] == plan.totals.price_ore == plan.totals.cost_ore + 49_000


def test_the_gap_to_the_bound_counts_the_whole_price(monday_and_tuesday, plan_for):
    problem = monday_and_tuesday(49_000)
    plan, proven = plan_for(problem), bound(monday_and_tuesday(49_000), seconds=5)
    assert proven.cost_ore <= plan.totals.cost_ore
    assert gap(plan, proven, problem) == (plan.totals.cost_ore + 49_000 - proven.cost_ore) / proven.cost_ore


def test_weights_take_the_whole_price_as_money(monday_and_tuesday, plan_for):
    """Twice the money: twice the border, whatever the scale of CO2e."""
    for ore, faces in ((49_000, 2), (51_000, 1)):
        for weights in (Weights(money=2), Weights(ore_per_kg_co2e=1)):
            problem = monday_and_tuesday(ore, weights=weights)
            plan = plan_for(problem)
            assert len({route.vehicle for route in plan.routes}) == faces
            assert plan.totals.balance_ore == ore * (faces - 1)
            assert weighed_ore(problem, plan) >= weights.money * plan.totals.price_ore


def test_fewest_vehicles_come_before_any_balance(two_days, plan_for):
    assert plan_for(replace(two_days(20_000_000), weights=Weights(vehicles_first=True))).totals.vehicles == 1


def test_leaving_out_may_be_what_balances(monday_and_tuesday, plan_for):
    """Serving Tuesday costs 3083 kr, with the new face or the dearer van on Monday 500 kr more; explain says so."""
    problem = monday_and_tuesday(60_000)
    tuesday = plan_for(problem).routes[-1].cost_ore
    optional = replace(problem.shipments[1], skip_ore=tuesday + 30_000)
    problem = replace(problem, shipments=(problem.shipments[0], optional))
    plan = plan_for(problem)
    assert plan.served == {"mon"}
    (reason,) = explain(problem, plan)
    assert (reason.code, reason.options[0].price_ore) == (
        "skip_ore",
        tuesday + 60_000,
    ) or reason.code == "dearer_than_skipping"
    grown = with_shipment(problem, plan, "tue")
    assert violations(problem, grown) == ()
    assert grown.totals.balance_ore == 60_000


def test_a_day_under_way_is_planned_again_with_the_whole_in_view(monday_and_tuesday, plan_for):
    """The cheap van has left on Monday: on Tuesday the other comes, and is paid as a new face."""
    problem = monday_and_tuesday(1_000)
    later = from_moment(problem, plan_for(problem), now_s=7 * HOUR)
    plan = plan_for(later)
    assert violations(later, plan) == ()
    assert (plan.served, plan.totals.balance_ore) == ({"mon", "tue"}, 1_000)


def test_driving_alone_is_priced_as_a_whole_too(two_days, van):
    problem = replace(two_days(10_000), balance=Balance(10_000, 0, (Guarantee("municipality", 50, 100),)))
    alone = drive_alone(problem, vehicle=van(owner="farmer", shifts=TWO_DAYS))
    assert alone.totals.balance_ore == 40_000  # nobody there has a guarantee


@pytest.mark.parametrize(
    ("balance", "code"),
    [
        (Balance(peak_ore_per_hour=-1), "out_of_range"),
        (Balance(new_face_ore=1.5), "not_whole"),
        (Balance(guarantees=(Guarantee("nobody", 10, 1),)), "unknown_owner"),
        (Balance(guarantees=(Guarantee("haulier", 101, 1),)), "out_of_range"),
        (
            Balance(guarantees=(Guarantee("haulier", 10, 1), Guarantee("haulier", 20, 1))),
            "duplicate_guarantee",
        ),
        (
            Balance(guarantees=(Guarantee("haulier", 60, 1), Guarantee("municipality", 50, 1))),
            "shares_exceed_all",
        ),
    ],
)
def test_bad_balances_are_refused_with_a_code(two_owners, balance, code):
    with pytest.raises(InvalidProblem) as refusal:
        replace(two_owners(0, 0), balance=balance)
    assert code in {error.code for error in refusal.value.errors}


def test_no_balance_changes_no_fingerprint(two_days):
    problem = two_days(0)
    assert problem.fingerprint() == replace(problem, balance=Balance()).fingerprint()
    assert problem.fingerprint() != two_days(1).fingerprint()
    assert problem_from(problem_document(two_days(1))) == two_days(1)


@quick
@given(ruled_problems(), st.data())
def test_a_plan_is_never_worse_than_the_one_found_without_the_balance(problem, data):
    problem = replace(problem, balance=data.draw(balances(problem.vehicles)), weights=Weights())
    limit = Limit(iterations=5)
    plan, blind = solve(problem, limit=limit), solve(replace(problem, balance=Balance()), limit=limit)
    assert violations(problem, plan) == ()
    assert plan.routes == solve(problem, limit=limit).routes
    blind_ore = Whole(problem, blind.routes).ore
    assert _rank(problem, plan, plan.totals.balance_ore) <= _rank(problem, blind, blind_ore)


def _rank(problem, plan, balance_ore):
    left = {entry.shipment for entry in plan.unserved}
    return rank(
        (shipment for shipment in problem.shipments if shipment.id in left),
        priorities=priorities_of(problem.shipments),
        route_ore=plan.totals.cost_ore,
        balance_ore=balance_ore,
    )


def test_what_only_one_engine_can_serve_is_served_with_a_balance_too(on_a_line, stop, van):
    """Two loads that fit one after the other in the one compartment: of the engines OR-Tools alone turns back for more."""
    stops = [stop("home", 0), stop("hub", 10), stop("school", 20)]
    loads = [Shipment("first", "home", "hub", 16_500), Shipment("second", "home", "hub", 16_500)]
    later = Shipment("on", "hub", "school", 0, after=("first", "second"))
    compartment = Compartment((Temperature.AMBIENT,), 20_000)
    vans = [van(capacity_grams=200_000, compartments=(compartment,), end=None)]
    problem = replace(on_a_line(stops, [*loads, later], vans), balance=Balance(new_face_ore=20_000))
    plan = solve(problem, limit=Limit(iterations=5))
    assert plan.served == {"first", "second", "on"}
