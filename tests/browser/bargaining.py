"""An order that is bargained about: proposed, countered, accepted, weighed at the door, credited, and spoken of."""

from __future__ import annotations

import re
from datetime import timedelta

from browser.visiting import Visitor
from factories import AT
from playwright.sync_api import Page, expect

FARM, GOODS = "Åkerbo gård (demo)", "Vitkål"
WEDNESDAY, THURSDAY = "onsdag 25 november", "torsdag 26 november"
ON_THURSDAY = AT + timedelta(days=3, hours=2)


def propose(karin: Visitor) -> None:
    """20 kg for Wednesday at 11 instead of 13 kronor."""
    page = karin.sign_in("kitchen")
    page.get_by_role("link", name="Hitta mat").first.click()
    region = page.get_by_role("region", name=re.compile(r"^\d+ erbjudande"))
    region.get_by_role("listitem").filter(has_text=FARM).get_by_role("link", name=GOODS).first.click()
    expect(page.get_by_role("heading", name="Omdömen och ursprung")).to_be_visible()
    page.get_by_label("Hur mycket?", exact=True).fill("20")
    page.get_by_role("radio", name=WEDNESDAY).check()
    page.get_by_text("Föreslå annat pris").click()
    page.get_by_label("Pris du föreslår, utan moms").fill("11")
    karin.is_well()
    page.get_by_role("button", name="Beställ", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Skickat till producenten")
    expect(page.get_by_role("main")).to_contain_text("Väntar på den andra partens svar")
    karin.is_well()


def counter(anna: Visitor) -> None:
    """12,40 kronor, on Thursday, with a reason; a wrong amount is explained first."""
    page = anna.sign_in("producer")
    waiting = page.get_by_role("region", name="Väntar på ditt svar")
    waiting.get_by_role("article").filter(has_text="11,00").get_by_role("link").first.click()
    anna.is_well()
    page.get_by_role("link", name="Lägg ett motbud").click()
    anna.is_well()
    page.get_by_label("Mängd", exact=True).fill("25")
    page.get_by_label("Pris, utan moms").fill("12,40")
    page.get_by_role("radio", name=THURSDAY).check()
    page.get_by_label("Skriv några ord").fill("Då är den nyskördad.")
    page.get_by_role("button", name="Skicka motbudet").click()
    expect(page.get_by_role("alert")).to_contain_text("Välj en jämn multipel av 10 kg")
    anna.is_well()
    page.get_by_label("Mängd", exact=True).fill("20")
    page.get_by_role("button", name="Skicka motbudet").click()
    expect(page.get_by_role("status").first).to_contain_text("Motbudet är skickat")
    expect(page.get_by_role("link", name="Lägg ett motbud")).to_have_count(0)
    anna.is_well()


def accept(karin: Visitor) -> None:
    """From the first page; then both have a confirmation."""
    page = karin.open("/")
    waiting = page.get_by_role("region", name="Väntar på ditt svar")
    karin.is_well()
    waiting.get_by_role("article").filter(has_text="12,40").get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("Då är den nyskördad.")
    page.get_by_role("button", name=re.compile("Tacka ja till 12,40")).click()
    expect(page.get_by_role("status").first).to_contain_text("Ni är överens")
    page.get_by_role("link", name="Orderbekräftelse").click()
    expect(page.get_by_role("main")).to_contain_text(THURSDAY)
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"248,00\skr"))
    karin.is_well()


def receive(karin: Visitor) -> None:
    """20,6 kg came, 1,2 of them were spoilt: 19,4 are paid."""
    page = karin.open("/")
    today = page.get_by_role("region", name="Kommer i dag")
    today.get_by_role("article").filter(has_text=GOODS).get_by_role("link", name="Ta emot").first.click()
    karin.is_well()
    page.get_by_label("Mottagen vikt enligt vågen").fill("19,4")
    page.get_by_text("Något stämmer inte").click()
    page.get_by_label("Avvikelse").select_option(label="Skadat")
    page.get_by_label("Levererad vikt, om den är en annan").fill("20,6")
    page.get_by_label("Vad hände?").fill("Ytterbladen var frostskadade.")
    karin.is_well()
    page.get_by_role("button", name="Ta emot", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Mottaget med avvikelse.")
    karin.is_well()
    page.get_by_role("link", name="Fakturaunderlag").click()
    says_what_to_pay(page)
    karin.is_well()


def says_what_to_pay(page: Page) -> None:
    main = page.get_by_role("main")
    for words in (
        r"Kredit: Skadat",
        r"-?1,2\skg",
        r"240,56\skr",
        r"14,43\skr \(6 %",
        r"254,99\skr",
        "26 december 2026",
    ):
        expect(main).to_contain_text(re.compile(words))


def see_the_credit(anna: Visitor) -> None:
    page = anna.open("/orders?week=2026-W48")
    page.get_by_role("row").filter(has_text=GOODS).filter(has_text="Mottagen").get_by_role(
        "link"
    ).first.click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Ytterbladen var frostskadade.")
    expect(main).to_contain_text(re.compile(r"Krediteras utan moms\s*14,88\skr"))
    anna.is_well()


def say_how_it_was(karin: Visitor) -> None:
    page = karin.page
    page.go_back()
    page.get_by_role("link", name="Hur var varan?").click()
    karin.is_well()
    page.get_by_role("radio", name="4", exact=True).check()
    page.get_by_role("group", name="Skulle ni köpa igen?").get_by_role("radio", name="Ja").check()
    page.get_by_label("Med egna ord").fill("Krispig trots frosten.")
    page.get_by_role("button", name="Lämna omdömet").click()
    expect(page.get_by_role("status").first).to_contain_text("Tack!")


def read_it(anna: Visitor) -> None:
    page = anna.open("/my-feedback")
    expect(page.get_by_role("main")).to_contain_text("Krispig trots frosten.")
    anna.is_well()
