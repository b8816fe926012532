"""How long the effect of a drag takes: a made week of 60 farms and 13 kitchens, five days; stops moved at random.

python -m bench.desk_trial [moves]
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from contextlib import suppress

from bench.weeks import made_week
from routing.moving import CannotMove, Move, moved
from routing.solve import Limit, solve
from routing.trips import turns_of


def main(moves: int = 100) -> None:
    problem = made_week(3, farms=60, kitchens=13, orders=300, vehicles=10, municipalities=3)
    plan = solve(problem, limit=Limit(seconds=5), engines=("vroom",), processes=1)
    chance = random.Random(1)
    turns = [turn.key for turn in turns_of(problem)]
    taken: list[float] = []
    for _ in range(moves):
        route = chance.choice(plan.routes)
        visit = chance.choice([visit for visit in route.visits if visit.pickups or visit.deliveries])
        move = Move((*visit.pickups, *visit.deliveries), *chance.choice(turns), stop=visit.stop)
        began = time.perf_counter()
        with suppress(CannotMove):
            moved(problem, plan, move)
        taken.append(1000 * (time.perf_counter() - began))
    print("routes  orders  moves  median ms  95 % ms  max ms")
    slow = sorted(taken)[int(0.95 * len(taken))]
    print(
        f"{len(plan.routes):6}  {len(problem.shipments):6}  {moves:5}  {statistics.median(taken):9.0f}  {slow:7.0f}  {max(taken):6.0f}"
    )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
