"""What each producer's goods cost alone, and its fair share of the plan's cost. Takes seconds: no session is open meanwhile. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from market.planning.building import order_id_of
from market.planning.solving import alone_of, own_van
from routing.plan import Plan
from routing.problem import Problem
from routing.sharing import cost_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducerShare:
    producer_id: int
    alone_ore: int
    share_ore: int
    is_exact: bool
    error_ore: int


def producer_shares(
    problem: Problem, plan: Plan, *, producer_of: Mapping[int, int]
) -> tuple[ProducerShare, ...]:
    """By producer; `producer_of` an order. The shares add up to what the plan's routes cost, to the öre.

    A hub that passes on the goods of several drives for all of them, also in the comparison, so that is shared the same way.
    Raises solve.PlanCheckFailed.
    """
    players = {entry.id: f"{producer_of[order_id_of(entry.id)]:012}" for entry in problem.shipments}
    alone = alone_of(problem, plan)
    alone_ore = {} if alone is None else {
        share.player: share.ore for share in cost_shares(*alone, player_of=players)
    }  # fmt: skip
    return tuple(
        ProducerShare(
            producer_id=int(share.player),
            alone_ore=alone_ore.get(share.player, 0),
            share_ore=share.ore,
            is_exact=share.is_exact,
            error_ore=share.error_ore,
        )
        for share in cost_shares(
            problem, plan, player_of=players, own_van=own_van(problem.shipments, problem)
        )
    )
