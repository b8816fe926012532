"""What an agreement may say, how long it lasts, and whose proof counts: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from agreements import terms
from factories import AT, MONDAY
from hypothesis import given
from hypothesis import strategies as st

from market.agreements.rules import (
    FRESH_FOR,
    TRANSITIONS,
    AgreementEvent,
    AgreementKind,
    AgreementState,
    CategoriesMissing,
    Method,
    NotFresh,
    NothingToExtend,
    NotPossibleNow,
    OnlyFramesExtend,
    OtherDocument,
    PaymentTooLate,
    Proof,
    Side,
    SignsForBoth,
    TermIsOver,
    TermTooLong,
    TooLateToExtend,
    check_one_side,
    check_payment,
    check_proof,
    check_terms,
    extended_end,
    possible_events,
    state_after,
    weeks_offered,
    years_later,
)
from market.values import Period, Week


@given(state=st.sampled_from([None, *AgreementState]), event=st.sampled_from(list(AgreementEvent)))
def test_only_the_table_moves_an_agreement(state, event):
    if (state, event) in TRANSITIONS:
        assert state_after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(NotPossibleNow):
            state_after(state, event)


def test_in_force_is_reached_only_by_a_signature_after_the_others():
    reached = {key for key, state in TRANSITIONS.items() if state is AgreementState.IN_FORCE}
    assert reached == {
        (AgreementState.SIGNED_BY_PRODUCER, AgreementEvent.SIGN_AS_AUTHORITY),
        (AgreementState.SIGNED_BY_AUTHORITY, AgreementEvent.SIGN_AS_PRODUCER),
        (AgreementState.IN_FORCE, AgreementEvent.EXTEND),
    }


def test_what_has_ended_stays_ended():
    for state in (AgreementState.DECLINED, AgreementState.WITHDRAWN, AgreementState.TERMINATED):
        assert not [event for side in Side for event in possible_events(state, side=side)]


def test_every_step_belongs_to_a_side():
    steps = {e for s in AgreementState for side in Side for e in possible_events(s, side=side)}
    assert steps == set(AgreementEvent) - {AgreementEvent.DRAFT}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"categories": ()}, CategoriesMissing),
        ({"period": Period(MONDAY, date(2029, 11, 24))}, TermTooLong),
        ({"period": Period(date(2026, 1, 1), MONDAY)}, TermIsOver),
        ({"kind": AgreementKind.ONE_OFF}, OnlyFramesExtend),
    ],
)
def test_terms_that_no_agreement_may_have(changes, refusal):
    check_terms(terms(), today=MONDAY)
    with pytest.raises(refusal):
        check_terms(terms(**changes), today=MONDAY)


@given(day=st.dates(date(2000, 1, 1), date(2090, 12, 31)), years=st.integers(1, 4))
def test_years_later_is_the_same_day_or_the_first_of_march(day, years):
    later = years_later(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (3, 1)}


def test_three_years_from_a_leap_day_are_three_years():
    check_terms(terms(period=Period(date(2028, 2, 29), date(2031, 3, 1))), today=MONDAY)


def test_extension_is_one_year_once_and_in_time():
    end = date(2029, 11, 23)
    last = end - timedelta(days=30)
    assert extended_end(end, has_extension=True, is_extended=False, today=last) == date(2030, 11, 23)
    with pytest.raises(TooLateToExtend):
        extended_end(end, has_extension=True, is_extended=False, today=last + timedelta(days=1))
    for has_extension, is_extended in ((False, False), (True, True)):
        with pytest.raises(NothingToExtend):
            extended_end(end, has_extension=has_extension, is_extended=is_extended, today=last)


def test_payment_within_what_the_law_allows():
    check_payment(30, longest=30)
    for days in (31, 0, -1):
        with pytest.raises(PaymentTooLate):
            check_payment(days, longest=30)


def proof(**changes) -> Proof:
    said = {
        "user_id": 7,
        "method": Method.PASSWORD,
        "proved_at": AT,
        "document_sha256": "a" * 64,
        "evidence": {},
    }
    return Proof(**(said | changes))


@pytest.mark.parametrize(
    ("changes", "age", "refusal"),
    [
        ({}, FRESH_FOR + timedelta(seconds=1), NotFresh),
        ({}, timedelta(minutes=-1), NotFresh),
        ({"user_id": 8}, timedelta(0), NotFresh),
        ({"document_sha256": "b" * 64}, timedelta(0), OtherDocument),
    ],
)
def test_a_proof_counts_for_one_person_one_document_and_five_minutes(changes, age, refusal):
    check_proof(proof(), user_id=7, document_sha256="a" * 64, at=AT + FRESH_FOR)
    with pytest.raises(refusal):
        check_proof(proof(**changes), user_id=7, document_sha256="a" * 64, at=AT + age)


def test_nobody_signs_for_both():
    check_one_side(7, signed_already=[8])
    with pytest.raises(SignsForBoth):
        check_one_side(7, signed_already=[7])


def test_weeks_of_an_offer_from_this_one_on_over_week_53():
    period = Period(date(2026, 12, 21), date(2027, 1, 5))
    assert weeks_offered(period, today=date(2026, 12, 28)) == [Week(2026, 53), Week(2027, 1)]
    assert weeks_offered(period, today=date(2027, 1, 5)) == []
    assert len(weeks_offered(Period(MONDAY, date(2036, 1, 1)), today=MONDAY)) == 26
