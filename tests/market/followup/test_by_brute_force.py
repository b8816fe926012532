"""Each figure, for every period and grouping, is what the raw rows say by the figure's own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from factories import Cast
from followup_raw import Raw, expected, expected_legs, raw_lines
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from geodata.local import LocalDefinition, WithinDistance
from market.feedback.models import Feedback
from market.followup.figures import ADDED, FIGURES, Sums
from market.followup.legs import LEGS
from market.followup.periods import Span, SpanKind
from market.followup.queries import Scope, sums_by, sums_by_category, sums_by_kitchen
from market.followup.recording import record_delivery
from market.followup.same_days import same_days, sums_of_days
from market.limits.models import LimitEntry
from market.limits.rules import EntryState
from market.locality.models import DefinitionVersion
from market.locality.stated import stored_form
from market.offers.models import Offer, OfferVersion, Reservation
from market.orders.models import CreditNote, Delivery, DeliveryLine, Order, OrderLine
from market.orders.receipt_rules import DeviationKind
from market.orders.rules import OrderState
from market.register.models import (
    Certificate,
    CertificateScheme,
    ChainLink,
    Kitchen,
    Producer,
    Product,
    ProductionSite,
    SizeClass,
    Step,
)
from market.values import Period, Quantity, Unit, line_total_ore, wall_clock

EARLY, CHANGED_AT = datetime(2025, 11, 1, 8, tzinfo=UTC), datetime(2026, 6, 15, 10, tzinfo=UTC)
NEW_DEFINITION, VAT_CHANGE, REVOKED_AT = (
    date(2026, 9, 16),
    date(2026, 4, 1),
    datetime(2026, 10, 25, 11, tzinfo=UTC),
)
DAYS = (
    date(2025, 12, 31), date(2026, 1, 1), VAT_CHANGE - timedelta(1), VAT_CHANGE, date(2026, 3, 29), date(2026, 6, 15),
    date(2026, 6, 30), date(2026, 7, 1), NEW_DEFINITION - timedelta(1), NEW_DEFINITION, date(2026, 10, 25),
    date(2026, 12, 28), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3), date(2027, 1, 4),
)  # fmt: skip
NUMBERS = count(1)
ROUGH: dict[str, Callable[[int, Fraction | int], Fraction]] = {
    "food_km": lambda _lines, _grams: Fraction(1, 1000),
    "co2e": lambda lines, _grams: Fraction(lines, 1000),
    "co2e_per_kg": lambda lines, grams: Fraction(1000 * lines) / (grams or 1),
}
"""Figures with kilometres in them: a globe is not quite the ellipsoid, and grams are whole for each line."""


def _exactly(_lines: int, _grams: Fraction | int) -> Fraction:
    return Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One delivered line."""

    day: date
    hour: int
    product: int
    offer: int
    kitchen: int
    kilograms: int
    rejected: int
    price: Decimal
    hours_before: int
    is_direct: bool
    is_organic: bool
    deviation: DeviationKind | None
    taste: int | None


