"""A Problem refuses what contradicts itself, names every fault, and is recognised by its content."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from routing.problem import InvalidProblem, Problem, Shipment, Stop, Window


def codes(build):
    with pytest.raises(InvalidProblem) as caught:
        build()
    assert all(error.message and error.remedy for error in caught.value.errors)
    return {error.code for error in caught.value.errors}


def test_all_faults_are_named_at_once(van):
    stops = (Stop("a", "A", stop_s=-1), Stop("a", "A again", windows=(Window(9, 3),)))
    shipments = (
        Shipment("s", "a", "nowhere", -5),
        Shipment("", "a", "a", 1, delivery_windows=(Window(-5, 3),)),
    )
    vehicles = (van(start="moon", end=None, capacity_grams=0, break_after_drive_s=0),)
    assert codes(lambda: Problem(stops, shipments, vehicles, [[0]], [[0, -1], [0, 0]])) == {
        "duplicate_stop", "out_of_range", "window_reversed", "unknown_stop", "shipment_without_id", "no_journey",
        "window_outside", "zero_capacity", "break_after_nothing", "matrix_shape", "matrix_range",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("matrix", "code"),
    [
        ([[0, 1], [float("nan"), 0]], "matrix_shape"),
        ([[0, 1], [1.5, 0]], "matrix_shape"),
        ([[0, 1], [None, 0]], "matrix_shape"),
        ([[0, 1], [1]], "matrix_shape"),
        ("none", "matrix_shape"),
        ([[0, -1], [1, 0]], "matrix_range"),
        ([[0, 2**50], [1, 0]], "matrix_range"),
        ([[0, 1], [1, 7]], "matrix_diagonal"),
    ],
)
def test_a_bad_matrix_is_an_error_with_a_code_not_a_traceback(matrix, code):
    stops = (Stop("a", "A"), Stop("b", "B"))
    assert codes(lambda: Problem(stops, (), (), matrix, [[0, 1], [1, 0]])) == {code}


def test_a_fraction_of_a_gram_is_refused(morning):
    parts = replace(morning.shipments[0], grams=1.5)
    assert codes(lambda: replace(morning, shipments=(parts,))) == {"not_whole"}


def test_ten_thousand_shipments_are_read_and_validated(morning):
    many = tuple(replace(morning.shipments[0], id=f"s{number}") for number in range(10_000))
    assert len(replace(morning, shipments=many).shipments) == 10_000


def test_matrices_cannot_be_changed_afterwards(morning):
    with pytest.raises(ValueError, match="read-only"):
        morning.distance_m[0, 1] = 5


def test_the_callers_array_is_copied():
    mine = np.array([[0, 5], [5, 0]])
    problem = Problem((Stop("a", "A"), Stop("b", "B")), (), (), mine, mine)
    mine[0, 1] = 99
    assert problem.distance_m[0, 1] == 5


def test_equal_content_means_equal_fingerprint_and_any_change_another(morning):
    assert replace(morning) == morning
    assert hash(replace(morning)) == hash(morning)
    assert pickle.loads(pickle.dumps(morning)) == morning
    changed = [
        replace(morning, name="Other"),
        replace(morning, distance_m=morning.distance_m + (1 - np.eye(len(morning.stops), dtype=int))),
        replace(morning, shipments=morning.shipments[:-1]),
        replace(morning, vehicles=(replace(morning.vehicles[0], break_s=0),)),
    ]
    assert len({morning.fingerprint(), *(problem.fingerprint() for problem in changed)}) == 5
