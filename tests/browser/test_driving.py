"""A driver's morning at phone width: off the road's coverage for three stops, back in it, and the kitchen receives."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

import pytest
from browser.visiting import PHONE, TABLET, Visitor, every
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from market.db import open_session
from market.driving.models import DriverReport
from market.driving.rules import ReportKind
from market.values import wall_clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRIVER, KITCHEN, SCHOOL = "driver2", "kitchen-hub", "Skola i Kramfors (demo)"
TRIES = 3
OFFLINE = 3
BEGINS_S = 6 * 3600
NO_COVERAGE = "ERR_INTERNET_DISCONNECTED"
STUCK_SAYS = "Rutten finns inte längre för dig."
STUCK = """() => new Promise((resolve) => {
    indexedDB.open("narmat-drive", 1).onsuccess = ({ target }) => {
        const report = { id: -1, user: document.body.dataset.driver, url: "/drive/999999/2026-01-05/report", vehicle: "999999",
            day: "2026-01-05", number: 1, at: Date.now(), fields: [["kind", "left"], ["request_key", "stuck"]], photo: null, refused: "" };
        target.result.transaction("reports", "readwrite").objectStore("reports").put(report).onsuccess = resolve;
    };
})"""
"""Puts a report that the server will never take first in the queue."""
KEPT = """(path) => caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)
    .then((cache) => cache.match(path)))).then((found) => found.some(Boolean)))"""


def test_a_run_without_coverage(site, visit):
    per, karin = visit(PHONE), visit(TABLET)
    path = open_todays_run(site, per)
    page = per.page
    page.get_by_role("button", name="Jag kör iväg").click()
    expect(page.get_by_text("Nästa stopp:")).to_be_visible()
    per.is_well()
    wait_until_kept(page, path)
    drive_without_coverage(per, path)
    page.evaluate(STUCK)
    come_back(site, per)
    while (left := stops_left(page).count()) > 0:
        if left == 1:
            measure(page, "9,5")
        handle(page, stops_left(page).first)
        expect(page.locator("[data-queue-status]")).to_have_text("Allt du har rapporterat är skickat.")
    page.get_by_role("button", name="Rutten är klar").click()
    expect(page.get_by_text("Rutten är klar. Tack för i dag!")).to_be_visible()
    receive(karin)
    sign_out(per, path)


def open_todays_run(site, per: Visitor) -> str:
    """On the morning of the longest of the driver's runs, by the server's clock and the phone's."""
    page = per.sign_in(DRIVER)
    runs = every(page.get_by_role("article").filter(has_text="stopp"))
    longest = max(runs, key=lambda run: int(re.search(r"(\d+) stopp", run.inner_text()).group(1)))
    path = longest.get_by_role("link", name="Öppna rutten").get_attribute("href") or ""
    site.at = wall_clock(date.fromisoformat(path.rpartition("/")[2]), BEGINS_S)
    per.context.clock.set_fixed_time(site.at)
    page.reload()
    expect(page.get_by_role("heading", name="I dag")).to_be_visible()
    per.is_well()
    page.locator(f'a[href="{path}"]').click()
    expect(page).to_have_url(re.compile(f"{path}$"))
    per.is_well()
    return path


