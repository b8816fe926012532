"""The pages of needs: the grid, the sheet with its preview, and the officer's round."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from dis_making import make_dis
from factories import AT
from need_making import CLOSES, FIRST, WEEKS, make_round, state
from openpyxl import load_workbook

from market.dis.needs.models import NeedLine, NeedRound
from market.dis.needs.operations import close_round
from market.dis.needs.sheet import SHEET


@pytest.fixture
def round_id(session, cast):
    made = make_round(session, cast)
    state(session, cast, made, cast.hub, {(0, FIRST): 1_000})
    session.commit()
    return made.id


def lines(look):
    return {(line.product.name, line.kitchen.name, line.week_on): line.steps for line in look.query(NeedLine)}


def seen_in(page):
    return re.search(r'name="seen" value="(\w+)"', page.text).group(1)


def names_in(page):
    return re.findall(r'<input class="need-grid__amount"[^>]* name="([^"]+)"', page.text)


def test_the_grid_saves_whole_with_a_swedish_comma_and_fills_every_week(client_for, round_id, look):
    client = client_for("kitchen")
    page = client.get(f"/dis/rounds/{round_id}/needs")
    names = names_in(page)
    assert len(names) == 2 * 5
    assert 'value="1"' in page.text
    form = {"seen": seen_in(page), names[0]: "2,5", names[1]: "12,25", names[5]: "", names[6]: "3"}
    assert client.post(f"/dis/rounds/{round_id}/needs", data=form).status_code == 302
    assert lines(look) == {
        ("Morötter", "Centralköket", WEEKS[0]): 12_250,
        **{("Morötter", "Centralköket", week): 2_500 for week in WEEKS[1:]},
        ("Vitkål", "Centralköket", WEEKS[0]): 3,
    }


def test_one_amount_that_can_not_be_read_keeps_nothing_and_shows_where(client_for, round_id, look):
    client = client_for("kitchen")
    page = client.get(f"/dis/rounds/{round_id}/needs")
    names = names_in(page)
    form = {"seen": seen_in(page), names[1]: "12,5", names[2]: "tolv", names[6]: "1,5", names[7]: "-1"}
    answer = client.post(f"/dis/rounds/{round_id}/needs", data=form)
    assert answer.text.count('aria-invalid="true"') == 3
    assert 'value="tolv"' in answer.text
    assert "Inget är sparat" in answer.text
    assert lines(look) == {("Morötter", "Centralköket", FIRST): 1_000}


def test_an_old_page_does_not_overwrite_what_came_after(client_for, round_id, look):
    client = client_for("kitchen")
    page = client.get(f"/dis/rounds/{round_id}/needs")
    form = {"seen": seen_in(page), names_in(page)[1]: "5"}
    client.post(f"/dis/rounds/{round_id}/needs", data=form)
    answer = client.post(f"/dis/rounds/{round_id}/needs", data=form | {names_in(page)[1]: "6"})
    assert "Någon annan har ändrat" in answer.text
    assert lines(look)["Morötter", "Centralköket", FIRST] == 5_000


def test_a_meal_manager_chooses_among_own_kitchens_only(client_for, round_id, cast):
    client = client_for("meal_manager")
    url = f"/dis/rounds/{round_id}/needs"
    assert "Förskolan Rimbo" in client.get(f"{url}?kitchen={cast.satellite.id}").text
    assert client.get(f"{url}?kitchen={cast.other_kitchen.id}").status_code == 404
    assert client_for("kitchen").get(f"{url}?kitchen={cast.satellite.id}").status_code == 404


def test_closed_by_the_clock_and_by_the_officer(client_for, round_id, look, clock):
    client, url = client_for("kitchen"), f"/dis/rounds/{round_id}/needs"
    page = client.get(url)
    clock.at = CLOSES
    form = {"seen": seen_in(page), names_in(page)[1]: "5"}
    assert "Omgången är stängd" in client.post(url, data=form).text
    assert "disabled" in client.get(url).text
    assert lines(look) == {("Morötter", "Centralköket", FIRST): 1_000}


def sheet_with(client, round_id, changes):
    book = load_workbook(BytesIO(client.get(f"/dis/rounds/{round_id}/needs.xlsx").data))
    for cell, value in changes.items():
        book[SHEET][cell] = value
    out = BytesIO()
    book.save(out)
    return {"sheet": (BytesIO(out.getvalue()), "mall.xlsx")}


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text).group(1)


def test_a_sheet_is_previewed_first_and_kept_after(client_for, round_id, look):
    client, url = client_for("meal_manager"), f"/dis/rounds/{round_id}/sheet"
    page = client.post(url, data=sheet_with(client, round_id, {"D4": None, "E4": 7.5, "D6": 2}))
    assert page.status_code == 200
    assert "Det här ändrar filen" in page.text
    assert "7,5" in page.text
    form = {"needs": hidden(page, "needs"), "seen": hidden(page, "seen")}
    assert len(form["needs"].split(";")) == 3
    answer = client.post(f"{url}/keep", data=form, follow_redirects=True)
    assert "3 mängder" in answer.text
    assert lines(look) == {
        ("Morötter", "Centralköket", WEEKS[1]): 7_500,
        ("Morötter", "Förskolan Rimbo", WEEKS[0]): 2_000,
    }


def test_a_preview_keeps_nothing_and_an_error_names_its_place(client_for, round_id, look):
    client, url = client_for("meal_manager"), f"/dis/rounds/{round_id}/sheet"
    page = client.post(url, data=sheet_with(client, round_id, {"D4": 3, "E5": "tolv"}))
    assert "Blad Behov, rad 5, kolumn E: ”tolv”. Det är inget tal." in page.text
    assert 'name="needs"' not in page.text
    assert lines(look) == {("Morötter", "Centralköket", FIRST): 1_000}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a;b;c", "CSV-fil"),
        (b"\xd0\xcf\x11\xe0 old", "gamla formatet .xls"),
        (b"", "Välj den ifyllda filen"),
        (bytes(4_000_000), "för stor"),
    ],
)
def test_another_file_is_told_what_to_do(client_for, round_id, content, text):
    client, url = client_for("meal_manager"), f"/dis/rounds/{round_id}/sheet"
    assert text in client.post(url, data={"sheet": (BytesIO(content), "mall.xlsx")}).text


@pytest.mark.parametrize("needs", ["1,2", "x,y,z,å", "1,1,2027-01-04,-5", "9999,1,2027-01-04,5", "1,1,1,1"])
def test_a_hand_made_preview_keeps_nothing(client_for, round_id, look, needs):
    client, url = client_for("meal_manager"), f"/dis/rounds/{round_id}/sheet"
    seen = seen_in(client.post(url, data=sheet_with(client, round_id, {"D4": 3})))
    answer = client.post(f"{url}/keep", data={"needs": needs, "seen": seen}, follow_redirects=True)
    assert "notice--error" in answer.text
    assert lines(look) == {("Morötter", "Centralköket", FIRST): 1_000}


def new_round(**changed):
    return {
        "request_key": "once",
        "name": "Kål",
        "first_week": "2027-W02",
        "weeks": "2",
        "closes_on": "2026-12-01",
        "closes_s": "12:00",
        "products-0-name": "Grönkål",
        "products-0-unit": "KGM",
        "products-0-description": "Frostnupen",
    } | changed


@pytest.fixture
def category_id(session, cast):
    category = make_dis(session, cast).categories[0].id
    session.commit()
    return category


def test_the_officer_asks_once_however_often_it_is_sent(client_for, category_id, look):
    client, url = client_for("procurement_officer"), f"/dis/categories/{category_id}/rounds/new"
    assert client.get(url).status_code == 200
    first = client.post(url, data=new_round())
    assert client.post(url, data=new_round()).location == first.location
    assert look.query(NeedRound).count() == 1


def test_words_of_place_are_warned_of_until_there_is_a_reason(client_for, category_id, look):
    client, url = client_for("procurement_officer"), f"/dis/categories/{category_id}/rounds/new"
    form = new_round(**{"products-0-description": "Odlad i Tierp"})
    page = client.post(url, data=form)
    assert page.status_code == 200
    assert "LOU 4 kap. 1 §" in page.text
    assert client.post(url, data=form | {"wording_reason": "Köket ligger där."}).status_code == 302
    assert look.query(NeedRound).count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"products-0-name": ""}, {"weeks": "0"}, {"weeks": "tio"}, {"closes_on": "2026-11-01"},
        {"closes_on": "2027-06-01"}, {"first_week": "1999-W01"}, {"products-1-name": "grönkål"}, {"more": "1"},
    ],
)  # fmt: skip
def test_a_round_that_can_not_be_is_explained(client_for, category_id, look, changed):
    client, url = client_for("procurement_officer"), f"/dis/categories/{category_id}/rounds/new"
    assert client.post(url, data=new_round(**changed)).status_code == 200
    assert look.query(NeedRound).count() == 0


def test_closing_and_opening_again_in_the_wrong_state_changes_nothing(client_for, round_id, look):
    client = client_for("procurement_officer")
    reopen = {"closes_on": "2026-12-01", "closes_s": "12:00"}
    assert client.post(f"/dis/rounds/{round_id}/reopen", data=reopen).status_code == 200
    client.post(f"/dis/rounds/{round_id}/close")
    page = client.post(f"/dis/rounds/{round_id}/close", follow_redirects=True)
    assert "notice--error" in page.text
    assert client.post(f"/dis/rounds/{round_id}/reopen", data=reopen).status_code == 302
    assert look.get(NeedRound, round_id).state.value == "open"


def test_the_round_shows_sums_to_those_who_follow(client_for, round_id):
    page = client_for("meal_manager").get(f"/dis/rounds/{round_id}")
    assert "1 av 3 kök" in page.text.replace("\u00a0", " ")
    assert "Lägg ihop till ett avrop" not in page.text
    assert "Lägg ihop till ett avrop" in client_for("procurement_officer").get(f"/dis/rounds/{round_id}").text


def test_lists_of_rounds(client_for, round_id, session, cast):
    del round_id
    assert "Rotfrukter" in client_for("kitchen").get("/dis/needs").text
    close_round(session, need_round=session.query(NeedRound).one(), user_id=None, at=AT + timedelta(days=1))
    session.commit()
    assert "Stängd" in client_for("other_kitchen").get("/dis/needs").text
    assert cast.hub.name
