"""Goods that go on with another vehicle: what those who wait, hand over and drive are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from driving_making import clock, make_van
from factories import AT, MONDAY, make_offer, make_order

from market.driving.arriving import arriving
from market.driving.models import DriverReport
from market.driving.rules import ReportKind
from market.fleet.models import Vehicle
from market.planning.models import Run, RunLoad, RunStop, UnservedOrder, WeekPlan
from market.planning.publishing.calls import calls_of
from market.planning.publishing.pages import calls_from
from market.planning.publishing.queries import transports_in
from market.planning.publishing.rules import Party, PartyKind
from market.planning.queries import expected_arrivals
from market.planning.rules import Leg, LoadKind, PlanState
from market.planning.sheets import sheet_of
from market.values import Week

DAY = MONDAY + timedelta(days=2)
PICK, GIVE = LoadKind.PICKUP, LoadKind.DELIVERY


def a_stop(position: int, hour: int, place: dict[str, int], *loads: RunLoad) -> RunStop:
    at = clock(hour)
    return RunStop(
        position=position,
        arrives_at=at,
        starts_at=at,
        departs_at=at,
        load_grams=0,
        loads=list(loads),
        **place,
    )


def a_load(order_id: int, kind: LoadKind, leg: Leg) -> RunLoad:
    return RunLoad(order_id=order_id, kind=kind, leg=leg, grams=1000, crates=1)


def beside(van: Vehicle, name: str) -> Vehicle:
    """Another of the same carrier."""
    same = {
        column.key: getattr(van, column.key)
        for column in Vehicle.__table__.columns
        if column.key not in ("id", "name")
    }
    return Vehicle(name=name, **same)


class Relayed:
    """Two orders, one for a hub's satellite, and the places they may come by."""

    def __init__(self, session, cast):
        self.session, self.cast = session, cast
        offer = make_offer(session, cast, kilograms=500)
        self.near = make_order(session, cast, offer, kilograms=40, day=DAY, key="near").id
        far = make_order(session, cast, offer, kilograms=20, day=DAY, key="far")
        far.kitchen_id, self.far = cast.satellite.id, far.id
        self.site = {"site_id": cast.site.id}
        self.yard = {"site_id": cast.other_producer.sites[0].id}
        self.hub, self.satellite, self.elsewhere = (
            {"kitchen_id": kitchen.id} for kitchen in (cast.hub, cast.satellite, cast.other_kitchen)
        )
        first = make_van(session, cast)
        self.vans = [first, *(beside(first, name) for name in ("Andra", "Tredje"))]
        session.add_all(self.vans)
        session.flush()

    def publish(self, *runs, unserved=()) -> WeekPlan:
        """Each run with the next van; its stops as (hour, place, [(order, kind, leg)])."""
        stored = [self._run(number, stops) for number, stops in enumerate(runs, 1)]
        plan = WeekPlan(
            authority_id=self.cast.authority.id, monday=MONDAY, state=PlanState.PUBLISHED, fingerprint="0" * 64,
            problem={}, plan={"routes": [{"breaks": []} for _ in runs]}, distance_m=0, duration_s=0, cost_ore=0,
            co2e_g=0, alone_distance_m=0, alone_duration_s=0, alone_cost_ore=0, alone_co2e_g=0,
            travel_engine="test", created_at=AT, runs=stored,
            unserved=[UnservedOrder(order_id=one, reason_code="no_vehicle", reason="") for one in unserved],
        )  # fmt: skip
        self.session.add(plan)
        self.session.flush()
        self.session.expire_all()
        return plan

    def _run(self, number: int, stops) -> Run:
        return Run(
            vehicle_id=self.vans[number - 1].id, number=number, day=DAY, distance_m=0, drive_s=0, duration_s=0,
            break_s=0, cost_ore=0, co2e_g=0,
            stops=[
                a_stop(position, hour, place, *(a_load(*load) for load in loads))
                for position, (hour, place, loads) in enumerate(stops, 1)
            ],
        )  # fmt: skip

    def broken_down_at(self, place, *, comes_at=None, **more) -> WeekPlan:
        """Collected at seven, handed over at `place` at eight, at the hub at ten."""
        return self.publish(
            [(7, self.site, [(self.near, PICK, Leg.IN)]), (8, place, [(self.near, GIVE, Leg.IN)])],
            [
                (9, place, [(self.near, PICK, Leg.RELAY)]),
                (10, comes_at or self.hub, [(self.near, GIVE, Leg.RELAY)]),
            ],
            **more,
        )

    def broken_down_on_the_way_to_the_satellite(self) -> WeekPlan:
        return self.publish(
            [(7, self.site, [(self.far, PICK, Leg.IN)]), (8, self.hub, [(self.far, GIVE, Leg.IN)])],
            [
                (9, self.hub, [(self.far, PICK, Leg.ONWARD)]),
                (10, self.elsewhere, [(self.far, GIVE, Leg.ONWARD)]),
            ],
            [
                (11, self.elsewhere, [(self.far, PICK, Leg.RELAY)]),
                (12, self.satellite, [(self.far, GIVE, Leg.RELAY)]),
            ],
        )

    def arrival(self, order_id: int):
        return expected_arrivals(self.session, order_ids=[order_id]).get(order_id)

    def legs(self, order_id: int):
        found = arriving(self.session, order_ids=[order_id], now=clock(6))[order_id]
        return [(leg.leg, leg.place, leg.planned_at) for leg in found]

    def transports(self, name: str):
        period = Week.containing(MONDAY).period
        carried = transports_in(self.session, actor=self.cast.actor(name), period=period)
        return [(call.starts_at, call.is_pickup, call.place) for call in calls_from(carried)]


