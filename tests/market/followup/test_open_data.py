"""Everyone may read the figures of those who publish, in files and by a catalog, and learns of no single supplier."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from factories import Cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from followup_publishing import make_deliveries, publish
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.figures import FIGURES
from market.followup.publishing import open_pages
from market.followup.publishing.open_figures import OPEN_FIGURES, OpenRow, Part, open_rows
from market.orders.models import Delivery

ClientFor = Callable[[str | None], FlaskClient]
Row = dict[str, str]


@pytest.fixture
def published(cast: Cast, session: Session) -> Cast:
    make_deliveries(session, cast)
    publish(session, cast.authority)
    publish(session, cast.other_authority, is_open=False)
    session.commit()
    return cast


@pytest.fixture
def home(published: Cast) -> str:
    return f"/open-data/{published.authority.id}"


def rows_of(client: FlaskClient, home: str) -> list[Row]:
    answer = client.get(f"{home}/figures.csv")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(StringIO(answer.text.removeprefix("\N{BYTE ORDER MARK}")), delimiter=";"))


def one(rows: list[Row], year: int, month: str = "", category: str = "", procedure: str = "") -> Row:
    asked = (str(year), month, category, procedure)
    (row,) = [row for row in rows if (row["year"], row["month"], row["category"], row["procedure"]) == asked]
    return row


def test_the_sheet_has_what_may_be_told(client_for: ClientFor, home: str) -> None:
    rows = rows_of(client_for(None), home)
    october = one(rows, 2025, "10")
    assert (october["spend_kr"], october["kilograms"], october["suppliers"]) == ("2800", "140", "4")
    assert october["share_organic"] == "", "one supplier is all the organic"
    assert "share_organic" in october["protected_figures"].split()
    assert october["share_dis"] == "0"
    november = one(rows, 2025, "11")
    assert (november["is_protected"], november["spend_kr"], november["suppliers"]) == ("1", "", "")
    assert one(rows, 2025)["is_protected"] == "1", "the year less October would be November"
    assert one(rows, 2025, category="vegetables")["spend_kr"] == "2800"
    assert one(rows, 2025, category="dairy")["is_protected"] == "1"
    assert one(rows, 2025, procedure="direct")["is_protected"] == "1", "it is the whole year"


def test_a_year_that_runs_has_its_months_that_have_ended(client_for: ClientFor, home: str) -> None:
    own = [row for row in rows_of(client_for(None), home) if row["year"] == "2026"]
    assert [row["month"] for row in own] == [str(month) for month in range(1, 11)]
    assert own[-1]["spend_kr"] == "2800"
    assert own[0]["spend_kr"] == "0"


def test_json_says_the_same_and_what_it_means(client_for: ClientFor, home: str) -> None:
    client = client_for(None)
    found = json.loads(client.get(f"{home}/figures.json").text)
    for row, line in zip(found["rows"], rows_of(client, home), strict=True):
        for figure in OPEN_FIGURES:
            assert ("" if row[figure.key] is None else row[figure.key]) == (
                "" if line[figure.key] == "" else float(line[figure.key])
            )
    assert {one["key"] for one in found["figures"]} >= {figure.key for figure in OPEN_FIGURES}
    assert all(one["definition"] for one in found["figures"])
    assert [one["key"] for one in found["procedures"]] == ["direct", "dis"]


@pytest.mark.parametrize("path", ["", "/figures.csv", "/figures.json", "/catalog.rdf", "/catalog.ttl", "/catalog.jsonld"])  # fmt: skip
def test_no_supplier_is_named(client_for: ClientFor, home: str, path: str) -> None:
    text = client_for(None).get(f"{home}{path}").text
    assert "Hemliga" not in text
    assert "3234" not in text
    assert "Åkerbo" not in text


@pytest.mark.parametrize("path", ["", "/figures.csv", "/figures.json", "/catalog.rdf"])
def test_who_does_not_publish_has_no_page(client_for: ClientFor, published: Cast, path: str) -> None:
    client = client_for(None)
    assert client.get(f"/open-data/{published.other_authority.id}{path}").status_code == 404
    assert client.get(f"/open-data/9999{path}").status_code == 404


def test_the_catalog_points_at_files_that_are_there(client_for: ClientFor, home: str) -> None:
    client = client_for(None)
    answer = client.get(f"{home}/catalog.rdf")
    assert answer.mimetype == "application/rdf+xml"
    tree = ET.fromstring(answer.data)
    resource = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
    files = [node.attrib[resource] for node in tree.iter("{http://www.w3.org/ns/dcat#}downloadURL")]
    assert len(files) == 2
    assert all(client.get(url).status_code == 200 for url in files)
    titles = [node.text for node in tree.iter("{http://purl.org/dc/terms/}title")]
    assert any("Matåret" in (title or "") for title in titles)
    assert client.get(f"{home}/catalog.exe").status_code == 404


def test_the_page_lists_who_publishes(client_for: ClientFor, published: Cast, home: str) -> None:
    text = client_for(None).get("/open-data").text
    assert published.authority.name in text
    assert published.other_authority.name not in text
    assert "skyddat" in client_for(None).get(home).text


def test_without_anyone_the_page_says_how(client_for: ClientFor, stored: Cast) -> None:
    assert "Ingen kommun publicerar än" in client_for(None).get("/open-data").text


def test_a_receipt_in_the_running_month_makes_nothing_to_be_worked_out_again(
    client_for: ClientFor, session: Session, published: Cast, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[int] = []

    def noted(parts: list[Part], *, year: int, **given: Any) -> list[OpenRow]:
        worked_out.append(year)
        return open_rows(parts, year=year, **given)

    open_pages.forget()
    monkeypatch.setattr(open_pages, "open_rows", noted)
    before = rows_of(client_for(None), home)
    assert worked_out == [2025, 2026]
    offer = some_offer(session, published)
    delivered(session, published, offer, day=date(2026, 11, 20), category="dairy", is_organic=True)
    session.commit()
    assert rows_of(client_for(None), home) == before
    assert worked_out == [2025, 2026]
    delivered(session, published, offer, day=date(2026, 10, 20))
    session.commit()
    assert rows_of(client_for(None), home) != before
    assert worked_out == [2025, 2026, 2026], "what came late in a month that has ended counts"


def test_the_share_by_dis_is_what_is_counted_as_bought_by_dis(client_for: ClientFor, home: str) -> None:
    """The same words as on the pages of follow-up."""
    found = json.loads(client_for(None).get(f"{home}/figures.json").text)
    (share,) = [one["definition"] for one in found["figures"] if one["key"] == "share_dis"]
    assert share == FIGURES["spend_dis"].definition
    assert "köper genom sitt DIS" in share


def test_a_month_waits_until_all_of_it_is_counted(client_for: ClientFor, session: Session, home: str) -> None:
    """What is counted late would else show as the difference of two answers: one supplier's delivery."""
    before = rows_of(client_for(None), home)
    waits = session.scalars(select(Delivery).order_by(Delivery.received_at.desc()).limit(1)).one()
    waits.is_counted = False
    session.commit()
    after = rows_of(client_for(None), home)
    own = [row for row in after if row["year"] == "2026"]
    assert [row["month"] for row in own] == [str(month) for month in range(1, 10)]
    assert [row for row in before if row in after] == after
