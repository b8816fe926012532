"""An offer in words: each fact with its label, and what has been changed, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from flask_babel import gettext
from sqlalchemy.orm import Session

from market import formatting
from market.offers.models import Offer, OfferVersion
from market.offers.rules import OfferState
from market.offers.vat import VatRates, vat_rates, with_vat
from market.register.models import Certificate
from market.register.places import municipality_name
from market.register.wording import SCHEME_NAMES, STEP_NAMES, TEMPERATURE_NAMES, WEEKDAYS
from market.values import Quantity, msg

Fact = tuple[str, str]
STATE_NAMES = {
    OfferState.OPEN: msg("Ute nu"),
    OfferState.PAUSED: msg("Pausat"),
    OfferState.WITHDRAWN: msg("Tillbakadraget"),
    OfferState.UNCONFIRMED: msg("Väntar på bekräftelse"),
    OfferState.DECLINED: msg("Producenten sa nej"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One version: when, and each thing that it changed as (what, before, after)."""

    at: datetime
    rows: Sequence[tuple[str, str, str]]


def facts_of(session: Session, *, offer: Offer, today: date) -> list[Fact]:
    """What a buyer wants to know, in the order of asking; what is not said is left out."""
    rates = vat_rates(session)
    told = [*_price_facts(offer, rates, today), *_amount_facts(offer), *_quality_facts(offer, today)]
    return [(label, value) for label, value in [*told, *_handover_facts(offer)] if value]


def history_of(offer: Offer) -> list[Changed]:
    """Every change, the newest first, with both the old and the new."""
    steps = [Changed(at=new.at, rows=_differences(offer, old, new)) for old, new in pairwise(offer.versions)]
    return [step for step in reversed(steps) if step.rows]


def certificate_words(certificate: Certificate | None) -> str:
    """As in "KRAV, certifikat 1234, gäller till och med 31 mars 2027"."""
    if certificate is None:
        return ""
    return str(
        gettext(
            "%(scheme)s, certifikat %(number)s, gäller till och med %(day)s",
            scheme=gettext(SCHEME_NAMES[certificate.scheme]),
            number=certificate.number,
            day=formatting.full_date(certificate.last_valid_on),
        )
    )


def state_words(state: OfferState) -> str:
    return str(gettext(STATE_NAMES[state]))


def vat_words(offer: Offer, rates: VatRates, today: date) -> str:
    """Each rate that supply in the offer's days can have, with the price it gives."""
    found = rates.percents(
        offer.product, first=max(offer.available_from, today), last=max(offer.period.last, today)
    )
    price = offer.price_on(today)
    return "; ".join(
        _rate_words(offer, rate, day if n else None, price) for n, (day, rate) in enumerate(found)
    )


def weekday_words(weekdays: Sequence[int]) -> str:
    return ", ".join(str(gettext(WEEKDAYS[day])).lower() for day in weekdays)


def _price_facts(offer: Offer, rates: VatRates, today: date) -> list[Fact]:
    held = formatting.full_date(offer.held_until) if offer.held_until else ""
    past = offer.price is not None and offer.price_on(today) is None
    listed = formatting.unit_price(offer.price_on(today), offer.unit)
    if past:
        listed = gettext(
            "%(listed)s (var %(price)s)", listed=listed, price=formatting.unit_price(offer.price, offer.unit)
        )
    return [
        (gettext("Pris utan moms"), listed),
        (gettext("Moms"), vat_words(offer, rates, today)),
        (
            gettext("Priset gäller"),
            gettext("beställningar till och med %(day)s", day=held) if held and not past else "",
        ),
    ]


def _amount_facts(offer: Offer) -> list[Fact]:
    packed = (
        formatting.package_size(offer.package, offer.package_quantity)
        if offer.package_quantity and offer.package
        else ""
    )
    return [
        (gettext("Minsta beställning"), _amount(offer, offer.minimum)),
        (gettext("Förpackning"), packed or gettext("löst")),
        (
            gettext("Säljs"),
            gettext(
                "i hela bitar om ca %(weight)s; ni betalar för den vikt som levereras", weight=_weight(offer)
            )
            if offer.piece_grams
            else "",
        ),
        (gettext("Finns"), formatting.day_span(offer.available_from, offer.period.last)),
        (gettext("Bäst före"), formatting.full_date(offer.best_before) if offer.best_before else ""),
    ]


def _quality_facts(offer: Offer, today: date) -> list[Fact]:
    chain = [f"{gettext(STEP_NAMES[link.step])}: {link.site.name}" for link in offer.product.chain]
    return [
        (gettext("Ekologiskt"), certificate_words(offer.certificate_on(today))),
        (gettext("Förvaras"), str(gettext(TEMPERATURE_NAMES[offer.product.temperature]))),
        (gettext("Så är den gjord"), " → ".join(chain)),
    ]


def _handover_facts(offer: Offer) -> list[Fact]:
    told = offer.handover
    delivered = ""
    if told.is_delivered:
        where = ", ".join(municipality_name(code) for code in told.codes) or gettext("överallt")
        days = weekday_words(told.weekdays) or gettext("alla dagar")
        least = gettext("minst %(amount)s", amount=_amount(offer, told.minimum)) if told.minimum else ""
        delivered = "; ".join(part for part in (where, days, least) if part)
    carries = formatting.kilograms(told.carry_grams) if told.carry_grams else ""
    return [
        (gettext("Producenten levererar"), delivered),
        (
            gettext("Kan köra åt andra"),
            gettext("%(weight)s per tur", weight=carries) if carries else "",
        ),
    ]


def _rate_words(offer: Offer, rate: Decimal, since: date | None, price: Decimal | None) -> str:
    percent = f"{formatting.decimal(rate.normalize())} %"
    words = (
        percent
        if price is None
        else f"{percent} ({formatting.unit_price(with_vat(price, rate), offer.unit)})"
    )
    return (
        words
        if since is None
        else gettext("%(rate)s från %(day)s", rate=words, day=formatting.full_date(since))
    )


def _differences(offer: Offer, old: OfferVersion, new: OfferVersion) -> list[tuple[str, str, str]]:
    labels = (
        gettext("Mängd"),
        gettext("Minsta beställning"),
        gettext("Pris utan moms"),
        gettext("Priset gäller till och med"),
        gettext("Finns"),
        gettext("Bäst före"),
        gettext("Mer att veta"),
    )
    sides = zip(labels, _said(offer, old), _said(offer, new), strict=True)
    return [(label, before or "–", after or "–") for label, before, after in sides if before != after]


def _said(offer: Offer, version: OfferVersion) -> tuple[str, ...]:
    held, best = version.held_until, version.best_before
    minimum = Quantity(version.minimum_steps, offer.unit) if version.minimum_steps else None
    return (
        _amount(offer, Quantity(version.posted, offer.unit)),
        _amount(offer, minimum),
        formatting.unit_price(version.price, offer.unit),
        formatting.full_date(held) if held else "",
        formatting.day_span(version.available_from, version.available_until - timedelta(days=1)),
        formatting.full_date(best) if best else "",
        version.note,
    )


def _amount(offer: Offer, quantity: Quantity | None) -> str:
    return formatting.goods_amount(quantity, offer.piece_grams) if quantity else ""


def _weight(offer: Offer) -> str:
    return formatting.kilograms(offer.piece_grams or 0)
