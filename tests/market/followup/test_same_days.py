"""While a period runs it stands beside the same days of those before it, on every page alike, and the page says which days they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from factories import AT, Cast
from flask import Flask
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from sqlalchemy.orm import Session

from market.db import make_engine, open_session
from market.followup.periods import Span, SpanKind
from market.followup.publishing.report import year_report
from market.followup.publishing.report_document import internal_content
from market.followup.queries import Scope, sums_by
from market.followup.same_days import same_days, sums_of_days
from market.migrations import upgrade
from market.values import Period

ClientFor = Callable[[str | None], FlaskClient]
TODAY = AT.date()


@pytest.mark.parametrize(
    ("today", "span", "last"),
    [
        (date(2026, 11, 27), "2026-11", date(2026, 10, 27)),
        (date(2026, 3, 31), "2026-03", date(2026, 2, 28)),
        (date(2028, 3, 29), "2028-03", date(2028, 2, 29)),
        (date(2026, 12, 1), "2026-12", date(2026, 11, 1)),
        (date(2026, 11, 27), "2026", date(2025, 11, 27)),
        (date(2028, 2, 29), "2028", date(2027, 2, 28)),
        (date(2028, 12, 31), "2028", date(2027, 12, 31)),
        (date(2027, 1, 1), "2026-W53", date(2026, 12, 25)),
        (date(2026, 11, 22), "2026-W47", date(2026, 11, 15)),
    ],
)
def test_the_same_days(today: date, span: str, last: date) -> None:
    asked = Span.parse(span)
    found = same_days(asked, earlier=[asked.before], today=today)
    assert found[asked.before] == Period(asked.before.period.start, found[asked.before].end)
    assert found[asked.before].last == last


@pytest.mark.parametrize("span", ["2026-10", "2025", "2026-12", "2026-W40"])
def test_a_period_that_does_not_run_stands_beside_whole_ones(span: str) -> None:
    asked = Span.parse(span)
    assert same_days(asked, earlier=[asked.before], today=date(2026, 11, 27)) == {}


@pytest.fixture
def bought(session: Session, cast: Cast) -> Cast:
    """By today 40 kg this month; in the same days of October 20 kg, and of the year before 30 kg; more came after those days."""
    offer = some_offer(session, cast)
    for day, kilograms in (
        (date(2025, 3, 3), 10), (date(2025, 11, 3), 20), (date(2025, 11, 29), 500), (date(2025, 12, 1), 500),
        (date(2026, 10, 2), 20), (date(2026, 11, 3), 40),
    ):  # fmt: skip
        delivered(session, cast, offer, day=day, kilograms=kilograms, price=Decimal(10))
    delivered(
        session, cast, offer, day=date(2026, 10, 30), kilograms=500, price=Decimal(10), producer=cast.other_producer
    )  # fmt: skip
    session.commit()
    return cast


def page_of(client: FlaskClient, url: str) -> str:
    text = client.get(url).text
    for one in ("\N{NO-BREAK SPACE}", "&nbsp;", "\N{THIN SPACE}", "\N{NARROW NO-BREAK SPACE}"):
        text = text.replace(one, " ")
    return text


def test_the_overview_says_what_a_running_month_is_compared_with(client_for: ClientFor, bought: Cast) -> None:
    page = page_of(client_for("meal_manager"), "/followup?period=2026-11")
    assert "+100 % mot 1–23 okt. 2026" in page
    assert "1–23 nov. 2025" in page
    assert "lika många dagar" in page
    assert "5 200 kr" not in page, "nothing of the days to come stands beside it"
    over = page_of(client_for("meal_manager"), "/followup?period=2026-10")
    assert "september 2026" in over
    assert "lika många dagar" not in over


def test_a_figures_page_says_it_too(client_for: ClientFor, bought: Cast) -> None:
    page = page_of(client_for("meal_manager"), "/followup/figures/spend?period=2026")
    assert "1 jan. – 23 nov. 2025" in page
    assert "+1 767 % sedan dess" in page, "5 600 kr beside 300, not beside 10 300"
    suppliers = page_of(client_for("meal_manager"), "/followup/figures/suppliers?period=2026-11")
    assert "±0 sedan dess" in suppliers, (
        "who came on the 30th of October is not among those of the first days"
    )


def test_the_year_that_runs_is_compared_with_the_same_days(
    app: Flask, session: Session, client_for: ClientFor, bought: Cast
) -> None:
    page = page_of(client_for("meal_manager"), "/followup/year/2026")
    assert "+1 767 % mot 1 jan. – 23 nov. 2025" in page
    report = year_report(session, scope=Scope(authority_id=bought.authority.id), year=2026, today=TODAY)
    with app.test_request_context():
        content = internal_content(report, at=AT)
    (table,) = [one for one in content["sections"] if one["title"] == "Alla siffror"]
    assert table["heads"][1:3] == ["2026 hittills", "1 jan.\N{THIN SPACE}–\N{THIN SPACE}23 nov. 2025"]
    assert "samma dagar året före" in table["intro"]
    over = year_report(session, scope=Scope(authority_id=bought.authority.id), year=2025, today=TODAY)
    with app.test_request_context():
        heads = [
            one["heads"]
            for one in internal_content(over, at=AT)["sections"]
            if one["title"] == "Alla siffror"
        ]
    assert heads[0][1:3] == ["2025", "2024"]


def test_all_days_of_a_period_are_the_period(session: Session, bought: Cast) -> None:
    scope = Scope(authority_id=bought.authority.id, category_key="vegetables")
    for text in ("2025", "2025-11", "2026-W40"):
        span = Span.parse(text)
        (found,) = sums_of_days(session, scope=scope, days={span: span.period}).values()
        assert found == sums_by(session, scope=scope, spans=[span])[span]


@pytest.mark.slow
@pytest.mark.postgres
def test_postgresql_reads_the_same(postgres_url: str) -> None:
    from factories import make_cast

    engine = make_engine(postgres_url)
    upgrade(engine)
    with open_session(engine, writes=True) as session:
        cast = make_cast(session)
        offer = some_offer(session, cast)
        for day in (date(2025, 3, 3), date(2025, 11, 3), date(2025, 11, 29)):
            delivered(session, cast, offer, day=day, kilograms=10, taste=4)
        year = Span(SpanKind.YEAR, 2026)
        days = same_days(year, earlier=[year.before], today=TODAY)
        (found,) = sums_of_days(session, scope=Scope(authority_id=cast.authority.id), days=days).values()
        assert (found.lines, found.grams, found.suppliers) == (2, 20_000, 1)
        assert (found.arrivals, found.kitchen_weeks, found.grades, found.graded) == (2, 2, 8, 2)
    engine.dispose()
