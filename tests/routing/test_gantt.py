"""The picture of the days: blocks where the plan puts them, names as text, nothing from outside."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from routing.gantt import HOUR_WIDTH, LEAST_WIDTH, gantt
from routing.problem import Problem
from routing.wording import UnknownLanguage

SVG = "{http://www.w3.org/2000/svg}"


def parsed(problem, plan, **more):
    return ET.fromstring(gantt(problem, plan, **more))


def work(picture):
    """Title to (left, width) of each block of work."""
    return {
        group.findtext(f"{SVG}title"): (
            float(group.find(f"{SVG}rect").get("x")),
            float(group.find(f"{SVG}rect").get("width")),
        )
        for group in picture.iter(f"{SVG}g")
    }


def test_each_stay_is_a_block_as_long_as_it_takes(morning, plan_for):
    plan = plan_for(morning)
    visits = [visit for visit in plan.routes[0].visits if visit.pickups or visit.deliveries]
    blocks = list(work(parsed(morning, plan)).values())
    assert len(blocks) == len(visits)
    for (left, width), visit in zip(blocks, visits, strict=True):
        exact = (visit.departure_s - visit.start_s) / 3600 * HOUR_WIDTH
        assert width == pytest.approx(max(LEAST_WIDTH, exact), abs=0.1)
        gap = (visit.start_s - visits[0].start_s) / 3600 * HOUR_WIDTH
        assert left - blocks[0][0] == pytest.approx(gap, abs=0.1)


def test_titles_say_place_time_and_goods(morning, plan_for):
    first = next(iter(work(parsed(morning, plan_for(morning)))))
    name, _, rest = first.partition(", mån ")
    assert name in {stop.name for stop in morning.stops}
    assert any(shipment.id in rest for shipment in morning.shipments)


def test_names_are_text_never_markup(morning, plan_for):
    evil = "</text><script>alert(1)</script>"
    problem = Problem(
        tuple(replace(stop, name=evil) for stop in morning.stops),
        morning.shipments,
        tuple(replace(vehicle, name=evil) for vehicle in morning.vehicles),
        morning.distance_m,
        morning.duration_s,
        name=evil,
    )
    picture = parsed(problem, plan_for(problem))
    assert not list(picture.iter(f"{SVG}script"))


def test_it_speaks_two_languages_and_no_third(morning, plan_for):
    plan = plan_for(morning)
    assert "Mon" in gantt(morning, plan, language="en")
    with pytest.raises(UnknownLanguage):
        gantt(morning, plan, language="fi")


def test_an_empty_plan_is_an_empty_picture(morning, plan_for):
    assert work(parsed(morning, replace(plan_for(morning), routes=()))) == {}
