"""Drafting, sending, ending and extending agreements. Each step is one row in the agreement's history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.agreements.models import Agreement, AgreementDocument, AuthorityTerms
from market.agreements.queries import agreement_for, side_of, terms_of_authority
from market.agreements.rules import (
    AgreementEvent,
    AgreementNeeded,
    AgreementState,
    AlreadySent,
    DocumentKind,
    Side,
    Terms,
    check_not_before,
    check_payment,
    check_reason,
    check_terms,
    digest,
    extended_end,
    state_after,
)
from market.agreements.steps import lock, log, move, tell_side, turn, write_history
from market.law.queries import law_value
from market.law.rules import LawKey
from market.register.models import Authority, Category, Producer
from market.register.rules import organisation_number
from market.values import Period, local_date


def draft_agreement(
    session: Session,
    *,
    authority: Authority,
    producer: Producer,
    terms: Terms,
    request_key: str,
    actor: Actor,
    at: datetime,
    annex: dict[str, Any] | None = None,
    not_before_at: datetime | None = None,
) -> Agreement:
    """A draft that only the authority sees. The same `request_key` again returns the draft already made.

    `annex`: what was awarded in a procedure; nobody signs before `not_before_at`.
    """
    made = session.scalar(select(Agreement).where(Agreement.request_key == request_key))
    if made is not None:
        return made
    agreement = Agreement(
        authority=authority,
        producer=producer,
        state=state_after(None, AgreementEvent.DRAFT),
        annex=annex,
        not_before_at=not_before_at,
        request_key=request_key,
        created_at=at,
    )
    _say(session, agreement, terms, at)
    try:
        with session.begin_nested():
            session.add(agreement)
            session.flush()
    except IntegrityError:  # the same submit may have come first in another process
        return session.scalars(select(Agreement).where(Agreement.request_key == request_key)).one()
    write_history(session, agreement, AgreementEvent.DRAFT, actor=actor, at=at)
    return agreement


def change_draft(session: Session, *, agreement: Agreement, terms: Terms, actor: Actor, at: datetime) -> None:
    """Raises AlreadySent for anything but a draft, and what the terms are refused for.

    Of one with an annex only the contacts change: the rest is what was asked for, tendered and awarded.
    """
    lock(session, agreement)
    if agreement.state is not AgreementState.DRAFT:
        raise AlreadySent
    if agreement.annex is not None:
        terms = replace(
            _terms_of(agreement),
            authority_contact=terms.authority_contact,
            producer_contact=terms.producer_contact,
        )
    _say(session, agreement, terms, at)
    session.flush()
    log(session, "agreement.change", agreement, actor, at)


def send_agreement(
    session: Session,
    *,
    agreement: Agreement,
    pdf: bytes,
    content: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> AgreementDocument:
    """To the producer, as exactly these bytes, made of `content`; from now on nothing of it changes.

    Raises TooEarlyToAgree, NotYours, NotPossibleNow.
    """
    check_not_before(agreement.not_before_at, at=at)
    move(session, agreement, AgreementEvent.SEND, actor=actor)
    document = AgreementDocument(
        agreement_id=agreement.id,
        kind=DocumentKind.TO_SIGN,
        pdf=pdf,
        sha256=digest(pdf),
        content=content,
        made_at=at,
    )
    session.add(document)
    session.flush()
    write_history(session, agreement, AgreementEvent.SEND, actor=actor, at=at, sha256=document.sha256)
    tell_side(session, agreement, Side.PRODUCER, kind="agreement_sent", at=at)
    return document


def end_agreement(
    session: Session, *, agreement: Agreement, event: AgreementEvent, reason: str, actor: Actor, at: datetime
) -> None:
    """Decline, withdraw or terminate. Raises ReasonMissing, NotYours, NotPossibleNow."""
    check_reason(event, state=agreement.state, reason=reason)
    was_seen = agreement.state is not AgreementState.DRAFT
    move(session, agreement, event, actor=actor)
    write_history(session, agreement, event, actor=actor, at=at, reason=reason)
    if was_seen:
        other = Side.AUTHORITY if side_of(actor) is Side.PRODUCER else Side.PRODUCER
        tell_side(
            session, agreement, other, kind="agreement_ended", at=at, event=event.value, reason=reason.strip()
        )


def withdraw_by_procedure(
    session: Session, *, agreement: Agreement, reason: str, actor: Actor, at: datetime
) -> None:
    """Take back what nobody is bound by yet, because the procedure that it came of took another turn.

    The actor runs that procedure, and need not work for the authority that buys. Raises NotPossibleNow.
    """
    was_seen = agreement.state is not AgreementState.DRAFT
    turn(session, agreement, AgreementEvent.WITHDRAW)
    write_history(session, agreement, AgreementEvent.WITHDRAW, actor=actor, at=at, reason=reason)
    told = [*Side] if was_seen else [Side.AUTHORITY]
    for side in told:
        tell_side(
            session, agreement, side, kind="agreement_ended", at=at,
            event=AgreementEvent.WITHDRAW.value, reason=reason.strip(),
        )  # fmt: skip


def extend_agreement(session: Session, *, agreement: Agreement, actor: Actor, at: datetime) -> None:
    """The authority's notice of one more year, as the agreement lets it. Raises NothingToExtend, TooLateToExtend."""
    lock(session, agreement)
    end = extended_end(
        agreement.valid_until,
        has_extension=agreement.has_extension,
        is_extended=agreement.is_extended,
        today=local_date(at),
    )
    move(session, agreement, AgreementEvent.EXTEND, actor=actor)
    agreement.extended_until = end
    session.flush()
    write_history(session, agreement, AgreementEvent.EXTEND, actor=actor, at=at, until=end.isoformat())
    last = agreement.period.last.isoformat()
    tell_side(session, agreement, Side.PRODUCER, kind="agreement_extended", at=at, last_day=last)


