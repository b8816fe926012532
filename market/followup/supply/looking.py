"""Who produces what inside an area, and need against supply there: what the pages, the map and the letters say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from geodata.areas import Municipality
from geodata.travel import TravelEngine
from market.actors import Actor
from market.followup.figures import PER_CENT
from market.followup.rules import part_of
from market.followup.supply.areas import inside, municipality_of, start_of
from market.followup.supply.gaps import Closing, Need, Place, Row, closings, matrix
from market.followup.supply.joining import candidates
from market.followup.supply.need_queries import Whose, needs, watching, whose_need
from market.followup.supply.queries import left_of_offers, ordered_of, received_from, suppliers_since
from market.followup.supply.rules import Area, Look, When, added, looking, year_earlier
from market.followup.supply.supplying import Supplied, supplied
from market.locality.queries import products_with_chains, stated_by
from market.locality.stated import Stated
from market.register.models import Authority, Category, Kitchen, Producer, Product, ProductionSite
from market.register.queries import categories

PUBLIC_DECIMALS = 2
"""A farm is often a home: positions are rounded to about a kilometre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to look at. `category_key` none: all."""

    area: Area = Area.OWN
    look: Look = Look.AHEAD
    category_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducerRow:
    """A producer with something that is made inside: what, where that begins, and grams offered by month."""

    producer: Producer
    site: ProductionSite | None
    kinds: Sequence[Category]
    by_month: Mapping[int, int]

    @property
    def grams(self) -> int:
        return sum(self.by_month.values())

    @property
    def municipality(self) -> Municipality | None:
        return municipality_of(self.site) if self.site else None

    @property
    def lon_lat(self) -> tuple[float, float] | None:
        if self.site is None:
            return None
        return round(self.site.lon, PUBLIC_DECIMALS), round(self.site.lat, PUBLIC_DECIMALS)


@dataclass(frozen=True, kw_only=True)
class Supply:
    """Everything that was read: products with their answers, needs and offers by month."""

    asked: Asked
    authority: Authority
    stated: Stated
    when: When
    kinds: Sequence[Category]
    products: Sequence[Product]
    inside_ids: frozenset[int]
    unclear_ids: frozenset[int]
    needs: Mapping[Place, Need]
    supplied: Supplied
    watching: Mapping[str, int]
    supplier_ids: frozenset[int]
    is_one_kitchen: bool

    @cached_property
    def inside(self) -> list[Product]:
        return [one for one in self.products if one.id in self.inside_ids]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Need against supply, of the chosen category or of all."""
        total: dict[Place, int] = {}
        for (_, key), by_month in self.supplied.inside.items():
            for month, grams in by_month.items():
                total[key, month] = total.get((key, month), 0) + grams
        return matrix([kind.key for kind in self.kinds], self.when.months, self.needs, total)

    @cached_property
    def known_rows(self) -> list[Row]:
        """Those of which anything is known."""
        return [row for row in self.rows if row.needed or row.offered]

    @property
    def needed(self) -> int:
        return sum(row.needed for row in self.rows)

    @property
    def missing(self) -> int:
        return sum(row.missing for row in self.rows)

    @property
    def missing_per_cent(self) -> int:
        return part_of(PER_CENT, own=self.missing, whole=self.needed)

    @cached_property
    def producers(self) -> list[ProducerRow]:
        """Those with something inside, of the chosen category or of any, by name."""
        keys = {kind.key: kind for kind in self.kinds}
        own: dict[int, list[Product]] = {}
        for one in self.inside:
            if one.category_key in keys:
                own.setdefault(one.producer_id, []).append(one)
        found = [self._producer(products, keys) for products in own.values()]
        return sorted(found, key=lambda row: (row.producer.name.casefold(), row.producer.id))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many producers there are inside, by category."""
        met = {(one.category_key, one.producer_id) for one in self.inside}
        return {kind.key: sum(1 for key, _ in met if key == kind.key) for kind in self.kinds}

    @cached_property
    def without_anyone(self) -> list[Category]:
        """Categories that nobody inside produces."""
        return [kind for kind in self.kinds if not self.counts[kind.key]]

    @cached_property
    def unclear(self) -> int:
        """How many producers have something of which nobody can tell, and nothing inside."""
        sure = {one.producer_id for one in self.inside}
        return len({one.producer_id for one in self.products if one.id in self.unclear_ids} - sure)

    @cached_property
    def producer_names(self) -> dict[int, str]:
        """Of every producer, by id."""
        return {one.producer_id: one.producer.name for one in self.products}

    @cached_property
    def places(self) -> dict[int, Municipality]:
        """Where each producer's production begins, by its id."""
        first = {one.producer_id: start_of(one) for one in reversed(self.products) if one.chain}
        return {producer_id: municipality_of(site) for producer_id, site in first.items()}

    @property
    def joining(self) -> list[Closing]:
        """Which producers of the register would close most of what is missing."""
        return [one for one in self.closings if one.candidate.producer_id is not None]

    @property
    def newcomers(self) -> list[Closing]:
        """What one more producer like the others would close, by category."""
        return [one for one in self.closings if one.candidate.producer_id is None]

    @cached_property
    def closings(self) -> list[Closing]:
        found = candidates(self.products, self.supplied, supplier_ids=self.supplier_ids)
        return closings(self.rows, self.when.months, found)

    def _producer(self, products: Sequence[Product], keys: Mapping[str, Category]) -> ProducerRow:
        made = [one for one in products if one.chain]
        kinds = {one.category_key: keys[one.category_key] for one in products}
        return ProducerRow(
            producer=products[0].producer,
            site=start_of(made[0]) if made else None,
            kinds=sorted(kinds.values(), key=lambda kind: kind.position),
            by_month=added(
                self.supplied.inside.get((products[0].producer_id, key), {}) for key in sorted(kinds)
            ),
        )


