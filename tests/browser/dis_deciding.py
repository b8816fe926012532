"""From opened tenders to goods on their way: judged, compared, decided, signed, ordered; and the whole file, which verifies by itself."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

from browser.serving import PASSWORD, DemoSite
from browser.visiting import Visitor, every
from playwright.sync_api import Page, expect

from geodata.travel import Estimator
from market.chores import CHORES, Desk, run_due

BY_ITSELF = {"follow_contracts", "remind_of_contracts", "close_need_rounds", "tell_of_openings"}
IMPARTIAL = "Nej, jag har inget eget intresse i saken"
NOT_SHOWN = "Anbudet säger inte vem som handleder praktikanten."
ABANDONED = "Ingen kan leverera vitkålen, och morötterna räcker ändå. Vi frågar köken igen."


def name_group(ulf: Visitor, calloff_id: int, *people: str) -> None:
    page = ulf.open(f"/dis/calloffs/{calloff_id}/evaluation")
    for person in people:
        listed = page.get_by_label("Person")
        listed.select_option(value=listed.get_by_role("option", name=person).get_attribute("value"))
        page.get_by_role("button", name="Lägg till i arbetsgruppen").click()
        expect(page.get_by_role("rowheader", name=person)).to_be_visible()
    ulf.is_well()


def judge_values(ulf: Visitor, refused: str) -> None:
    """All that is offered is granted, but for one of whose group's name this is the start."""
    page = ulf.page
    page.get_by_role("link", name="Svara", exact=True).click()
    _is_impartial(page)
    page.get_by_role("link", name=re.compile("Bedöm . mervärden")).click()
    for yes in every(page.get_by_role("radio", name="Ja")):
        yes.check()
    doubtful = page.get_by_role("group", name=re.compile(refused)).first
    doubtful.get_by_role("radio", name="Nej").check()
    doubtful.get_by_label("Motivering").fill(NOT_SHOWN)
    ulf.is_well()
    page.get_by_role("button", name="Spara bedömningen").click()
    expect(page.get_by_role("link", name=re.compile("Bedöm . mervärden"))).to_have_count(0)
    expect(page.get_by_role("button", name="Jämför anbuden")).to_have_count(0)


def score_blind(judge: Visitor, points: str, *names: str) -> None:
    """Samples have labels; whose they are is told nowhere."""
    page = judge.open("/dis/judging")
    page.get_by_role("main").get_by_role("article").get_by_role("link").first.click()
    _is_impartial(page)
    for one in every(page.get_by_label("Smak")):
        one.fill(points)
    for name in names:
        expect(page.get_by_role("main")).not_to_contain_text(name)
    judge.is_well()
    page.get_by_role("button", name="Lämna in och lås mina poäng").click()
    expect(page.get_by_role("main")).to_contain_text("Dina poäng")


def _is_impartial(page: Page) -> None:
    page.get_by_label(IMPARTIAL).check()
    page.get_by_role("button", name="Spara mitt svar").click()
    page.wait_for_url(re.compile("(evaluation|score)$"))


def compare(ulf: Visitor, calloff_id: int) -> None:
    page = ulf.open(f"/dis/calloffs/{calloff_id}/evaluation")
    page.get_by_role("button", name="Jämför anbuden").click()
    expect(page.get_by_role("heading", name="Varje krona, rad för rad")).to_be_visible()
    ulf.is_well()


def decide(ulf: Visitor) -> None:
    """The decision goes to all, and the standstill is counted down."""
    page = ulf.page
    page.get_by_role("link", name="Till tilldelningen").click()
    page.get_by_role("link", name="Skriv beslutet").click()
    expect(page.get_by_label("Skäl för beslutet")).not_to_be_empty()
    ulf.is_well()
    page.get_by_role("button", name="Besluta och skicka till alla").click()
    expect(page.get_by_role("main")).to_contain_text("Avtalsspärr: 10 dagar")
    ulf.is_well()


def read_outcome(grower: Visitor, calloff_id: int, *lots: str) -> Page:
    """`lots`: patterns of the decision's rows."""
    page = grower.open(f"/dis/calloffs/{calloff_id}/outcome")
    rows = page.get_by_role("table", name="Vem som tilldelas vad").get_by_role("row")
    for lot in lots:
        expect(rows.filter(has_text=re.compile(lot, re.DOTALL))).to_have_count(1)
    return page


