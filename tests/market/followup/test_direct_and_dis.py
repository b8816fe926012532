"""Direct award beside DIS: each procedure's figures are those of its own rows, and others' stay protected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from factories import AT, Cast, make_cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from followup_publishing import make_deliveries, publish
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.db import make_engine, open_session
from market.followup.evidence.comparing import CAUTIONS, measured, told_others
from market.followup.evidence.queries import calloff_times, sums_by_route
from market.followup.models import Delivered
from market.followup.periods import Span
from market.followup.publishing.delivered_rows import delivered_values
from market.followup.publishing.report import public_rows, year_report
from market.followup.queries import Scope
from market.followup.rules import Route
from market.register.models import Authority, Procedure, Producer, TransportModel

ClientFor = Callable[[str | None], FlaskClient]


@pytest.fixture
def bought(cast: Cast, session: Session) -> Cast:
    """In October 2026 four sell directly; one of them also by a DIS, and three to the other authority."""
    growers = make_deliveries(session, cast)
    offer = some_offer(session, cast)
    delivered(
        session, cast, offer, day=date(2026, 10, 20), producer=growers[0], price=Decimal(10), taste=5, is_direct=False
    )  # fmt: skip
    for grower in growers[:3]:
        delivered(
            session, cast, offer, day=date(2026, 10, 21), producer=grower, kitchen=cast.other_kitchen, taste=4
        )
    session.commit()
    return cast


@pytest.mark.parametrize("text", ["2026-10", "2026", "2026-W43"])
def test_each_procedure_has_the_figures_of_its_own_rows(session: Session, bought: Cast, text: str) -> None:
    span, scope = Span.parse(text), Scope(authority_id=bought.authority.id)
    found = sums_by_route(session, scope=scope, spans=[span])[span]
    rows = [
        row
        for row in session.scalars(select(Delivered).where(Delivered.authority_id == bought.authority.id))
        if row.delivered_on in span.period
    ]
    for route in Route:
        own = [row for row in rows if row.route is route]
        if not own:
            assert route not in found
            continue
        sums = found[route]
        assert (sums.lines, sums.ore) == (len(own), sum(row.ore for row in own))
        assert sums.suppliers == len({row.producer_id for row in own})
        assert sums.lead_s == sum(row.lead_s for row in own)
    assert found[Route.DIS].graded == 1


def test_the_difference_is_dis_less_direct(session: Session, bought: Cast) -> None:
    span = Span.parse("2026-10")
    found = sums_by_route(session, scope=Scope(authority_id=bought.authority.id), spans=[span])[span]
    by_key = {one.figure.key: one for one in measured(found)}
    assert by_key["suppliers"].difference == 1 - 4
    assert by_key["spend"].dis == 40_000
    assert by_key["grade"].direct is None
    assert measured({})[0].direct is None


def test_the_page_shows_both_and_says_what_it_does_not_say(client_for: ClientFor, bought: Cast) -> None:
    text = client_for("procurement_officer").get("/followup/direct-and-dis?period=2026-10").text
    assert "Sida vid sida" in text
    assert "2 800 kr" in text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    assert str(CAUTIONS[0])[:40] in text
    assert "Hemliga" not in text


OTHERS = "/followup/direct-and-dis?period="


def others(client_for: ClientFor, period: str) -> str:
    """The part of the page between municipalities, as another municipality's officer sees it."""
    page = client_for("other_officer").get(OTHERS + period).text
    return plain(page.partition('id="others-title"')[2].partition("</section>")[0])


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_others_see_what_is_published_and_nothing_more(
    client_for: ClientFor, session: Session, bought: Cast
) -> None:
    assert bought.authority.name not in others(client_for, "2026-10"), "it publishes nothing"
    publish(session, bought.authority)
    session.commit()
    row = next(
        row
        for row in public_rows(session, authority_id=bought.authority.id, year=2026, today=AT.date())
        if row.month == 10
    )
    (found,) = told_others(bought.authority.id, [row])
    assert found.route is None, "one supplier's procedure beside the others' would tell of it"
    assert (found.is_protected, found.suppliers, found.protected) == (
        row.is_protected,
        row.suppliers,
        row.protected,
    )
    assert bought.authority.name in others(client_for, "2026-10")
    assert "skyddat" in others(client_for, "2026-10"), "by DIS there was one supplier"


def test_a_years_procedures_of_others_stand_side_by_side(
    client_for: ClientFor, session: Session, bought: Cast
) -> None:
    """Where three stand behind each: as the open figures tell them."""
    publish(session, bought.authority)
    offer = some_offer(session, bought)
    growers = list(session.scalars(select(Producer).order_by(Producer.id)))
    for month, is_direct, kilograms in ((5, True, 10), (6, False, 30)):
        for grower in growers[:3]:
            delivered(
                session, bought, offer, day=date(2024, month, 7), producer=grower, kilograms=kilograms, is_direct=is_direct,
                ordered_days_before=month,
            )  # fmt: skip
    session.commit()
    shown = others(client_for, "2024")
    (direct, dis) = (row for row in shown.split("<tr")[1:] if bought.authority.name in row)
    assert "Direktupphandling" in direct
    assert "5,0 dagar" in direct
    assert "DIS" in dis
    assert "6,0 dagar" in dis
    assert "skyddat" not in direct + dis
    told = {
        row.route: row.ore
        for row in public_rows(session, authority_id=bought.authority.id, year=2024, today=AT.date())
        if row.route
    }
    assert told == {Route.DIRECT: 42_000, Route.DIS: 126_000}


