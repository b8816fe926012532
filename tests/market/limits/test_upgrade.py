"""Orders made before there was a ledger are counted when the ledger comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic import command
from factories import AT, make_cast, make_offer, make_order
from sqlalchemy import select

from market.db import make_engine, open_session, transaction
from market.limits.models import LimitEntry, LimitEntryStep
from market.migrations import config, upgrade
from market.orders.operations import answer_order, receive_order
from market.orders.receipt_rules import DeviationKind, ReceivedLine
from market.orders.rules import OrderEvent


def entries(engine) -> list[tuple[object, ...]]:
    with open_session(engine, writes=False) as session:
        rows = session.scalars(select(LimitEntry).order_by(LimitEntry.subject)).all()
        return [
            (
                row.subject,
                row.category_key,
                row.supplier_id,
                row.counts_on,
                row.state,
                row.ordered_ore,
                row.ore,
            )
            for row in rows
        ]


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_earlier_orders_are_counted_as_they_would_have_been(database, migrated_url):
    engine = make_engine(migrated_url(database))
    with transaction(engine) as session:
        cast = make_cast(session)
        offer = make_offer(session, cast)
        _, declined, received = (
            make_order(session, cast, offer, kilograms=30, key=key) for key in ("a", "b", "c")
        )
        answer_order(
            session,
            order=declined,
            event=OrderEvent.DECLINE,
            reason="Slut",
            actor=cast.actor("producer"),
            at=AT,
        )
        came = ReceivedLine(line_id=received.lines[0].id, accepted=25_500, deviation=DeviationKind.SHORT)
        receive_order(
            session, order=received, received=[came], decidegrees=None, note="", actor=cast.actor("kitchen"),
            at=AT + timedelta(days=2),
        )  # fmt: skip
        declined_subject = f"order:{declined.id}"
    known = [row for row in entries(engine) if row[0] != declined_subject]
    command.downgrade(config(engine), "0007")
    upgrade(engine)
    assert entries(engine) == known
    assert [row[-1] for row in known] == [42_000, 35_700]
    with open_session(engine, writes=False) as session:
        assert len(session.scalars(select(LimitEntryStep)).all()) == 2
    engine.dispose()