@pytest.fixture
def relayed(session, cast):
    return Relayed(session, cast)


@pytest.mark.parametrize("place", ["yard", "elsewhere"])
def test_goods_have_arrived_where_they_were_to_go_and_not_where_a_vehicle_stands(relayed, place):
    relayed.broken_down_at(getattr(relayed, place))
    arrival = relayed.arrival(relayed.near)
    assert (arrival.arrives_at, arrival.vehicle, arrival.at_hub_at) == (clock(10), "Andra", None)
    assert arrival.collected_at == clock(7)
    assert relayed.legs(relayed.near) == [(Leg.RELAY, relayed.cast.hub.name, clock(10))]


def test_goods_that_nobody_takes_on_have_not_arrived(relayed):
    run = [
        (7, relayed.site, [(relayed.near, PICK, Leg.IN)]),
        (8, relayed.elsewhere, [(relayed.near, GIVE, Leg.IN)]),
    ]
    relayed.publish(run, unserved=[relayed.near])
    assert relayed.arrival(relayed.near) is None


def test_goods_that_another_kitchen_takes_in_arrive_there(relayed):
    """Their own kitchen is shut."""
    relayed.publish(
        [
            (7, relayed.site, [(relayed.near, PICK, Leg.IN)]),
            (8, relayed.elsewhere, [(relayed.near, GIVE, Leg.IN)]),
        ]
    )
    assert relayed.arrival(relayed.near).arrives_at == clock(8)
    assert relayed.legs(relayed.near) == [(Leg.IN, relayed.cast.other_kitchen.name, clock(8))]


def test_a_satellites_goods_wait_at_the_hub_and_not_where_a_vehicle_stands(relayed):
    relayed.broken_down_on_the_way_to_the_satellite()
    arrival = relayed.arrival(relayed.far)
    assert (arrival.arrives_at, arrival.vehicle, arrival.at_hub_at) == (clock(12), "Tredje", clock(8))
    hub, satellite = relayed.legs(relayed.far)
    assert hub == (Leg.IN, relayed.cast.hub.name, clock(8))
    assert satellite == (Leg.RELAY, relayed.cast.satellite.name, clock(12))


