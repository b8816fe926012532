"""Trying criteria on yesterday's tenders: rows read, settings changed, concentration, twins, lawful proposals."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from evaluation_making import make_opened
from hypothesis import given
from hypothesis import strategies as st

from market.dis.evaluations.lawful import PROPOSALS, proposals_beside
from market.dis.evaluations.try_form import EGGS
from market.dis.evaluations.trying import (
    Setting,
    Share,
    always_alone,
    concentration,
    settings_around,
    silent,
    try_all,
    try_one,
    twins,
    under,
)
from market.dis.evaluations.trying_text import (
    NO_LOT,
    NO_NUMBER,
    NO_VALUE,
    read_lots,
    read_tenders,
    read_values,
)
from market.dis.rules import CallOffState
from market.dis.systems.wording_check import place_warnings

SHOWN = {"calloff": 0, "per_lot": 1, "split": 1}


def table(values, lots, tenders):
    from market.dis.evaluations.inputs import Inputs
    from market.dis.systems.rules import TieRule

    read, wrong = read_values(values)
    volumes, wrong_lots = read_lots(lots)
    bids, wrong_tenders = read_tenders(tenders, volumes, read)
    assert [wrong, wrong_lots, wrong_tenders] == [[], [], []]
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


def eggs():
    return table(EGGS["values"], EGGS["lots"], EGGS["tenders"])


def test_two_equal_sellers_of_eggs_can_not_be_told_apart_until_something_lawful_does():
    inputs = eggs()
    assert [(pair.one, pair.other) for pair in twins(inputs)] == [("Leverantör A", "Leverantör B")]
    assert [value.name for value in silent(inputs)] == ["Ekologisk certifiering"]
    assert try_one(inputs, Setting()).is_drawn
    visits = table(
        EGGS["values"] + "\nTar emot skolklasser; 5", EGGS["lots"], EGGS["tenders"] + "; Tar emot skolklasser"
    )
    assert twins(visits) == []
    tried = try_one(visits, Setting())
    assert (tried.only, tried.is_drawn) == ("Leverantör B", False)


def test_rotation_and_smaller_lots_let_more_deliver():
    inputs = eggs()
    alone = try_one(inputs, Setting())
    both = try_one(inputs, Setting(split=2, rotation=1))
    assert (alone.hhi, len(alone.shares)) == (10_000, 1)
    assert (both.hhi, len(both.shares), both.whole_lots) == (5_000, 2, 2)


def test_one_who_always_wins_everything_is_found():
    inputs = table("", "Mjöl; 100", "A; 1; 10\nB; 1; 12")
    tried = [
        one for one in try_all(inputs, Setting()) if one.setting.rotation is None and one.setting.split == 1
    ]
    assert always_alone(tried) == "A"
    assert always_alone(try_all(inputs, Setting())) is None, "with two halves and one each, B gets one"


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=9))
def test_the_concentration_is_between_that_of_equals_and_of_one(parts):
    index = concentration([Share(str(n), part, 1) for n, part in enumerate(parts)])
    assert round(10_000 / len(parts)) - 1 <= index <= 10_000


def test_the_concentration_of_what_is_free_is_that_of_the_lots():
    assert concentration([Share("A", 0, 1), Share("B", 0, 1)]) == 5_000
    assert concentration([]) == 0


@given(split=st.integers(1, 4), kilos=st.integers(1, 50))
def test_parts_of_a_lot_are_together_the_whole(split, kilos):
    inputs = table("", f"Mjöl; {kilos}", "A; 1; 10; 1; 7" if kilos >= 7 else "A; 1; 10")
    changed = under(inputs, Setting(split=split))
    assert sum(lot.steps for lot in changed.lots) == kilos * 1000
    assert all(line.min_steps <= line.max_steps for t in changed.tenders for line in t.lines)
    most = sum(line.max_steps for t in changed.tenders for line in t.lines)
    assert most <= max(sum(line.max_steps for t in inputs.tenders for line in t.lines), len(changed.lots))


def test_more_deduction_never_passes_a_half():
    inputs = table("Smak; 40; 5", "Mjöl; 10", "A; 1; 10; ; ; Smak 5")
    assert under(inputs, Setting(scale=200)).values[0].max_bp == 5_000


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("A; 9; 10", NO_LOT),
        ("A; 1; tio", NO_NUMBER),
        ("A; 1; -3", NO_NUMBER),
        ("A; 1; NaN", NO_NUMBER),
        ("A; 1; 10; ; ; Nära", NO_VALUE),
    ],
)
def test_a_row_that_can_not_be_read_is_named(rows, why):
    lots, _ = read_lots("Mjöl; 100")
    _, errors = read_tenders("B; 1; 9\n\n" + rows, lots, [])
    assert [(error.row, error.why) for error in errors] == [(3, why)]


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text):
    read_values(text)
    lots, _ = read_lots("Mjöl; 100\n" + text)
    read_tenders(text, lots, [])


def test_no_proposal_has_to_do_with_where_anyone_is():
    for one in PROPOSALS:
        assert place_warnings(f"{one.name}. {one.how}") == []
    left = proposals_beside(["Smak", "Tar emot skolklasser"])
    assert len(left) == len(PROPOSALS) - 2


def test_settings_are_changed_one_at_a_time():
    chosen = Setting(per_lot=2)
    for one in settings_around(chosen)[1:-1]:
        differ = [
            name
            for name in ("scale", "split", "per_lot", "rotation")
            if getattr(one, name) != getattr(chosen, name)
        ]
        assert len(differ) == 1
    assert replace(chosen) == settings_around(chosen)[0]


def test_the_page_teaches_with_an_example_and_all_of_it_is_in_the_address(client_for, stored):
    officer = client_for("procurement_officer")
    page = officer.get("/dis/try-criteria").text
    assert "Leverantör A" in page
    shown = officer.get("/dis/try-criteria?" + urlencode(SHOWN | EGGS)).text
    assert "Bara lottning skiljer" in shown
    assert "Tar emot praktikanter" in shown
    assert "10 000" in shown.replace("\N{NO-BREAK SPACE}", " ")


def test_what_can_not_be_read_is_explained_by_row(client_for, stored):
    wrong = EGGS | {"tenders": "A; 7; 3", "values": "Smak; 80"}
    page = client_for("procurement_officer").get("/dis/try-criteria?" + urlencode(SHOWN | wrong)).text
    assert "Rad 1: avdraget ska vara mellan 0 och 50 procent." in page
    assert (
        "Skriv ett heltal mellan 1 och 9."
        in client_for("procurement_officer")
        .get("/dis/try-criteria?" + urlencode(SHOWN | EGGS | {"per_lot": 0}))
        .text
    )


def test_a_criterion_that_names_a_place_is_warned_of(client_for, stored):
    page = (
        client_for("procurement_officer")
        .get(
            "/dis/try-criteria?"
            + urlencode(SHOWN | EGGS | {"values": "Odlat i Tierp; 10\nEkologisk certifiering; 10"})
        )
        .text
    )
    assert "LOU 4 kap. 1 §" in page


def test_past_tenders_are_tried_and_only_ones_own_and_only_when_opened(client_for, session, cast):
    calloff = make_opened(session, cast)
    session.commit()
    asked = "/dis/try-criteria?" + urlencode(SHOWN | {"calloff": calloff.id, "keep": 1})
    page = client_for("procurement_officer").get(asked).text
    assert "Åkerbo gård" in page
    assert "Tar emot skolklasser; 10" in page
    assert "Åkerbo" not in client_for("other_officer").get(asked).text
    calloff.state = CallOffState.INVITED
    session.commit()
    assert "Åkerbo" not in client_for("procurement_officer").get(asked).text
