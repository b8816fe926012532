"""The report's five municipalities, each from its set-up form to a checked plan that does what the report says of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from factories import AT, MONDAY, Cast
from flask.testing import FlaskClient
from set_up_forms import set_up, van
from sqlalchemy import Engine, Executable, delete, select
from sqlalchemy.orm import Session

from market.db import transaction
from market.fleet.models import ClosedPeriod
from market.offers.models import Offer
from market.orders.operations import place_order
from market.planning.models import Run, RunStop, WeekPlan
from market.planning.operations import plan_week, publish_plan
from market.planning.pricing import paid_with_goods_ore
from market.planning.queries import expected_arrivals, plan_for
from market.planning.rules import Leg, LoadKind
from market.planning.storing import check_sound
from market.register.models import Kitchen, ProductionSite, SiteWindow, TransportModel
from market.values import Quantity, Unit, Week
from routing.formats.document import plan_from, problem_from
from routing.solve import Limit

pytestmark = pytest.mark.slow

TUESDAY, WEDNESDAY, FRIDAY = (MONDAY + timedelta(days=n) for n in (1, 2, 4))
QUICK = Limit(iterations=12, seconds=5)
Client = Callable[[str | None], FlaskClient]


@dataclass(frozen=True)
class Town:
    """A municipality with carrots and potatoes on offer, and its logistics planner at the desk."""

    engine: Engine
    cast: Cast
    client: FlaskClient
    offers: dict[str, int]

    def set_up(self, model: TransportModel, **changes: Any) -> None:
        answer = set_up(self.client, self.cast, model, **changes)
        assert "Sparat" in answer.text, answer.text

    def order(self, goods: str, kilograms: int, day: date, *, to_satellite: bool = False) -> int:
        """As kitchens do: where the goods are taken in is as the register says at that moment."""
        name = "satellite" if to_satellite else "kitchen"
        with transaction(self.engine) as session:
            kitchen = self.cast.satellite if to_satellite else self.cast.hub
            return place_order(
                session,
                offer=session.get_one(Offer, self.offers[goods]),
                kitchen=session.get_one(Kitchen, kitchen.id),
                quantity=Quantity.of(kilograms, Unit.KILOGRAM),
                deliver_on=day,
                proposed_price=None,
                note="",
                request_key=f"{name}-{goods}-{day}",
                actor=self.cast.actor(name),
                at=AT,
            ).id

    def change(self, *statements: Executable) -> None:
        with transaction(self.engine) as session:
            for statement in statements:
                session.execute(statement)

    def plan(self, session: Session) -> WeekPlan:
        """Planned, published, read back, and found sound by the independent checker."""
        planner, week = self.cast.actor("logistics_planner"), Week.containing(MONDAY)
        plan_id = plan_week(self.engine, actor=planner, week=week, at=AT, limit=QUICK)
        with transaction(self.engine) as other:
            publish_plan(other, plan=other.get_one(WeekPlan, plan_id), actor=planner, at=AT)
        plan = plan_for(session, actor=planner, plan_id=plan_id)
        assert plan is not None
        check_sound(problem_from(plan.problem), plan_from(plan.plan))
        return plan


def deeds(plan: WeekPlan) -> dict[tuple[int, Leg, LoadKind], tuple[Run, RunStop]]:
    """By order, way and end: by which run and at which stop."""
    found: dict[tuple[int, Leg, LoadKind], tuple[Run, RunStop]] = {}
    for run in plan.runs:
        for stop in run.stops:
            found |= {(load.order_id, load.leg, load.kind): (run, stop) for load in stop.loads}
    return found


def carriers_of(plan: WeekPlan) -> dict[int, str]:
    """By order, who brings it to the receiving kitchen."""
    return {
        order_id: run.vehicle.carrier.name
        for (order_id, leg, kind), (run, _) in deeds(plan).items()
        if (leg, kind) == (Leg.IN, LoadKind.DELIVERY)
    }


def days_of(plan: WeekPlan) -> dict[int, date]:
    """By order, the day on which it reaches the receiving kitchen."""
    return {
        order_id: run.day
        for (order_id, leg, kind), (run, _) in deeds(plan).items()
        if (leg, kind) == (Leg.IN, LoadKind.DELIVERY)
    }


@pytest.fixture
def town(
    engine: Engine, cast_template: tuple[object, Cast], client_for: Client, on_offer: dict[str, int]
) -> Town:
    return Town(engine, cast_template[1], client_for("logistics_planner"), on_offer)


@pytest.fixture
def both(town: Town) -> list[str]:
    """Both growers ticked."""
    return [str(town.cast.producer.id), str(town.cast.other_producer.id)]


def test_kramfors_suppliers_deliver_to_the_hub_and_its_staff_carries_on(town, both, look):
    town.set_up(TransportModel.HUBS_OWN_STAFF, producers=both, transfer="30")
    carrots = town.order("carrots", 40, WEDNESDAY)
    potatoes = town.order("potatoes", 25, WEDNESDAY, to_satellite=True)
    plan = town.plan(look)
    assert plan.unserved == []
    assert carriers_of(plan) == {carrots: "Åkerbo gård", potatoes: "Granby gård"}
    done = deeds(plan)
    run, came = done[potatoes, Leg.ONWARD, LoadKind.DELIVERY]
    assert (run.vehicle.name, came.kitchen_id) == ("Kökets bil, Centralköket", town.cast.satellite.id)
    received = done[potatoes, Leg.IN, LoadKind.DELIVERY][1]
    left = done[potatoes, Leg.ONWARD, LoadKind.PICKUP][1]
    assert left.starts_at >= received.departs_at + timedelta(minutes=30)
    assert plan.cost_ore == run.cost_ore > 0  # the suppliers' driving is in the price of the goods
    arrival = expected_arrivals(look, order_ids=[potatoes])[potatoes]
    assert (arrival.arrives_at, arrival.at_hub_at) == (came.starts_at, received.starts_at)
    page = town.client.get(f"/plans/{plan.id}")
    assert "Ingår i varornas pris" in page.text
    assert "Förskolan Rimbo" in town.client.get(f"/plans/{plan.id}/runs/{run.id}").text
    for path in ("map.html", "routes.geojson", "run-sheets.pdf", "board", "board?as=table", "compare"):
        assert town.client.get(f"/plans/{plan.id}/{path}").status_code == 200, path


def test_tierp_two_firms_carry_for_each_other_once_a_week_within_the_price(town, both, look):
    town.set_up(TransportModel.SUPPLIERS_COLOAD, producers=both, gather_weekday="3")
    orders = [
        town.order("carrots", 40, FRIDAY),
        town.order("potatoes", 25, WEDNESDAY),
        town.order("potatoes", 30, FRIDAY, to_satellite=True),
    ]
    plan = town.plan(look)
    assert plan.unserved == []
    assert days_of(plan) == dict.fromkeys(orders, WEDNESDAY)
    (run,) = plan.runs
    assert {stop.site_id for stop in run.stops if stop.site_id} == {
        town.cast.site.id,
        look.scalars(select(ProductionSite.id).where(ProductionSite.name == "Granby")).one(),
    }
    assert (plan.cost_ore, plan.alone_cost_ore) == (0, 0)
    assert paid_with_goods_ore(plan.runs) > 0
    assert plan.distance_m < plan.alone_distance_m


def test_vallentuna_a_haulier_by_its_tariff_until_the_municipality_drives_itself(town, look):
    prices = {"tariff_day": "900", "tariff_km": "0", "tariff_hour": "0"}
    town.set_up(
        TransportModel.MUNICIPAL_VANS,
        before="haulier",
        haulier="Vallentuna Åkeri",
        producers=[],
        from_on=WEDNESDAY.isoformat(),
        **prices,
    )
    before, after = town.order("carrots", 40, TUESDAY), town.order("carrots", 30, FRIDAY)
    plan = town.plan(look)
    assert carriers_of(plan) == {before: "Vallentuna Åkeri", after: "Kommunens bilar"}
    (hauled,) = (run for run in plan.runs if run.day == TUESDAY)
    assert hauled.cost_ore == 90_000


def test_vallentuna_those_who_say_that_they_can_deliver_do_and_the_rest_is_collected(town, look, client_for):
    able, other = str(town.cast.producer.id), str(town.cast.other_producer.id)
    asked = {"producers": [able, other], "closes_on": (MONDAY + timedelta(days=5)).isoformat()}
    town.client.post(f"/fleet/surveys/{town.cast.authority.id}/new", data=asked)
    says = {"can_deliver": "by_itself", "weekdays": ["3", "5"], "capacity": "400", "has_cold": "y"}
    assert (
        "Tack!" in client_for("producer").post("/transport-surveys/1", data=says, follow_redirects=True).text
    )
    form = town.client.get(f"/fleet/setting-up/{town.cast.authority.id}/municipal_vans").text
    ticked = re.findall(r'<input checked[^>]*name="producers"[^>]*value="(\d+)"', form)
    assert ticked == [able]
    town.set_up(TransportModel.MUNICIPAL_VANS, producers=[able], from_on=MONDAY.isoformat())
    carrots, potatoes = town.order("carrots", 40, WEDNESDAY), town.order("potatoes", 25, WEDNESDAY)
    plan = town.plan(look)
    assert carriers_of(plan) == {carrots: "Åkerbo gård", potatoes: "Kommunens bilar"}


def test_norrtalje_each_producer_drives_its_own_to_the_receiving_kitchen(town, both, look):
    town.set_up(TransportModel.PRODUCER_DELIVERS, producers=both)
    carrots = town.order("carrots", 40, WEDNESDAY)
    potatoes = town.order("potatoes", 25, WEDNESDAY, to_satellite=True)
    plan = town.plan(look)
    assert carriers_of(plan) == {carrots: "Åkerbo gård", potatoes: "Granby gård"}
    assert all(leg is Leg.IN for _, leg, _ in deeds(plan))
    assert deeds(plan)[potatoes, Leg.IN, LoadKind.DELIVERY][1].kitchen_id == town.cast.hub.id
    assert (plan.cost_ore, plan.alone_cost_ore) == (0, 0)
    assert plan.distance_m == plan.alone_distance_m


def test_bath_the_hub_collects_when_producers_choose_and_delivers_some_bring_their_own(town, look):
    granby = select(ProductionSite.id).where(ProductionSite.name == "Granby")
    town.change(delete(SiteWindow).where(SiteWindow.site_id.in_(granby), SiteWindow.weekday > 2))
    town.set_up(TransportModel.HUB_COLLECTS, producers=[str(town.cast.producer.id)])
    carrots = town.order("carrots", 40, WEDNESDAY, to_satellite=True)
    potatoes = town.order("potatoes", 25, WEDNESDAY, to_satellite=True)
    plan = town.plan(look)
    assert plan.unserved == []
    assert days_of(plan) == {carrots: WEDNESDAY, potatoes: TUESDAY}
    assert carriers_of(plan) == {carrots: "Åkerbo gård", potatoes: "Kommunens bilar"}
    onward = [deeds(plan)[order_id, Leg.ONWARD, LoadKind.DELIVERY] for order_id in (carrots, potatoes)]
    assert {(run.day, stop.kitchen_id) for run, stop in onward} == {(WEDNESDAY, town.cast.satellite.id)}
    assert {run.vehicle.name for run, _ in onward} == {"Kommunens bil 1"}


def test_bath_what_is_ordered_within_the_lead_time_waits_and_says_so(town, look):
    town.set_up(TransportModel.HUB_COLLECTS, lead_days="3")
    soon, later = town.order("carrots", 40, TUESDAY), town.order("carrots", 30, FRIDAY)
    plan = town.plan(look)
    assert [(entry.order_id, entry.reason_code) for entry in plan.unserved] == [(soon, "lead_time_too_short")]
    assert set(carriers_of(plan)) == {later}


def test_satellites_wait_at_the_hub_while_its_staff_has_no_hours(town, both, look):
    idle = van("staff") | {"staff-weekdays": ["1"]}
    town.set_up(TransportModel.HUBS_OWN_STAFF, producers=both, **idle)
    potatoes = town.order("potatoes", 25, WEDNESDAY, to_satellite=True)
    plan = town.plan(look)
    assert [entry.order_id for entry in plan.unserved] == [potatoes]
    assert potatoes in carriers_of(plan)
    arrival = expected_arrivals(look, order_ids=[potatoes])[potatoes]
    assert arrival.at_hub_at is None


def test_kitchens_that_are_closed_all_week_get_nothing_and_the_plan_says_why(town, both, look):
    town.set_up(TransportModel.PRODUCER_DELIVERS, producers=both)
    carrots = town.order("carrots", 40, WEDNESDAY)
    with transaction(town.engine) as session:
        period = ClosedPeriod(
            authority_id=town.cast.authority.id, name="Sportlov", first_on=MONDAY, last_on=FRIDAY
        )
        session.add(period)
    plan = town.plan(look)
    assert [(entry.order_id, entry.reason_code) for entry in plan.unserved] == [
        (carrots, "kitchen_closed_that_day")
    ]
    assert plan.runs == []
