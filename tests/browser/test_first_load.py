"""What a first visit costs: every byte over the wire, with nothing cached, map data included."""

from __future__ import annotations

import sys

import pytest
from browser.visiting import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIMIT = 200_000
MAIN_PAGES = (
    (None, "/", PHONE),
    ("producer", "/", PHONE),
    ("producer", "/my-offers/new", PHONE),
    ("kitchen", "/offers", DESKTOP),
    ("meal-manager", "/offers", DESKTOP),
    ("procurement-officer", "/offers", DESKTOP),
    ("logistics-planner", "/plans/1", DESKTOP),
    ("logistics-planner", "/plans/1/board", DESKTOP),
    ("admin", "/register", DESKTOP),
)


def label(value):
    return f"{value['width']}px" if isinstance(value, dict) else str(value)


@pytest.mark.parametrize(("persona", "path", "viewport"), MAIN_PAGES, ids=label)
def test_first_load_is_small(persona, path, viewport, look, capsys):
    visitor = look(viewport)
    if persona:
        visitor.context.request.get(f"{visitor.address}/demo/sign-in/{persona}", max_redirects=0)
    wire = visitor.context.new_cdp_session(visitor.page)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    wire.send("Network.enable")
    visitor.open(path)
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.url == visitor.address + path
    with capsys.disabled():
        sys.stdout.write(
            f"\n  {path} as {persona or 'nobody'}: {sum(sizes) / 1000:.0f} kB, {len(sizes)} requests\n"
        )
    assert len(sizes) > 3
    assert sum(sizes) < LIMIT
