"""What happens to applications by the clock: they lapse with their DIS; officers are reminded of what is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from market.dis.applications.models import Application
from market.dis.applications.steps import tell_applicant, tell_officers
from market.dis.rules import ApplicationEvent, ApplicationState, DisState, NotPossibleNow, Thing
from market.dis.steps import move
from market.dis.systems.models import Dis, DisCategory
from market.dis.working_days import working_days_between
from market.values import local_date

DAYS_AHEAD = 2
"""So many working days before the last day officers are reminded for the first time."""
_UNDECIDED = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


def lapse_applications(session: Session, *, at: datetime) -> int:
    """End what was not decided when its DIS ended. Wants to run every few minutes."""
    ended = or_(Dis.state == DisState.ENDED, Dis.valid_until <= local_date(at))
    query = (
        select(Application)
        .join(Application.dis_category)
        .join(DisCategory.dis)
        .where(Application.state.in_(_UNDECIDED), Dis.state != DisState.DRAFT, ended)
        .order_by(Application.id)
    )
    return sum(_lapse(session, application, at) for application in session.scalars(query).all())


def remind_of_applications(session: Session, *, at: datetime) -> int:
    """Tell the officers what is to be decided within two working days, and once more what has become late."""
    today = local_date(at)
    waiting = session.scalars(
        select(Application).where(
            Application.state == ApplicationState.SUBMITTED, Application.due_on.is_not(None)
        )
    ).all()
    due = [one for one in waiting if one.due_on and working_days_between(today, one.due_on) <= DAYS_AHEAD]
    for application in due:
        _remind(session, application, at)
    return len(due)


def _lapse(session: Session, application: Application, at: datetime) -> bool:
    """False where someone else came first. A draft lapses without a word."""
    was_sent = application.state is ApplicationState.SUBMITTED
    try:
        with session.begin_nested():
            move(session, Thing.APPLICATION, application, ApplicationEvent.LAPSE, user_id=None, at=at)
    except NotPossibleNow:
        return False
    if was_sent:
        tell_applicant(session, application, "dis_application_lapsed", at=at)
    return True


def _remind(session: Session, application: Application, at: datetime) -> None:
    assert application.due_on is not None
    late = application.due_on < local_date(at)
    key = f"dis_application_due:{application.id}:{application.due_on}:{late}"
    tell_officers(
        session, application, "dis_application_due", at=at, key=key, due_on=application.due_on.isoformat(), late=late
    )  # fmt: skip
