"""The life of a job, who is next, and what its progress keeps. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from market.values import Refused, msg

LEASE = timedelta(seconds=10)
"""So long a worker may be silent; then another one takes the job over."""
RENEW = timedelta(seconds=3)
MOST_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=5)
MOST_POINTS = 120
"""Points of progress that are kept; beyond that every other one goes."""


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class JobEvent(StrEnum):
    """Take over: its worker fell silent. Retry: it went wrong, and is tried again."""

    ENQUEUE = "enqueue"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    RETRY = "retry"
    FINISH = "finish"
    FAIL = "fail"
    STOP = "stop"


TRANSITIONS: Mapping[tuple[JobState | None, JobEvent], JobState] = MappingProxyType(
    {
        (None, JobEvent.ENQUEUE): JobState.WAITING,
        (JobState.WAITING, JobEvent.CLAIM): JobState.RUNNING,
        (JobState.RUNNING, JobEvent.TAKE_OVER): JobState.RUNNING,
        (JobState.RUNNING, JobEvent.RETRY): JobState.WAITING,
        (JobState.RUNNING, JobEvent.FINISH): JobState.DONE,
        (JobState.RUNNING, JobEvent.FAIL): JobState.FAILED,
        (JobState.RUNNING, JobEvent.STOP): JobState.STOPPED,
        (JobState.WAITING, JobEvent.STOP): JobState.STOPPED,
    }
)
OPEN = frozenset(state for state, _ in TRANSITIONS if state is not None)
"""States that something can still happen in."""


class JobIsOver(Refused):
    message = msg("Arbetet är redan klart eller stoppat. Ladda om sidan.")


class KeptFailing(Refused):
    """What the person reads when a job went wrong each time, or its worker died each time."""

    message = msg(
        "Arbetet avbröts %(attempts)s gånger och gavs upp. Försök igen, och säg till den som sköter Närmat om det "
        "händer en gång till."
    )


def state_after(state: JobState | None, event: JobEvent) -> JobState:
    """The state that `event` leads to. Raises JobIsOver where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise JobIsOver from None


def possible_events(state: JobState) -> frozenset[JobEvent]:
    """What can happen to a job in `state`: the source of the buttons."""
    return frozenset(event for (before, event) in TRANSITIONS if before is state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An open job as the choice of the next one sees it; `is_free`: it waits and is due, or its worker fell silent."""

    id: int
    authority_id: int | None
    priority: int
    is_free: bool


def in_turn(
    jobs: Collection[Candidate], *, last_served: Mapping[int | None, datetime]
) -> Iterator[Candidate]:
    """The free jobs, first the one that is next.

    An authority with fewer jobs running goes before one with more; then the more urgent job, then the authority
    that was served longest ago, then the oldest job. So one authority's hundred jobs never stand before another's one.
    """
    running = Counter(job.authority_id for job in jobs if not job.is_free)
    served = {authority: at.timestamp() for authority, at in last_served.items()}
    free = (job for job in jobs if job.is_free)
    yield from sorted(
        free,
        key=lambda job: (
            running[job.authority_id],
            -job.priority,
            served.get(job.authority_id, 0.0),
            job.id,
        ),
    )


Point = tuple[int, int | None, int | None]
"""Milliseconds since the work began, the best cost so far, and what it can't be less than, in öre."""


def with_point(points: list[Point], point: Point) -> list[Point]:
    """The progress with one point more, unless it says what the last one says; never more than MOST_POINTS.

    When they are too many, every other one goes, but never the first or the last.
    """
    if points and points[-1][1:] == point[1:]:
        return points
    more = [*points, point]
    return more if len(more) <= MOST_POINTS else [*more[:-1:2], more[-1]]
