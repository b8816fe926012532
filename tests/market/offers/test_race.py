"""Forty processes race for the last ten kilograms, and give them back in between: never more than ten are sold."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from factories import make_cast, make_offer, make_order
from sqlalchemy import func, select
from tree import ROOT

from market.db import make_engine, open_session, transaction
from market.offers.models import Offer, Reservation
from market.offers.rules import ReservationState
from market.orders.models import Order
from market.register.models import Kitchen

BUYERS = 40
ORDER = """
def order(key, grams):
    with transaction(engine) as session:
        member = session.scalars(select(Membership).where(Membership.role == Role.KITCHEN)).first()
        return place_order(
            session, offer=session.get_one(Offer, offer_id), kitchen=session.get_one(Kitchen, member.kitchen_id),
            quantity=Quantity(grams, Unit.KILOGRAM), deliver_on=MONDAY, proposed_price=None, note="", request_key=key,
            actor=actor_for(member), at=AT,
        ).id

def cancel(order_id):
    with transaction(engine) as session:
        member = session.scalars(select(Membership).where(Membership.role == Role.KITCHEN)).first()
        answer_order(
            session, order=session.get_one(Order, order_id), event=OrderEvent.CANCEL, reason="Fel",
            actor=actor_for(member), at=AT,
        )
"""
BUYS = """
try:
    order(f"race-{number}", 10_000)
    answer = "sold"
except NotEnoughLeft:
    answer = "refused"
"""
WAVERS = """
answer = 0
for turn in range(2):
    try:
        made = order(f"race-{number}-{turn}", 4_000)
    except NotEnoughLeft:
        continue
    answer += 1
    cancel(made)
"""
# One process reads the program and becomes many: each with a connection of its own, all let go at once.
RACE = """
import gc, os, sys, time
from pathlib import Path
from market.db import make_engine, transaction
from market.accounts.models import Membership
from market.access import actor_for
from market.offers.models import Offer
from market.offers.rules import NotEnoughLeft
from market.orders.models import Order
from market.orders.operations import answer_order, place_order
from market.orders.rules import OrderEvent
from market.register.models import Kitchen
from market.values import Quantity, Unit
from market.accounts.rules import Role
from factories import AT, MONDAY
from sqlalchemy import select
from sqlalchemy.orm import configure_mappers
import psycopg

configure_mappers()
gc.freeze()  # what all have read stays shared: nobody looks through it, to copy it page by page
url, offer_id, buyers, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
number = next((n for n in range(buyers) if os.fork() == 0), None)
if number is None:
    while len(list(folder.glob("ready-*"))) < buyers:
        time.sleep(0.02)
    (folder / "gate").touch()
    statuses = [os.wait()[1] for _ in range(buyers)]
    sys.exit(any(statuses))
engine = make_engine(url)
engine.connect().close()
(folder / f"ready-{number}").touch()
while not (folder / "gate").exists():
    time.sleep(0.005)
"""


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_exactly_ten_kilograms_are_sold(database, migrated_url, tmp_path):
    url = migrated_url(database)
    engine = make_engine(url)
    with transaction(engine) as session:
        offer = make_offer(session, make_cast(session), kilograms=10)
        session.flush()
        offer_id = offer.id
    buyers = BUYERS if database == "postgres" else 10  # SQLite lets one write at a time
    answers = _race(url, offer_id, tmp_path / "race", BUYS, buyers=buyers)
    assert sorted(answers) == ["refused"] * (buyers - 1) + ["sold"]
    with open_session(engine, writes=False) as session:
        assert session.get_one(Offer, offer_id).reserved == 10_000
        assert session.scalar(select(func.count()).select_from(Order)) == 1
        assert session.scalar(select(func.sum(Reservation.steps))) == 10_000
    engine.dispose()


@pytest.mark.slow
@pytest.mark.postgres
def test_what_forty_processes_take_and_give_back_adds_up(postgres_url, tmp_path):
    engine = make_engine(postgres_url)
    with transaction(engine) as session:
        offer = make_offer(session, make_cast(session), kilograms=10)
        offer.package = offer.package_steps = None
        session.flush()
        offer_id = offer.id
    sold = sum(int(answer) for answer in _race(postgres_url, offer_id, tmp_path / "race", WAVERS))
    with open_session(engine, writes=False) as session:
        assert session.get_one(Offer, offer_id).reserved == 0
        held = select(func.count()).where(Reservation.state == ReservationState.HELD)
        assert session.scalar(held) == 0
        assert session.scalar(select(func.count()).select_from(Order)) == sold > 0
    engine.dispose()


def _race(url: str, offer_id: int, folder: Path, script: str, *, buyers: int = BUYERS) -> list[str]:
    """What each of the processes answered."""
    folder.mkdir()
    tell = '(folder / f"answer-{number}").write_text(str(answer)); os._exit(0)'
    subprocess.run(
        [sys.executable, "-c", RACE + ORDER + script + tell, url, str(offer_id), str(buyers), str(folder)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        check=True,
        timeout=120,
    )
    return [file.read_text() for file in folder.glob("answer-*")]


@pytest.mark.slow
@pytest.mark.postgres
def test_the_same_submit_racing_itself_is_one_order(postgres_url):
    """Two threads send the very same form at once: the database lets one through and both get that order."""
    engine = make_engine(postgres_url)
    with transaction(engine) as session:
        cast = make_cast(session)
        offer_id = make_offer(session, cast, kilograms=40).id
    start = Barrier(2)

    def submit(_):
        start.wait(timeout=30)
        with transaction(engine) as session:
            offer = session.get_one(Offer, offer_id)
            own = replace(cast, hub=session.get_one(Kitchen, cast.hub.id))
            return make_order(session, own, offer, kilograms=40, key="same").id

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(submit, range(2))
    assert first == second
    with open_session(engine, writes=False) as session:
        assert session.get_one(Offer, offer_id).reserved == 40_000
    engine.dispose()
