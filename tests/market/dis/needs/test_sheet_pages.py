"""The sheet on its pages: who gets which kitchens, and what happens between the preview and the keeping."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from need_making import CLOSES, FIRST, WEEKS, make_round, state
from openpyxl import load_workbook

from market.dis.needs.models import NeedLine
from market.dis.needs.sheet import SHEET


@pytest.fixture
def round_id(session, cast):
    made = make_round(session, cast)
    state(session, cast, made, cast.hub, {(0, FIRST): 1_000})
    session.commit()
    return made.id


def template(client, round_id):
    return client.get(f"/dis/rounds/{round_id}/needs.xlsx").data


def sent(data, changes, name="Behov Östervåla.xlsx"):
    book = load_workbook(BytesIO(data))
    for cell, value in changes.items():
        book[SHEET][cell] = value
    out = BytesIO()
    book.save(out)
    return {"sheet": (BytesIO(out.getvalue()), name)}


def read(client, round_id, data, changes):
    return client.post(f"/dis/rounds/{round_id}/sheet", data=sent(data, changes))


def hidden(page):
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', page.text).group(1) for name in ("needs", "seen")
    }


def keep(client, round_id, form):
    return client.post(f"/dis/rounds/{round_id}/sheet/keep", data=form, follow_redirects=True)


def amounts(look):
    look.rollback()
    return {(line.kitchen.name, line.week_on): line.steps for line in look.query(NeedLine)}


BEFORE = {("Centralköket", FIRST): 1_000}


@pytest.mark.parametrize(
    ("who", "kitchens"),
    [
        ("kitchen", {"Centralköket"}),
        ("satellite", {"Förskolan Rimbo"}),
        ("meal_manager", {"Centralköket", "Förskolan Rimbo"}),
        ("other_meal_manager", {"Vallentunaköket"}),
    ],
)
def test_each_gets_the_kitchens_that_they_answer_for(client_for, round_id, who, kitchens):
    sheet = load_workbook(BytesIO(template(client_for(who), round_id)))[SHEET]
    assert {row[0].value for row in sheet.iter_rows(min_row=4)} == kitchens


@pytest.mark.parametrize("who", ["producer", "logistics_planner", "admin"])
def test_others_get_none(client_for, round_id, who):
    client = client_for(who)
    assert client.get(f"/dis/rounds/{round_id}/needs.xlsx").status_code == 403
    assert client.get(f"/dis/rounds/{round_id}/sheet").status_code == 403
    assert client.post(f"/dis/rounds/{round_id}/sheet/keep").status_code == 403


def test_the_sheet_of_another_kitchen_is_refused_row_by_row(client_for, round_id, look):
    theirs = template(client_for("other_meal_manager"), round_id)
    page = read(client_for("meal_manager"), round_id, theirs, {"D4": 9})
    assert page.text.count("hör inte till dem som du svarar för") == 2
    assert 'name="needs"' not in page.text
    assert amounts(look) == BEFORE


def test_no_forged_preview_writes_in_another_kitchen(client_for, round_id, look, cast):
    client = client_for("kitchen")
    form = hidden(read(client, round_id, template(client, round_id), {"D4": 9}))
    product, _, week, steps = form["needs"].split(",")
    for kitchen in (cast.satellite, cast.other_kitchen):
        page = keep(client, round_id, form | {"needs": f"{product},{kitchen.id},{week},{steps}"})
        assert "notice--error" in page.text
        assert kitchen.name not in page.text
    assert amounts(look) == BEFORE


def test_the_round_closes_between_the_preview_and_the_keeping(client_for, round_id, look, clock):
    client = client_for("kitchen")
    form = hidden(read(client, round_id, template(client, round_id), {"D4": 9}))
    clock.at = CLOSES
    assert "Omgången är stängd, så behoven kan inte ändras" in keep(client, round_id, form).text
    assert "Läs filen" not in client.get(f"/dis/rounds/{round_id}/sheet").text
    assert amounts(look) == BEFORE


def test_what_somebody_changed_meanwhile_is_not_overwritten(client_for, round_id, look):
    client, other = client_for("kitchen"), client_for("meal_manager")
    form = hidden(read(client, round_id, template(client, round_id), {"D4": 9}))
    first = hidden(read(other, round_id, template(other, round_id), {"E4": 2}))
    assert "notice--success" in keep(other, round_id, first).text
    assert "Någon annan har ändrat" in keep(client, round_id, form).text
    assert amounts(look) == BEFORE | {("Centralköket", WEEKS[1]): 2_000}


def test_kept_twice_is_kept_once(client_for, round_id, look):
    client = client_for("kitchen")
    form = hidden(read(client, round_id, template(client, round_id), {"D4": 9}))
    keep(client, round_id, form)
    assert "Någon annan har ändrat" in keep(client, round_id, form).text
    assert amounts(look) == {("Centralköket", FIRST): 9_000}


def test_a_closed_round_reads_no_file_that_is_sent_all_the_same(client_for, round_id, clock):
    client = client_for("kitchen")
    data = template(client, round_id)
    clock.at = CLOSES
    page = read(client, round_id, data, {"D4": 9})
    assert "Omgången är stängd" in page.text
    assert 'name="needs"' not in page.text


def test_errors_show_what_stands_in_the_cell(client_for, round_id):
    client = client_for("kitchen")
    page = read(client, round_id, template(client, round_id), {"D4": "12.50", "E4": "=1+1", "F4": "<b>"})
    assert "rad 4, kolumn D: ”12.50”. Skriv decimaler med komma" in page.text
    assert "”=1+1”. Cellen har en formel" in page.text
    assert "”&lt;b&gt;”. Det är inget tal" in page.text
