"""Officers are reminded of a file once before it is due, told once when it is late, and left alone when it is done."""

from __future__ import annotations

from datetime import timedelta

from factories import AT, MONDAY
from sqlalchemy import select

from market.direct.chores import remind_of_files
from market.direct.operations import complete_award, write_note
from market.direct.rules import Written
from market.limits.models import Award
from market.limits.officer_operations import record_purchase
from market.outbox import OutboxMessage

DONE = Written(reason="a", asked="b", comparison="c", contract="d", contract_on=MONDAY)


def award(session, cast) -> Award:
    record_purchase(
        session, authority=cast.authority, category_key="fish", supplier_name="Fiskbilen", ore=15_000_000, on=MONDAY,
        reason="x", although_over=False, request_key="x", actor=cast.actor("procurement_officer"), at=AT,
    )  # fmt: skip
    return session.scalars(select(Award)).one()


def told(session) -> list[bool]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "award_due").order_by(OutboxMessage.id)
    return [message.params["late"] for message in session.scalars(query)]


def test_a_file_is_reminded_of_once_before_and_once_when_late(session, cast):
    award(session, cast)
    for days, count in ((22, 0), (23, 1), (24, 0), (30, 0), (31, 1), (60, 0)):
        assert remind_of_files(session, at=AT + timedelta(days=days)) == count, days
    assert told(session) == [False, True]


def test_a_complete_file_is_left_alone(session, cast):
    made, officer = award(session, cast), cast.actor("procurement_officer")
    write_note(session, award=made, written=DONE, actor=officer, at=AT)
    complete_award(session, award=made, make_pdf=lambda _file: b"%PDF", actor=officer, at=AT)
    assert remind_of_files(session, at=AT + timedelta(days=40)) == 0
    assert told(session) == []
