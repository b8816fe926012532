"""Kitchens and vehicles from Excel: out, in, every error in its place, all of it or nothing."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from factories import AT, HOUR
from openpyxl import load_workbook
from sqlalchemy import func, select

from geodata.geocoders import chain
from market.audit import AuditEvent
from market.db import open_session
from market.fleet import sheet_reading
from market.fleet.models import Vehicle
from market.fleet.rules import NoCapacity, SourceMissing
from market.fleet.sheet import KITCHENS, VEHICLES
from market.fleet.sheet_cells import IsFormula, NoClock, NoDays, NoHours, NoNumber, NoYes
from market.fleet.sheet_operations import import_rows, planned_import, there_is
from market.fleet.sheet_reading import read_workbook
from market.fleet.sheet_writing import fleet_workbook
from market.register.admin_operations import ServesSatellites
from market.register.models import Kitchen
from market.register.places import PlaceNotFound
from market.register.rules import PortionsOutOfRange, WindowEndsBeforeItBegins, WindowsOverlap

NEW_KITCHEN = [
    "Skola",
    "Centralköket",
    "Skolgatan 1",
    "59.76, 18.71",
    "mån–fre 07:00–11:00; ons 13–15",
    "Bakdörren",
    1200,
]
NEW_VAN = [
    "Van 2", "Kommunens bilar", "Garaget", "Norrtälje", 900, "80", None, None, 40, 20, "mån–fre", "06:00", "14:30",
    200.5, "4,50", 300, 210, "Antagande", "ja", None,
]  # fmt: skip
UNSOUND = [
    (KITCHENS, "A", None, sheet_reading.MISSING),
    (KITCHENS, "B", "Köket som inte finns", sheet_reading.UNKNOWN_HUB),
    (KITCHENS, "D", "Ingenstans alls", PlaceNotFound.message),
    (KITCHENS, "E", "mån 11:00–07:00", WindowEndsBeforeItBegins.message),
    (KITCHENS, "E", "mån 7–11; mån 10–12", WindowsOverlap.message),
    (KITCHENS, "E", "på morgonen", NoHours.message),
    (KITCHENS, "G", 0, PortionsOutOfRange.message),
    (VEHICLES, "B", "Åkeriet", sheet_reading.UNKNOWN_CARRIER),
    (VEHICLES, "E", 0, NoCapacity.message),
    (VEHICLES, "E", None, sheet_reading.MISSING),
    (VEHICLES, "F", "många", NoNumber.message),
    (VEHICLES, "F", "=1+1", IsFormula.message),
    (VEHICLES, "K", "varje dag", NoDays.message),
    (VEHICLES, "L", "gryning", NoClock.message),
    (VEHICLES, "M", "05:00", WindowEndsBeforeItBegins.message),
    (VEHICLES, "R", None, SourceMissing.message),
    (VEHICLES, "S", "kanske", NoYes.message),
]


@pytest.fixture
def planner(session, fleet, client_for):
    session.commit()
    return client_for("logistics_planner")


def filled(data, rows):
    """The workbook with more rows, by sheet."""
    book = load_workbook(BytesIO(data))
    for title, added in rows.items():
        for row in added:
            book[title].append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sent(client, data):
    return client.post("/fleet/sheet", data={"sheet": (BytesIO(data), "fil.xlsx")})


def keep(client, page):
    fields = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1] for name in ("content", "seen")
    }
    return client.post("/fleet/sheet/keep", data=fields)


def template(client):
    return client.get("/fleet/sheet.xlsx").data


def count(engine, kind):
    with open_session(engine, writes=False) as session:
        return session.scalar(select(func.count()).select_from(kind))


def read(session, cast, data):
    there = there_is(session, authority=cast.authority)
    return there, read_workbook(data, there.known(), chain())


def own_workbook(session, cast):
    there = there_is(session, authority=cast.authority)
    return fleet_workbook(list(there.kitchens.values()), list(there.vehicles.values()))


def test_what_goes_out_comes_back_as_nothing_changed(session, cast, fleet):
    there, reading = read(session, cast, own_workbook(session, cast))
    assert (reading.errors, len(reading.kitchens), len(reading.vehicles)) == ([], 2, 1)
    plan = planned_import(there=there, reading=reading)
    assert (plan.kitchens, plan.vehicles, plan.errors) == ([], [], [])


def test_new_rows_are_shown_and_then_kept(planner, engine):
    page = sent(planner, filled(template(planner), {KITCHENS: [NEW_KITCHEN], VEHICLES: [NEW_VAN]}))
    assert "Spara 2 rader" in page.text
    assert (count(engine, Kitchen), count(engine, Vehicle)) == (3, 1)
    assert keep(planner, page).status_code == 302
    with open_session(engine, writes=False) as session:
        school = session.scalars(select(Kitchen).where(Kitchen.name == "Skola")).one()
        van = session.scalars(select(Vehicle).where(Vehicle.name == "Van 2")).one()
        assert school.hub is not None
        assert school.portions == 1_200
        assert (school.hub.name, school.loading_note, len(school.windows)) == ("Centralköket", "Bakdörren", 6)
        assert (van.weekdays, van.shift_ends_s, van.ore_per_km, van.has_tail_lift) == (
            "12345",
            52_200,
            450,
            True,
        )
        assert [(part.temperatures, part.capacity_crates) for part in van.compartments] == [
            (("chilled",), 40),
            (("frozen",), 20),
        ]
    assert "säger samma sak" in sent(planner, template(planner)).text


def test_a_known_name_is_changed_and_keeps_what_the_file_can_not_say(planner, engine):
    book = load_workbook(BytesIO(template(planner)))
    book[VEHICLES]["F4"] = 90
    book[VEHICLES].delete_cols(17, 2)
    out = BytesIO()
    book.save(out)
    assert keep(planner, sent(planner, out.getvalue())).status_code == 302
    with open_session(engine, writes=False) as session:
        van = session.scalars(select(Vehicle)).one()
        assert (van.capacity_crates, van.co2e_g_per_km, van.emission_source) == (
            90,
            210,
            "Tillverkarens blad",
        )
        assert len(van.compartments) == 2
        assert van.shift_starts_s == 6 * HOUR


@pytest.mark.parametrize(("sheet", "column", "value", "message"), UNSOUND)
def test_each_error_is_told_with_sheet_row_and_column(session, cast, fleet, sheet, column, value, message):
    row = dict(zip("ABCDEFGHIJKLMNOPQRST", NEW_KITCHEN if sheet == KITCHENS else NEW_VAN, strict=False))
    book = load_workbook(BytesIO(own_workbook(session, cast)))
    at = book[sheet].max_row + 1
    for letter, content in (row | {column: value}).items():
        book[sheet][f"{letter}{at}"] = content
    out = BytesIO()
    book.save(out)
    _, reading = read(session, cast, out.getvalue())
    assert [(one.sheet, one.row, one.column, one.message) for one in reading.errors] == [
        (sheet, at, column, message)
    ]


def test_a_name_twice_and_a_vehicle_of_another_are_told(session, cast, fleet):
    again = ["kylbilen", *NEW_VAN[1:]]
    _, reading = read(session, cast, filled(own_workbook(session, cast), {VEHICLES: [again]}))
    assert [(one.message, one.params) for one in reading.errors] == [(sheet_reading.TWICE, {"first": 4})]


def test_with_one_error_nothing_is_kept_and_the_page_says_where(planner, engine):
    page = sent(planner, filled(template(planner), {KITCHENS: [NEW_KITCHEN, ["Utan läge"]]}))
    assert "Blad Kök, rad 7, kolumn D:" in page.text
    assert 'name="content"' not in page.text
    assert count(engine, Kitchen) == 3


def test_what_changed_in_between_is_shown_anew(planner, engine):
    page = sent(planner, filled(template(planner), {VEHICLES: [NEW_VAN]}))
    keep(planner, page)
    before = count(engine, AuditEvent)
    again = keep(planner, page)
    assert again.status_code == 200
    assert "säger samma sak" in again.text
    assert count(engine, AuditEvent) == before


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 broken", b"namn;kilo", b"\xd0\xcf\x11\xe0old", b"", b"x" * 1_500_001]
)
def test_hostile_files_are_refused_with_words(planner, engine, data):
    page = sent(planner, data)
    assert page.status_code == 200
    assert "Rätta det här och försök igen" in page.text
    assert planner.post("/fleet/sheet/keep", data={"content": "inte base64", "seen": "x"}).status_code == 200
    assert count(engine, Vehicle) == 1


def test_two_thousand_kitchens_are_read_at_once_and_more_than_that_refused(session, cast, fleet):
    many = [[f"Kök {n}", None, None, "59.76, 18.71", "mån–fre 7–11", None] for n in range(2_000)]
    there, reading = read(session, cast, filled(own_workbook(session, cast), {KITCHENS: many}))
    assert reading.errors == []
    assert len(planned_import(there=there, reading=reading).kitchens) == 2_000
    with pytest.raises(sheet_reading.TooManyRowsInSheet):
        read(session, cast, filled(own_workbook(session, cast), {KITCHENS: many + [["x"]] * 600}))


def test_a_kitchen_that_others_get_goods_from_stays_one_that_takes_in(session, cast, fleet):
    """Also when the others are not in the file."""
    there = there_is(session, authority=cast.authority)
    hub = fleet_workbook([cast.hub], [])
    book = load_workbook(BytesIO(filled(hub, {KITCHENS: [["Nya köket", None, None, "59.76, 18.71"]]})))
    book[KITCHENS]["B4"] = "Nya köket"
    out = BytesIO()
    book.save(out)
    reading = read_workbook(out.getvalue(), there.known(), chain())
    plan = planned_import(there=there, reading=reading)
    with pytest.raises(ServesSatellites):
        import_rows(session, there=there, plan=plan, seen=plan.fingerprint(), actor=fleet.planner, at=AT)


def test_a_formula_in_a_name_goes_out_as_text(session, cast, fleet):
    fleet.van.name = "=1+1"
    session.flush()
    there, reading = read(session, cast, own_workbook(session, cast))
    assert reading.errors == []
    assert planned_import(there=there, reading=reading).vehicles == []
