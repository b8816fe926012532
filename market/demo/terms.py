"""What else the demo's offers say: certificates, pieces by weight, every week, paused, changed, told over the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from market.accounts.rules import DEMO_DOMAIN
from market.demo.calendar import Calendar
from market.demo.farms import VEGETABLE_GROWER
from market.demo.personas import Cast
from market.demo.producers import Ware
from market.offers.call_operations import register_call
from market.offers.call_rules import CallNotes
from market.offers.models import Offer
from market.offers.operations import CHANGED, change_offer, pause_offer, post_offer, terms_of
from market.offers.rules import Handover, OfferChange, OfferTerms
from market.register.models import (
    Authority,
    Category,
    CertificateScheme,
    Producer,
    Product,
    Step,
    Temperature,
)
from market.register.operations import add_certificate, add_product
from market.values import Period, Quantity, Unit, local_date

DAIRY, ONION_GROWER, FISHERY = "Ängsbackens mejeri", "Rotbackens grönsaker", "Ytterskärs fisk"
NORRTALJE = "0188"
CHEESE_GRAMS = 3_000
FIRST_NUMBER = 40_117
RUNS_OUT_AFTER = timedelta(days=62)
"""After the set-up: the first certificate ends two days from now, so that its mark can be seen to disappear."""
LASTS = timedelta(days=360)


def add_certificates(session: Session, *, wares: Sequence[Ware], cast: Cast, at: datetime) -> None:
    """One for each organic farm, KRAV's and the EU's in turn."""
    farms: Mapping[str, Producer] = {
        ware.farm.name: ware.product.producer for ware in wares if ware.farm.is_organic
    }
    for number, producer in enumerate(farms.values()):
        add_certificate(
            session,
            producer=producer,
            scheme=CertificateScheme.EU_ORGANIC if number % 2 else CertificateScheme.KRAV,
            number=f"SE-EKO-01 {FIRST_NUMBER + number} (demo)",
            last_valid_on=local_date(at + (LASTS if number else RUNS_OUT_AFTER)),
            actor=cast.producer(producer),
            at=at,
        )


def add_cheese(session: Session, *, wares: Sequence[Ware], entered_by: int, at: datetime) -> Product:
    """Priced by weight, sold in whole cheeses of about three kilograms."""
    dairy = next(ware for ware in wares if ware.farm.title == DAIRY)
    return add_product(
        session,
        producer=dairy.product.producer,
        name="Hushållsost, hel",
        category=session.get_one(Category, "dairy"),
        unit=Unit.KILOGRAM,
        grams_per_unit=1000,
        piece_grams=CHEESE_GRAMS,
        chain=[(Step.FARM, dairy.home), (Step.PROCESSING, dairy.home)],
        is_organic=True,
        temperature=Temperature.CHILLED,
        user_id=entered_by,
        at=at,
    )


def post_more(
    session: Session,
    *,
    calendar: Calendar,
    wares: Sequence[Ware],
    cheese: Product,
    authorities: Mapping[str, Authority],
    cast: Cast,
) -> list[Offer]:
    """The week's cheeses, onions every week, cabbage changed and paused, and herring that waits for its producer's word."""
    at, period = calendar.at, calendar.week(0).period
    by_name = {(ware.farm.title, ware.goods.name): ware for ware in wares}
    whole = post_offer(
        session,
        product=cheese,
        site=cheese.producer.sites[0],
        terms=_cheese_terms(period, calendar),
        actor=cast.producer(cheese.producer),
        at=at,
    )
    onions = _post(session, by_name[ONION_GROWER, "Gul lök"], _onion_terms(period), cast, at)
    cabbage = _post(
        session,
        by_name[VEGETABLE_GROWER, "Vitkål"],
        _kilograms(calendar.week(1).period, 160, "13.00"),
        cast,
        at,
    )
    _change_and_pause(session, cabbage, cast, at)
    herring = _told_by_phone(
        session,
        by_name[FISHERY, "Strömmingsfilé"],
        authority=authorities[NORRTALJE],
        period=period,
        cast=cast,
        at=at,
    )
    return [whole, onions, cabbage, herring]


def _post(session: Session, ware: Ware, terms: OfferTerms, cast: Cast, at: datetime) -> Offer:
    actor = cast.producer(ware.product.producer)
    return post_offer(session, product=ware.product, site=ware.home, terms=terms, actor=actor, at=at)


def _kilograms(period: Period, amount: int, price: str) -> OfferTerms:
    return OfferTerms(quantity=Quantity.of(amount, Unit.KILOGRAM), period=period, price=Decimal(price))


def _cheese_terms(period: Period, calendar: Calendar) -> OfferTerms:
    return replace(
        _kilograms(period, 60, "148.00"),
        piece_grams=CHEESE_GRAMS,
        minimum=Quantity(2 * CHEESE_GRAMS, Unit.KILOGRAM),
        held_until=calendar.today + timedelta(days=14),
        best_before=period.last + timedelta(days=90),
        is_organic=True,
        note="Lagrad i sex månader. Varje ost vägs när den packas.",
    )


def _onion_terms(period: Period) -> OfferTerms:
    return replace(
        _kilograms(period, 240, "14.50"),
        minimum=Quantity.of(20, Unit.KILOGRAM),
        is_standing=True,
        handover=Handover(
            is_delivered=True,
            codes=(NORRTALJE, "0115"),
            weekdays=(2, 4),
            minimum=Quantity.of(50, Unit.KILOGRAM),
            carry_grams=300_000,
        ),
    )


def _change_and_pause(session: Session, offer: Offer, cast: Cast, at: datetime) -> None:
    terms, actor = terms_of(offer), cast.producer(offer.product.producer)
    now = OfferChange(**{name: getattr(terms, name) for name in CHANGED})
    less = replace(now, quantity=Quantity.of(120, Unit.KILOGRAM), price=Decimal("12.50"))
    change_offer(session, offer=offer, change=less, seen_version=offer.version, actor=actor, at=at)
    pause_offer(session, offer=offer, actor=actor, at=at)


def _told_by_phone(
    session: Session, ware: Ware, *, authority: Authority, period: Period, cast: Cast, at: datetime
) -> Offer:
    call = register_call(
        session,
        authority_id=authority.id,
        product=ware.product,
        site=ware.home,
        terms=replace(_kilograms(period, 40, "89.00"), authority_ids=(authority.id,)),
        notes=CallNotes(
            called_at=at - timedelta(minutes=25),
            spoke_with="Sixten Nordin",
            said="Fyrtio kilo strömming den här veckan, filead. Kan stå i kylen vid bryggan till fredag.",
            is_outside_directive=True,
            email=f"ytterskar@{DEMO_DOMAIN}",
        ),
        actor=cast.meal_manager(authority),
        at=at,
    )
    return call.offer
