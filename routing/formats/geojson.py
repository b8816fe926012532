"""A plan as GeoJSON (RFC 7946): a line for each route, a point for each visit, for any map program.

Lines follow the stops, not the road: the planner knows no roads.
"""

from collections.abc import Iterator
from typing import Any

from routing.formats.gpx import NoCoordinates
from routing.palette import colour
from routing.plan import Plan, Route, Visit
from routing.problem import Problem, Stop

Feature = dict[str, Any]


def geojson(problem: Problem, plan: Plan) -> dict[str, Any]:
    """A FeatureCollection, positions as [lon, lat] in degrees; raises NoCoordinates.

    Lines carry the route's figures (metres, seconds, öre, grams), points their visit's times (seconds since the
    horizon's start) and shipments. ``route`` counts from 1 in both.
    """
    stops = {stop.id: stop for stop in problem.stops}
    names = {vehicle.id: vehicle.name for vehicle in problem.vehicles}
    features: list[Feature] = []
    for number, route in enumerate(plan.routes, start=1):
        features.append(_line(number, route, stops, names[route.vehicle]))
        features.extend(_points(number, route, stops))
    return {"type": "FeatureCollection", "features": features}


def _line(number: int, route: Route, stops: dict[str, Stop], vehicle: str) -> Feature:
    properties = {
        "route": number,
        "vehicle": route.vehicle,
        "name": vehicle,
        "shift": route.shift,
        "start_s": route.start_s,
        "end_s": route.end_s,
        "distance_m": route.distance_m,
        "duration_s": route.duration_s,
        "cost_ore": route.cost_ore,
        "co2e_g": route.co2e_g,
        "stroke": colour(number),  # the name that map programs know (simplestyle)
    }
    positions = [_position(stops[visit.stop]) for visit in route.visits]
    if len(positions) == 1:
        positions *= 2  # a line has two positions at least
    return _feature({"type": "LineString", "coordinates": positions}, properties)


def _points(number: int, route: Route, stops: dict[str, Stop]) -> Iterator[Feature]:
    for order, visit in enumerate(route.visits):
        position = _position(stops[visit.stop])
        properties = _visit(number, order, visit, stops[visit.stop].name)
        yield _feature({"type": "Point", "coordinates": position}, properties)


def _visit(number: int, order: int, visit: Visit, name: str) -> dict[str, Any]:
    return {
        "route": number,
        "order": order,
        "stop": visit.stop,
        "name": name,
        "arrival_s": visit.arrival_s,
        "start_s": visit.start_s,
        "departure_s": visit.departure_s,
        "pickups": list(visit.pickups),
        "deliveries": list(visit.deliveries),
        "load_grams_after": visit.load_grams_after,
    }


def _position(stop: Stop) -> list[float]:
    if stop.lat is None or stop.lon is None:
        raise NoCoordinates(f"Stop {stop.id!r} has no coordinates: give lat and lon to write GeoJSON.")
    return [round(stop.lon, 6), round(stop.lat, 6)]


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
