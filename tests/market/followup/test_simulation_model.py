"""The simulated market: played again by hand, equal for equal seeds, and read as it says."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from io import StringIO
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from market.commands.simulate import simulate
from market.followup.simulation import answers
from market.followup.simulation.answers import conclude
from market.followup.simulation.draws import draw
from market.followup.simulation.figure import DRAWN, drawing
from market.followup.simulation.figure_sets import stacks
from market.followup.simulation.measures import KEYS, benefit, hours
from market.followup.simulation.parameters import CATEGORIES, MONTHS, QUANTITIES, SCENES, Handling, Quantity
from market.followup.simulation.pieces import measure
from market.followup.simulation.playing import play, terms_of
from market.followup.simulation.rules import (
    Experiment,
    NotRuns,
    NotSeed,
    NotSuppliers,
    SuppliersOutOfReach,
    suppliers_from,
)
from market.followup.simulation.table import lines, sheet
from market.followup.simulation.ticks import MOST, ticks
from market.followup.simulation.verdicts import Judged

SMALL = Experiment(first=1, last=4, runs=20, seed=7)


@cache
def small():
    measured = measure(SMALL, workers=1)
    return measured, conclude(SMALL, measured)


def played_by_hand(market, scene, run, suppliers):
    """One run of one scene, supplier by supplier in plain Python, from the words of the page."""
    assumed = {key: float(values[run]) for key, values in market.assumptions.items()}
    a_year = assumed[f"budget_{scene.size}"] * assumed["carve_out"]
    calloffs_a_year = min(assumed[f"calloffs_{scene.size}"], 12)
    answering = min(
        assumed["answers"] + (assumed["answers_more"] if scene.handling is Handling.ELECTRONIC else 0), 1
    )
    way_a_year = assumed["drop_cost"] * assumed["deliveries"] * assumed[f"points_{scene.size}"]
    stays, won, lost, goods = [True] * suppliers, [False] * suppliers, [0] * suppliers, [0.0] * suppliers
    sums = dict.fromkeys(
        (
            "calloffs",
            "tendered",
            "competed",
            "invited",
            "tenders",
            "awarded_value",
            "paid",
            "covered",
            "supplier_months",
        ),
        0.0,
    )
    for month in range(MONTHS):
        if month % 12 == 0:
            goods = [float(market.capacity[run, one]) for one in range(suppliers)]
        for number, category in enumerate(CATEGORIES):
            step = month * len(CATEGORIES) + number
            there = [one for one in range(suppliers) if stays[one] and market.is_in[number, run, one]]
            sums["covered"] += bool(there)
            if market.wanted[step, run] >= calloffs_a_year / 12:
                continue
            sums["calloffs"] += 1
            sums["invited"] += len(there)
            value = a_year * category.spend / calloffs_a_year
            likely = answering * (1 if month % 12 + 1 in category.season else assumed["off_season"])
            bidding = [
                one for one in there if market.answered[step, run, one] < likely and goods[one] >= value
            ]
            rivals = max(1 + (len(there) - 1) * likely, 1)
            prices = {
                one: float(market.cost[run, one])
                * float(market.noise[step, run, one])
                * (1 + assumed["alone_margin"] / rivals)
                + way_a_year / (a_year * category.spend)
                for one in bidding
            }
            sums["tenders"] += len(bidding)
            sums["tendered"] += len(bidding) >= 1
            sums["competed"] += len(bidding) >= 2
            best = min(
                bidding,
                key=lambda one: prices[one] * (1 - assumed["deduction"] * bool(market.receives[run, one])),
                default=None,
            )
            for one in bidding:
                lost[one] += 1
            if best is not None and prices[best] <= assumed["ceiling"]:
                sums["awarded_value"] += value
                sums["paid"] += value * prices[best]
                won[best], lost[best] = True, 0
                goods[best] -= value
            stays = [here and times < assumed["patience"] for here, times in zip(stays, lost, strict=True)]
        sums["supplier_months"] += sum(stays)
    return sums | {"never_won": won.count(False), "left": stays.count(False)}


@pytest.mark.parametrize("suppliers", [1, 9])
def test_the_market_is_played_as_the_page_says(suppliers):
    market = draw(seed=3, piece=0, sets=2, runs_a_set=2)
    played = play(market, terms_of(market.assumptions), suppliers=suppliers)
    for number, scene in enumerate(SCENES):
        for run in range(4):
            by_hand = played_by_hand(market, scene, run, suppliers)
            vectorised = {name: float(getattr(played, name)[number, run]) for name in by_hand}
            assert vectorised == pytest.approx(by_hand, rel=1e-4), (scene, run)


def test_hours_and_benefit_are_counted_as_defined():
    market = draw(seed=5, piece=0, sets=1, runs_a_set=1)
    played, assumed = play(market, terms_of(market.assumptions), suppliers=6), market.assumptions
    for number, scene in enumerate(SCENES):
        each = {
            step: float(assumed[f"{step}_hours_{scene.handling}"][0])
            for step in ("calloff", "invited", "tender", "admission", "dialogue")
        }
        got = {
            name: float(getattr(played, name)[number, 0])
            for name in (
                "calloffs",
                "invited",
                "tenders",
                "supplier_months",
                "awarded_value",
                "paid",
                "covered",
            )
        }
        spent = (
            got["calloffs"] * each["calloff"] + got["invited"] * each["invited"] + got["tenders"] * each["tender"]
            + 6 * each["admission"] + got["supplier_months"] / 12 * each["dialogue"]
        )  # fmt: skip
        assert hours(played, assumed)[number, 0] == pytest.approx(spent)
        system = float(assumed["system_cost"][0]) if scene.handling is Handling.ELECTRONIC else 0
        worth = (
            float(assumed["worth_local"][0]) * got["awarded_value"] / 4
            + float(assumed["worth_category"][0]) * got["covered"] / 48
        )
        costs = (got["paid"] - got["awarded_value"]) / 4 + spent / 4 * float(assumed["hour_cost"][0]) + system
        assert benefit(played, assumed)[number, 0] == pytest.approx(worth - costs, rel=1e-4)


def test_the_same_seed_gives_the_same_answer_whatever_the_number_of_workers():
    experiment = Experiment(first=1, last=2, runs=110, seed=11)
    alone, shared = (conclude(experiment, measure(experiment, workers=workers)) for workers in (1, 2))
    assert json.dumps(alone) == json.dumps(shared)
    other = conclude(SMALL, measure(Experiment(first=1, last=4, runs=20, seed=8), workers=1))
    assert other["rows"] != small()[1]["rows"]


def test_a_number_of_suppliers_comes_out_the_same_whatever_else_is_tried():
    only = measure(Experiment(first=3, last=3, runs=20, seed=7), workers=1)
    assert np.array_equal(only.values[:, :, 0], small()[0].values[:, :, 2], equal_nan=True)


def test_one_supplier_more_never_leaves_a_category_without():
    covered = small()[0].values[KEYS.index("covered_first")]
    assert (np.diff(covered, axis=1) >= 0).all()


def test_who_stops_it_gets_the_pieces_that_are_done():
    experiment = Experiment(first=2, last=2, runs=300, seed=7)
    stopped = measure(experiment, workers=1, told=lambda done, _of: done < 2)
    assert stopped.values.shape[-1] == 200
    assert conclude(experiment, stopped)["runs"] == 200
    first, second = stopped.values[..., :100], stopped.values[..., 100:]
    assert not np.array_equal(first, second, equal_nan=True), "each piece has a chance of its own"


def test_what_comes_out_is_plain_and_whole():
    result = small()[1]
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert len(result["rows"]) == len(SCENES) * 4
    for row in result["rows"]:
        for mean, low, high, _ in row["values"].values():
            assert mean is None or low <= high
    assert {row["key"] for row in result["assumptions"]} == {one.key for one in QUANTITIES}


def test_what_works_and_what_is_best_is_read_off_the_means():
    tendered = np.array([[0.3, 0.4], [0.5, 0.6], [0.7, 0.8], [0.9, 0.9]])
    competed = np.array([[0.0, 0.1], [0.2, 0.3], [0.4, 0.4], [0.6, 0.6]])
    never_won = np.array([[0.1, 0.1], [0.2, 0.2], [0.3, 0.3], [0.5, 0.6]])
    works = Judged(tendered=tendered, competed=competed, never_won=never_won).works
    assert works.tolist() == [[False, False], [False, True], [True, True], [False, False]]
    assert answers._works_from_to(SMALL, works.all(axis=-1)) == [3, 3]
    found = answers._best(SMALL, np.array([[1.0, 1.0], [5.0, 3.0], [4.0, 9.0], [-1.0, -9.0]]))
    assert found["best"] == 3
    assert found["best_band"][0] == 2
    assert found["pays_from"] == 1
    assert not found["best_is_last"]


@given(st.lists(st.integers(0, 6), min_size=2, max_size=12))
def test_ranks_are_shared_by_equals(values):
    ranks = answers._ranks(np.array(values))
    for value, rank in zip(values, ranks, strict=True):
        places = [place for place, other in enumerate(sorted(values), start=1) if other == value]
        assert rank == sum(places) / len(places)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
@settings(max_examples=60)
def test_ticks_hold_the_range_with_round_even_steps(low, span):
    found = ticks(low, low + span)
    assert 2 <= len(found) <= MOST + 2
    slack = 1e-6 * max(abs(low), span)
    assert found[0] <= low + slack
    assert found[-1] >= low + span - slack
    steps = {round((after - before) / (found[1] - found[0]), 3) for before, after in pairwise(found)}
    assert steps == {1.0}


@pytest.mark.parametrize(("text", "expected"), [("1..30", (1, 30)), (" 10 ", (10, 10)), ("5 .. 9", (5, 9))])
def test_suppliers_are_read(text, expected):
    assert suppliers_from(text) == expected


@pytest.mark.parametrize("text", ["", "0..", "1-30", "1...3", "ett", "-1..3", "1..9999999", "9..3"])
def test_what_is_no_range_says_so(text):
    with pytest.raises(NotSuppliers):
        suppliers_from(text)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"last": 10_000}, SuppliersOutOfReach), ({"first": 0}, SuppliersOutOfReach), ({"first": 9, "last": 3}, SuppliersOutOfReach),
        ({"runs": 0}, NotRuns), ({"runs": 15}, NotRuns), ({"runs": 10**7}, NotRuns), ({"seed": -1}, NotSeed), ({"seed": 2**40}, NotSeed),
    ],
)  # fmt: skip
def test_an_experiment_that_cannot_be_is_refused(values, refusal):
    with pytest.raises(refusal):
        Experiment(**values)


def test_a_quantity_has_a_range():
    with pytest.raises(ValueError, match="low over likely to high"):
        Quantity(key="x", name="x", low=1, likely=3, high=2, unit="", why="")


def test_shares_of_the_categories_add_up_and_every_assumption_says_why():
    assert sum(one.spend for one in CATEGORIES) == pytest.approx(1)
    assert sum(one.suppliers for one in CATEGORIES) == pytest.approx(1)
    assert all(one.why for one in QUANTITIES)
    assert len({one.key for one in QUANTITIES}) == len(QUANTITIES)


def test_the_figure_is_whole_svg_with_a_title_for_each_panel():
    svg = drawing(small()[1], say=lambda text: text, number=lambda value, digits: f"{value:.{digits}f}")
    root = ET.fromstring(svg)
    names = [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert len(names) == 2 * len(DRAWN) + 2
    assert "För många vinner aldrig" in svg
    assert "nan" not in svg.lower()
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_the_sheet_has_a_row_for_each_scene_and_number():
    rows = list(csv.DictReader(StringIO(sheet(small()[1])), delimiter=";"))
    assert len(rows) == len(SCENES) * 4
    first = small()[1]["rows"][0]["values"]["tendered"]
    assert [float(rows[0][name]) for name in ("tendered", "tendered_low", "tendered_high")] == first[:3]
    told = small()[1]["rows"][0]["sets"]
    columns = ("sets_working", "sets_crowded", "sets_with_few_bids")
    assert [float(rows[0][name]) for name in columns] == [told["works"], told["crowded"], told["thin"]]
    assert sum(told.values()) == pytest.approx(1)
    assert any("suppliers" in line for line in lines(small()[1]))


def earlier(result):
    """As the first version stored it: no shares, and none for both more and never."""
    old = json.loads(json.dumps(result)) | {"version": 1}
    for row in old["rows"]:
        del row["sets"]
    for told in old["answers"]:
        del told["shares"]
        told["works_band"] = [one if isinstance(one, int) else None for one in told["works_band"]]
        told["works_share"] = 0.8
    return old


def test_the_first_versions_answers_can_still_be_read():
    old = earlier(small()[1])
    svg = drawing(old, say=lambda text: text, number=lambda value, digits: f"{value:.{digits}f}")
    assert "Inget antal" not in svg
    row = next(csv.DictReader(StringIO(sheet(old)), delimiter=";"))
    assert row["tendered"]
    assert row["sets_working"] == ""


def test_each_bar_of_the_sets_is_as_wide_as_its_share():
    result = json.loads(json.dumps(small()[1]))
    for told in result["answers"]:
        told["shares"] = {"works": 0.5, "more": 0.0, "crowded": 0.3, "thin": 0.2}
    drawn = list(stacks(result, say=lambda text: text, number=lambda value, digits: f"{value:.{digits}f}"))
    assert len(drawn) == 2
    for panel in drawn:
        assert re.findall(r'width="([\d.]+)" height="26"', panel.svg) == ["200.0", "120.0", "80.0"] * 2
        assert "Anbuden räcker aldrig: 20 %" in panel.about


def test_the_command_writes_a_table_and_a_figure(tmp_path):
    words = ["dis", "--suppliers", "1..2", "--runs", "10", "--workers", "1", "--out", str(tmp_path / "new")]
    done = CliRunner().invoke(simulate, words)
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"simulated-dis.csv", "simulated-dis.svg"}
    again = CliRunner().invoke(simulate, [*words[:-1], str(tmp_path / "again")])
    assert again.exit_code == 0
    assert (tmp_path / "new/simulated-dis.csv").read_bytes() == (
        tmp_path / "again/simulated-dis.csv"
    ).read_bytes()


@pytest.mark.parametrize("words", [["--suppliers", "1..10000"], ["--runs", "7"], ["--seed", "-3"]])
def test_the_command_says_what_would_work(words, tmp_path):
    done = CliRunner().invoke(simulate, ["dis", *words, "--out", str(tmp_path / "none")])
    assert done.exit_code == 2
    assert "%(" not in done.output
    assert not (tmp_path / "none").exists()
