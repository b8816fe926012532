"""Deliveries on the days and after the changes where counting goes wrong most easily."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from agreements import make_draft
from factories import AT, MONDAY, Cast, make_offer, make_order
from followup_making import delivered, some_offer
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from geodata.local import ExpandingCircle, LocalDefinition, WithinDistance
from geodata.travel import Estimator
from market.followup.chores import NotCounted, count_earlier_deliveries, uncounted
from market.followup.models import Arrival, Chain, Delivered, DeliveredSum, Vantage
from market.followup.recording import record_delivery
from market.followup.rules import Verdict
from market.locality.models import DefinitionVersion
from market.locality.stated import stored_form
from market.offers.models import Offer, OfferVersion
from market.orders.models import Delivery, DeliveryLine, Order
from market.orders.operations import receive_order
from market.orders.receipt_rules import ReceivedLine
from market.orders.rules import OrderState
from market.register.models import Certificate, CertificateScheme
from market.values import wall_clock

NEW_YEAR = date(2027, 1, 1)
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def offer(session: Session, cast: Cast) -> Offer:
    return some_offer(session, cast)


def sums(session: Session, **which: object) -> list[DeliveredSum]:
    return list(session.scalars(select(DeliveredSum).filter_by(**which)))


def test_a_definition_that_changes_in_mid_month(session: Session, cast: Cast, offer: Offer) -> None:
    """From the sixteenth only what is within 5 km: the carrots come 12 km."""
    first = state_from(session, cast, date(2026, 9, 16), LocalDefinition(rule=WithinDistance(km=5)))
    before, after = (delivered(session, cast, offer, day=date(2026, 9, day)) for day in (15, 16))

    assert (before.is_local, before.definition_id) == (Verdict.YES, first.id)
    assert (after.is_local, after.definition["rule"]["km"]) == (Verdict.NO, 5)
    [month] = sums(session, month=202609)
    assert (month.ore, month.local_ore) == (before.ore + after.ore, before.ore)


def test_week_53_and_the_turn_of_the_year(session: Session, cast: Cast, offer: Offer) -> None:
    rows = [delivered(session, cast, offer, day=NEW_YEAR + timedelta(days=n)) for n in (-1, 0, 3)]
    assert [(row.week, row.month) for row in rows] == [(202653, 202612), (202653, 202701), (202701, 202701)]


def test_vat_is_that_of_the_day_it_came(session: Session, cast: Cast, offer: Offer) -> None:
    """Twelve per cent until March, six from April on, also for what was ordered before."""
    rows = [delivered(session, cast, offer, day=date(2026, 4, 1) - timedelta(days=n)) for n in (1, 0)]
    assert [row.vat_ore for row in rows] == [rows[0].ore * 12 // 100, rows[0].ore * 6 // 100]


def test_a_night_when_clocks_change(session: Session, cast: Cast, offer: Offer) -> None:
    """Half past midnight is the new day though Greenwich has the old one, and the night has one hour more."""
    row = delivered(session, cast, offer, day=date(2026, 10, 25), ordered_days_before=1)
    assert row.lead_s == 25 * 3600
    line = session.get_one(DeliveryLine, row.delivery_line_id)
    line.delivery.received_at = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    session.delete(row)
    session.flush()
    [again] = record_delivery(session, delivery=line.delivery, at=AT)
    assert again.delivered_on == date(2026, 10, 25)


def test_what_a_price_is_held_to(session: Session, cast: Cast, offer: Offer) -> None:
    """Each order by what the offer said when it was placed: changed, no longer held, by agreement; a contract's never."""
    offer.versions[0].at = AT - timedelta(days=300)
    for number, (day, price, held) in enumerate(
        [(date(2026, 5, 1), Decimal(20), None), (date(2026, 6, 1), Decimal(25), date(2026, 6, 9)), (date(2026, 8, 1), None, None)], 2
    ):  # fmt: skip
        session.add(_version(offer, number, day, price, held))
    session.flush()
    came = [
        delivered(session, cast, offer, day=day, price=Decimal(15), ordered_days_before=3).list_ore
        for day in (
            date(2026, 5, 3),
            date(2026, 5, 5),
            date(2026, 6, 12),
            date(2026, 6, 14),
            date(2026, 8, 10),
        )
    ]
    assert came == [56_000, 80_000, 100_000, None, None]


