"""What each person may learn of plans and arrivals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT, MONDAY
from sqlalchemy import update

from market.planning.queries import (
    busiest_week,
    changes_since,
    expected_arrivals,
    plan_for,
    plans_of,
    run_for,
    vehicles_of,
)
from market.planning.reading import read_week
from market.register.models import Authority
from market.values import SWEDEN

OUTSIDERS = ("other_planner", "other_officer", "producer", "kitchen", "admin")


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_find_no_plan_and_no_run(to_plan, look, name):
    plan_id, actor = to_plan.first_plan(), to_plan.cast.actor(name)
    run_id = plan_for(look, actor=to_plan.planner, plan_id=plan_id).runs[0].id
    assert plan_for(look, actor=actor, plan_id=plan_id) is None
    assert run_for(look, actor=actor, plan_id=plan_id, run_id=run_id) is None
    assert plans_of(look, actor=actor, week=to_plan.week) == []


def test_the_neighbour_plans_nothing_of_ours_until_it_plans_for_us(to_plan, look):
    neighbour = to_plan.cast.actor("other_planner")
    assert read_week(look, actor=neighbour, week=to_plan.week, today=MONDAY).goods == ()
    look.rollback()
    plan_for_us = update(Authority).where(Authority.id == to_plan.cast.authority.id)
    to_plan.change(plan_for_us.values(planned_by_id=to_plan.cast.other_authority.id))
    inputs = read_week(look, actor=neighbour, week=to_plan.week, today=MONDAY)
    assert {goods.order_id for goods in inputs.goods} == {to_plan.carrots, to_plan.potatoes, to_plan.thursday}
    assert [vehicle.name for vehicle in vehicles_of(look, actor=neighbour)] == ["Kylbilen"]


def test_proposed_orders_are_not_planned(to_plan, look):
    inputs = read_week(look, actor=to_plan.planner, week=to_plan.week, today=MONDAY)
    assert to_plan.proposed not in {goods.order_id for goods in inputs.goods}


def test_a_satellites_goods_go_to_its_hub(to_plan, look):
    inputs = read_week(look, actor=to_plan.planner, week=to_plan.week, today=MONDAY)
    assert {goods.kitchen_id for goods in inputs.goods} == {to_plan.cast.hub.id}


def test_crates_come_from_packages_or_from_weight(to_plan, look):
    inputs = read_week(look, actor=to_plan.planner, week=to_plan.week, today=MONDAY)
    crates = {goods.order_id: goods.crates for goods in inputs.goods}
    assert crates == {to_plan.carrots: 4, to_plan.potatoes: 3, to_plan.thursday: 3}


def test_arrivals_come_from_the_published_plan_only(to_plan, look):
    plan_id, ids = to_plan.first_plan(), [to_plan.carrots, to_plan.potatoes, to_plan.proposed]
    assert expected_arrivals(look, order_ids=ids) == {}
    look.rollback()
    to_plan.publish(plan_id)
    found = expected_arrivals(look, order_ids=ids)
    assert set(found) == {to_plan.carrots, to_plan.potatoes}
    arrival = found[to_plan.carrots]
    assert arrival.vehicle == "Kylbilen"
    assert arrival.arrives_at.astimezone(SWEDEN).date() == MONDAY + timedelta(days=2)
    assert arrival.collected_at < arrival.arrives_at


def test_changes_since_a_plan_was_made(to_plan, look):
    plan_id = to_plan.make_plan(at=AT)
    to_plan.cancel(to_plan.carrots)
    plan = plan_for(look, actor=to_plan.planner, plan_id=plan_id)
    changes = changes_since(look, actor=to_plan.planner, plan=plan, today=MONDAY)
    assert (changes.added, changes.gone) == (frozenset(), {to_plan.carrots})
    later = changes_since(look, actor=to_plan.planner, plan=plan, today=MONDAY + timedelta(days=3))
    assert not later


def test_an_order_agreed_after_the_plan_shows(to_plan, look):
    late = to_plan.make_plan(at=AT + timedelta(days=3))
    plan = plan_for(look, actor=to_plan.planner, plan_id=late)
    changes = changes_since(look, actor=to_plan.planner, plan=plan, today=MONDAY)
    assert changes.added == {to_plan.carrots, to_plan.potatoes}


def test_the_busiest_week_is_this_one_when_nothing_is_agreed(to_plan, look):
    today = MONDAY + timedelta(weeks=3)
    assert busiest_week(look, actor=to_plan.planner, today=MONDAY) == to_plan.week
    assert busiest_week(look, actor=to_plan.planner, today=today) == to_plan.week.shifted(3)
