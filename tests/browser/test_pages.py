"""Every page of every role, at three widths and in the dark: WCAG 2.1 AA, no sideways scrolling, one heading, no error."""

from __future__ import annotations

import re
from functools import cache

import pytest
from browser.crawling import endpoint, left_to_look_at, shared_pages
from browser.visiting import DESKTOP, PHONE, TABLET

from market.accounts.rules import Role
from market.demo import PERSONAS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BY_ROLE = {persona.role: persona.key for persona in reversed(PERSONAS)}
IN_DIS = ("procurement-officer", "meal-manager-tierp", "kitchen-tierp", "producer-heby", "producer2")
EVERYONE = [None, *(BY_ROLE | {Role.PROCUREMENT_OFFICER: "procurement-officer2"}).values(), *IN_DIS]
"""Nobody in particular, and one person of each role; the officer of an authority that buys by direct award. Then those of
an authority that buys through a purchasing system."""

UNLINKED = ("/patterns", "/login")
"""Pages for everyone that no link of a signed-in person leads to."""

NOT_FOR_READING = {
    "accounts.language",  # sets the language and goes back
    "accounts.passkey_question",  # asked by a script
    "agreements.identified",  # the way back from a provider, which leads on
    "agreements.identify",  # the way to one, where there is one
    "agreements.passkey_question",
    "demo.sign_in",  # signs in and goes home
    "dis.agree_deadline",  # reached from a mail; tests of the call-off look at it
    "dis.answer_inquiry",  # of a supplier who is asked; test_applying.py looks at it
    "dis.application_file",  # a file
    "dis.decide",  # between the evaluation and the decision; test_dis_whole.py goes through it
    "dis.end_scoring",  # when some have handed in and some have not
    "dis.evidence",  # a file
    "dis.mark_notice",  # of a contract in force; test_dis_whole.py goes through it
    "dis.open_tenders",  # between the deadline and the opening; test_dis_whole.py goes through it
    "dis.reevaluate",  # between the evaluation and the decision
    "dis.reopen_need_round",  # of a round that is closed and not yet merged
    "dis.take_back",  # of an application that waits; test_applying.py looks at it
    "dis.tender_evidence",  # a file
    "driving.coming",  # part of a page, of goods on the road; test_driving.py looks at it
    "driving.stopped",  # kept on a phone for when one drives no more
    "driving.token",  # asked by a script
    "followup.open_catalog",  # a file in one of three forms; test_open_data.py reads them
    "jobs.progress",  # part of a page
    "jobs.show",  # while a week is planned; test_job_page.py looks at it
    "locality.live_preview",  # part of a page, fetched while someone changes a definition
    "notices.unsubscribe",  # reached from a mail; test_watch.py looks at it
    "offers.confirm_by_link",  # reached from a mail
    "orders.ask_cancel",  # what the page that cancels shows where it is too late for that
    "photos.show",  # an image
    "photos.thumbnail",
    "planning.left_out",  # of a plan that leaves something out; test_changes_views.py looks at it
    "planning.news",  # part of a page, fetched by an open plan
    "planning.watch",  # part of a page, fetched by one that names times
    "planning.index",  # goes to the week with most to do
    "planning.week_board",  # goes to the board of the plan that counts
    "register.remove_certificate",  # none of those who sign in to the demo has a certificate
    "security.verify",  # asks again for the password, only where the sign-in is old
    "static",
}
A_FILE = re.compile(r"\.\w+$")
"""What an address ends with that gives a file to keep, or data for a map, and no page."""


@pytest.fixture(scope="session")
def pages(read_site, template):
    """What each person can reach, by following links from the first page; parallel runs of the tests share it."""

    @cache
    def reachable(persona):
        unlinked = UNLINKED if persona is None else ()
        return shared_pages(read_site, persona, folder=template.parent, unlinked=unlinked)

    return reachable


@pytest.mark.parametrize("persona", EVERYONE, ids=str)
def test_every_page_is_accessible_at_every_width(persona, pages, look):
    visitor = look(DESKTOP)
    if persona:
        visitor.sign_in(persona)
    for path, closely in left_to_look_at(pages, persona, EVERYONE):
        page = visitor.open(path)
        if not closely:  # what another may do beside it is there at any width
            visitor.is_well()
            continue
        visitor.is_well()
        # At the tablet's width the parts are those of the other two: what can differ is whether they fit.
        page.set_viewport_size(TABLET)
        visitor.fits()
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        visitor.is_well()
        page.emulate_media(color_scheme="light")
        if path == "/":  # the bar at the foot of every page; the other colours were looked at on the desktop
            visitor.is_well()
        page.set_viewport_size(DESKTOP)


def test_every_page_can_be_reached_by_links(read_site, pages):
    reached = {kind for persona in EVERYONE for kind in pages(persona)}
    to_read = {str(rule.endpoint) for rule in read_site.app.url_map.iter_rules() if is_page(rule)}
    assert to_read - NOT_FOR_READING - reached == set()


def is_page(rule):
    return "GET" in rule.methods and not A_FILE.search(rule.rule)


def test_a_page_that_is_not_there_says_so_and_is_accessible(look):
    visitor = look(PHONE)
    page = visitor.open("/finns-inte")
    assert "Sidan finns inte" in page.get_by_role("heading", level=1).inner_text()
    assert any("404" in trouble for trouble in visitor.troubles)
    visitor.troubles.clear()  # that it is missing is what was asked for
    visitor.is_well()


def test_a_link_that_leads_nowhere_is_found(read_site):
    with pytest.raises(AssertionError, match="leads nowhere"):
        endpoint(read_site, "/finns-inte")
