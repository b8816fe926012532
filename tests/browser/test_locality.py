"""What is local, in a browser: the form with its live preview, the public pages, where am I local, the circle."""

from __future__ import annotations

import pytest
from browser.visiting import DESKTOP, PHONE, TABLET, Visitor
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OFFICER, PRODUCER, KITCHEN = "procurement-officer", "producer", "kitchen"
PAGES = [
    (OFFICER, "/register/authority/definition"),
    (None, "/municipalities?q=stockholm"),
    (None, "/municipalities/0188"),
    (None, "/municipalities/2584"),
    (PRODUCER, "/where-local?answer=yes"),
    (KITCHEN, "/offers/circle"),
]


@pytest.mark.parametrize(("persona", "path"), PAGES)
def test_each_page_is_accessible_at_every_width(look, persona, path):
    visitor = look(DESKTOP)
    if persona:
        visitor.sign_in(persona)
    page = visitor.open(path)
    for viewport in (DESKTOP, TABLET, PHONE):
        page.set_viewport_size(viewport)
        visitor.is_well()
    page.emulate_media(color_scheme="dark")
    visitor.is_well()


def test_the_preview_follows_the_form(visit):
    visitor: Visitor = visit(DESKTOP)
    visitor.sign_in(OFFICER)
    page = visitor.open("/register/authority/definition")
    page.get_by_label("Ny regel").select_option("distance")
    page.get_by_role("button", name="Lägg till regeln").click()
    page.get_by_role("button", name="Ta bort").first.click()
    field = page.get_by_label("Högst så många kilometer")
    field.fill("30")
    page.get_by_text("Centralorten", exact=True).click()
    preview = page.locator("#definition-preview")
    expect(preview).to_contain_text("högst 30\u00a0km fågelvägen från")
    expect(preview).to_contain_text("at most 30\u00a0km as the crow flies")
    expect(page.locator("#preview-map .map-area")).to_have_count(1)
    visitor.is_well()
    field.fill("0")
    field.press("Tab")
    expect(preview).to_contain_text("Rätta det som är fel i formuläret")
    field.fill("35")
    field.press("Tab")
    expect(preview).to_contain_text("högst 35\u00a0km")
    page.get_by_role("button", name="Spara definitionen").click()
    expect(page.get_by_text("Definitionen är sparad.")).to_be_visible()
    visitor.is_well()


def test_the_form_works_without_scripts(visit):
    visitor: Visitor = visit(DESKTOP, java_script_enabled=False)
    visitor.sign_in(OFFICER)
    page = visitor.open("/register/authority/definition")
    page.get_by_role("button", name="Ta bort").first.click()
    page.get_by_label("Ny regel").select_option("neighbours")
    page.get_by_role("button", name="Lägg till regeln").click()
    page.get_by_role("button", name="Förhandsvisa").last.click()
    expect(page.locator("#definition-preview")).to_contain_text("eller en kommun som gränsar till den")
    page.get_by_role("button", name="Spara definitionen").click()
    expect(page.get_by_text("Definitionen är sparad.")).to_be_visible()


def test_every_municipality_is_painted_with_its_answer(look):
    visitor: Visitor = look(DESKTOP)
    visitor.sign_in(PRODUCER)
    page = visitor.open("/where-local")
    painted = page.locator(".map-land--yes, .map-land--no, .map-land--uncertain")
    expect(painted).to_have_count(290)
    expect(page.locator("[data-map-legend]")).to_contain_text("Inte lokalt")
    page.get_by_label("Svar", exact=True).select_option("yes")
    expect(page.locator("#answers tbody tr")).to_have_count(page.locator(".map-land--yes").count())
    expect(painted).to_have_count(290)


def test_the_map_file_draws_with_the_network_blocked(look, people, read_site, tmp_path):
    visitor: Visitor = look(DESKTOP)
    visitor.sign_in(PRODUCER)
    page = visitor.open("/where-local")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Ladda ner kartan").click()
    saved = tmp_path / "karta.html"
    waiting.value.save_as(saved)
    other = visitor.context.browser.new_context(offline=True)
    opened = other.new_page()
    opened.goto(saved.as_uri())
    expect(opened.locator(".leaflet-marker-icon").first).to_be_visible()
    other.close()


def test_the_circle_grows_with_the_slider(look):
    visitor: Visitor = look(DESKTOP)
    visitor.sign_in(KITCHEN)
    page = visitor.open("/offers/circle?week=all")
    slider = page.get_by_role("slider")
    first = page.locator("#circle-title").inner_text()
    slider.fill("900")
    slider.dispatch_event("change")
    expect(page.locator("#circle-title")).not_to_have_text(first)
    expect(page.get_by_role("textbox", name="Hur mycket?")).to_have_value("900")
    expect(page.locator("#circle-map .map-area")).to_have_count(1)
    visitor.is_well()
