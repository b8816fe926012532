"""A standing order makes each week's order by itself, once, from what fits; else it says why not and tries again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY
from sqlalchemy import select

from market.offers.models import Offer
from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.orders.chores import make_standing_orders
from market.orders.models import Order, StandingOrder, StandingWeek
from market.orders.operations import answer_order
from market.orders.rules import KitchenClosed, OrderEvent, OrderState
from market.orders.standing_operations import (
    Wish,
    change_standing_order,
    make_standing_order,
    turn_standing_order,
)
from market.orders.standing_rules import (
    EndsBeforeItBegins,
    StandingChanged,
    StandingEvent,
    StandingState,
    Supply,
    WhyNot,
    choose,
    standing_day,
)
from market.outbox import OutboxMessage
from market.values import SWEDEN, Package, Period, Quantity, Unit, Week

NEXT = MONDAY + timedelta(days=7)
WEDNESDAY = NEXT + timedelta(days=2)


def wish(
    kilograms: int = 20, *, weekday: int = 3, highest: str | None = None, until: date | None = None
) -> Wish:
    return Wish(
        quantity=Quantity.of(kilograms, Unit.KILOGRAM),
        weekday=weekday,
        highest_price=None if highest is None else Decimal(highest),
        until_on=until,
    )


def stand(session, cast, wanted=None, *, key="standing", at=AT) -> StandingOrder:
    return make_standing_order(
        session, product=cast.carrots, kitchen=cast.hub, wish=wanted or wish(), request_key=key,
        actor=cast.actor("kitchen"), at=at,
    )  # fmt: skip


def offer(session, cast, *, kilograms=100, price="14", start=NEXT, days=7) -> Offer:
    terms = OfferTerms(
        quantity=Quantity.of(kilograms, Unit.KILOGRAM),
        period=Period(start, start + timedelta(days=days)),
        package=Package.BOX,
        package_size=Quantity.of(10, Unit.KILOGRAM),
        price=None if price is None else Decimal(price),
    )
    actor = cast.actor("producer")
    return post_offer(session, product=cast.carrots, site=cast.site, terms=terms, actor=actor, at=AT)


def orders(session) -> list[Order]:
    return list(session.scalars(select(Order).order_by(Order.id)))


def weeks(session) -> list[tuple[date, WhyNot | None]]:
    rows = session.scalars(select(StandingWeek).order_by(StandingWeek.monday, StandingWeek.id))
    return [(row.monday, row.why_not) for row in rows]


def test_next_weeks_order_is_made_once(session, cast):
    stand(session, cast)
    dear, cheap = offer(session, cast, price="15"), offer(session, cast, price="13.50")
    assert make_standing_orders(session, at=AT) == 1
    assert make_standing_orders(session, at=AT + timedelta(hours=1)) == 0
    [order] = orders(session)
    assert (order.state, order.deliver_on, order.lines[0].offer_id) == (
        OrderState.AGREED,
        WEDNESDAY,
        cheap.id,
    )
    assert (dear.reserved, cheap.reserved, weeks(session)) == (0, 20_000, [(NEXT, None)])
    kinds = set(session.scalars(select(OutboxMessage.kind)))
    assert kinds == {"standing_order_made", "order_confirmed"}


def test_the_week_after_it_makes_the_next(session, cast):
    stand(session, cast)
    offer(session, cast, days=14)
    make_standing_orders(session, at=AT)
    make_standing_orders(session, at=AT + timedelta(days=7))
    assert [order.deliver_on for order in orders(session)] == [WEDNESDAY, WEDNESDAY + timedelta(days=7)]


def test_an_order_that_was_cancelled_is_not_made_again(session, cast):
    stand(session, cast)
    offer(session, cast)
    make_standing_orders(session, at=AT)
    [order] = orders(session)
    kitchen = cast.actor("kitchen")
    answer_order(session, order=order, event=OrderEvent.CANCEL, reason="Lov", actor=kitchen, at=AT)
    assert make_standing_orders(session, at=AT + timedelta(days=1)) == 0


def test_it_says_why_once_and_tries_until_the_day(session, cast):
    """Nothing flagged on Monday; on the Tuesday of its own week the producer does."""
    stand(session, cast)
    for hours in (0, 1, 30):
        assert make_standing_orders(session, at=AT + timedelta(hours=hours)) == 0
    assert weeks(session) == [(NEXT, WhyNot.NO_OFFER)]
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "standing_order_failed")).all()
    assert [(one.user_id, one.params["why_not"]) for one in told] == [
        (cast.actor("kitchen").user_id, "no_offer")
    ]
    offer(session, cast, kilograms=10)
    make_standing_orders(session, at=AT + timedelta(days=2))
    assert weeks(session) == [(NEXT, WhyNot.NOT_ENOUGH)]
    offer(session, cast)
    assert make_standing_orders(session, at=AT + timedelta(days=8)) == 1
    assert weeks(session) == [(NEXT, None), (NEXT + timedelta(days=7), WhyNot.NO_OFFER)]


@pytest.mark.parametrize(
    ("supplies", "kilograms", "highest", "outcome"),
    [
        ([], 20, None, WhyNot.NO_OFFER),
        ([(1, 10, 10, "9")], 20, None, WhyNot.NOT_ENOUGH),
        ([(1, 100, 10, "9")], 25, None, WhyNot.PACKAGES),
        ([(1, 100, None, "9")], 25, None, 1),
        ([(1, 100, 10, "9.01")], 20, "9", WhyNot.PRICE_ABOVE),
        ([(1, 100, 10, "9")], 20, "9", 1),
        ([(1, 100, 10, None)], 20, None, WhyNot.NO_PRICE),
        ([(1, 100, 10, None)], 20, "9", 1),
        ([(1, 100, 10, "12"), (2, 100, 10, "11"), (3, 10, 10, "8")], 20, None, 2),
        ([(1, 100, 10, None), (2, 100, 10, "8")], 20, "9", 2),
    ],
)
def test_the_cheapest_that_fits_or_what_is_in_the_way(supplies, kilograms, highest, outcome):
    known = [
        Supply(
            offer_id=number,
            left=left * 1000,
            package_steps=None if package is None else package * 1000,
            price=None if price is None else Decimal(price),
        )
        for number, left, package, price in supplies
    ]
    chosen = choose(
        known,
        quantity=Quantity.of(kilograms, Unit.KILOGRAM),
        highest=None if highest is None else Decimal(highest),
    )
    assert (chosen.offer_id if isinstance(chosen, Supply) else chosen) == outcome


def test_a_price_by_agreement_is_proposed_at_the_highest(session, cast):
    stand(session, cast, wish(highest="16"))
    offer(session, cast, price=None)
    make_standing_orders(session, at=AT)
    [order] = orders(session)
    assert (order.state, order.lines[0].price) == (OrderState.PROPOSED, Decimal(16))


def test_a_kitchen_that_has_closed_its_day_is_told(session, cast):
    stand(session, cast)
    offer(session, cast)
    cast.hub.windows = [window for window in cast.hub.windows if window.weekday != 3]
    session.flush()
    make_standing_orders(session, at=AT)
    assert weeks(session) == [(NEXT, WhyNot.KITCHEN_CLOSED)]


def test_pause_change_end(session, cast):
    standing, actor = stand(session, cast), cast.actor("kitchen")
    offer(session, cast, days=21)

    def turn(event):
        turn_standing_order(session, standing=standing, event=event, actor=actor, at=AT)

    turn(StandingEvent.PAUSE)
    assert make_standing_orders(session, at=AT) == 0
    with pytest.raises(StandingChanged):
        turn(StandingEvent.PAUSE)
    turn(StandingEvent.RESUME)
    change_standing_order(session, standing=standing, wish=wish(30, weekday=4), actor=actor, at=AT)
    make_standing_orders(session, at=AT)
    [order] = orders(session)
    assert (order.deliver_on, order.lines[0].steps) == (WEDNESDAY + timedelta(days=1), 30_000)
    turn(StandingEvent.END)
    assert make_standing_orders(session, at=AT + timedelta(days=7)) == 0
    with pytest.raises(StandingChanged):
        turn(StandingEvent.RESUME)
    assert standing.state is StandingState.ENDED


def test_not_after_its_last_day(session, cast):
    stand(session, cast, wish(until=WEDNESDAY))
    offer(session, cast, days=21)
    assert make_standing_orders(session, at=AT) == 1
    assert make_standing_orders(session, at=AT + timedelta(days=7)) == 0
    assert weeks(session) == [(NEXT, None)]


def test_what_can_not_stand_is_refused(session, cast):
    with pytest.raises(KitchenClosed):
        stand(session, cast, wish(weekday=7))
    with pytest.raises(EndsBeforeItBegins):
        stand(session, cast, wish(until=MONDAY))


def test_week_53_and_the_night_when_the_clock_changes(session, cast):
    """2026 has 53 weeks; the chore at 23:59:59 on a Sunday still means the next week by the Swedish clock."""
    assert standing_day(Week(2026, 53), weekday=5) == date(2027, 1, 1)
    stand(session, cast)
    offer(session, cast, start=date(2026, 12, 28), days=14)
    sunday = datetime(2026, 12, 27, 23, 59, 59, tzinfo=SWEDEN)
    assert make_standing_orders(session, at=sunday) == 1
    assert make_standing_orders(session, at=sunday + timedelta(seconds=1)) == 1
    assert [order.deliver_on for order in orders(session)] == [date(2026, 12, 30), date(2027, 1, 6)]
    assert [row.request_key.split(":")[2] for row in orders(session)] == ["2026-W53", "2027-W01"]


def test_on_the_pages(client_for, stored, session, look):
    made = offer(session, stored, start=MONDAY)
    session.commit()
    client, url = client_for("kitchen"), f"/offers/{made.id}/standing-order"
    assert url in client.get(f"/offers/{made.id}/order").text
    form = {"kitchen": str(stored.hub.id), "amount": "20", "weekday": "3", "request_key": "page"}
    for changes in (
        {"amount": ""},
        {"amount": "x"},
        {"weekday": "7"},
        {"until_on": "2026-11-01"},
        {"highest_price": "-1"},
    ):
        assert "data-error-summary" in client.post(url, data=form | changes).text, changes
    for _ in range(2):
        assert client.post(url, data=form).location == "/standing-orders"
    [standing] = look.scalars(select(StandingOrder)).all()
    look.rollback()
    make_standing_orders(session, at=AT)
    session.commit()
    assert "Producenten har inte flaggat varan den dagen." in client.get("/standing-orders").text
    page = f"/standing-orders/{standing.id}"
    client.post(page, data=form | {"amount": "30"})
    assert 'value="30"' in client.get(page).text
    client.post(f"{page}/pause")
    assert "Pausad" in client.get(page).text
    assert client.get(f"{page}/end").status_code == 200
    client.post(f"{page}/end")
    again = client.post(f"{page}/resume", follow_redirects=True)
    assert "Det går inte längre" in again.text
    assert "Avslutad" in again.text
