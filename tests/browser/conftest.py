"""A real Chromium, the demo on a loopback port, and people who visit it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.serving import DemoSite, copied, demo_template
from browser.visiting import DESKTOP, Visitor
from job_running import jobs_beside
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",  # as root, in containers
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 60_000
"""How long to wait for what must come, on a slow machine; nothing waits longer than it needs."""

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the distribution's browser. Without one the tests are skipped, but in CI they fail."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(
            "No Chromium found. Install one (Debian, Ubuntu: apt-get install chromium), or run ./run setup."
        )
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database. Parallel workers have folders of their own side by side, and share this file."""
    own = tmp_path_factory.getbasetemp()
    return demo_template(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def read_site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demo for tests that change nothing."""
    yield from _served(copied(template, tmp_path_factory.mktemp("read")))


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Iterator[DemoSite]:
    """The demo for one test, which may change it and move its clock; jobs are done beside it."""
    for served in _served(copied(template, tmp_path)):
        with jobs_beside(served.app):
            yield served


def _served(database: Path) -> Iterator[DemoSite]:
    served = DemoSite(database)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def people(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Opens windows on a given site; when the test ends, nobody may have had trouble."""
    visitors: list[Visitor] = []

    def open_window(at: DemoSite, viewport: ViewportSize, **options: object) -> Visitor:
        context = browser.new_context(
            viewport=viewport,
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            reduced_motion="reduce",
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        visitors.append(Visitor(context, at.address))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.context.close()
    for visitor in visitors:
        visitor.had_no_trouble()


@pytest.fixture
def visit(site: DemoSite, people: Callable[..., Visitor]) -> Visit:
    """A window on the test's own demo: `visit(PHONE, java_script_enabled=False)`.

    The site comes first, so that it is stopped last, when all windows are closed.
    """

    def open_window(viewport: ViewportSize = DESKTOP, **options: object) -> Visitor:
        return people(site, viewport, **options)

    return open_window


@pytest.fixture
def look(read_site: DemoSite, people: Callable[..., Visitor]) -> Visit:
    """A window on the demo that nobody changes."""

    def open_window(viewport: ViewportSize = DESKTOP, **options: object) -> Visitor:
        return people(read_site, viewport, **options)

    return open_window
