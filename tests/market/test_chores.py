"""Chores: each when it is due, by one worker at a time; one that fails is tried again and stops no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT

from geodata.travel import Estimator
from market import chore_runs
from market.chore_runs import LEASE, ChoreRun
from market.chores import CHORES, Chore, Desk, OneByOne, run_due
from market.db import make_engine, open_session, transaction

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(engine) -> Desk:
    return Desk(engine=engine, travel=Estimator())


class Counting:
    def __init__(self, *, fails: int = 0) -> None:
        self.runs, self.fails = 0, fails

    def __call__(self, session, *, at) -> int:  # noqa: ARG002
        self.runs += 1
        if self.runs <= self.fails:
            raise RuntimeError("no luck")
        return 7


def state(engine, name: str) -> ChoreRun:
    with open_session(engine, writes=False) as session:
        return session.get_one(ChoreRun, name)


def test_once_an_interval_however_many_workers_and_restarts(desk, engine):
    run = Counting()
    chores = [Chore("count", every=HOUR, run=run)]
    for minutes in (0, 1, 30, 59):
        run_due(desk, at=AT + timedelta(minutes=minutes), chores=chores)
    assert run.runs == 1
    run_due(desk, at=AT + HOUR, chores=chores)
    assert run.runs == 2
    assert (state(engine, "count").last_done, state(engine, "count").last_ran_at) == (7, AT + HOUR)


def test_one_that_fails_stops_no_other_and_is_tried_again_soon(desk, engine, caplog):
    bad, good = Counting(fails=2), Counting()
    chores = [Chore("bad", every=HOUR, run=bad), Chore("good", every=HOUR, run=good)]
    assert run_due(desk, at=AT, chores=chores) == 7
    assert "The chore bad failed" in caplog.text
    assert state(engine, "bad").last_error == "RuntimeError: no luck"
    run_due(desk, at=AT + timedelta(seconds=29), chores=chores)
    assert bad.runs == 1
    run_due(desk, at=AT + timedelta(seconds=30), chores=chores)
    assert (bad.runs, state(engine, "bad").failures) == (2, 2)
    run_due(desk, at=AT + timedelta(seconds=90), chores=chores)
    assert (bad.runs, state(engine, "bad").failures, state(engine, "bad").last_error) == (3, 0, "")
    assert good.runs == 1


def test_what_a_failed_chore_has_written_is_undone(desk, engine):
    def half(session, *, at):
        session.add(ChoreRun(name="half done", due_at=at))
        session.flush()
        raise RuntimeError

    run_due(desk, at=AT, chores=[Chore("half", every=HOUR, run=half)])
    with open_session(engine, writes=False) as session:
        assert session.get(ChoreRun, "half done") is None


def test_while_one_worker_is_at_it_no_other_is(desk, engine):
    inner = Counting()

    def slow(session, *, at):
        session.rollback()  # lets the other worker look
        run_due(desk, at=at, chores=[Chore("same", every=HOUR, run=inner)])
        return 1

    run_due(desk, at=AT, chores=[Chore("same", every=HOUR, run=slow)])
    assert inner.runs == 0


def test_what_a_dead_worker_held_is_taken_over(desk, engine):
    with transaction(engine) as session:
        assert chore_runs.claim(session, name="count", at=AT) == AT + LEASE
    with transaction(engine) as session:
        assert chore_runs.claim(session, name="count", at=AT) is None
    run = Counting()
    chores = [Chore("count", every=HOUR, run=run)]
    run_due(desk, at=AT + LEASE - timedelta(seconds=1), chores=chores)
    assert run.runs == 0
    run_due(desk, at=AT + LEASE, chores=chores)
    assert run.runs == 1


def test_every_chore_has_a_name_of_its_own_and_runs_on_an_installation_without_anything(desk):
    assert len({chore.name for chore in CHORES}) == len(CHORES)
    assert run_due(desk, at=AT) == 0


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_too(postgres_url):
    engine = make_engine(postgres_url)
    run = Counting()
    desk = Desk(engine=engine, travel=Estimator())
    for _ in range(2):
        run_due(desk, at=AT, chores=[*CHORES, Chore("count", every=HOUR, run=run)])
    assert run.runs == 1
    engine.dispose()


def test_one_by_one_does_each_thing_in_its_own_transaction(engine, desk):
    """Two orders in one transaction could wait for somebody who waits for them."""
    seen, left = [], [3]

    def run(session, *, at, most):
        seen.append((id(session), most))
        left[0] -= 1
        return 1 if left[0] >= 0 else 0

    assert OneByOne("many", timedelta(minutes=1), run).do(desk, at=AT) == 3
    assert [most for _, most in seen] == [1, 1, 1, 1]
