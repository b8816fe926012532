"""What a plan is compared with, how its cost is shared, and what its carriers are paid."""

from __future__ import annotations

import csv
import io

import pytest
from factories import AT, HOUR
from job_running import run_jobs
from sqlalchemy import select, update

from market.db import transaction
from market.fleet.models import Carrier
from market.fleet.rules import CarrierKind
from market.planning.changes.operations import copy_as_draft
from market.planning.comparing.costs import Hired, carrier_costs
from market.planning.comparing.figures import year_before
from market.planning.comparing.operations import read_costs, store_shares
from market.planning.comparing.sheet import costs_csv
from market.planning.models import CostShare, WeekPlan
from market.planning.operations import publish_plan
from market.planning.rules import PlanChangedMeanwhile, PlanState
from market.values import Week
from routing.problem import Problem, Shipment, Stop, Vehicle, Window
from routing.solve import Limit, solve

WEEK = Week(2026, 48)


@pytest.fixture(scope="module")
def driven():
    """An hour's round on Monday by a van with a tariff: 30 km at 10 kr, an hour at 300 kr, 200 kr for the day."""
    stops = (
        Stop("home:1", "Hem", visit_ore=0),
        Stop("site:1", "Gård", visit_ore=777),
        Stop("kitchen:1", "Kök"),
    )
    goods = (Shipment("order:1", "site:1", "kitchen:1", 10_000, owner="1"),)
    van = Vehicle(
        "1", "Bil", "haulier", "home:1", "home:1", 900_000, None, (Window(6 * HOUR, 15 * HOUR),), 20_000, 1_000, 30_000, 200
    )  # fmt: skip
    metres = [[0 if a == b else 10_000 for b in range(3)] for a in range(3)]
    seconds = [[0 if a == b else 1_200 for b in range(3)] for a in range(3)]
    problem = Problem(stops, goods, (van,), metres, seconds)
    return problem, solve(problem, limit=Limit(iterations=20))


def hired(**changes):
    values = {
        "vehicle": "Bil", "carrier_id": 5, "carrier": "=Åkeriet", "kind": CarrierKind.HAULIER, "is_paid_with_goods": False,
    }  # fmt: skip
    return {1: Hired(**(values | changes))}


def test_a_carrier_is_paid_by_day_kilometre_and_hour_but_not_what_only_weighs(driven):
    problem, plan = driven
    (cost,) = carrier_costs(problem, plan, week=WEEK, hired=hired())
    (run,) = cost.runs
    assert (run.day, cost.days, cost.distance_m, cost.duration_s) == (WEEK.monday, 1, 30_000, 3_600)
    assert (run.fixed_ore, run.distance_ore, run.hours_ore) == (20_000, 30_000, 30_000)
    assert cost.ore == cost.to_pay_ore == 80_000
    assert plan.totals.cost_ore == 80_777, "the price of a visit weighs in the plan and is paid to nobody"


def test_what_is_paid_with_the_goods_is_not_paid_again(driven):
    (cost,) = carrier_costs(*driven, week=WEEK, hired=hired(is_paid_with_goods=True))
    assert (cost.ore, cost.to_pay_ore) == (80_000, 0)


def test_the_sheet_has_each_run_and_a_sum_and_no_formula(driven):
    text = costs_csv(carrier_costs(*driven, week=WEEK, hired=hired()))
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["day"] for row in rows] == ["2026-11-23", ""]
    assert {row["carrier"] for row in rows} == {"'=Åkeriet"}
    assert [row["to_pay_sek"] for row in rows] == ["800.00", "800.00"]
    assert [(row["km"], row["hours"]) for row in rows] == [("30.00", "1.00")] * 2


@pytest.mark.parametrize(
    ("week", "before"),
    [(Week(2026, 48), Week(2025, 48)), (Week(2026, 53), Week(2025, 52)), (Week(2027, 1), Week(2026, 1))],
)
def test_the_week_a_year_ago_exists(week, before):
    assert year_before(week) == before


