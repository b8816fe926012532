"""Weeks as a planner picks them: by an address, a week field, or a step to a neighbour. Pure."""

from __future__ import annotations

from market.values import Week

YEARS = range(2000, 2100)


def week_named(text: str) -> Week | None:
    """The week that "2026-W48" names; None for what is no week, or far from any that is planned."""
    try:
        week = Week.parse(text.strip())
    except ValueError:
        return None
    return week if week.year in YEARS else None
