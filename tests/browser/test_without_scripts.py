"""The same job in a browser that runs no scripts."""

from __future__ import annotations

import pytest
from browser.visiting import PHONE, TABLET
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(visit):
    """A window without scripts."""

    def open_window(viewport):
        return visit(viewport, java_script_enabled=False)

    return open_window


def test_flag_find_and_order_without_scripts(plain):
    flag(plain(PHONE))
    find_and_order(plain(TABLET))


def flag(anna):
    page = anna.sign_in("producer")
    page.get_by_role("link", name="Flagga en volym").first.click()
    page.get_by_role("radio", name="Morötter").check()
    page.get_by_label("Hur mycket?").fill("120")
    page.get_by_label("Pris utan moms").fill("14")
    page.get_by_role("button", name="Flagga", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("120 kg av 120 kg")


def find_and_order(karin):
    page = karin.sign_in("kitchen")
    page.get_by_role("link", name="Hitta mat").first.click()
    expect(page.locator("noscript p")).to_be_visible()
    before = page.get_by_role("listitem").count()
    page.get_by_label("Kategori").select_option(label="Grönsaker")
    page.get_by_role("button", name="Visa").click()
    assert "category=vegetables" in page.url
    assert page.get_by_role("listitem").count() < before
    carrots = page.get_by_role("listitem").filter(has_text="Åkerbo gård").filter(has_text="120 kg kvar")
    carrots.get_by_role("link", name="Morötter").click()
    page.get_by_label("Hur mycket?", exact=True).fill("40")
    page.get_by_role("radio", name="onsdag 25 november").check()
    page.get_by_role("button", name="Beställ", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Beställt: 40 kg Morötter")


def test_cancelling_asks_on_a_page_of_its_own(plain):
    karin = plain(TABLET)
    page = karin.sign_in("kitchen")
    page.get_by_role("region", name="De närmaste dagarna").get_by_role("article").get_by_role(
        "link"
    ).first.click()
    page.get_by_role("link", name="Avboka").click()
    page.get_by_label("Varför?").fill("Vi fick redan")
    page.get_by_role("button", name="Avboka").click()
    expect(page.get_by_role("status").first).to_contain_text("Beställningen är avbokad")
    expect(page.get_by_role("main")).to_contain_text("Vi fick redan")
