"""Forty processes buy at once: together they never reach the limit, on both databases."""

from __future__ import annotations

import pytest
from factories import AT, MONDAY, make_cast
from limit_buyers import race
from sqlalchemy import func, select

from market.db import make_engine, open_session, transaction
from market.limits.models import LimitEntry
from market.limits.officer_operations import change_settings
from market.limits.operations import commit_value
from market.limits.rules import PeriodKind

BUYERS = 40
LIMIT_ORE = 70_000_000


MANY = (0, 2_000_000, 34, PeriodKind.YEAR)  # the 35th would make it 700 000
ONE = (69_900_000, 60_000, 1, PeriodKind.YEAR)  # at 699 000, two of 600 would pass it
ONE_IN_TWELVE_MONTHS = (69_900_000, 60_000, 1, PeriodKind.ROLLING)
POSTGRES = pytest.mark.postgres


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database", "spent", "each", "through", "period"),
    [
        ("sqlite", *MANY),  # SQLite lets one write at a time: which period counts makes no other race there
        pytest.param("postgres", *MANY, marks=POSTGRES),
        pytest.param("postgres", *ONE, marks=POSTGRES),
        pytest.param("postgres", *ONE_IN_TWELVE_MONTHS, marks=POSTGRES),
    ],
)
def test_forty_at_once_never_reach_the_limit(database, spent, each, through, period, migrated_url):
    url = migrated_url(database)
    engine = make_engine(url)
    with transaction(engine) as session:
        cast = make_cast(session)
        authority_id = cast.authority.id
        if spent:
            change_settings(
                session, authority=cast.authority, period_kind=period, first_month=1, levels=(70, 85, 95),
                actor=cast.actor("procurement_officer"), at=AT,
            )  # fmt: skip
            commit_value(
                session, authority_id=authority_id, category_key="vegetables", subject="order:before", ore=spent,
                on=MONDAY, actor_user_id=None, at=AT,
            )  # fmt: skip
    ended = race(url, authority_id=authority_id, ores=[each] * BUYERS, on=MONDAY, at=AT)
    assert sorted(ended) == [0] * through + [3] * (BUYERS - through)
    with open_session(engine, writes=False) as session:
        total = session.scalar(select(func.sum(LimitEntry.ore)))
    assert total == spent + through * each < LIMIT_ORE
    engine.dispose()
