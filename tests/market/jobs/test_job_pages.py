"""A job as its page shows it: how far it is, stopped, failed, done; and who may see it."""

from __future__ import annotations

import pytest
from factories import AT, Cast
from job_running import run_jobs

from market.db import transaction
from market.jobs.models import Job
from market.jobs.operations import enqueue
from market.jobs.rules import KeptFailing

pytestmark = pytest.mark.slow
POINTS = [[100, None, None], [500, 200_000, None], [1_500, 150_000, 120_000], [2_400, 130_000, 125_000]]
LEASE = {"state": "running", "lease": "x", "lease_ends_at": AT, "claimed_at": AT}


@pytest.fixture
def asked(engine, stored: Cast):
    """A job of the planner's, in the state that the values say."""

    def ask(**values: object) -> str:
        actor = stored.actor("logistics_planner")
        with transaction(engine) as session:
            job = enqueue(
                session,
                kind="plan_week",
                params={"week": "2026-W48", "membership_id": actor.membership_id},
                authority_id=actor.authority_id,
                user_id=actor.user_id,
                at=AT,
            )
            for name, value in values.items():
                setattr(job, name, value)
            return f"/jobs/{job.id}"

    return ask


def test_one_that_waits_says_so(asked, client_for):
    asked()
    page = client_for("logistics_planner").get(asked()).text
    assert "Veckan planeras: vecka 48" in page
    assert "1 arbete begärdes före det här" in page
    assert "Stoppa här" in page


def test_one_that_runs_shows_cost_and_bound(asked, client_for):
    address = asked(**LEASE, points=POINTS)
    page = client_for("logistics_planner").get(address).text
    assert "1\N{NO-BREAK SPACE}300\N{NO-BREAK SPACE}kr" in page
    assert "1\N{NO-BREAK SPACE}250\N{NO-BREAK SPACE}kr" in page
    assert "4\N{NO-BREAK SPACE}%" in page
    assert page.count("<polyline") == 2
    part = client_for("logistics_planner").get(f"{address}/progress")
    assert part.status_code == 200
    assert "<polyline" in part.text
    assert "<html" not in part.text


def test_one_that_is_done_leads_to_its_result(asked, client_for):
    result = {"endpoint": "planning.week", "values": {"week": "2026-W48"}}
    address = asked(state="done", ended_at=AT, result=result)
    client = client_for("logistics_planner")
    part = client.get(f"{address}/progress")
    assert (part.status_code, part.headers["HX-Redirect"]) == (286, address)
    answer = client.get(address, follow_redirects=True)
    assert answer.request.path == "/planning/2026-W48"
    assert "Planen är klar" in answer.text


def test_one_that_failed_says_why_and_leads_back(asked, client_for):
    back = {"endpoint": "planning.week", "values": {"week": "2026-W48"}}
    address = asked(
        state="failed",
        ended_at=AT,
        error=KeptFailing.message,
        error_params={"attempts": 3},
        params={"week": "2026-W48", "back": back},
    )
    page = client_for("logistics_planner").get(address).text
    assert "avbröts 3 gånger" in page
    assert 'href="/planning/2026-W48"' in page


def test_stopping_what_runs_asks_for_the_best_so_far(asked, client_for, look):
    address = asked(**LEASE)
    page = client_for("logistics_planner").post(f"{address}/stop", follow_redirects=True).text
    assert "Det bästa hittills sparas" in page
    assert "Stoppa här" not in page
    assert look.query(Job).one().stop_wished_at == AT


def test_stopping_what_waits_ends_it(asked, client_for, app):
    address = asked()
    page = client_for("logistics_planner").post(f"{address}/stop", follow_redirects=True).text
    assert "Stoppat" in page
    assert run_jobs(app) == 0
    page = client_for("logistics_planner").post(f"{address}/stop", follow_redirects=True).text
    assert "redan klart eller stoppat" in page


@pytest.mark.parametrize("person", ["other_planner"])
def test_an_outsider_does_not_learn_of_it(asked, client_for, person):
    address, client = asked(), client_for(person)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/progress").status_code == 404
    assert client.post(f"{address}/stop").status_code == 404


@pytest.mark.parametrize("who", ["meal_manager", "procurement_officer"])
def test_a_week_that_is_planned_is_the_planners_to_stop(asked, client_for, who):
    """They follow jobs of their own kinds; they belong to the same authority."""
    address = asked(**LEASE, points=POINTS)
    client = client_for(who)
    assert client.get(address).status_code == client.post(f"{address}/stop").status_code == 404
    assert "Stoppa här" in client_for("logistics_planner").get(address).text