def _version(offer: Offer, number: int, day: date, price: Decimal | None, held: date | None) -> OfferVersion:
    return OfferVersion(
        offer_id=offer.id, number=number, posted=1, price=price, held_until=held, at=wall_clock(day, 0),
        available_from=offer.available_from, available_until=offer.available_until,
    )  # fmt: skip


def test_a_certificate_counts_while_it_is_in_force(session: Session, cast: Cast, offer: Offer) -> None:
    """Revoked after the goods came changes nothing, also where they are counted late; before, they were not organic."""
    certificate = Certificate(
        scheme=CertificateScheme.KRAV, number="1", last_valid_on=date(2026, 12, 31), created_at=AT
    )
    cast.producer.certificates.append(certificate)
    session.flush()
    row = delivered(session, cast, offer, day=date(2026, 6, 8), is_organic=True)
    assert row.is_krav
    line = session.get_one(DeliveryLine, row.delivery_line_id)
    for revoked_on, counts in ((date(2026, 6, 9), True), (date(2026, 6, 7), False)):
        certificate.revoked_at = wall_clock(revoked_on, 8 * 3600)
        assert row.is_krav  # as it was counted
        session.delete(row)
        session.flush()
        [row] = record_delivery(session, delivery=line.delivery, at=AT)
        assert (row.is_organic, row.is_krav) == (counts, counts)


def test_what_sold_out_was_within_its_circle(session: Session, cast: Cast) -> None:
    """As far as needed for 50 kg: nobody has more, and the kitchen took all of it."""
    circle = ExpandingCircle(product="vegetables", grams=50_000)
    state_from(session, cast, date(2026, 9, 16), LocalDefinition(rule=circle))
    order = make_order(session, cast, make_offer(session, cast, kilograms=40), kilograms=40, key="all")
    receive(session, cast, order)
    row = session.scalars(select(Delivered)).one()
    assert row.is_local is Verdict.YES
    assert row.definition["rule"]["kind"] == "within_distance"


def test_a_contract_has_no_list_price(session: Session, cast: Cast, offer: Offer) -> None:
    """Its offer was written from the contract: the same price twice compares nothing."""
    offer.versions[0].at = AT - timedelta(days=300)
    row = delivered(session, cast, offer)
    assert row.list_ore == row.ore
    line = session.get_one(DeliveryLine, row.delivery_line_id)
    line.order_line.order.agreement_id = make_draft(session, cast).id
    session.delete(row)
    session.flush()
    [again] = record_delivery(session, delivery=line.delivery, at=AT)
    assert (again.ore, again.list_ore) == (row.ore, None)


def test_others_definitions_look_from_the_kitchen_that_ordered(
    session: Session, cast: Cast, offer: Offer
) -> None:
    row = delivered(session, cast, offer, kitchen=cast.satellite)
    seen_from = session.get_one(Vantage, row.vantage_id)
    assert (seen_from.municipality_code, seen_from.lat, seen_from.lon) == ("0188", 59.744, 18.370)
    [site] = session.get_one(Chain, row.chain_id).sites
    assert (site["lat"], site["lon"], site["code"]) == (59.85, 18.60, "0188")


def state_from(session: Session, cast: Cast, day: date, definition: LocalDefinition) -> DefinitionVersion:
    """Another definition from a day on; the one before."""
    first = session.scalars(select(DefinitionVersion).filter_by(authority_id=cast.authority.id)).one()
    first.valid_to = day
    session.flush()
    stated = stored_form(definition)
    session.add(
        DefinitionVersion(
            authority_id=cast.authority.id, number=2, definition=stated, valid_from=day, created_at=AT
        )
    )
    session.flush()
    return first


def receive(session: Session, cast: Cast, order: Order) -> Delivery:
    line = order.lines[0]
    return receive_order(
        session, order=order, received=[ReceivedLine(line_id=line.id, accepted=line.steps)], decidegrees=None, note="",
        actor=cast.actor("kitchen"), at=wall_clock(order.deliver_on, 9 * 3600),
    )  # fmt: skip