def wait_until_kept(page: Page, path: str) -> None:
    """The worker has the page and its files."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(KEPT, path)


def drive_without_coverage(per: Visitor, path: str) -> None:
    """Three stops, with the page opened anew in the middle of nowhere: nothing that was reported is forgotten."""
    page = per.page
    set_coverage(per.context, has_coverage=False)
    for number in range(OFFLINE):
        stop = stops_left(page).first
        name = stop.locator(".stop__name").inner_text()
        stop.get_by_role("button", name="Jag är framme").click()
        expect(stop.get_by_text("Sparat på telefonen").first).to_be_attached()
        handle(page, stop)
        page.goto(per.address + path)
        done = page.locator("details[data-stop].is-done")
        expect(done).to_have_count(number + 1)
        expect(done.nth(number)).to_contain_text(name)
    expect(page.locator("[data-queue-status]")).to_contain_text("väntar på telefonen")
    assert [trouble for trouble in per.troubles if NO_COVERAGE not in trouble] == []
    per.troubles.clear()


def come_back(site, per: Visitor) -> None:
    """All is sent in the order in which it was done, each once; a report of a run that is no more stays with words and stops none."""
    waiting = int(re.search(r"\d+", per.page.locator("[data-queue-status]").inner_text()).group())
    set_coverage(per.context, has_coverage=True)
    expect(per.page.locator("[data-queue-status]")).to_have_text("Allt du har rapporterat är skickat.")
    with open_session(site.app.extensions["narmat.engine"], writes=False) as session:
        kept = session.scalars(select(DriverReport).order_by(DriverReport.id)).all()
    numbers = list(dict.fromkeys(row.number for row in kept))  # goods handed over together are a row each
    assert numbers == list(range(1, waiting + 2)), "and that the run began"
    assert [row.kind for row in kept][:2] == [ReportKind.LEFT, ReportKind.ARRIVED]
    expect(per.page.locator("details[data-stop].is-done")).to_have_count(OFFLINE)
    refused = per.page.locator("[data-queue-refused]")
    expect(refused).to_contain_text(STUCK_SAYS)
    assert [trouble for trouble in per.troubles if "/drive/999999/" not in trouble] == []
    per.troubles.clear()
    per.is_well()
    refused.get_by_role("button", name="Ta bort").click()
    expect(refused).to_be_hidden()


def set_coverage(context: BrowserContext, *, has_coverage: bool) -> None:
    context.set_offline(not has_coverage)


def stops_left(page: Page) -> Locator:
    return page.locator("details[data-stop]:not(.is-done)")


def handle(page: Page, stop: Locator) -> None:
    """Load and hand over all that a stop has."""
    stop = page.locator(f"#{stop.get_attribute('id')}")
    stop.evaluate("(element) => { element.open = true; }")
    while stop.get_by_role("button", name="Lastat").locator("visible=true").count():
        form = stop.locator("form:visible").filter(has=page.get_by_role("button", name="Lastat")).first
        form.get_by_label("Grader").fill("-19" if "fryst" in stop.inner_text() else "4,5")
        report(page, form, "Lastat")
        stop.evaluate("(element) => { element.open = true; }")
    if stop.get_by_role("button", name="Lämnat").locator("visible=true").count():
        form = stop.locator("form:visible").filter(has=page.get_by_role("button", name="Lämnat")).first
        if not page.evaluate("navigator.onLine"):  # with coverage the page is fetched anew after each report
            form.get_by_role("button", name="Lämnat").click()
            expect(form.get_by_text("Fyll i det här.")).to_be_visible()
        hand_over(page, form)


def hand_over(page: Page, form: Locator) -> None:
    """Signed for by name; once more where the page was fetched anew in between, which empties the field."""
    key = form.get_attribute("id")
    for _ in range(TRIES):
        form.get_by_label("Mottagarens namn").fill("Karin Kök")
        form.get_by_role("button", name="Lämnat").click()
        with suppress(AssertionError):
            expect(page.locator(f"#{key}:visible")).to_have_count(0, timeout=8_000)
            return
    expect(page.locator(f"#{key}:visible")).to_have_count(0)


def report(page: Page, form: Locator, button: str) -> None:
    key = form.get_attribute("id")
    form.get_by_role("button", name=button).click()
    expect(page.locator(f"#{key}:visible")).to_have_count(0)


def measure(page: Page, degrees: str) -> None:
    form = page.locator("form#temperature")
    form.get_by_label("Temperatur").fill(degrees)
    form.get_by_role("button", name="Spara temperaturen").click()
    expect(page.get_by_text("Kylkedjan är bruten").first).to_be_visible()


def receive(karin: Visitor) -> None:
    """The kitchen sees that the goods are there, and that they were too warm, before it accepts them."""
    page = karin.sign_in(KITCHEN)
    expect(
        page.get_by_text(re.compile(f"Lämnat .* hos {re.escape(SCHOOL)}, mottaget av Karin Kök")).first
    ).to_be_visible()
    karin.is_well()
    warm = page.get_by_role("article").filter(has_text="Kylkedjan har brutits").first
    warm.get_by_role("link", name="Ta emot").click()
    expect(page.get_by_text("Mät varan innan du tar emot den.").first).to_be_visible()
    karin.is_well()
    page.get_by_role("button", name="Ta emot").click()
    expect(page.get_by_role("status").first).to_contain_text("Mottaget")


def sign_out(per: Visitor, path: str) -> None:
    """Then nobody who has the phone sees anything of the run."""
    page = per.page
    page.locator(".account summary").click()
    page.get_by_role("button", name="Logga ut").click()
    page.wait_for_load_state("networkidle")
    assert not page.evaluate(KEPT, path)
