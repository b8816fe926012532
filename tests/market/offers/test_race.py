"""Twenty processes race for the last ten kilograms: exactly ten are sold, on both databases."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from factories import make_cast, make_offer, make_order
from sqlalchemy import func, select

from market.db import make_engine, open_session, transaction
from market.migrations import upgrade
from market.offers.models import Offer, Reservation
from market.orders.models import Order
from market.register.models import Kitchen

BUYERS = 20
BUYER = """
import sys, time
from pathlib import Path
from market.db import make_engine, transaction
from market.accounts.models import Membership
from market.access import actor_for
from market.offers.models import Offer
from market.offers.rules import NotEnoughLeft
from market.orders.operations import place_order
from market.register.models import Kitchen
from market.values import Quantity, Unit
from market.accounts.rules import Role
from factories import AT, MONDAY
from sqlalchemy import select

url, offer_id, number, gate = sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
engine = make_engine(url)
engine.connect().close()
Path(f"{gate}-{number}").touch()
while not gate.exists():
    time.sleep(0.005)
try:
    with transaction(engine) as session:
        member = session.scalars(select(Membership).where(Membership.role == Role.KITCHEN)).first()
        place_order(
            session, offer=session.get_one(Offer, offer_id), kitchen=session.get_one(Kitchen, member.kitchen_id),
            quantity=Quantity(10_000, Unit.KILOGRAM), deliver_on=MONDAY, proposed_price=None, note="",
            request_key=f"race-{number}", actor=actor_for(member), at=AT,
        )
    print("sold")
except NotEnoughLeft:
    print("refused")
"""


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_exactly_ten_kilograms_are_sold(database, request, tmp_path):
    url = f"sqlite:///{tmp_path / 'race.sqlite3'}"
    if database == "postgres":
        url = request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    upgrade(engine)
    with transaction(engine) as session:
        offer = make_offer(session, make_cast(session), kilograms=10)
        session.flush()
        offer_id = offer.id
    answers = _race(url, offer_id, tmp_path / "gate")
    assert sorted(answers) == ["refused"] * (BUYERS - 1) + ["sold"]
    with open_session(engine, writes=False) as session:
        assert session.get_one(Offer, offer_id).reserved == 10_000
        assert session.scalar(select(func.count()).select_from(Order)) == 1
        assert session.scalar(select(func.sum(Reservation.steps))) == 10_000
    engine.dispose()


def _race(url: str, offer_id: int, gate: Path) -> list[str]:
    here = Path(__file__).parents[2]
    buyers = [
        subprocess.Popen(
            [sys.executable, "-c", BUYER, url, str(offer_id), str(n), str(gate)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=here,
        )
        for n in range(BUYERS)
    ]
    while any(buyer.poll() is None for buyer in buyers) and len(list(gate.parent.glob("gate-*"))) < BUYERS:
        time.sleep(0.02)
    gate.touch()
    return [buyer.communicate(timeout=120)[0].strip() for buyer in buyers]


@pytest.mark.slow
@pytest.mark.postgres
def test_the_same_submit_racing_itself_is_one_order(postgres_url):
    """Two threads send the very same form at once: the database lets one through and both get that order."""
    engine = make_engine(postgres_url)
    upgrade(engine)
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
