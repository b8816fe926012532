"""Reads for an evaluation: the working group, how far it has come, what the tenders are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.accounts.models import Membership, User
from market.actors import ROLE_ACTIONS, Action, Actor
from market.dis.calloffs.models import CallOff, Lot
from market.dis.evaluations.inputs import Inputs, LineIn, LotIn, TenderIn, Value
from market.dis.evaluations.models import Evaluation, EvaluationLine, Evaluator, Score, ScoringClosure
from market.dis.evaluations.rules import Scoring, Standing
from market.dis.rules import CallOffState
from market.dis.systems.models import Criterion, Dis, DisAuthority, DisCategory
from market.dis.systems.rules import CriterionKind
from market.dis.tenders.models import Tender
from market.dis.tenders.queries import UNSENT, receiving_kitchens, valid_tenders
from market.register.models import Kitchen

TRIED = frozenset(
    {
        CallOffState.OPENED,
        CallOffState.EVALUATED,
        CallOffState.AWARDED,
        CallOffState.CONCLUDED,
        CallOffState.ABANDONED,
    }
)
"""Call-offs whose tenders may have been opened; those never opened have none to look at."""


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """What a taster is given: a label, and nothing of whose it is."""

    label: str
    tender_id: int


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """Someone who could be of a working group."""

    organisation: str
    name: str
    user_id: int


def evaluators_of(session: Session, *, calloff_id: int) -> list[Evaluator]:
    """All who were ever named, in the order of naming, with their scores."""
    rows = (
        select(Evaluator)
        .where(Evaluator.calloff_id == calloff_id)
        .options(joinedload(Evaluator.user), selectinload(Evaluator.scores))
    )
    return list(session.scalars(rows.order_by(Evaluator.id)))


def closure_of(session: Session, *, calloff_id: int) -> ScoringClosure | None:
    return session.get(ScoringClosure, calloff_id)


def seats_of(session: Session, *, actor: Actor) -> list[tuple[Evaluator, CallOff]]:
    """The call-offs in which the actor is of the working group, the latest first."""
    rows = (
        select(Evaluator, CallOff)
        .join(CallOff, CallOff.id == Evaluator.calloff_id)
        .where(Evaluator.user_id == actor.user_id, Evaluator.is_scorer, CallOff.state.not_in(UNSENT))
        .order_by(Evaluator.id.desc())
    )
    found = [(row[0], row[1]) for row in session.execute(rows)]
    return [(seat, calloff) for seat, calloff in found if is_named(session, actor, calloff)]


def seat_of(session: Session, *, actor: Actor, calloff_id: int) -> tuple[Evaluator, CallOff] | None:
    """The actor's own seat in one working group."""
    found = seats_of(session, actor=actor)
    return next(((seat, calloff) for seat, calloff in found if calloff.id == calloff_id), None)


def is_named(session: Session, actor: Actor, calloff: CallOff) -> bool:
    """Whether the DIS names the authority that the actor works for."""
    named = select(DisAuthority.authority_id).where(DisAuthority.dis_id == calloff.dis_category.dis_id)
    return actor.authority_id in set(session.scalars(named))


def own_declaration(session: Session, *, actor: Actor, calloff_id: int) -> Evaluator | None:
    """The actor's row in a call-off, as taster or as the officer who judges."""
    return session.scalar(
        select(Evaluator).where(Evaluator.calloff_id == calloff_id, Evaluator.user_id == actor.user_id)
    )


def tastes_blind(session: Session, actor: Actor, calloff_id: int) -> bool:
    """Whether the actor is to score samples of the call-off, and has not handed in yet."""
    seat = own_declaration(session, actor=actor, calloff_id=calloff_id)
    return seat is not None and seat.is_awaited


