"""The calendar file, read back by the rules of RFC 5545."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.visits.calendar import LONGEST_LINE, escaped, folded

LINE = re.compile(r"[A-Z-]+(?:;[A-Z-]+=[^;:]+)*:.*", re.DOTALL)


def unfolded(data: bytes) -> list[str]:
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in physical)
    assert max(map(len, physical)) <= LONGEST_LINE
    lines: list[bytes] = []
    for line in physical:
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode() for line in lines]


def read(text: str) -> str:
    """A TEXT value as a strict calendar program reads it: a bare comma or semicolon would end it."""
    assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", text), text
    return re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], text)


@pytest.fixture
def event(client_for, stored, offer, book, session) -> dict[str, str]:
    booking = book(offer(), name='3 B, "blå"; gruppen')
    session.commit()
    answer = client_for("kitchen").get(f"/visits/bookings/{booking.id}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = unfolded(answer.data)
    assert all(LINE.fullmatch(line) for line in lines)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    return dict(line.split(":", 1) for line in lines if not line.startswith(("BEGIN", "END")))


def test_when_and_where(event):
    assert event["VERSION"] == "2.0"
    starts = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert starts == datetime(2026, 12, 2, 8, tzinfo=UTC), "nine o'clock in Sweden in winter"
    assert event["DTEND"] == "20261202T100000Z"
    assert read(event["LOCATION"]) == "Åkerbo gård, Åkerbo"
    assert event["STATUS"] == "CONFIRMED"
    assert re.fullmatch(r"visit-\d+@.+", event["UID"])


def test_what_people_write_is_escaped(event):
    description = read(event["DESCRIPTION"])
    assert description.startswith("Mjölkning; kalvarna, och ost.\nTa med stövlar.\n")
    assert '3 B, "blå"; gruppen, Eva Ek' in description


def test_a_cancelled_visit_takes_itself_out_of_the_calendar(client_for, stored, offer, book, session, cast):
    from factories import AT

    from market.visits.operations import cancel_booking

    booking = book(offer())
    cancel_booking(session, booking=booking, reason="Snö", actor=cast.actor("kitchen"), at=AT)
    session.commit()
    lines = unfolded(client_for("kitchen").get(f"/visits/bookings/{booking.id}.ics").data)
    assert "STATUS:CANCELLED" in lines
    assert "SEQUENCE:1" in lines


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"), max_size=300))
def test_any_text_comes_back_whole(text):
    line = f"DESCRIPTION:{escaped(text)}"
    assert "\n" not in line
    data = "".join(f"{part}\r\n" for part in folded([line])).encode()
    [whole] = unfolded(data)
    assert read(whole.partition(":")[2]) == "\n".join(text.splitlines())
