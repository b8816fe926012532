"""A file that is sent in as a sheet: whatever it claims of itself, it is read in little time or refused with words."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from market.dis.needs import sheet_errors as wrong
from market.dis.needs.rules import Cell, weeks_from
from market.dis.needs.sheet import SHEET, Product, Shape
from market.dis.needs.sheet_reading import read_sheet
from market.dis.needs.sheet_writing import need_sheet
from market.sheets import errors, opening
from market.sheets.opening import MOST_OTHER, MOST_UNPACKED, opened_sheet
from market.values import Unit, Week

WEEK = Week(2027, 1).monday
SHAPE = Shape(
    round_id=12,
    name="Rotfrukter",
    products=[Product(7, "Morötter", Unit.KILOGRAM)],
    kitchens={1: "Köket på Östervåla"},
    weeks=weeks_from(WEEK, Week(2027, 3).monday),
)
PART = "xl/worksheets/sheet1.xml"


def parts_of(data):
    with zipfile.ZipFile(BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def template(changes=None, *, rows=b"", after=b""):
    """The template with parts replaced, rows added, and something written after the rows."""
    parts = parts_of(need_sheet(SHAPE))
    end = b"</sheetData>"
    parts[PART] = parts[PART].replace(end, rows + end + after)
    return packed(parts | (changes or {}))


def only_error(data):
    reading = read_sheet(data, SHAPE)
    assert len(reading.errors) == 1, reading.errors
    return reading.errors[0]


@pytest.mark.parametrize("area", ["A4:XFD1048576", "A3:B3"])
def test_a_merge_over_the_whole_sheet_is_one_error_and_no_cells(area):
    merged = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    error = only_error(template(after=merged))
    assert (error.message, error.params["cells"]) == (wrong.MERGED, area)


def test_a_link_over_the_whole_sheet_makes_no_cells():
    link = b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'
    assert len(opened_sheet(template(after=link), SHEET).rows) == 4


@pytest.mark.parametrize(
    "damage",
    [
        {"rows": b"<row/>" * 101},
        {"rows": b"<row>" + b"<c/>" * 1_001 + b"</row>"},
        {"rows": b"<row/>" * (MOST_UNPACKED // 6)},
        {"after": b"<mergeCells>" + b'<mergeCell ref="A9:B9"/>' * 1_001 + b"</mergeCells>"},
        {"changes": {"xl/styles.xml": b" " * (MOST_OTHER + 1)}},
    ],
    ids=["empty rows", "empty cells", "unpacked", "merged", "styles"],
)
def test_more_than_a_template_can_hold_is_refused(damage, monkeypatch):
    monkeypatch.setattr(opening, "MOST_ROWS", 100)
    monkeypatch.setattr(opening, "MOST_CELLS", 1_000)
    assert opened_sheet(template(), SHEET)
    with pytest.raises(errors.TooLargeFile):
        opened_sheet(template(**damage), SHEET)


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="9"><c r="A9"><v>nan</v></c></row>',
        b'<row r="9"><c r="A9"><v>' + b"9" * 5_000 + b"</v></c></row>",
        b'<row r="9"><c r="A9" t="s"><v>9999</v></c></row>',
        b'<row r="9"><c r="A9" s="9999"><v>1</v></c></row>',
        b'<row r="9"><c r="?"><v>1</v></c></row>',
        b'<row r="9"><c>',
    ],
)
def test_a_sheet_that_is_broken_inside_is_refused_with_words(row):
    with pytest.raises(errors.NotASheet):
        opened_sheet(template(rows=row), SHEET)


def test_infinity_and_a_row_far_down_are_told_of():
    far = b'<row r="999999999"><c r="A999999999"><v>1e999</v></c></row>'
    errors = read_sheet(template(rows=far), SHAPE).errors
    assert {one.row for one in errors} == {999_999_999}


def test_macros_are_left_alone():
    parts = parts_of(template())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with_macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = parts["[Content_Types].xml"].replace(kind.encode(), with_macros.encode())
    data = template({"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)})
    assert not read_sheet(data, SHAPE).errors


def test_names_survive_another_encoding():
    parts = parts_of(template())
    text = parts[PART].decode().replace("&#214;sterv&#229;la", "Östervåla")
    assert text.startswith("<worksheet")
    assert "Östervåla" in text
    data = template({PART: b'<?xml version="1.0" encoding="windows-1252"?>' + text.encode("cp1252")})
    reading = read_sheet(data, SHAPE)
    assert not reading.errors
    assert Cell(7, 1, WEEK) in reading.needs


def test_a_name_with_a_control_sign_goes_out_and_comes_back():
    odd = Shape(
        round_id=12, name="A\x07B", products=[Product(7, "Morötter\x0btvättade", Unit.KILOGRAM)],
        kitchens={1: "Kök\x00et"}, weeks=[WEEK], stated={Cell(7, 1, WEEK): 12_500},
    )  # fmt: skip
    reading = read_sheet(need_sheet(odd), odd)
    assert not reading.errors
    assert reading.needs == odd.stated


def test_two_names_that_differ_in_case_only_are_never_mixed_up():
    alike = Shape(
        round_id=12, name="Rotfrukter", products=SHAPE.products, kitchens={1: "Köket A", 2: "köket a"},
        weeks=[WEEK], stated={Cell(7, 1, WEEK): 1_000, Cell(7, 2, WEEK): 2_000},
    )  # fmt: skip
    assert read_sheet(need_sheet(alike), alike).needs == alike.stated
    parts = parts_of(need_sheet(alike))
    parts[PART] = parts[PART].replace(b"K&#246;ket A", b"K&#246;KET A")
    reading = read_sheet(packed(parts), alike)
    assert [one.message for one in reading.errors] == [wrong.UNKNOWN_KITCHEN]


def test_an_error_says_what_stands_there():
    rows = "".join(f'<c r="{column}9" t="inlineStr"><is><t>{text}</t></is></c>' for column, text in [
        ("A", "Köket på Östervåla"), ("B", "Morötter"), ("D", "x" * 90),
    ])  # fmt: skip
    parts = parts_of(need_sheet(SHAPE))
    parts[PART] = parts[PART].replace(b"</sheetData>", f'<row r="9">{rows}</row></sheetData>'.encode())
    first, *_ = read_sheet(packed(parts), SHAPE).errors
    assert (first.column, first.row, first.message) == ("A", 9, wrong.ROW_TWICE)
    parts[PART] = parts[PART].replace("Morötter".encode(), "Kål".encode())
    [unknown] = read_sheet(packed(parts), SHAPE).errors
    assert (unknown.message, unknown.params["name"], unknown.found) == (wrong.UNKNOWN_PRODUCT, "Kål", "")
