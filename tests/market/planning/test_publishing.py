"""Publishing: who is told, once and only what touches them; a plan that replaces another; calendar feeds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from factories import AT
from sqlalchemy import select

from market.accounts.models import Membership, User
from market.accounts.rules import Role
from market.db import transaction
from market.fleet.models import Carrier, Driver
from market.jobs.models import Job
from market.outbox import OutboxMessage
from market.planning.changes.operations import copy_as_draft, keep_revision
from market.planning.models import Run, WeekPlan
from market.planning.operations import publish_plan, withdraw_plan
from market.planning.publishing.operations import make_feed, revoke_feed, token_hash
from market.planning.publishing.queries import feed_by_hash, transports_in
from market.planning.publishing.rules import AnotherWasPublished
from market.planning.rules import PlanState, RevisionKind
from routing.formats.document import plan_from, problem_from
from routing.solve import plan_of

KINDS = ("transports_published", "transports_changed")


def told(look):
    """The transports' messages by kind and reader, and their stops."""
    look.rollback()
    query = select(OutboxMessage).where(OutboxMessage.kind.in_(KINDS)).order_by(OutboxMessage.id)
    return list(look.scalars(query))


def readers(messages):
    return Counter((message.kind, message.params["reader"]) for message in messages)


def draft_without(to_plan, plan_id, order_id):
    """A draft of the plan in which the order's whole route is gone. Returns the draft's id."""
    with transaction(to_plan.engine) as session:
        plan = session.get_one(WeekPlan, plan_id)
        draft = copy_as_draft(session, plan=plan, actor=to_plan.planner, at=AT)
        problem, content = problem_from(draft.problem), plan_from(draft.plan)
        routes = [
            route
            for route in content.routes
            if not any(f"order:{order_id}" in visit.deliveries for visit in route.visits)
        ]
        keep_revision(
            session,
            plan=draft,
            seen=1,
            kind=RevisionKind.MOVED,
            params={},
            problem=problem,
            changed=plan_of(problem, routes, engine="hand", seconds=0.0),
            actor=to_plan.planner,
            at=AT,
        )
        return draft.id


@pytest.fixture
def published(to_plan):
    plan_id = to_plan.first_plan()
    to_plan.publish(plan_id)
    return plan_id


def test_the_first_publishing_tells_producers_and_kitchens_their_part(to_plan, published, look):
    messages = told(look)
    # two growers; the hub, and its satellite, whose goods nobody takes on from there
    assert readers(messages) == {
        ("transports_published", "producer"): 2,
        ("transports_published", "kitchen"): 2,
    }
    grower = to_plan.cast.actor("producer").user_id
    (mine,) = [message for message in messages if message.user_id == grower]
    assert [stop["is_pickup"] for stop in mine.params["stops"]] == [True, True]
    assert {one["other"] for stop in mine.params["stops"] for one in stop["goods"]} == {"Centralköket"}
    assert look.scalars(select(Job.kind)).all() == ["share_costs"]


def test_the_same_plan_again_tells_nobody(to_plan, published, look):
    with transaction(to_plan.engine) as session:
        plan = session.get_one(WeekPlan, published)
        copy = copy_as_draft(session, plan=plan, actor=to_plan.planner, at=AT)
        later = AT + timedelta(hours=1)
        assert publish_plan(session, plan=copy, actor=to_plan.planner, at=later) is plan
        assert plan.state is PlanState.DRAFT
    assert len(told(look)) == 4


def test_a_change_tells_those_whom_it_touches_and_nobody_else(to_plan, published, look):
    draft = draft_without(to_plan, published, to_plan.thursday)
    with transaction(to_plan.engine) as session:
        row = session.get_one(WeekPlan, draft)
        publish_plan(session, plan=row, actor=to_plan.planner, at=AT + timedelta(hours=1), seen=published)
    changed = [message for message in told(look) if message.kind == "transports_changed"]
    cast = to_plan.cast
    assert {message.user_id for message in changed} == {
        cast.actor("producer").user_id,
        cast.actor("kitchen").user_id,
    }
    assert all(message.params["is_off"] for message in changed)


