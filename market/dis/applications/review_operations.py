"""The officer's steps: the checklist, the decision with its reasons, more time, putting a supplier out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.applications.models import Application, Inquiry, RequirementJudgement
from market.dis.applications.queries import latest_inquiry
from market.dis.applications.rules import (
    Ground,
    GroundNeeded,
    InquiryKind,
    NotHeard,
    check_admission,
    check_extension,
    check_refusal,
    check_round_is_over,
    last_day_to_decide,
)
from market.dis.applications.steps import legal_days, tell_applicant
from market.dis.rules import ApplicationEvent, ApplicationState, NotPossibleNow, ReasonNeeded, Thing
from market.dis.steps import move
from market.law.rules import LawKey
from market.values import local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a requirement is judged; None: not yet."""

    is_met: bool | None = None
    note: str = ""


def judge_requirements(
    session: Session, *, application: Application, verdicts: Mapping[int, Verdict], actor: Actor, at: datetime
) -> None:
    """Keep the checklist, by the requirements' ids; complete or not. Raises NotPossibleNow once it is decided."""
    if application.state is not ApplicationState.SUBMITTED:
        raise NotPossibleNow
    for requirement in application.dis_category.requirements:
        if requirement.id in verdicts:
            _judge(application, requirement.id, verdicts[requirement.id], actor, at)
    session.flush()
    judged = {str(one.requirement_id): one.is_met for one in application.judgements}
    subject = f"application:{application.id}"
    audit.record(
        session, user_id=actor.user_id, at=at, action="application.judge", subject=subject, judged=judged
    )


def admit(session: Session, *, application: Application, actor: Actor, at: datetime) -> None:
    """Let the supplier in: every requirement is met, and the first round is over (LOU 8 kap. 1, 8 §§).

    Raises NotAllMet, FirstRoundStillOpen, NotPossibleNow.
    """
    _check_decidable(application, at)
    check_admission(application.verdicts)
    move(session, Thing.APPLICATION, application, ApplicationEvent.ADMIT, user_id=actor.user_id, at=at)
    application.decided_at = at
    session.flush()
    tell_applicant(
        session, application, "dis_application_decided", at=at, event="admit", ground="", reason=""
    )


def reject(
    session: Session,
    *,
    application: Application,
    ground: Ground | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Refuse with ground and reasons (LOU 8 kap. 9 §); the supplier may complete it and apply again.

    Raises GroundNeeded, EverythingIsMet, ReasonNeeded, NotHeard, FirstRoundStillOpen, NotPossibleNow.
    """
    _check_decidable(application, at)
    stated = check_refusal(ground, application.verdicts)
    if not reason.strip():
        raise ReasonNeeded
    if stated is not Ground.REQUIREMENT:
        check_heard(session, application=application, at=at)
    _refuse(session, application, ApplicationEvent.REJECT, ground=stated, reason=reason, actor=actor, at=at)


def exclude(
    session: Session,
    *,
    applications: Sequence[Application],
    ground: Ground | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Put an admitted supplier out, after it has been heard (LOU 19 kap. 17 §); in one category or in several.

    Raises GroundNeeded, ReasonNeeded, NotHeard, NotPossibleNow.
    """
    if ground is None:
        raise GroundNeeded
    if not reason.strip():
        raise ReasonNeeded
    for application in applications:
        check_heard(session, application=application, at=at)
        _refuse(
            session, application, ApplicationEvent.EXCLUDE, ground=ground, reason=reason, actor=actor, at=at
        )


def extend_review(
    session: Session, *, application: Application, reason: str, actor: Actor, at: datetime
) -> None:
    """Up to the longer time, where there are reasons for it (LOU 8 kap. 7 §). The applicant hears of it.

    Raises ReasonNeeded, AlreadyExtended, TooLateToExtend, NotPossibleNow.
    """
    if (
        application.state is not ApplicationState.SUBMITTED
        or application.due_on is None
        or application.submitted_at is None
    ):
        raise NotPossibleNow
    check_extension(application.due_on, is_extended=application.is_extended, today=local_date(at))
    if not reason.strip():
        raise ReasonNeeded
    dis = application.dis
    application.extension_reason = reason.strip()
    application.due_on = last_day_to_decide(
        application.submitted_at,
        ends_at=dis.first_round_ends_at,
        first_review_until=dis.first_review_until,
        working_days=legal_days(session, LawKey.DIS_EVALUATION_EXTENDED, at=application.submitted_at),
    )
    session.flush()
    due, subject = application.due_on.isoformat(), f"application:{application.id}"
    audit.record(
        session, user_id=actor.user_id, at=at, action="application.extend_review", subject=subject, due=due
    )
    tell_applicant(session, application, "dis_review_extended", at=at, due_on=due, reason=reason.strip())


def check_heard(session: Session, *, application: Application, at: datetime) -> Inquiry:
    """That the supplier has answered, or has let the time pass. Raises NotHeard."""
    heard = latest_inquiry(
        session,
        dis_id=application.dis_category.dis_id,
        producer_id=application.producer_id,
        kind=InquiryKind.HEARING,
    )
    if heard is None or heard.is_open(local_date(at)):
        raise NotHeard
    return heard


def _check_decidable(application: Application, at: datetime) -> None:
    if application.state is not ApplicationState.SUBMITTED or application.submitted_at is None:
        raise NotPossibleNow
    check_round_is_over(application.submitted_at, ends_at=application.dis.first_round_ends_at, at=at)


def _judge(
    application: Application, requirement_id: int, verdict: Verdict, actor: Actor, at: datetime
) -> None:
    before = next((one for one in application.judgements if one.requirement_id == requirement_id), None)
    if verdict.is_met is None:
        if before is not None:
            application.judgements.remove(before)
        return
    if before is None:
        before = RequirementJudgement(requirement_id=requirement_id)
        application.judgements.append(before)
    if (before.is_met, before.note) != (verdict.is_met, verdict.note.strip()):
        before.is_met, before.note = verdict.is_met, verdict.note.strip()
        before.judged_by_id, before.judged_at = actor.user_id, at


def _refuse(
    session: Session,
    application: Application,
    event: ApplicationEvent,
    *,
    ground: Ground,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    move(
        session, Thing.APPLICATION, application, event, user_id=actor.user_id, at=at, reason=reason,
        ground=ground.value,
    )  # fmt: skip
    application.decided_at, application.decision_ground = at, ground
    application.decision_reason = reason.strip()
    session.flush()
    said = {"event": event.value, "ground": ground.value, "reason": reason.strip()}
    tell_applicant(session, application, "dis_application_decided", at=at, **said)
