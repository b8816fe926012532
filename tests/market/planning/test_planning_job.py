"""A job from the button to its result, as the planner sees it."""

from __future__ import annotations

from job_running import run_jobs


def test_smoke(to_plan, client_for, app):
    client = client_for("logistics_planner")
    answer = client.post("/planning/2026-W48/plan")
    print(answer.location)
    page = client.get(answer.location).text
    assert "Väntar på sin tur" in page
    assert run_jobs(app) == 1
    answer = client.get(answer.location)
    print(answer.text)
    assert answer.location == "/plans/1"
