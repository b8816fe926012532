"""The sheet: out with locked headings, back in with every error in its place, and nothing half-kept."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from datetime import date
from io import BytesIO
from time import perf_counter

import pytest
from factories import MONDAY
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from market.dis.needs import sheet_errors as wrong
from market.dis.needs.rules import Cell, NegativeNeed, NotWholePieces, TooExact, TooMuchNeeded, weeks_from
from market.dis.needs.sheet import FIRST_ROW, SHEET, Product, Shape, week_in, week_title
from market.dis.needs.sheet_reading import read_sheet
from market.dis.needs.sheet_writing import need_sheet
from market.formatting import DotInNumber
from market.sheets import errors
from market.sheets.opening import MOST_BYTES
from market.values import Refused, Unit

WEEKS = weeks_from(date(2026, 12, 21), date(2027, 1, 18))
CARROTS, CABBAGE = Product(7, "Morötter", Unit.KILOGRAM, "Tvättade"), Product(8, "=Kål", Unit.PIECE)
KITCHENS = {1: "Centralköket", 2: "+Förskolan Rimbo"}


def shape(stated=None, **changed):
    return Shape(
        **{
            "round_id": 12,
            "name": "Rotfrukter",
            "products": [CARROTS, CABBAGE],
            "kitchens": KITCHENS,
            "weeks": WEEKS,
            "stated": stated or {},
        }
        | changed
    )


def filled(changes=(), *, of=None):
    """The template with values put in by the cell's name; a callable changes the sheet itself."""
    book = load_workbook(BytesIO(need_sheet(of or shape())))
    for change in changes:
        if callable(change):
            change(book[SHEET])
        else:
            book[SHEET][change[0]] = change[1]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def error_of(data):
    """The one error, with its place."""
    reading = read_sheet(data, shape())
    assert len(reading.errors) == 1, reading.errors
    one = reading.errors[0]
    return one.sheet, f"{one.column}{one.row}", one.message


def test_headings_are_locked_and_amounts_are_not():
    sheet = load_workbook(BytesIO(need_sheet(shape())))[SHEET]
    assert sheet.protection.sheet
    assert [cell.value for cell in sheet[3]] == [
        "Kök", "Vara", "Enhet", "Vecka 52 2026", "Vecka 53 2026", "Vecka 1 2027", "Vecka 2 2027",
    ]  # fmt: skip
    assert all(sheet.cell(row, column).protection.locked for row in range(1, 4) for column in range(1, 8))
    assert all(sheet.cell(FIRST_ROW, column).protection.locked for column in (1, 2, 3))
    assert not any(sheet.cell(FIRST_ROW, column).protection.locked for column in range(4, 8))


def test_a_name_that_begins_as_a_formula_stays_a_name():
    sheet = load_workbook(BytesIO(need_sheet(shape())))[SHEET]
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=Kål", "s")
    assert sheet["A6"].data_type == "s"


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([Cell(p, k, w) for p in (7, 8) for k in KITCHENS for w in WEEKS]),
        st.integers(1, 20_000),
    )
)
def test_what_goes_out_comes_back_the_same(stated):
    reading = read_sheet(need_sheet(shape(stated)), shape())
    assert not reading.errors
    assert {cell: steps for cell, steps in reading.needs.items() if steps} == stated


@given(st.dates(date(2000, 1, 1), date(2100, 12, 1)).map(lambda day: weeks_from(day, date(2101, 1, 3))))
@settings(max_examples=30)
def test_every_week_reads_as_it_is_written(weeks):
    monday = MONDAY if not weeks else weeks[0].fromisocalendar(*weeks[0].isocalendar()[:2], 1)
    assert week_in(week_title(monday)) == monday


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        (12, 12_000), (12.5, 12_500), (0.1 + 0.2, 300), ("12,5", 12_500), (" 1 250 ", 1_250_000),
        ("1\u00a0250,5", 1_250_500), (0, 0), ("", 0), (None, 0), ("   ", 0), ("20000", 20_000_000),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_and_excel_write_them(value, steps):
    reading = read_sheet(filled([("D4", value)]), shape())
    assert not reading.errors
    assert reading.needs[Cell(7, 1, WEEKS[0])] == steps


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, NegativeNeed.message), ("-3", NegativeNeed.message), (20_000.001, TooMuchNeeded.message),
        (1e300, TooMuchNeeded.message), (10**30, TooMuchNeeded.message), (0.0001, TooExact.message),
        ("=SUM(D5:D6)", wrong.FORMULA), ("#DIV/0!", wrong.FAULTY), (True, wrong.IS_TRUTH),
        (date(2026, 12, 5), wrong.IS_DATE), ("tolv", wrong.NO_NUMBER), ("12 kg", wrong.NO_NUMBER),
        ("12.5", DotInNumber.message), ("12.50", DotInNumber.message), ("1.500", DotInNumber.message),
        ("1,2,3", wrong.NO_NUMBER), ("1e5", wrong.NO_NUMBER), ("٣", wrong.NO_NUMBER),
        ("²", wrong.NO_NUMBER),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_told_where_it_stands(value, message):
    assert error_of(filled([("E4", value)])) == (SHEET, "E4", message)


