"""The applicant's steps: begin, fill in bit by bit, send, take back, begin again, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.models import User
from market.actors import Actor
from market.dis.applications.models import Application, RequirementAnswer
from market.dis.applications.queries import own_applications_to
from market.dis.applications.rules import (
    LIVE,
    About,
    Incomplete,
    Lack,
    Lacking,
    NothingToSend,
    SystemClosed,
    is_answered,
    lacks_about,
    last_day_to_decide,
)
from market.dis.applications.steps import legal_days, tell_applicant, tell_officers
from market.dis.files import CheckedFile, store_file
from market.dis.rules import ApplicationEvent, ApplicationState, NotPossibleNow, Thing
from market.dis.steps import begin, move
from market.dis.systems.models import Dis, DisCategory
from market.law.rules import LawKey
from market.register.models import Producer
from market.values import local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer as it was filled in. A new file takes the place of the former one; without any the former stays."""

    is_met: bool = False
    text: str = ""
    file: CheckedFile | None = None
    drops_file: bool = False


def choose_categories(
    session: Session, *, dis: Dis, category_ids: Iterable[int], actor: Actor, at: datetime
) -> None:
    """Begin a draft in each category ticked, and put away the drafts of those that are not.

    What had been filled in comes back when the category is ticked again. Raises SystemClosed.
    """
    _check_open(dis, at)
    wanted, latest = set(category_ids), latest_by_category(session, dis=dis, actor=actor)
    for category in dis.categories:
        last = latest.get(category.id)
        if category.id in wanted:
            begin_application(session, category=category, actor=actor, at=at)
        elif last is not None and last.state is ApplicationState.DRAFT:
            move(session, Thing.APPLICATION, last, ApplicationEvent.WITHDRAW, user_id=actor.user_id, at=at)


def begin_application(session: Session, *, category: DisCategory, actor: Actor, at: datetime) -> Application:
    """A draft in a category, begun as a copy of what the applicant has said before; the live one where there is one.

    After a refusal one may apply again at any time (LOU 8 kap. 7 §). Raises SystemClosed.
    """
    _check_open(category.dis, at)
    earlier = own_applications_to(session, actor=actor, dis_id=category.dis_id)
    last = next((one for one in earlier if one.dis_category_id == category.id), None)
    if last is not None and last.state in LIVE:
        return last
    application = _blank(session, category, actor, at, number=last.number + 1 if last else 1)
    source = last or (earlier[0] if earlier else None)
    _say_who(session, application, source, actor)
    try:
        with session.begin_nested():
            begin(
                session, Thing.APPLICATION, application, ApplicationEvent.BEGIN, user_id=actor.user_id, at=at
            )
    except IntegrityError:
        raise NotPossibleNow from None  # begun in another window at the same time
    _copy_answers(application, [last] if last else [one for one in earlier if one.state in LIVE])
    session.flush()
    return application


def save_answers(
    session: Session, *, application: Application, given: Mapping[int, Given], actor: Actor, at: datetime
) -> None:
    """Keep the answers to a category's requirements, by their ids; complete or not. Raises NotPossibleNow."""
    _check_draft(application)
    for requirement in application.dis_category.requirements:
        if requirement.id in given:
            _save_answer(session, application, requirement.id, given[requirement.id], by=actor.user_id, at=at)
    application.saved_at = at
    session.flush()
    _log_save(session, application, actor, at, requirements=sorted(given))


def save_about(
    session: Session, *, drafts: Sequence[Application], about: About, actor: Actor, at: datetime
) -> None:
    """Keep what all drafts to a DIS share; complete or not. Raises NothingToSend, NotPossibleNow."""
    if not drafts:
        raise NothingToSend
    for application in drafts:
        _check_draft(application)
        for name in ("contact_name", "contact_email", "contact_phone", "message"):
            setattr(application, name, getattr(about, name))
        named = application.dis.authorities
        application.authorities = [one for one in named if one.id in about.authority_ids]
        application.saved_at = at
        session.flush()
        _log_save(session, application, actor, at, authorities=sorted(about.authority_ids))


def lacks_of(applications: Sequence[Application], *, is_declared: bool) -> list[Lack]:
    """What is missing before these can be sent, in the order of the page."""
    if not applications:
        return [Lack(Lacking.CATEGORY)]
    missing = [lack for one in applications for lack in _unanswered(one)]
    missing += lacks_about(applications[0].about)
    return missing + ([] if is_declared else [Lack(Lacking.DECLARED)])


def submit_applications(
    session: Session, *, drafts: Sequence[Application], is_declared: bool, actor: Actor, at: datetime
) -> None:
    """Send all drafts to a DIS, or none: with the self-declaration (LOU 15 kap. 1 §), from which day their time runs.

    Raises NothingToSend, SystemClosed, Incomplete, NotPossibleNow.
    """
    if not drafts:
        raise NothingToSend
    _check_open(drafts[0].dis, at)
    if lacks_of(drafts, is_declared=is_declared):
        raise Incomplete
    for application in drafts:
        _submit(session, application, actor, at)
    _tell_of_sending(session, drafts, at)


def take_back(session: Session, *, application: Application, actor: Actor, at: datetime) -> None:
    """To change it before it is decided; the time to decide is counted anew when it is sent again.

    Raises SystemClosed: after the end it could not be sent again. Raises NotPossibleNow.
    """
    _check_open(application.dis, at)
    move(session, Thing.APPLICATION, application, ApplicationEvent.TAKE_BACK, user_id=actor.user_id, at=at)
    application.submitted_at = application.due_on = None
    application.extension_reason, application.has_declared = "", False
    application.judgements.clear()
    session.flush()
    tell_officers(session, application, "dis_application_ended", at=at, was="taken_back", reason="")


