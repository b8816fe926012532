"""Which products are inside: the authority's definition, its county, or the counties around it too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from geodata import areas
from geodata.local import Answer
from geodata.travel import TravelEngine
from market.followup.supply.rules import Area
from market.locality.judging import answers
from market.locality.stated import Stated
from market.register.models import Product, ProductionSite
from market.register.places import located_code


def inside(
    products: Sequence[Product],
    area: Area,
    stated: Stated,
    *,
    on: date,
    travel: TravelEngine | None = None,
) -> tuple[frozenset[int], frozenset[int]]:
    """The ids of those inside, and of those of which nobody can tell. One without a chain is nowhere."""
    made = [product for product in products if product.chain]
    if area is Area.OWN:
        found = answers(made, stated, on=on, travel=travel)
        return _with(found, Answer.YES), _with(found, Answer.UNCERTAIN)
    if area is Area.ALL:
        return frozenset(product.id for product in products), frozenset()
    counties = counties_of(stated.code, area)
    return frozenset(product.id for product in made if county_of(start_of(product)) in counties), frozenset()


def counties_of(code: str, area: Area) -> frozenset[str]:
    """The codes of the municipality's county, for the region with those that border it."""
    own = areas.municipality(code).county_code
    return around(own) if area is Area.REGION else frozenset({own})


def start_of(product: Product) -> ProductionSite:
    """Where its production begins. Only for a product with a chain."""
    return product.chain[0].site


def municipality_of(site: ProductionSite) -> areas.Municipality:
    """As declared, else as the map says."""
    return areas.municipality(site.municipality_code or _on_the_map(site.lat, site.lon))


def county_of(site: ProductionSite) -> str:
    return municipality_of(site).county_code


@cache
def around(county_code: str) -> frozenset[str]:
    """A county and those it borders."""
    met = [
        other.county_code
        for one in areas.municipalities(county_code=county_code)
        for other in areas.neighbours(one.code)
    ]
    return frozenset({county_code, *met})


@cache
def _on_the_map(lat: float, lon: float) -> str:
    return located_code(lat, lon)


def _with(found: dict[int, Answer], answer: Answer) -> frozenset[int]:
    return frozenset(product_id for product_id, one in found.items() if one is answer)
