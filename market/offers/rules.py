"""What an offer must be, its life as a table of states, and what may be ordered from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from market.values import LARGEST, Package, Period, Quantity, Refused, TooLarge, Unit, msg

HIGHEST_PRICE = Decimal(10) ** 8  # kronor per unit: where the price column ends


class OfferState(StrEnum):
    """Unconfirmed: told over the phone, and seen by no buyer until the producer has said that it is right."""

    OPEN = "open"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    UNCONFIRMED = "unconfirmed"
    DECLINED = "declined"


class OfferEvent(StrEnum):
    POST = "post"
    PHONE_IN = "phone_in"
    CONFIRM = "confirm"
    DECLINE = "decline"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[OfferState | None, OfferEvent], OfferState] = MappingProxyType(
    {
        (None, OfferEvent.POST): OfferState.OPEN,
        (None, OfferEvent.PHONE_IN): OfferState.UNCONFIRMED,
        (OfferState.UNCONFIRMED, OfferEvent.CONFIRM): OfferState.OPEN,
        (OfferState.UNCONFIRMED, OfferEvent.DECLINE): OfferState.DECLINED,
        (OfferState.UNCONFIRMED, OfferEvent.WITHDRAW): OfferState.WITHDRAWN,
        (OfferState.OPEN, OfferEvent.PAUSE): OfferState.PAUSED,
        (OfferState.PAUSED, OfferEvent.RESUME): OfferState.OPEN,
        (OfferState.OPEN, OfferEvent.WITHDRAW): OfferState.WITHDRAWN,
        (OfferState.PAUSED, OfferEvent.WITHDRAW): OfferState.WITHDRAWN,
    }
)
CHANGEABLE = frozenset({OfferState.OPEN, OfferState.PAUSED})
NEVER_OPEN = frozenset({OfferState.UNCONFIRMED, OfferState.DECLINED})
"""What no buyer has seen or sees."""


class ReservationState(StrEnum):
    HELD = "held"
    RELEASED = "released"


class NotEnoughLeft(Refused):
    message = msg("Det finns inte så mycket kvar. Kvar att beställa: %(left)s.")


class OfferClosed(Refused):
    message = msg("Erbjudandet är pausat eller tillbakadraget och går inte att beställa från.")


class OfferPaused(Refused):
    message = msg("Producenten har pausat erbjudandet. Titta igen senare, eller välj något annat.")


class OfferMoved(Refused):
    message = msg("Det går inte längre: erbjudandet har ändrats sedan sidan visades. Ladda om sidan.")


class OfferChanged(Refused):
    message = msg(
        "Producenten har ändrat erbjudandet sedan du öppnade sidan. Kontrollera det nya och beställ igen."
    )


class BelowReserved(Refused):
    message = msg("%(reserved)s är redan beställt. Mängden kan inte bli mindre än så.")


class BelowMinimum(Refused):
    message = msg("Minsta beställning är %(minimum)s. Beställ minst så mycket, eller allt som är kvar.")


class MinimumAboveAmount(Refused):
    message = msg("Minsta beställning är större än hela mängden. Ändra en av dem.")


class NotOfferedToYou(Refused):
    message = msg("Erbjudandet gäller inte er kommun.")


class NobodyChosen(Refused):
    message = msg("Välj minst en kommun som får se erbjudandet, eller visa det för alla.")


class NoWayToHaveIt(Refused):
    message = msg("Säg hur köket får varan: att du levererar, att den hämtas, eller båda.")


class PriceHeldWithoutPrice(Refused):
    message = msg("Skriv vilket pris som gäller till det datumet, eller ta bort datumet.")


class PriceHeldTooShort(Refused):
    message = msg("Datumet som priset gäller till har redan varit. Välj i dag eller senare.")


class NotWholePieces(Refused):
    message = msg("Varan säljs i hela bitar. Välj ett helt antal.")


class NothingChanged(Refused):
    message = msg("Inget var ändrat.")


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


class NotDeliveredThere(Refused):
    message = msg("Producenten levererar inte till er kommun, och varan går inte att hämta. Välj en annan.")


class NotDeliveredThatDay(Refused):
    message = msg(
        "Producenten levererar inte den veckodagen, och varan går inte att hämta. Välj en annan dag."
    )


class TooLittleToDeliver(Refused):
    message = msg(
        "Producenten levererar från %(minimum)s, och varan går inte att hämta. Beställ minst så mycket."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """How a kitchen gets the goods: collected at the site, delivered, or either.

    Delivered in the municipalities with these codes (none: everywhere) on these ISO weekdays (none: any day), from
    `minimum` on. `carry_grams` is what the producer can carry for others on a trip; None is nothing.
    """

    is_collected: bool = True
    is_delivered: bool = False
    codes: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    minimum: Quantity | None = None
    carry_grams: int | None = None

    def has_day(self, day: date) -> bool:
        """Whether the goods can be had on `day`: what is only delivered keeps to its weekdays."""
        return self.is_collected or not self.weekdays or day.isoweekday() in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """What a producer says of a volume. `price` is kronor per unit excluding VAT; None means by agreement.

    A price is held for orders made up to and including `held_until`; None: as long as the offer. With
    `piece_grams` the goods are priced by weight and sold in whole pieces of about that weight; `quantity` is then the
    pieces' weight together. `authority_ids` None means that the offer is for all.
    """

    quantity: Quantity
    period: Period
    package: Package | None = None
    package_size: Quantity | None = None
    piece_grams: int | None = None
    minimum: Quantity | None = None
    price: Decimal | None = None
    held_until: date | None = None
    best_before: date | None = None
    is_surplus: bool = False
    is_organic: bool = False
    is_standing: bool = False
    note: str = ""
    authority_ids: tuple[int, ...] | None = None
    handover: Handover = field(default_factory=Handover)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferChange:
    """What may be changed of an offer while it is out, all of it as it shall be."""

    quantity: Quantity
    period: Period
    minimum: Quantity | None
    price: Decimal | None
    held_until: date | None
    best_before: date | None
    note: str


def measured(amount: Decimal, *, unit: Unit, piece_grams: int | None) -> Quantity:
    """An amount as people say it: in the unit, or in pieces where the goods are sold by the piece and priced by weight.

    Raises NotAQuantity (also for half a piece) and TooLarge.
    """
    if piece_grams is None:
        return Quantity.of(amount, unit)
    steps = Quantity.of(amount, Unit.PIECE).steps * piece_grams
    if steps > LARGEST:
        raise TooLarge
    return Quantity(steps, unit)


def as_said(quantity: Quantity, *, piece_grams: int | None) -> Decimal:
    """The other way round: the number that `measured` reads."""
    return quantity.amount if piece_grams is None else Decimal(quantity.steps) / piece_grams


def state_after(state: OfferState | None, event: OfferEvent) -> OfferState:
    """The state that `event` leads to. Raises AlreadyWithdrawn, else OfferMoved where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        if state is OfferState.WITHDRAWN and event is OfferEvent.WITHDRAW:
            raise AlreadyWithdrawn from None
        raise OfferMoved from None


