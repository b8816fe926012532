"""What a need may be, and what a change of needs changes. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from market.values import LARGEST, Quantity, Refused, Unit, msg

ONE_WEEK = timedelta(weeks=1)
MOST_WEEKS = 53
MOST_PRODUCTS = 40
MOST_A_WEEK = 20_000
"""Whole units of one product to one kitchen in one week: ten lorries. More is a slip of the keyboard."""


class RoundIsClosed(Refused):
    message = msg(
        "Omgången är stängd, så behoven kan inte ändras här. Hör av dig till upphandlaren, som kan öppna den igen."
    )


class NotOfTheRound(Refused):
    message = msg(
        "En del av det som skickades hör inte till omgången eller till dina kök. Ladda om sidan och försök igen."
    )


class NeedsHaveChanged(Refused):
    message = msg(
        "Någon annan har ändrat behoven sedan sidan visades, så ingenting är sparat. Öppna sidan igen och för in dina ändringar."
    )


class TooMuchNeeded(Refused):
    message = msg("Mer än %(most)s på en vecka till ett kök. Kontrollera enheten och antalet nollor.")


class NegativeNeed(Refused):
    message = msg("Mängden kan inte vara mindre än noll. Skriv 0 eller lämna tomt när inget behövs.")


class NotWholePieces(Refused):
    message = msg("Stycken anges i hela tal, till exempel 12.")


class TooExact(Refused):
    message = msg("Skriv högst tre decimaler.")


class ClosesTooLate(Refused):
    message = msg("Omgången måste stänga efter nu, och innan den första veckan börjar.")


class WrongWeeks(Refused):
    message = msg("Välj mellan en och %(most)s veckor, från och med nästa vecka.")


class NoProducts(Refused):
    message = msg("Skriv minst en vara som köken ska svara om.")


class SameProductTwice(Refused):
    message = msg("Varan %(name)s står två gånger. Ge dem olika namn, till exempel med sort eller storlek.")


class CategoryIsNotOpen(Refused):
    message = msg("Systemet gäller inte nu, så inga nya behov kan samlas in i det.")


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A product of a round, a kitchen, and the Monday of a week."""

    product_id: int
    kitchen_id: int
    week_on: date


@dataclass(frozen=True, slots=True)
class Change:
    """What a cell held and will hold, in steps; 0 is nothing."""

    cell: Cell
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class AskedProduct:
    """A product as the officer describes it."""

    name: str
    unit: Unit
    description: str = ""


def weeks_from(first: date, end: date) -> list[date]:
    """The Mondays from `first` up to, not including, `end`."""
    return [first + n * ONE_WEEK for n in range((end - first).days // 7)]


def checked_steps(steps: int, unit: Unit) -> int:
    """The steps when they are possible as one week's need. Raises NegativeNeed or TooMuchNeeded."""
    most = MOST_A_WEEK * unit.steps
    if steps < 0:
        raise NegativeNeed
    if steps > min(most, LARGEST):
        raise TooMuchNeeded(most=Quantity(most, unit))
    return steps


def changes(before: Mapping[Cell, int], after: Mapping[Cell, int]) -> list[Change]:
    """What the cells of `after` change; cells that it does not name stay as they are."""
    return [
        Change(cell, before.get(cell, 0), steps)
        for cell, steps in sorted(after.items())
        if before.get(cell, 0) != steps
    ]


def fingerprint(stated: Mapping[Cell, int]) -> str:
    """Tells whether what is stored is still what a page showed."""
    written = ";".join(
        f"{cell.product_id},{cell.kitchen_id},{cell.week_on.isoformat()},{steps}"
        for cell, steps in sorted(stated.items())
    )
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def check_products(products: Iterable[AskedProduct]) -> list[AskedProduct]:
    """At least one, each name once. Raises NoProducts or SameProductTwice."""
    kept, seen = list(products), set[str]()
    for product in kept:
        name = product.name.casefold()
        if name in seen:
            raise SameProductTwice(name=product.name)
        seen.add(name)
    if not kept:
        raise NoProducts
    return kept