def test_a_definition_nobody_can_read_stops_no_receipt(
    session: Session, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """The goods are received; they are counted when somebody has mended it, and others are meanwhile."""
    version = session.scalars(select(DefinitionVersion).filter_by(authority_id=cast.authority.id)).one()
    readable, version.definition = version.definition, {"rule": {"kind": "by_the_moon"}}
    order = make_order(session, cast, make_offer(session, cast), key="one")
    with caplog.at_level(logging.CRITICAL):
        receive(session, cast, order)
    assert order.state is OrderState.RECEIVED
    assert sums(session) == []
    other = delivered(session, cast, order.lines[0].offer, kitchen=cast.other_kitchen)
    session.delete(other)
    session.query(DeliveredSum).delete()
    session.query(Delivery).update({"is_counted": False})
    session.commit()
    engine: Any = session.get_bind()
    with (
        caplog.at_level(logging.CRITICAL),
        pytest.raises(NotCounted, match="1 deliveries could not be counted; 1 were"),
    ):
        count_earlier_deliveries(engine.engine, travel=Estimator(), at=AT)
    assert len(sums(session)) == len(uncounted(session)) == 1

    version.definition = readable
    session.commit()
    assert count_earlier_deliveries(engine.engine, travel=Estimator(), at=AT) == 1


def test_what_fails_half_way_leaves_nothing(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The last thing that is written fails: the line and the sums are gone with it, the receipt stays."""
    monkeypatch.setattr("market.followup.adding.add_arrivals", lambda *_, **__: 1 // 0)
    order = make_order(session, cast, make_offer(session, cast), key="one")
    with caplog.at_level(logging.CRITICAL):
        receive(session, cast, order)
    assert order.delivery is not None
    assert uncounted(session) == [order.delivery.id]
    assert sums(session) == list(session.scalars(select(Delivered))) == []


def test_a_receipt_costs_few_queries(session: Session, cast: Cast, offer: Offer) -> None:
    """Also with a long history behind it."""

    def cost() -> int:
        row = delivered(session, cast, offer)
        line = session.get_one(DeliveryLine, row.delivery_line_id)
        session.delete(row)
        session.flush()
        session.expire_all()
        return counted(session, lambda: record_delivery(session, delivery=line.delivery, at=AT))

    first = cost()
    for n in range(5):
        delivered(session, cast, offer, day=MONDAY - timedelta(days=n), kitchen=cast.satellite)
    assert cost() <= first <= 35


def counted(session: Session, do: Callable[[], object]) -> int:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    do()
    event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def test_a_certificate_that_nobody_had_told_of_counts_for_nothing(
    session: Session, cast: Cast, offer: Offer
) -> None:
    """Counted late, a delivery is organic by what was in force and known when it came; KRAV where both were."""
    day = date(2026, 6, 8)
    row = delivered(session, cast, offer, day=day, is_organic=True)
    line = session.get_one(DeliveryLine, row.delivery_line_id)
    ordered = line.order_line.certificate
    assert ordered
    ordered.last_valid_on, ordered.scheme = day, CertificateScheme.EU_ORGANIC
    krav = Certificate(
        scheme=CertificateScheme.KRAV, number="2", last_valid_on=date(2027, 1, 1), created_at=AT
    )
    cast.producer.certificates.append(krav)
    for told_at, is_krav in ((line.delivery.received_at + timedelta(days=9), False), (EARLIER, True)):
        krav.created_at = told_at
        session.query(Delivered).delete()
        session.query(DeliveredSum).delete()
        session.flush()
        (again,) = record_delivery(session, delivery=line.delivery, at=AT)
        assert (again.is_organic, again.is_krav) == (True, is_krav)


def test_a_receipt_that_is_written_later_is_no_vehicle_more(
    session: Session, cast: Cast, offer: Offer
) -> None:
    """One order is received on Friday, the other on Monday; the producer came once."""
    first = delivered(session, cast, offer, day=date(2026, 10, 2))
    row = delivered(session, cast, offer, day=date(2026, 10, 5))
    line = session.get_one(DeliveryLine, row.delivery_line_id)
    line.delivery.order.deliver_on = first.delivered_on
    session.query(Delivered).filter_by(id=row.id).delete()
    session.query(Arrival).delete()
    session.flush()
    for each in (session.get_one(DeliveryLine, first.delivery_line_id), line):
        session.query(Delivered).filter_by(delivery_line_id=each.id).delete()
        record_delivery(session, delivery=each.delivery, at=AT)
    assert [one.arrived_on for one in session.scalars(select(Arrival))] == [first.delivered_on]
