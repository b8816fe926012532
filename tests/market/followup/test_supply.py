"""Need and supply as they are read, and letters as they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import AT, MONDAY, Cast, make_offer, make_order
from need_making import FIRST, answered_round
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.agreements.interest_operations import show_interest
from market.audit import AuditEvent
from market.followup.models import DeliveredSum
from market.followup.rules import Route
from market.followup.supply.gaps import Basis, Ground, Need
from market.followup.supply.looking import Asked, Supply, look
from market.followup.supply.models import SupplierInvitation
from market.followup.supply.need_queries import Whose, needs
from market.followup.supply.operations import Written, invite_supplier
from market.followup.supply.queries import letter_for, letters_of
from market.followup.supply.rules import Area, Look, NobodyToMail, looking
from market.notices.operations import save_need
from market.notices.rules import Need as Watched
from market.offers.models import Offer
from market.offers.rules import OfferState
from market.orders.rules import OrderState
from market.outbox import OutboxMessage
from market.register.models import Category, Product, Step
from market.register.operations import add_product
from market.values import Quantity, Unit, Week

TODAY = MONDAY
NOVEMBER, JANUARY = 202611, 202701
AHEAD = looking(TODAY, Look.AHEAD)
VEGETABLES = ("vegetables", NOVEMBER)


def seen(session: Session, cast: Cast, *, who: str = "meal_manager", **asked: object) -> Supply:
    session.flush()
    session.expire_all()
    found = look(session, actor=cast.actor(who), asked=replace(Asked(), **asked), today=TODAY)  # type: ignore[arg-type]
    assert found is not None
    return found


def own(cast: Cast) -> Whose:
    return Whose(authority_id=cast.authority.id)


def delivered(cast: Cast, *, month: int, grams: int, key: str = "vegetables") -> DeliveredSum:
    """What another producer delivered in a month."""
    columns = {column.name: 0 for column in DeliveredSum.__table__.c if not column.primary_key}
    return DeliveredSum(
        **columns | {"lines": 1, "grams": grams},
        authority_id=cast.authority.id, month=month, kitchen_id=cast.hub.id, category_key=key,
        producer_id=cast.other_producer.id, route=Route.DIRECT,
    )  # fmt: skip


def growing(session: Session, cast: Cast, name: str, key: str) -> Product:
    """A product of the other municipality's grower."""
    return add_product(
        session, producer=cast.other_producer, name=name, category=session.get_one(Category, key), unit=Unit.KILOGRAM,
        grams_per_unit=1000, chain=[(Step.FARM, cast.other_producer.sites[0])], user_id=None, at=AT,
    )  # fmt: skip


def test_what_is_ordered_is_needed_and_interest_counts_until_it_is_ordered(
    session: Session, cast: Cast
) -> None:
    offer = make_offer(session, cast)
    for kitchen, who in ((cast.hub, "kitchen"), (cast.satellite, "satellite")):
        show_interest(
            session, offer=offer, kitchen=kitchen, week=Week.containing(MONDAY), note="",
            quantity=Quantity.of(30, Unit.KILOGRAM), actor=cast.actor(who), at=AT,
        )  # fmt: skip
    whose = own(cast)
    assert needs(session, whose=whose, when=AHEAD)[VEGETABLES].wanted == 60_000

    order = make_order(session, cast, offer, kilograms=40, key="one")
    assert needs(session, whose=whose, when=AHEAD)[VEGETABLES].wanted == 70_000, (
        "40 ordered, 30 of the satellite's"
    )

    order.state = OrderState.DECLINED
    session.flush()
    assert needs(session, whose=whose, when=AHEAD)[VEGETABLES].wanted == 60_000


def test_what_kitchens_state_is_spread_over_their_weeks_and_pieces_are_weighed(
    session: Session, cast: Cast
) -> None:
    cabbage = growing(session, cast, "Vitkål", "vegetables")
    cabbage.unit, cabbage.grams_per_unit = Unit.PIECE, 1_500
    answered_round(session, cast)
    found = needs(session, whose=own(cast), when=AHEAD)
    assert date(2027, 1, 4) == FIRST
    assert found["vegetables", JANUARY].stated == 4 * 40_001 + 10_000 + 30 * 1_500
    kitchen = Whose(authority_id=cast.authority.id, kitchen_id=cast.satellite.id)
    assert needs(session, whose=kitchen, when=AHEAD) == {("vegetables", JANUARY): Need(stated=10_000)}


def test_a_month_to_come_is_needed_as_much_as_the_year_before(session: Session, cast: Cast) -> None:
    session.add_all(
        [
            delivered(cast, month=202601, grams=9_000),
            delivered(cast, month=202510, grams=4_000),
            delivered(cast, month=NOVEMBER, grams=1_000),
        ]
    )
    session.flush()
    ahead = needs(session, whose=own(cast), when=AHEAD)
    assert ahead == {VEGETABLES: Need(wanted=1_000), ("vegetables", JANUARY): Need(before=9_000)}
    back = needs(session, whose=own(cast), when=looking(TODAY, Look.BACK))
    assert back == {("vegetables", 202601): Need(wanted=9_000)}


