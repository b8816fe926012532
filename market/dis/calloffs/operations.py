"""A call-off as a draft: needs become lots, texts are written, a draft is thrown away. And what ends one early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.calloffs.lots import LotPeriod, LotPlan, Need, propose_lots
from market.dis.calloffs.models import CallOff, CriterionPrecision, Lot, LotNeed
from market.dis.calloffs.queries import calloff_with_key, free_lines
from market.dis.calloffs.rules import DisHasEnded, EndedWithItsDecision
from market.dis.calloffs.telling import tell_invited
from market.dis.needs.models import NeedLine, NeedRound
from market.dis.rules import (
    CallOffEvent,
    CallOffState,
    NeedRoundEvent,
    NeedRoundState,
    NotPossibleNow,
    Thing,
    check_reason,
)
from market.dis.steps import begin, move
from market.values import Refused, local_date, msg


class NothingToCallOff(Refused):
    message = msg("Det finns inga behov som inte redan är med i ett avrop.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotText:
    """What the officer writes about a lot."""

    name: str
    description: str
    allows_parts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What the officer writes about a call-off; lots by their id, precisions by the criterion's."""

    title: str
    description: str
    standstill_days: int
    counts_delivery: bool
    lots: Mapping[int, LotText]
    precisions: Mapping[int, str]
    wording_reason: str = ""


def draft_calloff(
    session: Session,
    *,
    need_round: NeedRound,
    period: LotPeriod,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> CallOff:
    """Merge what the kitchens need, as far as no living call-off holds it, into lots of a draft.

    The round takes no more answers after it. The same request key gives the draft already made.
    Raises DisHasEnded and NothingToCallOff.
    """
    if request_key and (made := calloff_with_key(session, request_key=request_key)):
        return made
    dis = need_round.dis_category.dis
    if not dis.is_open(local_date(at)):
        raise DisHasEnded
    _merge(session, need_round, actor=actor, at=at)
    lines = free_lines(session, round_id=need_round.id)
    if not lines:
        raise NothingToCallOff
    calloff = CallOff(
        dis_category=need_round.dis_category,
        title=need_round.name,
        standstill_days=dis.standstill_days,
        request_key=request_key or None,
        created_at=at,
        lots=_lots(lines, period),
    )
    begin(session, Thing.CALLOFF, calloff, CallOffEvent.DRAFT, user_id=actor.user_id, at=at)
    return calloff


def lot_of(plan: LotPlan, *, number: int, name: str, description: str) -> Lot:
    """A lot that holds what the plan says; the caller gives it its unit."""
    return Lot(
        number=number,
        name=name,
        description=description,
        authority_id=plan.needs[0].authority_id,
        steps=plan.steps,
        first_week_on=plan.first_week_on,
        end_week_on=plan.end_week_on,
        needs=[
            LotNeed(
                kitchen_id=need.kitchen_id, week_on=need.week_on, steps=need.steps, need_line_id=need.line_id
            )
            for need in plan.needs
        ],
    )


def change_calloff(session: Session, *, calloff: CallOff, texts: Texts, actor: Actor, at: datetime) -> None:
    """Write a draft's texts. Criteria are made more precise, never changed (LOU 8 kap. 12 §)."""
    hold_draft(session, calloff=calloff)
    calloff.title, calloff.description = texts.title, texts.description
    calloff.standstill_days, calloff.counts_delivery = texts.standstill_days, texts.counts_delivery
    for lot in calloff.lots:
        if (written := texts.lots.get(lot.id)) is not None:
            lot.name, lot.description = written.name, written.description
            lot.allows_parts = written.allows_parts
    _write_precisions(calloff, texts.precisions)
    session.flush()
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action="calloff.change",
        subject=f"calloff:{calloff.id}",
        wording_reason=texts.wording_reason,
    )


def discard_calloff(session: Session, *, calloff: CallOff, actor: Actor, at: datetime) -> None:
    """Throw a draft away; its needs may be called off again."""
    move(session, Thing.CALLOFF, calloff, CallOffEvent.DISCARD, user_id=actor.user_id, at=at)


def abandon_calloff(session: Session, *, calloff: CallOff, reason: str, actor: Actor, at: datetime) -> None:
    """End a call-off that is out, with the reasons, and tell all who were invited.

    One that has been decided has contracts to take back as well: that is done where the decision is. Raises
    ReasonNeeded, EndedWithItsDecision.
    """
    stated = check_reason(Thing.CALLOFF, CallOffEvent.ABANDON, reason)
    session.refresh(calloff, ["state"])
    if calloff.state is CallOffState.AWARDED:
        raise EndedWithItsDecision
    move(
        session,
        Thing.CALLOFF,
        calloff,
        CallOffEvent.ABANDON,
        user_id=actor.user_id,
        at=at,
        reason=stated,
    )
    tell_invited(session, calloff, "calloff_abandoned", key="abandoned", at=at, reason=stated)


def hold_draft(session: Session, *, calloff: CallOff) -> None:
    """Keep the draft from being sent or changed by somebody else until the commit. Raises NotPossibleNow."""
    state = session.scalar(select(CallOff.state).where(CallOff.id == calloff.id).with_for_update())
    if state is not CallOffState.DRAFT:
        raise NotPossibleNow


def renumber(session: Session, *, lots: Sequence[Lot]) -> None:
    """Number the lots in the order given, without two having the same number on the way."""
    for step in (len(lots) + max((lot.number for lot in lots), default=0), 0):
        for number, lot in enumerate(lots, start=1):
            lot.number = step + number
        session.flush()


def _lots(lines: Sequence[tuple[NeedLine, int]], period: LotPeriod) -> list[Lot]:
    """One for each product, authority and period, with the words and the unit of its product."""
    products = {line.round_product_id: line.product for line, _ in lines}
    needs = [
        Need(
            line_id=line.id,
            product_id=line.round_product_id,
            authority_id=line.kitchen.authority_id,
            kitchen_id=line.kitchen_id,
            week_on=line.week_on,
            steps=steps,
        )
        for line, steps in lines
    ]
    lots = []
    for number, plan in enumerate(propose_lots(needs, period=period), start=1):
        product = products[plan.needs[0].product_id]
        lot = lot_of(plan, number=number, name=product.name, description=product.description)
        lot.unit = product.unit
        lots.append(lot)
    return lots


def _merge(session: Session, need_round: NeedRound, *, actor: Actor, at: datetime) -> None:
    """The round takes no more answers; one that was merged before stays so."""
    if need_round.state is not NeedRoundState.MERGED:
        move(session, Thing.NEED_ROUND, need_round, NeedRoundEvent.MERGE, user_id=actor.user_id, at=at)


def _write_precisions(calloff: CallOff, written: Mapping[int, str]) -> None:
    """Those of the category's own criteria."""
    own = {criterion.id for criterion in calloff.dis_category.criteria}
    known = {one.criterion_id: one for one in calloff.precisions}
    for criterion_id, text in written.items():
        if criterion_id not in own:
            continue
        if criterion_id in known and text:
            known[criterion_id].text = text
        elif criterion_id in known:
            calloff.precisions.remove(known[criterion_id])
        elif text:
            calloff.precisions.append(CriterionPrecision(criterion_id=criterion_id, text=text))
