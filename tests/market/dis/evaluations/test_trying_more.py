"""Trying criteria: sizes, equal competitors, what differs between settings, and how much is tried while someone waits."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.dis.evaluations.inputs import Inputs, deduction, problem_of
from market.dis.evaluations.try_form import EGGS
from market.dis.evaluations.trying import (
    Setting,
    always_alone,
    settings_around,
    try_all,
    try_one,
    twins,
    under,
)
from market.dis.evaluations.trying_compare import differences
from market.dis.evaluations.trying_equals import copied
from market.dis.evaluations.trying_size import MOST_EFFORT, can_join, divided, effort, joined
from market.dis.evaluations.trying_text import read_lots, read_tenders, read_values
from market.dis.systems.rules import TieRule

SHOWN = {"calloff": 0, "per_lot": 1, "split": 1}


def table(values: str, lots: str, tenders: str) -> Inputs:
    read, _ = read_values(values)
    volumes, _ = read_lots(lots)
    bids, wrong = read_tenders(tenders, volumes, read)
    assert wrong == []
    return Inputs(
        lots=tuple(volumes),
        values=tuple(read),
        tenders=tuple(bids),
        opened=tuple(one.sha256 for one in bids),
        tie_rule=TieRule.ADDED_VALUE_THEN_LOT,
        max_suppliers_per_lot=1,
        max_lots_per_supplier=None,
        counts_delivery=False,
    )


def equal(lots: int, tenders: int) -> Inputs:
    rows = [f"S{t}; {lot}; 10" for t in range(tenders) for lot in range(1, lots + 1)]
    return table("", "\n".join(f"Vara {n}; 100" for n in range(lots)), "\n".join(rows))


def only_draw(inputs: Inputs) -> list[str]:
    return [one.supplier for one in copied(inputs) if one.only_draw]


def test_an_equal_seller_of_eggs_can_only_be_drawn_against():
    eggs = table(*EGGS.values())
    assert only_draw(eggs) == ["Leverantör A", "Leverantör B"]


def test_a_value_that_one_lacks_is_what_an_equal_competitor_can_win_by():
    inputs = table(
        "Eko; 10\nTar emot skolklasser; 5",
        "Ägg; 100; st",
        "A; 1; 3; ; ; Eko; Tar emot skolklasser\nB; 1; 3; ; ; Eko",
    )
    assert only_draw(inputs) == ["A"]
    assert [value.name for value in copied(inputs)[1].better] == ["Tar emot skolklasser"]


def test_points_for_samples_may_tell_equals_apart_but_not_when_they_take_nothing_off():
    inputs = table("Smak; 10; 5", "Ägg; 100; st", "A; 1; 3; ; ; Smak 5")
    assert only_draw(inputs) == []
    assert only_draw(under(inputs, Setting(scale=0))) == ["A"]


def test_beyond_a_half_off_more_values_separate_nobody():
    inputs = table("Eko; 50\nBesök; 10", "Ägg; 100; st", "A; 1; 3; ; ; Eko")
    assert only_draw(inputs) == ["A"]


@given(st.sets(st.sampled_from(["Eko", "Besök", "Praktik"])), st.integers(0, 25))
def test_a_copy_is_a_twin_of_what_it_copies_and_better_means_a_lower_comparison(has, share):
    rows = "; ".join(["A; 1; 3; ; ", *sorted(has)])
    values = f"Eko; {share}\nBesök; 5\nPraktik; 20"
    inputs = table(values, "Ägg; 100; st", f"{rows}\n{rows.replace('A', 'B', 1)}")
    assert len(twins(inputs)) == 1
    for better in copied(inputs)[0].better:
        more = table(values, "Ägg; 100; st", f"{rows}; {better.name}").tenders[0]
        assert deduction(inputs, more) > deduction(inputs, inputs.tenders[0])


def test_joined_lots_shut_out_who_can_not_take_all_and_weigh_the_prices_by_volume():
    inputs = table(
        "",
        "Mjöl; 100\nGryn; 300\nÄgg; 10; st",
        "A; 1; 10\nA; 2; 20\nA; 3; 3\nB; 1; 1\nC; 1; 9\nC; 2; 9; ; 200",
    )
    one = joined(inputs)
    assert [(lot.steps, lot.allows_parts) for lot in one.lots] == [
        (400_000, False),
        (10 * one.lots[1].unit.steps, True),
    ]
    assert [(line.lot_id, line.price) for line in one.tenders[0].lines] == [(1, "17.50"), (2, "3.00")]
    assert [tender.lines for tender in one.tenders[1:]] == [(), ()]
    assert try_one(inputs, Setting(joined=True)).only == "A"
    assert not can_join(divided(table("", "Mjöl; 100\nÄgg; 5; st", "A; 1; 1"), 1))


def test_the_sum_of_one_supplier_is_the_same_whether_lots_are_joined_or_not():
    inputs = table("", "Mjöl; 100\nGryn; 300", "A; 1; 10\nA; 2; 20")
    assert try_one(inputs, Setting(joined=True)).cost_ore == try_one(inputs, Setting()).cost_ore == 700_000


def test_without_the_value_that_decides_another_wins():
    inputs = table("Eko; 20", "Mjöl; 100", "A; 1; 11; ; ; Eko\nB; 1; 10")
    tried = try_all(inputs, Setting())
    found = dict(zip((one.setting for one in tried), differences(tried), strict=True))
    changed = found[Setting(without=1)]
    assert (changed.comes, changed.goes, changed.ore) == (("B",), ("A",), -10_000)
    assert found[Setting()] is None


def test_half_the_halves_each_lets_a_second_one_in():
    inputs = table("", "Mjöl; 100", "A; 1; 10\nB; 1; 12")
    tried = try_all(inputs, Setting())
    assert always_alone(tried) is None
    last = differences(tried)[-1]
    assert (last.comes, last.hhi, last.ore, last.open_lots) == (("B",), 5041 - 10_000, 10_000, 0)


def test_settings_too_large_to_try_while_someone_waits_are_left_out_and_settle_nothing():
    assert effort(problem_of(equal(24, 16))) > MOST_EFFORT
    started = time.process_time()
    tried = try_all(equal(24, 16), Setting(per_lot=9))
    assert tried[0].shares is None
    assert differences(tried)[1:] == [None] * (len(tried) - 1)
    assert time.process_time() - started < 8


@pytest.mark.parametrize(("lots", "tenders", "most"), [(1, 2, 1), (2, 5, 2), (3, 4, 3)])
def test_the_effort_grows_with_equals_that_may_share(lots, tenders, most):
    one, more = (problem_of(under(equal(lots, tenders), Setting(per_lot=n))) for n in (1, most + 1))
    assert lots * tenders < effort(one) < effort(more)


def test_every_setting_but_the_last_changes_one_thing():
    names = ("scale", "split", "joined", "without", "per_lot", "rotation")
    chosen = Setting()
    around = settings_around(chosen, table(*EGGS.values()))
    assert around[0] == chosen
    for one in around[1:-1]:
        assert sum(getattr(one, name) != getattr(chosen, name) for name in names) == 1
    assert len(set(around)) == len(around)


def test_the_page_says_what_differs_and_what_an_equal_competitor_meets(client_for, stored):
    rows = EGGS | {
        "lots": "Ägg; 100; st\nVaktelägg; 50; st",
        "tenders": "A; 1; 3\nA; 2; 4\nB; 1; 4; ; ; Ekologisk certifiering",
    }
    page = client_for("procurement_officer").get("/dis/try-criteria?" + urlencode(SHOWN | rows)).text
    for words in (
        "Alla delar som en enda",
        "Utan «Ekologisk certifiering»",
        "B kommer in",
        "B: bara lottning",
        "A: den som också erbjuder Ekologisk certifiering går före",
    ):
        assert words in page
    assert "Exemplet är påhittat" not in page