def test_a_watch_with_an_amount_is_this_months_need_while_it_lives(session: Session, cast: Cast) -> None:
    saved = save_need(
        session, kitchen=cast.hub, need=Watched(category_key="potatoes", at_least_grams=25_000), request_key="a",
        actor=cast.actor("kitchen"), at=AT,
    )  # fmt: skip
    found = seen(session, cast)
    assert found.needs["potatoes", NOVEMBER] == Need(watched=25_000)
    assert found.watching == {"potatoes": 1}
    saved.ended_at = AT
    assert not seen(session, cast).needs


def supply_of(session: Session, cast: Cast, **asked: object) -> dict[int, int]:
    """Of the cast's grower, inside, by month."""
    return dict(seen(session, cast, **asked).supplied.inside.get((cast.producer.id, "vegetables"), {}))


def test_supply_is_what_others_have_left_and_what_one_has_ordered(session: Session, cast: Cast) -> None:
    offer = make_offer(session, cast, kilograms=120)
    make_order(session, cast, offer, kilograms=40, key="own")
    assert supply_of(session, cast) == {NOVEMBER: 120_000}
    assert supply_of(session, cast, who="other_officer", area=Area.COUNTY) == {NOVEMBER: 80_000}

    offer.state = OfferState.WITHDRAWN
    assert supply_of(session, cast) == {NOVEMBER: 40_000}


@pytest.mark.parametrize("state", [OfferState.UNCONFIRMED, OfferState.DECLINED])
def test_what_no_buyer_has_seen_is_no_supply(session: Session, cast: Cast, state: OfferState) -> None:
    make_offer(session, cast).state = state
    assert supply_of(session, cast) == {}


def test_an_offer_for_others_alone_is_not_told(session: Session, cast: Cast) -> None:
    offer = make_offer(session, cast)
    offer.is_for_all, offer.authorities = False, [cast.other_authority]
    assert supply_of(session, cast) == {}
    assert supply_of(session, cast, who="other_officer", area=Area.ALL) == {NOVEMBER: 120_000}


def test_a_month_to_come_is_supplied_at_least_as_the_year_before(session: Session, cast: Cast) -> None:
    offer = make_offer(session, cast)
    offer.available_from, offer.available_until = date(2026, 1, 10), date(2026, 1, 20)
    assert supply_of(session, cast) == {JANUARY: 120_000}
    assert supply_of(session, cast, look=Look.BACK) == {202601: 120_000}


def test_what_was_received_is_inside_as_it_was_judged_and_in_the_county_by_its_producer(
    session: Session, cast: Cast
) -> None:
    row = delivered(cast, month=202601, grams=9_000)
    row.producer_id, row.local_grams = cast.producer.id, 5_000
    session.add(row)
    assert supply_of(session, cast, look=Look.BACK) == {202601: 5_000}
    assert supply_of(session, cast, look=Look.BACK, area=Area.COUNTY) == {202601: 9_000}
    assert supply_of(session, cast) == {JANUARY: 9_000}, "what is to come is seen by today's definition"
    outside = seen(session, cast, look=Look.BACK).supplied.outside
    assert outside == {(cast.producer.id, "vegetables"): {202601: 4_000}}

    session.add(delivered(cast, month=202602, grams=700))  # of one with no product in the category
    elsewhere = seen(session, cast, look=Look.BACK, area=Area.COUNTY).supplied.outside
    assert elsewhere == {(cast.other_producer.id, "vegetables"): {202602: 700}}


def test_inside_is_the_definition_the_county_or_the_region(session: Session, cast: Cast) -> None:
    uppsala = growing(session, cast, "Potatis", "potatoes")
    uppsala.chain[0].site.municipality_code = "0380"
    names = {area: [row.producer.name for row in seen(session, cast, area=area).producers] for area in Area}
    assert names[Area.OWN] == names[Area.COUNTY] == ["Åkerbo gård"]
    assert names[Area.REGION] == names[Area.ALL] == ["Granby gård", "Åkerbo gård"]
    found = seen(session, cast, area=Area.COUNTY)
    assert "potatoes" in {kind.key for kind in found.without_anyone}
    assert found.counts["vegetables"] == 1


