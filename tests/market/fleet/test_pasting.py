"""Rows of school holidays, as they stand on the pages of municipalities."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.fleet import pasting
from market.fleet.pasting import NothingPasted, TooManyRows, read_rows
from market.fleet.rules import DaysEndBeforeTheyBegin


@pytest.mark.parametrize(
    ("row", "name", "first", "last"),
    [
        ("Höstlov 2026-10-26 – 2026-10-30", "Höstlov", (2026, 10, 26), (2026, 10, 30)),
        ("Höstlov;2026-10-26;2026-10-30", "Höstlov", (2026, 10, 26), (2026, 10, 30)),
        ("Höstlov\t2026-10-26\t2026-10-30", "Höstlov", (2026, 10, 26), (2026, 10, 30)),
        ("Höstlov: 26–30 oktober 2026", "Höstlov", (2026, 10, 26), (2026, 10, 30)),
        ("Påsklov 29 mars till 2 apr. 2027", "Påsklov", (2027, 3, 29), (2027, 4, 2)),
        ("Jullov 21 december 2026 - 8 januari 2027", "Jullov", (2026, 12, 21), (2027, 1, 8)),
        ("Jullov 21 december–8 januari 2027", "Jullov", (2026, 12, 21), (2027, 1, 8)),
        ("Sportlov vecka 9 2027", "Sportlov", (2027, 3, 1), (2027, 3, 7)),
        ("Sportlov (v. 9, 2027)", "Sportlov", (2027, 3, 1), (2027, 3, 7)),
        ("Studiedag åk 7 5 maj 2027", "Studiedag åk 7", (2027, 5, 5), (2027, 5, 5)),
        ("2027-05-07", "Stängt", (2027, 5, 7), (2027, 5, 7)),
    ],
)
def test_days_are_read_as_swedes_write_them(row, name, first, last):
    [days] = read_rows(row).days
    assert (days.name, days.first_on, days.last_on) == (name, date(*first), date(*last))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Sportlov", pasting.NO_DAYS),
        ("Sportlov 26 oktober", pasting.NO_DAYS),
        ("Lov 2027-02-30", pasting.NO_SUCH_DAY),
        ("Lov 31 juni 2027", pasting.NO_SUCH_DAY),
        ("Lov vecka 54 2027", pasting.NO_SUCH_DAY),
        ("Lov 2027-01-01 2027-01-02 2027-01-03", pasting.MANY_DAYS),
        ("Lov 2027-01-02 2027-01-01", DaysEndBeforeTheyBegin.message),
    ],
)
def test_a_row_that_can_not_be_read_is_told_with_its_number(row, told):
    pasted = read_rows(f"Lov 2027-01-01\n\n{row}")
    assert [(one.row, one.message) for one in pasted.errors] == [(3, told)]


def test_nothing_and_too_much_are_refused():
    with pytest.raises(NothingPasted):
        read_rows(" \n\t\n")
    with pytest.raises(TooManyRows):
        read_rows("Lov 2027-01-01\n" * 201)


@given(text=st.text(alphabet="v 0123456789-–janmrsokt.\n", max_size=80))
def test_whatever_is_pasted_every_row_is_days_or_an_error(text):
    filled = [row for row in text.splitlines() if row.strip()]
    if filled and len(filled) <= pasting.MOST_ROWS:
        pasted = read_rows(text)
        assert len(pasted.days) + len(pasted.errors) == len(filled)
