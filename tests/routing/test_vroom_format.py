"""VROOM's files: what they say is planned, what cannot be said is refused by name."""

import json
from copy import deepcopy

import pytest

from routing.check import violations
from routing.formats.reading import UnreadableFile
from routing.io import read_problem

MINUTES = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
FILE = {
    "vehicles": [
        {
            "id": 1,
            "description": "Van",
            "start_index": 0,
            "end_index": 0,
            "capacity": [100, 5],
            "skills": [7],
            "time_window": [0, 36_000],
            "costs": {"fixed": 100, "per_hour": 3600, "per_km": 20},
        }
    ],
    "jobs": [
        {"id": 1, "location_index": 1, "service": 300, "setup": 60, "delivery": [40, 2], "skills": [7]},
        {"id": 2, "location_index": 1, "service": 300, "setup": 60, "delivery": [10, 1]},
        {"id": 3, "location_index": 2, "pickup": [5, 1], "time_windows": [[0, 600], [9000, 9600]]},
    ],
    "shipments": [
        {
            "pickup": {"id": 4, "location_index": 2, "service": 60},
            "delivery": {"id": 5, "location_index": 3, "service": 60, "location": [17.5, 60.3]},
            "amount": [30, 1],
        }
    ],
    "matrices": {
        "car": {
            "durations": [[60 * m for m in row] for row in MINUTES],
            "distances": [[1000 * m for m in row] for row in MINUTES],
        }
    },
}


@pytest.fixture
def read(tmp_path):
    def run(document):
        path = tmp_path / "instance.json"
        path.write_text(json.dumps(document))
        return read_problem(path)

    return run


def test_everything_is_planned_and_keeps_the_rules(read, plan_for):
    problem = read(FILE).problem
    plan = plan_for(problem)
    assert plan.served == {"job 1", "job 2", "job 3", "shipment 4"}
    assert violations(problem, plan) == ()
    (route,) = plan.routes
    assert route.distance_m == 60_000
    collected = next(visit for visit in route.visits if "job 3" in visit.pickups)
    assert collected.start_s <= 600 or 9000 <= collected.start_s <= 9600


def test_setup_is_paid_once_where_two_jobs_follow_each_other(read, plan_for):
    plan = plan_for(read(FILE).problem)
    work = [v for v in plan.routes[0].visits if {"job 1", "job 2"} & set(v.deliveries)]
    assert sum(visit.departure_s - visit.start_s for visit in work) == 300 + 300 + 60


def test_a_skill_that_no_vehicle_has_leaves_the_job_out(read, plan_for):
    document = deepcopy(FILE)
    document["vehicles"][0]["skills"] = []
    assert [entry.shipment for entry in plan_for(read(document).problem).unserved] == ["job 1"]


def changed(*path, value):
    document = deepcopy(FILE)
    part = document
    for key in path[:-1]:
        part = part[key]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (changed("vehicles", 0, "breaks", value=[{"id": 1}]), "Vehicle 1 has breaks"),
        (changed("vehicles", 0, "speed_factor", value=1.2), "speed_factor"),
        (changed("vehicles", 0, "profile", value="truck"), "no matrices"),
        (changed("vehicles", 0, "start_index", value=None), "starts nowhere"),
        (changed("vehicles", 0, "end_index", value=None), "every vehicle ends"),
        (changed("matrices", value=None), "no matrices"),
        (changed("matrices", "car", "costs", value=[[0]]), "matrix of costs"),
        (changed("matrices", "car", "distances", value=[[0]]), "not square"),
        (changed("jobs", 0, "location_index", value=9), "Row 9"),
        (changed("jobs", 0, "location_index", value=None), "no location_index"),
        (changed("jobs", 0, "pickup", value=[1, 1]), "two jobs"),
        (changed("jobs", 0, "delivery", value=[1, 1, 1, 1]), "4 amounts"),
        (changed("jobs", 0, "id", value=None), "incomplete or mistyped near 'id'"),
        (changed("jobs", 0, "time_windows", value=[[1]]), "incomplete or mistyped"),
        (changed("jobs", 0, "service", value="long"), "not_whole"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(read, document, words):
    with pytest.raises(ValueError, match=words) as refused:
        read(document)
    assert isinstance(refused.value, UnreadableFile) or "not_whole" in str(refused.value)
