"""What notices do by the clock: sort messages by their readers' choices, gather digests, match new offers with needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Engine, delete, exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from geodata.travel import TravelEngine
from market.accounts.models import User
from market.accounts.queries import people_of_authority, people_of_kitchen
from market.accounts.rules import Role
from market.db import open_session, transaction
from market.notices.kinds import CHOOSABLE, DIGEST
from market.notices.models import NeedMatch, NoticePreference, OfferLook, SavedNeed
from market.notices.queries import is_alive
from market.notices.rules import Pace, Posted, fits, next_digest
from market.offers.locality import see, viewpoint_from
from market.offers.models import Offer, OfferVersion
from market.offers.queries import offers_by_id
from market.offers.rules import OfferState
from market.offers.settling import first_week
from market.outbox import MessageState, OutboxMessage, tell
from market.register.models import Kitchen
from market.values import local_date

STILL_WRITTEN = timedelta(minutes=1)
"""A change may become visible this long after its own instant."""
MOST = 500
"""Messages sorted, and offers looked at, in one go."""
Pair = tuple[SavedNeed, Offer]
_WAITS = (
    OutboxMessage.state == MessageState.WAITING,
    OutboxMessage.digest_id.is_(None),
)


def sort_messages(session: Session, *, at: datetime) -> int:
    """Keep for a digest, or drop, what its reader does not want at once; drop what is for a closed account."""
    closed = session.execute(
        update(OutboxMessage)
        .where(*_WAITS, exists().where(User.id == OutboxMessage.user_id, User.active.is_(False)))
        .values(state=MessageState.DROPPED)
        .execution_options(synchronize_session=False)
    )
    query = (
        select(OutboxMessage.id, NoticePreference.pace)
        .join(
            NoticePreference,
            (NoticePreference.user_id == OutboxMessage.user_id)
            & (NoticePreference.kind == OutboxMessage.kind),
        )
        .where(
            *_WAITS,
            OutboxMessage.digest_at.is_(None),
            OutboxMessage.lease_ends_at.is_(None),
            OutboxMessage.kind.in_(CHOOSABLE),
            NoticePreference.pace != Pace.AT_ONCE,
        )
        .limit(MOST)
    )
    sorted_ = [_sort(session, message_id, pace, at) for message_id, pace in session.execute(query).all()]
    return int(closed.rowcount) + sum(sorted_)  # type: ignore[attr-defined]


def _sort(session: Session, message_id: int, pace: Pace, at: datetime) -> int:
    dropped = {"state": MessageState.DROPPED}
    values = dropped if pace is Pace.NONE else {"digest_at": next_digest(at, pace)}
    changed = session.execute(
        update(OutboxMessage)
        .where(*_WAITS, OutboxMessage.id == message_id, OutboxMessage.lease_ends_at.is_(None))
        .values(values)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]


def gather_digests(session: Session, *, at: datetime) -> int:
    """One message to each person with all that has waited for their digest; it is sent like any other.

    A message is taken in by one digest only, in the transaction that makes it, and shares its fate from then on.
    """
    query = (
        select(OutboxMessage.user_id, OutboxMessage.id)
        .where(*_WAITS, OutboxMessage.digest_at <= at)
        .order_by(OutboxMessage.user_id, OutboxMessage.id)
    )
    rows = session.execute(query).all()
    gathered = 0
    for user_id, group in groupby(rows, key=lambda row: row[0]):
        gathered += _gather(session, user_id, [message_id for _, message_id in group], at)
    return gathered


def _gather(session: Session, user_id: int, message_ids: list[int], at: datetime) -> int:
    digest = OutboxMessage(
        kind=DIGEST, user_id=user_id, params={}, key=f"digest:{message_ids[0]}:u{user_id}", created_at=at, due_at=at,
        read_at=at,
    )  # fmt: skip
    session.add(digest)
    session.flush()
    taken = session.execute(
        update(OutboxMessage).where(*_WAITS, OutboxMessage.id.in_(message_ids)).values(digest_id=digest.id)
    )
    return int(taken.rowcount > 0)  # type: ignore[attr-defined]


def match_needs(engine: Engine, *, travel: TravelEngine, at: datetime) -> int:
    """Tell each kitchen of the new offers that it watches for. What measures roads is asked while nothing is locked.

    An offer is looked at once while it is open; one that comes back after a pause is looked at again, and still told once.
    """
    today = local_date(at)
    with open_session(engine, writes=False) as session:
        offers = _new_offers(session)
        if not offers:
            return 0
        kept = matching(session, offers=offers, travel=travel, today=today)
    with transaction(engine) as session:
        note_looks(session, offers=offers, at=at)
        return sum(tell_match(session, need=need, offer=offer, at=at) for need, offer in kept)


def matching(session: Session, *, offers: Sequence[Offer], travel: TravelEngine, today: date) -> list[Pair]:
    """Which needs these offers fit, by everything that a need asks for."""
    live = [offer for offer in offers if offer.available_until > today and offer.left.steps > 0]
    needs = _living_needs(session, today)
    found = [
        (need, offer)
        for need in needs
        for offer in live
        if offer.is_for(need.kitchen.authority_id) and fits(need.need, _posted(offer, today))
    ]
    anywhere = [pair for pair in found if not pair[0].only_local]
    return anywhere + _local_ones(session, found, travel, today)


def forget_looks(session: Session, *, at: datetime) -> int:
    """What is off the map, or says something else since it was looked at, is looked at again. Nobody is told twice."""
    gone = select(Offer.id).where(Offer.state != OfferState.OPEN)
    changed = exists().where(
        OfferVersion.offer_id == OfferLook.offer_id,
        or_(OfferVersion.at > OfferLook.looked_at, OfferVersion.at > at - STILL_WRITTEN),
    )
    forgotten = delete(OfferLook).where(or_(OfferLook.offer_id.in_(gone), changed))
    return int(session.execute(forgotten).rowcount)  # type: ignore[attr-defined]


def _new_offers(session: Session) -> list[Offer]:
    looked = exists().where(OfferLook.offer_id == Offer.id)
    query = select(Offer.id).where(Offer.state == OfferState.OPEN, ~looked).order_by(Offer.id).limit(MOST)
    return offers_by_id(session, offer_ids=list(session.scalars(query)))


def _living_needs(session: Session, today: date) -> list[SavedNeed]:
    query = (
        select(SavedNeed)
        .where(is_alive(today))
        .options(joinedload(SavedNeed.kitchen).joinedload(Kitchen.authority))
        .order_by(SavedNeed.kitchen_id, SavedNeed.id)
    )
    return list(session.scalars(query))


def _posted(offer: Offer, today: date) -> Posted:
    return Posted(
        category_key=offer.product.category_key,
        name=offer.product.name,
        grams_left=offer.product.grams(offer.left.steps),
        first_day=max(offer.available_from, today),
        is_organic=offer.certificate_on(today) is not None,
        is_surplus=offer.is_surplus,
    )


def _local_ones(session: Session, found: Sequence[Pair], travel: TravelEngine, today: date) -> list[Pair]:
    """Those of the needs for local food whose offer is local, judged as the page "find food" judges."""
    asked = [pair for pair in found if pair[0].only_local]
    kept: list[Pair] = []
    for _, group in groupby(asked, key=lambda pair: pair[0].kitchen_id):
        pairs = list(group)
        offers = {offer.id: offer for _, offer in pairs}
        local = _local_offers(session, pairs[0][0].kitchen, list(offers.values()), travel, today)
        kept += [(need, offer) for need, offer in pairs if offer.id in local]
    return kept


def _local_offers(
    session: Session, kitchen: Kitchen, offers: Sequence[Offer], travel: TravelEngine, today: date
) -> set[int]:
    local: set[int] = set()
    for week, group in groupby(offers, key=lambda offer: first_week(offer, today=today)):
        viewpoint = viewpoint_from(session, kitchen=kitchen, on=today, during=week.period)
        seen = see(list(group), viewpoint=viewpoint, on=today, travel=travel)
        local |= {one.offer.id for one in seen if one.is_local}
    return local


def note_looks(session: Session, *, offers: Sequence[Offer], at: datetime) -> None:
    """These have been held against all needs."""
    ids = [offer.id for offer in offers]
    known = set(session.scalars(select(OfferLook.offer_id).where(OfferLook.offer_id.in_(ids))))
    session.add_all(OfferLook(offer_id=offer_id, looked_at=at) for offer_id in ids if offer_id not in known)


def tell_match(session: Session, *, need: SavedNeed, offer: Offer, at: datetime) -> int:
    """One message to each person at the kitchen, however many of its needs the offer fits."""
    if session.get(NeedMatch, (need.id, offer.id)) is not None:
        return 0
    session.add(NeedMatch(need_id=need.id, offer_id=offer.id, found_at=at))
    session.flush()
    price = offer.price_on(local_date(at))
    tell(
        session,
        user_ids=_readers(session, need),
        kind="need_matched",
        key=f"offer:{offer.id}:watched:k{need.kitchen_id}",
        at=at,
        offer_id=offer.id,
        kitchen_id=need.kitchen_id,
        kitchen=need.kitchen.name,
        product=offer.product.name,
        producer=offer.product.producer.name,
        left=offer.left.steps,
        unit=offer.unit.value,
        price=None if price is None else str(price),
        first_day=offer.available_from.isoformat(),
        last_day=offer.period.last.isoformat(),
        is_surplus=offer.is_surplus,
    )
    return 1


def _readers(session: Session, need: SavedNeed) -> list[int]:
    """The kitchen's people, and the meal manager who saved the need."""
    managers = people_of_authority(session, need.kitchen.authority_id, Role.MEAL_MANAGER)
    return [
        *people_of_kitchen(session, need.kitchen_id),
        *(user_id for user_id in managers if user_id == need.created_by_id),
    ]
