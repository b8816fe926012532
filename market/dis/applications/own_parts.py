"""The producer's page of everything DIS: the parts that later steps put on it, such as invitations.

A step registers its part where its views are; the page draws `dis/<name>/_on_own.html` with what `load`
returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor

Load = Callable[[Session, Actor, datetime], Mapping[str, Any]]
ORDER = ("calloffs", "tenders", "evaluations", "awards")

_loaders: dict[str, Load] = {}


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One step's part: its template and the variables of it."""

    template: str
    variables: Mapping[str, Any]


def register_own_part(name: str, load: Load) -> None:
    """Put a part on the page; `name` is the folder of its template."""
    if name not in ORDER:
        raise ValueError(f"{name!r} is no step with something for producers: one of {', '.join(ORDER)}")
    _loaders[name] = load


def parts_of(session: Session, *, actor: Actor, at: datetime) -> list[OwnPart]:
    return [
        OwnPart(f"dis/{name}/_on_own.html", _loaders[name](session, actor, at))
        for name in ORDER
        if name in _loaders
    ]
