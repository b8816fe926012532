"""Eight receipts of the same goods at once on PostgreSQL: each counts, and none fails on what another has just written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factories import AT, make_cast
from followup_making import delivered, some_offer
from sqlalchemy import delete, select, update

from market.db import make_engine, open_session, transaction
from market.followup.chores import uncounted
from market.followup.models import Arrival, Chain, Delivered, DeliveredSum, Vantage
from market.followup.recording import record_delivery
from market.migrations import upgrade
from market.orders.models import Delivery

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

AT_ONCE = 8


def test_receipts_of_the_same_month_at_once(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    upgrade(engine)
    with transaction(engine) as session:
        cast = make_cast(session)
        offer = some_offer(session, cast)
        for n in range(AT_ONCE):
            delivered(session, cast, offer, kilograms=10 + n)
        for model in (Delivered, DeliveredSum, Arrival, Chain, Vantage):
            session.execute(delete(model))
        session.execute(update(Delivery).values(is_counted=False))
        waiting = uncounted(session)
    start = Barrier(AT_ONCE)

    def record(delivery_id: int) -> int:
        with transaction(engine) as session:
            delivery = session.get_one(Delivery, delivery_id)
            start.wait(60)
            return len(record_delivery(session, delivery=delivery, at=AT))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(record, waiting)) == [1] * AT_ONCE
    with open_session(engine, writes=False) as session:
        [total] = session.scalars(select(DeliveredSum))
        assert (total.lines, total.grams) == (AT_ONCE, sum(10_000 + 1000 * n for n in range(AT_ONCE)))
        assert [len(session.scalars(select(one)).all()) for one in (Chain, Vantage, Arrival)] == [1, 1, 1]
    engine.dispose()
