"""The kitchens' orders of an awarded lot: exact sums, no more than the need, whole kitchens and weeks, a lawful day."""

from __future__ import annotations

from datetime import date, timedelta
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.dis.awards.sharing import Cell, DeliveryDay, delivery_day, share_out
from market.dis.working_days import is_working_day

MONDAY = date(2027, 1, 4)
WEEKDAYS = (1, 2, 3, 4, 5)
CELLS = st.builds(
    Cell, kitchen_id=st.integers(1, 4), week_on=st.integers(0, 4).map(lambda n: MONDAY + timedelta(weeks=n))
)
NEEDS = st.dictionaries(CELLS, st.integers(1, 90_000), min_size=1, max_size=12)
AWARDED = st.dictionaries(st.integers(1, 5), st.integers(1, 150_000), max_size=4)


@given(needs=NEEDS, awarded=AWARDED)
def test_each_winner_delivers_what_it_was_awarded_and_no_kitchen_gets_more_than_it_needs(needs, awarded):
    shared = share_out(needs, awarded)
    for winner, steps in awarded.items():
        assert sum(shared.parts[winner].values()) + shared.left[winner] == steps
    for cell, need in needs.items():
        assert 0 <= sum(part.get(cell, 0) for part in shared.parts.values()) <= need
    total, wanted = sum(awarded.values()), sum(needs.values())
    assert sum(shared.left.values()) == max(0, total - wanted), "only what nobody needs is left"


@given(needs=NEEDS, awarded=AWARDED)
def test_each_winner_splits_one_cell_at_most(needs, awarded):
    shared = share_out(needs, awarded)
    cells = {cell for part in shared.parts.values() for cell in part}
    split = sum(sum(cell in part for part in shared.parts.values()) - 1 for cell in cells)
    assert split <= max(0, len(awarded) - 1)


@given(needs=NEEDS, share=st.integers(1, 99))
def test_where_too_little_was_awarded_all_give_way_alike(needs, share):
    to = max(1, sum(needs.values()) * share // 100)
    part = share_out(needs, {1: to}).parts[1]
    grain = gcd(to, *needs.values())  # all amounts are whole multiples of it, and stay so
    for cell, need in needs.items():
        assert abs(part.get(cell, 0) - need * to / sum(needs.values())) <= grain


def test_even_amounts_stay_even():
    needs = {Cell(1, MONDAY): 40_000, Cell(2, MONDAY): 10_000, Cell(3, MONDAY): 30_000}
    part = share_out(needs, {1: 50_000}).parts[1]
    assert all(steps % 10_000 == 0 for steps in part.values())
    assert sum(part.values()) == 50_000


def test_two_winners_take_a_kitchen_each():
    weeks = [MONDAY + timedelta(weeks=n) for n in range(4)]
    needs = {Cell(1, week): 40_000 for week in weeks} | {Cell(2, week): 10_000 for week in weeks}
    shared = share_out(needs, {7: 160_000, 8: 40_000})
    assert {cell.kitchen_id for cell in shared.parts[7]} == {1}
    assert {cell.kitchen_id for cell in shared.parts[8]} == {2}


def test_a_winner_of_half_a_kitchen_takes_whole_weeks():
    needs = {Cell(1, MONDAY + timedelta(weeks=n)): 10_000 for n in range(4)}
    shared = share_out(needs, {7: 20_000, 8: 20_000})
    assert [len(part) for part in shared.parts.values()] == [2, 2]


def chosen(week_on: date = MONDAY, **changes) -> DeliveryDay | None:
    said = {
        "tendered": (2, 4), "open_weekdays": WEEKDAYS, "not_before": MONDAY - timedelta(days=30),
        "before": MONDAY + timedelta(days=400), "is_day_off": lambda day: not is_working_day(day),
    }  # fmt: skip
    return delivery_day(week_on, **(said | changes))


@pytest.mark.parametrize(
    ("changes", "day", "is_as_tendered"),
    [
        ({}, date(2027, 1, 5), True),
        (
            {"tendered": (3,)},
            date(2027, 1, 7),
            False,
        ),  # Wednesday is Epiphany: the day after is as near, and ...
        ({"tendered": (3,), "week_on": date(2027, 1, 11)}, date(2027, 1, 13), True),
        ({"open_weekdays": (4, 5)}, date(2027, 1, 7), True),
        ({"open_weekdays": (3, 5), "week_on": date(2027, 1, 11)}, date(2027, 1, 13), False),
        ({"not_before": date(2027, 1, 6)}, date(2027, 1, 7), True),
        ({"not_before": date(2027, 1, 8)}, date(2027, 1, 8), False),
        ({"tendered": ()}, date(2027, 1, 4), True),
    ],
)
def test_the_first_tendered_day_that_the_kitchen_is_open_else_the_nearest(changes, day, is_as_tendered):
    if changes.get("tendered") == (3,) and "week_on" not in changes:
        day = date(2027, 1, 5)  # ... of two as near the earlier one
    assert chosen(**changes) == DeliveryDay(day, is_as_tendered)


def test_midsummers_eve_is_no_delivery_day():
    week = date(2027, 6, 21)
    assert chosen(week, tendered=(5,)) == DeliveryDay(date(2027, 6, 24), is_as_tendered=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"open_weekdays": ()},
        {"not_before": MONDAY + timedelta(days=7)},
        {"before": MONDAY},
        {"open_weekdays": (6, 7)},
    ],
)
def test_a_week_without_a_lawful_day_has_none(changes):
    assert chosen(**changes) is None
