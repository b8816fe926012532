"""A DIS and what comes of it, made straight in the database: for the tests of the steps that come after."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from factories import AT, MONDAY, Cast
from sqlalchemy.orm import Session

from market.dis.applications.models import Application
from market.dis.calloffs.models import CallOff, Invitation, Lot, LotNeed
from market.dis.models import DisTransition
from market.dis.rules import (
    ApplicationEvent,
    ApplicationState,
    CallOffEvent,
    CallOffState,
    DisEvent,
    DisState,
    Regime,
    Thing,
)
from market.dis.steps import begin, move
from market.dis.systems.models import Criterion, Dis, DisCategory, Requirement
from market.dis.systems.rules import CriterionKind, RequirementKind
from market.register.models import Producer
from market.values import Unit

DAY = timedelta(days=1)


def make_dis(session: Session, cast: Cast, *, regime: Regime = Regime.NATIONAL) -> Dis:
    """Published two months ago by Norrtälje for itself and Vallentuna: vegetables, two requirements, two added values."""
    published = AT - 60 * DAY
    dis = Dis(
        authority=cast.authority,
        authorities=[cast.authority, cast.other_authority],
        name="DIS Livsmedel",
        regime=regime,
        valid_from=published.date(),
        valid_until=date(2028, 1, 1),
        estimated_value_ore=150_000_000,
        description="Livsmedel direkt från producenter.",
        contract_terms="Leverans till mottagningskök, betalning inom 30 dagar.",
        contact="upphandling@example.se",
        first_round_ends_at=published + 30 * DAY,
        published_at=published,
        created_at=published - DAY,
        categories=[_vegetables()],
    )
    begin(session, Thing.DIS, dis, DisEvent.DRAFT, user_id=None, at=published - DAY)
    move(session, Thing.DIS, dis, DisEvent.PUBLISH, user_id=None, at=published)
    assert dis.state is DisState.PUBLISHED
    return dis


def _vegetables() -> DisCategory:
    return DisCategory(
        category_key="vegetables",
        position=1,
        description="Färska grönsaker, odlade på friland eller i växthus.",
        max_suppliers_per_lot=2,
        requirements=[
            Requirement(
                position=1,
                kind=RequirementKind.DECLARATION,
                text="Företaget är registrerat som livsmedelsföretag.",
            ),
            Requirement(position=2, kind=RequirementKind.TEXT, text="Beskriv hur ni spårar varje parti."),
        ],
        criteria=[
            Criterion(
                position=1,
                kind=CriterionKind.STATEMENT,
                name="Tar emot skolklasser",
                description="En klass om högst 30 elever, två gånger per läsår.",
                max_deduction_bp=1_000,
                needs_evidence=True,
            ),
            Criterion(
                position=2, kind=CriterionKind.SCORED, name="Smak", max_deduction_bp=2_000, max_points=5
            ),
        ],
    )


def admit(session: Session, dis: Dis, producer: Producer, *, at: datetime = AT - 30 * DAY) -> Application:
    """The producer is admitted to the first category, for all of its authorities."""
    application = Application(
        dis_category=dis.categories[0],
        producer=producer,
        number=1,
        contact_name="Test",
        has_declared=True,
        begun_at=at,
        saved_at=at,
        submitted_at=at,
        decided_at=at,
        authorities=list(dis.authorities),
    )
    begin(session, Thing.APPLICATION, application, ApplicationEvent.BEGIN, user_id=None, at=at)
    for event in (ApplicationEvent.SUBMIT, ApplicationEvent.ADMIT):
        move(session, Thing.APPLICATION, application, event, user_id=None, at=at)
    assert application.state is ApplicationState.ADMITTED
    return application


def make_calloff(session: Session, cast: Cast, dis: Dis) -> CallOff:
    """A draft with two lots of carrots, one for each authority, for the four weeks from MONDAY + 4 weeks."""
    first = MONDAY + timedelta(weeks=4)
    calloff = CallOff(
        dis_category=dis.categories[0],
        title="Morötter, januari",
        created_at=AT,
        lots=[
            _lot(1, cast.authority.id, {cast.hub.id: 40_000, cast.satellite.id: 10_000}, first),
            _lot(2, cast.other_authority.id, {cast.other_kitchen.id: 30_000}, first),
        ],
    )
    begin(session, Thing.CALLOFF, calloff, CallOffEvent.DRAFT, user_id=None, at=AT)
    return calloff


def _lot(number: int, authority_id: int, weekly: dict[int, int], first: date) -> Lot:
    weeks = [first + timedelta(weeks=n) for n in range(4)]
    return Lot(
        number=number,
        name="Morötter, tvättade",
        authority_id=authority_id,
        unit=Unit.KILOGRAM,
        steps=4 * sum(weekly.values()),
        first_week_on=first,
        end_week_on=first + timedelta(weeks=4),
        needs=[
            LotNeed(kitchen_id=kitchen_id, week_on=week, steps=steps)
            for kitchen_id, steps in weekly.items()
            for week in weeks
        ],
    )


def invite(
    session: Session, calloff: CallOff, applications: list[Application], *, at: datetime = AT
) -> list[Invitation]:
    """Invite the applicants, straight in the database: the deadline is 14 days later. No envelopes are made."""
    calloff.invited_at, calloff.deadline_at = at, at + 14 * DAY
    rows = [
        Invitation(calloff=calloff, producer_id=one.producer_id, application_id=one.id, invited_at=at)
        for one in applications
    ]
    session.add_all(rows)
    move(session, Thing.CALLOFF, calloff, CallOffEvent.INVITE, user_id=None, at=at)
    assert calloff.state is CallOffState.INVITED
    return rows


def steps_of(session: Session, thing: Thing, subject_id: int) -> list[str]:
    """The events of a thing so far, in order."""
    rows = (
        session.query(DisTransition).filter_by(thing=thing, subject_id=subject_id).order_by(DisTransition.id)
    )
    return [row.event for row in rows]
