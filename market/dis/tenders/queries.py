"""Who may tender where, and what the opened tenders of a call-off are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.actors import Actor
from market.dis.applications.models import Application
from market.dis.calloffs.models import CallOff, Invitation, Lot
from market.dis.models import DisTransition
from market.dis.rules import ApplicationState, CallOffState, TenderState, Thing
from market.dis.systems.models import DisAuthority, DisCategory
from market.dis.systems.rules import CriterionKind
from market.dis.tenders.models import (
    OpeningConfirmation,
    OpeningRecord,
    Tender,
    TenderClaim,
    TenderDelivery,
    TenderLine,
)
from market.dis.tenders.rules import Asked, ClaimAsked, LotAsked
from market.register.models import Kitchen

UNSENT = frozenset({CallOffState.DRAFT, CallOffState.DISCARDED})


def invitation_here(session: Session, *, actor: Actor, calloff_id: int) -> Invitation | None:
    """The actor's own invitation to a call-off."""
    if actor.producer_id is None:
        return None
    return session.scalar(
        select(Invitation)
        .join(CallOff)
        .where(
            Invitation.calloff_id == calloff_id,
            Invitation.producer_id == actor.producer_id,
            CallOff.state.not_in(UNSENT),
        )
    )


def calloff_here(session: Session, *, actor: Actor, calloff_id: int) -> CallOff | None:
    """A call-off with invitations sent, for the staff of an authority that the DIS is named for."""
    return session.scalar(_followed(actor).where(CallOff.id == calloff_id))


def calloffs_to_open(session: Session, *, actor: Actor, dis_id: int, at: datetime) -> Sequence[CallOff]:
    """Those of a DIS whose deadline has passed and that nobody has opened."""
    rows = _followed(actor).where(
        DisCategory.dis_id == dis_id, CallOff.state == CallOffState.INVITED, CallOff.deadline_at <= at
    )
    return session.scalars(rows.order_by(CallOff.deadline_at, CallOff.id)).all()


def opened_calloffs(session: Session, *, actor: Actor, dis_id: int) -> Sequence[CallOff]:
    """Those of a DIS that have been opened, the latest first."""
    rows = _followed(actor).join(OpeningRecord, OpeningRecord.calloff_id == CallOff.id)
    return session.scalars(
        rows.where(DisCategory.dis_id == dis_id).order_by(OpeningRecord.opened_at.desc(), CallOff.id)
    ).all()


def authorities_of(session: Session, *, invitation: Invitation) -> frozenset[int]:
    """Those that the supplier said it can deliver to, when it applied: their lots come first in its form."""
    application = session.get_one(Application, invitation.application_id)
    return frozenset(authority.id for authority in application.authorities)


def asked_of(calloff: CallOff) -> Asked:
    """What a tender is held against. What the working group scores needs no claim."""
    criteria = calloff.dis_category.criteria
    return Asked(
        lots={lot.id: _lot_asked(lot) for lot in calloff.lots},
        claims={
            one.id: ClaimAsked(id=one.id, name=one.name, needs_evidence=one.needs_evidence)
            for one in criteria
            if one.kind is CriterionKind.STATEMENT
        },
        counts_delivery=calloff.counts_delivery,
    )


def receiving_kitchens(calloff: CallOff) -> list[Kitchen]:
    """Where deliveries go: a satellite gets its goods from its hub."""
    found = {need.kitchen.hub or need.kitchen for lot in calloff.lots for need in lot.needs}
    return sorted(found, key=lambda kitchen: (kitchen.name, kitchen.id))


def valid_tenders(session: Session, *, calloff_id: int) -> list[Tender]:
    """Those that stand, in the order of their drawn labels, with all that they say."""
    rows = _whole().where(Tender.calloff_id == calloff_id, Tender.state == TenderState.OPENED)
    return list(session.scalars(rows.order_by(Tender.blind_label)))


def opened_tenders(session: Session, *, calloff_id: int) -> list[Tender]:
    """All that were opened, also those rejected or withdrawn since, by the tenderer's name."""
    found = session.scalars(_whole().where(Tender.calloff_id == calloff_id))
    return sorted(found, key=lambda tender: (tender.producer.name, tender.id))


def tender_here(session: Session, *, actor: Actor, tender_id: int) -> Tender | None:
    """An opened tender, for the staff of an authority that the DIS is named for."""
    calloffs = _followed(actor).with_only_columns(CallOff.id)
    return session.scalar(_whole().where(Tender.id == tender_id, Tender.calloff_id.in_(calloffs)))


def own_tender(session: Session, *, invitation: Invitation) -> Tender | None:
    """What the invited tenderer had in its envelope, once it has been opened."""
    return session.scalar(_whole().where(Tender.invitation_id == invitation.id))


def is_still_admitted(session: Session, *, tender: Tender) -> bool:
    """Whether the tenderer is admitted to the category now: it may have left since it tendered."""
    application = session.get_one(Application, tender.invitation.application_id)
    return application.state is ApplicationState.ADMITTED


def why_set_aside(session: Session, *, tender: Tender) -> str:
    """The reasons of a tender that was rejected or withdrawn, else ""."""
    if tender.is_valid:
        return ""
    rows = select(DisTransition.reason).where(
        DisTransition.thing == Thing.TENDER,
        DisTransition.subject_id == tender.id,
        DisTransition.to_state == tender.state,
    )
    return session.scalar(rows.order_by(DisTransition.id.desc())) or ""


def confirmations(session: Session, *, calloff_id: int) -> list[OpeningConfirmation]:
    rows = select(OpeningConfirmation).where(OpeningConfirmation.calloff_id == calloff_id)
    return list(session.scalars(rows.order_by(OpeningConfirmation.at, OpeningConfirmation.id)))


def opening_of(session: Session, *, calloff_id: int) -> OpeningRecord | None:
    return session.get(OpeningRecord, calloff_id)


def _followed(actor: Actor) -> Select[CallOff]:
    """Those with invitations sent; an actor without an authority finds nothing."""
    named = select(DisAuthority.dis_id).where(DisAuthority.authority_id == actor.authority_id)
    return (
        select(CallOff)
        .join(DisCategory, CallOff.dis_category_id == DisCategory.id)
        .where(DisCategory.dis_id.in_(named), CallOff.state.not_in(UNSENT))
    )


def _lot_asked(lot: Lot) -> LotAsked:
    return LotAsked(
        id=lot.id,
        number=lot.number,
        quantity=lot.quantity,
        allows_parts=lot.allows_parts,
        kitchens=frozenset(need.kitchen.hub_id or need.kitchen_id for need in lot.needs),
    )


def _whole() -> Select[Tender]:
    return select(Tender).options(
        joinedload(Tender.producer),
        selectinload(Tender.lines).joinedload(TenderLine.lot),
        selectinload(Tender.deliveries).joinedload(TenderDelivery.kitchen),
        selectinload(Tender.claims).joinedload(TenderClaim.criterion),
        selectinload(Tender.claims).joinedload(TenderClaim.file),
    )
