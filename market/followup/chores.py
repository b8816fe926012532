"""Deliveries that were received before follow-up counted them, or whose counting failed, counted as soon as it can."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from geodata.travel import TravelEngine
from market.db import open_session, transaction
from market.followup.recording import record_delivery
from market.orders.models import Delivery

AT_A_TIME = 2000
_log = logging.getLogger("narmat.followup")


class NotCounted(Exception):
    """Some deliveries can not be counted as things stand; the log says why. The others are."""


def count_earlier_deliveries(engine: Engine, *, travel: TravelEngine, at: datetime) -> int:
    """Some of those that are not recorded, oldest first; by definitions of their day, else by what stands now.

    Looking for them holds nobody up, and each is a transaction of its own: one that fails stops no other.
    """
    del travel
    with open_session(engine, writes=False) as session:
        waiting = uncounted(session)
    done = failed = 0
    for delivery_id in waiting:
        if done == AT_A_TIME:
            break
        counted = _is_counted(engine, delivery_id, at=at)
        done, failed = done + counted, failed + (not counted)
    if failed:
        raise NotCounted(f"{failed} deliveries could not be counted; {done} were.")
    return done


def uncounted(session: Session) -> list[int]:
    """The deliveries that no rows tell of, oldest first."""
    return list(session.scalars(select(Delivery.id).where(~Delivery.is_counted).order_by(Delivery.id)))


def _is_counted(engine: Engine, delivery_id: int, *, at: datetime) -> bool:
    try:
        with transaction(engine) as session:
            record_delivery(session, delivery=session.get_one(Delivery, delivery_id), at=at)
    except Exception:  # noqa: BLE001 - whatever it is, the others go on
        _log.exception("Delivery %s could not be counted.", delivery_id)
        return False
    return True
