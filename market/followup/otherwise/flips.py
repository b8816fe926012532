"""Which products count in one municipality and not in another, and why: the reasons that geodata gives for each verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geodata.local import LocalDefinition, Reason, verdict
from geodata.travel import Estimator
from market.followup.otherwise.answers import ANY_DAY, Key, Pair, Seen
from market.followup.otherwise.queries import ProductGroup
from market.followup.rules import Verdict

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A product that was judged one way when it was delivered and is judged another way by somebody else's definition."""

    product_name: str
    producer_name: str
    category_key: str
    own: Verdict
    theirs: Verdict
    ore: int
    grams: int
    pair: Pair
    sha256: str
    row_id: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A flip with the reason that decided then, and the one that decides by theirs."""

    flip: Flip
    own_reason: Reason
    their_reason: Reason


def flips_of(
    products: Iterable[ProductGroup], shas: Sequence[str], answers: Mapping[Key, Verdict]
) -> list[Flip]:
    """One for each product, own verdict and other verdict, the most expensive first; `shas` are by piece of the period.

    Where several kitchens or days are added up, the reason is of the dearest of them.
    """
    parts: dict[tuple[str, str, str, Verdict, Verdict], list[Flip]] = defaultdict(list)
    for product in products:
        flip = _flip(product, shas[product.group.piece], answers)
        if flip.own is not flip.theirs:
            named = (flip.product_name, flip.producer_name, flip.category_key)
            parts[*named, flip.own, flip.theirs].append(flip)
    return sorted(map(_added, parts.values()), key=lambda flip: (-flip.ore, flip.product_name))


def explained(
    flips: Iterable[Flip],
    *,
    seen: Seen,
    theirs: Mapping[str, LocalDefinition],
    then: Mapping[int, LocalDefinition],
) -> list[Explained]:
    """`theirs` by hash, `then` (what judged at the delivery) by row."""
    return [
        Explained(
            flip,
            _reason(then[flip.row_id], flip.pair, seen),
            _reason(theirs[flip.sha256], flip.pair, seen),
        )
        for flip in flips
    ]


def _flip(product: ProductGroup, sha256: str, answers: Mapping[Key, Verdict]) -> Flip:
    group = product.group
    return Flip(
        product_name=product.product_name,
        producer_name=product.producer_name,
        category_key=group.category_key,
        own=group.own,
        theirs=answers[(*group.pair, sha256)],
        ore=group.ore,
        grams=group.grams,
        pair=group.pair,
        sha256=sha256,
        row_id=product.row_id,
    )


def _added(same: Sequence[Flip]) -> Flip:
    dearest = max(same, key=lambda flip: flip.ore)
    return Flip(
        product_name=dearest.product_name,
        producer_name=dearest.producer_name,
        category_key=dearest.category_key,
        own=dearest.own,
        theirs=dearest.theirs,
        ore=sum(flip.ore for flip in same),
        grams=sum(flip.grams for flip in same),
        pair=dearest.pair,
        sha256=dearest.sha256,
        row_id=dearest.row_id,
    )


def _reason(definition: LocalDefinition, pair: Pair, seen: Seen) -> Reason:
    chain_id, vantage_id = pair
    found = verdict(
        definition,
        authority_code=seen.code(vantage_id),
        sites=seen.chains[chain_id],
        kitchen=seen.point(vantage_id),
        travel=Estimator(),
        on=ANY_DAY,
    )
    return found.deciding[0]
