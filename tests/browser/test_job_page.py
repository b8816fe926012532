"""A week that is being planned, on a phone: the page follows by itself, the planner stops it, and it says how it ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browser.visiting import PHONE
from factories import AT
from playwright.sync_api import expect
from sqlalchemy import select

from market.accounts.models import Membership
from market.accounts.rules import Role
from market.db import transaction
from market.jobs.models import Job
from market.jobs.operations import enqueue
from market.register.models import Authority

pytestmark = [pytest.mark.browser, pytest.mark.slow]
POINTS = [[500, 720_000, None], [1_500, 640_000, 420_000], [2_400, 630_000, 500_000]]
WEEK = {"endpoint": "planning.week", "values": {"week": "2026-W48"}}


def running_job(site) -> int:
    """Of Norrtälje's planner, in the hands of a worker that says nothing more for an hour."""
    query = (
        select(Membership)
        .join(Membership.authority)
        .where(Membership.role == Role.LOGISTICS_PLANNER, Authority.municipality_code == "0188")
    )
    with transaction(site.app.extensions["narmat.engine"]) as session:
        planner = session.scalars(query).one()
        job = enqueue(
            session,
            kind="plan_week",
            params={"week": "2026-W48", "back": WEEK},
            authority_id=planner.authority_id,
            user_id=planner.user_id,
            at=AT,
            key=f"plan_week:{planner.authority_id}:2026-W48",
        )
        change(job, state="running", lease="x", lease_ends_at=AT + timedelta(hours=1), claimed_at=AT)
        change(job, points=POINTS)
        return job.id


def change(job: Job, **values: object) -> None:
    for name, value in values.items():
        setattr(job, name, value)


def test_a_job_is_followed_stopped_and_ends(site, visit):
    job_id = running_job(site)
    planner = visit(PHONE)
    page = planner.sign_in("logistics-planner3")
    page.goto(f"{site.address}/planning/2026-W48")
    page.get_by_role("link", name="Se hur långt den har kommit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Veckan planeras: vecka 48")
    expect(page.get_by_role("img", name="Hel linje: bästa kostnad hittills.")).to_be_visible()
    expect(page.get_by_text("6 300 kr")).to_be_visible()
    planner.is_well()
    with transaction(site.app.extensions["narmat.engine"]) as session:
        change(session.get_one(Job, job_id), points=[*POINTS, [3_000, 610_000, 500_000]])
    expect(page.get_by_text("6 100 kr")).to_be_visible()  # without anybody doing anything
    page.get_by_role("button", name="Stoppa här och ta det bästa hittills").click()
    expect(page.get_by_text("Det bästa hittills sparas")).to_be_visible()
    with transaction(site.app.extensions["narmat.engine"]) as session:
        done = {"state": "done", "lease": None, "lease_ends_at": None, "ended_at": AT, "result": WEEK}
        change(session.get_one(Job, job_id), **done)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Körplan")
    expect(page.get_by_role("status").first).to_contain_text("Planen är klar")
    planner.is_well()
