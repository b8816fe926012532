"""Charts: what stands where, and that every value is both drawn and told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.followup.charts import BOTTOM, HEIGHT, LEFT, TOP, Series, bars, lines, ranked, shares, spark

VALUES = st.lists(st.none() | st.decimals(-10_000, 10_000_000, places=2), min_size=1, max_size=14)


@given(VALUES, st.none() | st.decimals(0, 1_000_000, places=1))
@settings(max_examples=60, deadline=None)
def test_everything_is_within_the_frame_and_in_the_table(values, goal):
    labels = [f"p{n}" for n in range(len(values))]
    for draw in (bars, lines):
        chart = draw(labels, [Series("Andel", values)], write=str, goal=goal)
        known = [value for value in values if value is not None]
        assert len(chart.boxes) + len(chart.dots) == len(known)
        for box in chart.boxes:
            assert box.x >= LEFT
            assert box.x + box.width <= 100.01
            assert TOP - 0.01 <= box.y <= box.y + box.height <= HEIGHT - BOTTOM + 0.02
        for dot in chart.dots:
            assert TOP - 0.01 <= dot.y <= HEIGHT - BOTTOM + 0.01
        assert [row[1] for row in chart.rows] == ["–" if v is None else str(v) for v in values]
        assert 2 <= len(chart.ticks) <= 7
        assert chart.goal is None or TOP - 0.01 <= chart.goal.y <= HEIGHT - BOTTOM + 0.01


def test_heights_are_in_proportion():
    chart = bars(["a", "b"], [Series("s", [Decimal(50), Decimal(100)])], write=str)
    assert chart.boxes[1].height == pytest.approx(2 * chart.boxes[0].height, abs=0.02)
    assert [Decimal(tick.text) for tick in chart.ticks] == [0, 25, 50, 75, 100]


def test_a_gap_breaks_the_line():
    chart = lines(list("abcd"), [Series("s", [Decimal(1), None, Decimal(2), Decimal(3)])], write=str)
    assert len(chart.dots) == 3
    assert len(chart.strokes) == 1


def test_below_nought_hangs_from_nought():
    chart = bars(["a", "b"], [Series("s", [Decimal(-5), Decimal(5)])], write=str)
    below, above = chart.boxes
    assert below.y == pytest.approx(chart.zero_y)
    assert above.y + above.height == pytest.approx(chart.zero_y, abs=0.02)


def test_shares_fill_the_whole():
    chart = shares(
        ["jan", "feb"],
        [Series("DIS", [Decimal(1), Decimal(0)]), Series("Direkt", [Decimal(3), Decimal(0)])],
        write=str,
    )
    assert [(box.x, box.width, box.tone) for box in chart.boxes] == [(0.0, 25.0, 0), (25.0, 75.0, 1)]
    assert chart.rows == (("jan", "1", "3"), ("feb", "0", "0"))


def test_ranked_is_as_long_as_the_highest_or_the_goal():
    chart = ranked(["a", "b"], Series("s", [Decimal(20), None]), write=str, goal=Decimal(40))
    (box,) = chart.boxes
    assert box.width == 50.0
    assert chart.goal is not None
    assert chart.goal.y == 100.0


@given(VALUES)
@settings(max_examples=40, deadline=None)
def test_a_spark_stays_in_its_box(values):
    drawn = spark(values)
    points = [point for run in drawn.runs for point in run.split()]
    for point in points:
        x, y = map(float, point.split(","))
        assert 0 <= x <= 100
        assert 0 <= y <= 28
    assert (drawn.last is None) == (values[-1] is None)
