"""What happens when a form is sent twice, sent empty, or gone back from."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from browser.visiting import DESKTOP, PHONE, every
from playwright.sync_api import expect
from sqlalchemy import func, select

from market.db import open_session
from market.offers.models import Offer
from market.orders.models import Order

pytestmark = pytest.mark.browser

EMPTY_FORMS = (
    ("producer", "/my-offers/new", "Flagga"),
    ("producer", "/register/products/new", "Spara varan"),
    ("producer", "/register/sites/new", "Spara platsen"),
    ("admin", "/register/users/new", "Skapa kontot"),
    ("admin", "/register/kitchens/new", "Spara"),
    ("admin", "/register/producers/new", "Spara"),
    ("admin", "/register/authorities/new", "Spara"),
)


def amount_of(site, model) -> int:
    with open_session(site.app.extensions["narmat.engine"], writes=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def open_order_form(karin, goods="Vitkål"):
    """The order form of Åkerbo gård's cabbage, filled in."""
    page = karin.open("/offers")
    row = page.get_by_role("listitem").filter(has_text="Åkerbo gård").filter(has_text=goods)
    row.get_by_role("link", name=goods).click()
    page.get_by_label("Hur mycket?", exact=True).fill("20")
    page.get_by_role("radio", name="onsdag 25 november").check()
    return page


@pytest.fixture
def karin(visit):
    visitor = visit(DESKTOP)
    visitor.sign_in("kitchen")
    return visitor


@pytest.fixture
def gate(site) -> Iterator[threading.Event]:
    """Until it is set, the server answers no POST."""
    opened, answer = threading.Event(), site.app.wsgi_app

    def slow(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            opened.wait()
        return answer(environ, start_response)

    site.app.wsgi_app = slow
    yield opened
    opened.set()


def test_clicking_again_while_it_is_sent_makes_one_order(karin, site, gate):
    before = amount_of(site, Order)
    page = open_order_form(karin)
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    button = page.get_by_role("button", name="Beställ", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    for _ in range(3):
        page.mouse.click(box["x"] + 20, box["y"] + 10)
    gate.set()
    expect(page.get_by_role("status").first).to_contain_text("Beställt: 20 kg Vitkål")
    assert len(sent) == 1
    assert amount_of(site, Order) == before + 1


def test_the_same_form_sent_again_is_the_same_order(karin, site):
    """As a browser does when the answer got lost on the way: nothing but the form's own key tells."""
    before = amount_of(site, Order)
    page = open_order_form(karin)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Beställ", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Beställt: 20 kg Vitkål")
    form = {"Content-Type": "application/x-www-form-urlencoded", "Referer": sent.value.url}
    again = karin.context.request.post(sent.value.url, data=sent.value.post_data, headers=form)
    assert again.url == page.url
    assert amount_of(site, Order) == before + 1


def test_back_after_ordering_shows_a_form_that_works(karin, site):
    before = amount_of(site, Order)
    page = open_order_form(karin)
    page.get_by_role("button", name="Beställ", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Beställt")
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("140 kg av 160 kg")
    button = page.get_by_role("button", name="Beställ", exact=True)
    expect(button).to_be_enabled()
    page.get_by_label("Hur mycket?", exact=True).fill("30")
    page.get_by_role("radio", name="onsdag 25 november").check()
    button.click()
    expect(page.get_by_role("status").first).to_contain_text("Beställt: 30 kg Vitkål")
    assert amount_of(site, Order) == before + 2


def test_a_double_tap_flags_one_volume(visit, site):
    before = amount_of(site, Offer)
    anna = visit(PHONE, has_touch=True)
    anna.sign_in("producer")
    page = anna.open("/my-offers")
    page.get_by_role("button", name="Samma nästa vecka").first.dblclick(no_wait_after=True)
    expect(page.get_by_role("link", name="Dra tillbaka")).to_be_visible()
    assert amount_of(site, Offer) == before + 1


@pytest.mark.parametrize(("persona", "path", "button"), EMPTY_FORMS)
def test_an_empty_form_says_what_to_do(persona, path, button, look):
    visitor = look(PHONE)
    visitor.sign_in(persona)
    page = visitor.open(path)
    page.get_by_role("main").get_by_role("button", name=button).first.click()
    summary_has_focus_and_links(visitor)


def test_an_empty_order_says_what_to_do(look):
    visitor = look(DESKTOP)
    visitor.sign_in("kitchen")
    page = visitor.open("/offers")
    page.get_by_role("listitem").get_by_role("link", name="Vitkål").first.click()
    page.get_by_role("button", name="Beställ", exact=True).click()
    summary_has_focus_and_links(visitor)
    page.get_by_role("alert").get_by_role("link", name="Hur mycket").click()
    expect(page.get_by_label("Hur mycket?", exact=True)).to_be_focused()


def summary_has_focus_and_links(visitor) -> None:
    page = visitor.page
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Rätta det här och försök igen")
    assert page.title().startswith("Fel: ")
    targets = [link.get_attribute("href") for link in every(summary.get_by_role("link"))]
    assert targets
    for target in targets:
        expect(page.locator(f'[id="{target.removeprefix("#")}"]')).to_have_count(1)
    visitor.is_well()
