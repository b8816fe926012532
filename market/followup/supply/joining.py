"""Which producers could join, and how much each could be expected to bring."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from market.followup.supply.gaps import Candidate, Ground
from market.followup.supply.rules import added
from market.followup.supply.supplying import ByMonth, Supplied
from market.register.models import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """What a producer of a category offers in the mean, by month; `of` how many offered something."""

    by_month: ByMonth
    of: int


def typical(offers: Iterable[tuple[int, ByMonth]]) -> Typical:
    """From producers' ids and what each offers of a category by month."""
    rows = list(offers)
    of = len({producer_id for producer_id, _ in rows})
    total = added(by_month for _, by_month in rows)
    return Typical(by_month={month: grams // of for month, grams in total.items()} if of else {}, of=of)


def candidates(
    products: Sequence[Product], supplied: Supplied, *, supplier_ids: Collection[int]
) -> list[Candidate]:
    """Each producer that does not deliver to the authority and offers nothing inside, by category; and one that is not there yet.

    One that offers something outside the area counts with that; one that offers nothing, with what others of its kind offer.
    """
    sellers: dict[str, set[int]] = {}
    for product in products:
        sellers.setdefault(product.category_key, set()).add(product.producer_id)
    found = []
    for key, producer_ids in sellers.items():
        others = typical(
            (who, by_month)
            for part in (supplied.inside, supplied.outside)
            for (who, category), by_month in part.items()
            if category == key
        )
        for producer_id in sorted(producer_ids - set(supplier_ids)):
            if (producer_id, key) not in supplied.inside:
                outside = supplied.outside.get((producer_id, key), {})
                found.append(_joining(producer_id, key, outside, others))
        if others.of:
            found.append(_joining(None, key, {}, others))
    return found


def _joining(producer_id: int | None, key: str, outside: ByMonth, others: Typical) -> Candidate:
    ground = Ground.OFFERS if outside else Ground.TYPICAL if others.of else Ground.NONE
    return Candidate(
        producer_id=producer_id,
        category_key=key,
        by_month=outside or others.by_month,
        ground=ground,
        others=others.of if ground is Ground.TYPICAL else 0,
    )