def possible_events(state: OfferState) -> frozenset[OfferEvent]:
    """What can happen to an offer in `state`: the source of the buttons."""
    return frozenset(event for (before, event) in TRANSITIONS if before is state)


def check_terms(terms: OfferTerms, *, today: date) -> None:
    """Raises the named refusal for terms that can not be offered on `today`."""
    if terms.period.last < today:
        raise PeriodHasPassed
    _check_price_terms(terms, today=today)
    if terms.best_before is not None and terms.best_before < terms.period.start:
        raise BestBeforeTooEarly
    _check_amounts(terms)
    if terms.authority_ids == ():
        raise NobodyChosen
    if not (terms.handover.is_collected or terms.handover.is_delivered):
        raise NoWayToHaveIt


def _check_price_terms(terms: OfferTerms, *, today: date) -> None:
    if terms.price is not None:
        check_price(terms.price)
    if terms.held_until is not None and terms.price is None:
        raise PriceHeldWithoutPrice
    if terms.held_until is not None and terms.held_until < today:
        raise PriceHeldTooShort


def _check_amounts(terms: OfferTerms) -> None:
    if terms.piece_grams is not None and terms.quantity.steps % terms.piece_grams:
        raise NotWholePieces
    if terms.package_size is not None:
        check_whole_packages(terms.quantity, package_size=terms.package_size)
    if terms.minimum is not None and terms.minimum.steps > terms.quantity.steps:
        raise MinimumAboveAmount


def check_price(price: Decimal) -> None:
    """Raises PriceNotAboveZero, or TooLarge for what the price column does not hold."""
    if price <= 0:
        raise PriceNotAboveZero
    if price >= HIGHEST_PRICE:
        raise TooLarge


def check_whole_packages(quantity: Quantity, *, package_size: Quantity) -> None:
    if quantity.steps % package_size.steps:
        raise NotWholePackages(package=package_size)


def check_handover(handover: Handover, *, quantity: Quantity, day: date, municipality_code: str) -> None:
    """What can not be collected is had where, when and from the amount that the producer delivers."""
    if handover.is_collected:
        return
    if handover.codes and municipality_code not in handover.codes:
        raise NotDeliveredThere
    if not handover.has_day(day):
        raise NotDeliveredThatDay
    if handover.minimum is not None and quantity.steps < handover.minimum.steps:
        raise TooLittleToDeliver(minimum=handover.minimum)


def check_minimum(quantity: Quantity, *, minimum: Quantity, left: Quantity) -> None:
    """An order is at least the minimum, or takes all that is left. Raises BelowMinimum."""
    if quantity.steps < minimum.steps and quantity.steps != left.steps:
        raise BelowMinimum(minimum=minimum)


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
        held_until=terms.held_until + step if terms.held_until else None,
    )


def days_to_next(period: Period) -> int:
    """Whole weeks from a period to the next one that does not overlap it, in days."""
    return 7 * -(-(period.end - period.start).days // 7)
