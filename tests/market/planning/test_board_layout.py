"""Blocks on the board: at their times, wide enough to read, none over another, and each with a class in the style sheet."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market.planning.board_layout import MOST_ROWS, MOST_SLOTS, SLOT_S, Scale, boxes, scale_of

HOUR = 3600
CSS = Path(__file__).parents[3] / "market/static/css/board-slots.css"

starts = st.integers(0, 26 * HOUR)
spans = st.lists(
    st.builds(lambda start, lasts: (start, start + lasts), starts, st.integers(0, 3 * HOUR)), max_size=10
)
few = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])


@few
@given(spans, st.integers(1, 80))
def test_no_block_covers_another_and_none_leaves_the_day(work, least):
    work = sorted(work)
    scale = scale_of(work)
    placed = boxes(work, scale=scale, least=least)
    assert all(box.at >= 0 and box.end <= scale.slots for box in placed)
    assert all(box.slots >= min(least, scale.slots) for box in placed)
    for one, other in combinations(placed, 2):
        assert one.row != other.row or one.end <= other.at or other.end <= one.at


@few
@given(spans, st.integers(1, 80))
def test_a_block_begins_at_its_time_unless_the_day_ends(work, least):
    scale = scale_of(work)
    for span, box in zip(work, boxes(work, scale=scale, least=least), strict=True):
        wanted = min(span[0], scale.last_h * HOUR - 1) // SLOT_S - scale.first_h * HOUR // SLOT_S
        assert box.at == wanted or (box.at < wanted and box.end == scale.slots)


def test_the_day_is_whole_hours_around_everything():
    assert scale_of([(6 * HOUR + 60, 7 * HOUR), (9 * HOUR, 14 * HOUR + 1)]) == Scale(6, 15)
    assert scale_of([]) == Scale(6, 16)
    assert scale_of([(22 * HOUR, 25 * HOUR)]) == Scale(22, 25)


def test_two_at_once_stand_in_rows_of_their_own():
    first, second, third = boxes([(0, HOUR), (0, HOUR), (HOUR, 2 * HOUR)], scale=Scale(0, 3), least=1)
    assert [(box.at, box.row) for box in (first, second, third)] == [(0, 0), (0, 1), (12, 0)]


def test_each_place_has_its_class():
    classes = set(re.findall(r"\.([a-z]+-[0-9]+)\{", CSS.read_text(encoding="utf-8")))
    assert {f"at-{n}" for n in range(MOST_SLOTS)} <= classes
    assert {f"for-{n}" for n in range(1, MOST_SLOTS + 1)} <= classes
    assert {f"row-{n}" for n in range(MOST_ROWS)} <= classes
    assert {f"slots-{hours * 12}" for hours in range(1, 25)} <= classes