@pytest.fixture
def published(to_plan):
    plan_id = to_plan.first_plan()
    to_plan.publish(plan_id)
    return plan_id


def publish_in(to_plan, plan_id, week):
    """The same plan as another week's, published."""
    with transaction(to_plan.engine) as session:
        plan = session.get_one(WeekPlan, plan_id)
        copy = copy_as_draft(session, plan=plan, actor=to_plan.planner, at=AT)
        copy.monday = week.monday
        session.flush()
        publish_plan(session, plan=copy, actor=to_plan.planner, at=AT)


@pytest.mark.slow
def test_publishing_has_the_shares_worked_out(app, to_plan, published, client_for, look):
    assert run_jobs(app) == 1
    shares = look.scalars(select(CostShare).order_by(CostShare.producer_id)).all()
    plan = look.get_one(WeekPlan, published)
    assert [share.producer_id for share in shares] == [1, 2]
    assert sum(share.share_ore for share in shares) == plan.cost_ore
    assert sum(share.alone_ore for share in shares) == plan.alone_cost_ore
    assert all(share.is_exact for share in shares)
    page = client_for("logistics_planner").get(f"/plans/{published}/compare").text
    assert "Åkerbo gård" in page
    assert "exakt" in page
    grower = client_for("producer").get("/transports?week=2026-W48").text
    assert "samlastade är er del av veckans kostnad" in grower
    assert "Shapleyvärdet" in grower
    assert "Er del av kostnaden" not in client_for("kitchen").get("/transports?week=2026-W48").text


@pytest.mark.slow
def test_shares_of_a_plan_that_has_changed_are_not_stored(to_plan, look):
    plan_id = to_plan.make_plan()
    read = read_costs(look, plan_id=plan_id)
    look.rollback()
    to_plan.change(update(WeekPlan).values(revision=2))
    with transaction(to_plan.engine) as session, pytest.raises(PlanChangedMeanwhile):
        store_shares(session, read=read, shares=())


@pytest.mark.slow
def test_a_plan_is_compared_with_last_week_and_last_year(to_plan, published, client_for):
    client = client_for("logistics_planner")
    first = client.get(f"/plans/{published}/compare").text
    assert "Förra veckan har ingen publicerad plan" in first
    assert "Samma vecka i fjol har ingen publicerad plan" in first
    publish_in(to_plan, published, WEEK.shifted(-1))
    publish_in(to_plan, published, year_before(WEEK))
    page = client.get(f"/plans/{published}/compare").text
    assert "har ingen publicerad plan" not in page
    assert "Förra veckans rutter</a>" in page
    assert "Samma vecka i fjol</a>" in page


@pytest.mark.slow
def test_the_sheet_of_carriers_is_for_those_who_plan(to_plan, published, client_for):
    url = f"/plans/{published}/carriers.csv"
    with transaction(to_plan.engine) as session:
        session.scalars(select(Carrier)).one().name = "+Kommunens bilar"
    answer = client_for("logistics_planner").get(url)
    assert answer.mimetype == "text/csv"
    assert "'+Kommunens bilar;municipality;2026-11-25" in answer.text
    assert client_for("other_planner").get(url).status_code == 404
    for name in ("meal_manager", "producer"):
        assert client_for(name).get(url).status_code == 403
    assert "/compare" not in client_for("meal_manager").get(f"/plans/{published}").text


@pytest.mark.slow
def test_a_draft_is_shared_when_asked_for(app, to_plan, client_for, look):
    plan_id = to_plan.make_plan()
    client = client_for("logistics_planner")
    assert "Räkna ut fördelningen" in client.get(f"/plans/{plan_id}/compare").text
    client.post(f"/plans/{plan_id}/shares")
    run_jobs(app)
    assert look.get_one(WeekPlan, plan_id).state is PlanState.DRAFT
    assert look.scalars(select(CostShare.week_plan_id)).all() == [plan_id] * 2
