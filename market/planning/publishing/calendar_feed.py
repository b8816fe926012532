"""Someone's transports as an iCalendar feed (RFC 5545) that calendar programs fetch again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext
from icalendar import Calendar, Event

from market import formatting
from market.planning.publishing.pages import Call, Goods

REFRESH = timedelta(minutes=15)


def feed(calls: Sequence[Call], *, title: str, domain: str, at: datetime) -> bytes:
    """One event for each stop. `at` is when the plans were published, so that the same transports are the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Närmat//Transporter//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH, parameters={"VALUE": "DURATION"})
    seen: Counter[str] = Counter()
    for call in calls:
        name = _uid(call)
        seen[name] += 1
        calendar.add_component(_event(call, uid=f"{name}-{seen[name]}@{domain}", at=at))
    return bytes(calendar.to_ical())


def _uid(call: Call) -> str:
    """The same for the same goods at the same end, also in a plan that is published anew."""
    way = "out" if call.is_pickup else "in"
    return f"transport-{call.day}-{way}-{min(one.order_id for one in call.goods)}"


def _event(call: Call, *, uid: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at)
    event.add("dtstart", call.starts_at)
    event.add("dtend", max(call.departs_at, call.starts_at + timedelta(minutes=1)))
    event.add("summary", _summary(call))
    event.add("location", ", ".join(part for part in (call.place, call.address) if part))
    event.add("description", "\n".join([*(_line(one, call) for one in call.goods), *_whom(call)]))
    return event


def _summary(call: Call) -> str:
    words = {"vehicle": call.vehicle, "weight": formatting.kilograms(call.grams)}
    text: str = gettext("%(vehicle)s lämnar %(weight)s", **words)
    if call.is_pickup:
        text = gettext("%(vehicle)s hämtar %(weight)s", **words)
    return text


def _line(goods: Goods, call: Call) -> str:
    items = ", ".join(f"{item.product_name} {formatting.quantity(item.quantity)}" for item in goods.items)
    text: str = gettext("%(goods)s från %(whom)s", goods=items, whom=goods.other)
    if call.is_pickup:
        text = gettext("%(goods)s till %(whom)s", goods=items, whom=goods.other)
    return text


def _whom(call: Call) -> list[str]:
    """Who comes, and the number to ring."""
    return [", ".join(part for part in (call.carrier, call.driver, call.phone) if part)]
