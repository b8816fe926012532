"""A booking as an iCalendar file (RFC 5545), for the calendar of a phone or an office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from market.visits.models import VisitBooking

LONGEST_LINE = 75  # octets, without the line break


def calendar(booking: VisitBooking, *, summary: str, description: str, domain: str, at: datetime) -> bytes:
    """One event; a cancelled booking says so, so that the calendar takes it away."""
    day = booking.day
    place = ", ".join(part for part in (day.producer.name, day.site.name, day.site.address) if part)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Närmat//Studiebesök//SV",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:visit-{booking.id}@{domain}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(day.starts_at)}",
        f"DTEND:{_utc(day.ends_at)}",
        f"SEQUENCE:{0 if booking.is_alive else 1}",
        f"STATUS:{'CONFIRMED' if booking.is_alive else 'CANCELLED'}",
        f"SUMMARY:{escaped(summary)}",
        f"LOCATION:{escaped(place)}",
        f"GEO:{day.site.lat:.5f};{day.site.lon:.5f}",
        f"DESCRIPTION:{escaped(description)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{line}\r\n" for line in folded(lines)).encode()


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line breaks written as RFC 5545, 3.3.11 says."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def folded(lines: Iterable[str]) -> Iterable[str]:
    """Lines of at most 75 octets; what follows begins with a space. No character is cut in two (3.1)."""
    for line in lines:
        part = ""
        for character in line:
            if len((part + character).encode()) > LONGEST_LINE:
                yield part
                part = " "
            part += character
        yield part


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
