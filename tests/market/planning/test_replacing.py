"""A plan in a published one's place: what is driven stays, who drives stays, and nothing unseen is published."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from factories import AT
from planning_revising import keep_as_it_is
from sqlalchemy import delete, select, update

from market.accounts.rules import Role
from market.db import transaction
from market.fleet.models import Carrier, Driver
from market.jobs.models import Job
from market.orders.models import Order
from market.outbox import OutboxMessage
from market.planning.changes.operations import copy_as_draft
from market.planning.models import CostShare, Run, RunStop, WeekPlan
from market.planning.operations import ask_for_shares, publish_plan
from market.planning.publishing.queries import own_shares, transports_in
from market.planning.publishing.rules import WeekIsBeingDriven
from market.planning.queries import plan_for, plans_of
from market.planning.rules import PlanChangedMeanwhile, PlanState
from market.register.models import Authority
from market.values import SWEDEN

LATER = AT + timedelta(hours=1)


@pytest.fixture
def published(to_plan):
    plan_id = to_plan.first_plan()
    to_plan.publish(plan_id)
    return plan_id


@pytest.fixture
def thursday_morning(to_plan):
    """After Wednesday's run, before Thursday's."""
    return datetime.combine(to_plan.week.monday + timedelta(days=3), time(5), tzinfo=SWEDEN)


def publish(to_plan, plan_id, *, at=LATER, **seen):
    with transaction(to_plan.engine) as session:
        publish_plan(session, plan=session.get_one(WeekPlan, plan_id), actor=to_plan.planner, at=at, **seen)


def draft_of(to_plan, plan_id):
    with transaction(to_plan.engine) as session:
        plan = session.get_one(WeekPlan, plan_id)
        return copy_as_draft(session, plan=plan, actor=to_plan.planner, at=AT).id


def drives(to_plan, name):
    """A driver of the van's carrier. Returns its id."""
    with transaction(to_plan.engine) as session:
        carrier = session.scalars(select(Carrier)).one()
        driver = Driver(carrier_id=carrier.id, user_id=to_plan.cast.actor(name).user_id, added_at=AT)
        session.add(driver)
        session.flush()
        return driver.id


def give(to_plan, plan_id, driver_id):
    to_plan.change(update(Run).where(Run.week_plan_id == plan_id).values(driver_id=driver_id))


def test_a_week_that_is_being_driven_is_not_replaced_by_what_is_left_of_it(
    to_plan, published, thursday_morning, look
):
    rest = to_plan.make_plan(at=thursday_morning)
    with pytest.raises(WeekIsBeingDriven):
        publish(to_plan, rest, at=thursday_morning)
    assert look.get_one(WeekPlan, published).state is PlanState.PUBLISHED
    look.rollback()
    publish(to_plan, draft_of(to_plan, published), at=thursday_morning)  # it has Wednesday's run too


def test_what_has_not_set_off_yet_is_replaced(to_plan, published, thursday_morning, look):
    rest = to_plan.make_plan(at=thursday_morning)
    publish(to_plan, rest, at=LATER)
    assert look.get_one(WeekPlan, published).state is PlanState.DRAFT


@pytest.mark.slow
def test_one_learns_before_the_button_that_the_week_is_being_driven(
    to_plan, published, thursday_morning, client_for, clock
):
    rest = to_plan.make_plan(at=thursday_morning)
    clock.at = thursday_morning
    client = client_for("logistics_planner")
    page = client.get(f"/plans/{rest}/publish").text
    assert "Veckan har börjat köras" in page
    assert f'href="/plans/{published}/new"' in page
    assert 'name="seen"' not in page
    refused = client.post(f"/plans/{rest}/publish", data={"seen": published}, follow_redirects=True)
    assert "Planen är publicerad" not in refused.text


def test_a_draft_that_a_colleague_has_changed_is_not_published_unseen(to_plan, published, look):
    draft = draft_of(to_plan, published)
    keep_as_it_is(to_plan, draft)
    with pytest.raises(PlanChangedMeanwhile):
        publish(to_plan, draft, seen=published, revision=1)
    assert look.get_one(WeekPlan, published).state is PlanState.PUBLISHED
    look.rollback()
    publish(to_plan, draft, seen=published, revision=2)


@pytest.mark.slow
def test_the_form_says_which_revision_was_looked_at(to_plan, client_for, look):
    plan_id, client = to_plan.make_plan(), client_for("logistics_planner")
    url = f"/plans/{plan_id}/publish"
    assert 'name="revision" value="1"' in client.get(url).text
    keep_as_it_is(to_plan, plan_id)
    stale = client.post(url, data={"seen": "0", "revision": "1"}, follow_redirects=True).text
    assert "planen har ändrats sedan sidan visades" in stale
    assert 'name="revision" value="2"' in stale
    assert look.get_one(WeekPlan, plan_id).state is PlanState.DRAFT
    look.rollback()
    done = client.post(url, data={"seen": "0", "revision": "2"}, follow_redirects=True).text
    assert "Planen är publicerad" in done


