"""Products and producers under a definition: verdicts, who is in, which categories, and what a change does.

For maps, lists and statistics only. Nothing here may reach a procurement's requirements, evaluation or award
(LOU 4 kap. 1 §).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geodata.local import Answer, ProductionSite, Step, Verdict, verdict
from geodata.many import verdict_many
from geodata.points import Point
from geodata.travel import Estimator, TravelEngine
from market.locality.stated import Stated
from market.register.models import Category, Producer, Product

Chain = tuple[ProductionSite, ...]


def chain_of(product: Product) -> Chain:
    """The product's steps and where they happen, as geodata reads them."""
    return tuple(
        ProductionSite(
            step=Step(link.step.value),
            point=Point(lat=link.site.lat, lon=link.site.lon),
            municipality_code=link.site.municipality_code,
            name=link.site.name,
        )
        for link in product.chain
    )


def judge(chain: Chain, stated: Stated, *, on: date, travel: TravelEngine | None = None) -> Verdict:
    """One chain under one definition."""
    return verdict(
        stated.definition,
        authority_code=stated.code,
        sites=chain,
        kitchen=stated.point,
        kitchen_name=stated.kitchen.name if stated.kitchen else "",
        travel=travel or Estimator(),
        on=on,
    )


def judge_all(
    products: Sequence[Product], stated: Stated, *, on: date, travel: TravelEngine | None = None
) -> dict[int, Verdict]:
    """A verdict for each product, by its id; products with the same chain are judged once."""
    engine = travel or Estimator()
    chains = {product.id: chain_of(product) for product in products}
    found = {chain: judge(chain, stated, on=on, travel=engine) for chain in dict.fromkeys(chains.values())}
    return {product_id: found[chain] for product_id, chain in chains.items()}


def answers(
    products: Sequence[Product], stated: Stated, *, on: date, travel: TravelEngine | None = None
) -> dict[int, Answer]:
    """Only the answer for each product, by its id: the fast path, for whole registers."""
    chains = {product.id: chain_of(product) for product in products}
    table = verdict_many(
        list(chains.values()),
        definitions={stated.code: stated.definition},
        kitchens={stated.code: stated.point} if stated.point else {},
        travel=travel,
        on=on,
    )
    return dict(zip(chains, table.answers(stated.code), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who and what is local: producers with something that is, by id, and the categories of that by key."""

    producers: Mapping[int, Producer]
    categories: Mapping[str, Category]
    unclear: Mapping[int, Producer]
    """Producers with nothing that surely is, but something that may be."""
    local: Sequence[Product]


def standing(products: Sequence[Product], found: Mapping[int, Answer]) -> Standing:
    """What the answers amount to."""
    local = [product for product in products if found[product.id] is Answer.YES]
    maybe = [product for product in products if found[product.id] is Answer.UNCERTAIN]
    inside = {product.producer_id: product.producer for product in local}
    return Standing(
        producers=inside,
        categories={product.category_key: product.category for product in local},
        unclear={p.producer_id: p.producer for p in maybe if p.producer_id not in inside},
        local=local,
    )


def newcomers(before: Standing, after: Standing) -> list[Producer]:
    """Producers that are in `after` and not in `before`, by name; turned round, those that drop out."""
    return sorted(
        (producer for key, producer in after.producers.items() if key not in before.producers),
        key=lambda producer: producer.name,
    )
