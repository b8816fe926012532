"""A kitchen watches from a search, a farm flags surplus on a phone, and the kitchen sees the message and orders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browser.visiting import DESKTOP, PHONE
from playwright.sync_api import expect

from market.commands.work import Worker
from market.notices.writing import unsubscribe_token

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FARM, GOODS = "Åkerbo gård (demo)", "Morötter"


def test_watched_flagged_told(site, visit):
    karin, anna = visit(DESKTOP), visit(PHONE)
    worker = Worker(site.app, site.app.extensions["narmat.settings"])
    worker.round()

    page = karin.sign_in("kitchen")
    karin.open("/offers?category=vegetables&surplus=y")
    karin.is_well()
    page.get_by_role("button", name="Bevaka").click()
    expect(page.get_by_text("Ni får veta inom en minut")).to_be_visible()
    karin.is_well()

    phone = anna.sign_in("producer")
    phone.get_by_role("link", name="Flagga en volym").first.click()
    phone.get_by_role("radio", name=GOODS).check()
    phone.get_by_label("Hur mycket?").fill("80")
    phone.get_by_role("checkbox", name="Överskott").check()
    phone.get_by_role("button", name="Flagga", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()

    site.at += timedelta(seconds=40)
    worker.round()
    karin.open("/")
    page.get_by_role("link", name="Meddelanden").click()
    karin.is_well()
    page.get_by_role("link", name=f"Överskott: {GOODS} från {FARM}").click()
    expect(page.get_by_text("80\N{NO-BREAK SPACE}kg")).to_be_visible()
    karin.is_well()
    page.get_by_role("main").get_by_role("link", name="/order").click()
    expect(page.get_by_role("heading", name=GOODS, level=1)).to_be_visible()

    karin.open("/notices")
    page.get_by_role("button", name="Markera alla som lästa").click()
    expect(page.get_by_text("Oläst", exact=True)).to_have_count(0)


def test_the_page_that_ends_a_kind_of_mail(site, visit):
    """Reached from a mail by someone who is not signed in."""
    settings = site.app.extensions["narmat.settings"]
    reader = visit(PHONE)
    page = reader.open(f"/notices/unsubscribe/{unsubscribe_token(settings, user_id=2, kind='need_matched')}")
    reader.is_well()
    page.get_by_role("button", name="Ja, avsluta").click()
    expect(page.get_by_role("heading", name="Avslutat")).to_be_visible()
    reader.is_well()
