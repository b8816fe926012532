"""The overview, a figure's page and the deliveries behind it, as people read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from factories import Cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.figures import FIGURES
from market.followup.models import Delivered
from market.followup.overview import GROUPS

ClientFor = Callable[[str | None], FlaskClient]


@pytest.fixture
def filled(session: Session, cast: Cast) -> Cast:
    """One local and one foreign delivery in November, one in October; one of another municipality."""
    offer = some_offer(session, cast)
    delivered(session, cast, offer, day=date(2026, 11, 23), kilograms=30, taste=4)
    delivered(
        session, cast, offer, day=date(2026, 11, 20), kilograms=10, kitchen=cast.satellite, category="dairy"
    )
    delivered(session, cast, offer, day=date(2026, 10, 1), kilograms=50)
    delivered(session, cast, offer, day=date(2026, 11, 23), kitchen=cast.other_kitchen, kilograms=999)
    session.commit()
    return cast


def text_of(client: FlaskClient, url: str, *, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_each_figure_stands_once_in_the_overview() -> None:
    keys = [key for _, group in GROUPS for key in group]
    assert sorted(keys) == sorted(FIGURES)


def test_the_authority_sees_all_its_kitchens(client_for: ClientFor, filled: Cast) -> None:
    for who in ("meal_manager", "procurement_officer", "logistics_planner"):
        page = text_of(client_for(who), "/followup?period=2026-11")
        assert "560 kr" in page  # 40 kg at 14 kr
        assert "700 kr" in page  # the month before


def test_a_kitchen_sees_its_own(client_for: ClientFor, filled: Cast) -> None:
    client = client_for("kitchen")
    page = text_of(client, "/followup?period=2026-11")
    assert "420 kr" in page
    assert "560 kr" not in page
    assert 'id="pick-kitchen"' not in page
    text_of(client, f"/followup?kitchen={filled.satellite.id}", status=404)


def test_every_figure_has_a_page_and_deliveries(client_for: ClientFor, filled: Cast) -> None:
    client = client_for("meal_manager")
    for key, figure in FIGURES.items():
        page = text_of(client, f"/followup/figures/{key}?period=2026-11")
        assert figure.definition[:40] in page
        assert "<svg" in page
        text_of(client, f"/followup/deliveries?figure={key}&period=2026")


def test_a_figure_is_divided_by_kitchen_and_category(client_for: ClientFor, filled: Cast) -> None:
    page = text_of(client_for("meal_manager"), "/followup/figures/spend?period=2026-11")
    assert "Centralköket" in page
    assert "Förskolan Rimbo" in page
    assert "140 kr" in page
    narrowed = text_of(
        client_for("meal_manager"),
        f"/followup/figures/spend?period=2026-11&kitchen={filled.hub.id}&category=vegetables",
    )
    assert "Kök för kök" not in narrowed


def test_the_deliveries_behind_lead_to_their_orders(client_for: ClientFor, filled: Cast) -> None:
    page = text_of(
        client_for("meal_manager"), "/followup/deliveries?period=2026-11&figure=share_local&local=yes"
    )
    assert page.count('href="/orders/') == 2
    assert "100,0 %" in page
    none = text_of(client_for("meal_manager"), "/followup/deliveries?period=2026-11&local=no")
    assert "Inga sådana leveranser" in none


def test_vehicles_are_listed(client_for: ClientFor, filled: Cast) -> None:
    page = text_of(client_for("meal_manager"), "/followup/arrivals?period=2026-11")
    assert page.count("Åkerbo gård") == 2


def test_transports_of_a_kitchen_lead_to_its_vehicles(client_for: ClientFor, filled: Cast) -> None:
    client = client_for("meal_manager")
    page = text_of(client, "/followup/figures/transports?period=2026-11")
    ways = [
        way.replace("&amp;", "&")
        for way in re.findall(r'href="(/followup/arrivals\?[^"]+)"', page)
        if "kitchen=" in way
    ]
    assert {re.search(r"kitchen=(\d+)", way)[1] for way in ways} == {str(filled.hub.id)}  # type: ignore[index]
    assert all("period=2026-11" in way for way in ways)
    behind = text_of(client, ways[0])
    assert behind.count("Åkerbo gård") == 2
    text_of(client, ways[0].replace(f"={filled.hub.id}", f"={filled.other_kitchen.id}"), status=404)


def test_the_way_of_food_is_told_leg_by_leg(client_for: ClientFor, session: Session, filled: Cast) -> None:
    """Farm to hub to kitchen: each leg as the lines have it, together the figure."""
    rows = [
        row
        for row in session.scalars(select(Delivered))
        if row.authority_id == filled.authority.id and row.delivered_on.month == 11
    ]
    kilos = sum(row.grams for row in rows)
    legs = [
        sum(row.grams * getattr(row, leg) for row in rows) / kilos / 1000
        for leg in ("chain_m", "hub_m", "kitchen_m")
    ]
    assert legs[1] > legs[2] > 0
    page = text_of(client_for("meal_manager"), "/followup/figures/food_km?period=2026-11")
    part = page.partition('id="legs-title"')[2].partition("</section>")[0]
    kilometres = [f"{leg:.1f} km".replace(".", ",") for leg in (*legs, sum(legs))]
    assert re.findall(r"<td[^>]*>([\d,]+ km)</td>", part) == kilometres
    shares = [f"{100 * leg / sum(legs):.1f} %".replace(".", ",") for leg in legs]
    assert re.findall(r"<td[^>]*>([\d,]+ %)</td>", part) == shares
    assert "<svg" in part
    for other in ("/followup/figures/spend?period=2026-11", "/followup/figures/food_km?period=2024"):
        assert "legs-title" not in text_of(client_for("meal_manager"), other)


def test_a_period_that_is_none_says_what_to_write(client_for: ClientFor, stored: Cast) -> None:
    client = client_for("meal_manager")
    for period in ("2026-13", "9999-W52", "förra", "0000"):
        page = text_of(client, f"/followup?period={period}", status=400)
        assert "ingen vecka, månad eller år" in page
        assert "2026-W48" in page


def test_what_there_is_not_is_not_found(client_for: ClientFor, stored: Cast) -> None:
    client = client_for("meal_manager")
    asked = "kitchen=99999 kitchen=x category=stones route=both mark=shiny page=-1 figure=luck producer=1e9"
    for query in asked.split():
        text_of(client, f"/followup/deliveries?{query}", status=404)
    text_of(client, "/followup/figures/luck", status=404)


def test_a_foreign_kitchen_is_not_found(client_for: ClientFor, stored: Cast) -> None:
    for page in ("", "/figures/spend", "/deliveries", "/arrivals"):
        text_of(client_for("meal_manager"), f"/followup{page}?kitchen={stored.other_kitchen.id}", status=404)


def test_before_anything_has_come_the_page_teaches(client_for: ClientFor, stored: Cast) -> None:
    assert "Inga leveranser än" in text_of(client_for("meal_manager"), "/followup")


def test_more_deliveries_are_not_more_queries(
    client_for: ClientFor, filled: Cast, session: Session, queries: Callable[[Callable[[], Any]], int]
) -> None:
    client = client_for("meal_manager")
    urls = ("/followup?period=2026-11", "/followup/figures/spend?period=2026", "/followup/deliveries")
    client.get(urls[0])
    few = [queries(lambda url=url: client.get(url)) for url in urls]
    offer = some_offer(session, filled)
    for n in range(4):
        delivered(session, filled, offer, day=date(2026, 11, 10 + n), kitchen=filled.satellite)
    session.commit()
    assert [queries(lambda url=url: client.get(url)) for url in urls] == few
    assert max(few) <= 32
