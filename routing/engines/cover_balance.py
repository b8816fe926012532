"""The prices of the plan as a whole in the cover's model, exact to the öre.

The busiest day is a variable above every day's load; at each stop a binary variable per vehicle says whether it
delivers there; what an owner is short of is a variable above the difference. Prices are rounded half up as
``balance.py`` says: P is at least n / d rounded exactly when 2 d P >= 2 n - d + 1, and minimizing does the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from routing.balance import Guarantee
from routing.balancing import HUNDREDTHS_PER_KG, day_of, peak_ore, shortfall_ore
from routing.costs import SECONDS_PER_HOUR
from routing.engines.estimate import Estimator
from routing.engines.pool import Column

Priced = list[tuple[Any, int]]
"""Variables with the price of each unit."""


def balance_terms(
    model: Any, estimator: Estimator, columns: Sequence[Column], taken: Sequence[Any]
) -> Priced:
    """Adds what couples the columns to the model; the terms that this puts into its objective.

    Where faces have a price, each turn must be a class of its own.
    """
    coupled = _Coupled(model, estimator, columns, taken)
    return [*coupled.peak(), *coupled.new_faces(), *coupled.shortfalls()]


class _Coupled:
    """One model with its columns and their variables."""

    def __init__(
        self, model: Any, estimator: Estimator, columns: Sequence[Column], taken: Sequence[Any]
    ) -> None:
        self.model = model
        self.estimator = estimator
        self.balance = estimator.problem.balance
        self.pairs = tuple(zip(columns, taken, strict=True))

    def peak(self) -> Priced:
        if not self.balance.peak_ore_per_hour:
            return []
        loads: dict[int, list[tuple[Any, int]]] = defaultdict(list)
        most: dict[int, int] = defaultdict(int)
        for turns in self.estimator.classes:
            for turn in turns:
                most[day_of(turn.vehicle, turn.shift)] += turn.last_s - turn.window.start_s
        for column, variable in self.pairs:
            turn = self.estimator.classes[column.kind][0]
            loads[day_of(turn.vehicle, turn.shift)].append((variable, column.duration_s))
        busiest = self.model.new_int_var(0, max(most.values(), default=0), "")
        for terms in loads.values():
            self.model.add(_sum(terms) <= busiest)
        price = self.balance.peak_ore_per_hour
        dearest = peak_ore(self.balance, max(most.values(), default=0))
        return [(self._rounded(busiest, price, SECONDS_PER_HOUR, dearest), 1)]

    def new_faces(self) -> Priced:
        if not self.balance.new_face_ore:
            return []
        by_turn: dict[tuple[str, str, int], list[Any]] = defaultdict(list)
        for column, variable in self.pairs:
            vehicle = self.estimator.classes[column.kind][0].vehicle.id
            for stop in {self.estimator.shipments[number].delivery for number in column.shipments}:
                by_turn[stop, vehicle, column.kind].append(variable)
        comes: dict[str, dict[str, Any]] = defaultdict(dict)
        for (stop, vehicle, _), variables in by_turn.items():  # of one turn's columns one is taken at most
            face = comes[stop].setdefault(vehicle, self.model.new_bool_var(""))
            self.model.add(_sum((variable, 1) for variable in variables) <= face)
        return [
            (self._beyond_first(tuple(faces.values())), self.balance.new_face_ore)
            for faces in comes.values()
            if len(faces) > 1
        ]

    def _beyond_first(self, faces: tuple[Any, ...]) -> Any:
        number = self.model.new_int_var(0, len(faces) - 1, "")
        self.model.add(_sum((face, 1) for face in faces) <= number + 1)
        return number

    def shortfalls(self) -> Priced:
        return [(self._shortfall(guarantee), 1) for guarantee in self.balance.guarantees]

    def _shortfall(self, guarantee: Guarantee) -> Any:
        """Every column delivers what it carries: a share of it is owed, and where it is the owner's, all is paid back."""
        everything = sum(shipment.grams for shipment in self.estimator.shipments)
        terms = []
        for column, variable in self.pairs:
            grams = sum(self.estimator.shipments[number].grams for number in column.shipments)
            is_own = self.estimator.classes[column.kind][0].vehicle.owner == guarantee.owner
            terms.append((variable, grams * (guarantee.per_cent - (100 if is_own else 0))))
        short = self.model.new_int_var(0, guarantee.per_cent * everything, "")
        self.model.add(_sum(terms) <= short)
        dearest = shortfall_ore(guarantee, all_grams=everything, own_grams=0)
        return self._rounded(short, guarantee.ore_per_kg, HUNDREDTHS_PER_KG, dearest)

    def _rounded(self, amount: Any, price: int, per: int, most: int) -> Any:
        """A variable that is at least ``amount`` x ``price`` / ``per``, rounded half up."""
        ore = self.model.new_int_var(0, most, "")
        self.model.add(2 * per * ore >= 2 * price * amount - per + 1)
        return ore


def _sum(terms: Iterable[tuple[Any, int]]) -> Any:
    from ortools.sat.python import cp_model

    pairs = list(terms)
    return cp_model.LinearExpr.weighted_sum([term for term, _ in pairs], [factor for _, factor in pairs])
