"""The logistics desk, by one planner at a wide screen: a stop locked, carried by mouse and by keyboard, and put back; the week planned
again around a lock, and published."""

from __future__ import annotations

import re

import pytest
from browser.visiting import DESKTOP, PHONE, TABLET, Visitor
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STOP = "[data-stop]"
LOOK_MS, NEAR_TOP_PX = 50, 250


def test_the_desk(visit):
    lena = visit(DESKTOP)
    page = lena.sign_in("logistics-planner")
    plan_again(page)
    lena.is_well()
    lock_a_stop(page)
    lena.is_well()
    carry_by_mouse(page)
    lena.is_well()
    carry_by_keys(page)
    undo(page)
    lena.is_well()
    for viewport in (TABLET, PHONE):
        page.set_viewport_size(viewport)
        lena.is_well()
    see_the_same_in_a_table(lena)
    page.set_viewport_size(DESKTOP)
    plan_around_a_lock(lena)
    publish(lena)


def plan_again(page: Page) -> None:
    """The week is published already: a draft of it, on the board."""
    page.get_by_role("link", name="Körplan").first.click()
    page.get_by_role("link", name="Tavla", exact=True).click()
    page.get_by_role("button", name="Ändra i ett utkast").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tavla, vecka")


def lock_a_stop(page: Page) -> None:
    stop = page.locator(STOP).first
    stop.click()
    expect(page.get_by_role("heading", level=2)).to_have_text(name_of(stop))
    page.get_by_role("button", name="Lås stoppet").click()
    expect(page.get_by_role("status").first).to_contain_text("Ändringen är gjord")
    expect(page.locator(STOP).first).to_contain_text("låst")
    undo(page)


def carry_by_mouse(page: Page) -> None:
    """From one vehicle to another on the same day: the effect first, then kept."""
    wait_for_the_board(page)
    stop, cell = stop_and_other_vehicle(page)
    bring_near_the_top(stop)
    goods = stop.get_attribute("data-shipments")
    at, to = stop.bounding_box(), cell.bounding_box()
    assert at
    assert to
    page.mouse.move(at["x"] + 10, at["y"] + 5)
    page.mouse.down()
    page.mouse.move(at["x"] + 30, at["y"] + 20, steps=3)
    page.mouse.move(to["x"] + 20, to["y"] + 20, steps=5)
    expect(cell).to_have_class(re.compile("is-target"))
    page.mouse.up()
    effect = page.locator("#effect")
    expect(effect).to_contain_text("Sträcka")
    effect.get_by_role("button", name=re.compile("Behåll")).click()
    expect(page.get_by_role("status").first).to_contain_text("Ändringen är gjord")
    assert goods
    expect(cell_like(page, cell).locator(f'[data-shipments*="{goods.split()[0]}"]').first).to_be_visible()


def carry_by_keys(page: Page) -> None:
    """Picked up, given up; picked up, moved, and put back again."""
    wait_for_the_board(page)
    stop = page.locator(STOP).first
    says = page.locator("[data-desk-says]")
    stop.focus()
    page.keyboard.press("Enter")
    expect(says).to_contain_text("är upptaget")
    page.keyboard.press("Escape")
    expect(says).to_contain_text("står kvar")
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(says).not_to_contain_text("är upptaget")
    page.keyboard.press("Enter")
    expect(page.locator("#effect")).to_be_visible()
    page.locator("[data-put-back]").click()
    expect(page.locator("#effect")).to_have_count(0)
    expect(stop).to_be_focused()


def undo(page: Page) -> None:
    page.get_by_role("button", name="Ångra", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("ångrad")


def see_the_same_in_a_table(lena: Visitor) -> None:
    page = lena.page
    stops = page.locator(STOP).count()
    page.get_by_role("link", name="Visa som tabell").click()
    table = page.get_by_role("table", name="Stopp")
    expect(table.get_by_role("row")).to_have_count(stops + 1)
    lena.is_well()


def plan_around_a_lock(lena: Visitor) -> None:
    """A stop carried to where it costs more, and another one locked: planning again mends the one and leaves the other."""
    page = lena.page
    page.get_by_role("link", name="Visa som tavla").click()
    carry_by_mouse(page)
    stop = page.locator(STOP).last
    goods, cell = (stop.get_attribute("data-shipments") or "").split()[0], cell_of(stop)
    stop.click()
    page.get_by_role("button", name="Lås stoppet").click()
    expect(page.get_by_role("status").first).to_contain_text("Ändringen är gjord")
    page.get_by_role("button", name="Planera om runt det som är låst").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+$"))
    expect(page).to_have_url(re.compile(r"/plans/\d+"), timeout=60_000)
    expect(page.get_by_role("status").first).to_contain_text("Planen är omräknad")
    page.goto(re.sub(r"(/plans/\d+).*", r"\1/board", page.url))
    expect(page.locator(cell).locator(f'[data-shipments*="{goods}"].is-locked').first).to_be_visible()
    lena.is_well()


def publish(lena: Visitor) -> None:
    """Who is told is seen before it is done."""
    page = lena.page
    page.get_by_role("link", name="Publicera", exact=False).first.click()
    lena.is_well()
    page.get_by_role("button", name="Publicera", exact=False).click()
    expect(page.get_by_role("status").first).to_contain_text("publicerad")
    lena.is_well()


def wait_for_the_board(page: Page) -> None:
    """A link opens the board, and stops are on it before its script has come: until then they are links, nothing that is carried."""
    expect(page.locator("[data-drop]").first).to_be_visible()
    while not page.evaluate("performance.getEntriesByName('desk-ready').length"):
        page.wait_for_timeout(LOOK_MS)


def bring_near_the_top(stop: Locator) -> None:
    """So that the cell beneath is in sight too, however many stops the plan has put in this one."""
    stop.evaluate("(stop, px) => window.scrollBy(0, stop.getBoundingClientRect().top - px)", NEAR_TOP_PX)


def cell_of(stop: Locator) -> str:
    """What finds the cell that a stop stands in."""
    day, vehicle = stop.evaluate(
        "stop => (({day, vehicle}) => [day, vehicle])(stop.closest('[data-drop]').dataset)"
    )
    return f'[data-drop][data-day="{day}"][data-vehicle="{vehicle}"]'


def stop_and_other_vehicle(page: Page) -> tuple[Locator, Locator]:
    """A stop, and the cell of another vehicle on its day."""
    stop = page.locator(STOP).first
    own = page.locator("[data-drop]").filter(has=stop).first
    day, vehicle = own.get_attribute("data-day"), own.get_attribute("data-vehicle")
    return stop, page.locator(f'[data-drop][data-day="{day}"]:not([data-vehicle="{vehicle}"])').first


def cell_like(page: Page, cell: Locator) -> Locator:
    day, vehicle = cell.get_attribute("data-day"), cell.get_attribute("data-vehicle")
    return page.locator(f'[data-drop][data-day="{day}"][data-vehicle="{vehicle}"]')


def name_of(stop: Locator) -> str:
    return stop.locator(".desk-stop__name").text_content() or ""
