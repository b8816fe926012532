"""Takes the README's pictures from a running demo: `./run demo` in one window, this in another.

.venv/bin/python docs/make_screenshots.py http://127.0.0.1:8000
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
# file, persona, path, width, height
PICTURES = (
    ("producer", "producer", "/", 390, 844),
    ("kitchen", "kitchen", "/offers", 1280, 860),
    ("logistics", "logistics-planner2", "/plans/2/board", 1440, 1000),
    ("followup", "meal-manager-tierp", "/followup", 1440, 1000),
    ("officer", "procurement-officer", "/dis/calloffs/1/evaluation", 1440, 1000),
)


def main(address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, persona, path, width, height in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="sv-SE")
            page.goto(f"{address}/demo/sign-in/{persona}")
            page.goto(f"{address}{path}", wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
