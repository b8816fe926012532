"""Kitchens say how goods were; the producer and the authority's own kitchens read it, nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from factories import AT, make_offer, make_order
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from market.feedback.models import Feedback
from market.feedback.rules import (
    CHANGEABLE_DAYS,
    NothingSaid,
    Opinion,
    TasteOutOfRange,
    ThawLossOutOfRange,
    TooLateToSay,
    check_opinion,
    summary,
)
from market.orders.operations import receive_order
from market.orders.receipt_rules import ReceivedLine

RECEIVED = AT + timedelta(days=2)
DAY = date(2026, 11, 25)


@pytest.fixture
def order(stored, session, clock):
    """Received by the hub kitchen."""
    made = make_order(session, stored, make_offer(session, stored), key="eaten")
    line = ReceivedLine(line_id=made.lines[0].id, accepted=made.lines[0].steps)
    receive_order(
        session, order=made, received=[line], decidegrees=None, note="", actor=stored.actor("kitchen"), at=RECEIVED
    )  # fmt: skip
    session.commit()
    clock.at = RECEIVED
    return made


def test_it_is_given_changed_and_read(client_for, stored, order, look, clock):
    kitchen, url = client_for("kitchen"), f"/orders/{order.id}/feedback"
    first = {"taste": "4", "package_fits": "no", "thaw_loss": "", "would_buy_again": "yes", "words": "Söta"}
    assert url in kitchen.get(f"/orders/{order.id}").text
    assert kitchen.post(url, data=first).status_code == 302
    assert kitchen.post(url, data=first).status_code == 302, "a second press"
    [said] = look.scalars(select(Feedback)).all()
    assert said.opinion == Opinion(taste=4, package_fits=False, would_buy_again=True, words="Söta")
    look.rollback()
    clock.at = RECEIVED + timedelta(days=CHANGEABLE_DAYS)
    kitchen.post(url, data=first | {"taste": "5", "thaw_loss": "7"})
    look.expire_all()
    assert look.scalars(select(Feedback)).one().thaw_loss_percent == 7
    product = f"/products/{stored.carrots.id}/about"
    for person in ("kitchen", "satellite", "meal_manager", "procurement_officer", "producer"):
        shown = client_for(person).get(product).text
        assert "Söta" in shown, person
        assert "Centralköket" in shown, person
    assert "Söta" in client_for("producer").get("/my-feedback").text
    assert "Söta" not in client_for("other_kitchen").get(product).text, "another municipality's kitchen"
    part = kitchen.get(product, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Söta" in part


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"words": "   "},
        {"taste": "6"},
        {"taste": "x"},
        {"thaw_loss": "101"},
        {"thaw_loss": "-1"},
        {"thaw_loss": "1,5"},
    ],
)
def test_what_can_not_be_said_is_explained(client_for, order, look, changes):
    answer = client_for("kitchen").post(f"/orders/{order.id}/feedback", data=changes)
    assert "data-error-summary" in answer.text
    assert look.scalars(select(Feedback)).all() == []


def test_not_before_the_goods_have_come_and_not_for_ever(client_for, stored, session, order, clock, look):
    waiting = make_order(session, stored, make_offer(session, stored), key="waiting")
    session.commit()
    kitchen = client_for("kitchen")
    assert kitchen.get(f"/orders/{waiting.id}/feedback").status_code == 404
    clock.at = RECEIVED + timedelta(days=CHANGEABLE_DAYS + 1)
    assert (
        "kunde lämnas och ändras till"
        in kitchen.post(f"/orders/{order.id}/feedback", data={"taste": "3"}).text
    )
    assert look.scalars(select(Feedback)).all() == []


@pytest.mark.parametrize(
    ("opinion", "refusal"),
    [
        (Opinion(), NothingSaid),
        (Opinion(words=" \n"), NothingSaid),
        (Opinion(taste=0), TasteOutOfRange),
        (Opinion(taste=6), TasteOutOfRange),
        (Opinion(thaw_loss_percent=101), ThawLossOutOfRange),
    ],
)
def test_the_rules(opinion, refusal):
    with pytest.raises(refusal):
        check_opinion(opinion, received_on=DAY, today=DAY)


def test_the_last_day_counts():
    check_opinion(Opinion(taste=1), received_on=DAY, today=DAY + timedelta(days=CHANGEABLE_DAYS))
    with pytest.raises(TooLateToSay):
        check_opinion(Opinion(taste=1), received_on=DAY, today=DAY + timedelta(days=CHANGEABLE_DAYS + 1))


OPINIONS = st.builds(
    Opinion,
    taste=st.none() | st.integers(1, 5),
    package_fits=st.none() | st.booleans(),
    thaw_loss_percent=st.none() | st.integers(0, 100),
    would_buy_again=st.none() | st.booleans(),
)


@given(opinions=st.lists(OPINIONS, max_size=12))
def test_the_summary_counts_only_answers(opinions):
    found = summary(opinions)
    tastes = [o.taste for o in opinions if o.taste is not None]
    assert found.count == len(opinions)
    assert (found.taste is None) == (not tastes)
    if found.taste is not None:
        assert min(tastes) <= found.taste <= max(tastes)
    for share in (found.package_fits_percent, found.would_buy_again_percent):
        assert share is None or 0 <= share <= 100


def test_the_summary_in_figures():
    said = [Opinion(taste=4, package_fits=True), Opinion(taste=5), Opinion(taste=5, package_fits=False)]
    found = summary(said)
    assert (found.taste, found.package_fits_percent, found.thaw_loss_percent) == (Decimal("4.7"), 50, None)
