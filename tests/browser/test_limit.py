"""The limit stops a kitchen, says what works, and lets it on when the procurement officer has lifted the block."""

from __future__ import annotations

import re

import pytest
from browser.visiting import DESKTOP, PHONE, TABLET, Visitor
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GOODS = "Ostronskivling"
FARM = "Sjölyckans odling (demo)"
REASON = "Leverantören i den annonserade upphandlingen har gått i konkurs."


def test_the_block_and_its_lift(visit):
    karin, nora, maria = visit(TABLET), visit(DESKTOP), visit(PHONE)
    offer = find(karin)
    is_stopped(karin, offer)
    sees_the_meter(maria)
    lifts(nora)
    orders(karin, offer)


def find(karin: Visitor) -> str:
    """An offer of vegetables, dear enough to pass what is left: the address of its page."""
    page = karin.sign_in("kitchen")
    page.get_by_role("link", name="Hitta mat").first.click()
    rows = page.get_by_role("region", name=re.compile(r"^\d+ erbjudande")).get_by_role("listitem")
    row = rows.filter(has_text=FARM).filter(has_text=GOODS)
    row.get_by_role("link", name=GOODS).click()
    expect(page.get_by_role("main")).to_contain_text("Kvar under direktupphandlingsgränsen för Grönsaker")
    karin.is_well()
    return page.url


def ask(page: Page) -> None:
    """20 kg at a price that makes it 10 000 kronor."""
    page.get_by_label("Hur mycket?", exact=True).fill("20")
    page.get_by_role("radio").first.check()
    page.get_by_label("Pris du föreslår").fill("500")
    page.get_by_role("button", name="Skicka förslag").click()


def is_stopped(karin: Visitor, offer: str) -> None:
    page = karin.page
    page.goto(offer)
    ask(page)
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("Köpet ryms inte.")
    expect(refusal).to_contain_text(re.compile(r"Kvar att köpa för: högst [\d\s]+,\d\d\skr"))
    expect(refusal).to_contain_text("Att dela upp köpet")
    karin.is_well()


def sees_the_meter(maria: Visitor) -> None:
    """A meal manager, on a phone: reads all, changes nothing."""
    page = maria.sign_in("meal-manager")
    maria.go("Direktupphandling")
    expect(page.get_by_role("article").filter(has_text="Grönsaker")).to_contain_text("Sista varningen")
    expect(page.get_by_role("table", name="Samma siffror som tabell")).to_contain_text("Grönsaker")
    maria.is_well()
    page.get_by_role("link", name="Grönsaker").first.click()
    expect(page.get_by_role("link", name="Häv spärren")).to_have_count(0)
    maria.is_well()
    maria.go("Direktupphandling")
    for name in ("Akter", "Utanför grossistavtalet", "Vilken väg?", "Riktlinjer", "Beloppsgränser"):
        page.get_by_role("navigation", name="Direktupphandling").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        maria.is_well()
        page.go_back()


def lifts(nora: Visitor) -> None:
    page = nora.sign_in("procurement-officer2")
    nora.go("Direktupphandling")
    nora.is_well()
    page.get_by_role("link", name="Grönsaker").first.click()
    page.get_by_role("link", name="Häv spärren").click()
    nora.is_well()
    page.get_by_role("radio", name=re.compile("Synnerlig brådska")).check()
    page.get_by_label("Hur mycket över gränsen").fill("20 000")
    page.get_by_label("Gäller till och med").fill("2026-11-30")
    page.get_by_role("textbox", name="Skäl").fill("Behövs")
    page.get_by_role("button", name="Häv spärren").click()
    expect(page.get_by_role("alert")).to_contain_text("minst 20 tecken")
    nora.is_well()
    page.get_by_role("textbox", name="Skäl").fill(REASON)
    page.get_by_role("button", name="Häv spärren").click()
    expect(page.get_by_role("status").first).to_contain_text("Spärren är hävd.")
    expect(page.get_by_role("table", name="Beslut om att häva spärren")).to_contain_text(REASON)
    nora.is_well()


def orders(karin: Visitor, offer: str) -> None:
    page = karin.page
    page.goto(offer)
    ask(page)
    expect(page.get_by_role("status").first).to_contain_text("Skickat till producenten")
    karin.is_well()
