"""The procurement officer edits the definition: rows of rules, a preview, saving, a second editor."""

from __future__ import annotations

import json
from datetime import timedelta

from factories import MONDAY
from sqlalchemy import func, select

from geodata.local import (
    AllOf,
    Answer,
    AnyOf,
    InCounties,
    InMunicipalityOrNeighbours,
    LocalDefinition,
    ProductionSite,
    SchoolDayVisit,
    Step,
    WithinDistance,
    from_json,
    verdict,
)
from geodata.points import Point
from market.locality.models import DefinitionVersion
from market.locality.previewing import preview
from market.locality.queries import latest_version, stated_by
from market.locality.stated import Stated
from market.register.models import Category, Product, Unit
from market.register.models import Step as MadeAt
from market.register.operations import add_product

URL = "/register/authority/definition"


def saved(look, authority) -> DefinitionVersion:
    look.rollback()
    found = latest_version(look, authority_id=authority.id)
    assert found is not None
    return found


def test_the_form_shows_what_applies_and_the_warning_is_always_there(client_for, stored):
    page = client_for("procurement_officer").get(URL).text
    assert "I det egna länet" in page
    assert "Lokalt är det som kommer från en plats i Stockholms län." in page
    assert "Local is what comes from a place in Stockholms län." in page
    assert "får aldrig vara ett krav eller ett kriterium i en upphandling" in page


def test_a_rule_of_every_kind_is_saved_as_it_was_written(client_for, stored, look, form):
    data = form(
        match="all",
        **{
            "rules-1-kind": "in_counties", "rules-1-codes": ["01", "03"],
            "rules-2-kind": "neighbours", "rules-2-rings": "2",
            "rules-3-kind": "school_day", "rules-3-day_hours": "6", "rules-3-share": "50",
            "rules-4-kind": "in_county",
            "rules-5-kind": "distance", "rules-5-km": "12,5", "rules-5-by": "road", "rules-5-measured_from": "border",
        },
    ) | {"steps": ["farm", "slaughter"], "own_wording": "Nära oss."}  # fmt: skip
    assert client_for("procurement_officer").post(URL, data=data).status_code == 302
    version = saved(look, stored.authority)
    assert (version.number, version.own_wording, version.valid_from) == (2, "Nära oss.", MONDAY)
    assert from_json(version.definition) == LocalDefinition(
        rule=AllOf(
            (
                WithinDistance(40, "crow", "seat"),
                InCounties(("01", "03")),
                InMunicipalityOrNeighbours(2),
                SchoolDayVisit(6, 0.5),
                InCounties(),
                WithinDistance(12.5, "road", "border"),
            )
        ),
        steps=(Step.FARM, Step.SLAUGHTER),
    )
    again = client_for("procurement_officer").get(URL).text
    assert 'value="12,5"' in again
    assert "rules-5-kind" in again


def test_one_of_several_rules_may_be_enough(client_for, stored, look, form):
    client_for("procurement_officer").post(URL, data=form(**{"rules-1-kind": "in_county"}))
    rule = from_json(saved(look, stored.authority).definition).rule
    assert rule == AnyOf((WithinDistance(40, "crow", "seat"), InCounties()))


def test_rows_are_added_and_removed_by_buttons_and_nothing_is_stored(client_for, stored, look, form):
    client = client_for("procurement_officer")
    added = client.post(URL, data=form(do="add", new_kind="school_day")).text
    assert "Studiebesök under en skoldag</h2>" in added
    assert 'value="40"' in added, "what was written stays"
    both = form(do="remove:0", **{"rules-1-kind": "in_county"})
    removed = client.post(URL, data=both).text
    assert 'name="rules-0-km"' not in removed
    assert "I det egna länet</h2>" in removed
    assert look.scalar(select(func.count()).select_from(DefinitionVersion)) == 2


def test_a_made_up_button_does_no_harm(client_for, stored, form):
    for pressed in ("remove:99", "remove:x", "add", "explode"):
        assert client_for("procurement_officer").post(URL, data=form(do=pressed)).status_code == 200


def test_what_is_wrong_stands_by_its_field(client_for, stored, look, form):
    client = client_for("procurement_officer")
    cases = [
        (form(**{"rules-0-km": "0"}), "Skriv ett tal större än 0"),
        (form(**{"rules-0-km": "nära"}), "Skriv ett tal med siffror"),
        (form(**{"rules-0-by": "flyg"}), "Välj ett av alternativen."),
        (form(**{"rules-0-kind": "in_counties"}), "Välj minst ett län."),
        (form(steps=[]), "Välj minst ett steg."),
        (form(valid_from="i morgon"), "Skriv datumet som ÅÅÅÅ-MM-DD"),
        (form(valid_from="2026-11-22"), "kan inte börja gälla bakåt i tiden"),
        (
            {"do": "save", "match": "any", "steps": ["farm"], "valid_from": "2026-11-23"},
            "Lägg till minst en regel.",
        ),
    ]
    for data, text in cases:
        answer = client.post(URL, data=data)
        assert answer.status_code == 200
        assert text in answer.text, text
    assert look.scalar(select(func.count()).select_from(DefinitionVersion)) == 2


def test_the_second_editor_sees_what_the_first_saved_and_may_save_anew(client_for, stored, look, form):
    client = client_for("procurement_officer")
    client.post(URL, data=form(**{"rules-0-km": "55"}, own_wording="Femtiofem."))
    late = client.post(URL, data=form(**{"rules-0-km": "70"}))
    assert late.status_code == 200
    assert "Någon annan har sparat version 2 medan du skrev." in late.text
    assert "högst 55\u00a0km fågelvägen" in late.text
    assert "Femtiofem." in late.text
    assert 'value="70"' in late.text
    assert 'name="based_on" type="hidden" value="2"' in late.text
    assert client.post(URL, data=form(based_on="2", **{"rules-0-km": "70"})).status_code == 302
    assert saved(look, stored.authority).number == 3


