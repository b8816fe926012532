"""Months, amounts over them, need against supply, and who closes a gap: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.followup.rules import month_of
from market.followup.supply.gaps import (
    Basis,
    Candidate,
    Cell,
    Covering,
    Ground,
    Need,
    closings,
    matrix,
)
from market.followup.supply.joining import typical
from market.followup.supply.rules import (
    LONGEST_LETTER,
    LetterIsTooLong,
    LetterNeedsWords,
    Look,
    check_letter,
    looking,
    spread,
)
from market.values import Period

DECEMBER, JANUARY = 202612, 202701
MONTHS = (DECEMBER, JANUARY)
TURN = Period(date(2026, 12, 1), date(2027, 2, 1))
FIRST_DAY = date(2025, 1, 1)
EVER = Period(date(2000, 1, 1), date(2101, 1, 1))


def test_an_amount_over_new_year_goes_to_both_months_by_days():
    week = Period(date(2026, 12, 28), date(2027, 1, 4))  # week 53: four days and three
    assert spread(70, week, TURN) == {DECEMBER: 40, JANUARY: 30}
    assert spread(70, week, Period(date(2027, 1, 1), date(2027, 2, 1))) == {JANUARY: 30}
    assert spread(70, week, Period(date(2026, 11, 1), date(2026, 12, 1))) == {}


@settings(max_examples=60)
@given(grams=st.integers(0, 10**9), begins=st.integers(0, 2_000), days=st.integers(1, 800))
def test_nothing_is_lost_and_nothing_is_made_when_an_amount_is_spread(grams, begins, days):
    start = FIRST_DAY + timedelta(days=begins)
    period = Period(start, start + timedelta(days=days))
    found = spread(grams, period, EVER)
    assert sum(found.values()) == grams
    assert min(found.values()) >= 0
    assert set(found) == {month_of(start + timedelta(days=n)) for n in range(days)}


@settings(max_examples=60)
@given(
    begins=st.integers(0, 500),
    days=st.integers(1, 500),
    cut=st.integers(0, 1_000),
)
def test_what_is_before_a_month_and_what_is_after_it_is_all(begins, days, cut):
    start, border = FIRST_DAY + timedelta(days=begins), (FIRST_DAY + timedelta(days=cut)).replace(day=1)
    period = Period(start, start + timedelta(days=days))
    before, after = Period(EVER.start, border), Period(border, EVER.end)
    assert spread(12_345, period, before) | spread(12_345, period, after) == spread(12_345, period, EVER)


def test_a_look_is_twelve_months_and_knows_which_are_to_come():
    ahead, back = (looking(date(2026, 11, 26), look) for look in (Look.AHEAD, Look.BACK))
    assert (ahead.months[0], ahead.months[-1], len(ahead.months)) == (202611, 202710, 12)
    assert (back.months[0], back.months[-1]) == (202511, 202610)
    assert list(ahead.coming) == list(ahead.months)
    assert not back.coming
    assert back.with_year_before == back.period
    assert ahead.with_year_before.start == date(2025, 11, 1)


def test_the_largest_way_of_seeing_a_need_counts_and_nothing_is_added_twice():
    need = Need(stated=100, wanted=80, before=120, watched=5)
    assert (need.grams, need.basis) == (120, Basis.BEFORE)
    assert Need(stated=7, wanted=7).basis is Basis.STATED
    assert Need().basis is None


@pytest.mark.parametrize(
    ("need", "offered", "covering", "missing"),
    [
        (0, 0, Covering.UNKNOWN, 0),
        (0, 5, Covering.SPARE, 0),
        (5, 5, Covering.COVERED, 0),
        (5, 9, Covering.COVERED, 0),
        (5, 4, Covering.SHORT, 1),
        (5, 0, Covering.NOBODY, 5),
    ],
)
def test_how_a_month_is_supplied(need, offered, covering, missing):
    cell = Cell(need=Need(wanted=need), offered=offered)
    assert (cell.covering, cell.missing) == (covering, missing)


def test_plenty_in_one_month_fills_no_other():
    (row,) = matrix(
        ["potatoes"], MONTHS, {("potatoes", JANUARY): Need(stated=100)}, {("potatoes", DECEMBER): 500}
    )
    assert (row.needed, row.offered, row.missing) == (100, 500, 100)
    assert row.bases == (Basis.STATED,)


def joining(producer_id: int | None, key: str, december: int, january: int) -> Candidate:
    return Candidate(
        producer_id=producer_id,
        category_key=key,
        by_month={DECEMBER: december, JANUARY: january},
        ground=Ground.OFFERS,
    )


def test_who_closes_most_comes_first_and_is_counted_month_by_month():
    needs = {("beef", DECEMBER): Need(stated=100), ("beef", JANUARY): Need(stated=50)}
    rows = matrix(["beef", "eggs"], MONTHS, needs, {("beef", DECEMBER): 40})
    found = closings(
        rows,
        MONTHS,
        [
            joining(1, "beef", 1_000, 0),
            joining(2, "beef", 30, 50),
            joining(3, "beef", 0, 0),
            joining(None, "beef", 0, 0),
            joining(4, "eggs", 9, 9),
        ],
    )
    assert [(one.candidate.producer_id, one.grams) for one in found] == [(2, 80), (1, 60), (3, 0)]
    assert found[0].missing == 110
    assert found[0].per_cent == 73


@settings(max_examples=40)
@given(
    needed=st.lists(st.integers(0, 500), min_size=2, max_size=2),
    had=st.lists(st.integers(0, 500), min_size=2, max_size=2),
    comes=st.lists(st.integers(0, 500), min_size=2, max_size=2),
)
def test_what_is_closed_is_what_is_missing_less(needed, had, comes):
    """By brute force: the gap with the newcomer's amounts added is smaller by what it is said to close."""
    needs = {("beef", month): Need(stated=grams) for month, grams in zip(MONTHS, needed, strict=True)}
    rows = matrix(["beef"], MONTHS, needs, {("beef", m): g for m, g in zip(MONTHS, had, strict=True)})
    after = sum(max(0, n - h - c) for n, h, c in zip(needed, had, comes, strict=True))
    found = closings(rows, MONTHS, [joining(1, "beef", *comes)])
    assert sum(one.grams for one in found) == rows[0].missing - after


def test_the_typical_producer_is_the_mean_of_those_that_offer():
    found = typical([(1, {DECEMBER: 100}), (1, {DECEMBER: 20}), (2, {JANUARY: 60})])
    assert found.of == 2
    assert found.by_month == {DECEMBER: 60, JANUARY: 30}
    assert typical([]).of == 0


def test_a_letter_has_words_and_an_end():
    assert check_letter("  Hej!\r\nHej  ") == "Hej!\nHej"
    with pytest.raises(LetterNeedsWords):
        check_letter(" \n ")
    with pytest.raises(LetterIsTooLong):
        check_letter("a" * (LONGEST_LETTER + 1))
