"""Made deliveries for follow-up, in bulk: seeded, with the orders, receipts, grades, sums and arrivals that belong to them.

One large authority (60 kitchens, 200 producers) or 290 of three kitchens each, over three years of weekdays. Orders of 5 to 150 kg in
21 categories, prices of 8 to 180 kr/kg, one line in 25 deviates, one in three gets a grade; a definition of local that changes each
year, in the middle of a month. Foreign keys are off while it fills: all that is named exists in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, String, cast, func, insert, literal, select, text
from sqlalchemy.orm import Session

from geodata.areas import municipalities, seat
from geodata.local import InCounties, LocalDefinition, own_county
from market.accounts.operations import add_user, give_role
from market.accounts.rules import Role
from market.db import transaction
from market.followup.adding import KEY
from market.followup.models import Arrival, Chain, Delivered, DeliveredSum, FollowupSettings, Vantage
from market.followup.places import sha256_of
from market.followup.queries import amounts_in_sql
from market.followup.rules import month_of, week_of
from market.locality.models import DefinitionVersion
from market.locality.stated import stored_form
from market.offers.models import Offer
from market.register.models import (
    Authority,
    Category,
    ChainLink,
    Kitchen,
    KitchenKind,
    Procedure,
    Producer,
    Product,
    ProductionSite,
    Step,
    TransportModel,
)
from market.values import Unit

FIRST, YEARS = date(2024, 1, 1), 3
MADE_AT = datetime(2023, 12, 1, 8, tzinfo=UTC)
CHANGES = (date(2023, 1, 1), date(2024, 10, 15), date(2025, 9, 17), date(2026, 3, 12))
SIZES = (None, "micro", "small", "medium", "large")
DEVIATIONS = ("short", "damaged", "temperature", "wrong_goods")
A_BATCH = 20_000
EMAIL = "kostchef@example.se"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How many of each; kitchens are each authority's, producers are all authorities'."""

    name: str
    authorities: int
    kitchens: int
    producers: int
    deliveries: int
    seed: int = 7


def giant(deliveries: int) -> World:
    return World(name="one", authorities=1, kitchens=60, producers=200, deliveries=deliveries)


def many(deliveries: int) -> World:
    return World(name="290", authorities=290, kitchens=3, producers=1_200, deliveries=deliveries)


def fill(engine: Engine, world: World) -> None:
    """Everything; the meal manager of the first authority signs in as EMAIL."""
    with transaction(engine) as session:
        _register(session, world)
    with engine.connect().execution_options(narmat_writes=True) as connection:
        _without_keys(connection)
        _copy(connection, Delivered.__table__.insert(), _rows(world, _known(connection)))
        for statement in (*_orders(), _sums(), _arrivals()):
            connection.execute(statement)
        connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()
    engine.dispose()


