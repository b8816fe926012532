"""What the page of deliveries says of a figure and the rows it shows is true, whatever else is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from factories import Cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from market.feedback.models import Feedback
from market.followup.adding import add_to_sums
from market.followup.behind import BEHIND
from market.followup.deliveries import Mark
from market.followup.figures import FIGURES, Sums
from market.followup.models import Delivered, DeliveredSum
from market.followup.rules import Route, Verdict
from market.followup.wording import shown
from market.orders.receipt_rules import DeviationKind
from market.register.models import SizeClass

ClientFor = Callable[[str | None], FlaskClient]
SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " "})
PERIOD = "2026-11"


@pytest.fixture
def mixed(session: Session, cast: Cast) -> Cast:
    """Rows of every kind: no filter leaves all of them, and none but surplus and KRAV leaves nothing."""
    offer, day = some_offer(session, cast), date(2026, 11, 23)
    cast.producer.size, cast.other_producer.size = SizeClass.MICRO, SizeClass.LARGE
    for n in range(8):
        row = delivered(
            session, cast, offer, day=day, kilograms=10 + n, is_organic=n in {1, 4}, taste=n % 5 + 1 if n < 4 else None,
            deviation=DeviationKind.SHORT if n in {2, 5} else None, is_direct=n % 3 > 0,
            producer=cast.other_producer if n in {3, 5} else None,
        )  # fmt: skip
        row.is_local = Verdict.NO if n in {0, 4} else Verdict.UNCERTAIN if n == 6 else Verdict.YES
        row.is_surplus, row.is_krav = n in {1, 7}, n == 4
        row.list_ore = None if n in {2, 6} else row.ore + 100 * n
    session.execute(delete(DeliveredSum))
    session.flush()
    for row in session.scalars(select(Delivered)):
        add_to_sums(session, row)
    session.commit()
    return cast


def filters(cast: Cast) -> Iterator[dict[str, str]]:
    """None, each by itself, and some that no figure has."""
    yield {}
    yield from ({"route": route} for route in Route)
    yield from ({"local": verdict} for verdict in Verdict)
    yield from ({"mark": mark} for mark in Mark)
    yield {"producer": str(cast.other_producer.id)}
    yield {"producer": str(cast.producer.id), "route": "direct"}


def picked(rows: list[Delivered], grades: dict[int, int], by: dict[str, str]) -> list[Delivered]:
    marks: dict[str, Callable[[Delivered], bool]] = {
        "organic": lambda row: row.is_organic,
        "krav": lambda row: row.is_krav,
        "surplus": lambda row: row.is_surplus,
        "deviation": lambda row: row.deviation is not None,
        "small": lambda row: row.size in {SizeClass.MICRO, SizeClass.SMALL},
        "listed": lambda row: row.list_ore is not None,
        "graded": lambda row: row.delivery_line_id in grades,
    }
    tests: dict[str, Callable[[Delivered, str], bool]] = {
        "route": lambda row, value: row.route == value,
        "local": lambda row, value: row.is_local == value,
        "producer": lambda row, value: str(row.producer_id) == value,
        "mark": lambda row, value: marks[value](row),
    }
    return [row for row in rows if all(tests[name](row, value) for name, value in by.items())]


def added_up(rows: list[Delivered], grades: dict[int, int]) -> Sums:
    """In plain Python, from the rows."""

    def ore(test: Callable[[Delivered], bool]) -> int:
        return sum(row.ore for row in rows if test(row))

    def grams(test: Callable[[Delivered], bool]) -> int:
        return sum(row.grams for row in rows if test(row))

    given = [grades[row.delivery_line_id] for row in rows if row.delivery_line_id in grades]
    return Sums(
        lines=len(rows), deviations=sum(row.deviation is not None for row in rows),
        grams=grams(lambda _: True), ore=ore(lambda _: True), listed_ore=ore(lambda row: row.list_ore is not None),
        list_ore=sum(row.list_ore or 0 for row in rows),
        local_ore=ore(lambda row: row.is_local is Verdict.YES), local_grams=grams(lambda row: row.is_local is Verdict.YES),
        uncertain_ore=ore(lambda row: row.is_local is Verdict.UNCERTAIN),
        organic_ore=ore(lambda row: row.is_organic), organic_grams=grams(lambda row: row.is_organic),
        krav_ore=ore(lambda row: row.is_krav), surplus_ore=ore(lambda row: row.is_surplus),
        surplus_grams=grams(lambda row: row.is_surplus), sized_ore=ore(lambda row: row.size is not None),
        small_ore=ore(lambda row: row.size is SizeClass.MICRO), lead_s=sum(row.lead_s for row in rows),
        chain_gram_m=sum(row.grams * row.chain_m for row in rows), hub_gram_m=sum(row.grams * row.hub_m for row in rows),
        kitchen_gram_m=sum(row.grams * row.kitchen_m for row in rows), co2e_g=sum(row.co2e_g for row in rows),
        direct_ore=ore(lambda row: row.route is Route.DIRECT), dis_ore=ore(lambda row: row.route is Route.DIS),
        suppliers=len({row.producer_id for row in rows}), grades=sum(given), graded=len(given),
    )  # fmt: skip


def claimed(page: str) -> list[str] | None:
    """The amounts and the figure that the page says are made of its rows; none where it says nothing of the kind."""
    told = re.search(r'<dl class="facts made-of">(.*?)</dl>', page, re.DOTALL)
    if told is None:
        return None
    return [re.sub(r"<.*?>", "", one).strip() for one in re.findall(r"<dd>(.*?)</dd>", told[1], re.DOTALL)]


def text_of(client: FlaskClient, query: dict[str, str]) -> str:
    answer = client.get("/followup/deliveries", query_string={"period": PERIOD} | query)
    assert answer.status_code == 200, query
    return answer.get_data(as_text=True).replace("&nbsp;", " ").translate(SPACES)


def test_what_a_page_says_of_a_figure_and_its_rows_is_true(
    client_for: ClientFor, session: Session, mixed: Cast
) -> None:
    client, said = client_for("meal_manager"), set()
    rows = list(session.scalars(select(Delivered)))
    grades = {one.delivery_line_id: one.taste for one in session.scalars(select(Feedback)) if one.taste}
    for key, figure in FIGURES.items():
        chosen, behind = dict(BEHIND[key].chosen), BEHIND[key]
        for more in filters(mixed):
            for query in [more] if more == chosen | more else [more, chosen | more]:
                page = text_of(client, {"figure": key, **query})
                here = picked(rows, grades, query)
                told = claimed(page)
                if told is None:
                    if here:
                        assert f"{len(here)} rader av {len(rows)} i perioden" in page, (key, query)
                    continue
                said.add(key)
                asked = {name: value for name, value in query.items() if name in {"route", "producer"}}
                within = added_up(picked(rows, grades, asked), grades)
                value = shown(figure, figure.of(within)).translate(SPACES)
                assert told[-1] == value, (key, query)
                assert behind.top.of(added_up(here, grades)) == behind.top.of(within), (key, query)
                if key != "suppliers":
                    for row in here:  # each row counts in the amount that is said to be theirs
                        fewer = added_up([one for one in here if one is not row], grades)
                        assert behind.top.of(fewer) < behind.top.of(within), (key, query)
                if behind.bottom is None:
                    assert figure.of(added_up(here, grades)) == figure.of(within), (key, query)
                assert ("med samma upphandling" in page) == (behind.bottom is not None and "route" in query)
                assert ("från samma producent" in page) == (behind.bottom is not None and "producer" in query)
    assert said == set(FIGURES) - {"transports"}, "each figure has rows that are said to make it"


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ({"figure": "spend", "local": "yes"}, 5),
        ({"figure": "suppliers", "mark": "organic"}, 2),
        ({"figure": "share_organic", "mark": "organic", "local": "no"}, 1),
        ({"figure": "share_local"}, 8),
        ({"figure": "spend_direct", "route": "dis"}, 3),
        ({"figure": "transports"}, 8),
    ],
)
def test_other_rows_lead_to_those_that_make_the_figure(
    client_for: ClientFor, mixed: Cast, query: dict[str, str], lines: int
) -> None:
    client = client_for("meal_manager")
    page = text_of(client, query)
    assert claimed(page) is None
    assert f"{lines} rader av 8 i perioden" in page
    assert "räknat på raderna" not in page
    there = re.search(r'Nyckeltalet räknas med andra val än de som är gjorda här\.\s*<a href="([^"]+)"', page)
    assert there is not None
    behind = client.get(there[1].replace("&amp;", "&")).get_data(as_text=True)
    assert claimed(behind) is not None
    assert FIGURES[query["figure"]].name in behind


def test_another_period_keeps_what_is_chosen(client_for: ClientFor, mixed: Cast) -> None:
    page = text_of(client_for("meal_manager"), {"figure": "share_organic", "mark": "organic", "route": "dis"})
    onward = re.search(r'period-bar__next" href="([^"]+)"', page)
    assert onward is not None
    assert {"figure=share_organic", "mark=organic", "route=dis"} <= set(
        onward[1].partition("?")[2].split("&amp;")
    )