def test_where_no_procedure_may_be_told_others_stand_together(
    client_for: ClientFor, session: Session, bought: Cast
) -> None:
    publish(session, bought.authority)
    offer = some_offer(session, bought)
    growers = list(session.scalars(select(Producer).order_by(Producer.id)))
    for grower, is_direct in ((growers[0], False), *((one, True) for one in growers[:3])):
        delivered(session, bought, offer, day=date(2024, 5, 7), producer=grower, is_direct=is_direct)
    session.commit()
    (row,) = (row for row in others(client_for, "2024").split("<tr")[1:] if bought.authority.name in row)
    assert "Direktupphandling" not in row
    assert row.count("skyddat") >= 1


def test_it_is_said_why_no_other_municipality_is_shown(
    client_for: ClientFor, session: Session, bought: Cast
) -> None:
    """A period that runs asks for another; one that is over has nobody who publishes. Never both, nor that nobody bought anything."""
    choose, nobody = "Välj en månad eller ett år som är slut", "Ingen annan kommun publicerar"
    for period, expected in (("2026-11", choose), ("2026-10", nobody), ("2019", nobody)):
        text = others(client_for, period)
        assert [one for one in (choose, nobody) if one in text] == [expected]
        assert "Ingen kommun har tagit emot" not in text
    publish(session, bought.authority)
    session.commit()
    assert nobody not in others(client_for, "2026-10")


def test_more_publishers_are_not_more_queries(
    client_for: ClientFor, session: Session, bought: Cast, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = client_for("meal_manager")
    counts = []
    for other in (bought.other_authority, *(_authority(session, n) for n in range(3))):
        publish(session, other)
        session.commit()
        counts.append(
            [queries(lambda period=period: client.get(OTHERS + period)) for period in ("2026-10", "2025")]
        )  # type: ignore[misc]
    assert counts[0] == counts[-1]


def _authority(session: Session, number: int) -> Authority:
    made = Authority(
        name=f"Kommun {number}", municipality_code="0319", procedure=Procedure.DIRECT_AWARD,
        transport_model=TransportModel.PRODUCER_DELIVERS, created_at=AT,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


@pytest.mark.parametrize("period", ["2026-11", "2026", "2026-W42", "2026-10&category=vegetables"])
def test_nothing_of_others_that_is_not_settled(
    client_for: ClientFor, session: Session, bought: Cast, period: str
) -> None:
    publish(session, bought.authority)
    session.commit()
    assert bought.authority.name not in others(client_for, period)


@pytest.mark.parametrize("query", ["?period=9999-99", "?period=hej"])
def test_a_period_that_is_none_is_said_to_be(client_for: ClientFor, bought: Cast, query: str) -> None:
    answer = client_for("meal_manager").get(f"/followup/direct-and-dis{query}")
    assert answer.status_code == 400
    assert "Skriv till exempel" in answer.text


def test_a_foreign_kitchen_is_not_found(client_for: ClientFor, bought: Cast) -> None:
    client = client_for("meal_manager")
    assert client.get(f"/followup/direct-and-dis?kitchen={bought.other_kitchen.id}").status_code == 404


def test_an_empty_period_teaches(client_for: ClientFor, stored: Cast) -> None:
    assert "Inget levererat i perioden" in client_for("meal_manager").get("/followup/direct-and-dis").text
    assert AT.year == 2026


def test_the_number_of_queries_does_not_grow(
    client_for: ClientFor, bought: Cast, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = client_for("meal_manager")
    page = "/followup/direct-and-dis?period="
    empty, full = (queries(lambda period=period: client.get(page + period)) for period in ("2019", "2025"))  # type: ignore[misc]
    assert full == empty


@pytest.mark.slow
@pytest.mark.postgres
def test_postgresql_reads_the_same(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    with open_session(engine, writes=True) as session:
        cast = make_cast(session)
        make_deliveries(session, cast)
        scope, span = Scope(authority_id=cast.authority.id), Span.parse("2025")
        for text in ("2025", "2025-10", "2025-W42"):
            one = Span.parse(text)
            assert (
                sums_by_route(session, scope=scope, spans=[one, one.before])[one][Route.DIRECT].suppliers == 4
            )
        assert calloff_times(session, scope=scope, span=span).decided == 0
        report = year_report(session, scope=scope, year=2025, today=AT.date())
        assert report.whole.ore == 336_000
        rows = public_rows(session, authority_id=cast.authority.id, year=2025, today=AT.date())
        assert [row.ore for row in rows if row.month == 10] == [280_000]
        assert len(list(delivered_values(session, scope=scope, span=span, most=9))) == 5
    engine.dispose()
