"""People with a browser: each in a window of its own, watched for requests that leave the host and for errors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
DESKTOP = {"width": 1440, "height": 900}

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
QUIET_MS, LOOKS = 50, 4
"""A page with maps has settled when nothing was under way in so many looks, so far apart."""

OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx writes to the console when a later choice overtakes a request, which is meant to happen."""

SHAPE = """() => ({
    wide: document.documentElement.scrollWidth - window.innerWidth,
    headings: [...document.querySelectorAll("h1")].map((h) => h.textContent.trim()),
    language: document.documentElement.lang,
})"""


@dataclass
class Visitor:
    """Someone at a page of the site. `troubles` collects what must never happen, in words."""

    context: BrowserContext
    address: str
    page: Page = field(init=False)
    troubles: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.on("request", self._watch_request)
        self.context.on("requestfinished", self._watch_end)
        self.context.on("requestfailed", self._watch_end)
        self.context.on("response", self._watch_response)
        self.context.on("console", self._watch_console)
        self.context.on("weberror", lambda error: self.troubles.append(f"script error: {error.error}"))
        self.page = self.context.new_page()

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, persona: str) -> Page:
        """By the demo's one-click link."""
        return self.open(f"/demo/sign-in/{persona}")

    def go(self, place: str) -> None:
        """By the main menu; a place that the bar has no room for stands under "Mer"."""
        menu = self.page.get_by_role("navigation", name="Huvudmeny")
        if not menu.get_by_role("link", name=place).count():
            menu.get_by_text("Mer", exact=True).click()
        menu.get_by_role("link", name=place).click()

    def is_well(self) -> None:
        """The page at hand: no WCAG 2.1 AA violation, no sideways scrolling, one heading, nothing that went wrong."""
        self.fits()
        assert not violations(self.page), f"{self.page.url}:\n{violations(self.page)}"
        self.had_no_trouble()

    def fits(self) -> None:
        """The page at hand at the width at hand: no sideways scrolling, one heading, Swedish, titled."""
        self.settle()
        shape = self.page.evaluate(SHAPE)
        where = f"{self.page.url} at {self.page.viewport_size}"
        assert shape["wide"] <= 0, f"{where} scrolls sideways by {shape['wide']} px"
        assert len(shape["headings"]) == 1, f"{where} has the h1 headings {shape['headings']}"
        assert shape["language"] == "sv", f"{where} says it is in {shape['language']!r}"
        title = self.page.title()
        assert title.endswith(" – Närmat"), f"{where} has the title {title!r}"

    def settle(self) -> None:
        """Wait until the page is there, and its maps, if any, have fetched what they draw.

        Not by Playwright's "networkidle": it comes once for a document, so it says nothing about what a later choice fetches.
        """
        self.page.wait_for_load_state("load")
        quiet = 0 if self.page.locator("[data-map]").count() else LOOKS
        while quiet < LOOKS:
            self.page.wait_for_timeout(QUIET_MS)
            quiet = 0 if self.under_way else quiet + 1

    def had_no_trouble(self) -> None:
        assert not self.troubles, "\n".join(self.troubles)

    def _watch_request(self, request: Request) -> None:
        self.under_way.add(request)
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.troubles.append(f"request off the host: {request.url}")

    def _watch_end(self, request: Request) -> None:
        self.under_way.discard(request)

    def _watch_response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status} from {response.request.method} {response.url}")

    def _watch_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OVERTAKEN):
            self.troubles.append(f"console: {message.text} ({message.location['url']})")


def every(locator: Locator) -> list[Locator]:
    """All that it finds, once there is one: Playwright's own `all` does not wait for the page that a click leads to."""
    locator.first.wait_for()
    return locator.all()


def violations(page: Page) -> str:
    """What axe finds, one line for each rule and up to three of the elements; empty when all is well."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    run = {"runOnly": WCAG, "resultTypes": ["violations"]}
    found = page.evaluate(f"() => axe.run(document, {json.dumps(run)}).then((result) => result.violations)")
    return "\n".join(
        f"{rule['id']}: {rule['help']}\n    "
        + "\n    ".join(node["html"][:300] for node in rule["nodes"][:3])
        for rule in found
    )