def _without_keys(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
    else:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _register(session: Session, world: World) -> None:
    """Authorities at municipalities' seats with a definition a year, kitchens about them, producers with a site and a product each."""
    rng = np.random.default_rng(world.seed)
    categories = sorted(session.scalars(select(Category.key)))
    places = municipalities()
    for n in range(world.authorities):
        _authority(session, places[n * len(places) // world.authorities].code, n, world, rng)
    for n in range(world.producers):
        code = places[n * len(places) // world.producers].code
        lat, lon = _near(rng, code)
        size, name = SIZES[n % len(SIZES)], f"Gård {n:04}"
        site = ProductionSite(name=name, lat=lat, lon=lon, municipality_code=code)
        producer = Producer(name=name, size=size, is_sole_trader=n % 3 == 0, sites=[site], created_at=MADE_AT)
        product = Product(
            producer=producer, category_key=categories[n % len(categories)], name=f"Vara {n:04}",
            unit=Unit.KILOGRAM, grams_per_unit=1000, chain=[ChainLink(position=1, step=Step.FARM, site=site)],
        )  # fmt: skip
        session.add(product)
        session.flush()
        session.add(_offer(product, site))
        sites = [{"step": "farm", "lat": lat, "lon": lon, "code": code, "name": name}]
        session.add(Chain(sha256=sha256_of(sites), sites=sites))
    session.flush()


def _authority(session: Session, code: str, number: int, world: World, rng: np.random.Generator) -> None:
    authority = Authority(
        name=f"Kommun {number:03}", municipality_code=code, procedure=Procedure.DIRECT_AWARD,
        transport_model=TransportModel.PRODUCER_DELIVERS, created_at=MADE_AT,
    )  # fmt: skip
    session.add(authority)
    session.flush()
    for n in range(world.kitchens):
        lat, lon = _near(rng, code)
        kitchen = Kitchen(
            authority=authority, name=f"Kök {n:03}", kind=KitchenKind.HUB, lat=lat, lon=lon, portions=200
        )
        session.add_all([kitchen, Vantage(municipality_code=code, lat=lat, lon=lon)])
    for n, first in enumerate(CHANGES):
        rule = own_county() if n % 2 else LocalDefinition(rule=InCounties((code[:2], "03")))
        session.add(
            DefinitionVersion(
                authority_id=authority.id,
                number=n + 1,
                definition=stored_form(rule),
                valid_from=first,
                valid_to=CHANGES[n + 1] if n + 1 < len(CHANGES) else None,
                created_at=MADE_AT,
            )
        )
    session.add(
        FollowupSettings(authority_id=authority.id, is_open=True, opened_on=FIRST, changed_at=MADE_AT)
    )
    if number == 0:
        user = add_user(
            session, email=EMAIL, name="Kostchef", password_hash=None, by_user_id=None, at=MADE_AT
        )
        give_role(
            session, user=user, role=Role.MEAL_MANAGER, authority_id=authority.id, by_user_id=None, at=MADE_AT
        )


def _near(rng: np.random.Generator, code: str) -> tuple[float, float]:
    centre = seat(code)
    return (
        float(np.clip(centre.lat + rng.normal(0, 0.12), 55.2, 69.0)),
        float(np.clip(centre.lon + rng.normal(0, 0.2), 11.0, 24.0)),
    )


def _offer(product: Product, site: ProductionSite) -> Offer:
    return Offer(
        product=product, site=site, unit=Unit.KILOGRAM, posted=2_000_000_000, reserved=0, price=40,
        available_from=FIRST, available_until=FIRST + timedelta(days=366 * YEARS), created_at=MADE_AT,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    """What is registered, in order of id."""

    kitchens: Sequence[Any]
    producers: Sequence[Any]
    versions: dict[int, Sequence[Any]]


def _known(connection: Connection) -> _Known:
    kitchens = connection.execute(select(Kitchen.id, Kitchen.authority_id).order_by(Kitchen.id)).all()
    producers = connection.execute(
        select(
            Producer.id,
            Producer.name,
            Producer.is_sole_trader,
            Producer.size,
            Product.category_key,
            Product.name,
        )
        .join(Product, Product.producer_id == Producer.id)
        .order_by(Producer.id)
    ).all()
    versions: dict[int, list[Any]] = {}
    query = select(DefinitionVersion).order_by(DefinitionVersion.authority_id, DefinitionVersion.number)
    for one in connection.execute(query):
        versions.setdefault(one.authority_id, []).append(one)
    return _Known(kitchens, producers, dict(versions))


def _rows(world: World, known: _Known) -> Iterator[dict[str, Any]]:
    """The frozen lines in order of time; kitchen n has vantage n, producer n chain n and offer n."""
    rng, count = np.random.default_rng(world.seed), world.deliveries
    weekdays = [day for n in range(365 * YEARS) if (day := FIRST + timedelta(days=n)).isoweekday() < 6]
    on = np.sort(rng.integers(0, len(weekdays), count)).tolist()
    kitchens = rng.integers(0, len(known.kitchens), count).tolist()
    near = rng.integers(0, len(known.producers), (len(known.kitchens), min(40, len(known.producers))))
    chosen = rng.integers(0, near.shape[1], count).tolist()
    grams = (rng.integers(1, 31, count) * 5_000).tolist()
    price = rng.integers(800, 18_000, count).tolist()
    chance = rng.integers(0, 3_000, (count, 2)).tolist()
    metres = rng.integers(2_000, 90_000, (count, 2)).tolist()
    for n in range(count):
        kitchen = known.kitchens[kitchens[n]]
        producer = known.producers[near[kitchens[n], chosen[n]]]
        yield _row(
            number=n + 1, day=weekdays[on[n]], kitchen=kitchen, producer=producer,
            versions=known.versions[kitchen.authority_id], grams=grams[n], ore=grams[n] * price[n] // 1000,
            chance=chance[n], metres=metres[n],
        )  # fmt: skip


def _row(
    *,
    number: int,
    day: date,
    kitchen: Any,
    producer: Any,
    versions: Sequence[Any],
    grams: int,
    ore: int,
    chance: Sequence[int],
    metres: Sequence[int],
) -> dict[str, Any]:
    version = next(one for one in reversed(versions) if one.valid_from <= day)
    deviates, organic = chance[0] % 25 == 0, chance[1] % 3 == 0
    return {
        "id": number, "delivery_line_id": number, "order_id": number, "authority_id": kitchen.authority_id,
        "kitchen_id": kitchen.id, "receiving_kitchen_id": kitchen.id, "producer_id": producer.id,
        "category_key": producer.category_key, "route": "dis" if chance[0] % 4 == 0 else "direct",
        "delivered_on": day, "month": month_of(day), "week": week_of(day), "product_name": producer.name_1,
        "producer_name": producer.name, "is_sole_trader": producer.is_sole_trader, "size": producer.size,
        "unit": "KGM", "ordered_steps": grams, "steps": grams, "grams": grams, "ore": ore,
        "vat_ore": ore * 12 // 100, "list_ore": None if chance[1] % 5 == 0 else ore + chance[0] - 1_500,
        "credit_ore": ore // 10 if deviates else 0, "is_organic": organic, "is_krav": organic and chance[0] % 2 == 0,
        "is_surplus": chance[0] % 9 == 0, "deviation": DEVIATIONS[chance[1] % 4] if deviates else None,
        "lead_s": 86_400 * (1 + chance[0] % 6), "is_local": ("yes", "yes", "no", "uncertain")[chance[1] % 4],
        "definition_id": version.id, "definition": version.definition, "chain_id": producer.id,
        "vantage_id": kitchen.id, "chain_m": metres[0] if chance[0] % 3 == 0 else 0, "hub_m": metres[1],
        "kitchen_m": 0, "co2e_g": metres[1] * grams // 1_000_000, "emission_method": "estimated",
        "counted_at": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
    }  # fmt: skip


def _copy(connection: Connection, statement: Any, rows: Iterator[dict[str, Any]]) -> None:
    if connection.dialect.name != "postgresql":
        while batch := list(islice(rows, A_BATCH)):
            connection.execute(statement, batch)
        return
    from psycopg.types.json import Json

    names = [column.name for column in Delivered.__table__.c]
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY delivered_lines ({', '.join(names)}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row([Json(row[name]) if name == "definition" else row[name] for name in names])


def _orders() -> Iterator[Any]:
    """An order with its line, reservation, delivery and delivery line for each row, and a grade for each third."""
    of = "FROM delivered_lines"
    yield text(
        "INSERT INTO reservations (id, offer_id, steps, state, held_at) "
        f"SELECT id, chain_id, ordered_steps, 'held', counted_at {of}"
    )
    yield text(
        "INSERT INTO orders (id, kitchen_id, receiving_kitchen_id, producer_id, deliver_on, state, note, request_key, "
        "placed_at, round) SELECT id, kitchen_id, receiving_kitchen_id, producer_id, delivered_on, 'received', '', "
        f"'made-' || id, counted_at, 1 {of}"
    )
    yield text(
        "INSERT INTO order_lines (id, order_id, offer_id, reservation_id, product_name, category_key, is_organic, "
        "is_perishable, temperature, unit, steps, grams, price, total_ore) SELECT id, id, chain_id, id, product_name, "
        f"category_key, is_organic, false, 'ambient', unit, ordered_steps, grams, 40, ore {of}"
    )
    yield text(
        f"INSERT INTO deliveries (id, order_id, received_at, note, is_counted) SELECT id, id, counted_at, '', true {of}"
    )
    yield text(
        "INSERT INTO delivery_lines (id, delivery_id, order_line_id, delivered, accepted, billed, deviation, note) "
        f"SELECT id, id, id, steps, steps, steps, deviation, '' {of}"
    )
    yield text(
        "INSERT INTO feedback (id, delivery_line_id, taste, words, changed_at) "
        f"SELECT id, delivery_line_id, 1 + id % 5, '', counted_at {of} WHERE id % 3 = 0"
    )


def _sums() -> Any:
    key = [Delivered.__table__.c[name] for name in KEY]
    amounts = {
        name: amount for name, amount in amounts_in_sql(Delivered).items() if name in DeliveredSum.__table__.c
    }
    summed = [func.sum(amount).label(name) for name, amount in amounts.items()]
    return insert(DeliveredSum).from_select([*KEY, *amounts], select(*key, *summed).group_by(*key))


def _arrivals() -> Any:
    names = ["authority_id", "kitchen_id", "arrived_on", "month", "week", "carrier"]
    row, carrier = Delivered, literal("producer:") + cast(Delivered.producer_id, String)
    query = select(
        row.authority_id, row.kitchen_id, row.delivered_on, row.month, row.week, carrier
    ).distinct()
    return insert(Arrival).from_select(names, query)
