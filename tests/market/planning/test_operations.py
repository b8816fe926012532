"""Reading, solving, storing and publishing a week's plan, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from factories import AT, MONDAY
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from market import audit
from market.db import open_session, transaction
from market.fleet.models import Vehicle
from market.planning import operations, rules
from market.planning.models import PlanTransition, UnservedOrder, WeekPlan
from market.planning.queries import plan_for
from market.planning.reading import read_week
from market.planning.sheets import sheet_of
from market.planning.solving import solve_week
from market.register.models import ProductionSite, SiteWindow
from market.values import local_date
from routing.solve import Limit

pytestmark = pytest.mark.slow

WEDNESDAY, THURSDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)


def stored(session, to_plan, plan_id):
    plan = plan_for(session, actor=to_plan.planner, plan_id=plan_id)
    assert plan is not None
    return plan


def solved_week(to_plan):
    with open_session(to_plan.engine, writes=False) as session:
        inputs = read_week(session, actor=to_plan.planner, week=to_plan.week, today=local_date(AT))
    return inputs, solve_week(inputs, limit=Limit(iterations=50, seconds=5))


def test_every_agreed_order_is_collected_and_delivered_on_its_day(to_plan, look):
    plan = stored(look, to_plan, to_plan.make_plan())
    deeds = {
        (load.order_id, load.is_pickup): run.day
        for run in plan.runs
        for stop in sheet_of(run).stops
        for load in (*stop.pickups, *stop.deliveries)
    }
    expected = {to_plan.carrots: WEDNESDAY, to_plan.potatoes: WEDNESDAY, to_plan.thursday: THURSDAY}
    assert deeds == {(order, end): day for order, day in expected.items() for end in (True, False)}
    assert plan.unserved == []


def test_times_lie_in_the_hours_of_places_and_driver(to_plan, look):
    plan = stored(look, to_plan, to_plan.make_plan())
    for run in plan.runs:
        stops = sheet_of(run).stops
        assert all(before.departs_at <= after.arrives_at for before, after in pairwise(stops))
        assert stops[0].departs_at.astimezone(AT.tzinfo).hour >= 6
        for stop in stops:
            if stop.place.kind == "kitchen":
                assert 7 <= stop.starts_at.astimezone(AT.tzinfo).hour < 11


def test_the_plan_costs_less_than_everyone_alone_and_stands_beside_it(to_plan, look):
    plan = stored(look, to_plan, to_plan.make_plan())
    assert plan.distance_m == sum(run.distance_m for run in plan.runs) > 0
    assert plan.cost_ore == sum(run.cost_ore for run in plan.runs)
    assert plan.alone_distance_m > 0
    assert plan.alone_co2e_g > 0
    assert plan.travel_engine.startswith("estimator")


def test_nothing_is_stored_when_an_order_changed_in_between(to_plan, look):
    inputs, solved = solved_week(to_plan)
    to_plan.cancel(to_plan.thursday)
    with pytest.raises(rules.InputsChanged), transaction(to_plan.engine) as session:
        operations.store_plan(session, inputs=inputs, solved=solved, actor=to_plan.planner, at=AT)
    assert look.scalar(select(func.count()).select_from(WeekPlan)) == 0


def test_a_tampered_plan_is_not_stored(to_plan, look):
    inputs, solved = solved_week(to_plan)
    shorter = replace(solved.plan.routes[0], distance_m=solved.plan.routes[0].distance_m - 1000)
    wrong = replace(solved, plan=replace(solved.plan, routes=(shorter, *solved.plan.routes[1:])))
    with pytest.raises(rules.PlanNotSound), transaction(to_plan.engine) as session:
        operations.store_plan(session, inputs=inputs, solved=wrong, actor=to_plan.planner, at=AT)
    assert look.scalar(select(func.count()).select_from(WeekPlan)) == 0


def test_the_same_plan_again_is_kept_once(to_plan, look):
    assert to_plan.make_plan() == to_plan.make_plan()
    assert look.scalar(select(func.count()).select_from(WeekPlan)) == 1


def test_the_database_is_free_while_the_planner_works(to_plan, monkeypatch):
    def interrupted(inputs, **options):
        to_plan.change(update(Vehicle).values(home_name="Nya förrådet"))
        return solve_week(inputs, **options)

    monkeypatch.setattr(operations, "solve_week", interrupted)
    with pytest.raises(rules.InputsChanged):
        to_plan.make_plan()


def test_one_published_plan_per_week(to_plan, look):
    first = to_plan.make_plan()
    to_plan.cancel(to_plan.thursday)
    second = to_plan.make_plan()
    for plan_id in (first, second):
        to_plan.publish(plan_id)
    states = dict(look.execute(select(WeekPlan.id, WeekPlan.state)).all())
    assert states == {first: rules.PlanState.DRAFT, second: rules.PlanState.PUBLISHED}
    history = (
        select(PlanTransition.event).where(PlanTransition.week_plan_id == first).order_by(PlanTransition.id)
    )
    assert list(look.scalars(history)) == ["make", "publish", "withdraw"]


def test_the_database_refuses_a_second_published_plan(to_plan):
    first = to_plan.make_plan()
    to_plan.cancel(to_plan.thursday)
    second = to_plan.make_plan()
    both = update(WeekPlan).where(WeekPlan.id.in_([first, second])).values(state=rules.PlanState.PUBLISHED)
    with pytest.raises(IntegrityError):
        to_plan.change(both)


def test_publishing_twice_is_refused(to_plan):
    plan_id = to_plan.make_plan()
    to_plan.publish(plan_id)
    with pytest.raises(rules.PlanChangedMeanwhile):
        to_plan.publish(plan_id)


def test_making_and_publishing_are_in_the_audit_log(to_plan, look):
    plan_id = to_plan.make_plan()
    to_plan.publish(plan_id)
    query = select(audit.AuditEvent.action).where(audit.AuditEvent.subject == f"plan:{plan_id}")
    assert list(look.scalars(query.order_by(audit.AuditEvent.id))) == ["plan.make", "plan.publish"]


def test_a_site_closed_that_day_is_left_out_and_says_so(to_plan, look):
    granby = select(ProductionSite.id).where(ProductionSite.name == "Granby")
    to_plan.change(delete(SiteWindow).where(SiteWindow.site_id.in_(granby), SiteWindow.weekday == 3))
    plan_id = to_plan.make_plan()
    entry = look.scalars(select(UnservedOrder).where(UnservedOrder.week_plan_id == plan_id)).one()
    assert (entry.order_id, entry.reason_code) == (to_plan.potatoes, rules.SITE_CLOSED)
    assert "hämtningstider" in entry.reason


def test_an_order_too_heavy_for_the_van_is_left_out_of_both_sides_of_the_comparison(to_plan, look):
    everything = stored(look, to_plan, to_plan.make_plan()).alone_distance_m
    look.rollback()
    to_plan.change(update(Vehicle).values(capacity_grams=35_000))
    plan_id = to_plan.make_plan()
    left = dict(look.execute(select(UnservedOrder.order_id, UnservedOrder.reason_code)).all())
    assert left == {to_plan.carrots: "too_heavy"}
    assert 0 < stored(look, to_plan, plan_id).alone_distance_m < everything


def test_a_week_without_orders_is_refused(to_plan):
    with pytest.raises(rules.NothingToPlan):
        to_plan.make_plan(week=to_plan.week.shifted(1))


def test_a_week_without_vehicles_is_refused(to_plan):
    to_plan.change(update(Vehicle).values(is_active=False))
    with pytest.raises(rules.NoVehicles):
        to_plan.make_plan()


def test_a_week_that_has_passed_is_refused(to_plan):
    with pytest.raises(rules.WeekHasPassed):
        to_plan.make_plan(at=AT + timedelta(days=7))


def test_late_in_the_week_only_the_days_ahead_are_planned(to_plan, look):
    plan_id = to_plan.make_plan(at=AT + timedelta(days=3))
    assert {run.day for run in stored(look, to_plan, plan_id).runs} == {THURSDAY}


def test_a_second_van_takes_over_when_one_day_is_too_much(to_plan, look):
    small = {"capacity_grams": 40_000}
    to_plan.change(update(Vehicle).values(**small, shift_ends_s=8 * 3600))
    to_plan.add_vehicle("Andra bilen", **small)
    plan = stored(look, to_plan, to_plan.make_plan())
    assert plan.unserved == []


def test_the_drivers_rest_is_on_the_sheet(to_plan, look):
    """A van at home west of Örebro drives some eight hours for these goods: too long without a rest."""
    to_plan.change(update(Vehicle).values(lat=59.40, lon=15.70, shift_starts_s=0, shift_ends_s=24 * 3600))
    plan = stored(look, to_plan, to_plan.make_plan())
    sheets = [sheet_of(run) for run in plan.runs]
    assert sheets
    for run, sheet in zip(plan.runs, sheets, strict=True):
        (rest,) = sheet.rests
        assert (rest.ends_at - rest.starts_at).total_seconds() == run.break_s == 45 * 60
        assert sheet.starts_at < rest.starts_at < rest.ends_at < sheet.ends_at
