"""What a tender must be, when tenders may be opened and by whom, and how samples are named. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from string import ascii_uppercase

from market.dis.rules import CallOffState
from market.values import LARGEST, Quantity, Refused, TooLarge, Unit, line_total_ore, msg

TOGETHER = timedelta(hours=2)
"""Two confirmations within this time are one opening; an older one has lapsed and can be given anew."""
OPENERS = 2
"""How many take part in an opening at least (LOU 12 kap. 10 §)."""
MOST_TEXT = 2_000
HIGHEST_PRICE = 10_000_000
"""Kronor per unit: more is a slip of the finger, and would not fit into its column."""
MAY_REJECT = frozenset({CallOffState.OPENED})
"""Afterwards the evaluation is made over first."""
MAY_WITHDRAW = frozenset({CallOffState.OPENED, CallOffState.EVALUATED, CallOffState.AWARDED})
"""A tenderer can go bankrupt at any time before the contract; the evaluation is then made over."""


class GoesWithItsDecision(Refused):
    message = msg(
        "Beslutet är fattat, så anbudet tas bort tillsammans med det. Gör om utvärderingen på sidan Tilldelning och välj "
        "leverantören där, eller släpp leverantören om andras avtal redan är undertecknade."
    )


class Closed(Refused):
    message = msg(
        "Tidsgränsen har passerat. Anbud kan inte längre lämnas, ändras eller tas tillbaka. "
        "Det som lämnades före tidsgränsen gäller."
    )


class NotAdmittedNow(Refused):
    message = msg(
        "Ni är inte längre antagna i kategorin och kan därför inte lämna anbud. Hör av er till upphandlaren."
    )


class NothingOffered(Refused):
    message = msg("Skriv pris på minst en del.")


class NotThisLot(Refused):
    message = msg("En av delarna finns inte i avropet längre. Ladda om sidan och fyll i igen.")


class WholeLotOnly(Refused):
    message = msg("Del %(number)s delas inte upp: anbudet måste gälla hela mängden.")


class MoreThanAsked(Refused):
    message = msg("Del %(number)s: skriv högst %(most)s, så mycket som avropet gäller.")


class AmountsCrossed(Refused):
    message = msg("Del %(number)s: den minsta mängden kan inte vara större än den största.")


class PriceBelowZero(Refused):
    message = msg("Del %(number)s: priset kan inte vara lägre än noll.")


class PriceTooHigh(Refused):
    message = msg("Del %(number)s: priset är orimligt högt. Kontrollera antalet nollor.")


class PriceTooFine(Refused):
    message = msg("Del %(number)s: skriv priset med högst två decimaler.")


class NoWeekday(Refused):
    message = msg("Del %(number)s: välj minst en veckodag då ni levererar.")


class DeliveryMissing(Refused):
    message = msg(
        "Skriv vad en leverans kostar till varje kök som ert anbud gäller. Skriv 0 om den inte kostar något."
    )


class EvidenceMissing(Refused):
    message = msg("Mervärdet ”%(name)s” ska visas med en text eller en fil. Beskriv hur ni gör.")


class NotThisCriterion(Refused):
    message = msg("Ett av mervärdena finns inte i avropet. Ladda om sidan och fyll i igen.")


class MinimumTooHigh(Refused):
    message = msg(
        "Anbudets minsta summa är högre än vad allt ni erbjuder kostar. Sänk summan, annars kan ni inte vinna något."
    )


class TooEarlyToOpen(Refused):
    message = msg("Anbuden får öppnas först när tidsgränsen har passerat.")


class AlreadyConfirmed(Refused):
    message = msg(
        "Du har redan bekräftat. Öppningen behöver en annan person till, inom två timmar från din bekräftelse."
    )


class NotAfterEvaluation(Refused):
    message = msg(
        "Avropet är redan utvärderat eller avslutat. Låt utvärderingen göras om först, eller avbryt avropet."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAsked:
    """A lot as far as a tender is held against it; `kitchens` are those that receive its goods."""

    id: int
    number: int
    quantity: Quantity
    allows_parts: bool
    kitchens: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAsked:
    id: int
    name: str
    needs_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the call-off asks for."""

    lots: Mapping[int, LotAsked]
    claims: Mapping[int, ClaimAsked]
    counts_delivery: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedLot:
    """Between `min_steps` and `max_steps` of a lot at `price` kronor per unit, excluding VAT; weekdays are ISO 1-7."""

    lot_id: int
    product_name: str
    price: Decimal
    min_steps: int
    max_steps: int
    weekdays: tuple[int, ...]
    is_organic: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file that has been checked: a PDF, or a photo made anew."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    criterion_id: int
    evidence: str = ""
    file: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A tender as its tenderer writes it. `deliveries` is öre for one delivery, by receiving kitchen."""

    lots: tuple[OfferedLot, ...]
    deliveries: Mapping[int, int]
    min_total_ore: int
    claims: tuple[Claimed, ...]
    note: str


def check_written(written: Written, asked: Asked) -> None:
    """Raises the refusal that says what to change."""
    if not written.lots:
        raise NothingOffered
    for lot in written.lots:
        _check_lot(lot, asked)
    if asked.counts_delivery and kitchens_served(written, asked) - written.deliveries.keys():
        raise DeliveryMissing
    for claim in written.claims:
        _check_claim(claim, asked)
    if max(written.min_total_ore, *written.deliveries.values(), 0) > LARGEST:
        raise TooLarge
    if written.min_total_ore > most_ore(written, asked):
        raise MinimumTooHigh


def kitchens_served(written: Written, asked: Asked) -> frozenset[int]:
    """The kitchens that receive goods of the lots in the tender."""
    return frozenset().union(*(asked.lots[lot.lot_id].kitchens for lot in written.lots))


def most_ore(written: Written, asked: Asked) -> int:
    """What everything offered costs, without deliveries and excluding VAT. Raises TooLarge."""
    return sum(line_ore(lot, asked.lots[lot.lot_id].quantity.unit) for lot in written.lots)


def line_ore(lot: OfferedLot, unit: Unit) -> int:
    """What the most that is offered of a lot costs. Raises TooLarge."""
    return line_total_ore(Quantity(lot.max_steps, unit), lot.price)


def _check_lot(lot: OfferedLot, asked: Asked) -> None:
    wanted = asked.lots.get(lot.lot_id)
    if wanted is None:
        raise NotThisLot
    number, most = wanted.number, wanted.quantity
    if lot.price < 0:
        raise PriceBelowZero(number=number)
    if lot.price > HIGHEST_PRICE:
        raise PriceTooHigh(number=number)
    if lot.price != round(lot.price, 2):
        raise PriceTooFine(number=number)
    if lot.max_steps > most.steps:
        raise MoreThanAsked(number=number, most=most)
    if lot.min_steps > lot.max_steps:
        raise AmountsCrossed(number=number)
    if not wanted.allows_parts and not lot.min_steps == lot.max_steps == most.steps:
        raise WholeLotOnly(number=number)
    if not lot.weekdays:
        raise NoWeekday(number=number)


def _check_claim(claim: Claimed, asked: Asked) -> None:
    criterion = asked.claims.get(claim.criterion_id)
    if criterion is None:
        raise NotThisCriterion
    if criterion.needs_evidence and not claim.evidence and claim.file is None:
        raise EvidenceMissing(name=criterion.name)


def check_undecided(state: CallOffState) -> None:
    """On the tender's own page: a contract drafted for it must fall with it. Raises GoesWithItsDecision."""
    if state is CallOffState.AWARDED:
        raise GoesWithItsDecision


def is_fresh(confirmed_at: datetime, *, at: datetime) -> bool:
    """Whether a confirmation still counts: an opening is one occasion (LOU 12 kap. 10 §)."""
    return at - confirmed_at < TOGETHER


def blind_labels(count: int) -> list[str]:
    """A, B, ... Z, AA, AB, ...: names of samples that say nothing about whose they are once they are drawn."""
    doubled = ("".join(pair) for pair in product(ascii_uppercase, repeat=2))
    return [*ascii_uppercase[:count], *islice(doubled, max(0, count - len(ascii_uppercase)))]
