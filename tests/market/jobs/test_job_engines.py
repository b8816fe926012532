"""What holds on both engines of jobs, SQLite with leases and PostgreSQL with Procrastinate."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from factories import AT
from sqlalchemy import select, text

from market.db import open_session, transaction
from market.jobs import claiming, waking
from market.jobs.claiming import LeaseLost
from market.jobs.models import Job, JobTransition
from market.jobs.operations import cancel, enqueue
from market.jobs.rules import LEASE, MOST_ATTEMPTS, JobEvent, JobState, KeptFailing
from market.jobs.running import Bench, Work, run_next
from market.values import Refused

ENGINES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])]
PATIENCE_S = 120
WITHIN_S = 30
"""So long after its worker was killed, another one has finished the job."""


def ask(bench, people, kind="note", *, whose="logistics_planner", **more):
    actor = people.actor(whose)
    wanted = {"params": {}, "authority_id": actor.authority_id, "user_id": actor.user_id, "at": bench.clock()}
    with transaction(bench.engine) as session:
        return enqueue(session, kind=kind, **(wanted | more)).id


def job_of(bench, job_id):
    with open_session(bench.engine, writes=False) as session:
        return session.get_one(Job, job_id)


def effects(bench):
    with open_session(bench.engine, writes=False) as session:
        return list(session.scalars(text("SELECT job_id FROM job_effects ORDER BY job_id")))


def events(bench, job_id):
    with open_session(bench.engine, writes=False) as session:
        query = select(JobTransition.event).where(JobTransition.job_id == job_id).order_by(JobTransition.id)
        return list(session.scalars(query))


def wakes(bench):
    with open_session(bench.engine, writes=False) as session:
        return waking.waiting_wakes(session)


def until(is_so: Callable[[], object], *, seconds: float = PATIENCE_S) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)


def take(bench: Bench, *, late: timedelta = timedelta()) -> Work | None:
    with transaction(bench.engine) as session:
        taken = claiming.claim(session, kinds=bench.kinds, at=bench.clock() + late)
    return None if taken is None else Work(taken, bench)


def let_lapse(bench: Bench) -> None:
    """As if the worker had been silent for as long as a lease."""
    with transaction(bench.engine) as session:
        for job in session.scalars(select(Job).where(Job.state == JobState.RUNNING)):
            job.lease_ends_at = bench.clock() - timedelta(seconds=1)


def test_a_job_is_done_once_with_its_result(bench, people):
    job_id = ask(bench, people)
    assert run_next(bench)
    assert not run_next(bench)
    job = job_of(bench, job_id)
    assert (job.state, job.result) == (JobState.DONE, {"endpoint": "planning.index", "values": {}})
    assert events(bench, job_id) == [JobEvent.ENQUEUE, JobEvent.CLAIM, JobEvent.FINISH]
    assert effects(bench) == [job_id]


def test_what_rolls_back_is_never_begun(bench, people):
    def cause() -> None:
        with transaction(bench.engine) as session:
            user_id = people.actor("logistics_planner").user_id
            enqueue(session, kind="note", params={}, authority_id=None, user_id=user_id, at=AT)
            raise RuntimeError("the cause fails")

    with pytest.raises(RuntimeError, match="the cause fails"):
        cause()
    assert not run_next(bench)
    if bench.engine.dialect.name == "postgresql":
        assert wakes(bench) == 0
        ask(bench, people)
        assert wakes(bench) == 1


def test_a_key_has_one_open_job(bench, people):
    first = ask(bench, people, key="week")
    assert ask(bench, people, key="week") == first
    run_next(bench)
    assert ask(bench, people, key="week") != first


def test_the_urgent_goes_first_and_then_the_oldest(bench, people):
    usual, later, urgent = (ask(bench, people, priority=priority) for priority in (0, 0, 5))
    done = []
    while (work := take(bench)) is not None:
        done.append(work.job_id)
        work.finish(lambda _: None)
    assert done == [urgent, usual, later]


def test_authorities_take_turns(bench, people):
    """One asks for four weeks, then the other for one: that one is the second to be worked on."""
    many = [ask(bench, people) for _ in range(4)]
    one = ask(bench, people, whose="other_planner")
    order = [take(bench).job_id for _ in range(5)]
    assert order == [many[0], one, *many[1:]]


def test_whoever_fell_silent_changes_nothing_any_more(bench, people):
    job_id = ask(bench, people)
    first = take(bench)
    let_lapse(bench)
    second = take(bench)
    assert second is not None
    assert second.job_id == job_id
    with pytest.raises(LeaseLost):
        first.progress(cost_ore=1)
    with pytest.raises(LeaseLost):
        first.finish(lambda _: pytest.fail("its effect is not wanted"))
    second.finish(lambda _: {"by": "the second"})
    assert job_of(bench, job_id).result == {"by": "the second"}
    assert events(bench, job_id)[1:] == [JobEvent.CLAIM, JobEvent.TAKE_OVER, JobEvent.FINISH]


def test_a_lease_that_is_renewed_is_kept(bench, people):
    ask(bench, people)
    work = take(bench)
    with transaction(bench.engine) as session:
        job = session.scalars(select(Job)).one()
        job.lease_ends_at = job.claimed_at + timedelta(seconds=1)
    work.keep()
    with open_session(bench.engine, writes=False) as session:
        job = session.scalars(select(Job)).one()
        assert job.lease_ends_at >= job.claimed_at + LEASE


def test_a_job_whose_workers_die_is_given_up(bench, people):
    job_id = ask(bench, people)
    for _ in range(MOST_ATTEMPTS):
        assert take(bench) is not None
        let_lapse(bench)
    assert take(bench) is None
    job = job_of(bench, job_id)
    assert (job.state, job.error) == (JobState.FAILED, KeptFailing.message)
    assert job.error_params == {"attempts": MOST_ATTEMPTS}


def test_a_refusal_ends_it_with_the_words(bench, people):
    job_id = ask(bench, people, "refuse")
    assert run_next(bench)
    job = job_of(bench, job_id)
    assert (job.state, job.error, job.attempts) == (JobState.FAILED, Refused.message, 1)


@pytest.mark.parametrize("kind", ["crash", "effect_fails"])
def test_what_goes_wrong_is_tried_again_and_leaves_nothing_half_done(bench, people, kind, caplog):
    job_id = ask(bench, people, kind)
    for _ in range(MOST_ATTEMPTS):
        assert run_next(bench)
        with transaction(bench.engine) as session:
            session.get_one(Job, job_id).due_at = AT
    job = job_of(bench, job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, MOST_ATTEMPTS)
    assert "RuntimeError" in job.fault
    assert effects(bench) == []


def test_what_waits_is_stopped_at_once(bench, people):
    job_id = ask(bench, people)
    with transaction(bench.engine) as session:
        cancel(session, job=session.get_one(Job, job_id), actor=people.actor("logistics_planner"), at=AT)
    assert job_of(bench, job_id).state is JobState.STOPPED
    assert not run_next(bench)


def test_what_is_over_can_not_be_stopped(bench, people):
    job_id = ask(bench, people)
    run_next(bench)
    with pytest.raises(Refused), transaction(bench.engine) as session:
        cancel(session, job=session.get_one(Job, job_id), actor=people.actor("logistics_planner"), at=AT)


def test_one_that_is_told_to_end_gives_its_job_back(bench, people):
    job_id = ask(bench, people)
    work = take(bench)
    work.give_back()
    assert job_of(bench, job_id).attempts == 0
    with pytest.raises(LeaseLost):
        work.finish(lambda _: None)
    assert run_next(bench)
    assert effects(bench) == [job_id]


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_is_followed_by_another(bench, people, start_worker):
    """kill -9; another worker finishes the job in time, and its effect is there once."""
    job_id = ask(bench, people, "slowly", params={"seconds": 2})
    first = start_worker()
    until(lambda: job_of(bench, job_id).points)
    second = start_worker()
    first.kill()
    first.wait()
    until(lambda: job_of(bench, job_id).state is JobState.DONE, seconds=WITHIN_S)
    assert effects(bench) == [job_id]
    assert job_of(bench, job_id).attempts == 2
    assert events(bench, job_id)[1:] == [JobEvent.CLAIM, JobEvent.TAKE_OVER, JobEvent.FINISH]
    assert second.poll() is None


@pytest.mark.slow
def test_it_is_followed_and_stopped_with_what_there_is(bench, people, start_worker):
    job_id = ask(bench, people, "slowly", params={"seconds": 600})
    start_worker()
    until(lambda: job_of(bench, job_id).points)
    ((_, cost, bound), *_) = job_of(bench, job_id).points
    assert (cost, bound) == (1_000, 900)
    with transaction(bench.engine) as session:
        cancel(session, job=session.get_one(Job, job_id), actor=people.actor("logistics_planner"), at=AT)
    until(lambda: job_of(bench, job_id).state is JobState.DONE)
    assert effects(bench) == [job_id]


@pytest.mark.slow
def test_two_workers_share_what_there_is_to_do(bench, people, start_worker):
    jobs = [ask(bench, people, "slowly", params={"seconds": 0.3}) for _ in range(8)]
    start_worker(), start_worker()
    until(lambda: len(effects(bench)) == len(jobs))
    assert effects(bench) == jobs
    with open_session(bench.engine, writes=False) as session:
        assert len(set(session.scalars(text("SELECT by_process FROM job_effects")))) == 2


@pytest.mark.parametrize("place", [ENGINES[1]], indirect=True)
def test_whom_nobody_would_wake_for_is_woken_for(bench, people):
    from market.jobs.distributed import wake_missing

    ask(bench, people)
    wake_missing(bench)
    assert wakes(bench) == 1
    with transaction(bench.engine) as session:
        session.execute(text("SET LOCAL search_path TO procrastinate"))
        session.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
    wake_missing(bench)
    assert wakes(bench) == 1