def test_a_handover_is_not_said_to_be_a_delivery(relayed, client_for):
    relayed.broken_down_at(relayed.elsewhere)
    cast, vans = relayed.cast, relayed.vans
    for van, place, hour, who in (
        (vans[0], relayed.elsewhere, 8, "Nästa förare"),
        (vans[1], relayed.hub, 10, "Karin"),
    ):
        relayed.session.add(
            DriverReport(
                vehicle_id=van.id,
                day=DAY,
                order_id=relayed.near,
                kind=ReportKind.DELIVERED,
                signed_by=who,
                happened_at=clock(hour),
                received_at=clock(hour),
                number=1,
                request_key=who,
                user_id=cast.actor("driver").user_id,
                **place,
            )
        )
    relayed.session.commit()
    page = client_for("kitchen").get(f"/orders/{relayed.near}").text
    assert f"Lämnat 10:00 hos {cast.hub.name}, mottaget av Karin" in page
    assert "Nästa förare" not in page


def hours_of(plan: WeekPlan, kind: PartyKind, number: int) -> list[tuple[int, LoadKind]]:
    party = Party(kind=kind, id=number)
    zone = clock(0).tzinfo
    return [(call.at.astimezone(zone).hour, call.kind) for call in calls_of(plan) if call.party == party]


def test_whose_yard_it_is_is_told_of_what_changes_vehicles_there(relayed):
    cast = relayed.cast
    plan = relayed.broken_down_at(relayed.yard)
    assert hours_of(plan, PartyKind.PRODUCER, cast.producer.id) == [(7, PICK)]
    assert hours_of(plan, PartyKind.PRODUCER, cast.other_producer.id) == [(8, GIVE), (9, PICK)]
    assert hours_of(plan, PartyKind.KITCHEN, cast.hub.id) == [(10, GIVE)]
    assert [(at, take) for at, take, _ in relayed.transports("producer")] == [(clock(7), True)]
    yards = [(at, take) for at, take, _ in relayed.transports("other_producer")]
    assert yards == [(clock(8), False), (clock(9), True)]
    assert [at for at, _, _ in relayed.transports("kitchen")] == [clock(10)]


def test_a_handover_at_another_kitchen_is_nothing_to_the_one_that_ordered(relayed):
    plan = relayed.broken_down_at(relayed.elsewhere)
    assert hours_of(plan, PartyKind.KITCHEN, relayed.cast.hub.id) == [(10, GIVE)]
    assert hours_of(plan, PartyKind.KITCHEN, relayed.cast.other_kitchen.id) == [(8, GIVE), (9, PICK)]
    assert [at for at, _, _ in relayed.transports("kitchen")] == [clock(10)]


def test_a_satellite_is_told_where_its_relayed_goods_wait_for_it(relayed):
    """Nobody takes them on from the hub, though another vehicle has taken them there."""
    relay = [
        (9, relayed.yard, [(relayed.far, PICK, Leg.RELAY)]),
        (10, relayed.hub, [(relayed.far, GIVE, Leg.RELAY)]),
    ]
    plan = relayed.publish(
        [(7, relayed.site, [(relayed.far, PICK, Leg.IN)]), (8, relayed.yard, [(relayed.far, GIVE, Leg.IN)])],
        relay,
    )
    assert hours_of(plan, PartyKind.KITCHEN, relayed.cast.satellite.id) == [(10, GIVE)]
    assert [at for at, _, _ in relayed.transports("satellite")] == [clock(10)]


def test_the_yards_owner_reads_what_and_not_the_order(relayed, client_for):
    relayed.broken_down_at(relayed.yard)
    relayed.session.commit()
    page = client_for("other_producer").get(f"/transports?week={Week.containing(MONDAY)}").text
    assert "Andra hämtar" in page
    assert f"/orders/{relayed.near}" not in page
    own = client_for("producer").get(f"/transports?week={Week.containing(MONDAY)}").text
    assert f"/orders/{relayed.near}" in own


def test_the_run_sheet_says_where_relayed_goods_are_to_go(relayed):
    plan = relayed.broken_down_on_the_way_to_the_satellite()
    first, second, third = (sheet_of(run).stops for run in plan.runs)
    elsewhere, satellite = relayed.cast.other_kitchen.name, relayed.cast.satellite.name
    assert first[0].pickups[0].kitchen_name == relayed.cast.hub.name
    assert first[0].pickups[0].forward_to == satellite
    assert second[0].pickups[0].kitchen_name == elsewhere
    (load,) = third[0].pickups
    assert (load.kitchen_name, load.forward_to) == (satellite, None)
    assert third[1].deliveries[0].forward_to is None
