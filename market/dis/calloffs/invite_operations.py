"""All who are admitted are invited at the same instant, until a deadline that the rules allow; and it is extended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.applications.models import Application
from market.dis.applications.queries import admitted
from market.dis.calloffs.models import CallOff, DeadlineAnswer, Invitation
from market.dis.calloffs.operations import hold_draft
from market.dis.calloffs.queries import all_agree, deadline_answers
from market.dis.calloffs.rules import (
    DeadlineHasPassed,
    DeadlineInThePast,
    DeadlineNotLater,
    DeliveryBeforeDeadline,
    DisHasEnded,
    FirstRoundNotOver,
    NobodyAdmitted,
    NoLots,
    Timing,
    check_deadline,
    check_review_is_over,
)
from market.dis.calloffs.telling import tell_admitted, tell_invited
from market.dis.rules import CallOffEvent, CallOffState, NotPossibleNow, Regime, Thing, check_reason
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.operations import prepare_envelopes
from market.dis.steps import move
from market.law.queries import law_value
from market.law.rules import LawKey
from market.values import local_date


def invite_all(
    session: Session,
    *,
    calloff: CallOff,
    deadline_at: datetime,
    reason: str,
    keeper: Keeper,
    actor: Actor,
    at: datetime,
) -> list[Invitation]:
    """Invite every supplier that is admitted to the category (LOU 8 kap. 10 §), all with the same instant.

    Raises what forbids it, and then nobody is invited. `reason` says why a short national time is enough.
    """
    hold_draft(session, calloff=calloff)
    applications = check_ready(session, calloff=calloff, at=at)
    agreed = check_deadline(
        timing_of(session, calloff=calloff, deadline_at=deadline_at, reason=reason, at=at)
    )
    _check_deliveries(calloff, deadline_at)
    calloff.invited_at, calloff.deadline_at, calloff.agreed_deadline = at, deadline_at, agreed
    invitations = _invitations(session, calloff, applications, at=at)
    move(
        session, Thing.CALLOFF, calloff, CallOffEvent.INVITE, user_id=actor.user_id, at=at,
        reason=reason.strip(), invited=len(invitations), deadline_at=deadline_at.isoformat(),
    )  # fmt: skip
    prepare_envelopes(
        session, calloff_id=calloff.id, invitation_ids=[one.id for one in invitations], keeper=keeper, at=at
    )
    session.expire(calloff, ["invitations"])
    tell_invited(session, calloff, "calloff_invited", key="first", at=at)
    return invitations


def check_ready(session: Session, *, calloff: CallOff, at: datetime) -> list[Application]:
    """Those to invite. Raises DisHasEnded, FirstRoundNotOver, ReviewExtended, NoLots or NobodyAdmitted."""
    dis = calloff.dis_category.dis
    if not dis.is_open(local_date(at)):
        raise DisHasEnded
    first_round = dis.first_round_ends_at
    if dis.regime is Regime.DIRECTIVE and first_round is not None and at < first_round:
        raise FirstRoundNotOver(moment=first_round)
    if dis.regime is Regime.DIRECTIVE:
        check_review_is_over(dis.first_review_until, today=local_date(at))
    if not calloff.lots:
        raise NoLots
    applications = admitted(session, dis_category_id=calloff.dis_category_id)
    if not applications:
        raise NobodyAdmitted
    return applications


def timing_of(
    session: Session, *, calloff: CallOff, deadline_at: datetime, reason: str, at: datetime
) -> Timing:
    """What the deadline is judged by: the law's days on the day of sending, and what the suppliers have answered."""
    return Timing(
        regime=calloff.dis_category.dis.regime,
        sent_at=at,
        deadline_at=deadline_at,
        days=tender_days(session, at=at),
        proposed=calloff.proposed_deadline_at,
        all_agree=all_agree(session, calloff=calloff),
        reason=reason,
    )


def tender_days(session: Session, *, at: datetime) -> int:
    """The least number of days to tender under the directive (LOU 8 kap. 11 §)."""
    return int(law_value(session, LawKey.DIS_TENDER, on=local_date(at)).value)


