"""Who is told, in the same transaction, that goods were received: what follows an order and must know the moment.

Named, not imported: what follows up may know orders, orders know nothing of it.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pkgutil import resolve_name
from typing import Protocol, cast

from sqlalchemy.orm import Session

from market.orders.models import Delivery

LISTENERS = ("market.followup.recording:record_delivery",)


class Listener(Protocol):
    def __call__(self, session: Session, *, delivery: Delivery, at: datetime) -> object: ...


@cache
def _listeners() -> tuple[Listener, ...]:
    return tuple(cast("Listener", resolve_name(name)) for name in LISTENERS)


def tell_received(session: Session, *, delivery: Delivery, at: datetime) -> None:
    """What a listener raises undoes the receipt as well."""
    for listener in _listeners():
        listener(session, delivery=delivery, at=at)
