"""What the transports of an order emitted: its part of the published routes that carried it, an estimate for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from access_making import make_vehicle
from factories import AT, MONDAY, Cast
from followup_making import delivered, some_offer
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.fleet.models import Vehicle
from market.followup.emission_factors import OWN_VAN
from market.followup.models import Arrival, Delivered
from market.followup.recording import record_delivery
from market.followup.rules import EmissionMethod
from market.offers.models import Offer
from market.orders.models import DeliveryLine, Order
from market.planning.models import Run, RunLoad, RunStop, WeekPlan
from market.planning.rules import Leg, LoadKind, PlanState
from market.register.models import Kitchen, ProductionSite

EMITTED_G = 10_000
IN, ONWARD, RELAY = Leg.IN, Leg.ONWARD, Leg.RELAY


@dataclass(frozen=True)
class Desk:
    """A published week, in which vehicles carry what the tests load on them."""

    session: Session
    cast: Cast
    offer: Offer
    plan: WeekPlan
    van: Vehicle

    def order(self, kitchen: Kitchen | None = None, kilograms: int = 40) -> Order:
        """Agreed, with nothing received."""
        row = delivered(self.session, self.cast, self.offer, kitchen=kitchen, kilograms=kilograms)
        self.session.delete(row)
        for arrival in self.session.scalars(select(Arrival)):
            self.session.delete(arrival)
        self.session.flush()
        return self.session.get_one(Order, row.order_id)

    def drive(self, *loads: tuple[Order, Leg, object, object], van: Vehicle | None = None) -> Run:
        """A run that picks each load up at its first place and unloads it at its second; None is the vehicle's home."""
        pickups = [
            self._stop(n, a, order, leg, LoadKind.PICKUP) for n, (order, leg, a, _) in enumerate(loads)
        ]
        unloads = [
            self._stop(n + 50, b, order, leg, LoadKind.DELIVERY) for n, (order, leg, _, b) in enumerate(loads)
        ]
        run = Run(
            vehicle_id=(van or self.van).id, number=len(self.plan.runs) + 1, day=MONDAY, distance_m=1, drive_s=1,
            duration_s=1, break_s=0, cost_ore=0, co2e_g=EMITTED_G, stops=[*pickups, *unloads],
        )  # fmt: skip
        self.plan.runs.append(run)
        self.session.flush()
        return run

    def _stop(self, position: int, place: object, order: Order, leg: Leg, kind: LoadKind) -> RunStop:
        return RunStop(
            position=position, site_id=place.id if isinstance(place, ProductionSite) else None,
            kitchen_id=place.id if isinstance(place, Kitchen) else None, arrives_at=AT, starts_at=AT, departs_at=AT,
            load_grams=0, loads=[RunLoad(order_id=order.id, kind=kind, leg=leg, grams=order.grams)],
        )  # fmt: skip

    def receive(self, order: Order) -> Delivered:
        line = self.session.scalars(select(DeliveryLine).filter_by(order_line_id=order.lines[0].id)).one()
        [row] = record_delivery(self.session, delivery=line.delivery, at=AT)
        return row

    def arrivals(self) -> set[tuple[int, str]]:
        return {(one.kitchen_id, one.carrier) for one in self.session.scalars(select(Arrival))}


@pytest.fixture
def desk(session: Session, cast: Cast) -> Desk:
    vans = [make_vehicle(cast.authority.id), make_vehicle(cast.authority.id)]
    vans[1].name, vans[1].carrier = "Skåpbilen", vans[0].carrier
    plan = WeekPlan(
        authority_id=cast.authority.id, monday=MONDAY, state=PlanState.PUBLISHED, fingerprint="", problem={}, plan={},
        distance_m=0, duration_s=0, cost_ore=0, co2e_g=0, alone_distance_m=0, alone_duration_s=0, alone_cost_ore=0,
        alone_co2e_g=0, travel_engine="", created_at=AT,
    )  # fmt: skip
    session.add_all([*vans, plan])
    session.flush()
    return Desk(session, cast, some_offer(session, cast), plan, vans[0])


def alone(row: Delivered, metres: int) -> int:
    """There and back in a van of its own, as the factor's words have it."""
    return round(OWN_VAN.g_per_km * 2 * metres / 1000 * row.grams / OWN_VAN.load_grams)


