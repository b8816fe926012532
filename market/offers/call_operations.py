"""Phone-in: a meal manager writes down what a producer said, and the producer confirms it by a link, once."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_producer
from market.actors import Actor
from market.offers.call_rules import (
    LINK_LIVES,
    CallNotes,
    LinkExpired,
    LinkUsed,
    NoAddressForTheLink,
    check_call,
    token_hash,
)
from market.offers.models import ConfirmationLink, Offer, PhoneCall
from market.offers.operations import move_offer, post_offer
from market.offers.rules import OfferEvent, OfferMoved, OfferState, OfferTerms
from market.outbox import tell, tell_address
from market.register.models import Authority, Producer, Product, ProductionSite


def register_call(
    session: Session,
    *,
    authority_id: int,
    product: Product,
    site: ProductionSite,
    terms: OfferTerms,
    notes: CallNotes,
    actor: Actor,
    at: datetime,
    request_key: str | None = None,
) -> PhoneCall:
    """An offer that no buyer sees until its producer has confirmed it, the call about it, and the link on its way.

    The same `request_key` again returns the call already registered. Raises OralContactNotAllowed, CallInTheFuture,
    NoAddressForTheLink, and what check_terms raises; then nothing is stored.
    """
    check_call(notes, at=at)
    offer = post_offer(
        session,
        product=product,
        site=site,
        terms=terms,
        actor=actor,
        at=at,
        request_key=request_key,
        event=OfferEvent.PHONE_IN,
    )
    known = session.scalar(select(PhoneCall).where(PhoneCall.offer_id == offer.id))
    if known is not None:
        return known
    call = PhoneCall(
        authority=session.get_one(Authority, authority_id),
        producer_id=product.producer_id,
        offer=offer,
        called_at=notes.called_at,
        spoke_with=notes.spoke_with,
        said=notes.said,
        is_outside_directive=notes.is_outside_directive,
        taken_by_id=actor.user_id,
        created_at=at,
    )
    session.add(call)
    session.flush()
    _log(session, "call.register", call, actor.user_id, at, offer=offer.id)
    send_link(session, call=call, email=notes.email, actor=actor, at=at)
    return call


def send_link(
    session: Session, *, call: PhoneCall, email: str = "", actor: Actor, at: datetime
) -> ConfirmationLink:
    """A link to the people of the producer, else to its address; links sent before stop working.

    Raises OfferMoved when the offer is answered already, and NoAddressForTheLink.
    """
    if call.offer.state is not OfferState.UNCONFIRMED:
        raise OfferMoved
    producer = session.get_one(Producer, call.producer_id)
    people = [] if email else people_of_producer(session, producer.id)
    address = email or ("" if people else producer.email)
    if not people and not address:
        raise NoAddressForTheLink
    session.execute(
        update(ConfirmationLink)
        .where(
            ConfirmationLink.call_id == call.id,
            ConfirmationLink.used_at.is_(None),
            ConfirmationLink.created_at < at,
            ConfirmationLink.expires_at > at,
        )
        .values(expires_at=at)
    )
    token = secrets.token_urlsafe(32)
    link = ConfirmationLink(
        call=call, token_hash=token_hash(token), sent_to=address, created_at=at, expires_at=at + LINK_LIVES
    )
    session.add(link)
    session.flush()
    key, params = f"offer:{call.offer_id}:confirm:{link.id}", _params(call, producer, token)
    if people:
        tell(session, user_ids=people, kind="offer_to_confirm", key=key, at=at, **params)
    else:
        tell_address(session, address=address, kind="offer_to_confirm", key=key, at=at, **params)
    _log(session, "call.send_link", call, actor.user_id, at, link=link.id, to_account=bool(people))
    session.expire(call, ["links"])
    return link


def answer_by_link(session: Session, *, link: ConfirmationLink, is_right: bool, at: datetime) -> Offer:
    """The producer's yes or no, once. Raises LinkUsed, LinkExpired, or OfferMoved where it was answered otherwise."""
    if link.used_at is not None:
        raise LinkUsed
    if at >= link.expires_at:
        raise LinkExpired
    changed = session.execute(
        update(ConfirmationLink)
        .where(ConfirmationLink.id == link.id, ConfirmationLink.used_at.is_(None))
        .values(used_at=at)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkUsed
    session.refresh(link)
    event = OfferEvent.CONFIRM if is_right else OfferEvent.DECLINE
    move_offer(session, offer=link.call.offer, event=event, user_id=None, at=at)
    _log(session, f"call.{event.value}", link.call, None, at, link=link.id)
    return link.call.offer


def confirm_offer(session: Session, *, offer: Offer, actor: Actor, at: datetime) -> None:
    """A producer with an account says on the offer's own page that it is right. Raises OfferMoved."""
    move_offer(session, offer=offer, event=OfferEvent.CONFIRM, user_id=actor.user_id, at=at)


def _params(call: PhoneCall, producer: Producer, token: str) -> dict[str, Any]:
    """What the message says, as plain values; the amount as a number and the unit's code."""
    offer = call.offer
    return {
        "token": token,
        "authority": call.authority.name,
        "producer": producer.name,
        "product": offer.product.name,
        "first": offer.available_from.isoformat(),
        "last": offer.period.last.isoformat(),
    }


def _log(
    session: Session, action: str, call: PhoneCall, user_id: int | None, at: datetime, **data: object
) -> None:
    audit.record(session, user_id=user_id, at=at, action=action, subject=f"call:{call.id}", **data)