@pytest.mark.slow
@pytest.mark.parametrize("copied_with", [None, "other_driver"])
def test_whoever_drives_a_published_run_goes_on_driving_it(to_plan, published, copied_with, client_for, look):
    give(to_plan, published, drives(to_plan, copied_with) if copied_with else None)
    draft = draft_of(to_plan, published)
    now = drives(to_plan, "driver")
    give(to_plan, published, now)
    to_plan.change(update(WeekPlan).values(told=None), delete(OutboxMessage))
    assert "Ingen behöver få besked" in client_for("logistics_planner").get(f"/plans/{draft}/publish").text
    publish(to_plan, draft)
    assert set(look.scalars(select(Run.driver_id).where(Run.week_plan_id == draft))) == {now}
    assert look.scalars(select(OutboxMessage)).all() == []


def test_who_has_left_the_carrier_is_not_put_back(to_plan, published, look):
    left, now = drives(to_plan, "other_driver"), drives(to_plan, "driver")
    give(to_plan, published, left)
    draft = draft_of(to_plan, published)
    give(to_plan, draft, now)
    to_plan.change(update(Driver).where(Driver.id == left).values(removed_at=AT))
    publish(to_plan, draft)
    assert set(look.scalars(select(Run.driver_id).where(Run.week_plan_id == draft))) == {now}


def planned_by(to_plan, *, planned, by):
    to_plan.change(update(Authority).where(Authority.id == planned.id).values(planned_by_id=by.id))


def test_a_driver_of_a_municipality_that_another_plans_for_reads_the_own_runs(to_plan, published, look):
    cast = to_plan.cast
    give(to_plan, published, drives(to_plan, "other_driver"))
    actor = cast.actor("other_driver")
    assert transports_in(look, actor=actor, period=to_plan.week.period) == []
    look.rollback()
    planned_by(to_plan, planned=cast.authority, by=cast.other_authority)
    assert len(transports_in(look, actor=actor, period=to_plan.week.period)) == 6


def test_a_change_forgets_what_the_cost_was_shared_as(to_plan, look):
    plan_id = to_plan.make_plan()
    grower = to_plan.cast.actor("producer")
    with transaction(to_plan.engine) as session:
        session.add(
            CostShare(
                week_plan_id=plan_id, producer_id=grower.producer_id, alone_ore=2, share_ore=1, is_exact=True
            )
        )
    keep_as_it_is(to_plan, plan_id)
    publish(to_plan, plan_id)
    assert own_shares(look, actor=grower, week=to_plan.week) == []


def test_each_revision_has_its_cost_shared(to_plan, look):
    plan_id = to_plan.make_plan()
    for revision in (1, 1, 2):
        to_plan.change(update(WeekPlan).values(revision=revision))
        with transaction(to_plan.engine) as session:
            plan = session.get_one(WeekPlan, plan_id)
            ask_for_shares(session, plan=plan, actor=to_plan.planner, at=AT)
    keys = look.scalars(select(Job.key).order_by(Job.id)).all()
    assert keys == [f"share_costs:{plan_id}:1", f"share_costs:{plan_id}:2"]


def reads(to_plan, look, plan_id):
    """Whether the meal manager of the municipality that we plan for reads the plan."""
    look.rollback()
    actor = to_plan.cast.actor("other_meal_manager")
    assert actor.role is Role.MEAL_MANAGER
    found = plan_for(look, actor=actor, plan_id=plan_id)
    assert (found is not None) == bool(plans_of(look, actor=actor, week=to_plan.week))
    return found is not None


def test_a_meal_manager_reads_what_the_planners_published_for_its_kitchens(to_plan, look):
    cast, plan_id = to_plan.cast, to_plan.make_plan()
    planned_by(to_plan, planned=cast.other_authority, by=cast.authority)
    theirs = update(Order).where(Order.id == to_plan.thursday).values(kitchen_id=cast.other_kitchen.id)
    to_plan.change(theirs)
    assert not reads(to_plan, look, plan_id), "a draft"
    to_plan.publish(plan_id)
    assert reads(to_plan, look, plan_id)
    to_plan.change(theirs.values(kitchen_id=cast.hub.id))
    assert not reads(to_plan, look, plan_id), "nothing for its kitchens"
    stop = look.scalars(select(RunStop.id).where(RunStop.kitchen_id == cast.hub.id)).first()
    look.rollback()
    to_plan.change(update(RunStop).where(RunStop.id == stop).values(kitchen_id=cast.other_kitchen.id))
    assert reads(to_plan, look, plan_id), "a stop at one of its kitchens"


def test_a_meal_manager_reads_the_own_municipalitys_drafts(to_plan, look):
    plan_id = to_plan.make_plan()
    assert plan_for(look, actor=to_plan.cast.actor("meal_manager"), plan_id=plan_id) is not None
