"""Writing a letter that invites a producer, to print or to mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_producer
from market.actors import Actor
from market.followup.supply.models import SupplierInvitation
from market.followup.supply.queries import letter_made_by
from market.followup.supply.rules import NobodyToMail, check_letter
from market.outbox import tell, tell_address
from market.register.models import Authority, Category, Producer


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter as it was written. `producer` none: it is not in the register, and has a name only."""

    producer: Producer | None
    name: str
    email: str
    category: Category
    letter: str


def invite_supplier(
    session: Session, *, written: Written, is_mailed: bool, request_key: str, actor: Actor, at: datetime
) -> SupplierInvitation:
    """Keep the letter, and mail it if so wished: to the address, else to the producer's own people.

    The same request key gives the letter already made. Raises LetterNeedsWords, LetterIsTooLong, NobodyToMail.
    """
    assert actor.authority_id is not None
    if made := letter_made_by(session, actor=actor, request_key=request_key):
        return made
    people = _people(session, written) if is_mailed else []
    invitation = SupplierInvitation(
        authority_id=actor.authority_id,
        producer_id=written.producer.id if written.producer else None,
        name=written.name,
        email=written.email,
        category_key=written.category.key,
        letter=check_letter(written.letter),
        request_key=request_key,
        made_at=at,
        made_by_id=actor.user_id,
        sent_at=at if is_mailed else None,
    )
    if first := _kept(session, invitation, actor):
        return first
    if is_mailed:
        _mail(session, invitation, written, people, at)
    audit.record(
        session, user_id=actor.user_id, at=at, action="supplier.invite", subject=f"invitation:{invitation.id}",
        authority=invitation.authority_id, producer=invitation.producer_id, category=invitation.category_key,
        mailed=is_mailed,
    )  # fmt: skip
    return invitation


def _kept(session: Session, invitation: SupplierInvitation, actor: Actor) -> SupplierInvitation | None:
    """None once it is stored; the first of the two where the same submit came in another process meanwhile."""
    try:
        with session.begin_nested():
            session.add(invitation)
            session.flush()
    except IntegrityError:
        first = letter_made_by(session, actor=actor, request_key=invitation.request_key)
        if first is None:
            raise
        return first
    return None


def _people(session: Session, written: Written) -> list[int]:
    """Who gets it where no address is written. Raises NobodyToMail where there is none of either."""
    if written.email:
        return []
    people = people_of_producer(session, written.producer.id) if written.producer else []
    if not people:
        raise NobodyToMail
    return people


def _mail(
    session: Session, invitation: SupplierInvitation, written: Written, people: list[int], at: datetime
) -> None:
    kind, key = "supplier_invitation", f"supplier_invitation:{invitation.id}"
    params = {
        "authority": session.get_one(Authority, invitation.authority_id).name,
        "letter": invitation.letter,
        "category_sv": written.category.name_sv,
        "category_en": written.category.name_en,
    }
    if written.email:
        tell_address(session, address=written.email, kind=kind, key=key, at=at, **params)
    else:
        tell(session, user_ids=people, kind=kind, key=key, at=at, **params)
