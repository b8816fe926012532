"""Turning the table of farms into producers, sites with collection hours, and products with their chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from sqlalchemy.orm import Session

from market.demo.farms import FARMS, FarmSpec
from market.demo.goods import Goods
from market.demo.places import Place
from market.register import queries as register
from market.register.models import (
    Category,
    Producer,
    Product,
    ProductionSite,
    SiteWindow,
    SizeClass,
    Step,
)
from market.register.operations import add_product

HOUR = 3600
COLLECTION_HOURS = (
    (5 * HOUR + 1800, 12 * HOUR),
    (5 * HOUR, 15 * HOUR),
    (6 * HOUR, 14 * HOUR),
)
"""Daily collection windows in seconds after midnight: one farm's, the next one's, and so on from the start."""
COLLECTION_NOTES = (
    "Lastas vid ladan. Varorna står framme på pall.",
    "Ring en kvart innan. Kylrummet är till vänster om porten.",
    "Vänd på gårdsplanen, vägen är smal. Låst grind: koden finns på följesedeln.",
)
SIZES = (SizeClass.MICRO, SizeClass.MICRO, SizeClass.MICRO, SizeClass.SMALL, SizeClass.MICRO, None)
"""Most are a family and some hands; now and then one has not said."""
STEP_NAMES = {
    Step.FARM: "Gården",
    Step.SLAUGHTER: "Slakt",
    Step.PROCESSING: "Förädling",
    Step.PACKING: "Packning",
}


@dataclass(frozen=True, slots=True)
class Ware:
    """A product of a farm in the demo, with what the table says of both."""

    product: Product
    farm: FarmSpec
    goods: Goods

    @property
    def home(self) -> ProductionSite:
        """Where the goods are collected: the producer's first site."""
        return self.product.producer.sites[0]


def add_producers(
    session: Session, *, rng: Random, entered_by: int, at: datetime
) -> tuple[dict[str, Producer], list[Ware]]:
    """All producers by name, and all their wares in the table's order. `entered_by` is a user's id."""
    categories = {category.key: category for category in register.categories(session)}
    producers = {farm.name: _producer(farm, number, rng, at) for number, farm in enumerate(FARMS)}
    session.add_all(producers.values())
    session.flush()
    make = partial(_product, session, categories=categories, entered_by=entered_by, at=at)
    wares = [
        Ware(make(producer=producers[farm.name], farm=farm, goods=goods), farm, goods)
        for farm in FARMS
        for goods in farm.goods
    ]
    return producers, wares


def _producer(farm: FarmSpec, number: int, rng: Random, at: datetime) -> Producer:
    # 070-174 06 05 to 06 99 are set aside for invented people by the Swedish telecom authority (PTS).
    phone = f"070-174 06 {5 + number:02d}"
    wares = ", ".join(goods.name.lower() for goods in farm.goods)
    return Producer(
        name=farm.name,
        phone=phone,
        story=f"Påhittad producent i {farm.place.name}, för demon. Säljer {wares}.",
        size=SIZES[number % len(SIZES)],
        is_demo=True,
        created_at=at,
        sites=_sites(farm, number, rng),
    )


def _sites(farm: FarmSpec, number: int, rng: Random) -> list[ProductionSite]:
    """The home site first, with collection hours, then one for each step elsewhere."""
    home = _site(f"{farm.title}, {farm.place.name} (demo)", farm.place, rng)
    opens, closes = COLLECTION_HOURS[number % len(COLLECTION_HOURS)]
    home.windows = [SiteWindow(weekday=day, opens_s=opens, closes_s=closes) for day in range(1, 6)]
    home.collection_note = COLLECTION_NOTES[number % len(COLLECTION_NOTES)]
    return [home, *(_site(_name_of(step, p), p, rng) for step, p in farm.elsewhere.items())]


def _name_of(step: Step, place: Place) -> str:
    return f"{STEP_NAMES[step]} i {place.name} (demo)"


def _site(name: str, place: Place, rng: Random) -> ProductionSite:
    lat, lon = place.near(rng)
    return ProductionSite(
        name=name, address=place.name, lat=lat, lon=lon, municipality_code=place.municipality_code
    )


def _product(
    session: Session,
    *,
    producer: Producer,
    farm: FarmSpec,
    goods: Goods,
    categories: Mapping[str, Category],
    entered_by: int,
    at: datetime,
) -> Product:
    return add_product(
        session,
        producer=producer,
        name=goods.name,
        category=categories[goods.category],
        unit=goods.unit,
        grams_per_unit=goods.grams_per_unit,
        chain=_chain(producer.sites, farm, goods),
        is_organic=farm.is_organic,
        temperature=goods.temperature,
        user_id=entered_by,
        at=at,
    )


def _chain(
    sites: Sequence[ProductionSite], farm: FarmSpec, goods: Goods
) -> list[tuple[Step, ProductionSite]]:
    """Each step of the goods at home, unless the farm has it done elsewhere."""
    by_name = {site.name: site for site in sites}
    where = {step: by_name[_name_of(step, place)] for step, place in farm.elsewhere.items()}
    return [(step, where.get(step, sites[0])) for step in goods.steps]
