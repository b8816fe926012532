"""A DIS from the blank page to the suppliers who are let in: set up, published, applied to, qualified."""

from __future__ import annotations

import re

from browser.visiting import Visitor, every
from playwright.sync_api import Page, expect

NAME, CATEGORY = "Grönsaker till skolorna", "Grönsaker"
MEMBERS = ("Tierps kommun", "Heby kommun", "Knivsta kommun", "Östhammars kommun")
GROWER, FARM, MEAT = "Odlarladan", "Åkerbo gård", "Lundängens kött"
DECLARED = (
    "Leverantören är registrerad eller godkänd som livsmedelsföretagare",
    "Det finns ingen grund för uteslutning",
)
TRACES = "Leverantören kan spåra varje parti"
LACKING = "Skriv hur länge uppgifterna om partierna sparas. Komplettera och ansök igen."


def set_up(ulf: Visitor) -> int:
    """From Tierp's template: four authorities, one category, a blind test of taste. Returns the number of the DIS."""
    page = ulf.sign_in("procurement-officer")
    ulf.open("/dis")
    page.get_by_role("link", name="Nytt system").first.click()
    page.get_by_label("Pris, skolklasser och praktikanter (som Tierp)").check()
    page.get_by_label("Vad ska systemet heta?").fill(NAME)
    page.get_by_label("Vad ska ni köpa").fill(
        "Grönsaker till köken i Tierp och de andra kommunerna, ungefär 20 ton om året."
    )
    page.get_by_label("Sista dagen som systemet gäller").fill("2028-12-31")
    page.get_by_label("Uppskattat högsta värde").fill("6400000")
    page.get_by_label("Över tröskelvärdet").check()
    page.get_by_label("Varför de reglerna?").fill("Värdet ligger långt över de senaste kända tröskelvärdena.")
    ulf.is_well()
    page.get_by_role("button", name="Spara utkastet").click()
    expect(page.get_by_role("main")).to_contain_text("«Tierp» är namnet på en plats")
    page.get_by_role("link", name="2. Kommuner").click()
    for name in MEMBERS:
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Spara och gå vidare").click()
    _choose_vegetables(ulf)
    page.get_by_role("link", name="Vidare till villkoren").click()
    page.get_by_role("button", name="Spara och gå vidare").click()
    found = re.search(r"/dis/(\d+)/", page.url)
    assert found, page.url
    return int(found[1])


def _choose_vegetables(ulf: Visitor) -> None:
    page = ulf.page
    for box in every(page.get_by_role("group", name="Vilka kategorier").get_by_role("checkbox")):
        box.uncheck()
    page.get_by_label(CATEGORY).check()
    page.get_by_role("button", name="Spara valet").click()
    expect(page.get_by_role("table").get_by_role("link")).to_have_text([CATEGORY])
    page.get_by_role("link", name=CATEGORY, exact=True).click()
    page.get_by_label("Högst så många leverantörer delar").fill("2")
    page.get_by_role("button", name="Ett mervärde till").click()
    row = page.get_by_role("group", name="Mervärde 3")
    row.get_by_label("Mervärde", exact=True).fill("Smak")
    row.get_by_label("Så bedöms det").select_option(label="Poäng av en arbetsgrupp")
    row.get_by_label("Högsta avdrag").fill("10")
    row.get_by_label("Högsta poäng").fill("5")
    row.get_by_label("Vad som krävs").fill("Provas blint: 0 godtas inte, 5 utmärkt.")
    page.get_by_role("button", name="Spara kategorin").click()
    expect(page.get_by_role("main")).to_contain_text("Klar")


def publish(ulf: Visitor) -> None:
    """The word of place is answered for first; the first round is as short as the law lets it be."""
    page = ulf.page
    expect(page.get_by_role("button", name="Publicera annonsen")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("4 kap. 1 §")
    page.get_by_label("Eller: varför gynnar").fill("Det säger bara vart varorna ska.")
    page.get_by_role("button", name="Spara skälet").click()
    ulf.is_well()
    page.get_by_role("button", name="Publicera annonsen").click()
    expect(page.get_by_role("main")).to_contain_text("Öppet för ansökningar")
    for name in MEMBERS:
        expect(page.get_by_role("main")).to_contain_text(name)


def apply(who: Visitor, persona: str, *, traces: str, only_for: str = "") -> None:
    page = who.sign_in(persona)
    who.open("/dis")
    page.get_by_role("article").filter(has_text=NAME).get_by_role("link", name="Ansök").click()
    page.get_by_label(CATEGORY).check()
    page.get_by_role("button", name="Visa kraven").click()
    for text in DECLARED:
        page.get_by_label(text).check()
    page.get_by_label(TRACES).fill(traces)
    page.get_by_role("button", name=f"Spara {CATEGORY}").click()
    if only_for:
        for name in MEMBERS:
            page.get_by_label(name).set_checked(name == only_for)
        page.get_by_role("button", name="Spara", exact=True).click()
    _send(who)


def _send(who: Visitor) -> None:
    page = who.page
    page.get_by_label("Vi försäkrar").check()
    page.get_by_role("button", name="Skicka ansökan").click()
    expect(page.get_by_role("main")).to_contain_text("Ansökan är skickad")


def admit(ulf: Visitor, dis_id: int, name: str) -> None:
    page = _judge(ulf, dis_id, name)
    for choice in every(page.get_by_label("Uppfyllt", exact=True)):
        choice.check()
    page.get_by_role("button", name="Godkänn leverantören").click()
    expect(page.get_by_role("main")).to_contain_text("Leverantören är godkänd")


def refuse(ulf: Visitor, dis_id: int, name: str) -> None:
    page = _judge(ulf, dis_id, name)
    for choice in every(page.get_by_label("Uppfyllt", exact=True)):
        choice.check()
    page.get_by_label("Inte uppfyllt").last.check()
    page.get_by_text("Eller godkänn inte").click()
    page.get_by_label("Grund").select_option("requirement")
    page.get_by_label("Skäl").fill(LACKING)
    page.get_by_role("button", name="Godkänn inte").click()
    expect(page.get_by_role("main")).to_contain_text(LACKING)


def _judge(ulf: Visitor, dis_id: int, name: str) -> Page:
    page = ulf.open(f"/dis/{dis_id}/applications")
    page.get_by_role("region", name="Att pröva").get_by_role("link", name=name).click()
    return page


def apply_again(who: Visitor, traces: str) -> None:
    """What was written before is there; only what lacked is added."""
    page = who.open("/dis/mine")
    page.get_by_role("main").get_by_role("link", name=CATEGORY).first.click()
    expect(page.get_by_role("main")).to_contain_text(LACKING)
    page.get_by_role("button", name="Ansök igen").click()
    expect(page.get_by_label(DECLARED[0])).to_be_checked()
    page.get_by_label(TRACES).fill(traces)
    page.get_by_role("button", name=f"Spara {CATEGORY}").click()
    _send(who)
