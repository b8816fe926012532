"""Files in and out: benchmark texts counted as the literature does, JSON both ways, GPX, clear refusals."""

import json
from xml.etree import ElementTree as ET

import pytest

from routing.check import violations
from routing.io import (
    NoCoordinates,
    UnreadableFile,
    gpx,
    plan_distance,
    plan_to_json,
    problem_to_json,
    read_plan,
    read_problem,
)
from routing.problem import InvalidProblem
from routing.solve import Limit, solve

SOLOMON = """TINY

VEHICLE
NUMBER     CAPACITY
  2          20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0        100          0
    1      1          1         10          0        100         10
    2      2          2         10         50         60         10
    3      0          5         10          0         40         10
"""

LILIM = """2\t20\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t1\t1\t10\t0\t100\t2\t0\t2
2\t2\t2\t-10\t0\t100\t2\t1\t0
3\t0\t5\t7\t0\t100\t2\t0\t4
4\t0\t1\t-7\t0\t100\t2\t3\t0
"""


CVRPLIB = """NAME : \tTINY\t
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 20
NODE_COORD_SECTION
1\t0\t0
2\t1\t1
3\t2\t2
4\t0\t5
DEMAND_SECTION
1\t0
2\t10
3\t10
4\t10
DEPOT_SECTION
\t1
\t-1
EOF
"""


@pytest.fixture
def write(tmp_path):
    def put(text, name="tiny.txt"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return put


def solved(reading):
    plan = solve(reading.problem, limit=Limit(iterations=30))
    assert violations(reading.problem, plan) == ()
    return plan


def test_solomon_arcs_are_truncated_to_one_decimal(write):
    reading = read_problem(write(SOLOMON))
    assert (reading.format, reading.problem.name, len(reading.problem.vehicles)) == ("solomon", "tiny", 2)
    assert reading.problem.distance_m[0].tolist() == [0, 14, 28, 50]
    plan = solved(reading)
    assert plan.served == {"1", "2", "3"}
    # 0-3-2-0 is 5 + 3.6 + 2.8 and 0-1-0 is 2.8: a van carries two
    assert plan_distance(reading, plan) == pytest.approx(14.2)


def test_lilim_pairs_and_vehicles_first(write):
    reading = read_problem(write(LILIM))
    assert reading.format == "lilim"
    assert [(s.pickup, s.delivery, s.grams) for s in reading.problem.shipments] == [
        ("1", "2", 10),
        ("3", "4", 7),
    ]
    plan = solved(reading)
    assert plan.totals.vehicles == 1
    best = 2**0.5 * 2 + 13**0.5 + 4 + 1  # 0-1-2-3-4-0
    assert plan_distance(reading, plan) == pytest.approx(best, abs=1e-9)


def test_cvrplib_arcs_are_rounded(write):
    reading = read_problem(write(CVRPLIB, "tiny.vrp"))
    assert (reading.format, len(reading.problem.vehicles)) == ("cvrplib", 3)
    assert reading.problem.distance_m[0].tolist() == [0, 1, 3, 5]
    plan = solved(reading)
    assert plan_distance(reading, plan) == (5 + 4 + 3) + (1 + 1)  # 1-4-3-1 and 1-2-1: two fill a vehicle


def test_cvrplib_keeps_a_routes_greatest_length(write):
    reading = read_problem(write(CVRPLIB.replace("CAPACITY", "DISTANCE : 11\nCAPACITY")))
    assert solved(reading).totals.distance_m == (5 + 5) + (1 + 1 + 3)  # 12 for 1-4-3-1 is too long


def test_problems_and_plans_come_back_from_json_as_they_were(write, morning, plan_for):
    plan = plan_for(morning)
    reading = read_problem(write(problem_to_json(morning), "problem.json"))
    assert reading.problem == morning
    assert read_plan(write(plan_to_json(plan), "plan.json")) == plan


def test_fields_with_a_default_may_be_left_out(write, morning):
    document = json.loads(problem_to_json(morning))
    for shipment in document["shipments"]:
        del shipment["owner"], shipment["skip_ore"], shipment["pickup_windows"]
    assert read_problem(write(json.dumps(document))).problem == morning


def spoilt(document, path, value):
    *steps, last = path
    place = document
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (["format"], "other", "narmat-problem-1"),
        (["stops"], None, "stops"),
        (["colour"], "red", "colour"),
        (["stops", 0, "id"], None, "stops[0] lacks id"),
        (["stops", 0, "id"], 7, "stops[0].id: expected str"),
        (["stops", 0, "lat"], "north", "stops[0].lat: expected float"),
        (["shipments", 1, "grams"], "much", "shipments[1].grams: expected int"),
        (["shipments", 1, "grams"], True, "shipments[1].grams: expected int"),
        (["shipments", 1, "weight"], 5, "weight"),
        (["vehicles", 0, "shifts"], "all day", "vehicles[0].shifts: expected a list"),
        (["vehicles", 0, "shifts", 0], 5, "vehicles[0].shifts[0]: expected an object"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(write, morning, path, value, text):
    with pytest.raises(UnreadableFile) as caught:
        read_problem(write(spoilt(json.loads(problem_to_json(morning)), path, value)))
    assert text in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{not json",
        "{}",
        "[" * 100_000,
        SOLOMON.splitlines()[0],
        SOLOMON[: SOLOMON.index("    1   ")],
        SOLOMON.replace("  2          20", "  2          lots"),
        SOLOMON.replace("    0      0  ", "    9      0  "),
        SOLOMON.replace("         10\n", "         ten\n", 1),
        LILIM.replace("\t0\t2\n", "\t0\t99\n", 1),
        CVRPLIB.replace("EUC_2D", "EXPLICIT"),
        CVRPLIB.replace("CAPACITY : 20", "CAPACITY : 0"),
        CVRPLIB.replace("3\t10\n", "", 1),
        CVRPLIB.replace("\t1\n", "\t1\n\t2\n", 1).replace("\t1\t", "\tone\t"),
        CVRPLIB.replace("DEPOT_SECTION\n\t1", "DEPOT_SECTION\n\t9"),
        LILIM.replace("1\t1\t1\t10", "1\t1\t1\tx"),
        LILIM.replace("0\t0\t0\t0\t0\t100\t0\t0\t0", "9\t0\t0\t0\t0\t100\t0\t0\t0"),
    ],
)
def test_what_is_no_problem_file_is_refused_in_words(write, text):
    with pytest.raises((UnreadableFile, InvalidProblem)) as caught:
        read_problem(write(text))
    assert str(caught.value)


def test_missing_and_binary_files_are_refused_in_words(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x81")
    for name in ("absent", "binary", "."):
        with pytest.raises(UnreadableFile):
            read_problem(tmp_path / name)


def test_gpx_has_a_route_per_turn_with_its_stops(morning, plan_for):
    plan = plan_for(morning)
    root = ET.fromstring(gpx(morning, plan))
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    points = root.findall("g:rte/g:rtept", space)
    assert len(points) == len(plan.routes[0].visits)
    assert points[1].find("g:name", space).text == "Farm"
    text = points[1].find("g:desc", space).text
    assert sorted(text.removeprefix("pick up ").split(", ")) == ["beets", "carrots"]


def test_gpx_without_coordinates_says_which_stop(write):
    reading = read_problem(write(SOLOMON))
    with pytest.raises(NoCoordinates, match="'0'"):
        gpx(reading.problem, solved(reading))