def test_an_officer_states_for_the_own_authority_only(client_for, stored, look, form):
    assert client_for("other_officer").post(URL, data=form()).status_code == 302
    assert saved(look, stored.other_authority).number == 2
    assert saved(look, stored.authority).number == 1


def test_the_preview_counts_as_a_plain_loop_does(session, cast):
    """Producers spread over the country, chains of two sites: against `geodata.local.verdict` one by one."""
    _spread(session, cast)
    current = stated_by(session, authority=cast.authority, day=MONDAY)
    rule = AnyOf((WithinDistance(60, "crow", "kitchen"), InMunicipalityOrNeighbours(1)))
    draft = Stated(
        code="0188", definition=LocalDefinition(rule=rule), authority=cast.authority, kitchen=cast.hub
    )
    shown = preview(session, draft=draft, current=current, on=MONDAY)
    after, before = _by_hand(session, draft), _by_hand(session, current)
    assert 0 < len(after) < shown.producers
    assert set(shown.inside.producers) == {p.producer_id for p in after}
    assert {c.key for c in shown.categories} == {p.category_key for p in after}
    names = {p.producer.name for p in after}, {p.producer.name for p in before}
    assert [p.name for p in shown.coming] == sorted(names[0] - names[1])
    assert [p.name for p in shown.leaving] == sorted(names[1] - names[0])
    assert shown.leaving


def _by_hand(session, stated: Stated) -> list[Product]:
    found = []
    for product in session.scalars(select(Product)):
        sites = [
            ProductionSite(
                step=Step(link.step.value),
                point=Point(lat=link.site.lat, lon=link.site.lon),
                municipality_code=link.site.municipality_code,
                name=link.site.name,
            )
            for link in product.chain
        ]
        answer = verdict(
            stated.definition, authority_code=stated.code, sites=sites, kitchen=stated.point, on=MONDAY
        ).answer
        if answer is Answer.YES:
            found.append(product)
    return found


def _spread(session, cast) -> None:
    from factories import AT

    from market.register.models import Producer
    from market.register.models import ProductionSite as Site

    categories = list(session.scalars(select(Category).order_by(Category.position)))
    for n in range(8):
        place = (58.9 + 0.2 * n, 17.65)
        producer = Producer(name=f"Gård {n:02d}", created_at=AT)
        producer.sites.append(Site(name=f"Plats {n}", lat=place[0], lon=place[1]))
        session.add(producer)
        session.flush()
        links = [(MadeAt.FARM, producer.sites[0]), (MadeAt.PACKING, cast.site)][: 1 + n % 2]
        add_product(
            session, producer=producer, name="Vara", category=categories[n], unit=Unit.KILOGRAM,
            grams_per_unit=1000, chain=links, user_id=None, at=AT,
        )  # fmt: skip


def test_the_live_preview_says_the_same_as_the_button(client_for, stored, form):
    client = client_for("procurement_officer")
    live = client.get(f"{URL}/preview", query_string=form(do=""), headers={"HX-Request": "true"}).text
    pressed = client.post(URL, data=form(do="preview")).text
    for text in (
        "högst 40\u00a0km fågelvägen från Norrtälje",
        "at most 40\u00a0km",
        "Producenter med något lokalt",
    ):
        assert text in live
        assert text in pressed
    assert "<html" not in live


def test_the_preview_of_what_is_wrong_says_so(client_for, stored, form):
    live = (
        client_for("procurement_officer").get(f"{URL}/preview", query_string=form(**{"rules-0-km": ""})).text
    )
    assert "Rätta det som är fel och fyll i" in live


def test_the_previews_map_draws_the_draft(client_for, stored):
    draft = json.dumps(
        {"rule": {"kind": "within_distance", "km": 30, "measured_from": "seat"}, "steps": ["farm"]}
    )
    client = client_for("procurement_officer")
    found = client.get(f"{URL}/preview.geojson", query_string={"draft": draft}).get_json()["features"]
    assert [f["geometry"]["type"] for f in found] == ["MultiPolygon", "Point"]
    assert found[1]["properties"]["is_local"] is True
    assert client.get(f"{URL}/preview.geojson?draft=nonsense").status_code == 404
    assert client.get(f"{URL}/preview.geojson?draft=[]").status_code == 404


def test_the_previews_map_explains_what_nobody_can_tell(client_for, stored):
    rule = {"kind": "within_distance", "km": 30, "measured_from": "kitchen"}
    draft = json.dumps({"rule": rule, "steps": ["farm"]})
    client = client_for("procurement_officer")
    seen = client.get(f"{URL}/preview.geojson", query_string={"draft": draft}).get_json()
    assert "legend" not in seen
    cannot_tell = client.get(
        f"{URL}/preview.geojson", query_string={"draft": draft, "kitchen": 999_999}
    ).get_json()
    assert cannot_tell["legend"] == [{"shape": "diamond", "label": "Oklart"}]
    assert cannot_tell["features"][-1]["properties"]["shape"] == "diamond"


def test_a_version_may_wait_for_its_day(client_for, stored, look, form):
    begins = MONDAY + timedelta(days=30)
    client = client_for("procurement_officer")
    page = client.post(URL, data=form(valid_from=begins.isoformat()), follow_redirects=True).text
    assert "Den gäller från och med 23 december 2026." in page
    assert "Formuläret visar version 2, som börjar gälla 23 december 2026. Till dess gäller: " in page
    assert 'value="2026-12-23"' in page, "saving once more must not bring the day forward"
    assert "Stockholms län" in client_for(None).get("/municipalities/0188").text