def possible_evaluators(session: Session, *, calloff: CallOff) -> list[Person]:
    """Staff of the named authorities and their kitchens who may judge and are not in the group.

    Not the officers of the authority that runs the DIS: they see whose a label is.
    """
    dis = calloff.dis_category.dis
    named = select(DisAuthority.authority_id).where(DisAuthority.dis_id == dis.id)
    kitchens = select(Kitchen.id).where(Kitchen.authority_id.in_(named))
    taken = select(Evaluator.user_id).where(Evaluator.calloff_id == calloff.id)
    rows = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(User.active, Membership.user_id.not_in(taken))
        .where(Membership.authority_id.in_(named) | Membership.kitchen_id.in_(kitchens))
        .options(
            joinedload(Membership.user), joinedload(Membership.kitchen), joinedload(Membership.authority)
        )
    )
    found = list(session.scalars(rows))
    unblind = {m.user_id for m in found if _runs(m, dis.authority_id)}
    people = {m.user_id: _person(m) for m in found if _may_judge(m) and m.user_id not in unblind}
    return sorted(people.values())


def _may_judge(membership: Membership) -> bool:
    return Action.JUDGE_TENDERS in ROLE_ACTIONS[membership.role]


def _runs(membership: Membership, authority_id: int) -> bool:
    return Action.RUN_DIS in ROLE_ACTIONS[membership.role] and membership.authority_id == authority_id


def _person(membership: Membership) -> Person:
    organisation = membership.kitchen or membership.authority
    return Person(organisation.name if organisation else "", membership.user.name, membership.user_id)


def samples_of(session: Session, *, calloff_id: int) -> list[Sample]:
    """The labels of the tenders that stand, in the order of the labels, which were drawn."""
    return sorted(Sample(t.blind_label, t.id) for t in valid_tenders(session, calloff_id=calloff_id))


def scored_criteria(calloff: CallOff) -> list[Criterion]:
    return [one for one in calloff.dis_category.criteria if one.kind is CriterionKind.SCORED]


def scoring_of(session: Session, *, calloff: CallOff) -> Scoring:
    everyone = evaluators_of(session, calloff_id=calloff.id)
    return Scoring(
        is_needed=bool(scored_criteria(calloff)),
        awaited=sum(one.is_awaited for one in everyone),
        counted=sum(one.counts for one in everyone),
        is_closed=closure_of(session, calloff_id=calloff.id) is not None,
    )


def standing(session: Session, *, calloff: CallOff, actor: Actor) -> Standing:
    """What is done and what is not, before the tenders are compared by this officer."""
    tenders = valid_tenders(session, calloff_id=calloff.id)
    own = own_declaration(session, actor=actor, calloff_id=calloff.id)
    unjudged = [c for t in tenders for c in t.claims if c.is_granted is None and _is_stated(c.criterion)]
    return Standing(
        tenders=len(tenders),
        declaration=own.declaration if own and own.removed_at is None else None,
        unjudged=len(unjudged),
        scoring=scoring_of(session, calloff=calloff),
    )


def _is_stated(criterion: Criterion) -> bool:
    return criterion.kind is CriterionKind.STATEMENT


def latest_evaluation(session: Session, *, calloff_id: int) -> Evaluation | None:
    """The one that counts, with its lines."""
    rows = (
        select(Evaluation)
        .where(Evaluation.calloff_id == calloff_id)
        .options(
            selectinload(Evaluation.lines).joinedload(EvaluationLine.lot),
            selectinload(Evaluation.lines).joinedload(EvaluationLine.tender).joinedload(Tender.producer),
        )
    )
    return session.scalars(rows.order_by(Evaluation.number.desc()).limit(1)).first()


def evaluable(session: Session, *, actor: Actor, dis_id: int) -> Sequence[CallOff]:
    """The call-offs of a DIS that have been opened, for the staff of its authorities, the latest first."""
    named = select(DisAuthority.dis_id).where(DisAuthority.authority_id == actor.authority_id)
    rows = (
        select(CallOff)
        .join(DisCategory, DisCategory.id == CallOff.dis_category_id)
        .where(DisCategory.dis_id == dis_id, DisCategory.dis_id.in_(named), CallOff.state.not_in(UNSENT))
    )
    return session.scalars(rows.order_by(CallOff.id.desc())).all()


def opened_of(session: Session, *, calloff_id: int) -> list[str]:
    """The hashes of all tenders that were opened, also those set aside since."""
    return sorted(session.scalars(select(Tender.sha256).where(Tender.calloff_id == calloff_id)))