def state_number(staff: Visitor, number: str) -> None:
    """An authority's own number stands in each of its agreements, and is asked for once."""
    page = staff.open("/agreements")
    page.get_by_role("link", name="Inställningar för avtal").click()
    page.get_by_label("Kommunens organisationsnummer").fill(number)
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("status").first).to_contain_text("Inställningarna är sparade")


def send_and_sign(staff: Visitor, calloff_id: int, producer: str) -> None:
    """The authority's own agreement, from the page of the award."""
    page = staff.open(f"/dis/calloffs/{calloff_id}/award")
    page.get_by_role("article").filter(has_text=producer).get_by_role("link", name="Avtal").click()
    page.get_by_role("button", name="Skicka till producenten").click()
    _sign(page)


def sign_at_farm(grower: Visitor, calloff_id: int, authority: str) -> None:
    page = read_outcome(grower, calloff_id)
    page.get_by_role("link", name=f"Avtal med {authority}").click()
    _sign(page)
    expect(page.get_by_role("status").first).to_contain_text("undertecknat av båda")
    grower.is_well()


def too_early_to_sign(staff: Visitor, calloff_id: int, producer: str) -> None:
    page = staff.open(f"/dis/calloffs/{calloff_id}/award")
    page.get_by_role("article").filter(has_text=producer).get_by_role("link", name="Avtal").click()
    expect(page.get_by_role("main")).to_contain_text("Kan skrivas under från")
    expect(page.get_by_role("link", name="Läs och skriv under")).to_have_count(0)


def _sign(page: Page) -> None:
    page.get_by_role("link", name="Läs och skriv under").click()
    page.get_by_role("checkbox", name="Jag har läst avtalet").check()
    page.get_by_label("Ditt lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Skriv under med lösenord").click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile("undertecknat|skrivit under"))


def work(site: DemoSite) -> None:
    """A minute passes, and the worker does by itself what it does every minute."""
    site.at += timedelta(minutes=1)
    desk = Desk(engine=site.app.extensions["narmat.engine"], travel=Estimator())
    run_due(desk, at=site.at, chores=[chore for chore in CHORES if chore.name in BY_ITSELF])


def no_orders_yet(cook: Visitor, week: str) -> None:
    page = cook.open(f"/orders?week={week}")
    expect(page.get_by_role("main")).to_contain_text("Inget beställt den här veckan")


def see_orders(cook: Visitor, week: str, *goods: str) -> None:
    page = cook.open(f"/orders?week={week}")
    for one in goods:
        expect(page.get_by_role("main")).to_contain_text(one)
    cook.is_well()


def check_file(ulf: Visitor, calloff_id: int, folder: Path) -> set[str]:
    """The archive is unpacked, and checked by the program that lies in it. Returns what it holds."""
    page = ulf.open(f"/dis/calloffs/{calloff_id}/award")
    with page.expect_download() as started:
        page.get_by_role("link", name="Hela akten (ZIP)").click()
    path = folder / f"{calloff_id}.zip"
    started.value.save_as(path)
    unpacked = folder / f"{calloff_id}"
    with ZipFile(path) as archive:
        archive.extractall(unpacked)
        names = set(archive.namelist())
    command = [sys.executable, "-I", unpacked / "verify.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=unpacked)
    assert done.returncode == 0, done.stdout + done.stderr
    return names


def abandon(ulf: Visitor, calloff_id: int) -> None:
    page = ulf.open(f"/dis/calloffs/{calloff_id}/abandon")
    page.get_by_label("Skäl").fill(ABANDONED)
    page.get_by_role("button", name="Avbryt avropet").click()
    expect(page.get_by_role("main")).to_contain_text("Avbrutet")
    expect(page.get_by_role("main")).to_contain_text(ABANDONED)


def read_why(grower: Visitor) -> None:
    """In the message to each who was invited."""
    page = grower.open("/notices")
    page.get_by_role("main").get_by_role("link", name=re.compile("avbr")).first.click()
    expect(page.get_by_role("main")).to_contain_text(ABANDONED)


def see_report(ulf: Visitor, dis_id: int) -> None:
    """Four of six invitations were answered; what was ordered stands by supplier."""
    page = ulf.open(f"/dis/{dis_id}/report")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Svarsfrekvens\s*66,7\s%"))
    suppliers = page.get_by_role("region", name="Leverantörer")
    expect(suppliers.get_by_role("row")).to_have_count(4)
    ulf.is_well()
