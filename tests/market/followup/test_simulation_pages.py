"""The page of the simulated market: what it says before and after, who may ask, and what it refuses."""

from __future__ import annotations

import json
import re

import pytest
from factories import AT
from job_running import run_jobs
from sqlalchemy import select

from market.audit import AuditEvent
from market.db import open_session
from market.followup.evidence.models import Simulation
from market.followup.simulation.jobs import simulate_job
from market.followup.simulation.operations import SIMULATE_DIS
from market.followup.simulation.queries import shown
from market.followup.simulation.rules import Experiment
from market.jobs.models import Job
from market.jobs.rules import JobState

PAGE = "/followup/simulation"
ASKED = {"last": "3", "runs": "20", "seed": "5"}


@pytest.fixture
def simulated(client_for, app):
    officer = client_for("procurement_officer")
    answer = officer.post(f"{PAGE}/new", data=ASKED)
    assert answer.status_code == 302
    assert run_jobs(app) == 1
    return officer, answer.headers["Location"]


def test_before_the_first_the_page_says_what_will_be_here(client_for):
    assert "Ingen simulering än" in client_for("procurement_officer").get(PAGE).text
    kitchen = client_for("kitchen").get(PAGE)
    assert kitchen.status_code == 200
    assert f"{PAGE}/new" not in kitchen.text
    assert client_for("procurement_officer").get(f"{PAGE}/table.csv").status_code == 404
    assert client_for("procurement_officer").get(f"{PAGE}/figure.svg").status_code == 404


def test_a_simulation_is_a_job_and_its_answer_is_shown(simulated, engine):
    officer, job_url = simulated
    page = officer.get(job_url, follow_redirects=True)
    assert page.request.path == PAGE
    for words in (
        "Simuleringen är klar.",
        "Liten kommun, för hand",
        "Stor kommun, elektroniskt",
        "Vad som är antaget",
        "fröet 5",
    ):
        assert words in page.text
    assert page.text.count("<svg xmlns") == 14
    assert "För många vinner aldrig" in page.text
    assert "Fungerar väl i (procent av uppsättningarna)" in page.text
    assert "gjordes innan" not in page.text
    with open_session(engine, writes=False) as session:
        made = session.scalars(select(Simulation)).one()
        assert (made.runs, made.seed, made.params) == (20, 5, {"first": 1, "last": 3, "runs": 20, "seed": 5})
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "simulation.store")).one()


def test_the_files_are_of_the_latest(simulated, app):
    officer, _ = simulated
    sheet = officer.get(f"{PAGE}/table.csv")
    assert sheet.text.splitlines()[0].startswith("\N{BYTE ORDER MARK}size;handling;suppliers;tendered;")
    assert len(sheet.text.splitlines()) == 1 + 4 * 3
    officer.post(f"{PAGE}/new", data={**ASKED, "last": "1"})
    run_jobs(app)
    assert len(officer.get(f"{PAGE}/table.csv").text.splitlines()) == 1 + 4
    assert officer.get(f"{PAGE}/figure.svg").mimetype == "image/svg+xml"


def test_the_page_says_in_how_many_sets_no_number_works_and_why(simulated, session):
    officer, _ = simulated
    made = session.scalars(select(Simulation)).one()
    told = json.loads(json.dumps(made.result))
    for answer in told["answers"]:
        answer["shares"] = {"works": 0.77, "more": 0.02, "crowded": 0.17, "thin": 0.04}
        answer["works_band"] = [2, "more", "none"]
    made.result = told
    session.commit()
    page = " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", officer.get(PAGE).text, flags=re.DOTALL).split())
    assert "Liten kommun, för hand 77 2 17 4" in page
    assert "2 – inget" in page
    assert "inte ens 3 räckte, men anbuden blev fortfarande fler" in page


def test_an_answer_of_the_first_version_is_shown_with_a_word(simulated, session):
    """It did not tell more than was tried from none at all: it says so, and asks for a new one."""
    officer, _ = simulated
    made = session.scalars(select(Simulation)).one()
    old = json.loads(json.dumps(made.result)) | {"version": 1}
    for row in old["rows"]:
        del row["sets"]
    for answer in old["answers"]:
        del answer["shares"]
        answer |= {"works_band": [2, None, None], "works_share": 0.8}
    made.result = old
    session.commit()
    page = officer.get(PAGE)
    assert page.status_code == 200
    assert "gjordes innan svaret skilde på att fler behövs och att inget antal fungerar" in page.text
    assert "2 – fler eller inget" in page.text
    assert "None" not in page.text
    assert page.text.count("<svg xmlns") == 12
    for name in ("table.csv", "figure.svg"):
        assert officer.get(f"{PAGE}/{name}").status_code == 200


def test_in_english_nothing_swedish_is_left_of_the_panels(simulated):
    officer, _ = simulated
    officer.get("/language/en")
    page = officer.get(PAGE).text
    assert "Small municipality" in page
    assert "Call-offs that get at least one bid" in page
    assert "Liten kommun" not in page


def test_asking_twice_is_one_job(client_for, engine):
    officer = client_for("procurement_officer")
    places = {officer.post(f"{PAGE}/new", data=ASKED).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    with open_session(engine, writes=False) as session:
        job = session.scalars(select(Job)).one()
        assert (job.kind, job.state) == (SIMULATE_DIS, JobState.WAITING)
    assert "En simulering pågår" in officer.get(PAGE).text


WRONG = (
    {"last": "10000"}, {"last": "0"}, {"runs": "7"}, {"runs": "1000000"}, {"seed": "-1"}, {"last": "ett"}, {"runs": ""},
)  # fmt: skip


def test_what_cannot_be_is_explained_and_nothing_is_asked_for(client_for, engine):
    officer = client_for("procurement_officer")
    for wrong in WRONG:
        answer = officer.post(f"{PAGE}/new", data=ASKED | wrong)
        assert answer.status_code == 200, wrong
        assert "Rätta det här och försök igen" in answer.text
        assert "%(" not in answer.text
    with open_session(engine, writes=False) as session:
        assert not session.scalars(select(Job)).all()


def test_who_does_not_follow_up_may_not_ask(client_for):
    for name in ("kitchen", "producer", "logistics_planner"):
        assert client_for(name).post(f"{PAGE}/new", data=ASKED).status_code == 403, name


def test_who_stops_it_gets_what_is_done(client_for, app, engine, monkeypatch):
    asked = client_for("procurement_officer").post(f"{PAGE}/new", data=ASKED | {"last": "1", "runs": "200"})
    assert asked.status_code == 302
    monkeypatch.setattr("market.followup.simulation.jobs.os.cpu_count", lambda: 1)
    monkeypatch.setattr("market.jobs.running.Work.progress", lambda *_args, **_named: False)
    run_jobs(app)
    with open_session(engine, writes=False) as session:
        assert session.scalars(select(Simulation)).one().runs == 100
    assert callable(simulate_job)


def test_a_small_trial_stands_in_nobodys_way(session):
    """Whoever asked for it is led to it; everyone else sees the newest of the usual size."""

    def keep(**values):
        experiment = Experiment(**values)
        made = Simulation(
            seed=1,
            runs=experiment.runs,
            params=experiment.as_params(),
            result={},
            made_at=AT,
            asked_by_id=None,
        )
        session.add(made)
        session.flush()
        return made

    small = keep(last=1, runs=10)
    assert shown(session, number=None) is small
    usual, trial = keep(), keep(last=1, runs=10)
    assert shown(session, number=None) is usual
    assert shown(session, number=trial.id) is trial
    assert shown(session, number=9999) is None
