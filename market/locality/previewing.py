"""What a definition would mean: who is in and who is not, against the one in force; before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geodata.travel import TravelEngine
from market.locality.judging import Standing, answers, newcomers, standing
from market.locality.queries import products_with_chains
from market.locality.stated import Stated
from market.register.models import Category, Producer, Product

UNCLEAR: dict[str, Any] = {"is_local": None, "shape": "diamond"}
"""How the map draws a producer that nobody can tell of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A draft beside the definition in force. Producers by name, categories in the report's order."""

    draft: Stated
    current: Stated
    inside: Standing
    coming: Sequence[Producer]
    leaving: Sequence[Producer]
    new_categories: Sequence[Category]
    lost_categories: Sequence[Category]
    products: Sequence[Product]

    @property
    def producers(self) -> int:
        """How many producers there are to judge."""
        return len({product.producer_id for product in self.products})

    @property
    def categories(self) -> list[Category]:
        return in_order(self.inside.categories.values())


def preview(
    session: Session, *, draft: Stated, current: Stated, on: date, travel: TravelEngine | None = None
) -> Preview:
    """Every product of every producer, judged twice."""
    products = products_with_chains(session)
    after, before = (
        standing(products, answers(products, stated, on=on, travel=travel)) for stated in (draft, current)
    )
    return Preview(
        draft=draft,
        current=current,
        inside=after,
        coming=newcomers(before, after),
        leaving=newcomers(after, before),
        new_categories=in_order(c for key, c in after.categories.items() if key not in before.categories),
        lost_categories=in_order(c for key, c in before.categories.items() if key not in after.categories),
        products=products,
    )


def features(shown: Preview, *, unclear: str) -> dict[str, Any]:
    """GeoJSON for map.js: the draft's area, and each producer where its production starts, local, not or `unclear`, in words."""
    starts = {product.producer: product.chain[0].site for product in shown.products if product.chain}
    places = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(site.lon, 5), round(site.lat, 5)]},
            "properties": {"id": f"producer-{producer.id}", "title": producer.name, **_look(shown, producer)},
        }
        for producer, site in starts.items()
    ]
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [*shown.draft.area()["features"], *places],
    }
    if shown.inside.unclear:
        collection["legend"] = [{"shape": UNCLEAR["shape"], "label": unclear}]
    return collection


def _look(shown: Preview, producer: Producer) -> dict[str, Any]:
    if producer.id in shown.inside.producers:
        return {"is_local": True, "shape": "circle"}
    if producer.id in shown.inside.unclear:
        return UNCLEAR
    return {"is_local": False, "shape": "square"}


def in_order(categories: Iterable[Category]) -> list[Category]:
    return sorted(categories, key=lambda category: category.position)
