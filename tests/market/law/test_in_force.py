"""Which value of the law holds on which day, as the first migration stores them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from market.law.known import KNOWN, KNOWN_OF_DIS, KNOWN_OF_DIS_STEPS
from market.law.models import LawValue
from market.law.queries import law_value, law_value_or_none, law_values
from market.law.rules import LawKey, NoValueInForce


@pytest.mark.parametrize(
    ("day", "per_cent"),
    [
        (date(2026, 3, 31), 12),
        (date(2026, 4, 1), 6),
        (date(2027, 12, 31), 6),
        (date(2028, 1, 1), 12),
    ],
)
def test_the_vat_on_food_is_that_of_the_day(session, day, per_cent):
    assert law_value(session, LawKey.VAT_FOOD, on=day).value == per_cent


def test_the_limit_of_direct_award_has_its_source(session):
    limit = law_value(session, LawKey.DIRECT_AWARD_LIMIT, on=date(2026, 11, 26))
    assert (limit.value, limit.source) == (Decimal(700_000), "LOU 19 a kap. 2 §")


def test_a_threshold_that_was_not_verified_is_not_invented(session):
    day = date(2026, 11, 26)
    assert law_value_or_none(session, LawKey.EU_THRESHOLD, on=day) is None
    with pytest.raises(NoValueInForce):
        law_value(session, LawKey.EU_THRESHOLD, on=day)


def test_on_every_day_one_value_at_most_and_each_with_its_source(session):
    values = law_values(session)
    assert len(values) == len(KNOWN) + len(KNOWN_OF_DIS) + len(KNOWN_OF_DIS_STEPS)
    assert all(value.source for value in values)
    first, days = date(2022, 1, 1), (date(2029, 1, 1) - date(2022, 1, 1)).days
    for key in LawKey:
        mine = [value for value in values if value.key is key]
        assert all(
            sum(value.holds_on(first + timedelta(days=n)) for value in mine) <= 1 for n in range(days)
        ), key


def test_a_period_ends_after_it_begins(session):
    day = date(2030, 1, 1)
    session.add(LawValue(key=LawKey.VAT_FOOD, value=Decimal(6), valid_from=day, valid_until=day, source="x"))
    with pytest.raises(IntegrityError, match="period_not_empty"):
        session.flush()
