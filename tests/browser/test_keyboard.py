"""The main jobs with the keyboard alone: no mouse, no touch."""

from __future__ import annotations

import re

import pytest
from browser.visiting import DESKTOP, PHONE
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST_STEPS = 120
FOCUS = """() => {
    const here = document.activeElement;
    const name = here.labels?.[0]?.innerText ?? here.getAttribute("aria-label") ?? here.innerText ?? "";
    const group = here.closest("fieldset")?.querySelector("legend")?.innerText ?? "";
    const mark = getComputedStyle(here.type === "radio" || here.type === "checkbox" ? here.closest("label") ?? here : here);
    const own = getComputedStyle(here);
    return {
        name: name.trim(), kind: here.type || here.tagName.toLowerCase(), group: group.trim(), value: here.value,
        isSeen: [mark, own].some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
    };
}"""


def tab_to(page: Page, *, name: str, kind: str) -> dict[str, str]:
    """Press Tab until the control has the focus, which must be visible all the way."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        assert here["isSeen"], f"the focus can not be seen on {here}"
        if here["kind"] == kind and name in here["name"]:
            return here
    raise AssertionError(f"{MOST_STEPS} presses of Tab never reached the {kind} {name!r}")


def choose(page: Page, *, group: str, name: str) -> None:
    """Into a group of radio buttons by Tab, and along it by the arrow."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if group in page.evaluate(FOCUS)["group"]:
            break
    for _ in range(MOST_STEPS):
        if name in page.evaluate(FOCUS)["name"]:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows never reached {name!r} in {group!r}")


def pick(page: Page, label: str) -> None:
    """Along the list that has the focus, by the arrow."""
    chosen = page.locator("select:focus option:checked")
    for _ in range(MOST_STEPS):
        if chosen.inner_text() == label:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows never reached {label!r}")


def test_a_producer_flags_by_keyboard(visit):
    anna = visit(PHONE)
    page = anna.sign_in("producer")
    tab_to(page, name="Flagga en volym", kind="a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{anna.address}/my-offers/new")
    choose(page, group="Vad har du?", name="Morötter")
    tab_to(page, name="Hur mycket?", kind="text")
    page.keyboard.type("120")
    tab_to(page, name="Pris utan moms", kind="text")
    page.keyboard.type("14")
    tab_to(page, name="Överskott", kind="checkbox")
    page.keyboard.press("Space")
    tab_to(page, name="Förpackning", kind="summary")
    page.keyboard.press("Enter")
    tab_to(page, name="Förpackning", kind="select-one")
    pick(page, "låda")
    tab_to(page, name="Innehåll per förpackning", kind="text")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Köken ser nu 120 kg Morötter")
    expect(page.get_by_role("main")).to_contain_text("låda om 10 kg")


def test_a_kitchen_orders_from_the_list_by_keyboard(visit):
    karin = visit(DESKTOP)
    page = karin.sign_in("kitchen")
    tab_to(page, name="Hitta mat", kind="a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Hitta mat")).to_be_visible()
    tab_to(page, name="Kategori", kind="select-one")
    pick(page, "Grönsaker")
    expect(page).to_have_url(re.compile("category=vegetables"))
    tab_to(page, name="Vitkål", kind="a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Vitkål")).to_be_visible()
    tab_to(page, name="Hur mycket?", kind="text")
    page.keyboard.type("20")
    choose(page, group="Vilken dag?", name="onsdag 25 november")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Beställt: 20 kg Vitkål")


def test_the_first_tab_leads_past_the_menu(look):
    page = look(DESKTOP).sign_in("kitchen")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hoppa till innehållet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_escape_closes_the_account_menu(look):
    page = look(DESKTOP).sign_in("kitchen")
    page.locator(".account > summary").press("Enter")
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Logga ut")).to_be_hidden()


def test_what_the_bar_has_no_room_for_opens_and_closes_by_keyboard(look):
    page = look(PHONE).sign_in("meal-manager")
    page.locator(".site-nav__more summary").press("Enter")
    places = page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Direktupphandling")
    expect(places).to_be_visible()
    page.keyboard.press("Escape")
    expect(places).to_be_hidden()
    expect(page.locator("summary:focus")).to_contain_text("Mer")
    page.keyboard.press("Enter")
    places.press("Enter")
    expect(page).to_have_url(re.compile("/limits"))
