"""Signing in with a password, and what a wrong one does."""

from __future__ import annotations

import pytest
from browser.serving import PASSWORD
from browser.visiting import PHONE
from playwright.sync_api import Page, expect

from market.accounts.rules import DEMO_DOMAIN

pytestmark = pytest.mark.browser

ANNA = f"producer@{DEMO_DOMAIN}"


def fill_in(page: Page, *, email: str, password: str) -> None:
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord", exact=True).fill(password)
    page.get_by_role("button", name="Logga in").click()


def test_a_producer_signs_in_with_a_password_and_out_again(visit):
    anna = visit(PHONE)
    page = anna.open("/")
    page.get_by_role("link", name="Logga in", exact=True).click()
    anna.is_well()
    fill_in(page, email=ANNA, password=PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hej Anna")
    page.locator(".account > summary").click()
    anna.is_well()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("link", name="Logga in", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Hej Anna")).to_have_count(0)


def test_whoever_is_not_signed_in_comes_to_the_page_after_signing_in(visit):
    page = visit(PHONE).open("/my-offers/new")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    fill_in(page, email=ANNA, password=PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Flagga en volym")


@pytest.mark.parametrize("email", [ANNA, "nobody@example.se"])
def test_a_wrong_password_says_the_same_whoever_asks(visit, email):
    anna = visit(PHONE)
    page = anna.open("/login")
    fill_in(page, email=email, password="fel lösenord, flera gånger")
    expect(page.get_by_role("alert")).to_be_focused()
    anna.is_well()
