"""The product's main job, by three people: flagged on a phone, ordered on a tablet, planned at a desk, received, seen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from browser.visiting import DESKTOP, PHONE, TABLET, Visitor, every
from factories import AT
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FARM, GOODS = "Åkerbo gård (demo)", "Morötter"
DELIVERY_DAY = "onsdag 25 november"
ON_THE_DAY = AT + timedelta(days=2, hours=2)


def test_weekly_loop(site, visit, browser, tmp_path):
    anna, karin, sara = visit(PHONE), visit(TABLET), visit(DESKTOP)
    flag_carrots(anna)
    find_carrots(karin)
    order_carrots(karin)
    plan_the_week(sara)
    take_run_sheets(sara, tmp_path)
    take_map(sara, browser, tmp_path)
    publish(sara)
    site.at = ON_THE_DAY
    receive_with_deviation(karin)
    see_what_came(anna)


def flag_carrots(anna: Visitor) -> None:
    """120 kg this week, in 10 kg boxes, 14 kr/kg, surplus."""
    page = anna.sign_in("producer")
    anna.is_well()
    page.get_by_role("link", name="Flagga en volym").first.click()
    anna.is_well()
    page.get_by_role("radio", name=GOODS).check()
    page.get_by_label("Hur mycket?").fill("120")
    page.get_by_label("Pris utan moms").fill("14")
    page.get_by_role("checkbox", name="Överskott").check()
    page.get_by_text("Förpackning, ekologiskt, bäst före").click()
    page.get_by_label("Förpackning", exact=True).select_option(label="låda")
    page.get_by_label("Innehåll per förpackning").fill("10")
    anna.is_well()
    page.get_by_role("button", name="Flagga", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Köken ser nu 120 kg Morötter")
    expect(page.get_by_role("main")).to_contain_text("120 kg av 120 kg")
    expect(page.get_by_role("main")).to_contain_text("låda om 10 kg")
    anna.is_well()


def find_carrots(karin: Visitor) -> None:
    """The same carrots in the list and on the map, whichever filters are set that they pass."""
    page = karin.sign_in("kitchen")
    karin.is_well()
    page.get_by_role("link", name="Hitta mat").first.click()
    karin.is_well()
    everything = rows(page).count()
    for label in ("Bara överskott", "Bara lokalt"):
        narrow(page, lambda label=label: page.get_by_role("checkbox", name=label).check())
    narrow(page, lambda: page.get_by_label("Kategori").select_option(label="Grönsaker"))
    narrow(page, lambda: page.get_by_label("Vecka", exact=True).select_option(label="vecka 48"))
    assert 1 <= rows(page).count() < everything
    row = rows(page).filter(has_text=FARM).filter(has_text=GOODS)
    for words in ("Lokalt", "Överskott", "120 kg kvar", "14,00 kr/kg"):
        expect(row).to_contain_text(words)
    expect(row).to_contain_text(re.compile(r"\d\skm på väg"))
    karin.is_well()
    says_the_same_on_the_map(page)
    narrow(page, lambda: page.get_by_role("checkbox", name="Bara ekologiskt").check())
    expect(row).to_have_count(0)
    page.get_by_role("checkbox", name="Bara ekologiskt").uncheck()
    expect(row).to_have_count(1)
    karin.is_well()


def narrow(page: Page, act) -> None:
    """Change a filter and wait for the list that answers."""
    with page.expect_response(lambda answer: "/offers?" in answer.url):
        act()


def rows(page: Page):
    return page.get_by_role("region", name=re.compile(r"^\d+ erbjudande")).get_by_role("listitem")


def says_the_same_on_the_map(page: Page) -> None:
    """Every farm of the list has its marker, which says the verdict and leads to the goods; "local" is drawn."""
    canvas = page.get_by_role("region", name="Karta över erbjudanden")
    farms = {row.get_attribute("data-feature-id") for row in every(rows(page))}
    expect(canvas).to_have_attribute("data-places", str(len(farms) + 1))  # and the kitchen itself
    expect(page.get_by_role("list", name="Teckenförklaring")).to_contain_text(
        "Lokalt enligt Norrtälje kommun"
    )
    marker = canvas.get_by_role("button", name=FARM)
    expect(marker).to_have_accessible_name(re.compile(r"\d\skm på väg.*Lokalt, Överskott"))
    marker.press("Enter")
    expect(canvas.get_by_role("link", name=f"{GOODS}: 120 kg, 14,00 kr/kg")).to_be_focused()
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()


def order_carrots(karin: Visitor) -> None:
    """40 of 120 kg; 80 are left, and no 81st can be ordered."""
    page = karin.page
    rows(page).filter(has_text=FARM).get_by_role("link", name=GOODS).click()
    expect(page.get_by_role("main")).to_contain_text("120 kg av 120 kg")
    karin.is_well()
    fill_order(page, kilograms="40")
    expect(page.get_by_role("status").first).to_contain_text("Beställt: 40 kg Morötter")
    karin.is_well()
    page.get_by_role("link", name="Hitta mat").first.click()
    row = rows(page).filter(has_text=FARM).filter(has_text=GOODS)
    expect(row).to_contain_text("80 kg kvar")
    row.get_by_role("link", name=GOODS).click()
    fill_order(page, kilograms="90")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("Det finns inte så mycket kvar. Kvar att beställa: 80 kg.")
    expect(refusal).to_be_focused()
    karin.is_well()


def fill_order(page: Page, *, kilograms: str) -> None:
    page.get_by_label("Hur mycket?", exact=True).fill(kilograms)
    page.get_by_role("radio", name=DELIVERY_DAY).check()
    page.get_by_role("button", name="Beställ", exact=True).click()


def plan_the_week(sara: Visitor) -> None:
    """One button; then the figures beside everyone driving alone, on a board, in routes and on a map."""
    page = sara.sign_in("logistics-planner3")
    sara.is_well()
    page.get_by_role("link", name="Körplan").first.click()
    expect(page.get_by_role("table", name=re.compile(DELIVERY_DAY, re.IGNORECASE))).to_contain_text(
        "40 kg Morötter"
    )
    sara.is_well()
    page.get_by_role("button", name="Planera veckan").click()
    expect(page.get_by_role("status").first).to_contain_text("Planen är klar", timeout=60_000)
    figures = page.get_by_role("region", name="Jämfört med att varje producent kör själv")
    for unit in ("km", "min", "kr", "kg CO₂e"):
        expect(figures).to_contain_text(
            re.compile(rf"\d\s{unit}.*än var för sig \([\d\s,h]+\s{unit}\)", re.DOTALL)
        )
    expect(page.get_by_role("region", name="Karta över rutterna")).to_have_attribute(
        "data-places", re.compile(r"[1-9]")
    )
    sara.is_well()


def take_run_sheets(sara: Visitor, folder) -> None:
    """A page for the driver, and a PDF of all runs that says what to load."""
    page = sara.page
    plan = page.url
    page.get_by_role("table", name="Veckan som tavla").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Körlista")
    sara.is_well()
    page.goto(plan)
    with page.expect_download() as download:
        page.get_by_role("link", name="Körlistor (PDF)").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(file).pages)
    assert GOODS in text
    assert FARM in text


def take_map(sara: Visitor, browser, folder) -> None:
    """The downloaded map draws its routes with the network gone, and asks it for nothing."""
    with sara.page.expect_download() as download:
        sara.page.get_by_role("link", name="Ladda ner kartan").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    assert_draws_offline(browser, file, shows=GOODS)


def assert_draws_offline(browser, file, *, shows: str) -> None:
    context = browser.new_context(offline=True)
    asked, errors = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.locator("path.leaflet-interactive").first).to_be_attached()
    expect(page.locator("body")).to_contain_text(shows)
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []


def publish(sara: Visitor) -> None:
    sara.page.get_by_role("link", name="Publicera planen").click()
    sara.is_well()
    sara.page.get_by_role("button", name=re.compile("^Publicera")).click()
    expect(sara.page.get_by_role("status").first).to_contain_text("Planen är publicerad")
    expect(sara.page.get_by_role("link", name="Publicera planen")).to_have_count(0)
    sara.is_well()


def receive_with_deviation(karin: Visitor) -> None:
    """On the day: 35 of 40 kg are good."""
    page = karin.open("/")
    today = (
        page.get_by_role("region", name="Kommer i dag")
        .get_by_role("article")
        .filter(has_text="40 kg Morötter")
    )
    expect(today).to_contain_text(re.compile(r"omkring \d\d:\d\d"))
    karin.is_well()
    today.get_by_role("link", name="Ta emot").click()
    karin.is_well()
    page.get_by_label("Mottagen vikt enligt vågen").fill("35")
    page.get_by_text("Något stämmer inte").click()
    page.get_by_label("Avvikelse").select_option(label="Skadat")
    page.get_by_label("Vad hände?").fill("En halv låda var frusen")
    karin.is_well()
    page.get_by_role("button", name="Ta emot").click()
    expect(page.get_by_role("status").first).to_contain_text("Mottaget med avvikelse")
    karin.is_well()


def see_what_came(anna: Visitor) -> None:
    page = anna.open("/orders")
    anna.is_well()
    page.get_by_role("link", name="40 kg Morötter").click()
    came = page.get_by_role("region", name="Det som kom fram")
    for words in ("40 kg", "35 kg", "Skadat", "En halv låda var frusen", "490,00 kr"):
        expect(came).to_contain_text(words)
    anna.is_well()
