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
    expect(preview).to_contain_text("Rätta det som är fel och fyll i")
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


def test_a_municipality_on_the_map_tells_its_answer_and_leads_to_its_row_and_page(look):
    visitor: Visitor = look(DESKTOP)
    visitor.sign_in(PRODUCER)
    page = visitor.open("/where-local")
    # The legend is drawn when the answers are on the map, just before it finds its view.
    expect(page.locator("figure:has(#where-map) .map__legend")).to_be_visible()
    visitor.settle()
    name = page.locator("#where-map .map-name span", has_text="Gällivare")
    name.scroll_into_view_if_needed()
    box = name.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    popup = page.locator("#where-map .leaflet-popup")
    expect(popup).to_contain_text("Inte lokalt")
    expect(popup).to_contain_text("utanför Norrbottens län")
    expect(page.locator("#kommun-2523.is-marked")).to_be_visible()
    visitor.is_well()
    popup.get_by_role("link", name="Öppna").click()
    expect(page).to_have_url(f"{visitor.address}/municipalities/2523")


def test_choosing_a_county_brings_it_into_view(look):
    visitor: Visitor = look(DESKTOP)
    visitor.sign_in(PRODUCER)
    page = visitor.open("/where-local")
    names = page.locator("#where-map .map-name")
    expect(names.filter(has_text="Kiruna")).to_have_count(1)
    page.get_by_label("Län", exact=True).select_option("01")
    expect(names.filter(has_text="Haninge")).to_have_count(1)
    expect(names.filter(has_text="Kiruna")).to_have_count(0)


@pytest.mark.parametrize("path", ["/where-local", "/municipalities/0188"])
def test_a_table_beside_a_map_fits_its_column(look, path):
    visitor: Visitor = look(TABLET)
    visitor.sign_in(PRODUCER)
    page = visitor.open(path)
    boxes = page.locator("main .table-scroll").evaluate_all(
        "all => all.map((b) => b.scrollWidth - b.clientWidth)"
    )
    assert boxes
    assert max(boxes) <= 0


def test_a_new_rule_gets_the_focus_and_a_removed_one_leaves_it_at_the_rules(visit):
    visitor: Visitor = visit(DESKTOP)
    visitor.sign_in(OFFICER)
    page = visitor.open("/register/authority/definition")
    page.get_by_label("Ny regel").select_option("neighbours")
    page.get_by_role("button", name="Lägg till regeln").press("Enter")
    expect(page.get_by_role("heading", name="I kommunen eller nära grannar")).to_be_focused()
    expect(page.locator("#definition-preview")).to_contain_text("eller en kommun som gränsar till den")
    page.get_by_role("button", name="Ta bort").last.press("Enter")
    expect(page.locator("#rules legend").first).to_be_focused()
    visitor.is_well()


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
    expect(page.locator("#circle-answer")).to_contain_text("Cirkeln mäts fågelvägen")
    visitor.is_well()


def test_all_of_the_circle_stays_in_view_as_it_grows(look):
    visitor: Visitor = look(DESKTOP)
    visitor.sign_in(KITCHEN)
    page = visitor.open("/offers/circle?week=all&amount=10&word=potatis")
    only_the_nearest = page.locator("#circle-map[data-places='2']")
    expect(only_the_nearest).to_be_visible()
    page.get_by_role("slider").fill("1000")
    page.get_by_role("slider").dispatch_event("change")
    expect(only_the_nearest).to_have_count(0)
    circle = page.locator("#circle-map path.map-area").bounding_box()
    shown = page.locator("#circle-map").bounding_box()
    assert circle["y"] > shown["y"]
    assert circle["y"] + circle["height"] < shown["y"] + shown["height"]
    expect(page.locator("[data-map-legend]")).to_contain_text("fågelvägen")
