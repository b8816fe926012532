"""A producer in the yard drops a pin: by pointing, by the telephone's position, by keyboard; the field always says the same."""

from __future__ import annotations

import re

import pytest
from browser.visiting import DESKTOP, PHONE, TABLET
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

NEW = "/register/sites/new"
FIELD = "Var ligger det?"


def position(page: Page) -> tuple[float, float]:
    lat, lon = page.get_by_label(FIELD).input_value().split(", ")
    return float(lat), float(lon)


@pytest.fixture
def producer(visit):
    visitor = visit(PHONE)
    visitor.sign_in("producer")
    visitor.open(NEW)
    expect(visitor.page.locator(".map-land").first).to_be_attached()
    return visitor


def test_a_pin_is_dropped_and_the_site_is_stored_there(producer):
    page = producer.page
    page.get_by_label("Platsens namn").fill("Betet vid ån")
    page.get_by_label(FIELD).fill("60.345, 17.513")
    page.get_by_label(FIELD).press("Tab")
    expect(page.locator(".map-pin")).to_have_count(1)
    page.locator("[data-pick-place]").click(position={"x": 60, "y": 60})
    lat, lon = position(page)
    assert 60.345 < lat < 61
    assert 17 < lon < 17.513
    expect(page.get_by_role("status").filter(has_text="Nålen står på")).to_be_visible()
    producer.is_well()
    page.get_by_role("button", name="Spara platsen").click()
    expect(page).to_have_url(re.compile("/register/?$"))
    page.get_by_role("link", name="Betet vid ån", exact=True).click()
    stored = position(page)
    assert stored == pytest.approx((lat, lon), abs=1e-5)


def test_the_telephone_says_where(producer):
    producer.context.grant_permissions(["geolocation"])
    producer.context.set_geolocation({"latitude": 60.0512, "longitude": 17.8431})
    producer.page.get_by_role("button", name="Där jag är nu").click()
    expect(producer.page.get_by_label(FIELD)).to_have_value("60.05120, 17.84310")
    producer.is_well()


def test_a_telephone_that_will_not_say_is_no_dead_end(producer):
    producer.context.clear_permissions()
    producer.page.get_by_role("button", name="Där jag är nu").click()
    expect(
        producer.page.get_by_text("Din plats kunde inte hämtas. Peka på kartan i stället.")
    ).to_be_visible()


def test_by_keyboard_alone(producer):
    page = producer.page
    page.locator("[data-pick-place]").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Sätt nålen mitt i kartan").focus()
    page.keyboard.press("Enter")
    lat, lon = position(page)
    assert 55 < lat < 69
    assert 11 < lon < 25


@pytest.mark.parametrize(("persona", "path"), [("producer", NEW), ("admin", "/register/kitchens/new")])
def test_the_forms_with_a_map_are_well_at_every_width(look, persona, path):
    visitor = look(DESKTOP)
    visitor.sign_in(persona)
    page = visitor.open(path)
    expect(page.locator(".map-land").first).to_be_attached()
    for viewport in (DESKTOP, TABLET, PHONE):
        page.set_viewport_size(viewport)
        visitor.is_well()


def test_without_scripts_the_field_is_enough(look):
    visitor = look(PHONE, java_script_enabled=False)
    visitor.sign_in("producer")
    page = visitor.open(NEW)
    expect(page.locator(".map--pick")).to_be_hidden()
    expect(page.get_by_label(FIELD)).to_be_visible()
