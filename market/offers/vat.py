"""VAT by the day of supply, from the dated table of what the law sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from market.law.models import LawValue
from market.law.queries import law_values
from market.law.rules import LawKey
from market.register.models import Product


@dataclass(frozen=True, slots=True)
class VatRates:
    """What is in force when; read once for a page."""

    values: Sequence[LawValue]

    def percent(self, product: Product, day: date) -> Decimal | None:
        """Per cent on a product supplied on `day`; None where nobody has entered what is in force."""
        key = LawKey.VAT_ALCOHOL if product.is_alcohol else LawKey.VAT_FOOD
        found = (one.value for one in self.values if one.key is key and one.holds_on(day))
        return next(found, None)

    def food(self, day: date) -> Decimal | None:
        """Per cent on food supplied on `day`."""
        return next(
            (one.value for one in self.values if one.key is LawKey.VAT_FOOD and one.holds_on(day)), None
        )

    def percents(self, product: Product, *, first: date, last: date) -> list[tuple[date, Decimal]]:
        """Each rate from the first day of supply on, with the day that it begins to be used."""
        days = [first, *sorted(v.valid_from for v in self.values if first < v.valid_from <= last)]
        rates = [(day, rate) for day in days if (rate := self.percent(product, day)) is not None]
        return [now for n, now in enumerate(rates) if n == 0 or rates[n - 1][1] != now[1]]


def vat_rates(session: Session) -> VatRates:
    keys = (LawKey.VAT_FOOD, LawKey.VAT_ALCOHOL)
    return VatRates([value for value in law_values(session) if value.key in keys])


def with_vat(price: Decimal, percent: Decimal) -> Decimal:
    """A unit price including VAT, unrounded."""
    return price * (100 + percent) / 100
