"""What a driver reports is kept once and in order; who is told of what; who drives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from driving_making import DAY, clock
from factories import AT, tiny_photo
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from market.audit import AuditEvent
from market.driving import rules
from market.driving.arriving import arriving
from market.driving.models import DriverReport
from market.driving.operations import DrivesForAnother, DrivesThen, assign_driver, take_report
from market.driving.queries import run_for_driver, runs_for_driver
from market.driving.rules import Reported, ReportKind
from market.fleet.driver_operations import add_driver, remove_driver
from market.fleet.models import Carrier, Driver, Vehicle
from market.fleet.rules import CarrierKind
from market.outbox import OutboxMessage
from market.photos.encoding import encoded
from market.photos.models import PhotoReader
from market.planning.models import Run, RunStop
from market.planning.rules import Leg
from market.register.models import Temperature


def rows(session):
    return list(session.scalars(select(DriverReport).order_by(DriverReport.id)))


def told(session, kind):
    query = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
    return list(session.scalars(query))


def loaded(key="k1", *, order_ids=(), at=None, place="site:1", **said):
    return Reported(
        request_key=key, kind=ReportKind.LOADED, place=place, order_ids=order_ids, happened_at=at, **said
    )


def take(session, cast, trip, report, *, at, who="driver", photo=None):
    return take_report(
        session, run=trip.run(session), report=report, photo=photo, actor=cast.actor(who), at=at
    )


def test_a_report_is_kept_as_it_was_made(session, cast, trip):
    report = loaded(
        order_ids=(trip.near,), place=trip.site, grams=39_500, crates=4, decidegrees=42, at=clock(7, 40), number=3
    )  # fmt: skip
    (row,) = take(session, cast, trip, report, at=clock(9, 0))
    assert (row.vehicle_id, row.day, row.order_id) == (trip.vehicle_id, DAY, trip.near)
    assert (row.grams, row.crates, row.decidegrees, row.number) == (39_500, 4, 42, 3)
    assert (row.happened_at, row.received_at) == (clock(7, 40), clock(9, 0))
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "run.loaded")).one()
    assert event.data["orders"] == [trip.near]


def test_the_same_report_sent_again_is_one(session, cast, trip):
    report = loaded(order_ids=(trip.near, trip.far), place=trip.site)
    first = take(session, cast, trip, report, at=clock(8))
    again = take(session, cast, trip, report, at=clock(9))
    assert [row.id for row in again] == [row.id for row in first]
    assert len(rows(session)) == 2


def test_another_ones_key_is_refused(session, cast, trip):
    take(session, cast, trip, loaded(order_ids=(trip.near,), place=trip.site), at=clock(8))
    other = add_other_driver(session, cast, trip)
    with pytest.raises(rules.KeyTaken):
        take_report(
            session,
            run=trip.run(session),
            report=loaded(order_ids=(trip.near,), place=trip.site),
            actor=other,
            at=clock(8, 1),
        )


def test_a_phone_whose_clock_is_ahead_reports_now(session, cast, trip):
    report = loaded(order_ids=(trip.near,), place=trip.site, at=clock(23))
    (row,) = take(session, cast, trip, report, at=clock(8))
    assert row.happened_at == clock(8)


def test_what_is_not_on_the_run_is_refused(session, cast, trip):
    for report in (
        loaded(order_ids=(9_999,), place=trip.site),
        loaded(order_ids=(trip.near,), place="kitchen:9999"),
    ):
        with pytest.raises(rules.NotOnRun):
            take(session, cast, trip, report, at=clock(8))
    assert rows(session) == []


def test_before_its_day_nothing_is_reported(session, cast, trip):
    with pytest.raises(rules.NotToday):
        take(
            session,
            cast,
            trip,
            loaded(order_ids=(trip.near,), place=trip.site),
            at=clock(8) - timedelta(days=1),
        )


def add_other_driver(session, cast, trip, name="procurement_officer"):
    """Someone else of the same carrier, seen as a driver."""
    actor = cast.actor(name)
    carrier_id = session.get_one(Driver, trip.driver_id).carrier_id
    session.add(Driver(carrier_id=carrier_id, user_id=actor.user_id, phone="", added_at=AT))
    session.flush()
    return actor


def test_a_run_given_to_someone_is_nobody_elses(session, cast, trip):
    other, planner = add_other_driver(session, cast, trip), cast.actor("logistics_planner")
    run, driver = trip.run(session), session.get_one(Driver, trip.driver_id)
    assert run_for_driver(session, actor=other, vehicle_id=trip.vehicle_id, day=DAY) is not None
    assign_driver(session, run=run, driver=driver, actor=planner, at=AT)
    assert run_for_driver(session, actor=other, vehicle_id=trip.vehicle_id, day=DAY) is None
    assert runs_for_driver(session, actor=cast.actor("driver"), today=DAY) == [run]
    with pytest.raises(rules.NotYourRun):
        take_report(session, run=run, report=loaded(), actor=other, at=clock(8))


def test_a_driver_who_was_removed_this_morning_is_refused_with_words(session, cast, trip):
    driver = session.get_one(Driver, trip.driver_id)
    remove_driver(session, driver=driver, actor=cast.actor("logistics_planner"), at=clock(6))
    with pytest.raises(rules.DriverRemoved):
        take(session, cast, trip, loaded(order_ids=(trip.near,), place=trip.site), at=clock(8))
    assert runs_for_driver(session, actor=cast.actor("driver"), today=DAY) == []


def test_a_run_of_one_who_stopped_is_anyones_of_the_carrier(session, cast, trip):
    other, planner = add_other_driver(session, cast, trip), cast.actor("logistics_planner")
    driver = session.get_one(Driver, trip.driver_id)
    assign_driver(session, run=trip.run(session), driver=driver, actor=planner, at=AT)
    driver.removed_at = clock(6)
    session.flush()
    assert run_for_driver(session, actor=other, vehicle_id=trip.vehicle_id, day=DAY) is not None


def test_only_the_carriers_own_drivers_are_given_its_runs(session, cast, trip):
    planner = cast.actor("logistics_planner")
    haulier = Carrier(authority_id=cast.authority.id, kind=CarrierKind.HAULIER, name="Åkeriet")
    session.add(haulier)
    session.flush()
    driver = add_driver(
        session, carrier=haulier, email="ny@example.se", name="Ny Förare", password_hash="x", actor=planner, at=AT
    )  # fmt: skip
    run = trip.run(session)
    with pytest.raises(DrivesForAnother):
        assign_driver(session, run=run, driver=driver, actor=planner, at=AT)
    assign_driver(session, run=run, driver=None, actor=planner, at=AT)
    assert session.get_one(Run, run.id).driver_id is None


def run_beside(session, run, *, hours):
    """Another vehicle of the same carrier on the same day, so many hours later than the run."""
    old = run.vehicle
    columns = {
        column.key: getattr(old, column.key)
        for column in type(old).__table__.columns
        if column.key not in {"id", "name"}
    }
    van = Vehicle(**columns, name="Bilen bredvid")
    stops = [
        RunStop(
            position=number,
            arrives_at=stop.arrives_at + timedelta(hours=hours),
            starts_at=stop.starts_at + timedelta(hours=hours),
            departs_at=stop.departs_at + timedelta(hours=hours),
            load_grams=0,
        )
        for number, stop in enumerate((run.stops[0], run.stops[-1]), 1)
    ]
    beside = Run(
        week_plan_id=run.week_plan_id, vehicle=van, number=99, day=run.day, stops=stops, distance_m=1, drive_s=1,
        duration_s=1, break_s=0, cost_ore=1, co2e_g=1,
    )  # fmt: skip
    session.add(beside)
    session.flush()
    return beside


@pytest.mark.parametrize(("hours", "may"), [(0, False), (1, False), (23, True)])
def test_nobody_drives_two_vehicles_at_once(session, cast, trip, hours, may):
    planner, driver = cast.actor("logistics_planner"), session.get_one(Driver, trip.driver_id)
    run = trip.run(session)
    beside = run_beside(session, run, hours=hours)
    assign_driver(session, run=run, driver=driver, actor=planner, at=AT)
    if may:
        assign_driver(session, run=beside, driver=driver, actor=planner, at=AT)
        return
    with pytest.raises(DrivesThen):
        assign_driver(session, run=beside, driver=driver, actor=planner, at=AT)
    assert beside.driver_id is None


def test_a_large_delay_tells_the_kitchens_by_itself_and_once(session, cast, trip):
    say = lambda kind, at, **said: trip.say(session, cast, kind, at=at, **said)  # noqa: E731
    say(ReportKind.LEFT, clock(7, 10))
    assert told(session, "transport_late") == [], "ten minutes are within the tolerance"
    say(ReportKind.ARRIVED, clock(7, 50), place=trip.site)
    late = told(session, "transport_late")
    assert {message.params["place"] for message in late} == {"Centralköket", "Förskolan Rimbo"}
    assert late[0].params["expected_at"] == clock(8, 35).isoformat()
    say(ReportKind.LOADED, clock(7, 55), place=trip.site, order_ids=(trip.near,), key="a")
    assert len(told(session, "transport_late")) == len(late)
    say(ReportKind.LOADED, clock(8, 20), place=trip.site, order_ids=(trip.far,), key="b")
    assert len(told(session, "transport_late")) == 2 * len(late), "the delay has doubled"


def test_reports_that_come_in_the_day_after_make_nobody_wait(session, cast, trip):
    report = Reported(request_key="k", kind=ReportKind.ARRIVED, place=trip.site, happened_at=clock(9))
    take(session, cast, trip, report, at=clock(9) + timedelta(days=1))
    assert told(session, "transport_late") == []


def test_a_deviation_with_a_photo_is_seen_by_those_it_concerns(session, cast, trip):
    report = Reported(
        request_key="k", kind=ReportKind.DEVIATION, place=trip.site, order_ids=(trip.near,), note="En låda är blöt.",
        has_photo=True,
    )  # fmt: skip
    (row,) = take(session, cast, trip, report, at=clock(8), photo=encoded(tiny_photo()))
    readers = session.scalars(select(PhotoReader).where(PhotoReader.photo_id == row.photo_id)).all()
    assert {one.authority_id for one in readers} == {cast.authority.id, None}
    assert {one.producer_id for one in readers} == {cast.producer.id, None}
    users = {message.user_id for message in told(session, "transport_deviation")}
    assert users == {cast.actor(name).user_id for name in ("kitchen", "producer", "logistics_planner")}


def test_goods_on_board_when_it_is_too_warm_are_flagged_and_their_kitchens_told_once(session, cast, trip):
    say = lambda kind, at, **said: trip.say(session, cast, kind, at=at, **said)  # noqa: E731
    warm = {"temperature": Temperature.CHILLED.value, "decidegrees": 95}
    say(ReportKind.TEMPERATURE, clock(7, 10), **warm)
    assert told(session, "cold_chain_broken") == [], "the vehicle was empty"
    for order_id in (trip.near, trip.far):
        say(ReportKind.LOADED, clock(7, 40), place=trip.site, order_ids=(order_id,), key=f"load-{order_id}")
    say(ReportKind.TEMPERATURE, clock(8, 0), **warm)
    say(ReportKind.TEMPERATURE, clock(8, 5), **(warm | {"decidegrees": 99}))
    assert {message.params["order_id"] for message in told(session, "cold_chain_broken")} == {
        trip.near,
        trip.far,
    }
    to_hub = [m for m in told(session, "cold_chain_broken") if m.user_id == cast.actor("kitchen").user_id]
    assert len(to_hub) == 2
    (leg,) = arriving(session, order_ids=[trip.near], now=clock(8, 6))[trip.near]
    assert [(one.decidegrees, one.limit) for one in leg.breaks] == [(99, 80)]


def test_what_was_handed_over_before_it_grew_warm_is_not_flagged(session, cast, trip):
    say = lambda kind, at, **said: trip.say(session, cast, kind, at=at, **said)  # noqa: E731
    for order_id in (trip.near, trip.far):
        say(ReportKind.LOADED, clock(7, 40), place=trip.site, order_ids=(order_id,), key=f"load-{order_id}")
    say(ReportKind.DELIVERED, clock(8, 20), place=trip.hub, order_ids=(trip.near,), signed_by="Karin")
    say(ReportKind.TEMPERATURE, clock(8, 40), temperature="chilled", decidegrees=120)
    legs = arriving(session, order_ids=[trip.near, trip.far], now=clock(8, 41))
    assert [bool(leg.breaks) for leg in legs[trip.near]] == [False]
    assert all(leg.breaks for leg in legs[trip.far])
    assert legs[trip.near][0].delivered.signed_by == "Karin"


def test_an_order_that_goes_on_to_a_satellite_has_two_legs(session, cast, trip):
    trip.say(session, cast, ReportKind.LEFT, at=clock(7, 30))
    hub, satellite = arriving(session, order_ids=[trip.far], now=clock(7, 31))[trip.far]
    assert (hub.leg, satellite.leg) == (Leg.IN, Leg.ONWARD)
    assert (hub.expected_at, satellite.expected_at) == (clock(8, 45), clock(9, 30))
    assert hub.is_late


def test_the_database_refuses_what_must_never_be(session, cast, trip):
    trip.say(session, cast, ReportKind.LEFT, at=clock(7))
    for change in ("received_at = '2020-01-01'", "kind = 'delivered'", "kind = 'flown'"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(f"UPDATE driver_reports SET {change}"))
