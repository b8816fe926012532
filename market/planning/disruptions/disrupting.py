"""A disruption as a problem to plan again: what has been driven stays. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geodata.points import to_sweref
from market.planning.clock import seconds_at
from market.planning.disruptions.rules import (
    Disruption,
    KitchenShut,
    NoRoadThere,
    NotInThisPlan,
    RoadClosed,
    StandsWithGoods,
    VehicleStands,
)
from routing.disruptions import on_board, stop_shut, vehicle_stands, way_lengthened
from routing.plan import Plan
from routing.problem import Problem

DAY_S = 86_400


def disrupted(problem: Problem, plan: Plan, disruption: Disruption, *, monday: date, now_s: int) -> Problem:
    """The problem at `now_s`, seconds since Monday. Raises NotInThisPlan, StandsWithGoods, NoRoadThere."""
    match disruption:
        case VehicleStands():
            return _without_vehicle(problem, plan, disruption, monday=monday, now_s=now_s)
        case RoadClosed():
            legs = legs_near(problem, disruption)
            if not legs.any():
                raise NoRoadThere
            metres, seconds = disruption.detour_m, disruption.detour_s
            return way_lengthened(problem, plan, legs=legs, metres=metres, seconds=seconds, now_s=now_s)
        case KitchenShut():
            return _without_kitchen(problem, plan, disruption, now_s=now_s)


def _without_vehicle(
    problem: Problem, plan: Plan, stands: VehicleStands, *, monday: date, now_s: int
) -> Problem:
    name = str(stands.vehicle)
    if stands.at not in problem.stop_index or all(one.id != name for one in problem.vehicles):
        raise NotInThisPlan
    check_place(plan, stands, now_s=now_s)
    until_s = seconds_at(monday, stands.last_on, DAY_S)
    return vehicle_stands(problem, plan, vehicle=name, at=stands.at, now_s=now_s, until_s=until_s)


def check_place(plan: Plan, stands: VehicleStands, *, now_s: int) -> None:
    """Goods are handed over at a site or a kitchen, which the next driver is shown. Raises StandsWithGoods."""
    if stands.at.startswith("home:") and on_board(plan, vehicle=str(stands.vehicle), now_s=now_s):
        raise StandsWithGoods


def _without_kitchen(problem: Problem, plan: Plan, shut: KitchenShut, *, now_s: int) -> Problem:
    stop, instead = f"kitchen:{shut.kitchen}", None if shut.instead is None else f"kitchen:{shut.instead}"
    known = problem.stop_index
    if stop not in known or (instead is not None and instead not in known):
        raise NotInThisPlan
    return stop_shut(
        problem,
        plan,
        stop=stop,
        from_s=max(shut.from_s, now_s),
        until_s=max(shut.until_s, now_s),
        now_s=now_s,
        instead=instead,
    )


def legs_near(problem: Problem, closed: RoadClosed) -> NDArray[np.bool_]:
    """Stops x stops: whether the straight way from row to column passes within the radius of the point."""
    lats, lons = [stop.lat or 0.0 for stop in problem.stops], [stop.lon or 0.0 for stop in problem.stops]
    return ways_near(lats, lons, lat=closed.lat, lon=closed.lon, radius_m=closed.radius_m)


def ways_near(
    lats: Sequence[float], lons: Sequence[float], *, lat: float, lon: float, radius_m: int
) -> NDArray[np.bool_]:
    """Places x places: whether the straight way from row to column passes within the radius of a point.

    Plane geometry in SWEREF 99 TM: the distance from the point to the segment.
    """
    at = np.column_stack(to_sweref(lats=lats, lons=lons))
    point = np.column_stack(to_sweref(lats=[lat], lons=[lon]))[0]
    along = at[None, :, :] - at[:, None, :]
    length2 = (along**2).sum(axis=2)
    share = ((point - at[:, None, :]) * along).sum(axis=2) / np.where(length2 > 0, length2, 1)
    nearest = at[:, None, :] + np.clip(share, 0, 1)[:, :, None] * along
    near = ((nearest - point) ** 2).sum(axis=2) <= radius_m**2
    found: NDArray[np.bool_] = near & (length2 > 0)
    return found
