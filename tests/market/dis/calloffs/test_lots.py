"""Lots hold exactly what the kitchens need, however they are split and joined."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.dis.calloffs.lots import (
    LotPeriod,
    LotPlan,
    Need,
    NotToJoin,
    Split,
    join,
    month_of,
    propose_lots,
    split,
)
from market.values import TooLarge

START = date(2026, 12, 7)
needs_of_a_round = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(1, 2), st.integers(1, 4), st.integers(0, 12), st.integers(1, 50_000)
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda one: one[:4],
).map(
    lambda rows: [
        Need(n, product, authority, authority * 10 + kitchen, START + timedelta(weeks=week), steps)
        for n, (product, authority, kitchen, week, steps) in enumerate(rows)
    ]
)


def held(plans):
    """How much the plans hold of each need line."""
    total = Counter()
    for plan in plans:
        for need in plan.needs:
            total[need.line_id] += need.steps
    return total


@given(needs_of_a_round, st.sampled_from(LotPeriod))
def test_lots_are_one_product_to_one_authority_and_hold_every_need_once(needs, period):
    plans = propose_lots(needs, period=period)
    assert held(plans) == {need.line_id: need.steps for need in needs}
    for plan in plans:
        assert len({(need.product_id, need.authority_id) for need in plan.needs}) == 1
        assert len({(need.kitchen_id, need.week_on) for need in plan.needs}) == len(plan.needs)
        if period is LotPeriod.MONTH:
            assert len({month_of(need.week_on) for need in plan.needs}) == 1
    keys = [
        (p.needs[0].product_id, p.needs[0].authority_id, month_of(p.needs[0].week_on) if period is LotPeriod.MONTH else 0)
        for p in plans
    ]  # fmt: skip
    assert len(keys) == len(set(keys))


@given(needs_of_a_round, st.lists(st.sampled_from(Split), min_size=1, max_size=4))
def test_whatever_is_split_and_joined_nothing_is_lost(needs, ways):
    plan = propose_lots(needs, period=LotPeriod.WHOLE)[0]
    parts = [plan]
    for how in ways:
        parts = [part for one in parts for part in split(one, how)]
        assert held(parts) == held([plan])
        assert all(part.steps > 0 for part in parts)
    if len(parts) > 1:
        joined = join(parts)
        assert sorted(joined.needs, key=lambda n: n.line_id) == sorted(plan.needs, key=lambda n: n.line_id)


def test_different_goods_are_not_joined():
    one, other = (LotPlan((Need(n, n, 1, 1, START, 5),)) for n in (1, 2))
    for plans in ([one, other], [one], []):
        with pytest.raises(NotToJoin):
            join(plans)


def test_what_no_column_holds_is_refused():
    needs = [Need(n, 1, 1, n, START, 20_000_000) for n in range(120)]
    with pytest.raises(TooLarge):
        propose_lots(needs, period=LotPeriod.WHOLE)


@pytest.mark.parametrize(
    ("week_on", "month"),
    [
        (date(2026, 12, 28), (2026, 12)),  # its Thursday is 31 December
        (date(2027, 2, 1), (2027, 2)),
        (date(2027, 3, 29), (2027, 4)),  # its Thursday is 1 April
        (date(2028, 2, 28), (2028, 3)),  # Thursday 2 March; 29 February is its Tuesday
    ],
)
def test_a_week_belongs_to_the_month_of_its_thursday(week_on, month):
    assert month_of(week_on) == month
