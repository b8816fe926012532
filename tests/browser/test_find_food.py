"""The map and the list beside it: they move together, by mouse, by keyboard, and through the browser's history."""

from __future__ import annotations

import re

import pytest
from browser.visiting import DESKTOP, PHONE
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

MOST_ZOOMS = 8


@pytest.fixture
def karin(look):
    visitor = look(DESKTOP)
    visitor.sign_in("kitchen")
    visitor.open("/offers?category=vegetables")
    visitor.settle()
    return visitor


def rows(page: Page):
    return page.locator("#results").get_by_role("listitem")


def canvas(page: Page):
    return page.get_by_role("region", name="Karta över erbjudanden")


def test_pointing_at_a_row_lights_its_marker(karin):
    page = karin.page
    page.get_by_role("heading", level=1).hover()
    expect(page.locator(".is-lit")).to_have_count(0)
    rows(page).filter(has_text="Åkerbo gård").first.hover()
    lit = canvas(page).locator(".is-lit")
    expect(lit).to_have_count(1)
    expect(lit).to_have_accessible_name(re.compile(r"^(Åkerbo gård|\d+ platser)"))


def follow_the_light(page: Page, farm: str, *, until: Locator) -> None:
    """Places close together share a marker, which opens when pressed: press the lit one until the farm stands alone."""
    for _ in range(MOST_ZOOMS):
        rows(page).filter(has_text=farm).first.hover()
        expect(canvas(page).locator(".is-lit")).to_have_count(1)
        if until.count():
            return
        canvas(page).locator(".is-lit").press("Enter")
    raise AssertionError(f"{farm} never stood alone on the map")


def test_a_marker_opens_by_keyboard_and_gives_the_focus_back(karin):
    page = karin.page
    marker = canvas(page).get_by_role("button", name="Åkerbo gård")
    follow_the_light(page, "Åkerbo gård", until=marker)
    marker.press("Enter")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("Vitkål")
    expect(popup.get_by_role("link").first).to_be_focused()
    karin.is_well()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(marker).to_be_focused()


def test_another_week_asks_anew_what_is_local_then_and_another_filter_does_not(karin):
    """A definition may depend on who has what just then."""
    page, asked = karin.page, []
    page.on("request", lambda request: "definition.geojson" in request.url and asked.append(request.url))
    page.get_by_role("checkbox", name="Bara överskott").check()
    expect(page).to_have_url(re.compile("surplus=y"))
    karin.settle()
    assert asked == []
    week = page.get_by_label("Vecka")
    later = week.locator("option").nth(1).get_attribute("value")
    with page.expect_request(lambda request: "definition.geojson" in request.url):
        week.select_option(later)
    expect(page).to_have_url(re.compile(f"week={later}"))
    karin.settle()
    assert [f"week={later}" in url for url in asked] == [True]
    expect(canvas(page).locator(".map-definition")).to_have_count(1)


def test_back_restores_the_filter_the_list_and_the_map(karin):
    page = karin.page
    count, places = rows(page).count(), canvas(page).get_attribute("data-places")
    page.get_by_role("checkbox", name="Bara överskott").check()
    expect(page).to_have_url(re.compile("surplus=y"))
    expect(rows(page)).not_to_have_count(count)
    expect(canvas(page)).not_to_have_attribute("data-places", places)
    page.go_back()
    expect(rows(page)).to_have_count(count)
    expect(canvas(page)).to_have_attribute("data-places", places)
    expect(page.get_by_role("checkbox", name="Bara överskott")).not_to_be_checked()


def test_filters_that_nothing_passes_teach(karin):
    page = karin.page
    page.get_by_label("Minst").fill("99000")
    page.get_by_label("Minst").press("Enter")
    expect(page.get_by_role("heading", name="Inget passar filtren")).to_be_visible()
    karin.is_well()
    page.get_by_role("link", name="Rensa filter").last.click()
    expect(rows(page).first).to_be_visible()


def test_a_map_that_can_not_be_fetched_says_so(look):
    visitor = look(PHONE)
    visitor.sign_in("kitchen")
    visitor.page.route("**/offers.geojson*", lambda route: route.abort())
    page = visitor.open("/offers")
    expect(page.get_by_text("Kartan kunde inte hämtas. Ladda om sidan eller använd listan.")).to_be_visible()
    visitor.troubles.clear()  # the failure was ours
    visitor.is_well()


def test_a_list_that_can_not_be_fetched_says_so(karin):
    page = karin.page
    page.route("**/offers?*", lambda route: route.abort())
    page.get_by_role("checkbox", name="Bara lokalt").check()
    expect(page.get_by_role("status").first).to_contain_text("Det gick inte att hämta")
    karin.troubles.clear()  # the failure was ours


def test_the_downloaded_map_draws_without_a_network(karin, browser, tmp_path):
    with karin.page.expect_download() as download:
        karin.page.get_by_role("link", name="Ladda ner kartan").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    context = browser.new_context(offline=True)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.locator(".leaflet-interactive").first).to_be_attached()
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_question_before_cancelling_is_a_dialog(look):
    visitor = look(DESKTOP)
    page = visitor.sign_in("kitchen")
    page.get_by_role("region", name="De närmaste dagarna").get_by_role("article").get_by_role(
        "link"
    ).first.click()
    link = page.get_by_role("link", name="Avboka")
    link.press("Enter")
    dialog = page.get_by_role("dialog", name="Avboka beställningen?")
    expect(dialog.get_by_role("link", name="Nej, gå tillbaka")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()


def test_the_stepper_goes_by_whole_packages(look):
    visitor = look(PHONE)
    visitor.sign_in("kitchen")
    page = visitor.open("/offers")
    rows(page).filter(has_text="Åkerbo gård").get_by_role("link", name="Vitkål").click()
    amount = page.get_by_label("Hur mycket?", exact=True)
    amount.fill("43")
    page.get_by_role("button", name="Öka: Hur mycket?").click()
    expect(amount).to_have_value("50")
    page.get_by_role("button", name="Minska: Hur mycket?").click()
    expect(amount).to_have_value("40")