def withdraw_application(
    session: Session, *, application: Application, reason: str, actor: Actor, at: datetime
) -> None:
    """The applicant no longer wants to take part: before the decision, or after being admitted. Raises NotPossibleNow.

    An admitted one is not invited from now on; what it has tendered or agreed is not touched.
    """
    before = application.state
    move(
        session, Thing.APPLICATION, application, ApplicationEvent.WITHDRAW, user_id=actor.user_id, at=at,
        reason=reason,
    )  # fmt: skip
    if before is not ApplicationState.DRAFT:
        was, reason = before.value, reason.strip()
        tell_officers(session, application, "dis_application_ended", at=at, was=was, reason=reason)


def latest_by_category(session: Session, *, dis: Dis, actor: Actor) -> dict[int, Application]:
    """The applicant's latest application to each category of a DIS."""
    found = own_applications_to(session, actor=actor, dis_id=dis.id)
    return {one.dis_category_id: one for one in reversed(found)}


def _check_open(dis: Dis, at: datetime) -> None:
    """Applications are taken as long as the DIS is in force (LOU 8 kap. 7 §). Raises SystemClosed."""
    if not dis.is_open(local_date(at)):
        raise SystemClosed


def _check_draft(application: Application) -> None:
    """Raises NotPossibleNow for what has been sent."""
    if application.state is not ApplicationState.DRAFT:
        raise NotPossibleNow


def _submit(session: Session, application: Application, actor: Actor, at: datetime) -> None:
    dis = application.dis
    move(session, Thing.APPLICATION, application, ApplicationEvent.SUBMIT, user_id=actor.user_id, at=at)
    application.has_declared, application.submitted_at, application.extension_reason = True, at, ""
    application.judgements.clear()
    application.due_on = last_day_to_decide(
        at,
        ends_at=dis.first_round_ends_at,
        first_review_until=dis.first_review_until,
        working_days=legal_days(session, LawKey.DIS_EVALUATION, at=at),
    )
    session.flush()


def _tell_of_sending(session: Session, sent: Sequence[Application], at: datetime) -> None:
    """One message each way, however many categories were sent: they have the same last day."""
    first, categories = sent[0], [one.dis_category.category for one in sent]
    said = {
        "category_sv": ", ".join(one.name_sv for one in categories),
        "category_en": ", ".join(one.name_en for one in categories),
        "due_on": first.due_on.isoformat() if first.due_on else "",
        "regime": first.dis.regime.value,
    }
    tell_applicant(session, first, "dis_application_sent", at=at, **said)
    tell_officers(session, first, "dis_application_received", at=at, **said)


def _blank(
    session: Session, category: DisCategory, actor: Actor, at: datetime, *, number: int
) -> Application:
    producer = session.get_one(Producer, actor.producer_id)
    return Application(dis_category=category, producer=producer, number=number, begun_at=at, saved_at=at)


def _say_who(session: Session, application: Application, source: Application | None, actor: Actor) -> None:
    """Contact and places of delivery as last said; the first time, as the register has them."""
    with session.no_autoflush:
        producer, own_email = application.producer, session.get_one(User, actor.user_id).email
        application.contact_name = source.contact_name if source else actor.name
        application.contact_email = source.contact_email if source else producer.email or own_email
        application.contact_phone = source.contact_phone if source else producer.phone
        application.message = source.message if source else ""
        named = application.dis_category.dis.authorities
        chosen = {one.id for one in (source.authorities if source else named)}
        application.authorities = [one for one in named if one.id in chosen]


def _copy_answers(application: Application, sources: Iterable[Application]) -> None:
    """Answers to the same requirements, in this category or, when it is the first time, word for word in another."""
    known = {
        (answer.requirement.kind, answer.requirement.text): answer
        for source in sources
        for answer in source.answers
    }
    for requirement in application.dis_category.requirements:
        before = known.get((requirement.kind, requirement.text))
        if before is not None:
            application.answers.append(
                RequirementAnswer(
                    requirement_id=requirement.id,
                    is_met=before.is_met,
                    text=before.text,
                    file_id=before.file_id,
                )
            )


def _save_answer(
    session: Session, application: Application, requirement_id: int, given: Given, *, by: int, at: datetime
) -> None:
    answer = next((one for one in application.answers if one.requirement_id == requirement_id), None)
    if answer is None:
        answer = RequirementAnswer(requirement_id=requirement_id)
        application.answers.append(answer)
    answer.is_met, answer.text = given.is_met, given.text.strip()
    if given.file is not None:
        answer.file = store_file(session, checked=given.file, user_id=by, at=at)
    elif given.drops_file:
        answer.file = None


def _unanswered(application: Application) -> list[Lack]:
    answers = {answer.requirement_id: answer for answer in application.answers}
    missing = []
    for requirement in application.dis_category.requirements:
        answer = answers.get(requirement.id)
        if answer is None or not is_answered(
            requirement.kind, is_met=answer.is_met, text=answer.text, has_file=answer.file_id is not None
        ):
            missing.append(Lack(Lacking.ANSWER, application.id, requirement.id))
    return missing


def _log_save(session: Session, application: Application, actor: Actor, at: datetime, **data: object) -> None:
    subject = f"application:{application.id}"
    audit.record(session, user_id=actor.user_id, at=at, action="application.save", subject=subject, **data)
