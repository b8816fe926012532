"""Versions of a definition over time: which one is in force, and what cannot be saved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import AT, MONDAY
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from geodata.local import Answer, InCounties, InMunicipalityOrNeighbours, WithinDistance, own_county
from market.audit import AuditEvent
from market.locality.judging import judge_all
from market.locality.models import DefinitionVersion
from market.locality.queries import products_with_chains, stated_by, stated_everywhere, stated_in, versions_of
from market.locality.rules import (
    BeginsInThePast,
    EditedMeanwhile,
    KitchenGone,
    NoKitchenToMeasureFrom,
    NothingChanged,
    Span,
    shortened,
)

FROM_KITCHEN = WithinDistance(km=40, by="crow", measured_from="kitchen")
GOTLAND = InCounties(("09",))


def spans(session, cast):
    return [
        (v.number, v.valid_from, v.valid_to) for v in versions_of(session, authority_id=cast.authority.id)
    ]


def test_a_new_version_ends_the_one_before_it_on_the_day_it_begins(session, cast, state):
    begins = MONDAY + timedelta(days=10)
    state(valid_from=begins)
    assert spans(session, cast) == [(2, begins, None), (1, date(2026, 1, 1), begins)]


def test_each_day_has_the_definition_of_that_day(session, cast, state):
    """A definition that changes in the middle of a month: the carrots are local until the change, not from it on."""
    changes = MONDAY + timedelta(days=10)
    state(GOTLAND, valid_from=changes)
    products = products_with_chains(session)

    def answer(day: date) -> Answer:
        stated = stated_by(session, authority=cast.authority, day=day)
        return judge_all(products, stated, on=day)[cast.carrots.id].answer

    assert answer(changes - timedelta(days=1)) is Answer.YES
    assert answer(changes) is Answer.NO
    assert answer(changes + timedelta(days=400)) is Answer.NO


def test_a_day_before_the_first_version_has_only_an_assumption(session, cast):
    stated = stated_by(session, authority=cast.authority, day=date(2025, 12, 31))
    assert stated.is_assumption
    assert stated.definition == own_county()


def test_a_planned_version_that_is_replaced_never_applies_and_is_kept(session, cast, state):
    later, sooner = MONDAY + timedelta(days=30), MONDAY + timedelta(days=3)
    state(GOTLAND, valid_from=later)
    state(InMunicipalityOrNeighbours(1), valid_from=sooner, based_on=2)
    assert spans(session, cast) == [(3, sooner, None), (2, later, later), (1, date(2026, 1, 1), sooner)]
    stated = stated_by(session, authority=cast.authority, day=later)
    assert stated.version is not None
    assert stated.version.number == 3


def test_a_slip_can_be_put_right_the_same_day(session, cast, state):
    state(GOTLAND)
    state(InMunicipalityOrNeighbours(1), based_on=2)
    assert spans(session, cast) == [(3, MONDAY, None), (2, MONDAY, MONDAY), (1, date(2026, 1, 1), MONDAY)]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_whatever_the_order_no_two_versions_share_a_day_and_none_is_lost(starts):
    now: list[Span] = []
    for start in starts:
        begins = MONDAY + timedelta(days=start)
        now = [*shortened(now, start=begins), Span(begins, None)]
    days = [MONDAY + timedelta(days=n) for n in range(80)]
    in_force = [[s for s in now if s.start <= day and (s.end is None or day < s.end)] for day in days]
    assert all(len(found) <= 1 for found in in_force)
    assert [s for s in now if s.end is None] == [now[-1]]
    assert all(found == [now[-1]] for day, found in zip(days, in_force, strict=True) if day >= now[-1].start)


def test_the_past_is_not_rewritten(state):
    with pytest.raises(BeginsInThePast):
        state(valid_from=MONDAY - timedelta(days=1))


def test_the_second_editor_is_told_of_the_first(session, cast, state):
    state(GOTLAND)
    with pytest.raises(EditedMeanwhile) as refusal:
        state(based_on=1)
    assert refusal.value.params == {"number": 2}
    assert len(versions_of(session, authority_id=cast.authority.id)) == 2


def test_the_same_form_sent_twice_makes_one_version(session, cast, state):
    assert state() is state()
    assert len(versions_of(session, authority_id=cast.authority.id)) == 2


def test_saving_what_already_applies_is_refused(state):
    with pytest.raises(NothingChanged):
        state(InCounties(), based_on=1)


def test_a_definition_that_counts_from_the_kitchen_needs_a_kitchen(session, cast, state):
    for kitchen in (cast.hub, cast.satellite):
        kitchen.is_active = False
    session.flush()
    with pytest.raises(NoKitchenToMeasureFrom):
        state(FROM_KITCHEN)
    state(WithinDistance(km=40, measured_from="seat"))


def test_a_kitchen_that_is_gone_cannot_be_chosen(session, cast, state):
    cast.satellite.is_active = False
    session.flush()
    with pytest.raises(KitchenGone):
        state(FROM_KITCHEN, kitchen_id=cast.satellite.id)
    with pytest.raises(KitchenGone):
        state(FROM_KITCHEN, kitchen_id=cast.other_kitchen.id)


def test_when_the_kitchen_it_counts_from_is_closed_it_says_so_and_guesses_nothing(session, cast, state):
    state(FROM_KITCHEN, kitchen_id=cast.satellite.id)
    cast.satellite.is_active = False
    session.flush()
    stated = stated_by(session, authority=cast.authority, day=MONDAY)
    assert stated.lacks_kitchen
    verdicts = judge_all(products_with_chains(session), stated, on=MONDAY)
    assert verdicts[cast.carrots.id].answer is Answer.UNCERTAIN
    assert stated.area()["features"] == []


def test_without_a_chosen_kitchen_the_first_hub_is_the_origin(session, cast, state):
    state(FROM_KITCHEN)
    assert stated_by(session, authority=cast.authority, day=MONDAY).kitchen is cast.hub


def test_a_version_is_in_the_log_with_its_rules(session, cast, state):
    state()
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.action, event.subject) == ("definition.state", f"authority:{cast.authority.id}")
    assert event.data["definition"]["rule"]["km"] == 40


def test_every_municipality_has_one_and_those_that_stated_none_are_marked(session, cast, state):
    state()
    everywhere = stated_everywhere(session, day=MONDAY)
    assert len(everywhere) == 290
    assert sorted(code for code, stated in everywhere.items() if not stated.is_assumption) == ["0115", "0188"]
    for code in ("0188", "0115", "2584"):
        assert everywhere[code] == stated_in(session, code=code, day=MONDAY)


def test_the_database_refuses_two_open_versions_of_an_authority(session, cast):
    values = {"authority_id": cast.authority.id, "definition": {}, "valid_from": MONDAY, "created_at": AT}
    session.add(DefinitionVersion(number=2, **values))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_a_period_that_ends_before_it_begins(session, cast):
    with pytest.raises(IntegrityError, match="does_not_end_before_it_begins"):
        session.execute(text("UPDATE definition_versions SET valid_to = '2020-01-01'"))
