"""Stored rows as plain JSON values: every column but the files and the keys of a form's submit. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import LargeBinary, inspect

from market.db import Base

Plain = dict[str, Any]
NEVER = frozenset({"request_key"})


def plain(row: Base, *, without: Collection[str] = (), **more: object) -> Plain:
    """A row's columns by name, and what is given besides."""
    columns = inspect(type(row)).columns
    kept = {
        column.key: value_of(getattr(row, column.key))
        for column in columns
        if column.key not in NEVER and column.key not in without and not isinstance(column.type, LargeBinary)
    }
    return kept | {name: value_of(value) for name, value in more.items()}


def all_plain(rows: Iterable[Base], *, without: Collection[str] = ()) -> list[Plain]:
    return [plain(row, without=without) for row in rows]


def value_of(value: Any) -> Any:
    """Numbers of money as text, instants and days in ISO 8601."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def written(value: object) -> bytes:
    """Readable JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def people_in(value: object) -> set[int]:
    """The users that plain values name by their numbers."""
    if isinstance(value, Mapping):
        own = {
            number
            for key, number in value.items()
            if isinstance(number, int) and (key.endswith(("user_id", "_by_id")))
        }
        return own.union(*(people_in(part) for part in value.values()))
    if isinstance(value, list):
        return set[int]().union(*(people_in(part) for part in value))
    return set()
