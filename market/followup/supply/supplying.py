"""What an authority could have of each producer and category, inside an area and outside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from market.followup.supply.rules import Area, When, added, year_earlier
from market.register.models import Product

ByMonth = Mapping[int, int]
Seller = tuple[int, str]
"""A producer's id and a category's key."""


class Received(NamedTuple):
    """Grams that were delivered, and how many of them were local by the definition on their day."""

    grams: int
    local_grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """Grams by month of each seller with something; what it offers inside the area apart from what it offers outside."""

    inside: Mapping[Seller, ByMonth]
    outside: Mapping[Seller, ByMonth]


def supplied(
    products: Sequence[Product],
    inside_ids: Collection[int],
    area: Area,
    *,
    open_by_product: Sequence[Mapping[int, ByMonth]],
    received: Mapping[Seller, Mapping[int, Received]],
    when: When,
) -> Supplied:
    """What is left of offers and what is ordered, by product; and what was received, of which the deliveries know no product.

    Received goods were inside where the producer makes something of the category inside; of months that are over, inside the
    own definition as they were judged on their day.
    """
    parts: dict[bool, dict[Seller, list[ByMonth]]] = {True: defaultdict(list), False: defaultdict(list)}
    here = {(one.producer_id, one.category_key) for one in products if one.id in inside_ids}
    for product in products:
        for by_product in open_by_product:
            if by_month := by_product.get(product.id):
                is_inside = product.id in inside_ids
                parts[is_inside][product.producer_id, product.category_key].append(by_month)
    for seller, months in received.items():
        for month, came in months.items():
            is_judged = area is Area.OWN and not when.coming
            is_here = area is Area.ALL or seller in here
            within = came.local_grams if is_judged else came.grams * is_here
            parts[True][seller].append({month: within})
            parts[False][seller].append({month: came.grams - within})
    return Supplied(inside=_expected(parts[True], when), outside=_expected(parts[False], when))


def _expected(parts: Mapping[Seller, Sequence[ByMonth]], when: When) -> dict[Seller, ByMonth]:
    """Of the months that are looked at; a coming one has at least what the same month had a year earlier."""
    coming = set(when.coming)
    found: dict[Seller, ByMonth] = {}
    for seller, by_months in parts.items():
        total = added(by_months)
        months = {
            month: max(total.get(month, 0), total.get(year_earlier(month), 0) if month in coming else 0)
            for month in when.months
        }
        if kept := {month: grams for month, grams in months.items() if grams}:
            found[seller] = kept
    return found
