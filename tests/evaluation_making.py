"""A call-off whose two tenders have been opened, made straight in the database: for the tests of its evaluation."""

from __future__ import annotations

from decimal import Decimal

from dis_making import DAY, admit, invite, make_calloff, make_dis
from factories import AT, Cast
from sqlalchemy.orm import Session

from market.dis.calloffs.models import CallOff, Invitation
from market.dis.evaluations.group_operations import add_evaluator, declare, save_scores, submit_scores
from market.dis.evaluations.queries import scored_criteria
from market.dis.evaluations.rules import Declaration
from market.dis.rules import CallOffEvent, TenderEvent, Thing
from market.dis.steps import begin, move
from market.dis.tenders.models import Tender, TenderClaim, TenderDelivery, TenderLine
from market.dis.tenders.queries import valid_tenders

OPENED = AT + 15 * DAY
LABELS = {"first": "KX", "second": "MB"}


def make_opened(
    session: Session,
    cast: Cast,
    *,
    prices: tuple[str, str] = ("14.00", "15.00"),
    claims: tuple[bool, bool] = (True, True),
    counts_delivery: bool = False,
) -> CallOff:
    """Both producers offer all of both lots, at `prices` for both; those of `claims` offer to receive classes."""
    dis = make_dis(session, cast)
    calloff = make_calloff(session, cast, dis)
    calloff.counts_delivery = counts_delivery
    invited = invite(session, calloff, [admit(session, dis, p) for p in (cast.producer, cast.other_producer)])
    for invitation, label, price, claim in zip(invited, LABELS.values(), prices, claims, strict=True):
        make_tender(session, calloff, invitation, label=label, price=price, claims=claim)
    move(session, Thing.CALLOFF, calloff, CallOffEvent.OPEN, user_id=None, at=OPENED)
    session.flush()
    return calloff


def make_tender(
    session: Session, calloff: CallOff, invitation: Invitation, *, label: str, price: str, claims: bool
) -> Tender:
    """The whole of every lot at one price; 250 kronor a delivery to each receiving kitchen."""
    kitchens = {need.kitchen.receiving_kitchen_id for lot in calloff.lots for need in lot.needs}
    school = calloff.dis_category.criteria[0]
    tender = Tender(
        calloff_id=calloff.id,
        invitation_id=invitation.id,
        producer_id=invitation.producer_id,
        received_at=AT,
        versions=[],
        sha256=label.lower() * 32,
        blind_label=label,
        lines=[
            TenderLine(
                lot_id=lot.id,
                product_name="Morötter",
                price=Decimal(price),
                min_steps=1000,
                max_steps=lot.steps,
                weekdays=[2],
            )
            for lot in calloff.lots
        ],
        deliveries=[TenderDelivery(kitchen_id=kitchen_id, ore=25_000) for kitchen_id in sorted(kitchens)],
        claims=[TenderClaim(criterion_id=school.id, evidence="Vi tar emot klasser.")] if claims else [],
    )
    begin(session, Thing.TENDER, tender, TenderEvent.OPEN, user_id=None, at=OPENED)
    return tender


def points(session, calloff, *given):
    """One number for each sample, in the order of the labels."""
    taste = scored_criteria(calloff)[0].id
    tenders = valid_tenders(session, calloff_id=calloff.id)
    return {(tender.id, taste): number for tender, number in zip(tenders, given, strict=False)}


def save(session, calloff, seat, actor, *given):
    save_scores(
        session,
        seat=seat,
        calloff=calloff,
        points=points(session, calloff, *given),
        notes={},
        actor=actor,
        at=OPENED,
    )


def hand_in(session, calloff, seat, actor, *given):
    save(session, calloff, seat, actor, *given)
    submit_scores(session, seat=seat, calloff=calloff, actor=actor, at=OPENED)


def make_seat(session: Session, cast: Cast, calloff: CallOff) -> int:
    """The hub's cook is of the working group and has no interest of its own; the id of the seat."""
    officer, kitchen = cast.actor("procurement_officer"), cast.actor("kitchen")
    seat = add_evaluator(session, calloff=calloff, user_id=kitchen.user_id, actor=officer, at=OPENED)
    declare(session, calloff=calloff, declaration=Declaration.IMPARTIAL, note="", actor=kitchen, at=OPENED)
    return seat.id
