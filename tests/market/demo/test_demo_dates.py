"""The demo is about a week with deliveries ahead, whatever the day it is created."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from market import audit
from market.audit import AuditEvent
from market.demo import demo_week
from market.demo.calendar import Calendar
from market.offers.models import Offer
from market.orders.models import Order, OrderLine
from market.orders.rules import OrderState
from market.register.models import Authority, Kitchen
from market.values import SWEDEN, Week, local_date

pytestmark = pytest.mark.slow

MONDAY = datetime(2026, 12, 28, 12, tzinfo=SWEDEN)  # its Thursday is 31 December, in ISO week 53
THIS, NEXT = Week(2026, 53), Week(2027, 1)
PLANNERS = ("Tierps kommun", "Kramfors kommun", "Norrtälje kommun")


@pytest.mark.parametrize(
    ("days", "week"),
    [(0, THIS), (1, THIS), (2, THIS), (3, NEXT), (4, NEXT), (5, NEXT), (6, NEXT)],
    ids=["mon", "tue", "wed", "thu-31-december", "fri-1-january", "sat", "sun"],
)
def test_week_is_that_of_the_next_working_day_after_tomorrow(days, week):
    assert demo_week(MONDAY + timedelta(days=days)) == week


@pytest.mark.parametrize("hour", [0, 6, 12, 23])
@pytest.mark.parametrize("day", range(14))
def test_everything_happens_in_order_and_before_now(day, hour):
    at = MONDAY.replace(hour=hour, minute=10) + timedelta(days=day)
    calendar = Calendar(at)
    for week in (-1, 0, 1):
        posted, placed = calendar.posted_at(week, 59), calendar.placed_at(week, 0)
        assert posted < placed < calendar.answered_at(week, 119) < at
    coming = calendar.coming_days(0)
    assert len(coming) == 2
    assert all(local_date(at) < on and on in calendar.week(0).period and on.isoweekday() < 6 for on in coming)
    assert calendar.past_days()
    for on in calendar.past_days():
        assert (
            calendar.answered_at(-1, 119) < calendar.received_at(on, 0) < calendar.received_at(on, 119) < at
        )


@pytest.fixture(
    scope="module", params=[0, 3, *(pytest.param(day, marks=pytest.mark.slow) for day in (4, 5, 6))]
)
def any_day(request, demo_at, monday):
    """The instant, the summary and a reading session: Monday, 31 December, New Year's Day and the weekend after it."""
    at = MONDAY + timedelta(days=request.param)
    summary, session = monday if request.param == 0 else demo_at(at)
    yield at, summary, session
    session.rollback()


@pytest.mark.slow
def test_whatever_the_day_there_is_a_week_worth_planning(any_day):
    at, summary, session = any_day
    assert summary.week == demo_week(at)
    past = select(func.count()).where(Order.request_key.startswith("demo-history-"))
    assert 150 <= summary.offers - session.scalar(past) <= 200
    agreed = _agreed_days(session, summary.week)
    for name in PLANNERS:
        assert 12 <= agreed[name].total() <= 25, name
        assert 2 <= len(agreed[name]) <= 4, name
    assert 3 <= summary.proposed < summary.agreed
    assert summary.received >= 15
    assert audit.verify(session)[1] is None


def test_nothing_is_dated_after_now_and_the_log_reads_forward(any_day):
    at, _, session = any_day
    instants = list(session.scalars(select(AuditEvent.at).order_by(AuditEvent.id)))
    assert instants == sorted(instants)
    assert instants[-1] == at
    assert session.scalar(select(func.max(Offer.created_at))) <= at
    late = select(Order).where(Order.state == OrderState.RECEIVED, Order.deliver_on >= local_date(at))
    assert session.scalar(late) is None


def test_stock_is_what_the_orders_hold(any_day):
    _, _, session = any_day
    held = dict(
        session.execute(
            select(OrderLine.offer_id, func.sum(OrderLine.steps)).group_by(OrderLine.offer_id)
        ).all()
    )
    for offer in session.scalars(select(Offer)):
        assert offer.reserved == held.get(offer.id, 0) <= offer.posted
        assert offer.package_steps is None or offer.reserved % offer.package_steps == 0


def test_goods_of_the_latest_working_day_wait_to_be_received(any_day):
    at, _, session = any_day
    day = Calendar(at).latest_working_day
    for name in ("Skola i Norrtälje (demo)", "Skola i Kramfors (demo)"):
        query = select(Order.state).join(Order.kitchen).where(Kitchen.name == name, Order.deliver_on == day)
        assert OrderState.AGREED in set(session.scalars(query)), name


def test_suppliers_have_several_kitchens_a_day_so_that_carrying_for_each_other_pays(any_day):
    _, summary, session = any_day
    query = select(Order).where(Order.state == OrderState.AGREED, Order.deliver_on.in_(summary.week.days))
    orders = list(session.scalars(query))
    tours = {(o.producer_id, o.deliver_on, o.kitchen.authority.planning_authority_id) for o in orders}
    assert len(orders) >= 1.8 * len(tours)


@pytest.mark.slow
def test_same_instant_gives_the_same_demo(demo_at, monday):
    assert _fingerprint(demo_at(MONDAY)[1]) == _fingerprint(monday[1])


def _agreed_days(session, week: Week) -> dict[str, Counter]:
    """How many agreed orders per day the logistics staff of each planning authority has in the week."""
    names = dict(session.execute(select(Authority.id, Authority.name)).all())
    found = {name: Counter() for name in names.values()}
    query = select(Order).where(Order.state == OrderState.AGREED, Order.deliver_on.in_(week.days))
    for order in session.scalars(query):
        found[names[order.kitchen.authority.planning_authority_id]][order.deliver_on] += 1
    return found


def _fingerprint(session):
    """All that people see; the log's hashes and the keys of sessions are random by nature."""
    offers = select(Offer.product_id, Offer.posted, Offer.price, Offer.available_from, Offer.created_at)
    orders = select(Order.kitchen_id, Order.producer_id, Order.deliver_on, Order.state, Order.placed_at)
    places = select(Kitchen.name, Kitchen.lat, Kitchen.lon)
    return [session.execute(query).all() for query in (offers, orders, places)]
