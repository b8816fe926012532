"""What counts against the limit: committed, settled, released, and never up to the limit itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from factories import AT, MONDAY, make_offer, make_order
from sqlalchemy import select

from market.audit import AuditEvent, verify
from market.limits.models import Award, LimitEntry, LimitEntryStep
from market.limits.officer_operations import (
    change_settings,
    end_lift,
    lift_block,
    record_purchase,
    remove_kind,
    remove_purchase,
    save_kind,
)
from market.limits.operations import release_value, settle_value
from market.limits.queries import meters, room_left
from market.limits.rules import (
    CategoryTaken,
    EntryState,
    LaterThanToday,
    LevelsNotRising,
    LiftGround,
    LiftReasonNeeded,
    LiftTooLarge,
    LiftTooLong,
    LimitReached,
    NotPossibleNow,
    PeriodKind,
)
from market.offers.models import Offer
from market.orders.counting import count_order
from market.orders.models import Order
from market.orders.operations import answer_order, receive_order
from market.orders.receipt_rules import DeviationKind, ReceivedLine
from market.orders.rules import OrderEvent
from market.outbox import OutboxMessage
from market.register.models import Procedure
from market.values import SWEDEN

REASON = "Leverantören i den annonserade upphandlingen har gått i konkurs."


def meter(session, cast, key: str = "vegetables", today: date = MONDAY):
    return next(m for m in meters(session, authority_id=cast.authority.id, today=today) if m.kind.key == key)


def lift(session, cast, **changes):
    given = {
        "authority": cast.authority,
        "kind_key": "vegetables",
        "ground": LiftGround.URGENCY,
        "extra_ore": 5_000_000,
        "last_day": MONDAY + timedelta(days=10),
        "reason": REASON,
        "request_key": "one",
        "actor": cast.actor("procurement_officer"),
        "at": AT,
    }
    return lift_block(session, **(given | changes))


def test_one_ore_under_the_limit_is_under_it_and_the_limit_itself_is_not(session, cast, buy):
    with pytest.raises(LimitReached):
        buy("order:1", 700_000)
    buy("order:2", 699_999.99)
    assert (meter(session, cast).spent_ore, meter(session, cast).room_ore) == (69_999_999, 0)
    with pytest.raises(LimitReached):
        buy("order:3", 0.01)


def test_the_refusal_says_what_is_left_and_that_splitting_is_unlawful(session, cast, buy):
    buy("order:1", 690_000)
    with pytest.raises(LimitReached) as refused:
        buy("order:2", 10_000)
    assert refused.value.params["room"].ore == 999_999
    assert "7 a §" in refused.value.message


def test_other_kinds_other_years_and_other_authorities_are_apart(session, cast, buy):
    buy("order:1", 699_999)
    buy("order:2", 699_999, category="beef")
    buy("order:3", 699_999, on=date(2027, 1, 1))
    assert meter(session, cast).spent_ore == 69_999_900
    assert all(m.spent_ore == 0 for m in meters(session, authority_id=cast.other_authority.id, today=MONDAY))


def test_an_order_on_the_last_second_of_the_year_counts_in_that_year(session, cast):
    offer = make_offer(session, cast)
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=SWEDEN)
    order = make_order(session, cast, offer, key="last")
    order.placed_at = last
    release_value(session, subject=f"order:{order.id}", at=last)
    count_order(session, order=order, user_id=None, at=last)
    assert meter(session, cast, today=date(2026, 12, 31)).spent_ore == 56_000
    assert meter(session, cast, today=date(2027, 1, 1)).spent_ore == 0


def test_the_same_subject_again_changes_its_value(session, cast, buy):
    buy("order:1", 500_000)
    buy("order:1", 600_000)
    buy("order:1", 600_000)
    assert meter(session, cast).spent_ore == 60_000_000
    with pytest.raises(LimitReached):
        buy("order:1", 700_000)
    assert meter(session, cast).spent_ore == 60_000_000
    steps = session.scalars(select(LimitEntryStep.ore)).all()
    assert list(steps) == [50_000_000, 60_000_000], "the repeated one wrote nothing"


def test_what_is_released_is_given_back_once(session, cast, buy):
    buy("order:1", 699_000)
    release_value(session, subject="order:1", at=AT)
    release_value(session, subject="order:1", at=AT)
    release_value(session, subject="order:unknown", at=AT)
    assert meter(session, cast).spent_ore == 0
    buy("order:2", 699_999)
    with pytest.raises(LimitReached):
        buy("order:1", 1)


def test_settling_counts_what_came_and_a_later_credit_counts_too(session, cast, buy):
    buy("order:1", 1_000)
    settle_value(session, subject="order:1", delivered_ore=105_000, at=AT)
    assert (meter(session, cast).committed_ore, meter(session, cast).delivered_ore) == (0, 105_000)
    settle_value(session, subject="order:1", delivered_ore=90_000, at=AT)
    assert meter(session, cast).delivered_ore == meter(session, cast).invoiced_ore == 90_000


def test_heavier_goods_are_counted_above_the_limit_and_told(session, cast, buy):
    buy("order:1", 699_000)
    settle_value(session, subject="order:1", delivered_ore=70_100_000, at=AT)
    assert meter(session, cast).is_over
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "limit_warning")).all()
    assert any(message.params["over"] for message in told)


def test_an_order_that_would_pass_the_limit_leaves_nothing_behind(session, cast, buy):
    offer = make_offer(session, cast)
    buy("order:0", 699_500)
    before = session.scalar(select(AuditEvent.id).order_by(AuditEvent.id.desc()))
    with pytest.raises(LimitReached):
        make_order(session, cast, offer, kilograms=40, key="much")
    session.expire_all()
    assert session.get_one(Offer, offer.id).reserved == 0
    assert session.scalars(select(Order)).all() == []
    assert session.scalar(select(AuditEvent.id).order_by(AuditEvent.id.desc())) == before
    make_order(session, cast, offer, kilograms=30, key="less")


def test_an_order_takes_gives_back_and_settles(session, cast):
    offer = make_offer(session, cast)
    declined, received = (make_order(session, cast, offer, key=key) for key in ("a", "b"))
    assert meter(session, cast).committed_ore == 112_000
    answer_order(
        session, order=declined, event=OrderEvent.DECLINE, reason="Slut", actor=cast.actor("producer"), at=AT
    )
    assert meter(session, cast).committed_ore == 56_000
    line = ReceivedLine(line_id=received.lines[0].id, accepted=35_000, deviation=DeviationKind.SHORT)
    receive_order(
        session, order=received, received=[line], decidegrees=None, note="", actor=cast.actor("kitchen"),
        at=AT + timedelta(days=2),
    )  # fmt: skip
    assert (meter(session, cast).committed_ore, meter(session, cast).delivered_ore) == (0, 49_000)


def test_an_authority_with_a_dis_is_not_counted(session, cast):
    cast.authority.procedure = Procedure.DIS
    make_order(session, cast, make_offer(session, cast), key="a")
    assert session.scalars(select(LimitEntry)).all() == []
    assert room_left(session, kitchen=cast.hub, category_key="vegetables", on=MONDAY) is None


def test_categories_that_are_one_kind_count_together_also_what_was_bought_before(session, cast, buy):
    buy("order:1", 400_000)
    buy("order:2", 299_999, category="potatoes")
    officer = cast.actor("procurement_officer")
    kind = save_kind(
        session, authority=cast.authority, kind=None, name="Från åkern", categories=["vegetables", "potatoes"],
        actor=officer, at=AT,
    )  # fmt: skip
    assert meter(session, cast, str(kind.id)).spent_ore == 69_999_900
    with pytest.raises(LimitReached):
        buy("order:3", 1, category="potatoes")
    with pytest.raises(CategoryTaken):
        save_kind(
            session, authority=cast.authority, kind=None, name="Rotfrukter", categories=["potatoes"],
            actor=officer, at=AT,
        )  # fmt: skip
    remove_kind(session, kind=kind, actor=officer, at=AT)
    buy("order:3", 1, category="potatoes")


def test_rolling_twelve_months_look_back_and_ahead(session, cast, buy):
    officer = cast.actor("procurement_officer")
    change_settings(
        session, authority=cast.authority, period_kind=PeriodKind.ROLLING, first_month=1, levels=(70, 85, 95),
        actor=officer, at=AT,
    )  # fmt: skip
    buy("order:1", 400_000, on=date(2026, 2, 1))
    with pytest.raises(LimitReached):
        buy("order:2", 300_000, on=date(2027, 1, 31))
    buy("order:2", 300_000, on=date(2027, 2, 1))
    with pytest.raises(LimitReached):
        buy("order:3", 400_000, on=date(2026, 12, 1))
    buy("order:4", 300_000, on=date(2027, 2, 1), category="beef")
    with pytest.raises(
        LimitReached
    ):  # nothing stands behind it, but the one ahead is within its twelve months
        buy("order:5", 400_000, on=date(2026, 12, 1), category="beef")


def test_a_purchase_made_elsewhere_counts_and_can_be_taken_back(session, cast, buy):
    given = {
        "authority": cast.authority,
        "category_key": "vegetables",
        "supplier_name": "Torghandlaren",
        "ore": 12_345_678,
        "on": MONDAY,
        "reason": "Köpt på torget under strömavbrottet",
        "although_over": False,
        "request_key": "form",
        "actor": cast.actor("procurement_officer"),
        "at": AT,
    }
    entry = record_purchase(session, **given)
    assert record_purchase(session, **given).id == entry.id
    assert meter(session, cast).delivered_ore == 12_345_678
    with pytest.raises(LaterThanToday):
        record_purchase(session, **(given | {"on": MONDAY + timedelta(days=1), "request_key": "later"}))
    too_much = given | {"ore": 60_000_000, "request_key": "big"}
    with pytest.raises(LimitReached):
        record_purchase(session, **too_much)
    big = record_purchase(session, **(too_much | {"although_over": True}))
    assert meter(session, cast).is_over
    for made in (entry, big):
        remove_purchase(session, entry=made, reason="Fel", actor=cast.actor("procurement_officer"), at=AT)
    assert meter(session, cast).spent_ore == 0
    with pytest.raises(NotPossibleNow):
        remove_purchase(session, entry=big, reason="Fel", actor=cast.actor("procurement_officer"), at=AT)
    order = buy("order:1", 1)
    with pytest.raises(NotPossibleNow):
        remove_purchase(session, entry=order, reason="Fel", actor=cast.actor("procurement_officer"), at=AT)


def test_a_lift_lets_so_much_more_through_until_its_last_day(session, cast, buy):
    buy("order:1", 699_000)
    made = lift(session, cast)
    assert lift(session, cast).id == made.id, "a double submit decides once"
    buy("order:2", 50_000)
    with pytest.raises(LimitReached):
        buy("order:3", 1_000)
    with pytest.raises(LimitReached):
        buy("order:4", 500, at=AT + timedelta(days=11))
    buy("order:4", 500, at=AT + timedelta(days=10))
    logged = session.scalars(select(AuditEvent).where(AuditEvent.action == "limit.lift")).one()
    assert logged.data["reason"] == REASON


def test_a_lift_ends_before_its_day_when_the_officer_ends_it(session, cast, buy):
    buy("order:1", 699_000)
    made = lift(session, cast)
    end_lift(session, lift=made, actor=cast.actor("procurement_officer"), at=AT)
    with pytest.raises(LimitReached):
        buy("order:2", 50_000)
    with pytest.raises(NotPossibleNow):
        end_lift(session, lift=made, actor=cast.actor("procurement_officer"), at=AT)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": "   för att    "}, LiftReasonNeeded),
        ({"last_day": MONDAY + timedelta(days=62)}, LiftTooLong),
        ({"extra_ore": 70_000_001}, LiftTooLarge),
    ],
)
def test_a_lift_is_explained_short_and_bounded(session, cast, changes, refusal):
    with pytest.raises(refusal):
        lift(session, cast, **changes)


def test_lifts_together_do_not_pass_the_bound(session, cast):
    lift(session, cast, extra_ore=40_000_000)
    with pytest.raises(LiftTooLarge):
        lift(session, cast, extra_ore=40_000_000, request_key="two")


def test_each_warning_level_is_told_once_to_officers_and_meal_managers(session, cast, buy):
    buy("order:1", 489_999)
    buy("order:2", 1)
    buy("order:3", 100_000)
    release_value(session, subject="order:3", at=AT)
    buy("order:4", 204_999)
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "limit_warning")).all()
    officer, manager = (cast.actor(name).user_id for name in ("procurement_officer", "meal_manager"))
    levels = sorted((message.user_id, message.key.split(":")[-2]) for message in told)
    assert levels == sorted((user, level) for user in (officer, manager) for level in ("70", "95"))


def test_levels_must_rise(session, cast):
    with pytest.raises(LevelsNotRising):
        change_settings(
            session, authority=cast.authority, period_kind=PeriodKind.YEAR, first_month=1, levels=(70, 70, 95),
            actor=cast.actor("procurement_officer"), at=AT,
        )  # fmt: skip


def test_a_file_opens_when_a_supplier_has_come_to_100_000_kronor(session, cast, buy):
    buy("order:1", 99_999.99, supplier=cast.producer)
    buy("order:2", 99_999.99, supplier=cast.other_producer)
    assert session.scalars(select(Award)).all() == []
    buy("order:3", 0.01, supplier=cast.producer)
    buy("order:4", 50_000, supplier=cast.producer)
    [award] = session.scalars(select(Award)).all()
    assert (award.supplier_id, award.due_on) == (cast.producer.id, MONDAY + timedelta(days=30))


def test_every_change_has_its_step_and_the_log_holds(session, cast, buy):
    buy("order:1", 100)
    settle_value(session, subject="order:1", delivered_ore=9_000, at=AT)
    release_value(session, subject="order:1", at=AT)
    states = session.scalars(select(LimitEntryStep.to_state).order_by(LimitEntryStep.id)).all()
    assert list(states) == [EntryState.COMMITTED, EntryState.DELIVERED, EntryState.RELEASED]
    session.flush()
    assert verify(session)[1] is None
