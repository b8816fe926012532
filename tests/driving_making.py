"""A run to drive: collected at the grower's, handed over at the hub, carried on to its satellite; published, with a driver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from factories import AT, HOUR, MONDAY, Cast, make_offer, make_order
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.driving.operations import take_report
from market.driving.queries import run_of
from market.driving.rules import Reported, ReportKind
from market.fleet.models import Carrier, Driver, Vehicle
from market.fleet.rules import CarrierKind
from market.orders.models import Order
from market.planning.models import Run, RunLoad, RunStop, WeekPlan
from market.planning.rules import Leg, LoadKind, PlanState
from market.register.models import Temperature
from market.values import wall_clock

DAY = MONDAY + timedelta(days=2)
MINUTE = 60


def clock(hours: int, minutes: int = 0, *, day: date = DAY) -> datetime:
    return wall_clock(day, hours * HOUR + minutes * MINUTE)


@dataclass(frozen=True)
class Trip:
    """Ids and names of what was made. `near` goes to the hub at 8.15, `far` on from there to the satellite at 9."""

    vehicle_id: int
    driver_id: int
    day: date
    near: int
    far: int
    site: str
    hub: str
    satellite: str

    @property
    def url(self) -> str:
        return f"/drive/{self.vehicle_id}/{self.day}"

    def run(self, session: Session) -> Run:
        found = run_of(session, vehicle_id=self.vehicle_id, day=self.day)
        assert found is not None
        return found

    def say(self, session: Session, cast: Cast, kind: ReportKind, *, at: datetime, **said: object) -> None:
        """The driver reports, and it is received at once."""
        key = str(said.pop("key", f"{kind.value}-{at.isoformat()}"))
        report = Reported(request_key=key, kind=kind, happened_at=at, **said)  # type: ignore[arg-type]
        take_report(session, run=self.run(session), report=report, actor=cast.actor("driver"), at=at)


def make_trip(session: Session, cast: Cast, *, vehicle: Vehicle | None = None, day: date = DAY) -> Trip:
    """Chilled goods. Flushed, not committed."""
    vehicle = vehicle or make_van(session, cast)
    user = session.scalars(select(User).where(User.email == "driver@example.se")).one()
    known = select(Driver).where(Driver.carrier_id == vehicle.carrier_id, Driver.user_id == user.id)
    driver = session.scalar(known) or Driver(
        carrier_id=vehicle.carrier_id, user_id=user.id, phone="070-1", added_at=AT
    )
    session.add(driver)
    offer = make_offer(session, cast, kilograms=500)
    near = make_order(session, cast, offer, kilograms=40, day=DAY, key=f"near-{day}")
    far = make_order(session, cast, offer, kilograms=20, day=DAY, key=f"far-{day}")
    for order in (near, far):
        order.deliver_on, order.lines[0].temperature = day, Temperature.CHILLED
    far.kitchen_id = cast.satellite.id
    session.flush()
    session.add(_plan(cast, vehicle, day, near, far))
    session.flush()
    return Trip(
        vehicle_id=vehicle.id,
        driver_id=driver.id,
        day=day,
        near=near.id,
        far=far.id,
        site=f"site:{cast.site.id}",
        hub=f"kitchen:{cast.hub.id}",
        satellite=f"kitchen:{cast.satellite.id}",
    )


def make_van(session: Session, cast: Cast) -> Vehicle:
    carrier = Carrier(
        authority_id=cast.authority.id,
        kind=CarrierKind.MUNICIPALITY,
        name="Kommunens bilar",
        phone="0176-710 00",
    )
    van = Vehicle(
        authority_id=cast.authority.id, carrier=carrier, name="Kylbilen", home_name="Förrådet", lat=59.76, lon=18.70,
        capacity_grams=900_000, capacity_crates=80, weekdays="12345", shift_starts_s=6 * HOUR, shift_ends_s=15 * HOUR,
        fixed_ore_per_shift=0, ore_per_km=400, ore_per_hour=30_000, co2e_g_per_km=210,
    )  # fmt: skip
    session.add(van)
    session.flush()
    return van


def _plan(cast: Cast, vehicle: Vehicle, day: date, near: Order, far: Order) -> WeekPlan:
    def stop(position: int, arrives: tuple[int, int], minutes: int, **place: object) -> RunStop:
        at = clock(*arrives, day=day)
        departs = at + timedelta(minutes=minutes)
        return RunStop(
            position=position, arrives_at=at, starts_at=at, departs_at=departs, load_grams=0, **place
        )

    def load(order: Order, kind: LoadKind, leg: Leg = Leg.IN) -> RunLoad:
        grams = order.grams
        return RunLoad(
            order_id=order.id, kind=kind, leg=leg, grams=grams, crates=4, temperature=Temperature.CHILLED
        )

    pick, give = LoadKind.PICKUP, LoadKind.DELIVERY
    run = Run(
        vehicle_id=vehicle.id, number=1, day=day, distance_m=60_000, drive_s=5400, duration_s=9000, break_s=0,
        cost_ore=100_000, co2e_g=12_000,
        stops=[
            stop(1, (7, 0), 0),
            stop(2, (7, 30), 15, site_id=cast.site.id, loads=[load(near, pick), load(far, pick)]),
            stop(3, (8, 15), 15, kitchen_id=cast.hub.id,
                 loads=[load(near, give), load(far, give), load(far, pick, Leg.ONWARD)]),
            stop(4, (9, 0), 10, kitchen_id=cast.satellite.id, loads=[load(far, give, Leg.ONWARD)]),
            stop(5, (9, 40), 0),
        ],
    )  # fmt: skip
    return WeekPlan(
        authority_id=cast.authority.id, monday=day - timedelta(days=day.weekday()), state=PlanState.PUBLISHED,
        fingerprint="0" * 64, problem={}, plan={"routes": [{"breaks": []}]}, distance_m=0, duration_s=0, cost_ore=0,
        co2e_g=0, alone_distance_m=0, alone_duration_s=0, alone_cost_ore=0, alone_co2e_g=0, travel_engine="test",
        created_at=AT, runs=[run],
    )  # fmt: skip
