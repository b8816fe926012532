"""How full a vehicle gets on a route, for each compartment and measure. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from market.register.models import Temperature
from routing.plan import Route
from routing.problem import Compartment, Shipment, Vehicle
from routing.problem import Temperature as Cold

MEASURES = ("grams", "crates", "pallets")
Amounts = dict[Cold, int]
"""How much of one measure is on board, for each class of cold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The most of one measure that is on board at a time, beside what there is room for."""

    name: str
    used: int
    most: int

    @property
    def percent(self) -> int:
        return round(100 * self.used / self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A compartment's fullness; no `temperatures` is the vehicle as a whole."""

    temperatures: tuple[Temperature, ...]
    measures: tuple[Measure, ...]

    @property
    def percent(self) -> int:
        """Of the measure that there is least room left of."""
        return max(measure.percent for measure in self.measures)


def gauges(route: Route, *, vehicle: Vehicle, shipments: Mapping[str, Shipment]) -> tuple[Gauge, ...]:
    """One for each compartment, or one for a vehicle without. What has no limit has no gauge."""
    parts = vehicle.compartments or (_whole(vehicle),)
    peaks = {name: _peaks(route, parts, shipments, name) for name in MEASURES}
    found = []
    for number, part in enumerate(parts):
        measures = tuple(
            Measure(name=name, used=peaks[name][number], most=most)
            for name in MEASURES
            if (most := _room(part, name)) is not None
        )
        if measures:
            found.append(Gauge(temperatures=_classes(vehicle, part), measures=measures))
    return tuple(found)


def _whole(vehicle: Vehicle) -> Compartment:
    return Compartment(
        admits=tuple(Cold),
        capacity_grams=vehicle.capacity_grams,
        capacity_crates=vehicle.capacity_crates,
        capacity_pallets=vehicle.capacity_pallets,
    )


def _classes(vehicle: Vehicle, part: Compartment) -> tuple[Temperature, ...]:
    return tuple(Temperature(cold.value) for cold in part.admits) if vehicle.compartments else ()


def _room(part: Compartment, measure: str) -> int | None:
    most: int | None = getattr(part, f"capacity_{measure}")
    return most


def _peaks(
    route: Route, parts: tuple[Compartment, ...], shipments: Mapping[str, Shipment], measure: str
) -> list[int]:
    peaks = [0] * len(parts)
    for on_board in _loads(route, shipments, measure):
        peaks = [max(pair) for pair in zip(peaks, _divided(on_board, parts, measure), strict=True)]
    return peaks


def _loads(route: Route, shipments: Mapping[str, Shipment], measure: str) -> Iterator[Amounts]:
    """What is on board after each visit, with what was there from the start."""
    on_board: Amounts = dict.fromkeys(Cold, 0)
    for shipment in _from_the_start(route, shipments):
        on_board[shipment.temperature] += getattr(shipment, measure)
    yield dict(on_board)
    for visit in route.visits:
        for name in visit.deliveries:
            on_board[shipments[name].temperature] -= getattr(shipments[name], measure)
        for name in visit.pickups:
            on_board[shipments[name].temperature] += getattr(shipments[name], measure)
        yield dict(on_board)


def _from_the_start(route: Route, shipments: Mapping[str, Shipment]) -> Iterable[Shipment]:
    picked = {name for visit in route.visits for name in visit.pickups}
    return (shipments[n] for visit in route.visits for n in visit.deliveries if n not in picked)


def _divided(on_board: Amounts, parts: tuple[Compartment, ...], measure: str) -> list[int]:
    """Goods in their compartments: the choosiest compartments fill first, with the goods that fit the fewest."""
    left = dict(on_board)
    used = [0] * len(parts)
    homes = {cold: sum(cold in part.admits for part in parts) for cold in Cold}
    for number in sorted(range(len(parts)), key=lambda number: len(parts[number].admits)):
        room = _room(parts[number], measure)
        for cold in sorted(parts[number].admits, key=lambda cold: homes[cold]):
            taken = left[cold] if room is None else min(left[cold], room - used[number])
            used[number] += taken
            left[cold] -= taken
    return used