def test_a_route_is_shared_by_weight_and_way(desk: Desk) -> None:
    """Three times as heavy over the same way is three quarters of it; the way is the straight one of the load."""
    cast, light, heavy = desk.cast, desk.order(kilograms=10), desk.order(kilograms=30)
    desk.drive(*((order, IN, cast.site, cast.hub) for order in (light, heavy)))
    rows = [desk.receive(order) for order in (light, heavy)]

    assert [row.co2e_g for row in rows] == [EMITTED_G // 4, 3 * EMITTED_G // 4]
    assert {row.emission_method for row in rows} == {EmissionMethod.PLANNED}
    assert desk.arrivals() == {(cast.hub.id, f"vehicle:{desk.van.id}")}


def test_a_longer_way_bears_more(desk: Desk) -> None:
    """Of the same weight, from the farm to the hub and from the farm to the other kitchen, more than twice as far."""
    cast = desk.cast
    near, far = desk.order(), desk.order()
    desk.drive((near, IN, cast.site, cast.hub), (far, IN, cast.site, cast.other_kitchen))
    part = desk.receive(near).co2e_g
    assert 0 < part < EMITTED_G // 3


def test_onward_to_a_satellite(desk: Desk) -> None:
    """Both routes count, and both kitchens had a vehicle."""
    cast = desk.cast
    order = desk.order(cast.satellite)
    desk.drive((order, IN, cast.site, cast.hub))
    desk.drive((order, ONWARD, cast.hub, cast.satellite))
    row = desk.receive(order)
    assert row.co2e_g == 2 * EMITTED_G
    assert row.kitchen_m > 10_000
    van = f"vehicle:{desk.van.id}"
    assert desk.arrivals() == {(cast.hub.id, van), (cast.satellite.id, van)}


@pytest.mark.parametrize("leg", [IN, ONWARD])
def test_what_no_route_covered_is_estimated(desk: Desk, leg: Leg) -> None:
    """Only in, or only onward: a van of its own has driven the other leg."""
    cast = desk.cast
    order = desk.order(cast.satellite)
    places = (cast.site, cast.hub) if leg is IN else (cast.hub, cast.satellite)
    desk.drive((order, leg, *places))
    row = desk.receive(order)
    assert row.co2e_g == pytest.approx(
        EMITTED_G + alone(row, row.kitchen_m if leg is IN else row.hub_m), abs=1
    )
    came = f"vehicle:{desk.van.id}" if leg is IN else f"producer:{cast.producer.id}"
    assert (cast.hub.id, came) in desk.arrivals()


def test_a_part_each_in_two_vehicles(desk: Desk) -> None:
    """Two arrivals, and a part of each route."""
    cast, order = desk.cast, desk.order()
    other = desk.session.scalars(select(Vehicle).where(Vehicle.id != desk.van.id)).one()
    for van in (desk.van, other):
        desk.drive((order, IN, cast.site, cast.hub), van=van)
    assert desk.receive(order).co2e_g == 2 * EMITTED_G
    assert desk.arrivals() == {(cast.hub.id, f"vehicle:{van.id}") for van in (desk.van, other)}


def test_taken_on_from_a_vehicle_that_stands_at_home(desk: Desk) -> None:
    """Picked up at neither farm nor kitchen it bears its part all the same."""
    cast, relayed, usual = desk.cast, desk.order(), desk.order()
    desk.drive((relayed, RELAY, None, cast.hub), (usual, IN, cast.site, cast.hub))
    parts = [desk.receive(order).co2e_g for order in (relayed, usual)]
    assert min(parts) > 0
    assert sum(parts) == EMITTED_G


def test_a_draft_carries_nothing(desk: Desk) -> None:
    order = desk.order()
    desk.drive((order, IN, desk.cast.site, desk.cast.hub))
    desk.plan.state = PlanState.DRAFT
    row = desk.receive(order)
    assert row.emission_method is EmissionMethod.ESTIMATED
    assert row.co2e_g == pytest.approx(alone(row, row.hub_m), abs=1)
    assert desk.arrivals() == {(desk.cast.hub.id, f"producer:{desk.cast.producer.id}")}
