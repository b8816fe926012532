"""The logistics desk's board, first load and interactive: `.venv/bin/python bench/desk_page.py`; needs a Chromium.

The demo's 65 producers and 42 kitchens of nine municipalities, the demo week's orders spread over five days and planned as one
week. Over the wire: every byte of a first visit with nothing cached, map data included. Interactive: from the click on
the link until the board's own scripts have run (the mark "desk-ready"), in a new browser context each time. Moving: from letting go of a
stop until what that does is on the page.
"""

# ruff: noqa: E402 - the path must be set before the imports

from __future__ import annotations

import argparse
import secrets
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A neighbour of this file has a library's name: without its own folder in the path, the library is found.
sys.path = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine, select
from werkzeug.serving import WSGIRequestHandler, make_server

from market import create_app
from market.access import actor_for
from market.accounts.models import Membership
from market.accounts.rules import Role
from market.config import Settings
from market.db import make_engine, open_session, transaction
from market.demo import create_demo
from market.demo.calendar import demo_week
from market.dis.sealing.operator_key import keeper_of
from market.migrations import upgrade
from market.orders.models import Order
from market.planning.operations import plan_week
from market.register.models import Authority

AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
PLANNER = "Tierps kommun"
DAYS = 5
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (werkzeug's name)
        del type, message, args


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    repeat = parser.parse_args().repeat
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as (address, plan_id),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        board = f"/plans/{plan_id}/board"
        for name, path in (("week", board), ("one day", f"{board}?day={demo_week(AT).monday}")):
            report(name, [visit(browser, address, path) for _ in range(repeat)])
        moves = [move(browser, address, board, turn) for turn in range(1, repeat + 1)]
        say(f"{'a stop moved':14}{statistics.median(moves):7.0f} ms until the effect is on the page")
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """The demo with a planned week, on a loopback port: its address and the plan's id."""
    secret = secrets.token_hex()
    settings = Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'desk.sqlite3'}",
        secret_key=secret,
        password_salt=secret,
        tender_key=secret,
        cookie_secure=False,
        demo=True,
    )
    engine = make_engine(settings.database_url)
    upgrade(engine)
    with transaction(engine) as session:
        create_demo(session, at=AT, keeper=keeper_of(settings))
    plan_id = one_week(engine)
    server = make_server(
        "127.0.0.1", 0, create_app(settings, clock=lambda: AT), threaded=True, request_handler=Quiet
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", plan_id
    server.shutdown()


def one_week(engine: Engine) -> int:
    """One authority plans for all; the week's orders stand on five days in turn."""
    week = demo_week(AT)
    with transaction(engine) as session:
        planner = session.scalars(select(Authority).where(Authority.name == PLANNER)).one()
        for authority in session.scalars(select(Authority).where(Authority.id != planner.id)):
            authority.planned_by_id = planner.id
        planned = Order.deliver_on.between(week.monday, week.period.last)
        for order in session.scalars(select(Order).where(planned)):
            order.deliver_on = week.monday + timedelta(days=order.id % DAYS)
    with open_session(engine, writes=False) as session:
        query = select(Membership).join(Membership.authority).where(
            Membership.role == Role.LOGISTICS_PLANNER, Authority.name == PLANNER
        )  # fmt: skip
        actor = actor_for(session.scalars(query).one())
    return plan_week(engine, actor=actor, week=week, at=AT)


def opened(browser: Browser, address: str, path: str, sizes: list[int]) -> Page:
    """A first visit by the planner, nothing cached."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="sv-SE")
    context.request.get(f"{address}/demo/sign-in/logistics-planner", max_redirects=0)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    wire.send("Network.enable")
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    return page


def visit(browser: Browser, address: str, path: str) -> tuple[float, float, int, int]:
    """Milliseconds until the answer began and until the board was interactive, bytes over the wire, and stops on it."""
    sizes: list[int] = []
    page = opened(browser, address, path, sizes)
    began = page.evaluate("performance.getEntriesByType('navigation')[0].responseStart")
    ready = page.evaluate("performance.getEntriesByName('desk-ready')[0].startTime")
    stops = page.locator("[data-stop]").count()
    page.context.close()
    return began, ready, sum(sizes), stops


def move(browser: Browser, address: str, path: str, turn: int) -> float:
    """Milliseconds from letting go of a stop over another vehicle until the effect is there."""
    page = opened(browser, address, path, [])
    stop = page.locator("[data-stop]").nth(turn)
    stop.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    start = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_selector("#effect")
    took = 1000 * (time.perf_counter() - start)
    page.context.close()
    return took


def report(name: str, visits: list[tuple[float, float, int, int]]) -> None:
    began, ready, sizes, stops = (statistics.median(column) for column in zip(*visits, strict=True))
    say(
        f"{name:14}{ready:7.0f} ms until interactive ({began:.0f} ms of it the server), {sizes / 1000:.0f} kB, {stops:.0f} stops"
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
