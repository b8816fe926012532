"""New orders in a published plan, and the week planned again from now, as the planner does it."""

from datetime import timedelta

import pytest
from factories import AT, MONDAY, make_offer, make_order
from job_running import run_jobs
from sqlalchemy import select

from market.db import transaction
from market.jobs.models import Job
from market.planning.disruptions.jobs import REPLAN_FROM_NOW
from market.planning.models import PlanRevision, RunLoad, RunStop, WeekPlan
from market.planning.rules import LoadKind, PlanState, RevisionKind

pytestmark = pytest.mark.slow

WEDNESDAY, FRIDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
BEFORE_IT_LEAVES = AT.replace(hour=5, minute=30, second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def published(to_plan):
    plan_id = to_plan.first_plan()
    to_plan.publish(plan_id)
    return plan_id


def order_more(to_plan, *, day=WEDNESDAY, key="more"):
    with transaction(to_plan.engine) as session:
        cast = to_plan.cast
        offer = make_offer(session, cast)
        return make_order(session, cast, offer, kilograms=20, day=day, key=key).id


def drafts(look):
    look.rollback()
    return list(look.scalars(select(WeekPlan).where(WeekPlan.state == PlanState.DRAFT)))


def asked_for(look):
    """The jobs about what has happened; publishing asks for others."""
    return list(look.scalars(select(Job).where(Job.kind == REPLAN_FROM_NOW)))


def orders_of(look, plan):
    return {
        load.order_id
        for run in plan.runs
        for stop in run.stops
        for load in stop.loads
        if load.kind is LoadKind.DELIVERY
    }


def test_new_orders_go_into_a_draft_and_the_published_plan_stands(to_plan, published, client_for, look):
    new = order_more(to_plan, day=FRIDAY)
    to_plan.cancel(to_plan.thursday)
    client = client_for("logistics_planner")
    page = client.get(f"/plans/{published}/new").text
    assert "20\xa0kg" in page
    assert "Avbokade" in page
    answer = client.post(f"/plans/{published}/new")
    (draft,) = drafts(look)
    assert answer.location == f"/plans/{draft.id}"
    assert draft.based_on_id == published
    assert orders_of(look, draft) == {to_plan.carrots, to_plan.potatoes, new}
    assert look.get_one(WeekPlan, published).state is PlanState.PUBLISHED
    last = look.scalars(select(PlanRevision).order_by(PlanRevision.id.desc())).first()
    assert (last.kind, last.params["added"], last.params["gone"]) == (
        RevisionKind.INSERTED,
        [new],
        [to_plan.thursday],
    )


def test_nothing_new_is_said_and_nothing_stored(to_plan, published, client_for, look):
    client = client_for("logistics_planner")
    assert "Alla beställningar är med" in client.get(f"/plans/{published}/new").text
    client.post(f"/plans/{published}/new")
    assert "alla beställningar är redan med" in client.get(f"/plans/{published}/new").text
    assert drafts(look) == []


def test_a_vehicle_that_stands_is_replaced_from_now(to_plan, published, app, client_for, clock, look):
    to_plan.add_vehicle("Reserven", fixed_ore_per_shift=300_000)
    to_plan.publish(second := to_plan.make_plan())
    clock.at = BEFORE_IT_LEAVES
    client = client_for("logistics_planner")
    vehicle = look.get_one(WeekPlan, second).runs[0].vehicle_id
    form = {"vehicle": vehicle, "at": f"home:{vehicle}", "last_on": "2026-11-25"}
    answer = client.post(f"/plans/{second}/disruptions/vehicle", data=form)
    look.rollback()
    (job,) = asked_for(look)
    assert answer.location == f"/jobs/{job.id}"
    assert run_jobs(app) >= 1
    (draft,) = [plan for plan in drafts(look) if plan.based_on_id == second]
    assert client.get(f"/jobs/{job.id}").location == f"/plans/{draft.id}"
    assert orders_of(look, draft) == {to_plan.carrots, to_plan.potatoes, to_plan.thursday}
    on_the_day = {run.vehicle.name for run in draft.runs if run.day == WEDNESDAY}
    assert "Reserven" in on_the_day


def test_goods_on_board_are_handed_over_where_the_next_driver_is_shown_them(
    to_plan, published, client_for, clock, look
):
    run = look.get_one(WeekPlan, published).runs[0]
    vehicle, last = run.vehicle_id, max(stop.departs_at for stop in run.stops if stop.site_id)
    look.rollback()
    clock.at = last + timedelta(minutes=1)
    client, path = client_for("logistics_planner"), f"/plans/{published}/disruptions/vehicle"
    page = client.get(path).text
    assert "Hemma, utan varor ombord" in page
    assert "home:" not in page
    form = {"vehicle": vehicle, "at": "home", "last_on": "2026-11-25"}
    assert "Fordonet har varor ombord" in client.post(path, data=form).text
    assert asked_for(look) == []
    answer = client.post(path, data=form | {"at": f"kitchen:{to_plan.cast.hub.id}"})
    look.rollback()
    (job,) = asked_for(look)
    assert answer.location == f"/jobs/{job.id}"


def test_a_shut_kitchen_leaves_its_goods_with_a_reason(to_plan, published, app, client_for, look):
    kitchen = look.scalars(select(RunStop.kitchen_id).where(RunStop.kitchen_id.is_not(None))).first()
    look.rollback()
    form = {
        "kitchen": kitchen,
        "from_on": "2026-11-25",
        "from_s": "00:00",
        "until_on": "2026-11-26",
        "until_s": "00:00",
        "instead": "",
    }
    client = client_for("logistics_planner")
    client.post(f"/plans/{published}/disruptions/kitchen", data=form)
    assert run_jobs(app) >= 1
    (draft,) = drafts(look)
    assert {entry.order_id for entry in draft.unserved} == {to_plan.carrots, to_plan.potatoes}
    assert orders_of(look, draft) == {to_plan.thursday}


def test_a_closed_road_is_told_by_its_place(to_plan, published, app, client_for, look):
    before = look.get_one(WeekPlan, published).distance_m
    look.rollback()
    form = {"place": "59.80, 18.65", "radius_km": "5", "detour_km": "30", "detour_min": "25"}
    client_for("logistics_planner").post(f"/plans/{published}/disruptions/road", data=form)
    assert run_jobs(app) >= 1
    (draft,) = drafts(look)
    assert draft.distance_m >= before + 30_000


@pytest.mark.parametrize(
    ("page", "form", "said"),
    [
        ("kitchen", {"from_on": "2026-11-25", "until_on": "2026-11-24"}, "slutar innan den börjar"),
        ("kitchen", {"instead": "same"}, "Välj ett annat kök"),
        ("vehicle", {"last_on": "i morgon"}, "ÅÅÅÅ-MM-DD"),
        ("vehicle", {"vehicle": "99999"}, "Vilket fordon"),
        ("road", {"place": "59.80, 18.65", "radius_km": "0"}, "mellan 1 och 50"),
        ("road", {"place": ""}, "Var ligger det"),
    ],
)
def test_what_can_not_be_is_said_and_no_job_begins(to_plan, published, client_for, look, page, form, said):
    kitchen = look.scalars(select(RunStop.kitchen_id).where(RunStop.kitchen_id.is_not(None))).first()
    vehicle = look.get_one(WeekPlan, published).runs[0].vehicle_id
    look.rollback()
    sound = {
        "kitchen": {
            "kitchen": kitchen,
            "from_on": "2026-11-25",
            "from_s": "07:00",
            "until_on": "2026-11-25",
            "until_s": "12:00",
            "instead": "",
        },
        "vehicle": {"vehicle": vehicle, "at": f"home:{vehicle}", "last_on": "2026-11-25"},
        "road": {"place": "59.80, 18.65", "radius_km": "3", "detour_km": "20", "detour_min": "20"},
    }[page]
    if form.get("instead") == "same":
        form = {"instead": kitchen}
    answer = client_for("logistics_planner").post(f"/plans/{published}/disruptions/{page}", data=sound | form)
    assert answer.status_code == 200
    assert said in answer.text
    assert asked_for(look) == []


def test_what_happens_next_is_not_lost_while_the_first_is_worked_out(to_plan, published, client_for, look):
    client = client_for("logistics_planner")
    road = {"place": "59.80, 18.65", "radius_km": "5", "detour_km": "30", "detour_min": "25"}
    first = client.post(f"/plans/{published}/disruptions/road", data=road)
    assert client.post(f"/plans/{published}/disruptions/road", data=road).location == first.location
    other = client.post(f"/plans/{published}/disruptions/road", data=road | {"detour_km": "40"})
    assert "En annan omplanering" in other.text
    assert len(asked_for(look)) == 1


def test_the_last_order_that_is_given_up_leaves_an_empty_plan(to_plan, published, client_for, look):
    for order in (to_plan.carrots, to_plan.potatoes, to_plan.thursday):
        to_plan.cancel(order)
    client_for("logistics_planner").post(f"/plans/{published}/new")
    (draft,) = drafts(look)
    assert orders_of(look, draft) == set()


def test_a_week_that_is_over_is_left_as_it_was(to_plan, published, client_for, clock, look):
    vehicle = look.get_one(WeekPlan, published).runs[0].vehicle_id
    look.rollback()
    clock.at = AT + timedelta(days=8)
    form = {"vehicle": vehicle, "at": f"home:{vehicle}", "last_on": "2026-11-25"}
    answer = client_for("logistics_planner").post(f"/plans/{published}/disruptions/vehicle", data=form)
    assert "redan varit" in answer.text
    assert asked_for(look) == []


def test_strangers_do_not_learn_that_the_plan_is_there(to_plan, published, client_for):
    for path in ("new", "disruptions/vehicle", "disruptions/road", "disruptions/kitchen"):
        assert client_for("other_planner").get(f"/plans/{published}/{path}").status_code == 404
        assert client_for("meal_manager").get(f"/plans/{published}/{path}").status_code == 403


def test_loads_tell_their_leg(to_plan, published, look):
    assert {load.leg.value for load in look.scalars(select(RunLoad))} == {"in"}
