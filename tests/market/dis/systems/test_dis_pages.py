"""The officer's way from nothing to a published notice; hand-made requests get nowhere else."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from dis_drafts import FORM as BASICS
from sqlalchemy import func, select

from market.audit import AuditEvent
from market.db import transaction
from market.dis.rules import DisState
from market.dis.systems import publish_views
from market.dis.systems.models import Criterion, Dis, DisCategory
from market.law.models import LawValue
from market.law.rules import LawKey

FIRST_ROUND = {"last_day": "2026-12-28"}
STEPS = ("edit", "edit/authorities", "edit/categories", "edit/terms", "publish")


@pytest.fixture
def officer(stored, client_for):
    return client_for("procurement_officer")


def make_draft(client, **changes):
    answer = client.post("/dis/new", data=BASICS | changes)
    assert answer.status_code == 302, re.findall(
        r"field__error.*?</p>|error-summary.*?</ul>", answer.text, re.DOTALL
    )
    return int(re.search(r"/dis/(\d+)", answer.location).group(1))


@pytest.fixture
def draft_id(officer):
    return make_draft(officer)


@pytest.fixture
def published_id(officer, draft_id):
    assert officer.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND).status_code == 302
    return draft_id


def events(look):
    look.rollback()  # what has been stored since the last look
    return look.scalar(select(func.count()).select_from(AuditEvent))


def test_a_draft_from_a_template_leads_step_by_step_to_the_desk(officer, draft_id, look):
    for step in STEPS:
        assert officer.get(f"/dis/{draft_id}/{step}").status_code == 200, step
    assert "Det här saknas" not in officer.get(f"/dis/{draft_id}/publish").text
    answer = officer.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND)
    assert answer.location.endswith(f"/dis/{draft_id}/desk")
    assert look.get(Dis, draft_id).state is DisState.PUBLISHED
    assert "Öppet för ansökningar" in officer.get(f"/dis/{draft_id}/desk").text


def test_each_step_saves_and_leads_on(officer, draft_id, stored, look):
    both = [str(stored.authority.id), str(stored.other_authority.id)]
    answer = officer.post(f"/dis/{draft_id}/edit/authorities", data={"authorities": both})
    assert answer.location.endswith("/edit/categories")
    officer.post(f"/dis/{draft_id}/edit/categories", data={"categories": ["eggs"]})
    answer = officer.post(
        f"/dis/{draft_id}/edit/terms",
        data={"tie_rule": "lot", "standstill_days": "0", "contract_terms": "Betalning inom 30 dagar."},
    )
    assert answer.location.endswith("/publish")
    dis = look.get(Dis, draft_id)
    assert [one.name for one in dis.authorities] == ["Norrtälje kommun", "Vallentuna kommun"]
    assert [one.category_key for one in dis.categories] == ["eggs"]
    assert dis.standstill_days == 0


CATEGORY = {
    "description": "Ägg, klass A.",
    "max_suppliers_per_lot": "3",
    "max_lots_per_supplier": "",
    "requirements-0-kind": "declaration",
    "requirements-0-text": "Registrerad som livsmedelsföretag.",
    "requirements-0-proof": "Egen försäkran.",
    "requirements-1-kind": "declaration",
    "requirements-1-text": "",
    "criteria-0-name": "Smak",
    "criteria-0-kind": "scored",
    "criteria-0-deduction": "12,5",
    "criteria-0-points": "5",
}


def first_category(look, draft_id):
    return (
        look.scalars(select(DisCategory).where(DisCategory.dis_id == draft_id).order_by(DisCategory.position))
        .first()
        .id
    )


def test_a_category_is_saved_row_by_row(officer, draft_id, look):
    category_id = first_category(look, draft_id)
    url = f"/dis/categories/{category_id}/edit"
    assert officer.post(url, data=CATEGORY).location.endswith("/edit/categories")
    look.rollback()
    category = look.get(DisCategory, category_id)
    assert [row.text for row in category.requirements] == ["Registrerad som livsmedelsföretag."]
    assert [(row.name, row.max_deduction_bp, row.max_points) for row in category.criteria] == [
        ("Smak", 1250, 5)
    ]
    assert category.max_suppliers_per_lot == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"criteria-0-deduction": ""}, "Skriv avdraget i procent"),
        ({"criteria-0-deduction": "51"}, "Skriv avdraget i procent"),
        ({"criteria-0-deduction": "0,001"}, "Skriv avdraget i procent"),
        ({"criteria-0-points": ""}, "behöver en högsta poäng"),
        (
            {"criteria-1-name": "Färskhet", "criteria-1-kind": "statement", "criteria-1-deduction": "37,51"},
            "högst 50 %",
        ),
        ({"description": ""}, "Fyll i det här"),
        ({"requirements-0-kind": "norrtälje"}, "Välj något i listan"),
    ],
)
def test_a_wrong_category_is_explained_and_nothing_is_stored(officer, draft_id, look, changes, said):
    before = look.scalar(select(func.count()).select_from(Criterion))
    answer = officer.post(f"/dis/categories/{first_category(look, draft_id)}/edit", data=CATEGORY | changes)
    assert answer.status_code == 200
    assert said in answer.text
    look.rollback()
    assert look.scalar(select(func.count()).select_from(Criterion)) == before


def test_one_more_row_is_given_without_saving_and_without_scripts(officer, draft_id, look):
    url = f"/dis/categories/{first_category(look, draft_id)}/edit"
    page = officer.post(url, data=CATEGORY | {"add": "criteria"})
    assert 'name="criteria-1-name"' in page.text
    assert 'value="Smak"' in page.text


def test_rows_are_fetched_from_another_category(officer, draft_id, look):
    first = first_category(look, draft_id)
    officer.post(f"/dis/categories/{first}/edit", data=CATEGORY)
    other = look.scalars(
        select(DisCategory.id).where(DisCategory.dis_id == draft_id, DisCategory.id != first)
    ).first()
    page = officer.get(f"/dis/categories/{other}/edit?copy={first}")
    assert 'value="Smak"' in page.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"regime_reason": ""}, "Det går inte att säga vilka regler som gäller"),
        ({"value": "0"}, "större än noll"),
        ({"value": "1.500.000"}, "komma"),
        ({"last_day": "2026-11-23"}, "Sista dagen måste ligga längre fram"),
        ({"last_day": "snart"}, "ÅÅÅÅ-MM-DD"),
        ({"regime": ""}, "Välj vilka regler som gäller"),
        ({"name": ""}, "Fyll i det här"),
    ],
)
def test_wrong_basics_are_explained_and_nothing_is_stored(officer, look, changes, said):
    answer = officer.post("/dis/new", data=BASICS | changes)
    assert answer.status_code == 200
    assert said in answer.text
    assert look.scalar(select(func.count()).select_from(Dis)) == 0


def enter_threshold(engine, kronor):
    with transaction(engine) as session:
        begins, source = date(2026, 1, 1), "LOU 5 kap. 1 §"
        session.add(
            LawValue(key=LawKey.EU_THRESHOLD, value=Decimal(kronor), valid_from=begins, source=source)
        )


def test_with_a_threshold_the_advice_is_given_and_laxer_rules_are_refused(officer, engine):
    assert "så vi kan inte säga vilka regler som gäller" in officer.get("/dis/new").text
    enter_threshold(engine, 1_500_000)
    page = officer.get("/dis/new").text
    assert "Tröskelvärdet är i dag 1\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}000 kronor" in page
    assert "välj «över tröskelvärdet»" in officer.post("/dis/new", data=BASICS).text
    assert make_draft(officer, regime="directive", regime_reason="")


def test_a_double_submit_makes_one_draft(officer, draft_id):
    assert make_draft(officer) == draft_id


def test_words_of_place_are_warned_of_at_the_text_and_answered_before_publishing(officer, look):
    draft_id = make_draft(officer, description="Närproducerat, helst inom 5 mil.")
    page = officer.get(f"/dis/{draft_id}/edit").text
    assert "«Närproducerat» är ett ord för det som finns nära." in page
    assert "«5 mil» är ett mått på avstånd." in page
    assert "LOU 4 kap. 1 §" in page
    refused = officer.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND)
    assert "som ingen har tagit ställning till" in refused.text
    for word in ("Närproducerat", "5 mil"):
        said = {"place": "description", "found": word, "sentence": "Närproducerat, helst inom 5 mil."}
        officer.post(f"/dis/{draft_id}/wording", data=said | {"reason": ""})
        assert "Publicera annonsen" not in officer.get(f"/dis/{draft_id}/publish").text
        officer.post(f"/dis/{draft_id}/wording", data=said | {"reason": "Bara en önskan i texten."})
    assert officer.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND).status_code == 302
    assert "Bara en önskan i texten." in officer.get(f"/dis/{draft_id}/desk").text


def test_a_warning_that_is_met_by_other_words_is_gone(officer):
    draft_id = make_draft(officer, description="Närproducerat.")
    officer.post(f"/dis/{draft_id}/edit", data=BASICS)
    assert officer.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND).status_code == 302


def wrong_state_posts(dis_id, category_id, stored):
    both = [str(stored.authority.id), str(stored.other_authority.id)]
    return {
        f"/dis/{dis_id}/edit": BASICS | {"name": "Annat"},
        f"/dis/{dis_id}/edit/authorities": {"authorities": both},
        f"/dis/{dis_id}/edit/categories": {"categories": ["honey"]},
        f"/dis/categories/{category_id}/edit": CATEGORY,
        f"/dis/{dis_id}/edit/terms": {"tie_rule": "lot", "standstill_days": "0", "contract_terms": "Nya."},
        f"/dis/{dis_id}/publish": FIRST_ROUND,
        f"/dis/{dis_id}/wording": {"place": "name", "found": "x", "sentence": "x", "reason": "x"},
        f"/dis/{dis_id}/discard": {},
    }


def test_nobody_joins_and_nothing_changes_after_publication_by_hand_made_requests(
    officer, published_id, stored, look
):
    before, notice = events(look), officer.get(f"/dis/{published_id}/notice.json").json
    for url, data in wrong_state_posts(published_id, first_category(look, published_id), stored).items():
        answer = officer.post(url, data=data)
        assert answer.status_code in (200, 302), url
        page = answer.text if answer.status_code == 200 else officer.get(answer.location).text
        assert "kan inte ändras" in page or "inte längre" in page, url
    look.rollback()
    assert officer.get(f"/dis/{published_id}/notice.json").json == notice
    assert [one["name"] for one in notice["buyers"]] == ["Norrtälje kommun"]
    assert events(look) == before


def test_a_draft_is_neither_extended_nor_ended_by_hand_made_requests(officer, draft_id, look):
    before = events(look)
    for url, data in (
        (f"/dis/{draft_id}/extend", {"last_day": "2030-01-01"}),
        (f"/dis/{draft_id}/end", {"reason": "x"}),
    ):
        assert "Bara ett system som är publicerat" in officer.post(url, data=data).text
    look.rollback()
    assert look.get(Dis, draft_id).state is DisState.DRAFT
    assert events(look) == before


def test_a_draft_that_changes_while_the_notice_is_typeset_is_not_published(
    officer, draft_id, engine, look, monkeypatch
):
    typeset = publish_views.notice_pdf

    def slowly(*args, **more):
        with transaction(engine) as session:
            session.get(Dis, draft_id).description = "Något annat."
        return typeset(*args, **more)

    monkeypatch.setattr(publish_views, "notice_pdf", slowly)
    answer = officer.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND)
    assert "Utkastet ändrades medan annonsen skrevs" in answer.text
    assert look.get(Dis, draft_id).state is DisState.DRAFT


def test_letters_that_the_notice_can_not_show_are_refused(officer, look):
    draft_id = make_draft(officer, description="Ägg \N{HATCHING CHICK}")
    assert (
        "tecken som annonsen inte kan visa" in officer.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND).text
    )
    assert look.get(Dis, draft_id).state is DisState.DRAFT


def test_others_neither_see_nor_change_a_draft(officer, draft_id, client_for, stored):
    for name in (None, "producer", "other_officer", "admin"):
        client = client_for(name)
        assert client.get(f"/dis/{draft_id}").status_code == 404
        assert client.get(f"/dis/{draft_id}/notice.pdf").status_code == 404
        assert "Livsmedel 2027" not in client.get("/dis").text
        assert "Livsmedel 2027" not in client.get("/dis/feed.atom").text
    named = {"authorities": [str(stored.authority.id), str(stored.other_authority.id)]}
    officer.post(f"/dis/{draft_id}/edit/authorities", data=named)
    other = client_for("other_officer")
    assert other.get(f"/dis/{draft_id}/desk").status_code == 200
    assert other.get(f"/dis/{draft_id}/edit").status_code == 404
    assert other.post(f"/dis/{draft_id}/publish", data=FIRST_ROUND).status_code == 404


def test_a_published_one_is_extended_and_ended(officer, published_id, look):
    refused = officer.post(f"/dis/{published_id}/extend", data={"last_day": "2028-12-31"})
    assert "Välj en dag efter" in refused.text
    assert officer.post(f"/dis/{published_id}/extend", data={"last_day": "2029-12-31"}).status_code == 302
    assert len(look.get(Dis, published_id).documents) == 2
    assert "Fyll i det här" in officer.post(f"/dis/{published_id}/end", data={"reason": ""}).text
    assert (
        officer.post(f"/dis/{published_id}/end", data={"reason": "Ersätts av ett nytt."}).status_code == 302
    )
    page = officer.get(f"/dis/{published_id}").text
    assert "Ersätts av ett nytt." in page
    assert "tar inte emot fler ansökningar" in page
    assert "Bara ett system" in officer.get(f"/dis/{published_id}/extend").text


def test_a_discarded_draft_is_gone_from_the_list(officer, draft_id):
    assert "Livsmedel 2027" in officer.get("/dis").text
    officer.post(f"/dis/{draft_id}/discard")
    assert "Livsmedel 2027" not in officer.get("/dis").text


def test_the_pages_speak_english_too(officer, published_id):
    officer.post("/language", data={"language": "en"})
    for path in (f"/dis/{published_id}", f"/dis/{published_id}/desk", "/dis/new", "/dis"):
        assert officer.get(path).status_code == 200