def look(
    session: Session, *, actor: Actor, asked: Asked, today: date, travel: TravelEngine | None = None
) -> Supply | None:
    """The same number of queries whatever there is. None for who belongs to no authority."""
    whose = whose_need(actor)
    if whose is None:
        return None
    when, authority = looking(today, asked.look), session.get_one(Authority, whose.authority_id)
    stated = _stated(session, authority, whose, today)
    products = products_with_chains(session)
    sure, unclear = inside(products, asked.area, stated, on=today, travel=travel)
    return Supply(
        asked=asked,
        authority=authority,
        stated=stated,
        when=when,
        kinds=[kind for kind in categories(session) if asked.category_key in (None, kind.key)],
        products=products,
        inside_ids=sure,
        unclear_ids=unclear,
        needs=needs(session, whose=whose, when=when),
        supplied=_supplied(session, products, sure, whose=whose, area=asked.area, when=when),
        watching=watching(session, whose=whose, today=today),
        supplier_ids=suppliers_since(session, authority_id=authority.id, month=year_earlier(when.this_month)),
        is_one_kitchen=whose.kitchen_id is not None,
    )


def _supplied(
    session: Session,
    products: Sequence[Product],
    inside_ids: frozenset[int],
    *,
    whose: Whose,
    area: Area,
    when: When,
) -> Supplied:
    left = left_of_offers(session, authority_id=whose.authority_id, when=when)
    return supplied(
        products,
        inside_ids,
        area,
        open_by_product=[left, ordered_of(session, whose=whose, when=when)],
        received=received_from(session, whose=whose, when=when),
        when=when,
    )


def _stated(session: Session, authority: Authority, whose: Whose, today: date) -> Stated:
    """The definition in force; for a kitchen's people as seen from their kitchen."""
    stated = stated_by(session, authority=authority, day=today)
    kitchen = session.get(Kitchen, whose.kitchen_id) if whose.kitchen_id else None
    return stated.seen_from(kitchen) if kitchen else stated
