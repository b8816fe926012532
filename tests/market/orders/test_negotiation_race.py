"""Forty processes accept and counter at once against the same stock on PostgreSQL: each order has one answer."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from factories import make_cast, make_offer, make_order
from sqlalchemy import select

from market.db import make_engine, open_session, transaction
from market.offers.models import Offer
from market.orders.models import Order
from market.orders.rules import OrderState

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

ORDERS, EACH_KG, POSTED_KG, RAISED_KG = 20, 10, 400, 30
# One process that has imported everything forks into forty; each opens its own connection and waits for the others.
ANSWERS = """
import gc, multiprocessing, os, sys, time
from datetime import timedelta
from decimal import Decimal
from factories import AT
from market.access import actor_for
from market.accounts.models import Membership
from market.accounts.rules import Role
from market.db import make_engine, transaction
from market.migrations import load_tables
from market.offers.rules import NotEnoughLeft
from market.orders.models import Order
from market.orders.negotiation_operations import counter_order
from market.orders.operations import answer_order
from market.orders.rules import Bid, NotPossibleNow, OrderEvent, PositionOutdated
from market.values import Quantity, Unit
from sqlalchemy import select

load_tables()
gc.freeze()  # what all have read stays shared: nobody looks through it, to copy it page by page
url, raised = sys.argv[1], int(sys.argv[2])
orders = [tuple(map(int, pair.split(":"))) for pair in sys.argv[3:]]
context = multiprocessing.get_context("fork")
start = context.Barrier(2 * len(orders))
LATER = AT + timedelta(hours=1)

def say(word):
    os.write(1, f"{word}\\n".encode())  # in one piece, however many write

def answer(order_id, position_id, accepts):
    engine = make_engine(url)
    try:
        with transaction(engine) as session:
            member = session.scalars(select(Membership).where(Membership.role == Role.PRODUCER)).first()
            actor, order = actor_for(member), session.get_one(Order, order_id)
            order.position, order.lines
            start.wait(200)
            if accepts and order_id % 3:
                time.sleep(0.1)  # so that counter-offers win too, and the stock runs out
            if accepts:
                answer_order(session, order=order, event=OrderEvent.ACCEPT, position_id=position_id, actor=actor, at=LATER)
            else:
                bid = Bid(quantity=Quantity(raised, Unit.KILOGRAM), deliver_on=order.deliver_on, price=Decimal(16))
                counter_order(session, order=order, position_id=position_id, bid=bid, note="", actor=actor, at=LATER)
        say("accepted" if accepts else "countered")
    except NotEnoughLeft:
        say("full")
    except (NotPossibleNow, PositionOutdated):
        say("late")

people = [
    context.Process(target=answer, args=(order_id, position_id, accepts))
    for order_id, position_id in orders for accepts in (True, False)
]
for one in people:
    one.start()
for one in people:
    one.join(300)
"""


def test_each_bid_has_one_answer_and_the_stock_follows(postgres_url):
    engine = make_engine(postgres_url)
    with transaction(engine) as session:
        cast = make_cast(session)
        offer = make_offer(session, cast, kilograms=POSTED_KG, price=None)
        orders = [make_order(session, cast, offer, kilograms=EACH_KG, key=f"race-{n}") for n in range(ORDERS)]
        pairs = [f"{order.id}:{order.position.id}" for order in orders]
        offer_id = offer.id
    told = subprocess.run(
        [sys.executable, "-c", ANSWERS, postgres_url, str(RAISED_KG * 1000), *pairs],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=400,
        check=True,
    ).stdout.split()
    counts = Counter(told)
    assert len(told) == 2 * ORDERS, " ".join(told)
    assert counts["countered"] <= (POSTED_KG - ORDERS * EACH_KG) // (RAISED_KG - EACH_KG)
    assert counts["accepted"] + counts["countered"] >= ORDERS - counts["full"]
    with open_session(engine, writes=False) as session:
        stored = session.scalars(select(Order)).all()
        states = Counter((order.state, order.lines[0].steps) for order in stored)
        assert states == {
            key: count
            for key, count in {
                (OrderState.AGREED, EACH_KG * 1000): counts["accepted"],
                (OrderState.PROPOSED, RAISED_KG * 1000): counts["countered"],
                (OrderState.PROPOSED, EACH_KG * 1000): ORDERS - counts["accepted"] - counts["countered"],
            }.items()
            if count
        }
        held = sum(order.lines[0].reservation.steps for order in stored)
        assert session.get_one(Offer, offer_id).reserved == held <= POSTED_KG * 1000
        for order in stored:
            assert order.lines[0].reservation.steps == order.lines[0].steps == order.position.steps
            assert len(order.transitions) == 1 + (order.state is OrderState.AGREED) + (order.round == 2)
    engine.dispose()
