"""From interest to a sealed agreement: shown on a tablet, agreed at a desk, signed by password and by passkey, checked by poppler."""

from __future__ import annotations

from agreements import pdfsig
from browser.serving import PASSWORD
from browser.visiting import Visitor
from playwright.sync_api import Page, expect

FARM, GOODS, CATEGORY = "Åkerbo gård (demo)", "Vitkål", "Grönsaker"


def show_interest(karin: Visitor) -> None:
    page = karin.sign_in("kitchen")
    page.get_by_role("link", name="Hitta mat").first.click()
    page.get_by_role("link", name=GOODS).first.click()
    page.get_by_role("link", name="Visa intresse").click()
    karin.is_well()
    page.get_by_label("Hur mycket skulle ni vilja ha?").fill("inget")
    page.get_by_role("button", name="Visa intresse").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv ett tal med siffror")
    page.get_by_label("Hur mycket skulle ni vilja ha?").fill("40")
    page.get_by_role("button", name="Visa intresse").click()
    expect(page.get_by_role("status").first).to_contain_text("Kostchefen och producenten ser")
    expect(page.get_by_role("main")).to_contain_text(GOODS)
    karin.is_well()


def make_agreement(maria: Visitor) -> str:
    """From the sum of what kitchens want to a document at the producer's. Returns its path."""
    page = maria.sign_in("meal-manager")
    maria.open("/interest")
    maria.is_well()
    region = page.locator("section").filter(has=page.get_by_role("heading", name=FARM))
    region.get_by_role("row").filter(has_text=GOODS).get_by_role("link", name="Gör avtal").click()
    expect(page.get_by_label("Producent", exact=True).locator("option:checked")).to_have_text(FARM)
    expect(page.get_by_role("checkbox", name=CATEGORY)).to_be_checked()
    page.get_by_role("checkbox", name="Potatis").check()
    page.get_by_label("Leveransvillkor").fill("Torsdagar före klockan 10, i lådor.")
    maria.is_well()
    page.get_by_role("button", name="Spara utkastet").click()
    maria.is_well()
    page.get_by_role("button", name="Skicka till producenten").click()
    expect(page.get_by_role("status").first).to_contain_text("Avtalet är skickat till producenten")
    return page.url.removeprefix(maria.address)


def sign_with_password(maria: Visitor, url: str) -> None:
    page = maria.open(url)
    page.get_by_role("link", name="Läs och skriv under").click()
    maria.is_well()
    page.get_by_label("Ditt lösenord").fill("fel lösenord")
    page.get_by_role("checkbox", name="Jag har läst avtalet").check()
    page.get_by_role("button", name="Skriv under med lösenord").click()
    expect(page.get_by_role("alert")).to_contain_text("Lösenordet stämmer inte")
    page.get_by_label("Ditt lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Skriv under med lösenord").click()
    expect(page.get_by_role("status").first).to_contain_text("Du har skrivit under")
    maria.is_well()


def add_passkey(anna: Visitor) -> None:
    """With a virtual authenticator, which answers as a phone with a screen lock does."""
    devices = anna.context.new_cdp_session(anna.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page = anna.sign_in("producer")
    anna.open("/account/passkeys")
    anna.is_well()
    page.get_by_label("Vad ska den heta?").fill("Min telefon")
    page.get_by_label("Ditt lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Lägg till").click()
    expect(page.get_by_role("status").first).to_contain_text("Passkeyn är tillagd")
    anna.is_well()


def sign_with_passkey(anna: Visitor, url: str) -> None:
    page = anna.open("/agreements")
    expect(page.get_by_role("region", name="Väntar på er").first).to_be_visible()
    page.locator(f'a[href="{url}"]').click()
    anna.is_well()
    page.get_by_role("link", name="Läs och skriv under").click()
    page.get_by_role("checkbox", name="Jag har läst avtalet").check()
    anna.is_well()
    page.get_by_role("button", name="Skriv under med passkey").click()
    expect(page.get_by_role("status").first).to_contain_text("undertecknat av båda")
    expect(page.get_by_role("main")).to_contain_text("demons eget certifikat")
    expect(page.get_by_role("main")).to_contain_text("passkey")
    anna.is_well()


def check_seal(anna: Visitor, url: str, folder) -> None:
    pdf = download(anna.page, "Hämta det undertecknade avtalet (PDF)", folder)
    assert "Signature is Valid" in pdfsig(pdf, folder)
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    assert "Signature is Valid" not in pdfsig(bytes(changed), folder)
    assert url


def see_who_sells_what(karin: Visitor) -> None:
    page = karin.open("/agreements")
    expect(page.get_by_role("heading", name="Potatis")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(FARM)
    karin.is_well()


def download(page: Page, name: str, folder) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=name).click()
    path = folder / "downloaded.pdf"
    started.value.save_as(path)
    return path.read_bytes()
