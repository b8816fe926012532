"""A plan as GPX 1.1: one route with its visits as route points for each turn, for any navigator.

Lines follow the stops, not the road: the planner knows no roads.
"""

from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from routing.plan import Plan, Route, Visit
from routing.problem import Problem, Stop

NAMESPACE = "http://www.topografix.com/GPX/1/1"


class NoCoordinates(ValueError):
    """A stop of the plan has no latitude and longitude; the text names it."""


def gpx(problem: Problem, plan: Plan, *, describe: Callable[[Visit], str] | None = None) -> str:
    """The GPX file's text; `describe` says what is done at a visit, in place of English and ids. Raises NoCoordinates."""
    stops = {stop.id: stop for stop in problem.stops}
    names = {vehicle.id: vehicle.name for vehicle in problem.vehicles}
    root = ET.Element("gpx", {"version": "1.1", "creator": "narmat", "xmlns": NAMESPACE})
    for number, route in enumerate(plan.routes, start=1):
        element = ET.SubElement(root, "rte")
        ET.SubElement(element, "name").text = f"{number}. {names[route.vehicle]}"
        ET.SubElement(element, "number").text = str(number)
        element.extend(list(_points(route, stops, describe or _work)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _points(route: Route, stops: dict[str, Stop], describe: Callable[[Visit], str]) -> Iterator[ET.Element]:
    for visit in route.visits:
        stop = stops[visit.stop]
        if stop.lat is None or stop.lon is None:
            raise NoCoordinates(f"Stop {stop.id!r} has no coordinates: give lat and lon to write GPX.")
        point = ET.Element("rtept", {"lat": f"{stop.lat:.6f}", "lon": f"{stop.lon:.6f}"})
        ET.SubElement(point, "name").text = stop.name
        ET.SubElement(point, "desc").text = describe(visit)
        yield point


def _work(visit: Visit) -> str:
    parts = [("pick up", visit.pickups), ("deliver", visit.deliveries)]
    return "; ".join(f"{verb} {', '.join(names)}" for verb, names in parts if names)
