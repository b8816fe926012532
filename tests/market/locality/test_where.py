"""Where am I local: all 290 municipalities for one of the producer's own products."""

from __future__ import annotations

import pytest
from factories import AT, MONDAY

from geodata import areas
from geodata.local import Answer, InCounties, WithinDistance
from market.locality.judging import chain_of
from market.locality.queries import stated_everywhere
from market.locality.where import best_of, counted, where_everywhere
from market.register.models import Category, Step, Unit
from market.register.operations import add_product


def product_at(session, cast, name, site, producer=None):
    return add_product(
        session, producer=producer or cast.producer, name=name, category=session.get_one(Category, "beef"),
        unit=Unit.KILOGRAM, grams_per_unit=1000, chain=[(Step.FARM, site)], user_id=None, at=AT,
    )  # fmt: skip


@pytest.fixture
def rows(session, cast):
    return lambda product: where_everywhere(
        chain_of(product), stated_everywhere(session, day=MONDAY), on=MONDAY
    )


def test_every_municipality_answers_and_the_presets_are_the_own_county(rows, cast):
    found = rows(cast.carrots)
    assert [row.municipality.code for row in found] == [area.code for area in areas.municipalities()]
    in_stockholm = {row.municipality.code for row in found if row.answer is Answer.YES}
    assert in_stockholm == {area.code for area in areas.municipalities(county_code="01")}
    assert sum(row.is_assumption for row in found) == 288


def test_a_municipality_that_states_its_own_answers_by_it(rows, cast, state):
    state(InCounties(("09",)))
    answers = {row.municipality.code: row for row in rows(cast.carrots)}
    assert answers["0188"].answer is Answer.NO
    assert "Norrtälje" in answers["0188"].reason("sv")


def test_where_the_kitchen_is_unknown_the_answer_is_uncertain(rows, session, cast, state):
    state(WithinDistance(km=40, by="crow", measured_from="kitchen"))
    cast.hub.is_active = cast.satellite.is_active = False
    session.flush()
    answers = {row.municipality.code: row.answer for row in rows(cast.carrots)}
    assert answers["0188"] is Answer.UNCERTAIN


def test_of_several_products_the_best_answer_counts(rows, session, cast):
    far = product_at(session, cast, "Fjärran", cast.other_producer.sites[0])
    both = best_of([rows(cast.carrots), rows(far)])
    assert counted(both)["yes"] >= counted(rows(cast.carrots))["yes"]


def test_the_page_says_answer_reason_and_definition(client_for, stored):
    page = client_for("producer").get("/where-local").text
    assert "Morötter: lokalt i 26 av 290 kommuner, oklart i 0, inte i 264" in page
    assert page.count('href="/municipalities/') == 290
    assert "ligger i Norrtälje" in page
    assert "Antagande: det egna länet är lokalt." in page


@pytest.mark.parametrize(
    ("query", "count"), [("county=09", 1), ("answer=yes", 26), ("county=01&answer=no", 0), ("county=99", 0)]
)
def test_the_table_is_filtered_by_county_and_answer(client_for, stored, query, count):
    page = client_for("producer").get(f"/where-local?{query}", headers={"HX-Request": "true"}).text
    assert page.count('href="/municipalities/') == count
    assert "<html" not in page


def test_the_map_paints_every_municipality(client_for, stored):
    found = client_for("producer").get("/where-local.geojson").get_json()
    assert len(found["areas"]) == 290
    assert found["areas"]["0188"]["answer"] == "yes"
    assert found["areas"]["2584"]["answer"] == "no"
    assert found["in_view"] == []
    assert [f["properties"]["title"] for f in found["features"]] == ["Åkerbo"]


def test_each_municipality_on_the_map_tells_its_reason_and_leads_to_its_page(client_for, stored):
    found = client_for("producer").get("/where-local.geojson").get_json()
    kiruna = found["areas"]["2584"]
    assert (kiruna["title"], kiruna["url"]) == ("Kiruna", "/municipalities/2584")
    answer, reason = kiruna["lines"]
    assert answer == "Inte lokalt"
    assert "utanför Norrbottens län" in reason


def test_a_chosen_county_is_what_the_map_shows(client_for, stored):
    found = client_for("producer").get("/where-local.geojson?county=09").get_json()
    assert found["in_view"] == ["0980"]
    assert len(found["areas"]) == 290


def test_each_product_has_its_own_answer(client_for, session, cast):
    far = product_at(session, cast, "Fjärran", cast.other_producer.sites[0])
    session.commit()
    client = client_for("producer")
    assert "Fjärran: lokalt i" in client.get(f"/where-local?product={far.id}").text


def test_another_producers_product_is_not_found(client_for, session, cast):
    theirs = product_at(session, cast, "Deras", cast.other_producer.sites[0], cast.other_producer)
    session.commit()
    for url in ("/where-local", "/where-local.geojson", "/where-local/map.html"):
        assert client_for("producer").get(f"{url}?product={theirs.id}").status_code == 404
        assert client_for("other_producer").get(f"{url}?product={theirs.id}").status_code == 200


def test_a_producer_without_products_is_told_what_is_missing(client_for, stored):
    client = client_for("other_producer")
    assert "Först behövs en vara" in client.get("/where-local").text
    assert client.get("/where-local/map.html").status_code == 404


def test_the_map_file_opens_without_a_network_and_lists_them_all(client_for, stored):
    answer = client_for("producer").get("/where-local/map.html")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.count('<th scope="row">') == 291
    assert "<link" not in answer.text
    assert "<script src" not in answer.text
