"""Posting, withdrawing and repeating offers; reserving and releasing stock."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.offers.models import Offer, OfferTransition, OfferVersion
from market.offers.rules import (
    CHANGEABLE,
    BelowReserved,
    NothingChanged,
    OfferChange,
    OfferClosed,
    OfferEvent,
    OfferMoved,
    OfferTerms,
    check_terms,
    moved_by_days,
    state_after,
)
from market.photos.models import Photo
from market.photos.operations import share_photo
from market.register.models import Authority, Product, ProductionSite
from market.values import Quantity, Refused, local_date

CHANGED = tuple(one.name for one in fields(OfferChange))
KEPT_IN_VERSIONS = (
    "posted", "minimum_steps", "price", "held_until", "available_from", "available_until", "best_before", "note",
)  # fmt: skip


def post_offer(
    session: Session,
    *,
    product: Product,
    site: ProductionSite,
    terms: OfferTerms,
    actor: Actor | None,
    at: datetime,
    request_key: str | None = None,
    repeated_from: Offer | None = None,
    photo: Photo | None = None,
    event: OfferEvent = OfferEvent.POST,
) -> Offer:
    """Flag a volume.

    The same `request_key` again returns the offer already made; no `actor`: the clock. Raises what check_terms raises.
    """
    made = _by_request_key(session, request_key)
    if made is not None:
        return made
    check_terms(terms, today=local_date(at))
    chosen = _chosen(session, terms)
    offer = Offer(
        product=product,
        site=site,
        state=state_after(None, event),
        reserved=0,
        version=1,
        photo=photo,
        repeated_from_id=repeated_from.id if repeated_from else None,
        request_key=request_key,
        created_at=at,
        authorities=chosen,
        **columns_of(terms),
    )
    try:
        with session.begin_nested():
            session.add(offer)
            session.flush()
    except IntegrityError:
        made = _by_request_key(session, request_key)  # the same submit came first in another process
        if made is None:
            raise
        return made
    _begin_history(session, offer, event, actor, at)
    if photo is not None:
        _share(session, offer, photo, actor, at)
    return offer


def withdraw_offer(session: Session, *, offer: Offer, actor: Actor, at: datetime) -> None:
    """Take an offer off the map for good; orders already made stand. Raises AlreadyWithdrawn."""
    move_offer(session, offer=offer, event=OfferEvent.WITHDRAW, user_id=actor.user_id, at=at)


def pause_offer(session: Session, *, offer: Offer, actor: Actor, at: datetime) -> None:
    """Take an offer off the map for now; orders already made stand. Raises OfferMoved."""
    move_offer(session, offer=offer, event=OfferEvent.PAUSE, user_id=actor.user_id, at=at)


def resume_offer(session: Session, *, offer: Offer, actor: Actor, at: datetime) -> None:
    """Put a paused offer on the map again. Raises OfferMoved."""
    move_offer(session, offer=offer, event=OfferEvent.RESUME, user_id=actor.user_id, at=at)


def move_offer(
    session: Session, *, offer: Offer, event: OfferEvent, user_id: int | None, at: datetime
) -> None:
    """One step of the transition table, only from the state that the caller saw, with its row. Raises OfferMoved."""
    before = offer.state
    after = state_after(before, event)
    changed = session.execute(
        update(Offer).where(Offer.id == offer.id, Offer.state == before).values(state=after)
    )
    session.refresh(offer)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        state_after(offer.state, event)  # says what has become of it
        raise OfferMoved
    _write_step(session, offer, event, user_id=user_id, at=at)
    audit.record(session, user_id=user_id, at=at, action=f"offer.{event.value}", subject=f"offer:{offer.id}")


def change_offer(
    session: Session, *, offer: Offer, change: OfferChange, seen_version: int, actor: Actor, at: datetime
) -> None:
    """What is out shall be as `change` says, as a new version. Orders already made stay as they are.

    Raises what check_terms raises, NothingChanged, BelowReserved, OfferClosed, and OfferMoved when it was changed
    since version `seen_version` was shown.
    """
    terms = replace(terms_of(offer), **{name: getattr(change, name) for name in CHANGED})
    check_terms(terms, today=local_date(at))
    values = {name: value for name, value in columns_of(terms).items() if getattr(offer, name) != value}
    if not values:
        raise NothingChanged
    changed = session.execute(
        update(Offer)
        .where(
            Offer.id == offer.id,
            Offer.version == seen_version,
            Offer.state.in_(CHANGEABLE),
            Offer.reserved <= change.quantity.steps,
        )
        .values(version=Offer.version + 1, **values)
    )
    session.refresh(offer)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise _why_not_changed(offer, change)
    _write_version(session, offer, user_id=actor.user_id, at=at)
    _log(session, "offer.change", offer, actor, at, version=offer.version, fields=sorted(values))


def repeat_weekly(session: Session, *, offer: Offer, is_standing: bool, actor: Actor, at: datetime) -> None:
    """Offer the same every week until further notice, or no longer. What is out stays."""
    if offer.state not in CHANGEABLE:
        raise OfferClosed
    offer.is_standing = is_standing
    session.flush()
    _log(session, "offer.weekly" if is_standing else "offer.weekly_stop", offer, actor, at)


def repeat_offer(
    session: Session, *, offer: Offer, actor: Actor, at: datetime, request_key: str | None
) -> Offer:
    """Offer the same again in the first later week whose period has not passed."""
    today, terms = local_date(at), terms_of(offer)
    days = 7
    while terms.period.last.toordinal() + days < today.toordinal():
        days += 7
    return post_offer(
        session,
        product=offer.product,
        site=offer.site,
        terms=replace(moved_by_days(terms, days=days), is_standing=False),
        actor=actor,
        at=at,
        request_key=request_key,
        repeated_from=offer,
        photo=offer.photo,
    )


def terms_of(offer: Offer) -> OfferTerms:
    return OfferTerms(
        quantity=offer.total,
        period=offer.period,
        package=offer.package,
        package_size=offer.package_quantity,
        piece_grams=offer.piece_grams,
        minimum=offer.minimum,
        price=offer.price,
        held_until=offer.held_until,
        best_before=offer.best_before,
        is_surplus=offer.is_surplus,
        is_organic=offer.is_organic,
        is_standing=offer.is_standing,
        note=offer.note,
        authority_ids=None if offer.is_for_all else tuple(one.id for one in offer.authorities),
        handover=offer.handover,
    )


def columns_of(terms: OfferTerms) -> dict[str, Any]:
    """The terms as an offer's columns."""
    handover = terms.handover
    return {
        "unit": terms.quantity.unit,
        "posted": terms.quantity.steps,
        "package": terms.package,
        "package_steps": _steps(terms.package_size),
        "piece_grams": terms.piece_grams,
        "minimum_steps": _steps(terms.minimum),
        "price": terms.price,
        "held_until": terms.held_until,
        "available_from": terms.period.start,
        "available_until": terms.period.end,
        "best_before": terms.best_before,
        "is_surplus": terms.is_surplus,
        "is_organic": terms.is_organic,
        "is_standing": terms.is_standing,
        "is_for_all": terms.authority_ids is None,
        "is_collected": handover.is_collected,
        "is_delivered": handover.is_delivered,
        "delivery_codes": " ".join(handover.codes),
        "delivery_weekdays": "".join(str(day) for day in handover.weekdays),
        "delivery_minimum_steps": _steps(handover.minimum),
        "carry_grams": handover.carry_grams,
        "note": terms.note,
    }