def test_who_would_close_the_gap_rests_on_its_offers_or_on_those_of_others(
    session: Session, cast: Cast
) -> None:
    outside = growing(session, cast, "Rödkål", "vegetables")
    outside.chain[0].site.municipality_code = "0380"
    answered_round(session, cast)
    offer = make_offer(session, cast)
    offer.product, offer.available_from, offer.available_until = outside, date(2027, 1, 1), date(2027, 2, 1)
    found = seen(session, cast)
    assert found.missing == found.needed == 170_004
    (newcomer,) = found.newcomers
    assert {
        one.candidate.producer_id: (one.grams, one.candidate.ground, one.candidate.others)
        for one in found.joining
    } == {
        cast.other_producer.id: (120_000, Ground.OFFERS, 0),
        cast.producer.id: (120_000, Ground.TYPICAL, 1),  # inside, with nothing out
    }
    assert (newcomer.grams, newcomer.per_cent, newcomer.candidate.others) == (120_000, 71, 1)
    assert found.rows[0].bases == ()
    assert next(row for row in found.rows if row.category_key == "vegetables").bases == (Basis.STATED,)


def test_who_delivers_already_can_not_join(session: Session, cast: Cast) -> None:
    growing(session, cast, "Rödkål", "vegetables").chain[0].site.municipality_code = "0380"
    answered_round(session, cast)
    both = {cast.other_producer.id, cast.producer.id}
    assert {one.candidate.producer_id for one in seen(session, cast).joining} == both
    session.add(delivered(cast, month=202606, grams=1))
    assert {one.candidate.producer_id for one in seen(session, cast).joining} == {cast.producer.id}


def letter(session: Session, cast: Cast, **changed: object) -> Written:
    written = Written(
        producer=cast.producer, name="Åkerbo gård", email="", letter="Hej!\n\nVi söker morötter.",
        category=session.get_one(Category, "vegetables"),
    )  # fmt: skip
    return replace(written, **changed)  # type: ignore[arg-type]


def invite(
    session: Session, cast: Cast, written: Written, *, is_mailed: bool = True, key: str = "one"
) -> SupplierInvitation:
    return invite_supplier(
        session,
        written=written,
        is_mailed=is_mailed,
        request_key=key,
        actor=cast.actor("meal_manager"),
        at=AT,
    )


def mails(session: Session) -> list[tuple[int | None, str | None]]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "supplier_invitation")
    return [(one.user_id, one.address) for one in session.scalars(query)]


def test_a_letter_goes_to_its_address_or_to_the_producers_own_people(session: Session, cast: Cast) -> None:
    made = invite(session, cast, letter(session, cast, email="gard@example.se"))
    assert made.sent_at == AT
    assert invite(session, cast, letter(session, cast, email="gard@example.se")) is made, (
        "the same submit again"
    )
    invite(session, cast, letter(session, cast), key="two")
    assert mails(session) == [(None, "gard@example.se"), (cast.actor("producer").user_id, None)]
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "supplier.invite")).all()


def test_a_printed_letter_is_kept_and_not_mailed(session: Session, cast: Cast) -> None:
    made = invite(session, cast, letter(session, cast, producer=None, name="Ny gård"), is_mailed=False)
    assert (made.sent_at, made.producer_id, mails(session)) == (None, None, [])


def test_a_letter_to_nobody_is_not_kept(session: Session, cast: Cast) -> None:
    with pytest.raises(NobodyToMail):
        invite(session, cast, letter(session, cast, producer=None))
    assert session.scalars(select(SupplierInvitation)).all() == []


def test_letters_are_the_authoritys_own(session: Session, cast: Cast) -> None:
    made = invite(session, cast, letter(session, cast), is_mailed=False)
    colleague, other = cast.actor("procurement_officer"), cast.actor("other_officer")
    assert letters_of(session, actor=colleague) == [made]
    assert letters_of(session, actor=other) == []
    assert letter_for(session, actor=other, letter_id=made.id) is None


def test_offers_over_a_turn_of_months_are_split_by_days(session: Session, cast: Cast) -> None:
    offer: Offer = make_offer(session, cast)
    offer.available_from, offer.available_until = MONDAY, MONDAY + timedelta(days=12)  # eight days, then four
    assert supply_of(session, cast) == {NOVEMBER: 80_000, 202612: 40_000}


def test_what_is_left_of_an_offer_can_be_had_from_today_on(session: Session, cast: Cast) -> None:
    offer = make_offer(session, cast)
    offer.available_from, offer.available_until = date(2026, 9, 1), date(2026, 12, 1)
    assert supply_of(session, cast) == {NOVEMBER: 120_000}


def test_a_kitchen_sees_what_came_to_itself(session: Session, cast: Cast) -> None:
    """Neither what others of its authority bought, nor that as supply of its own."""
    offer = make_offer(session, cast, kilograms=120)
    make_order(session, cast, offer, kilograms=40, key="own")
    row = delivered(cast, month=202610, grams=9_000)
    row.producer_id = cast.producer.id
    session.add(row)
    assert supply_of(session, cast, who="satellite") == {NOVEMBER: 80_000}
    assert supply_of(session, cast, who="satellite", look=Look.BACK).get(202610) is None
    assert supply_of(session, cast, look=Look.BACK, area=Area.COUNTY)[202610] == 9_000
