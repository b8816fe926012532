"""Deliveries that wait to be counted: found without the others, marked with the rows that count them, and holding back their month."""

from __future__ import annotations

import logging
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from factories import AT, Cast, make_offer, make_order
from followup_making import delivered, some_offer
from sqlalchemy import Engine, event, text, update
from sqlalchemy.orm import Session

from geodata.travel import Estimator
from market.followup.chores import count_earlier_deliveries, uncounted
from market.followup.models import Delivered
from market.followup.publishing.queries import settled_until
from market.orders.models import Delivery, DeliveryLine
from market.orders.operations import receive_order
from market.orders.receipt_rules import ReceivedLine
from market.values import wall_clock

TODAY = AT.date()


def settled(session: Session, cast: Cast) -> tuple[date, date]:
    """The cast's authority's day, and the other's."""
    ids = [cast.authority.id, cast.other_authority.id]
    found = settled_until(session, authority_ids=ids, today=TODAY)
    return found[ids[0]], found[ids[1]]


def engine_of(session: Session) -> Engine:
    found: Any = session.get_bind()
    engine: Engine = found.engine
    return engine


def delivery_of(session: Session, row: Delivered) -> Delivery:
    return session.get_one(DeliveryLine, row.delivery_line_id).delivery


def test_the_first_that_waits_holds_back_what_follows_it(session: Session, cast: Cast) -> None:
    offer = some_offer(session, cast)
    rows = [delivered(session, cast, offer, day=date(2026, month, 5)) for month in (8, 9, 10)]
    delivered(session, cast, offer, day=date(2026, 7, 1), kitchen=cast.other_kitchen)
    assert settled(session, cast) == (TODAY, TODAY)
    for row in rows[1:]:
        delivery_of(session, row).is_counted = False
    session.flush()
    assert settled(session, cast) == (date(2026, 9, 5), TODAY)
    assert uncounted(session) == [delivery_of(session, row).id for row in rows[1:]]


def test_a_receipt_whose_counting_fails_waits_until_it_is_counted(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever was written is rolled back with the mark; the chore counts it, and then nothing waits."""
    order = make_order(session, cast, make_offer(session, cast), key="one")
    line = order.lines[0]
    with monkeypatch.context() as patched, caplog.at_level(logging.CRITICAL):
        patched.setattr("market.followup.adding.add_arrivals", lambda *_, **__: 1 // 0)
        receive_order(
            session, order=order, received=[ReceivedLine(line_id=line.id, accepted=line.steps, deviation=None)],
            decidegrees=None, note="", actor=cast.actor("kitchen"), at=wall_clock(order.deliver_on, 36_000),
        )  # fmt: skip
        session.commit()
    assert order.delivery
    assert uncounted(session) == [order.delivery.id]
    later = wall_clock(date(2027, 3, 1), 0)
    assert settled_until(session, authority_ids=[cast.authority.id], today=later.date()) == {
        cast.authority.id: order.deliver_on
    }
    session.commit()
    assert count_earlier_deliveries(engine_of(session), travel=Estimator(), at=AT) == 1
    session.expire_all()
    assert uncounted(session) == []
    assert settled(session, cast) == (TODAY, TODAY)


def test_those_that_wait_are_found_by_their_own_index(session: Session, cast: Cast) -> None:
    """However many there are that do not."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    uncounted(session)
    settled(session, cast)
    event.remove(engine, "before_cursor_execute", note)
    asked = [(one, with_) for one, with_ in sent if "is_counted" in one]
    assert len(asked) == 2
    for statement, parameters in asked:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        assert any("ix_deliveries_uncounted" in str(step) for step in plan), statement


def test_the_migration_marks_those_that_are_counted(session: Session, cast: Cast) -> None:
    """A delivery from before follow-up has a line that no row tells of: it waits for the chore."""
    offer = some_offer(session, cast)
    counted, earlier = (delivered(session, cast, offer, day=date(2026, month, 5)) for month in (8, 9))
    waits = delivery_of(session, earlier).id
    session.delete(earlier)
    session.flush()
    session.execute(update(Delivery).values(is_counted=False))
    migration = import_module("market.migrations.versions.0022_which_deliveries_wait_to_be_counted")
    session.execute(text(migration.MARK))
    session.expire_all()
    assert uncounted(session) == [waits]
    assert delivery_of(session, counted).is_counted
