"""Follow-up as a meal manager uses it on a phone: from a figure to the deliveries behind it, a goal, a scenario, the year's report."""

from __future__ import annotations

import re

import pytest
from browser.visiting import PHONE, Visitor
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_a_figure_to_its_deliveries_to_a_goal_a_scenario_and_the_year(visit):
    maria = visit(PHONE)
    page = maria.sign_in("meal-manager")
    maria.go("Uppföljning")
    drills_down(maria, page)
    states_a_goal(maria, page)
    asks_what_if(maria, page)
    fetches_the_year(page)


def part(page: Page, name: str) -> None:
    """One of the parts of follow-up, which are folded on a phone."""
    page.get_by_text("Fler delar").click()
    page.get_by_role("navigation", name="Uppföljning").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def drills_down(maria: Visitor, page: Page) -> None:
    """The same share on the overview, on the figure's own page and at the foot of the deliveries."""
    page.get_by_role("link", name="År", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Andel lokalt", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Andel lokalt")
    share = page.get_by_text(re.compile(r"^\d+,\d\s%$")).first.inner_text()
    page.get_by_role("main").get_by_role("link", name="Leveranserna").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leveranser")
    expect(page.get_by_role("main")).to_contain_text(share)
    maria.is_well()


def states_a_goal(maria: Visitor, page: Page) -> None:
    part(page, "Mål")
    page.get_by_role("link", name="Sätt ett mål").click()
    page.get_by_label("Nyckeltal").select_option(label="Andel KRAV (procent)")
    page.get_by_label("Målet").fill("30.5")
    page.get_by_role("button", name="Spara målet").click()
    expect(page.get_by_role("alert")).to_contain_text("komma")
    maria.is_well()
    page.get_by_label("Målet").fill("30,5")
    page.get_by_role("button", name="Spara målet").click()
    row = page.get_by_role("row").filter(has_text="Andel KRAV").filter(has_text="30,5")
    expect(row).to_be_visible()


def asks_what_if(maria: Visitor, page: Page) -> None:
    part(page, "Beredskap")
    page.get_by_role("link", name="Nytt scenario").first.click()
    page.get_by_role("button", name="Spara och räkna ut").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Vad ska scenariot heta?").fill("Bara grannarna")
    page.get_by_label("Hur många dagar varar det?").fill("5")
    page.get_by_label("Hur långt bort får en producent finnas?").fill("1")
    page.get_by_role("button", name="Spara och räkna ut").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bara grannarna")
    expect(page.get_by_role("main")).to_contain_text("Det som saknas")
    maria.is_well()


def fetches_the_year(page: Page) -> None:
    part(page, "Matåret")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Rapporten som får spridas (PDF)").click()
    assert fetched.value.suggested_filename.endswith(".pdf")
