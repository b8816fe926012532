"""What lies together in a plan: a few turns near a route or near goods, with their goods and what is left out nearby."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from routing.engines.ortools_model import Job
from routing.engines.parts import Ground, Rows, carried
from routing.fitting import Fitting, fittings
from routing.problem import Shipment
from routing.trips import Part, Trip, Turn

LEFT_OUT = 8
"""Goods that are left out, at most so many in a patch."""

Plan = Mapping[tuple[str, int], Trip]
"""Trips by turn."""


@dataclass(frozen=True, slots=True)
class Size:
    """Turns beside the first: driven at the same time, not driven then, and at other times."""

    same_time: int
    standing: int
    other_times: int

    @property
    def turns(self) -> int:
        return 1 + self.same_time + self.standing + self.other_times


class Neighbours:
    """Looks for patches within ``turns``; remembers which turn could carry what alone."""

    def __init__(self, ground: Ground, turns: Sequence[Turn]) -> None:
        self.ground = ground
        self.turns = turns
        self._fits: dict[tuple[str, tuple[str, int]], bool] = {}

    def about(self, turn: Turn, plan: Plan, left_out: Sequence[Shipment], size: Size) -> Part:
        """A driven turn, its nearest ones, and turns at other times for which its goods are fit."""
        rows = self.ground.of_turn(turn, plan[turn.key])
        nearest = [other for other in self._nearest(rows, plan) if other.key != turn.key]
        together = [other for other in nearest if _overlap(turn, other)]
        goods = carried(plan[turn.key])
        others = (
            other
            for other in nearest
            if not _overlap(turn, other) and any(self.fit(shipment, (other,)) for shipment in goods)
        )
        chosen = [
            turn,
            *[other for other in together if other.key in plan][: size.same_time],
            *[other for other in together if other.key not in plan][: size.standing],
            *islice(others, size.other_times),
        ]
        return self._patch(chosen, plan, left_out, rows)

    def for_goods(self, shipment: Shipment, plan: Plan, left_out: Sequence[Shipment], size: Size) -> Part:
        """The nearest turns that could carry the shipment alone, driven or not."""
        rows = self.ground.of_shipment(shipment)
        able = (turn for turn in self._nearest(rows, plan) if self.fit(shipment, (turn,)))
        return self._patch(list(islice(able, size.turns)), plan, left_out, rows)

    def fit(self, shipment: Shipment, turns: Iterable[Turn]) -> tuple[Turn, ...]:
        """Those of the turns that could carry it alone."""
        return tuple(turn for turn in turns if self._is_fit(shipment, turn))

    def job(self, patch: Part) -> Job:
        """The patch for an engine."""
        fits = {shipment.id: self.fit(shipment, patch.turns) for shipment in patch.shipments}
        useful = {turn.key for turns in fits.values() for turn in turns}
        return Job(
            places=self.ground.places,
            turns=tuple(turn for turn in patch.turns if turn.key in useful),
            shipments=tuple(shipment for shipment in patch.shipments if fits[shipment.id]),
            fittings={name: Fitting(turns, ()) for name, turns in fits.items()},
        )

    def _nearest(self, rows: Rows, plan: Plan) -> list[Turn]:
        def apart_s(turn: Turn) -> float:
            return self.ground.apart_s(rows, self.ground.of_turn(turn, plan.get(turn.key)))

        return sorted(self.turns, key=apart_s)

    def _patch(self, turns: Sequence[Turn], plan: Plan, left_out: Sequence[Shipment], rows: Rows) -> Part:
        goods = [shipment for turn in turns for shipment in carried(plan.get(turn.key))]
        fit = (shipment for shipment in self.ground.nearest(left_out, rows) if self.fit(shipment, turns))
        return Part(tuple(turns), (*goods, *islice(fit, LEFT_OUT)))

    def _is_fit(self, shipment: Shipment, turn: Turn) -> bool:
        key = (shipment.id, turn.key)
        if key not in self._fits:
            fit = fittings([shipment], (turn,), places=self.ground.places)[shipment.id]
            self._fits[key] = bool(fit.turns)
        return self._fits[key]


def _overlap(turn: Turn, other: Turn) -> bool:
    return turn.window.start_s <= other.last_s and other.window.start_s <= turn.last_s