def _why_not_changed(offer: Offer, change: OfferChange) -> Refused:
    if offer.state not in CHANGEABLE:
        return OfferClosed()
    return BelowReserved(reserved=offer.sold) if offer.reserved > change.quantity.steps else OfferMoved()


def _chosen(session: Session, terms: OfferTerms) -> list[Authority]:
    ids = terms.authority_ids or ()
    return list(session.scalars(select(Authority).where(Authority.id.in_(ids)))) if ids else []


def _share(session: Session, offer: Offer, photo: Photo, actor: Actor | None, at: datetime) -> None:
    """Whoever may see the offer may see its photo."""
    share_photo(
        session,
        photo=photo,
        buyers=offer.is_for_all,
        authority_ids=[one.id for one in offer.authorities],
        producer_ids=[offer.product.producer_id],
        actor=actor,
        at=at,
    )


def _begin_history(
    session: Session, offer: Offer, event: OfferEvent, actor: Actor | None, at: datetime
) -> None:
    user_id = actor.user_id if actor else None
    _write_step(session, offer, event, user_id=user_id, at=at)
    _write_version(session, offer, user_id=user_id, at=at)
    _log(session, f"offer.{event.value}", offer, actor, at, posted=offer.posted, unit=offer.unit.value)


def _write_step(
    session: Session, offer: Offer, event: OfferEvent, *, user_id: int | None, at: datetime
) -> None:
    session.add(OfferTransition(offer_id=offer.id, event=event, to_state=offer.state, at=at, user_id=user_id))
    session.flush()
    session.expire(offer, ["transitions"])


def _write_version(session: Session, offer: Offer, *, user_id: int | None, at: datetime) -> None:
    kept = {name: getattr(offer, name) for name in KEPT_IN_VERSIONS}
    session.add(OfferVersion(offer_id=offer.id, number=offer.version, at=at, user_id=user_id, **kept))
    session.flush()
    session.expire(offer, ["versions"])


def _steps(quantity: Quantity | None) -> int | None:
    return None if quantity is None else quantity.steps


def _by_request_key(session: Session, request_key: str | None) -> Offer | None:
    return (
        None if request_key is None else session.scalar(select(Offer).where(Offer.request_key == request_key))
    )


def _log(
    session: Session, action: str, offer: Offer, actor: Actor | None, at: datetime, **data: object
) -> None:
    user_id = actor.user_id if actor else None
    audit.record(session, user_id=user_id, at=at, action=action, subject=f"offer:{offer.id}", **data)
