"""What an offer must be, and what may be ordered from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from market.values import Package, Period, Quantity, Refused, TooLarge, msg

HIGHEST_PRICE = Decimal(10) ** 8  # kronor per unit: where the price column ends


class OfferState(StrEnum):
    OPEN = "open"
    WITHDRAWN = "withdrawn"


class ReservationState(StrEnum):
    HELD = "held"
    RELEASED = "released"


class NotEnoughLeft(Refused):
    message = msg("Det finns inte så mycket kvar. Kvar att beställa: %(left)s.")


class OfferClosed(Refused):
    message = msg("Erbjudandet är tillbakadraget och går inte att beställa från.")


class ReservationGone(Refused):
    message = msg("Mängden är inte längre reserverad. Ladda om sidan och se hur beställningen står.")


class NotWholePackages(Refused):
    message = msg("Varan säljs i hela förpackningar. Välj en jämn multipel av %(package)s.")


class DayNotOffered(Refused):
    message = msg("Varan finns inte den dagen. Välj en dag från %(first)s till %(last)s.")


class DayHasPassed(Refused):
    message = msg("Dagen har redan varit. Välj i dag eller senare.")


class PeriodHasPassed(Refused):
    message = msg("Perioden har redan varit. Välj ett slutdatum i dag eller senare.")


class PriceNotAboveZero(Refused):
    message = msg("Priset måste vara mer än noll. Lämna det tomt om priset avgörs vid beställning.")


class BestBeforeTooEarly(Refused):
    message = msg("Bäst före-datumet ligger före första dagen. Ändra datumet eller perioden.")


class AlreadyWithdrawn(Refused):
    message = msg("Erbjudandet är redan tillbakadraget.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """What a producer says of a volume. `price` is kronor per unit excluding VAT; None means by agreement."""

    quantity: Quantity
    period: Period
    package: Package | None = None
    package_size: Quantity | None = None
    price: Decimal | None = None
    best_before: date | None = None
    is_surplus: bool = False
    is_organic: bool = False
    note: str = ""


def check_terms(terms: OfferTerms, *, today: date) -> None:
    """Raises the named refusal for terms that can not be offered on `today`."""
    if terms.period.last < today:
        raise PeriodHasPassed
    if terms.price is not None:
        check_price(terms.price)
    if terms.best_before is not None and terms.best_before < terms.period.start:
        raise BestBeforeTooEarly
    if terms.package_size is not None:
        check_whole_packages(terms.quantity, package_size=terms.package_size)


def check_price(price: Decimal) -> None:
    """Raises PriceNotAboveZero, or TooLarge for what the price column does not hold."""
    if price <= 0:
        raise PriceNotAboveZero
    if price >= HIGHEST_PRICE:
        raise TooLarge


def check_whole_packages(quantity: Quantity, *, package_size: Quantity) -> None:
    if quantity.steps % package_size.steps:
        raise NotWholePackages(package=package_size)


def check_day(day: date, *, period: Period, today: date) -> None:
    """A delivery day must be offered and not have passed."""
    if day < today:
        raise DayHasPassed
    if day not in period:
        raise DayNotOffered(first=period.start, last=period.last)


def moved_by_days(terms: OfferTerms, *, days: int) -> OfferTerms:
    """The same terms for a later period: what "same as last week" offers."""
    step = timedelta(days=days)
    return replace(
        terms,
        period=Period(terms.period.start + step, terms.period.end + step),
        best_before=terms.best_before + step if terms.best_before else None,
    )
