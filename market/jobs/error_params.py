"""A refusal's values as JSON and back, so that they are written in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from market.values import Week

DAY, INSTANT, WEEK = "day", "instant", "week"


def plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Days, instants and weeks by their kind; numbers and texts as they are; everything else as its text."""
    return {name: _plain(value) for name, value in params.items()}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return {INSTANT: value.isoformat()}
        case date():
            return {DAY: value.isoformat()}
        case Week():
            return {WEEK: str(value)}
        case int() | str():
            return value
        case _:
            return str(value)


def restored(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _restored(value) for name, value in params.items()}


def _restored(value: Any) -> Any:
    match value:
        case {"instant": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case {"week": text}:
            return Week.parse(text)
        case _:
            return value