def test_whoever_looked_at_another_plan_publishes_nothing(to_plan, published, look):
    draft = draft_without(to_plan, published, to_plan.thursday)
    with transaction(to_plan.engine) as session:
        row = session.get_one(WeekPlan, draft)
        with pytest.raises(AnotherWasPublished):
            publish_plan(session, plan=row, actor=to_plan.planner, at=AT, seen=None)
    look.rollback()
    assert look.get_one(WeekPlan, published).state is PlanState.PUBLISHED


def test_a_plan_taken_back_is_told_to_all_who_counted_on_it(to_plan, published, look):
    with transaction(to_plan.engine) as session:
        row = session.get_one(WeekPlan, published)
        withdraw_plan(session, plan=row, actor=to_plan.planner, at=AT + timedelta(hours=1))
    off = [message for message in told(look) if message.kind == "transports_changed"]
    assert len(off) == 4
    assert all(message.params["is_off"] for message in off)
    to_plan.publish(published)  # and when it holds again, it is told as at first
    assert readers(told(look))["transports_published", "producer"] == 2


@pytest.fixture
def driven(to_plan):
    """A plan whose runs all have a driver. Returns its id and the driver's user."""
    plan_id = to_plan.first_plan()
    with transaction(to_plan.engine) as session:
        user_id = to_plan.cast.actor("driver").user_id
        carrier = session.scalars(select(Carrier)).one()
        driver = Driver(carrier_id=carrier.id, user_id=user_id, added_at=AT)
        session.add(driver)
        session.flush()
        for run in session.scalars(select(Run)):
            run.driver_id = driver.id
    return plan_id, user_id


def test_a_driver_is_told_the_own_runs_and_reads_them(to_plan, driven, look):
    plan_id, user_id = driven
    to_plan.publish(plan_id)
    (mine,) = [message for message in told(look) if message.user_id == user_id]
    assert mine.params["reader"] == "driver"
    carried = transports_in(look, actor=to_plan.cast.actor("driver"), period=to_plan.week.period)
    assert len(carried) == 6  # three orders, collected and delivered
    assert transports_in(look, actor=to_plan.cast.actor("other_driver"), period=to_plan.week.period) == []


OWN = {
    "producer": 2, "other_producer": 1, "kitchen": 3, "satellite": 1, "other_kitchen": 0, "meal_manager": 3,
    "other_meal_manager": 0, "logistics_planner": 6, "other_planner": 0, "procurement_officer": 0, "driver": 0,
}  # fmt: skip


def test_each_sees_the_own_part_and_no_more(to_plan, published, look):
    actors = {name: to_plan.cast.actor(name) for name in OWN}
    seen = {name: transports_in(look, actor=actors[name], period=to_plan.week.period) for name in OWN}
    assert {name: len(loads) for name, loads in seen.items()} == OWN


def test_a_draft_is_nobodys_transport(to_plan, look):
    to_plan.make_plan()
    assert transports_in(look, actor=to_plan.cast.actor("producer"), period=to_plan.week.period) == []


def test_a_new_address_ends_the_old_and_revoking_ends_it(session, cast):
    actor = cast.actor("producer")
    old = make_feed(session, actor=actor, at=AT)
    new = make_feed(session, actor=actor, at=AT)
    assert feed_by_hash(session, token_hash=token_hash(old)) is None
    assert feed_by_hash(session, token_hash=token_hash(new)) is not None
    revoke_feed(session, actor=actor, at=AT)
    assert feed_by_hash(session, token_hash=token_hash(new)) is None


def test_the_address_ends_with_the_role_and_with_the_account(session, cast):
    actor = cast.actor("producer")
    token = token_hash(make_feed(session, actor=actor, at=AT))
    session.get_one(User, actor.user_id).active = False
    session.flush()
    assert feed_by_hash(session, token_hash=token) is None
    session.get_one(User, actor.user_id).active = True
    session.flush()
    assert feed_by_hash(session, token_hash=token) is not None
    membership = session.get_one(Membership, actor.membership_id)
    assert membership.role is Role.PRODUCER
    session.delete(membership)
    session.flush()
    session.expire_all()
    assert feed_by_hash(session, token_hash=token) is None
