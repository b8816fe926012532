"""What a call-off goes through until its tenders are opened: needs, lots, invitation, a question, sealed tenders, two who open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from browser.dis_admitting import CATEGORY, NAME
from browser.visiting import Visitor
from playwright.sync_api import expect

SCHOOLS, TRAINEES = "Tar emot skolklasser", "Tar emot praktikanter"
WELCOME = "Vi tar emot en klass i september och en i maj."
QUESTION, ANSWER = "Får lådorna vara av trä?", "Ja, om de går att diska i 60 grader."
SEALED = "Anbudet är mottaget och förseglat"


def ask_kitchens(ulf: Visitor, dis_id: int, name: str, goods: Sequence[str]) -> int:
    """Returns the number of the round."""
    page = ulf.open(f"/dis/{dis_id}/desk")
    page.get_by_role("link", name=f"Fråga köken: {CATEGORY}").click()
    page.get_by_label("Vad ska omgången heta?").fill(name)
    for number, goods_name in enumerate(goods, 1):
        row = page.get_by_role("group", name=f"Vara {number}")
        row.get_by_role("textbox", name=re.compile("^Vara")).fill(goods_name)
    page.get_by_role("button", name="Skicka frågan till köken").click()
    page.wait_for_url(re.compile(r"/dis/rounds/\d+$"))
    expect(page.get_by_role("main")).to_contain_text("Inget kök har svarat än")
    return int(page.url.rsplit("/", 1)[1])


def state_needs(cook: Visitor, persona: str, round_name: str, amounts: Mapping[str, str]) -> None:
    """So much every week, in the grid."""
    page = cook.sign_in(persona)
    cook.open("/dis/needs")
    page.get_by_role("link", name=round_name).click()
    for goods, amount in amounts.items():
        page.get_by_label(f"{goods}, varje vecka som är tom").fill(amount)
    cook.is_well()
    page.get_by_role("button", name="Spara behoven").click()
    expect(page.get_by_role("status").first).to_contain_text("Sparat")


def merge_and_invite(ulf: Visitor, round_id: int) -> int:
    """Returns the number of the call-off."""
    page = ulf.open(f"/dis/rounds/{round_id}")
    page.get_by_role("button", name="Stäng nu").click()
    ulf.is_well()
    page.get_by_role("button", name="Lägg ihop till ett avrop").click()
    ulf.is_well()
    page.get_by_role("link", name="Bjud in", exact=True).click()
    page.get_by_role("button", name="Skicka inbjudan till alla").click()
    expect(page.get_by_role("heading", name="Så gick inbjudan ut")).to_be_visible()
    ulf.is_well()
    return int(page.url.rsplit("/", 1)[1].partition("#")[0])


def ask_and_answer(grower: Visitor, ulf: Visitor, other: Visitor, calloff_id: int) -> None:
    """The answer goes to all, and nobody is told who asked."""
    page = grower.open(f"/dis/calloffs/{calloff_id}/invitation")
    page.get_by_label("Din fråga").fill(QUESTION)
    page.get_by_role("button", name="Skicka frågan").click()
    desk = ulf.open(f"/dis/calloffs/{calloff_id}")
    asked = desk.get_by_role("article").filter(has_text=QUESTION)
    expect(asked).to_be_visible()
    asked.get_by_label("Svar till alla").fill(ANSWER)
    asked.get_by_role("button", name="Svara alla").click()
    expect(other.open(f"/dis/calloffs/{calloff_id}/invitation").get_by_role("main")).to_contain_text(ANSWER)
    other.is_well()


def tender(
    grower: Visitor, calloff_id: int, prices: Mapping[str, str], *, most: str = "", claims: Sequence[str] = ()
) -> None:
    """Prices by the start of a lot's legend. `most`: no more than so much of each."""
    grower.open(f"/dis/calloffs/{calloff_id}/invitation")
    page = grower.page
    page.get_by_role("link", name="Skriv anbudet").click()
    for lot, price in prices.items():
        part = page.get_by_role("group", name=lot)
        part.get_by_label("Pris utan moms").fill(price)
        if most:
            part.get_by_label("Högst").fill(most)
    for name in claims:
        part = page.get_by_role("group", name=f"Mervärde: {name}")
        part.get_by_label("Ja, det erbjuder vi").check()
        part.get_by_label("Beskriv hur").fill(WELCOME)
    page.get_by_role("button", name="Lämna anbudet").click()
    expect(page.get_by_role("main")).to_contain_text(SEALED)


def change_tender(grower: Visitor, lot: str, price: str) -> None:
    """On the same device the reading code is at hand, and the form holds what was given."""
    page = grower.page
    page.get_by_text("Visa formuläret med det ni har lämnat").click()
    page.get_by_role("group", name=lot).get_by_label("Pris utan moms").fill(price)
    page.get_by_role("button", name="Lämna anbudet").click()
    expect(page.get_by_role("main")).to_contain_text(SEALED)
    grower.is_well()


def nothing_shows(officer: Visitor, calloff_id: int, dis_id: int, *secrets: str) -> None:
    """Before the opening no page of the officer's tells what, or from whom, has come."""
    for place in ("", "/tenders", "/open", "/evaluation", "/award"):
        page = officer.open(f"/dis/calloffs/{calloff_id}{place}")
        for secret in secrets:
            expect(page.get_by_role("main")).not_to_contain_text(secret)
    expect(officer.open(f"/dis/{dis_id}/report").get_by_role("main")).to_contain_text("förseglade")


def not_to_open_yet(officer: Visitor, calloff_id: int) -> None:
    page = officer.open(f"/dis/calloffs/{calloff_id}/open")
    expect(page.get_by_role("main")).to_contain_text("först när tidsgränsen har passerat")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)


def open_by_two(first: Visitor, second: Visitor, persona: str, calloff_id: int) -> None:
    page = first.open(f"/dis/calloffs/{calloff_id}")
    page.get_by_role("link", name="Öppna anbuden").click()
    page.get_by_role("button", name="Bekräfta som den första av två").click()
    expect(page.get_by_role("main")).to_contain_text("Be en kollega")
    first.is_well()
    other = second.sign_in(persona)
    second.open("/dis")
    other.get_by_role("article").filter(has_text=NAME).get_by_role("link", name="Arbeta med systemet").click()
    other.get_by_role("link", name="Öppna anbud").click()
    other.get_by_role("button", name="Bekräfta och öppna anbuden").click()
    expect(other.get_by_role("link", name="Förteckning över öppnade anbud")).to_be_visible()
    second.is_well()


def sees_opened(officer: Visitor, calloff_id: int, *words: str) -> None:
    page = officer.open(f"/dis/calloffs/{calloff_id}/tenders")
    for word in words:
        expect(page.get_by_role("main")).to_contain_text(word)
