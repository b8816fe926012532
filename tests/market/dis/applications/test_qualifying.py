"""What may be done to an application, when, and what it leaves behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dis_making import admit as admitted_at_once
from dis_making import make_dis, steps_of
from factories import AT
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from market.dis.applications.apply_operations import (
    Given,
    begin_application,
    choose_categories,
    lacks_of,
    save_about,
    save_answers,
    submit_applications,
    take_back,
    withdraw_application,
)
from market.dis.applications.chores import lapse_applications, remind_of_applications
from market.dis.applications.inquiry_operations import answer_inquiry, ask_declarations, ask_hearing
from market.dis.applications.models import Application
from market.dis.applications.queries import admitted, admitted_counts, applications_of
from market.dis.applications.review_operations import (
    Verdict,
    admit,
    exclude,
    extend_review,
    judge_requirements,
    reject,
)
from market.dis.applications.rules import (
    About,
    AlreadyAsked,
    AnswerNeeded,
    DayHasPassed,
    EverythingIsMet,
    FirstRoundStillOpen,
    Ground,
    GroundNeeded,
    Incomplete,
    Lacking,
    NoneChosen,
    NotAllMet,
    NotHeard,
    SystemClosed,
    TooLateToExtend,
)
from market.dis.rules import ApplicationState, DisEvent, NotPossibleNow, ReasonNeeded, Regime, Thing
from market.dis.steps import move
from market.outbox import OutboxMessage
from market.values import SWEDEN, wall_clock

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def dis(session, cast):
    return make_dis(session, cast, regime=Regime.DIRECTIVE)


@pytest.fixture
def grower(cast):
    return cast.actor("producer")


@pytest.fixture
def officer(cast):
    return cast.actor("procurement_officer")


def drafted(session, dis, grower, *, at=AT):
    """Complete, and not sent."""
    application = begin_application(session, category=dis.categories[0], actor=grower, at=at)
    declaration, text = application.dis_category.requirements
    given = {declaration.id: Given(is_met=True), text.id: Given(text="Partinummer på varje låda.")}
    save_answers(session, application=application, given=given, actor=grower, at=at)
    return application


def submitted(session, dis, grower, *, at=AT):
    application = drafted(session, dis, grower, at=at)
    submit_applications(session, drafts=[application], is_declared=True, actor=grower, at=at)
    return application


def judged(session, application, officer, *met, at=AT):
    ids = [one.id for one in application.dis_category.requirements]
    verdicts = {key: Verdict(is_met=one) for key, one in zip(ids, met, strict=True)}
    judge_requirements(session, application=application, verdicts=verdicts, actor=officer, at=at)
    return application


def kinds(session):
    return [row.kind for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def test_sent_in_judged_and_admitted(session, cast, dis, grower, officer):
    application = submitted(session, dis, grower)
    assert application.due_on == date(2026, 12, 7)
    admit(session, application=judged(session, application, officer, True, True), actor=officer, at=AT + DAY)
    assert steps_of(session, Thing.APPLICATION, application.id) == ["begin", "submit", "admit"]
    assert admitted(session, dis_category_id=dis.categories[0].id) == [application]
    assert admitted_counts(session, dis_id=dis.id) == {dis.categories[0].id: 1}
    assert kinds(session) == [
        "dis_application_sent",
        "dis_application_received",
        "dis_application_decided",
    ]


def test_the_first_time_the_register_says_who_and_all_authorities_are_ticked(session, dis, grower):
    application = begin_application(session, category=dis.categories[0], actor=grower, at=AT)
    assert application.contact_name == grower.name
    assert application.contact_email == "producer@example.se"
    assert application.authorities == dis.authorities


def test_what_lacks_is_listed_in_the_order_of_the_page(session, dis, grower):
    application = begin_application(session, category=dis.categories[0], actor=grower, at=AT)
    save_about(session, drafts=[application], about=About(), actor=grower, at=AT)
    lacks = [lack.what for lack in lacks_of([application], is_declared=False)]
    assert lacks == [
        Lacking.ANSWER, Lacking.ANSWER, Lacking.AUTHORITY, Lacking.CONTACT_NAME, Lacking.CONTACT_WAY, Lacking.DECLARED,
    ]  # fmt: skip
    assert [lack.what for lack in lacks_of([], is_declared=True)] == [Lacking.CATEGORY]


def test_spaces_are_no_answer(session, dis, grower):
    application = drafted(session, dis, grower)
    text = application.dis_category.requirements[1]
    save_answers(session, application=application, given={text.id: Given(text=" \n ")}, actor=grower, at=AT)
    with pytest.raises(Incomplete):
        submit_applications(session, drafts=[application], is_declared=True, actor=grower, at=AT)
    assert application.state is ApplicationState.DRAFT


@pytest.mark.parametrize("offset", [-SECOND, timedelta(0), SECOND], ids=["-1s", "+0", "+1s"])
def test_applications_are_taken_up_to_the_end_of_the_dis(session, dis, grower, offset):
    """It holds up to, not including, the midnight that `valid_until` begins with."""
    end = wall_clock(dis.valid_until, 0)
    application = drafted(session, dis, grower)
    if offset < timedelta(0):
        submit_applications(session, drafts=[application], is_declared=True, actor=grower, at=end + offset)
    else:
        with pytest.raises(SystemClosed):
            submit_applications(
                session, drafts=[application], is_declared=True, actor=grower, at=end + offset
            )
        with pytest.raises(SystemClosed):
            begin_application(session, category=dis.categories[0], actor=grower, at=end + offset)


def test_a_dis_that_has_ended_takes_none(session, dis, grower):
    move(session, Thing.DIS, dis, DisEvent.END, user_id=None, at=AT, reason="Värdet är nått.")
    with pytest.raises(SystemClosed):
        choose_categories(session, dis=dis, category_ids=[dis.categories[0].id], actor=grower, at=AT)


def test_an_application_of_the_first_round_is_not_decided_before_its_end(session, dis, grower, officer):
    dis.first_round_ends_at = ends = AT + 30 * DAY
    application = judged(session, submitted(session, dis, grower), officer, True, True)
    assert application.due_on == date(2027, 1, 13)
    with pytest.raises(FirstRoundStillOpen):
        admit(session, application=application, actor=officer, at=ends - SECOND)
    with pytest.raises(FirstRoundStillOpen):
        reject(
            session, application=application, ground=Ground.REQUIREMENT, reason="x", actor=officer, at=ends - SECOND
        )  # fmt: skip
    admit(session, application=application, actor=officer, at=ends)
    assert application.decided_at == ends


@pytest.mark.parametrize("met", [(True, False), (True, None), (None, None)])
def test_nobody_is_admitted_before_every_requirement_is_met(session, dis, grower, officer, met):
    application = judged(session, submitted(session, dis, grower), officer, *met)
    with pytest.raises(NotAllMet):
        admit(session, application=application, actor=officer, at=AT)


def test_a_refusal_has_ground_reasons_and_a_requirement(session, dis, grower, officer):
    application = judged(session, submitted(session, dis, grower), officer, True, True)

    def refuse(ground, reason):
        reject(session, application=application, ground=ground, reason=reason, actor=officer, at=AT)

    for ground, reason, refused in (
        (None, "Skäl", GroundNeeded),
        (Ground.REQUIREMENT, "Skäl", EverythingIsMet),
        (Ground.TAXES, " ", ReasonNeeded),
        (Ground.TAXES, "Skulder", NotHeard),
    ):
        with pytest.raises(refused):
            refuse(ground, reason)
    judged(session, application, officer, True, False)
    refuse(Ground.REQUIREMENT, " Märkningen saknas. ")
    assert (application.decision_ground, application.decision_reason) == (
        Ground.REQUIREMENT,
        "Märkningen saknas.",
    )
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "dis_application_decided")).one()
    assert told.params["reason"] == "Märkningen saknas."
    assert told.params["application_id"] == application.id


def test_after_a_refusal_a_copy_is_completed_and_declared_anew(session, dis, grower, officer):
    first = judged(session, submitted(session, dis, grower), officer, True, False)
    reject(session, application=first, ground=Ground.REQUIREMENT, reason="Mer.", actor=officer, at=AT)
    second = begin_application(session, category=dis.categories[0], actor=grower, at=AT + DAY)
    assert (second.number, second.has_declared, second.state) == (2, False, ApplicationState.DRAFT)
    assert {one.text for one in second.answers} == {"", "Partinummer på varje låda."}
    assert begin_application(session, category=dis.categories[0], actor=grower, at=AT + DAY) is second
    submit_applications(session, drafts=[second], is_declared=True, actor=grower, at=AT + DAY)
    assert second.due_on == date(2026, 12, 8)
    assert first.state is ApplicationState.REJECTED


def test_taken_back_the_judgement_is_gone_and_the_clock_begins_anew(session, dis, grower, officer):
    application = judged(session, submitted(session, dis, grower), officer, True, False)
    extend_review(session, application=application, reason="Intyg.", actor=officer, at=AT)
    take_back(session, application=application, actor=grower, at=AT + DAY)
    assert applications_of(session, dis_id=dis.id) == []
    with pytest.raises(NotPossibleNow):
        admit(session, application=application, actor=officer, at=AT + DAY)
    submit_applications(session, drafts=[application], is_declared=True, actor=grower, at=AT + 7 * DAY)
    assert (application.due_on, application.extension_reason) == (date(2026, 12, 14), "")
    assert application.judgements == []


def test_more_time_up_to_fifteen_working_days_with_reasons(session, dis, grower, officer):
    application = submitted(session, dis, grower)
    with pytest.raises(ReasonNeeded):
        extend_review(session, application=application, reason=" ", actor=officer, at=AT)
    extend_review(session, application=application, reason="Intyget kontrolleras.", actor=officer, at=AT)
    assert application.due_on == date(2026, 12, 14)
    assert "dis_review_extended" in kinds(session)


def test_more_time_is_not_given_when_the_time_is_over(session, dis, grower, officer):
    application = submitted(session, dis, grower)
    midnight = wall_clock(date(2026, 12, 8), 0)
    with pytest.raises(TooLateToExtend):
        extend_review(session, application=application, reason="Intyg.", actor=officer, at=midnight)
    extend_review(session, application=application, reason="Intyg.", actor=officer, at=midnight - SECOND)


def test_who_withdraws_after_being_admitted_is_not_invited_from_then_on(session, cast, dis, grower):
    application = admitted_at_once(session, dis, cast.producer)
    withdraw_application(session, application=application, reason="Vi slutar.", actor=grower, at=AT)
    assert application.state is ApplicationState.WITHDRAWN
    assert admitted(session, dis_category_id=dis.categories[0].id) == []
    assert kinds(session) == ["dis_application_ended"]


def test_a_bankrupt_supplier_is_put_out_once_it_has_been_heard(session, cast, dis, grower, officer):
    application = admitted_at_once(session, dis, cast.producer)

    def put_out(at, ground=Ground.BANKRUPTCY, reason="Konkurs den 23 november."):
        exclude(session, applications=[application], ground=ground, reason=reason, actor=officer, at=at)

    with pytest.raises(NotHeard):
        put_out(AT)
    due = date(2026, 11, 30)
    asked = ask_hearing(
        session, dis=dis, producer=cast.producer, text="Konkurs?", due_on=due, actor=officer, at=AT
    )
    with pytest.raises(AlreadyAsked):
        ask_hearing(
            session, dis=dis, producer=cast.producer, text="Konkurs?", due_on=due, actor=officer, at=AT
        )
    with pytest.raises(NotHeard):
        put_out(wall_clock(due + DAY, 0) - SECOND)
    with session.begin_nested() as before:
        put_out(wall_clock(due + DAY, 0))  # the time has run out
        assert application.state is ApplicationState.EXCLUDED
        before.rollback()
    session.refresh(application)
    answer_inquiry(session, inquiry=asked, is_affirmed=None, answer="Det stämmer.", actor=grower, at=AT)
    with pytest.raises(GroundNeeded):
        put_out(AT, ground=None)
    with pytest.raises(ReasonNeeded):
        put_out(AT, reason=" ")
    put_out(AT)
    assert application.decision_ground is Ground.BANKRUPTCY
    assert admitted_counts(session, dis_id=dis.id) == {dis.categories[0].id: 0}


def test_a_hearing_has_words_and_a_day_to_come(session, cast, dis, officer):
    for text, due, refused in ((" ", AT.date() + DAY, ReasonNeeded), ("Konkurs?", AT.date(), DayHasPassed)):
        with pytest.raises(refused):
            ask_hearing(session, dis=dis, producer=cast.producer, text=text, due_on=due, actor=officer, at=AT)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23T23:59:59", date(2026, 11, 30)),
        ("2026-06-17T10:00", date(2026, 6, 25)),  # over midsummer
        ("2026-12-22T10:00", date(2027, 1, 4)),
    ],
)
def test_a_declaration_is_renewed_within_five_working_days(session, cast, dis, officer, asked, due):
    at = datetime.fromisoformat(asked).replace(tzinfo=SWEDEN)
    admitted_at_once(session, dis, cast.producer)
    [inquiry] = ask_declarations(
        session, dis=dis, producer_ids=[cast.producer.id], text="", actor=officer, at=at
    )
    assert inquiry.due_on == due


def test_only_admitted_ones_are_asked_and_once_at_a_time(session, cast, dis, grower, officer):
    admitted_at_once(session, dis, cast.producer)

    def ask(*producers, at=AT):
        return ask_declarations(session, dis=dis, producer_ids=producers, text="", actor=officer, at=at)

    with pytest.raises(NoneChosen):
        ask()
    with pytest.raises(NotPossibleNow):
        ask(cast.other_producer.id)
    [inquiry] = ask(cast.producer.id)
    assert ask(cast.producer.id) == []
    with pytest.raises(AnswerNeeded):
        answer_inquiry(session, inquiry=inquiry, is_affirmed=False, answer="", actor=grower, at=AT)
    late = AT + 30 * DAY
    answer_inquiry(session, inquiry=inquiry, is_affirmed=True, answer="", actor=grower, at=late)
    with pytest.raises(NotPossibleNow):
        answer_inquiry(session, inquiry=inquiry, is_affirmed=False, answer="Nej", actor=grower, at=late)
    assert (inquiry.is_affirmed, inquiry.answered_at) == (True, late)
    assert len(ask(cast.producer.id, at=late)) == 1, "a new question after the answer"


def test_what_is_undecided_lapses_with_its_dis_and_what_is_admitted_stays(session, cast, dis, grower):
    waiting, other = submitted(session, dis, grower), admitted_at_once(session, dis, cast.other_producer)
    end = wall_clock(dis.valid_until, 0)
    assert lapse_applications(session, at=end - SECOND) == 0
    assert lapse_applications(session, at=end) == 1
    assert (waiting.state, other.state) == (ApplicationState.LAPSED, ApplicationState.ADMITTED)
    assert lapse_applications(session, at=end) == 0
    assert kinds(session)[-1] == "dis_application_lapsed"


def test_a_draft_lapses_without_a_word_when_a_dis_is_ended_early(session, dis, grower):
    draft = drafted(session, dis, grower)
    move(session, Thing.DIS, dis, DisEvent.END, user_id=None, at=AT, reason="Värdet är nått.")
    assert lapse_applications(session, at=AT) == 1
    assert (draft.state, kinds(session)) == (ApplicationState.LAPSED, [])


def test_officers_are_reminded_two_working_days_before_and_when_it_is_late(session, dis, grower):
    submitted(session, dis, grower)  # due on Monday 7 December
    for day, number in ((2, 0), (3, 1), (4, 1), (7, 1), (8, 2), (9, 2)):
        remind_of_applications(session, at=wall_clock(date(2026, 12, day), 8 * 3600))
        assert kinds(session).count("dis_application_due") == number, day


def test_the_second_window_changes_nothing(session, dis, grower, officer):
    application = judged(session, submitted(session, dis, grower), officer, True, True)
    admit(session, application=application, actor=officer, at=AT)
    set_committed_value(application, "state", ApplicationState.SUBMITTED)  # what another window read before
    with pytest.raises(NotPossibleNow):
        take_back(session, application=application, actor=grower, at=AT)


def test_the_database_holds_one_application_of_a_number(session, cast, dis, grower):
    begin_application(session, category=dis.categories[0], actor=grower, at=AT)
    twin = Application(
        dis_category=dis.categories[0], producer=cast.producer, number=1, state=ApplicationState.DRAFT,
        begun_at=AT, saved_at=AT,
    )  # fmt: skip
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_under_the_national_regime_the_same_clock_is_the_goal(session, cast, grower):
    dis = make_dis(session, cast)
    application = submitted(session, dis, grower)
    assert application.due_on == date(2026, 12, 7)
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "dis_application_sent")).one()
    assert told.params["regime"] == "national"
