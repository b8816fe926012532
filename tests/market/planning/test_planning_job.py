"""The week planned as a job: from the button to the plan, refused with words, and stopped with the best so far."""

from __future__ import annotations

import pytest
from factories import AT
from job_running import run_jobs
from sqlalchemy import delete, func, select

from market.accounts.models import Membership
from market.db import transaction
from market.jobs.models import Job
from market.jobs.operations import cancel
from market.jobs.rules import JobState
from market.jobs.running import Work
from market.planning.jobs import ask_for_plan
from market.planning.models import WeekPlan
from market.planning.rules import NothingToPlan, WeekHasPassed

WEEK = "2026-W48"


def job_of(look):
    look.rollback()
    return look.scalars(select(Job).order_by(Job.id.desc())).first()


@pytest.mark.slow
def test_the_button_leads_to_the_job_and_the_job_to_the_plan(to_plan, client_for, app, look):
    client = client_for("logistics_planner")
    address = client.post(f"/planning/{WEEK}/plan").location
    assert "Väntar på sin tur" in client.get(address).text
    assert address in client.get(f"/planning/{WEEK}").text
    assert client.post(f"/planning/{WEEK}/plan").location == address, "one at a time"
    assert run_jobs(app) == 1
    answer = client.get(address, follow_redirects=True)
    assert answer.request.path.startswith("/plans/")
    assert "Planen är klar" in answer.text
    job = job_of(look)
    assert [cost for _, cost, _ in job.points if cost][-1] == look.scalars(select(WeekPlan.cost_ore)).one()


def test_a_week_with_nothing_to_plan_fails_with_the_words(to_plan, app, look):
    actor = to_plan.planner
    with transaction(to_plan.engine) as session:
        ask_for_plan(session, actor=actor, week=to_plan.week.shifted(2), at=AT)
    assert run_jobs(app) == 1
    assert (job_of(look).state, job_of(look).error) == (JobState.FAILED, NothingToPlan.message)


def test_a_week_that_has_passed_is_refused_at_once(to_plan):
    with pytest.raises(WeekHasPassed), transaction(to_plan.engine) as session:
        ask_for_plan(session, actor=to_plan.planner, week=to_plan.week.shifted(-1), at=AT)


def test_whoever_has_lost_the_role_meanwhile_gets_no_plan(to_plan, app, look):
    with transaction(to_plan.engine) as session:
        ask_for_plan(session, actor=to_plan.planner, week=to_plan.week, at=AT)
        session.execute(delete(Membership).where(Membership.id == to_plan.planner.membership_id))
    assert run_jobs(app) == 1
    assert job_of(look).state is JobState.FAILED
    assert look.scalar(select(func.count()).select_from(WeekPlan)) == 0


def test_stopped_in_the_middle_it_keeps_the_best_so_far(to_plan, app, look, monkeypatch):
    """Whoever stops at the first cost that is told still gets a plan."""
    with transaction(to_plan.engine) as session:
        job_id = ask_for_plan(session, actor=to_plan.planner, week=to_plan.week, at=AT).id
    tell = Work.progress

    def told(work, cost_ore=None, bound_ore=None, note=None):
        with transaction(to_plan.engine) as session:
            job = session.get_one(Job, job_id)
            if job.stop_wished_at is None:
                cancel(session, job=job, actor=to_plan.planner, at=AT)
        return tell(work, cost_ore, bound_ore, note)

    monkeypatch.setattr(Work, "progress", told)
    assert run_jobs(app) == 1
    job = job_of(look)
    assert job.state is JobState.DONE
    assert look.scalars(select(WeekPlan.id)).one() == job.result["values"]["plan_id"]