def test_half_a_cabbage_and_a_percentage_are_told():
    assert error_of(filled([("D5", 1.5)])) == (SHEET, "D5", NotWholePieces.message)

    def as_percent(sheet):
        sheet["D4"] = 0.5
        sheet["D4"].number_format = "0%"

    assert error_of(filled([as_percent])) == (SHEET, "D4", wrong.IS_PERCENT)


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (("A4", "Skolan i Tierp"), "A4", wrong.UNKNOWN_KITCHEN),
        (("A4", None), "A4", wrong.NO_KITCHEN),
        (("B4", "Rödbetor"), "B4", wrong.UNKNOWN_PRODUCT),
        (("B4", None), "B4", wrong.NO_PRODUCT),
        (("C4", "ton"), "C4", wrong.WRONG_UNIT),
        (("B5", "Morötter"), "C5", wrong.WRONG_UNIT),
        (("D3", "Vecka 51 2026"), "D3", wrong.UNKNOWN_WEEK),
        (("D3", "Vecka 99 2026"), "D3", wrong.UNKNOWN_WEEK),
        (("E3", "v. 52 2026"), "E3", wrong.WEEK_TWICE),
        (("H4", 5), "H3", wrong.NO_WEEK),
        (lambda sheet: sheet.merge_cells("D4:E4"), "D4", wrong.MERGED),
        (lambda sheet: sheet.merge_cells("A4:A5"), "A4", wrong.MERGED),
    ],
)
def test_names_weeks_and_merged_cells(change, place, message):
    assert error_of(filled([change])) == (SHEET, place, message)


def test_the_same_kitchen_and_product_on_two_rows():
    assert error_of(filled([("B5", "Morötter"), ("C5", "kg")])) == (SHEET, "A5", wrong.ROW_TWICE)


def test_names_are_compared_without_case_and_spaces_and_rows_may_be_left_out():
    data = filled([("A4", "  centralKÖKET "), ("D4", 5), lambda sheet: sheet.delete_rows(5, 3)])
    reading = read_sheet(data, shape())
    assert not reading.errors
    assert set(reading.needs) == {Cell(7, 1, week) for week in WEEKS}


def test_all_errors_are_told_at_once():
    data = filled([("D4", -1), ("E4", "x"), ("D5", 0.5), ("A6", "Någonstans")])
    assert len(read_sheet(data, shape()).errors) == 4


def test_the_sheet_of_another_round_or_kitchen():
    with pytest.raises(wrong.OtherRound):
        read_sheet(filled(of=shape(round_id=13)), shape())
    reading = read_sheet(filled(of=shape(kitchens={9: "Vallentunaköket"})), shape())
    assert {one.message for one in reading.errors} == {wrong.UNKNOWN_KITCHEN}


def test_another_workbook():
    out = BytesIO()
    Workbook().save(out)
    with pytest.raises(errors.NoSuchSheet):
        read_sheet(out.getvalue(), shape())


def zipped(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), errors.OldExcel),
        ("Kök;Vara;Enhet\nCentralköket;Morötter;kg".encode(), errors.NotExcel),
        (b"", errors.NotExcel),
        (b"%PDF-1.7", errors.NotExcel),
        (b"PK\x03\x04 not a zip", errors.NotASheet),
        (zipped(a="b"), errors.NotASheet),
        (bytes(MOST_BYTES + 1), errors.TooLargeFile),
        (zipped(**{f"p{n}": "" for n in range(201)}), errors.TooLargeFile),
    ],
)
def test_what_is_no_sheet_is_told_what_to_do(data, refusal):
    with pytest.raises(refusal):
        read_sheet(data, shape())


def test_a_bomb_is_not_unpacked():
    bomb = zipped(**{"xl/worksheets/sheet1.xml": b"0" * 30_000_000})
    assert len(bomb) < MOST_BYTES
    started = perf_counter()
    with pytest.raises(errors.TooLargeFile):
        read_sheet(bomb, shape())
    assert perf_counter() - started < 1


def test_a_part_that_lies_about_its_size_is_not_unpacked_either():
    data = bytearray(zipped(**{"[Content_Types].xml": b" " * 20_000_000}))
    size = (20_000_000).to_bytes(4, "little")
    lied = bytes(data).replace(size, (100).to_bytes(4, "little"))
    with pytest.raises(errors.NotASheet):
        read_sheet(lied, shape())


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_are_not_expanded(part):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{levels}]><x><t>&e9;</t></x>'
    source = zipfile.ZipFile(BytesIO(need_sheet(shape())))
    parts = {name: source.read(name) for name in source.namelist()} | {part: bomb}
    started = perf_counter()
    with suppress(Refused):  # refused where it is read at all
        assert not any(read_sheet(zipped(**parts), shape()).needs.values())
    assert perf_counter() - started < 1


def test_a_cell_at_the_far_corner_costs_nothing_and_is_told_of():
    errors = read_sheet(filled([("XFD1048576", 1)]), shape()).errors
    places = {(f"{one.column}{one.row}", one.message) for one in errors}
    assert ("XFD3", wrong.NO_WEEK) in places
    assert ("A1048576", wrong.NO_KITCHEN) in places