def inputs_of(session: Session, *, calloff: CallOff) -> Inputs:
    """Everything that the comparison is made from, as it stands now."""
    category = calloff.dis_category
    points = _points(session, calloff=calloff)
    tenders = valid_tenders(session, calloff_id=calloff.id)
    return Inputs(
        lots=tuple(_lot(lot) for lot in calloff.lots),
        values=tuple(
            Value(id=one.id, name=one.name, max_bp=one.max_deduction_bp, max_points=one.max_points)
            for one in category.criteria
        ),
        tenders=tuple(_tender(one, points.get(one.id, {})) for one in sorted(tenders, key=lambda t: t.id)),
        opened=tuple(opened_of(session, calloff_id=calloff.id)),
        tie_rule=category.dis.tie_rule,
        max_suppliers_per_lot=category.max_suppliers_per_lot,
        max_lots_per_supplier=category.max_lots_per_supplier,
        counts_delivery=calloff.counts_delivery,
        kitchens={kitchen.id: kitchen.name for kitchen in receiving_kitchens(calloff)},
    )


def _points(session: Session, *, calloff: CallOff) -> dict[int, dict[int, tuple[int, ...]]]:
    """The counted points by tender and criterion, in the order of the evaluators."""
    found: dict[int, dict[int, tuple[int, ...]]] = {}
    for evaluator in evaluators_of(session, calloff_id=calloff.id):
        if evaluator.counts:
            for score in sorted(evaluator.scores, key=_place):
                own = found.setdefault(score.tender_id, {})
                own[score.criterion_id] = (*own.get(score.criterion_id, ()), score.points)
    return found


def _place(score: Score) -> tuple[int, int]:
    return score.tender_id, score.criterion_id


def _lot(lot: Lot) -> LotIn:
    stops = {(need.kitchen.receiving_kitchen_id, need.week_on.isoformat()) for need in lot.needs}
    return LotIn(
        id=lot.id,
        number=lot.number,
        name=lot.name,
        unit=lot.unit,
        steps=lot.steps,
        allows_parts=lot.allows_parts,
        stops=tuple(sorted(stops)),
    )


def _tender(tender: Tender, points: dict[int, tuple[int, ...]]) -> TenderIn:
    return TenderIn(
        id=tender.id,
        supplier=tender.producer.name,
        label=tender.blind_label,
        sha256=tender.sha256,
        min_total_ore=tender.min_total_ore,
        lines=tuple(
            LineIn(
                lot_id=line.lot_id, price=str(line.price), min_steps=line.min_steps, max_steps=line.max_steps
            )
            for line in tender.lines
        ),
        granted=tuple(claim.criterion_id for claim in tender.claims if claim.is_granted),
        points=points,
        delivery_ore={
            row.kitchen_id: row.ore for row in sorted(tender.deliveries, key=lambda d: d.kitchen_id)
        },
    )


def past_calloffs(session: Session, *, actor: Actor) -> Sequence[CallOff]:
    """Those with opened tenders in the DIS that the actor's authority runs, the latest first."""
    rows = (
        select(CallOff)
        .join(DisCategory, DisCategory.id == CallOff.dis_category_id)
        .join(Dis, Dis.id == DisCategory.dis_id)
        .where(Dis.authority_id == actor.authority_id, CallOff.state.in_(TRIED))
        .where(CallOff.id.in_(select(Tender.calloff_id)))
    )
    return session.scalars(rows.order_by(CallOff.id.desc())).all()


def past_inputs(session: Session, *, actor: Actor, calloff_id: int) -> Inputs | None:
    """The tenders of one of them; a stated value that nobody has judged yet counts as granted."""
    found = next((one for one in past_calloffs(session, actor=actor) if one.id == calloff_id), None)
    if found is None:
        return None
    tenders = {tender.id: tender for tender in valid_tenders(session, calloff_id=calloff_id)}
    inputs = inputs_of(session, calloff=found)
    return replace(
        inputs,
        tenders=tuple(
            replace(
                one,
                granted=tuple(c.criterion_id for c in tenders[one.id].claims if c.is_granted is not False),
            )
            for one in inputs.tenders
        ),
    )
