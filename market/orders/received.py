"""Who is told, in the same transaction, that goods were received: what follows an order and must know the moment.

Named, not imported: what follows up may know orders, orders know nothing of it.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from pkgutil import resolve_name
from typing import Protocol, cast

from sqlalchemy.orm import Session

from market.orders.models import Delivery

_log = logging.getLogger("narmat.orders")
LISTENERS = ("market.followup.recording:record_delivery",)


class Listener(Protocol):
    def __call__(self, session: Session, *, delivery: Delivery, at: datetime) -> object: ...


@cache
def _listeners() -> tuple[Listener, ...]:
    return tuple(cast("Listener", resolve_name(name)) for name in LISTENERS)


def tell_received(session: Session, *, delivery: Delivery, at: datetime) -> None:
    """A listener that fails leaves nothing half-done and is logged; the kitchen has its goods all the same."""
    for listener in _listeners():
        try:
            with session.begin_nested():
                listener(session, delivery=delivery, at=at)
        except Exception:  # noqa: BLE001 - whatever it is, the goods have come
            _log.exception(
                "What follows the receipt of order %s failed; it is tried again by itself.", delivery.order_id
            )