def save_authority_terms(
    session: Session,
    *,
    authority_id: int,
    number: str,
    delivery_terms: str,
    orders_need_agreement: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """What stands in each agreement of the authority. Raises NotAnOrganisationNumber."""
    terms = terms_of_authority(session, authority_id=authority_id) or AuthorityTerms(
        authority_id=authority_id
    )
    terms.organisation_number = organisation_number(number, is_sole_trader=False)
    terms.delivery_terms, terms.orders_need_agreement = delivery_terms.strip(), orders_need_agreement
    session.add(terms)
    session.flush()
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action="authority.agreement_terms",
        subject=f"authority:{authority_id}",
        orders_need_agreement=orders_need_agreement,
    )


def check_agreement(
    session: Session, *, authority_id: int, producer: Producer, category: Category, on: date
) -> None:
    """For whoever places an order: raises AgreementNeeded where the authority wants one and none holds on that day."""
    terms = terms_of_authority(session, authority_id=authority_id)
    if terms is None or not terms.orders_need_agreement:
        return
    found = agreement_for(
        session,
        authority_id=authority_id,
        producer_id=producer.id,
        category_key=category.key,
        on=on,
    )
    if found is None:
        raise AgreementNeeded(category=category.name_sv, producer=producer.name)


def _terms_of(agreement: Agreement) -> Terms:
    return Terms(
        kind=agreement.kind,
        period=Period(agreement.valid_from, agreement.valid_until),
        has_extension=agreement.has_extension,
        categories=tuple(category.key for category in agreement.categories),
        delivery_terms=agreement.delivery_terms,
        payment_days=agreement.payment_days,
        authority_contact=agreement.authority_contact,
        producer_contact=agreement.producer_contact,
    )


def _say(session: Session, agreement: Agreement, terms: Terms, at: datetime) -> None:
    """What the agreement says, checked against the law of the day."""
    today = local_date(at)
    check_terms(terms, today=today)
    check_payment(terms.payment_days, longest=int(law_value(session, LawKey.PAYMENT_DAYS, on=today).value))
    agreement.kind, agreement.has_extension = terms.kind, terms.has_extension
    agreement.valid_from, agreement.valid_until = terms.period.start, terms.period.end
    agreement.delivery_terms, agreement.payment_days = terms.delivery_terms, terms.payment_days
    agreement.authority_contact, agreement.producer_contact = terms.authority_contact, terms.producer_contact
    agreement.categories = [session.get_one(Category, key) for key in terms.categories]
