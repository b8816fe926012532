"""The log: an event per mutation, a chain that shows every later change, and a database that refuses one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from click.testing import CliRunner
from factories import AT, make_cast, make_offer, make_order
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from market import audit
from market.audit import AuditEvent, AuditHead
from market.cli import narmat
from market.db import make_engine, open_session, transaction
from market.offers.operations import repeat_offer, withdraw_offer
from market.orders.operations import answer_order, receive_order
from market.orders.receipt_rules import ReceivedLine
from market.orders.rules import OrderEvent

APPEND_ONLY = "audit events are append-only"


def actions(session: Session, *, after: int = 0) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.id > after).order_by(AuditEvent.id)
    return list(session.scalars(query))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def the_loop(session, cast) -> None:
    """A week as its people would do it."""
    offer = make_offer(session, cast)
    order = make_order(session, cast, offer, key="listed")
    by_agreement = make_offer(session, cast, price=None)
    accepted = make_order(session, cast, by_agreement, key="accepted")
    declined = make_order(session, cast, by_agreement, key="declined")
    cancelled = make_order(session, cast, offer, key="cancelled")
    producer, kitchen = cast.actor("producer"), cast.actor("kitchen")
    bid = accepted.position.id
    answer_order(session, order=accepted, event=OrderEvent.ACCEPT, position_id=bid, actor=producer, at=AT)
    answer_order(session, order=declined, event=OrderEvent.DECLINE, actor=producer, at=AT)
    answer_order(session, order=cancelled, event=OrderEvent.CANCEL, reason="Fel dag", actor=kitchen, at=AT)
    received = [ReceivedLine(line_id=line.id, accepted=line.steps) for line in order.lines]
    then = AT + timedelta(days=2)
    receive_order(session, order=order, received=received, decidegrees=40, note="", actor=kitchen, at=then)
    repeat_offer(session, offer=offer, actor=producer, at=then, request_key="again")
    withdraw_offer(session, offer=offer, actor=producer, at=then)


def test_every_step_of_the_loop_leaves_one_event(session, cast):
    before = count(session)
    the_loop(session, cast)
    done = actions(session, after=before)
    ledger = [action for action in done if action.startswith("limit.")]
    assert [action for action in done if action not in ledger] == [
        "offer.post",
        "order.order",
        "offer.post",
        "order.propose",
        "order.propose",
        "order.order",
        "order.accept",
        "order.decline",
        "order.cancel",
        "order.receive",
        "offer.post",
        "offer.withdraw",
    ]
    assert Counter(ledger) == {"limit.commit": 4, "limit.release": 2, "limit.settle": 1}
    assert audit.verify(session) == (count(session), None)


def test_an_event_says_who_did_what_to_what(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.user_id, event.at, event.action) == (cast.actor("kitchen").user_id, AT, "order.order")
    assert event.subject == f"order:{order.id}"
    lines = [[order.lines[0].offer_id, 40_000, "14"]]
    assert event.data == {"state": "agreed", "round": 1, "deliver_on": "2026-11-25", "lines": lines}


def test_an_operation_that_is_undone_leaves_no_event(engine, session, cast):
    before = count(session)
    make_offer(session, cast)
    session.rollback()
    assert count(session) == before
    assert audit.verify(session) == (before, None)


def test_an_instant_in_another_zone_is_the_same_event(session, cast):
    """The hash is of the instant in UTC, so that what the database gives back hashes the same."""
    audit.record(
        session, user_id=None, at=AT, action="test.zone", subject="test:1", name="åäö", price="14.50"
    )
    session.flush()
    session.expire_all()
    assert audit.verify(session)[1] is None


@pytest.fixture
def unguarded(engine: Engine) -> Engine:
    """A database whose triggers someone with full access has dropped; ten and more events in it."""
    with transaction(engine) as session:
        for trigger in ("audit_events_no_update", "audit_events_no_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
    return engine


@dataclass(frozen=True)
class Tampering:
    name: str
    statements: tuple[str, ...]
    found_at: int
    reason: str


COPY = (
    "INSERT INTO audit_events (id, at, user_id, action, subject, data, previous_hash, hash) "
    "SELECT {id}, at, user_id, action, subject, data, {previous}, '{hash}' FROM audit_events WHERE id = 3"
)
LAST = "(SELECT max(id) FROM audit_events)"
CHANGED = "its content was changed"
TAMPERINGS = (
    Tampering("an amount", ("UPDATE audit_events SET data = '{\"posted\": 1}' WHERE id = 4",), 4, CHANGED),
    Tampering("who did it", ("UPDATE audit_events SET user_id = 2 WHERE id = 5",), 5, CHANGED),
    Tampering(
        "when", ("UPDATE audit_events SET at = '2020-01-01 00:00:00.000000' WHERE id = 5",), 5, CHANGED
    ),
    Tampering("what", ("UPDATE audit_events SET action = 'x' WHERE id = 1",), 1, CHANGED),
    Tampering(
        "one removed in the middle", ("DELETE FROM audit_events WHERE id = 6",), 7, "event 6 is missing"
    ),
    Tampering("the first removed", ("DELETE FROM audit_events WHERE id = 1",), 2, "event 1 is missing"),
    Tampering(
        "two in another order",
        (
            "UPDATE audit_events SET id = -6 WHERE id = 6",
            "UPDATE audit_events SET id = 6 WHERE id = 7",
            "UPDATE audit_events SET id = 7 WHERE id = -6",
        ),
        6,
        "it does not follow the event before it",
    ),
    Tampering(
        "one removed and the rest moved up",
        ("DELETE FROM audit_events WHERE id = 6", "UPDATE audit_events SET id = id - 1 WHERE id > 6"),
        6,
        "it does not follow the event before it",
    ),
)


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda t: t.name)
def test_tampering_is_found_where_it_was_done(unguarded, tampering):
    with transaction(unguarded) as session:
        for statement in tampering.statements:
            session.execute(text(statement))
    with open_session(unguarded, writes=False) as session:
        assert audit.verify(session) == (
            min(tampering.found_at, _number(tampering)) - 1,
            audit.Break(tampering.found_at, tampering.reason),
        )


def _number(tampering: Tampering) -> int:
    """How far the chain holds: to the event before the missing one."""
    return int(tampering.reason.split()[1]) if "missing" in tampering.reason else tampering.found_at


def test_events_removed_at_the_end_are_missed(unguarded):
    with transaction(unguarded) as session:
        total = count(session)
        session.execute(text(f"DELETE FROM audit_events WHERE id = {LAST}"))
    with open_session(unguarded, writes=False) as session:
        held, broken = audit.verify(session)
    assert (held, broken) == (total - 1, audit.Break(total, "events are missing at the end of the chain"))


def test_an_event_added_behind_the_program_s_back_is_found(unguarded):
    with transaction(unguarded) as session:
        total, head = count(session), session.get_one(AuditHead, 1).hash
        session.execute(text(COPY.format(id=total + 1, previous=f"'{head}'", hash="f" * 64)))
    with open_session(unguarded, writes=False) as session:
        assert audit.verify(session) == (total, audit.Break(total + 1, CHANGED))


def test_an_event_rehashed_by_a_careful_forger_breaks_the_next(unguarded):
    with transaction(unguarded) as session:
        event = session.get_one(AuditEvent, 4)
        event.action = "forged"
        content = (
            event.id,
            event.at,
            event.user_id,
            event.action,
            event.subject,
            event.data,
            event.previous_hash,
        )
        event.hash = audit._digest(content)
    with open_session(unguarded, writes=False) as session:
        assert audit.verify(session) == (4, audit.Break(5, "it does not follow the event before it"))


CHANGES = (
    "UPDATE audit_events SET action = 'x' WHERE id = 1",
    "UPDATE audit_events SET action = action",
    "DELETE FROM audit_events WHERE id = 1",
    "DELETE FROM audit_events",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_an_event(session, cast, statement):
    with pytest.raises(DBAPIError, match=APPEND_ONLY):
        session.execute(text(statement))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("statement", [*CHANGES, "TRUNCATE audit_events"])
def test_postgresql_refuses_too(postgres_url, statement):
    engine = make_engine(postgres_url)
    with transaction(engine) as session:
        the_loop(session, make_cast(session))
    with pytest.raises(DBAPIError, match=APPEND_ONLY), transaction(engine) as session:
        session.execute(text(statement))
    with open_session(engine, writes=False) as session:
        assert audit.verify(session) == (count(session), None)
    engine.dispose()


def test_there_is_one_head_only(session, cast):
    with pytest.raises(DBAPIError, match="ck_audit_heads_single"):
        session.execute(text("INSERT INTO audit_heads (id, events, hash) VALUES (2, 0, '')"))


@pytest.fixture
def verify(engine: Engine, tmp_path, monkeypatch) -> Callable[[], tuple[int, str]]:
    """`narmat audit verify` on the test's database: its exit code and all that it says."""
    monkeypatch.setenv("NARMAT_DATABASE_URL", str(engine.url))
    monkeypatch.setenv("NARMAT_INSTANCE", str(tmp_path))

    def run() -> tuple[int, str]:
        done = CliRunner().invoke(narmat, ["audit", "verify"])
        return done.exit_code, done.output

    return run


def test_the_command_says_that_the_chain_holds(verify, engine):
    code, said = verify()
    with open_session(engine, writes=False) as session:
        total, head = count(session), session.get_one(AuditHead, 1).hash
    assert (code, said) == (0, f"{total} events, whole chain holds. Last hash {head}\n")


def test_the_command_fails_at_the_first_break(verify, unguarded):
    with transaction(unguarded) as session:
        session.execute(text("UPDATE audit_events SET action = 'x' WHERE id = 3"))
    assert verify() == (1, "Broken at event 3: its content was changed. 2 events before it hold.\n")