def propose_deadline(
    session: Session, *, calloff: CallOff, deadline_at: datetime, actor: Actor, at: datetime
) -> None:
    """Ask all who are admitted whether they agree to a shorter time (LOU 8 kap. 11 §, 11 kap. 7 §).

    A new proposal begins anew: answers to another time do not count.
    """
    hold_draft(session, calloff=calloff)
    applications = check_ready(session, calloff=calloff, at=at)
    if deadline_at <= at:
        raise DeadlineInThePast
    calloff.proposed_deadline_at = deadline_at
    session.flush()
    proposed = deadline_at.isoformat()
    tell_admitted(
        session, calloff, applications, "calloff_deadline_asked", key=proposed, at=at, proposed_at=proposed
    )
    _record(session, calloff, "propose_deadline", actor=actor, at=at, deadline_at=proposed)


def answer_deadline(
    session: Session, *, calloff: CallOff, deadline_at: datetime, agrees: bool, actor: Actor, at: datetime
) -> None:
    """An admitted supplier's yes or no to the time it was shown. Raises NotPossibleNow when that is another now."""
    hold_draft(session, calloff=calloff)
    if actor.producer_id is None or calloff.proposed_deadline_at != deadline_at:
        raise NotPossibleNow
    answer = session.get(DeadlineAnswer, (calloff.id, actor.producer_id)) or DeadlineAnswer(
        calloff_id=calloff.id, producer_id=actor.producer_id
    )
    answer.deadline_at, answer.agrees = deadline_at, agrees
    answer.answered_at, answer.answered_by_id = at, actor.user_id
    session.add(answer)
    session.flush()
    _record(session, calloff, "answer_deadline", actor=actor, at=at, agrees=agrees)


def extend_deadline(
    session: Session, *, calloff: CallOff, deadline_at: datetime, reason: str, actor: Actor, at: datetime
) -> None:
    """More time for everyone, with the reasons (LOU 11 kap. 8 §, 19 kap. 14 §). Only while tenders are taken."""
    stated = check_reason(Thing.CALLOFF, CallOffEvent.EXTEND_DEADLINE, reason)
    current = session.scalar(select(CallOff.deadline_at).where(CallOff.id == calloff.id).with_for_update())
    if calloff.state is CallOffState.INVITED and (current is None or at >= current):
        raise DeadlineHasPassed
    if current is not None and deadline_at <= current:
        raise DeadlineNotLater(deadline=current)
    _check_deliveries(calloff, deadline_at)
    move(
        session, Thing.CALLOFF, calloff, CallOffEvent.EXTEND_DEADLINE, user_id=actor.user_id, at=at,
        reason=stated, deadline_at=deadline_at.isoformat(),
    )  # fmt: skip
    calloff.deadline_at = deadline_at
    session.flush()
    tell_invited(session, calloff, "calloff_extended", key=deadline_at.isoformat(), at=at, reason=stated)


def _check_deliveries(calloff: CallOff, deadline_at: datetime) -> None:
    """Nothing is to be delivered before the tenders are in. Raises DeliveryBeforeDeadline."""
    for lot in calloff.lots:
        if lot.first_week_on <= local_date(deadline_at):
            raise DeliveryBeforeDeadline(number=lot.number, day=lot.first_week_on)


def _invitations(
    session: Session, calloff: CallOff, applications: list[Application], *, at: datetime
) -> list[Invitation]:
    answers = deadline_answers(session, calloff=calloff) if calloff.agreed_deadline else {}
    made = [
        Invitation(
            calloff_id=calloff.id,
            producer_id=one.producer_id,
            application_id=one.id,
            invited_at=at,
            agrees_to_deadline_at=answers[one.producer_id].answered_at if answers else None,
        )
        for one in applications
    ]
    session.add_all(made)
    session.flush()
    return made


def _record(
    session: Session, calloff: CallOff, what: str, *, actor: Actor, at: datetime, **data: object
) -> None:
    audit.record(
        session, user_id=actor.user_id, at=at, action=f"calloff.{what}", subject=f"calloff:{calloff.id}", **data
    )  # fmt: skip
