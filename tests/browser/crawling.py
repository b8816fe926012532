"""Which pages a person can reach: every link followed, one page of each kind, without a browser."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from browser.serving import DemoSite, shared
from werkzeug.exceptions import HTTPException

NOT_PAGES = frozenset({"static", "accounts.language", "demo.sign_in", "security.logout"})
"""What links lead to that changes the reader's own session instead of showing something."""

DIFFER = frozenset(
    {
        "agreements.show", "dis.application", "dis.award", "dis.calloff", "dis.desk", "dis.evaluation", "dis.invitation",
        "dis.need_round", "dis.qualify", "dis.state_needs", "dis.tenders", "planning.plan",
    }
)  # fmt: skip
"""Pages whose links depend on how far the thing has come: several of them are looked at."""
SEVERAL = 6
ENOUGH = 2
"""Of a page that several people have, so many are looked at: with what one may do and another not."""
LINK = re.compile(r'<a\s(?:[^>"]|"[^"]*")*?\bhref="(/[^"]*)"')

Start = tuple[str, ...]


def pages_of(site: DemoSite, persona: str | None, *, start: Start = ("/",)) -> dict[str, str]:
    """Endpoint -> path of the first page of that kind, near the start first. `persona` None: not signed in."""
    client = site.app.test_client()
    if persona:
        client.get(f"/demo/sign-in/{persona}")
    pages: dict[str, str] = {}
    waiting, seen = deque(start), set(start)
    met = Counter(dict.fromkeys(NOT_PAGES, SEVERAL))
    while waiting:
        answer = client.get(waiting.popleft(), follow_redirects=True)
        if answer.mimetype != "text/html" or "Content-Disposition" in answer.headers:
            continue
        path = answer.request.full_path.rstrip("?")
        assert answer.status_code == 200, f"{persona}: a link leads to {path}, which answers {answer.status}"
        pages.setdefault(endpoint(site, path), path)
        for link in links_of(answer.text):
            kind = endpoint(site, link)
            if link not in seen and met[kind] < (SEVERAL if kind in DIFFER else 1):
                met[kind] += 1
                seen.add(link)
                waiting.append(link)
    return pages


def shared_pages(
    site: DemoSite, persona: str | None, *, folder: Path, unlinked: Start = ()
) -> dict[str, str]:
    """The same, found out by whichever parallel run of the tests comes first, and kept in the folder."""
    name = "-".join(("pages", str(persona), *(page.strip("/") for page in unlinked)))
    return shared(folder / f"{name}.json", lambda: pages_of(site, persona, start=("/", *unlinked)))


def left_to_look_at(
    reachable: Callable[[str | None], dict[str, str]], persona: str | None, everyone: Sequence[str | None]
) -> list[tuple[str, bool]]:
    """A person's pages without those that nobody in particular sees too, or that two before in `everyone` are looked at with.

    With each: whether nobody before has it. Nobody (None) comes first of `everyone`.
    """
    shown = reachable(persona)
    if persona is None:
        return [(path, True) for path in shown.values()]
    before = [reachable(other) for other in everyone[1 : everyone.index(persona)]]
    seen = Counter(kind for theirs in before for kind in theirs)
    left = {kind for kind in shown if kind not in reachable(None) and seen[kind] < ENOUGH}
    return [
        (path, kind == "home.start" or not seen[kind])
        for kind, path in shown.items()
        if kind in left or kind == "home.start"
    ]


def links_of(html: str) -> list[str]:
    """The addresses of a page's links, in order. By a pattern, which takes a fiftieth of a parser's time."""
    return [unescape(address) for address in LINK.findall(html)]


def endpoint(site: DemoSite, address: str) -> str:
    """What answers at an address. Raises AssertionError for a link that leads nowhere."""
    routes = site.app.url_map.bind("127.0.0.1")
    try:
        found, _ = routes.match(urlsplit(address).path, method="GET")
    except HTTPException as refusal:
        raise AssertionError(f"The link {address} leads nowhere: {refusal}") from None
    return str(found)
