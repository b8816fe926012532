"""The planner's names for stops, shipments and needs, and back to orders, places and days.

Stops are called "site:3", "kitchen:5" and "home:2"; shipments "order:7", and "onward:7" from the hub that received it to the
satellite; vehicles by their number. A part of a split shipment is "order:7#2". Time runs in seconds of the Swedish wall clock since Monday 00:00.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from market.planning.rules import Leg
from market.values import Week
from routing.problem import Problem

DAY_S = 86_400
LEGS = {"order": Leg.IN, "onward": Leg.ONWARD}
TAIL_LIFT, FERRY = "tail_lift", "ferry"
OWN, HUB = "own", "hub"


@dataclass(frozen=True, slots=True)
class StopKey:
    """What a stop's name says: its kind ("site", "kitchen" or "home") and the id in the register."""

    kind: str
    id: int

    @classmethod
    def of(cls, name: str) -> StopKey:
        kind, _, number = name.partition(":")
        return cls(kind, int(number))


def shipment_of(order_id: int, leg: Leg = Leg.IN) -> str:
    """The planner's name of an order's way in, or of its way onward."""
    return f"{'order' if leg is Leg.IN else 'onward'}:{order_id}"


def order_and_leg(shipment: str) -> tuple[int, Leg]:
    """What a shipment's name says."""
    kind, _, number = shipment.partition(":")
    return int(number.partition("#")[0]), LEGS[kind]


def order_id_of(shipment: str) -> int:
    return order_and_leg(shipment)[0]


def driven_by_itself(producer_id: int) -> str:
    """What goods need that their producer drives itself, and only its own vehicles have."""
    return f"{OWN}:{producer_id}"


def carried_on_from(hub_id: int) -> str:
    """What goods need that a hub's own staff carries on, and only the vehicles at home there have."""
    return f"{HUB}:{hub_id}"


def day_of_shift(problem: Problem, week: Week, vehicle_id: str, shift: int) -> date:
    """The calendar day of a vehicle's shift."""
    vehicle = next(vehicle for vehicle in problem.vehicles if vehicle.id == vehicle_id)
    return week.days[vehicle.shifts[shift].start_s // DAY_S]
