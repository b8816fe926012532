"""What the demo's kitchens watch for, what they have been told of, and messages as if they had been mailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from geodata.travel import Estimator
from market.demo.personas import HUB_KITCHEN, SCHOOL_KITCHEN, Cast
from market.notices.chores import matching, note_looks, tell_match
from market.notices.operations import save_need
from market.notices.rules import Need
from market.offers.models import Offer
from market.outbox import MessageState, OutboxMessage
from market.register.models import Kitchen
from market.values import local_date

WATCHED = (
    (SCHOOL_KITCHEN, Need(category_key="vegetables", only_surplus=True)),
    (SCHOOL_KITCHEN, Need(words="nötfärs", at_least_grams=20_000)),
    (HUB_KITCHEN, Need(only_surplus=True, only_local=True)),
)
TOLD_AFTER = timedelta(seconds=20)
STILL_NEW = timedelta(hours=24)
"""What is younger waits unread."""
MOST_TOLD = 4
"""So many matches, the latest ones, have been told of: a demo is no flood."""


def add_needs(session: Session, *, cast: Cast, kitchens: Mapping[str, Kitchen], at: datetime) -> None:
    """What is watched for."""
    for number, (name, need) in enumerate(WATCHED):
        save_need(
            session,
            kitchen=kitchens[name],
            need=need,
            request_key=f"demo-need-{number}",
            actor=cast.kitchen(kitchens[name]),
            at=at,
        )


def tell_needs(session: Session, *, offers: Sequence[Offer], at: datetime) -> None:
    """What the worker would have told of the offers that are out. What comes later is told by the worker itself."""
    pairs = matching(session, offers=offers, travel=Estimator(), today=local_date(at))
    note_looks(session, offers=offers, at=at)
    for saved, offer in sorted(pairs, key=lambda pair: (pair[1].created_at, pair[0].id))[-MOST_TOLD:]:
        tell_match(session, need=saved, offer=offer, at=offer.created_at + TOLD_AFTER)


def settle_messages(session: Session, *, at: datetime) -> None:
    """What is older than a day counts as mailed and read, as it would be by now."""
    session.flush()
    old = OutboxMessage.created_at < at - STILL_NEW
    session.execute(
        update(OutboxMessage)
        .where(old, OutboxMessage.state == MessageState.WAITING)
        .values(state=MessageState.SENT, sent_at=OutboxMessage.created_at, read_at=OutboxMessage.created_at)
        .execution_options(synchronize_session=False)
    )
