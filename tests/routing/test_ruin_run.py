"""A search under a limit: how many steps are made before the clock is looked at, and what it keeps of its way."""

import time

from routing.engines.protocol import Limit
from routing.engines.ruin_run import Cooling, Met, Run, Task


class Hasty:
    """A state that has nothing more to do after one step."""

    made = 1
    task_ore = 1.0

    def search(self, *_, **__):
        return False


def test_steps_that_were_not_made_do_not_count():
    task = Task(Limit(seconds=60), 0, None, time.monotonic())
    run = Run(Hasty(), task, Cooling(1.0, 0.1, 1), size=1, steps=0)
    for _ in range(9):
        run.anneal_at(1.0)
    assert run.steps == 9
    assert run.per_slice < 1_000, "as if a hundred had been made in no time"


def test_what_it_keeps_of_its_way_is_spread_over_all_of_it_and_no_more_than_there_is_room_for():
    met = Met(most_rows=20)
    for number in range(100):
        if met.wants_next():
            met.add(((number, ()), (number, (1, 0))))
    numbers = sorted({row for row, _ in met.rows})
    assert len(met.rows) == 2 * len(numbers) <= 20
    assert numbers[0] < 20
    assert numbers[-1] > 80
    assert len(numbers) >= 5
