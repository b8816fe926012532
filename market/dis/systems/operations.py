"""Publishing a DIS, and changing how long it lives: extending it and ending it. Each change adds a notice document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority
from market.accounts.rules import Role
from market.actors import Actor
from market.dis.rules import DisEvent, DisState, NotPossibleNow, Regime, Thing
from market.dis.steps import move
from market.dis.systems.draft_operations import lock_draft
from market.dis.systems.models import Dis, NoticeDocument
from market.dis.systems.readiness import gaps_of, texts_of
from market.dis.systems.rules import (
    Basics,
    DraftIncomplete,
    NotLater,
    check_first_round,
    check_regime,
    earliest_last_day,
    end_of,
)
from market.dis.systems.wording_operations import refuse_open_warnings
from market.law.queries import law_value, law_value_or_none
from market.law.rules import LawKey
from market.outbox import tell
from market.values import local_date

ONE_DAY = timedelta(days=1)
STAFF = (Role.PROCUREMENT_OFFICER, Role.MEAL_MANAGER)


@dataclass(frozen=True, slots=True)
class FirstRound:
    """The last day to apply in the first round, and a longer time of review for it (LOU 8 kap. 7 §), when there is one."""

    last_day: date
    review_until: date | None = None


def earliest_first_round(session: Session, *, dis: Dis, on: date) -> date:
    """The earliest last day of the first round for a notice that is published on a day (LOU 8 kap. 8 §)."""
    days = int(law_value(session, LawKey.DIS_APPLICATION, on=on).value) if _is_strict(dis) else 0
    return earliest_last_day(on, regime=dis.regime, days=days)


def check_ready(session: Session, *, dis: Dis, first_round: FirstRound, at: datetime) -> None:
    """Raises what keeps a draft from being published now: something missing, a word of place, a date, the regime."""
    today = local_date(at)
    if gaps_of(dis):
        raise DraftIncomplete
    refuse_open_warnings(session, thing=Thing.DIS, subject_id=dis.id, texts=texts_of(dis))
    threshold = law_value_or_none(session, LawKey.EU_THRESHOLD, on=today)
    check_regime(_basics(dis), threshold=threshold.value if threshold else None)
    check_first_round(
        first_round.last_day,
        earliest=earliest_first_round(session, dis=dis, on=today),
        valid_until=dis.valid_until,
        review_until=first_round.review_until,
    )


def _put_first_round(dis: Dis, first_round: FirstRound, *, at: datetime) -> None:
    """The dates that publishing sets: in force from today, the first round until the end of its last day."""
    dis.valid_from, dis.published_at = local_date(at), at
    dis.first_round_ends_at = end_of(first_round.last_day)
    dis.first_review_until = first_round.review_until


def publish_dis(
    session: Session, *, dis: Dis, first_round: FirstRound, pdf: bytes, actor: Actor, at: datetime
) -> NoticeDocument:
    """The notice, as exactly these bytes: from now on anyone may apply and nobody may join (LOU 8 kap. 1, 4, 8 §§).

    Raises AlreadyPublished, DraftIncomplete, WarningsOpen, and what the regime and the dates are refused for.
    """
    lock_draft(session, dis=dis)
    check_ready(session, dis=dis, first_round=first_round, at=at)
    _put_first_round(dis, first_round, at=at)
    document = _keep(session, dis, pdf, at)
    move(
        session, Thing.DIS, dis, DisEvent.PUBLISH, user_id=actor.user_id, at=at, reason=_in_force(dis), sha256=document.sha256,
        authorities=sorted(one.id for one in dis.authorities),
    )  # fmt: skip
    _tell_staff(session, dis, DisEvent.PUBLISH, at)
    return document


def check_extension(dis: Dis, *, last_day: date) -> None:
    """Raises NotLater, and NotPossibleNow for a DIS that is not in force."""
    if dis.state is not DisState.PUBLISHED:
        raise NotPossibleNow
    if last_day < dis.valid_until:
        raise NotLater


def extend_dis(
    session: Session, *, dis: Dis, last_day: date, pdf: bytes, actor: Actor, at: datetime
) -> NoticeDocument:
    """A longer validity (LOU 8 kap. 6 §), told in a new notice document. Raises NotLater, NotPossibleNow."""
    session.refresh(dis, ["state", "valid_until"], with_for_update=True)
    check_extension(dis, last_day=last_day)
    before, dis.valid_until = dis.valid_until, last_day + ONE_DAY
    document = _keep(session, dis, pdf, at)
    move(
        session, Thing.DIS, dis, DisEvent.EXTEND, user_id=actor.user_id, at=at, reason=_in_force(dis), sha256=document.sha256,
        valid_until=dis.valid_until.isoformat(), before=before.isoformat(),
    )  # fmt: skip
    _tell_staff(session, dis, DisEvent.EXTEND, at)
    return document


def end_dis(session: Session, *, dis: Dis, reason: str, actor: Actor | None, at: datetime) -> None:
    """No more applications and no new call-offs; those that are open go on. Raises ReasonNeeded, NotPossibleNow.

    Without an actor it is the clock that ends it. Applications not yet decided lapse by a chore of theirs.
    """
    user_id = None if actor is None else actor.user_id
    move(session, Thing.DIS, dis, DisEvent.END, user_id=user_id, at=at, reason=reason)
    dis.ended_at = at
    _tell_staff(session, dis, DisEvent.END, at)


def _keep(session: Session, dis: Dis, pdf: bytes, at: datetime) -> NoticeDocument:
    document = NoticeDocument(dis_id=dis.id, pdf=pdf, sha256=sha256(pdf).hexdigest(), made_at=at)
    session.add(document)
    session.flush()
    return document


def _tell_staff(session: Session, dis: Dis, event: DisEvent, at: datetime) -> None:
    people = {
        person
        for authority in dis.authorities
        for role in STAFF
        for person in people_of_authority(session, authority.id, role)
    }
    tell(
        session,
        user_ids=people,
        kind="dis_changed",
        key=f"dis_changed:{dis.id}:{event.value}:{dis.valid_until}",
        at=at,
        dis_id=dis.id,
        name=dis.name,
        event=event.value,
        last_day=(dis.valid_until - ONE_DAY).isoformat(),
    )


def _in_force(dis: Dis) -> str:
    """What the history and the feeds say, in the notice's language."""
    return f"Gäller till och med {dis.valid_until - ONE_DAY}."


def _is_strict(dis: Dis) -> bool:
    return dis.regime is Regime.DIRECTIVE


def _basics(dis: Dis) -> Basics:
    return Basics(
        name=dis.name,
        description=dis.description,
        contact=dis.contact,
        last_day=dis.valid_until - ONE_DAY,
        value_ore=dis.estimated_value_ore,
        regime=dis.regime,
        regime_reason=dis.regime_reason,
    )