drawn = st.builds(
    Drawn, day=st.sampled_from(DAYS), hour=st.sampled_from((0, 2, 9, 23)), product=st.integers(0, 4), offer=st.integers(0, 2),
    kitchen=st.integers(0, 2), kilograms=st.integers(1, 150), rejected=st.integers(0, 3),
    price=st.decimals(0, 200, places=2), hours_before=st.integers(0, 500), is_direct=st.booleans(), is_organic=st.booleans(),
    deviation=st.sampled_from((None, None, *DeviationKind)), taste=st.sampled_from((None, 1, 3, 5)),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """What deliveries can be of: each product has an offer with a changed price, one by agreement, one held till midsummer."""

    authority_id: int
    kitchens: list[Kitchen]
    offers: list[list[Offer]]


@pytest.fixture
def world(session: Session, cast: Cast) -> World:
    """The cast's kitchens and a definition that changes in mid-September: from the county to 30 km from the kitchen."""
    first = session.query(DefinitionVersion).filter_by(authority_id=cast.authority.id).one()
    first.valid_from, first.valid_to = date(2025, 1, 1), NEW_DEFINITION
    session.query(DefinitionVersion).filter_by(
        authority_id=cast.other_authority.id
    ).one().valid_from = first.valid_from
    later = stored_form(LocalDefinition(rule=WithinDistance(km=30)))
    session.add(
        DefinitionVersion(
            authority_id=cast.authority.id,
            number=2,
            definition=later,
            valid_from=NEW_DEFINITION,
            created_at=EARLY,
        )
    )
    products = _products(session)
    session.flush()
    return World(
        cast.authority.id,
        [cast.hub, cast.satellite, cast.other_kitchen],
        [_offers(session, one) for one in products],
    )


def _products(session: Session) -> list[Product]:
    """In the county, far off in it, outside but near, and of two places; one of no known place."""
    near = _producer("A", 59.85, 18.60, "0188", SizeClass.MICRO, ("krav", date(2026, 12, 30), None))
    far = _producer(
        "B", 59.55, 18.15, "0115", SizeClass.LARGE, ("eu_organic", date(2027, 12, 31), REVOKED_AT)
    )
    outside = _producer("C", 59.90, 18.70, "0382", None, ("eu_organic", date(2026, 6, 30), None))
    outside.certificates.append(_certificate("krav", date(2027, 6, 30), None))
    unknown = _producer("D", 59.80, 18.40, "0188", SizeClass.SMALL)
    made = [
        _product(near, "vegetables", near), _product(far, "dairy", far), _product(outside, "beef", outside, far),
        _product(unknown, "eggs"), _product(outside, "beverages", outside, is_alcohol=True),
    ]  # fmt: skip
    session.add_all(made)
    return made


def _producer(name: str, lat: float, lon: float, code: str, size: SizeClass | None, *held: Any) -> Producer:
    site = ProductionSite(name=name, lat=lat, lon=lon, municipality_code=code)
    certificates = [_certificate(*one) for one in held]
    return Producer(name=f"Gård {name}", size=size, sites=[site], certificates=certificates, created_at=EARLY)


def _certificate(scheme: str, last: date, revoked_at: datetime | None) -> Certificate:
    return Certificate(
        scheme=CertificateScheme(scheme),
        number="1",
        last_valid_on=last,
        revoked_at=revoked_at,
        created_at=EARLY,
    )


def _product(producer: Producer, category: str, *makers: Producer, is_alcohol: bool = False) -> Product:
    steps = (Step.FARM, Step.SLAUGHTER)
    chain = [ChainLink(position=n, step=steps[n], site=maker.sites[0]) for n, maker in enumerate(makers)]
    return Product(
        producer=producer, category_key=category, name=category, unit=Unit.KILOGRAM, grams_per_unit=1000, chain=chain,
        is_alcohol=is_alcohol,
    )  # fmt: skip


def _offers(session: Session, product: Product) -> list[Offer]:
    prices: list[list[tuple[datetime, Decimal | None, date | None]]] = [
        [(EARLY, Decimal(10), None), (CHANGED_AT, Decimal("12.55"), None)],
        [(EARLY, None, None)],
        [(EARLY, Decimal("9.99"), date(2026, 6, 30))],
    ]
    return [_offer(session, product, versions, is_surplus=n == 2) for n, versions in enumerate(prices)]


def _offer(session: Session, product: Product, versions: Sequence[Any], *, is_surplus: bool) -> Offer:
    span = {"available_from": date(2025, 11, 1), "available_until": date(2027, 12, 31), "posted": 10**9}
    _, price, held = versions[-1]
    offer = Offer(
        product=product, site=product.producer.sites[0], unit=Unit.KILOGRAM, reserved=0, price=price, held_until=held,
        is_surplus=is_surplus, created_at=EARLY, **span,
        versions=[
            OfferVersion(number=n + 1, price=price, held_until=held, at=at, **span) for n, (at, price, held) in enumerate(versions)
        ],
    )  # fmt: skip
    session.add(offer)
    return offer


def receive(session: Session, world: World, one: Drawn) -> None:
    """As a receipt leaves it, with the entry in the ledger of what was awarded directly; then recorded."""
    offer, kitchen, at = (
        world.offers[one.product][one.offer],
        world.kitchens[one.kitchen],
        wall_clock(one.day, one.hour * 3600),
    )
    steps = one.kilograms * 1000
    accepted = max(0, steps - one.rejected * 400)
    producer, quantity = offer.product.producer, Quantity(steps, Unit.KILOGRAM)
    certificate = producer.certificates[0] if one.is_organic and producer.certificates else None
    line = OrderLine(
        offer=offer, reservation=Reservation(offer=offer, steps=steps, held_at=at), product_name=offer.product.name,
        category_key=offer.product.category_key, is_organic=certificate is not None, certificate=certificate, unit=Unit.KILOGRAM,
        steps=steps, grams=steps, price=one.price, total_ore=line_total_ore(quantity, one.price),
    )  # fmt: skip
    order = Order(
        kitchen=kitchen, receiving_kitchen=kitchen.hub or kitchen, producer=producer, deliver_on=one.day, lines=[line],
        state=OrderState.RECEIVED, request_key=f"drawn-{next(NUMBERS)}", placed_at=at - timedelta(hours=one.hours_before),
    )  # fmt: skip
    came = DeliveryLine(
        order_line=line, delivered=steps, accepted=accepted, billed=steps, deviation=one.deviation
    )
    if one.deviation is not None and one.rejected:
        came.credit = CreditNote(reason=one.deviation, steps=400, ore=one.rejected, made_at=at)
    delivery = Delivery(order=order, received_at=at, lines=[came])
    session.add(delivery)
    session.flush()
    if one.taste is not None:
        session.add(Feedback(delivery_line_id=came.id, taste=one.taste, changed_at=at))
    if one.is_direct:
        session.add(_entry(order))
    record_delivery(session, delivery=delivery, at=at)


def _entry(order: Order) -> LimitEntry:
    return LimitEntry(
        authority_id=order.kitchen.authority_id, subject=f"order:{order.id}", category_key=order.lines[0].category_key,
        counts_on=order.deliver_on, state=EntryState.DELIVERED, ordered_ore=0, ore=0, entered_at=EARLY,
    )  # fmt: skip


def differences(lines: Sequence[Raw], arrived: Sequence[Raw], sums: Sums) -> list[str]:
    """The figures that are not what the raw rows say; and what stands beside them."""
    wanted, wrong = expected(lines, arrived), []
    assert set(wanted) == set(FIGURES)
    for key, figure in FIGURES.items():
        found = figure.of(sums)
        grams = sum(line.grams for line in lines)
        if not _same(found, wanted[key], give=ROUGH.get(key, _exactly)(len(lines), grams)):
            wrong.append(f"{key}: {found} for {wanted[key]}")
    for leg, km in zip(LEGS, expected_legs(lines), strict=True):
        if not _same(leg.of(sums), km, give=Fraction(1, 1000)):
            wrong.append(f"{leg.key}: {leg.of(sums)} for {km}")
    beside = {
        "vat_ore": sum(line.vat_ore for line in lines),
        "credit_ore": sum(line.credit_ore for line in lines),
        "krav_grams": sum(line.grams for line in lines if line.is_krav),
        "uncertain_grams": sum(line.grams for line in lines if line.local == "uncertain"),
    }
    return wrong + [name for name, amount in beside.items() if getattr(sums, name) != amount]


def _same(found: Decimal | None, wanted: Fraction | float | None, *, give: Fraction) -> bool:
    if found is None or wanted is None:
        return found is wanted
    within = give + (Fraction(abs(wanted)) / 100 if give else Fraction(1, 10**15))
    return abs(Fraction(found) - Fraction(wanted)) <= within


def wrong_figures(session: Session, world: World) -> list[str]:
    """Of every period that something came in, as a whole, of each kitchen and category."""
    everything = raw_lines(session)
    lines = [line for line in everything if line.authority == world.authority_id]
    spans = {Span.containing(line.day, kind) for line in lines for kind in SpanKind}
    whole = sums_by(session, scope=Scope(authority_id=world.authority_id), spans=spans)
    wrong = []
    for span in sorted(spans):
        own = [line for line in lines if line.day in span.period]
        wrong += [f"{span} {one}" for one in differences(own, own, whole[span])]
        wrong += [f"{span} {one}" for one in _wrong_groups(session, world, span, own)]
    return wrong


def _wrong_groups(session: Session, world: World, span: Span, own: Sequence[Raw]) -> list[str]:
    scope, wrong = Scope(authority_id=world.authority_id), []
    groupings: list[tuple[Callable[..., dict[Any, Sums]], str]] = [
        (sums_by_kitchen, "kitchen"), (sums_by_category, "category"),
    ]  # fmt: skip
    for read, name in groupings:
        found = read(session, scope=scope, span=span)
        keys = {getattr(line, name) for line in own} | (
            {line.receiving for line in own} if name == "kitchen" else set()
        )
        assert set(found) == keys
        for key, sums in found.items():
            part = [line for line in own if getattr(line, name) == key]
            arrived = [line for line in own if line.receiving == key] if name == "kitchen" else []
            wrong += [f"by {name} {key}: {one}" for one in differences(part, arrived, sums)]
    kitchen = replace(scope, kitchen_id=world.kitchens[1].id)
    part = [line for line in own if line.kitchen == kitchen.kitchen_id]
    return wrong + differences(part, [], sums_by(session, scope=kitchen, spans=[span])[span])


def wrong_days(session: Session, world: World) -> list[str]:
    """Of every week, month and year up to each day that something came on, and of the period before it, of all and of a kitchen."""
    scope, everything = Scope(authority_id=world.authority_id), raw_lines(session)
    lines = [line for line in everything if line.authority == world.authority_id]
    wrong = []
    for span, day in {(Span.containing(line.day, kind), line.day) for line in lines for kind in SpanKind}:
        days = {
            span: Period(span.period.start, day + timedelta(days=1)),
            **same_days(span, earlier=[span.before], today=day),
        }
        found = sums_of_days(session, scope=scope, days=days)
        kitchen = replace(scope, kitchen_id=world.kitchens[1].id)
        of_kitchen = sums_of_days(session, scope=kitchen, days=days)
        for one, period in days.items():
            own = [line for line in lines if line.day in period]
            wrong += [f"{one} until {day} {each}" for each in differences(own, own, found[one])]
            part = [line for line in own if line.kitchen == kitchen.kitchen_id]
            arrived = [line for line in own if line.receiving == kitchen.kitchen_id]
            wrong += [f"{one} until {day} {each}" for each in differences(part, arrived, of_kitchen[one])]
    return wrong


EXAMPLE = Drawn(
    day=date(2027, 1, 1), hour=9, product=2, offer=0, kitchen=1, kilograms=30, rejected=1, price=Decimal(90),
    hours_before=50, is_direct=True, is_organic=True, deviation=DeviationKind.SHORT, taste=3,
)  # fmt: skip


@settings(
    max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@example(deliveries=[EXAMPLE, EXAMPLE])  # one vehicle, one arrival
@given(deliveries=st.lists(drawn, min_size=1, max_size=8))
def test_every_figure_is_what_the_raw_rows_say(
    session: Session, world: World, deliveries: list[Drawn]
) -> None:
    with session.begin_nested() as before:
        for one in deliveries:
            receive(session, world, one)
        session.flush()
        assert wrong_figures(session, world) == []
        assert wrong_days(session, world) == []
        before.rollback()


def test_no_column_can_be_wrong_unseen(session: Session, world: World) -> None:
    """Were any added column another than it is, a figure would not be what the raw rows say."""
    receive(session, world, EXAMPLE)
    other = replace(EXAMPLE, product=3, kitchen=0, offer=2, is_direct=False, hours_before=9_000)
    receive(session, world, other)
    session.flush()
    own = [line for line in raw_lines(session) if line.authority == world.authority_id]
    span = Span.parse("2026-W53")
    sums = sums_by(session, scope=Scope(authority_id=world.authority_id), spans=[span])[span]
    assert differences(own, own, sums) == []
    assert all(leg.of(sums) for leg in LEGS), "each leg is some way, or one could be taken for another unseen"
    assert len({round(leg.of(sums) or 0, 3) for leg in LEGS}) == len(LEGS)
    for column in ADDED:
        more = getattr(sums, column) + max(1, getattr(sums, column) // 2)
        assert differences(own, own, replace(sums, **{column: more})), column
