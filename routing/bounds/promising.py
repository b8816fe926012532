"""What completions promise a beginning of a route at the least."""

import numpy as np

from routing.arrays import INFINITE
from routing.bounds.completions import NEVER, Tables
from routing.compiled import inner


@inner
def least_left(
    tables: Tables,
    laden: Tables,
    stop: int,
    ready_s: int,
    giving_s: int,
    owed: int,
    avoided: int,
    is_chained: int,
    enough: int,
) -> int:
    """As ``least_after``, by whichever tables promise more; those with giving are not asked where the others say ``enough``."""
    least = least_after(tables, stop, ready_s, owed, avoided, is_chained)
    if least < enough and laden.counts_giving:
        least = max(least, least_after(laden, stop, ready_s + giving_s, owed, avoided, is_chained))
    return least


@inner
def least_after(tables: Tables, stop: int, ready_s: int, owed: int, avoided: int, is_chained: int) -> int:
    """Shares that come at least after the end of work at a stop; the next farm is not the ``avoided``."""
    step = min((ready_s - tables.begins_s) // tables.step_s, tables.leave.shape[0] - 1)
    least = np.int64(tables.leave[step, stop, owed])
    if avoided >= 0 and tables.leave_next[step, stop, owed] == avoided:
        least = np.int64(tables.leave_other[step, stop, owed])
    if is_chained:
        least = min(least, np.int64(tables.begin[step, stop, owed]))
    return int(least * tables.grain) if least < NEVER else INFINITE


@inner
def least_there(tables: Tables, stop: int, arrives_s: int, owed: int, avoided: int) -> int:
    """Shares that come at least from the beginning of work at a stop on."""
    step = (arrives_s - tables.begins_s) // tables.step_s
    if step >= tables.begin.shape[0]:
        if not tables.counts_giving:
            return INFINITE
        step = tables.begin.shape[0] - 1
    least = np.int64(tables.begin[step, stop, owed])
    if avoided >= 0 and tables.begin_next[step, stop, owed] == avoided:
        least = np.int64(tables.begin_other[step, stop, owed])
    return int(least * tables.grain) if least < NEVER else INFINITE
