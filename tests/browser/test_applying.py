"""Two growers apply to a DIS from their phones, one of them without scripts; the officer admits one and refuses one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browser.visiting import DESKTOP, PHONE, TABLET, Visitor, every
from factories import AT, tiny_photo
from playwright.sync_api import expect
from sqlalchemy import select

from market.db import transaction
from market.dis.applications.models import Application
from market.dis.rules import DisEvent, Regime, Thing
from market.dis.steps import begin, move
from market.dis.systems.models import Dis, DisCategory, Requirement
from market.dis.systems.rules import RequirementKind
from market.register.models import Authority

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOOD = "Företaget är registrerat som livsmedelsföretag."
TRACE = "Beskriv hur ni märker varje parti."
PROOF = "Intyg om ansvarsförsäkring."


@pytest.fixture
def dis_id(site):
    """Tierp and Heby, vegetables and potatoes, published two months ago."""
    with transaction(site.app.extensions["narmat.engine"]) as session:
        names = ("Tierps kommun", "Heby kommun")
        tierp, heby = (session.scalars(select(Authority).where(Authority.name == n)).one() for n in names)
        published = AT - timedelta(days=60)
        dis = Dis(
            authority=tierp,
            authorities=[tierp, heby],
            name="DIS Livsmedel",
            regime=Regime.DIRECTIVE,
            valid_from=published.date(),
            valid_until=AT.date() + timedelta(days=900),
            estimated_value_ore=2_400_000_000,
            first_round_ends_at=published + timedelta(days=30),
            published_at=published,
            created_at=published,
            categories=[
                category("vegetables", 1, RequirementKind.TEXT, TRACE),
                category("potatoes", 2, RequirementKind.DOCUMENT, PROOF),
            ],
        )
        begin(session, Thing.DIS, dis, DisEvent.DRAFT, user_id=None, at=published)
        move(session, Thing.DIS, dis, DisEvent.PUBLISH, user_id=None, at=published)
        return dis.id


def category(key, position, kind, text):
    kinds = [(RequirementKind.DECLARATION, FOOD), (kind, text)]
    asked = [Requirement(position=n, kind=kind, text=said) for n, (kind, said) in enumerate(kinds, 1)]
    return DisCategory(category_key=key, position=position, requirements=asked)


def test_from_the_barn_to_the_decision(dis_id, site, visit):
    anna, erik, ulf = visit(PHONE), visit(PHONE, java_script_enabled=False), visit(DESKTOP)
    applies_for_two(anna, dis_id)
    applies_without_scripts(erik, dis_id)
    admits_and_refuses(ulf, dis_id)
    reads_and_applies_again(erik)
    first, second = applications_to(dis_id, site)
    other_pages_are_well(
        ulf, f"{first}/exclude", f"{second}/more-time", f"{second}/hearing", f"{second}/qualify"
    )
    other_pages_are_well(anna, f"{first}", f"{first}/withdraw", f"{second}", f"{second}/take-back")
    ulf.open(f"/dis/{dis_id}/declarations")
    ulf.is_well()
    ulf.page.get_by_role("button", name="Skicka frågan").click()
    expect(ulf.page.get_by_role("main")).to_contain_text("skickad till en leverantör")
    anna.open("/dis/mine")
    anna.page.get_by_role("link", name="Ny egenförsäkran").click()
    anna.is_well()


def applies_for_two(anna: Visitor, dis_id: int) -> None:
    """What is filled in is saved as it is left, and what is missing shrinks meanwhile."""
    page = anna.sign_in("producer")
    anna.open(f"/dis/{dis_id}/apply")
    page.get_by_label("Grönsaker").check()
    page.get_by_label("Potatis").check()
    page.get_by_role("button", name="Visa kraven").click()
    anna.is_well()
    missing = page.locator("#missing")
    expect(missing.get_by_role("listitem")).to_have_count(4)
    page.get_by_label(FOOD).first.check()
    expect(missing.get_by_role("listitem")).to_have_count(3)
    page.get_by_label(TRACE).fill("Datum och fält på varje låda.")
    page.get_by_label(TRACE).blur()
    expect(missing.get_by_role("listitem")).to_have_count(2)
    anna.open(f"/dis/{dis_id}/apply")
    expect(page.get_by_label(TRACE)).to_have_value("Datum och fält på varje låda.")
    page.get_by_label(FOOD).last.check()
    page.get_by_label(PROOF).set_input_files(
        {"name": "brev.jpg", "mimeType": "image/jpeg", "buffer": tiny_photo()}
    )
    page.get_by_role("button", name="Spara Potatis").click()
    expect(page.get_by_role("link", name="brev.jpg")).to_be_visible()
    expect(missing).to_contain_text("Allt är ifyllt")
    page.get_by_label("Vi försäkrar").check()
    page.get_by_role("button", name="Skicka 2 ansökningar").click()
    expect(page.get_by_role("main")).to_contain_text("Ansökan är skickad")
    anna.is_well()


def applies_without_scripts(erik: Visitor, dis_id: int) -> None:
    page = erik.sign_in("producer2")
    erik.open(f"/dis/{dis_id}/apply")
    page.get_by_label("Grönsaker").check()
    page.get_by_role("button", name="Visa kraven").click()
    page.get_by_role("button", name="Skicka ansökan").click()
    expect(page.get_by_role("main")).to_contain_text("Fyll i det som saknas")
    page.get_by_label(FOOD).check()
    page.get_by_label(TRACE).fill("Vet ej.")
    page.get_by_role("button", name="Spara Grönsaker").click()
    page.get_by_label("Tierps kommun").uncheck()
    page.get_by_role("button", name="Spara", exact=True).click()
    page.get_by_label("Vi försäkrar").check()
    page.get_by_role("button", name="Skicka ansökan").click()
    expect(page.get_by_role("main")).to_contain_text("Ansökan är skickad")


def admits_and_refuses(ulf: Visitor, dis_id: int) -> None:
    page = ulf.sign_in("procurement-officer")
    ulf.open(f"/dis/{dis_id}/applications")
    ulf.is_well()
    page.get_by_role("link", name="Åkerbo gård (demo)").first.click()
    for choice in every(page.get_by_label("Uppfyllt", exact=True)):
        choice.check()
    page.set_viewport_size(TABLET)
    ulf.is_well()
    page.get_by_role("button", name="Godkänn leverantören").click()
    expect(page.get_by_role("main")).to_contain_text("Leverantören är godkänd")
    ulf.open(f"/dis/{dis_id}/applications")
    page.get_by_role("link", name="Lundängens kött (demo)").click()
    expect(page.get_by_role("main")).to_contain_text("Heby kommun")
    page.get_by_label("Uppfyllt", exact=True).first.check()
    page.get_by_label("Inte uppfyllt").last.check()
    page.get_by_text("Eller godkänn inte").click()
    page.get_by_label("Grund").select_option("requirement")
    page.get_by_label("Skäl").fill("Skriv hur partiet märks.")
    page.get_by_role("button", name="Godkänn inte").click()
    expect(page.get_by_role("main")).to_contain_text("Skriv hur partiet märks.")


def applications_to(dis_id, site):
    """Anna's two, which came first."""
    with transaction(site.app.extensions["narmat.engine"]) as session:
        categories = select(DisCategory.id).where(DisCategory.dis_id == dis_id)
        found = select(Application.id).where(Application.dis_category_id.in_(categories))
        return session.scalars(found.order_by(Application.id)).all()[:2]


def other_pages_are_well(someone: Visitor, *places: str) -> None:
    """What else there is to see of an application."""
    for place in places:
        someone.open(f"/dis/applications/{place}")
        someone.is_well()


def reads_and_applies_again(erik: Visitor) -> None:
    page = erik.open("/dis/mine")
    page.get_by_role("main").get_by_role("link", name="Grönsaker").first.click()
    expect(page.get_by_role("main")).to_contain_text("Skriv hur partiet märks.")
    page.get_by_role("button", name="Ansök igen").click()
    expect(page.get_by_label(TRACE)).to_have_value("Vet ej.")
    page.get_by_label(TRACE).fill("Partinummer på varje låda.")
    page.get_by_role("button", name="Spara Grönsaker").click()
    page.get_by_label("Vi försäkrar").check()
    page.get_by_role("button", name="Skicka ansökan").click()
    expect(page.get_by_role("main")).to_contain_text("Skickad, prövas")
