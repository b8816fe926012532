"""Whose turn it is, what progress keeps, and the plot of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from factories import AT
from hypothesis import given
from hypothesis import strategies as st

from market.jobs.error_params import plain, restored
from market.jobs.pages import HEIGHT, WIDTH, plot_of
from market.jobs.rules import MOST_POINTS, Candidate, in_turn, with_point
from market.values import Week

authorities = st.sampled_from([None, 1, 2, 3])
jobs = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 10_000),
        authority_id=authorities,
        priority=st.integers(-2, 2),
        is_free=st.booleans(),
    ),
    unique_by=lambda job: job.id,
    max_size=12,
)
amounts = st.one_of(st.none(), st.integers(0, 10**9))
progress = st.lists(st.tuples(st.integers(0, 100_000), amounts, amounts), max_size=300)


@given(jobs)
def test_whoever_has_fewest_running_is_next(found):
    turns = list(in_turn(found, last_served={}))
    running = Counter(job.authority_id for job in found if not job.is_free)
    assert {job.id for job in turns} == {job.id for job in found if job.is_free}
    keys = [(running[job.authority_id], -job.priority, job.id) for job in turns]
    assert keys == sorted(keys)


def test_whoever_was_served_longest_ago_is_next():
    mine, other = (Candidate(id=n, authority_id=n, priority=0, is_free=True) for n in (1, 2))
    assert [job.id for job in in_turn([mine, other], last_served={1: AT})] == [2, 1]


@given(progress)
def test_progress_is_bounded_and_ends_with_the_latest(points):
    kept = []
    for point in points:
        kept = with_point(kept, point)
    assert len(kept) <= MOST_POINTS
    if points:
        assert kept[0] == points[0]
        assert kept[-1][1:] == points[-1][1:]


@given(progress.map(lambda points: sorted(points, key=lambda point: point[0])))
def test_the_plot_stays_in_its_frame(points):
    known = [point for point in points if point[1] is not None]
    plot = plot_of(known, until_ms=50_000)
    if plot is None:
        return
    for line in (plot.cost, plot.bound):
        places = [tuple(map(int, place.split(","))) for place in line.split()]
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
        assert [x for x, _ in places] == sorted(x for x, _ in places)


def test_a_refusals_values_come_back_as_they_were():
    values = {"day": date(2026, 11, 23), "moment": AT, "week": Week(2026, 48), "days": 3, "name": "Rimbo"}
    assert restored(plain(values)) == values
