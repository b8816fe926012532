"""The year's report: what it says is what was delivered, in two editions; the one that may be spread keeps few suppliers' figures."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from factories import AT, Cast
from flask import Flask
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from followup_publishing import make_deliveries
from openpyxl import load_workbook
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from market.followup.adding import add_to_sums
from market.followup.figures import FIGURES
from market.followup.models import Delivered, DeliveredSum
from market.followup.periods import Span
from market.followup.publishing.chart_svg import Series, bars, lines, round_top
from market.followup.publishing.report import public_rows, year_report
from market.followup.publishing.report_document import internal_content, public_content
from market.followup.queries import Scope, sums_by, sums_by_category, sums_by_kitchen

ClientFor = Callable[[str | None], FlaskClient]
FILES = ("report.pdf", "public.pdf", "figures.xlsx", "figures.csv", "deliveries.csv")


@pytest.fixture
def bought(cast: Cast, session: Session) -> Cast:
    make_deliveries(session, cast)
    session.commit()
    return cast


def contents(app: Flask, session: Session, cast: Cast, year: int) -> tuple[dict[str, Any], dict[str, Any]]:
    scope, today = Scope(authority_id=cast.authority.id), AT.date()
    report = year_report(session, scope=scope, year=year, today=today)
    rows = public_rows(session, authority_id=cast.authority.id, year=year, today=today)
    with app.test_request_context():
        return internal_content(report, at=AT), public_content(report, rows, at=AT)


def table(content: dict[str, Any], title: str) -> dict[str, Any]:
    (found,) = [part for part in content["sections"] if part["title"] == title]
    return dict(found)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_internal_edition_has_every_figure(app: Flask, session: Session, bought: Cast) -> None:
    content, _ = contents(app, session, bought, 2025)
    months = {row[0]: row for row in table(content, "Månad för månad")["rows"]}
    assert plain(months["Oktober"][1]) == "2 800 kr"
    assert plain(months["November"][1]) == "560 kr"
    kinds = {row[0]: plain(row[1]) for row in table(content, "Kategorier")["rows"]}
    assert kinds == {"Grönsaker": "2 800 kr", "Mjölk och mejeri": "560 kr"}
    assert len(table(content, "Alla siffror")["rows"]) == len(FIGURES)
    assert len(table(content, "Vad siffrorna betyder")["pairs"]) == len(FIGURES)


def test_the_public_edition_keeps_what_one_supplier_stands_for(
    app: Flask, session: Session, bought: Cast
) -> None:
    _, content = contents(app, session, bought, 2025)
    months = {row[0]: row for row in table(content, "Månad för månad")["rows"]}
    assert plain(months["Oktober"][1]) == "2 800 kr"
    assert set(months["November"][1:]) == {"skyddat"}
    assert set(table(content, "Månad för månad")["foot"][1:]) == {"skyddat"}
    assert not [part for part in content["sections"] if part["title"] in ("Köken", "Alla siffror")]
    assert "560" not in json.dumps(content, ensure_ascii=False)


def test_no_edition_names_a_supplier(app: Flask, session: Session, bought: Cast) -> None:
    for content in contents(app, session, bought, 2025):
        text = json.dumps(content, ensure_ascii=False)
        assert "Hemliga" not in text
        assert bought.producer.name not in text


def test_it_says_which_definitions_counted(app: Flask, session: Session, bought: Cast) -> None:
    content, _ = contents(app, session, bought, 2026)
    part = table(content, "Vad som räknades som lokalt")
    assert part["pairs"] or "egna länet" in part["intro"]
    emissions = dict(map(tuple, table(content, "Så är utsläppen räknade")["pairs"]))
    assert "230 g CO2e per km" in emissions["Körda på annat sätt"]


@pytest.mark.parametrize("name", FILES)
def test_files_are_for_the_authority(client_for: ClientFor, bought: Cast, name: str) -> None:
    for who in ("meal_manager", "procurement_officer", "logistics_planner"):
        answer = client_for(who).get(f"/followup/year/2025/{name}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client_for("producer").get(f"/followup/year/2025/{name}").status_code == 403
    assert client_for(None).get(f"/followup/year/2025/{name}").status_code == 302
    assert client_for("meal_manager").get(f"/followup/year/9999/{name}").status_code == 404


def test_a_kitchen_has_its_own_year_and_none_to_spread(client_for: ClientFor, bought: Cast) -> None:
    own = client_for("kitchen").get("/followup/year/2025/figures.csv")
    assert "kitchen" in own.text
    assert client_for("kitchen").get("/followup/year/2025/public.pdf").status_code == 404
    assert "2800" in own.text.replace(".0000", "")
    other = client_for("satellite").get("/followup/year/2025/deliveries.csv")
    assert len(other.text.splitlines()) == 1, "the heads alone: nothing was delivered to it"


def test_pdfs_are_pdfs(client_for: ClientFor, bought: Cast) -> None:
    for name in ("report.pdf", "public.pdf"):
        assert client_for("meal_manager").get(f"/followup/year/2026/{name}").data.startswith(b"%PDF-")


def test_the_csv_adds_up_to_the_year(client_for: ClientFor, bought: Cast) -> None:
    text = client_for("meal_manager").get("/followup/year/2025/figures.csv").text
    rows = list(csv.DictReader(StringIO(text.removeprefix("\N{BYTE ORDER MARK}")), delimiter=";"))
    (year,) = [row for row in rows if row["group"] == "year"]
    for group in ("month", "category", "kitchen"):
        assert (
            sum(Decimal(row["spend"]) for row in rows if row["group"] == group)
            == Decimal(year["spend"])
            == 3360
        )


def the_legs(session: Session, cast: Cast) -> list[Decimal]:
    """Of 2025, from the delivered lines themselves."""
    rows = [
        row
        for row in session.scalars(select(Delivered).where(Delivered.authority_id == cast.authority.id))
        if row.delivered_on.year == 2025
    ]
    weight = sum(row.grams for row in rows) * 1000
    return [
        Decimal(sum(row.grams * getattr(row, leg) for row in rows)) / weight
        for leg in ("chain_m", "hub_m", "kitchen_m")
    ]


def test_the_legs_of_the_way_stand_in_the_document_the_csv_and_the_workbook(
    app: Flask, client_for: ClientFor, session: Session, cast: Cast
) -> None:
    offer = some_offer(session, cast)
    for n, kitchen in enumerate((cast.hub, cast.satellite, cast.satellite)):
        row = delivered(
            session, cast, offer, day=date(2025, 3 + n, 3), kilograms=10 * (n + 1), kitchen=kitchen
        )
        row.chain_m, row.hub_m, row.kitchen_m = 41_000 + n, 7_300 * (n + 1), 1_900 * n
    session.execute(delete(DeliveredSum))
    session.flush()
    for row in session.scalars(select(Delivered)):
        add_to_sums(session, row)
    session.commit()
    wanted = the_legs(session, cast)
    assert len(set(wanted)) == 3
    content, public = contents(app, session, cast, 2025)
    part = table(content, "Matens väg, led för led")
    assert [plain(row[1]) for row in part["rows"]] == [
        f"{round(leg, 1)} km".replace(".", ",") for leg in wanted
    ]
    assert plain(part["foot"][1]) == f"{round(sum(wanted), 1)} km".replace(".", ",")
    assert [row[2] for row in part["rows"]] == ["–"] * 3
    assert "led för led" not in json.dumps(public, ensure_ascii=False)
    text = client_for("meal_manager").get("/followup/year/2025/figures.csv").text
    rows = list(csv.DictReader(StringIO(text.removeprefix("\N{BYTE ORDER MARK}")), delimiter=";"))
    (year,) = [row for row in rows if row["group"] == "year"]
    names = ("food_km_chain", "food_km_hub", "food_km_kitchen")
    assert [Decimal(year[name]) for name in names] == [round(leg, 4) for leg in wanted]
    for row in rows:
        if row["food_km"]:
            assert abs(sum(Decimal(row[name]) for name in names) - Decimal(row["food_km"])) < Decimal(
                "0.0002"
            )
    book = load_workbook(BytesIO(client_for("meal_manager").get("/followup/year/2025/figures.xlsx").data))
    ways = [row for row in book["Siffror"].values if str(row[0]).startswith("Matens väg: ")]
    assert [row[3] for row in ways] == [pytest.approx(float(leg), abs=1e-4) for leg in wanted]
    heads, *kinds = book["Kategorier"].values
    assert [head for head in heads if str(head).startswith("Matens väg: ")] == [
        f"{row[0]} (km)" for row in ways
    ]
    assert [value for row in kinds for value in row[-3:]] == [row[3] for row in ways]


def test_each_month_of_the_page_leads_to_what_it_is_made_of(client_for: ClientFor, bought: Cast) -> None:
    client = client_for("meal_manager")
    page = client.get("/followup/year/2025").text
    months = set(re.findall(r'href="/followup\?period=(2025-\d\d)"', page))
    assert months
    assert months == set(re.findall(r'href="/followup/deliveries\?period=(2025-\d\d)"', page))
    told = re.findall(r'deliveries\?period=(2025-\d\d)">([^<]+)<', page)
    for month, amount in told:
        assert client.get(f"/followup?period={month}").status_code == 200
        behind = plain(client.get(f"/followup/deliveries?period={month}").text.replace("&nbsp;", " "))
        assert plain(amount).removesuffix(" kr") in behind


def test_every_delivery_is_a_row_of_the_sheet(client_for: ClientFor, bought: Cast) -> None:
    text = client_for("meal_manager").get("/followup/year/2025/deliveries.csv").text
    rows = list(csv.DictReader(StringIO(text.removeprefix("\N{BYTE ORDER MARK}")), delimiter=";"))
    assert len(rows) == 5
    assert sum(Decimal(row["sek"]) for row in rows) == 3360
    assert "196408" not in text


def test_the_workbook_has_figures_by_month_and_the_deliveries(client_for: ClientFor, bought: Cast) -> None:
    book = load_workbook(BytesIO(client_for("meal_manager").get("/followup/year/2025/figures.xlsx").data))
    assert book.sheetnames == ["Siffror", "Kategorier", "Kök", "Leveranser", "Vad siffrorna betyder"]
    spend = next(row for row in book["Siffror"].values if row[0] == "Inköpt")
    assert spend[3] == 3360
    assert sum(value or 0 for value in spend[4:] if isinstance(value, int | float)) == 3360
    assert book["Leveranser"].max_row == 6


def test_charts_are_svg_with_as_many_bars_as_values() -> None:
    series = [Series(name="A & B", values=(Decimal(3), None)), Series(name="DIS", values=(Decimal(1), Decimal(2)))]  # fmt: skip
    drawn = ET.fromstring(bars(["jan", "feb"], series, str))
    filled = [
        one for one in drawn.iter("{http://www.w3.org/2000/svg}rect") if float(one.attrib["height"]) > 9
    ]
    assert len(filled) == 3
    line = lines(["jan", "feb"], series, str)
    assert line.count("<circle") == 3
    assert "A &amp; B" in line


@pytest.mark.parametrize(
    ("most", "top"), [("0", "1"), ("7", "8"), ("100", "100"), ("101", "200"), ("0.3", "0.4")]
)
def test_the_top_of_a_chart_is_round(most: str, top: str) -> None:
    assert round_top(Decimal(most)) == Decimal(top)


def test_the_report_has_the_sums_of_the_pages(session: Session, cast: Cast) -> None:
    """It reads the grades once for all of them."""
    offer = some_offer(session, cast)
    for day, taste in (
        (date(2024, 11, 5), 2),
        (date(2025, 1, 2), 3),
        (date(2025, 12, 31), 5),
        (date(2026, 1, 1), 1),
    ):
        delivered(session, cast, offer, day=day, taste=taste)
    delivered(session, cast, offer, day=date(2025, 6, 3), kitchen=cast.satellite, taste=4)
    scope, span = Scope(authority_id=cast.authority.id), Span.parse("2025")

    report = year_report(session, scope=scope, year=2025, today=AT.date())

    spans = [span, span.before, *report.months]
    asked = sums_by(session, scope=scope, spans=spans)
    assert {span: report.whole, span.before: report.before, **report.months} == asked
    assert {one.id: sums for one, sums in report.by_kitchen} == sums_by_kitchen(
        session, scope=scope, span=span
    )
    assert {one.key: sums for one, sums in report.by_category} == sums_by_category(
        session, scope=scope, span=span
    )
    assert (report.whole.grades, report.whole.graded) == (12, 3)


def test_a_name_is_no_formula_in_the_workbook(client_for: ClientFor, session: Session, bought: Cast) -> None:
    for row, name in zip(
        session.scalars(select(Delivered)), ("=1+1", "#N/A", "=", "Gård", "+46"), strict=False
    ):
        row.producer_name = name
    session.commit()
    book = load_workbook(BytesIO(client_for("meal_manager").get("/followup/year/2025/figures.xlsx").data))
    cells = [cell for line in book["Leveranser"].iter_rows() for cell in line if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"=1+1", "#N/A"} <= {cell.value for cell in cells}
