"""Seconds of a week's Swedish wall clock, as the planner counts them."""

from __future__ import annotations

from datetime import date, datetime

from market.values import SWEDEN

DAY_S = 86_400


def seconds_since(monday: date, at: datetime) -> int:
    """Seconds that the Swedish clock shows at `at` since Monday 00:00; negative before that week."""
    local = at.astimezone(SWEDEN)
    days = (local.date() - monday).days
    return days * DAY_S + local.hour * 3600 + local.minute * 60 + local.second


def seconds_at(monday: date, day: date, clock_s: int) -> int:
    """Seconds since Monday 00:00 at `clock_s` seconds after midnight on `day`."""
    return (day - monday).days * DAY_S + clock_s
