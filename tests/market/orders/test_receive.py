"""Goods receipt: one tap when all is right, a reason when it is not, and the producer sees what was delivered."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from factories import AT, make_offer, make_order
from PIL import Image
from sqlalchemy import func, select

from market.orders.models import Delivery, Order
from market.orders.receipt_rules import DeviationKind
from market.orders.rules import OrderState
from market.photos.models import Photo
from market.register.models import Temperature

DAY = AT + timedelta(days=2)


@pytest.fixture
def order(stored, session, clock):
    made = make_order(session, stored, make_offer(session, stored), key="one")
    session.commit()
    clock.at = DAY
    return made


def url(order) -> str:
    return f"/orders/{order.id}/receive"


def form(order, **changes: str) -> dict[str, str]:
    """The form as it comes, with all as ordered; `accepted`, `deviation` and `note` are of the line."""
    line = {"line_id": str(order.lines[0].id), "accepted": "40", "deviation": "", "note": ""}
    written = {f"lines-0-{name}": changes.pop(name, value) for name, value in line.items()}
    return written | changes


def delivery(look) -> Delivery | None:
    return look.scalar(select(Delivery))


def test_all_of_it_by_one_tap(client_for, order, look):
    client = client_for("kitchen")
    assert 'value="40"' in client.get(url(order)).text
    answer = client.post(url(order), data=form(order), follow_redirects=True)
    assert "Mottaget. Allt stämde." in answer.text
    received = delivery(look)
    assert received is not None
    assert (received.total_ore, received.decidegrees, received.order.state) == (
        56_000,
        None,
        OrderState.RECEIVED,
    )


def test_less_needs_a_reason_and_is_what_the_producer_sees(client_for, order, look):
    client = client_for("kitchen")
    refused = client.post(url(order), data=form(order, accepted="37,5"))
    assert "Morötter: mindre togs emot än beställt. Välj vad som var fel." in refused.text
    assert 'value="37,5"' in refused.text
    assert delivery(look) is None
    look.rollback()
    wrong = form(order, accepted="37,5", deviation="damaged", temperature="6,5") | {"lines-0-note": "Klämda"}
    done = client.post(url(order), data=wrong, follow_redirects=True)
    assert "Mottaget med avvikelse." in done.text
    received = delivery(look)
    assert received is not None
    assert (received.lines[0].accepted, received.lines[0].deviation) == (37_500, DeviationKind.DAMAGED)
    assert (received.decidegrees, received.total_ore) == (65, 52_500)
    page = client_for("producer").get(f"/orders/{order.id}").text
    assert "37,5\N{NO-BREAK SPACE}kg" in page
    assert "Skadat" in page
    assert "Klämda" in page


def test_nothing_came(client_for, order, look):
    client_for("kitchen").post(url(order), data=form(order, accepted="0", deviation="short"))
    received = delivery(look)
    assert received is not None
    assert (received.lines[0].accepted, received.total_ore) == (0, 0)


@pytest.mark.parametrize(
    ("written", "kept"), [("4,5", 45), ("-18", -180), ("\N{MINUS SIGN}18,5", -185), ("0", 0)]
)
def test_temperatures(client_for, order, look, written, kept):
    client_for("kitchen").post(url(order), data=form(order, temperature=written))
    received = delivery(look)
    assert received is not None
    assert received.decidegrees == kept


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"accepted": "37.5"}, "Skriv decimaler med komma"),
        ({"accepted": ""}, "Fyll i det här."),
        ({"accepted": "-1"}, "Mängden kan inte vara mindre än noll."),
        ({"accepted": "99999999"}, "Talet är för stort."),
        ({"deviation": "short"}, "allt togs emot men en avvikelse är vald"),
        ({"deviation": "stolen", "accepted": "10"}, "data-error-summary"),
        ({"temperature": "4.5"}, "Skriv decimaler med komma"),
        ({"temperature": "450"}, "Temperaturen verkar fel."),
        ({"line_id": "987654"}, "data-error-summary"),
        ({"line_id": "x"}, "data-error-summary"),
    ],
)
def test_what_can_not_be_is_explained_and_nothing_is_received(client_for, order, look, changes, words):
    answer = client_for("kitchen").post(url(order), data=form(order, **changes))
    assert answer.status_code == 200
    assert words in answer.text
    assert delivery(look) is None


def test_more_lines_than_were_ordered_are_left_out(client_for, order, look):
    """A tampered form."""
    extra = {"lines-1-line_id": "1", "lines-1-accepted": "1", "lines-1-deviation": "", "lines-1-note": ""}
    assert client_for("kitchen").post(url(order), data=form(order) | extra).status_code == 302
    received = delivery(look)
    assert received is not None
    assert len(received.lines) == 1


def test_not_before_its_day(client_for, order, clock, look):
    clock.at = AT
    client = client_for("kitchen")
    assert "Då tar du emot dem här." in client.get(url(order)).text
    client.post(url(order), data=form(order))
    assert delivery(look) is None


def test_received_twice_is_received_once(client_for, order, look):
    client = client_for("kitchen")
    client.post(url(order), data=form(order))
    again = client.post(url(order), data=form(order, accepted="10", deviation="short"))
    assert again.status_code == 200
    assert look.scalars(select(Delivery)).one().total_ore == 56_000
    assert len(look.get_one(Order, order.id).transitions) == 2


def test_the_hub_receives_for_its_satellite(client_for, stored, session, clock, look):
    offer = make_offer(session, stored)
    session.commit()
    wanted = {
        "kitchen": str(stored.satellite.id),
        "amount": "20",
        "deliver_on": "2026-11-25",
        "request_key": "s",
    }
    client_for("satellite").post(f"/offers/{offer.id}/order", data=wanted)
    made = look.scalars(select(Order)).one()
    data = form(made, accepted="20")
    look.rollback()
    clock.at = DAY
    assert client_for("kitchen").post(url(made), data=data).status_code == 302


def test_warm_goods_are_received_with_open_eyes_or_as_a_deviation(client_for, stored, session, clock, look):
    """8 °C for chilled goods unless the authority says otherwise; exactly the limit is fine."""
    stored.carrots.temperature = Temperature.CHILLED
    offer = make_offer(session, stored)
    orders = [make_order(session, stored, offer, kilograms=10, key=f"warm-{n}") for n in range(3)]
    session.commit()
    clock.at = DAY
    client = client_for("kitchen")
    ten = {"accepted": "10"}
    warned = client.post(url(orders[0]), data=form(orders[0], temperature="8,1", **ten))
    assert "varmare än er gräns på 8 °C" in warned.text
    assert 'name="is_warm_accepted"' in warned.text
    assert delivery(look) is None
    look.rollback()
    ticked = form(orders[0], temperature="8,1", is_warm_accepted="y", **ten)
    assert client.post(url(orders[0]), data=ticked).status_code == 302
    said = form(orders[1], temperature="12", accepted="0", deviation="temperature")
    assert client.post(url(orders[1]), data=said).status_code == 302
    assert client.post(url(orders[2]), data=form(orders[2], temperature="8", **ten)).status_code == 302
    assert "varmare än gränsen 8 °C" in client_for("producer").get(f"/orders/{orders[0].id}").text
    assert len(look.scalars(select(Delivery)).all()) == 3


def test_a_photo_of_what_was_wrong_is_for_both_sides(client_for, order, look):
    """And for nobody else."""
    wrong = form(order, accepted="30", deviation="damaged") | {
        "lines-0-photo": (BytesIO(picture()), "skadat.jpg")
    }
    answer = client_for("kitchen").post(url(order), data=wrong, content_type="multipart/form-data")
    assert answer.status_code == 302
    received = delivery(look)
    assert received is not None
    photo = f"/photos/{received.lines[0].photo_id}"
    assert photo in client_for("producer").get(f"/orders/{order.id}").text
    for person, status in (
        ("producer", 200),
        ("meal_manager", 200),
        ("other_producer", 404),
        ("other_kitchen", 404),
    ):
        assert client_for(person).get(photo).status_code == status, person


def test_a_table_named_jpg_is_refused_and_nothing_is_received(client_for, order, look):
    wrong = form(order, accepted="30", deviation="damaged") | {
        "lines-0-photo": (BytesIO(b"Vara;Kilo\nMor\xc3\xb6tter;40"), "foto.jpg")
    }
    answer = client_for("kitchen").post(url(order), data=wrong, content_type="multipart/form-data")
    assert "data-error-summary" in answer.text
    assert delivery(look) is None
    assert look.scalar(select(func.count()).select_from(Photo)) == 0


def test_a_photo_is_not_kept_where_the_receipt_is_refused(client_for, order, look):
    wrong = form(order, accepted="30") | {"lines-0-photo": (BytesIO(picture()), "foto.jpg")}
    answer = client_for("kitchen").post(url(order), data=wrong, content_type="multipart/form-data")
    assert "Välj vad som var fel" in answer.text
    assert "Välj fotot igen" in answer.text
    assert look.scalar(select(func.count()).select_from(Photo)) == 0


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 60)).save(out, "JPEG")
    return out.getvalue()
