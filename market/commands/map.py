"""narmat map: maps as files that open without a network."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata import areas
from geodata.local import ProductionSite, Step
from geodata.local_maps import Chain as MappedChain
from geodata.local_maps import where_map
from geodata.maps import Marker, local_map
from geodata.points import Point
from geodata.travel import TravelEngine
from market.config import from_environment
from market.db import make_engine, open_session
from market.locality.judging import Chain, chain_of
from market.locality.queries import authority_in, products_with_chains, stated_by, stated_everywhere
from market.locality.where import best_of, where_everywhere
from market.offers.locality import SeenOffer, Viewpoint, drawn_definition, see, viewpoint_from
from market.offers.queries import Filters, open_offers
from market.register.categories import spoken_names
from market.register.models import Producer
from market.travel import travel_engine
from market.values import Period, local_date

LOOKS = {
    True: ("#1f6f54", "circle", "Lokalt"),
    False: ("#5b5f66", "square", "Inte lokalt"),
    None: ("#b26a00", "diamond", "Oklart"),
}
OUT = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
DATABASE = click.option("--database-url", default=None, help="Another database than the configured one.")


@click.group("map")
def map_group() -> None:
    """Maps as files that open without a network."""


@map_group.command("local")
@click.option("--authority", "code", required=True, help="The municipality's code, e.g. 0188.")
@OUT
@DATABASE
def local_command(code: str, out: Path, database_url: str | None) -> None:
    """The authority's definition of local in force today, and the offers of the coming five weeks."""
    with _reading(database_url) as session:
        out.write_text(_local_html(session, code, _today(), _travel(database_url)), encoding="utf-8")
    click.echo(f"Wrote {out}")


@map_group.command("where")
@click.option(
    "--producer", "producer_id", type=int, default=None, help="A producer's number in the register."
)
@click.option("--site", "place", default=None, help="A farm anywhere, as LAT,LON.")
@OUT
@DATABASE
def where_command(producer_id: int | None, place: str | None, out: Path, database_url: str | None) -> None:
    """Every municipality's definition in force today against one producer, or against one place."""
    if (producer_id is None) == (place is None):
        raise click.UsageError("Give either --producer ID or --site LAT,LON.")
    with _reading(database_url) as session:
        name, chains = _producer(session, producer_id) if producer_id is not None else _place(place or "")
        everywhere, today = stated_everywhere(session, day=_today()), _today()
        travel = _travel(database_url)
        rows = best_of([where_everywhere(chain, everywhere, on=today, travel=travel) for chain in chains])
        sites = tuple(dict.fromkeys(site for chain in chains for site in chain))
        html = where_map(rows, chain=MappedChain(name=name, sites=sites), product_names=spoken_names("sv"))
        out.write_text(html, encoding="utf-8")
    click.echo(f"Wrote {out}")


def _reading(database_url: str | None) -> Session:
    return open_session(make_engine(database_url or from_environment().database_url), writes=False)


def _travel(database_url: str | None) -> TravelEngine:
    """What measures roads: the engine of the settings, else the estimator."""
    settings = from_environment()
    return travel_engine(settings, database=make_engine(database_url or settings.database_url))


def _today() -> date:
    return local_date(datetime.now(UTC))


def _local_html(session: Session, code: str, today: date, travel: TravelEngine) -> str:
    ahead = Filters(period=Period(today, today + timedelta(weeks=5)))
    viewpoint = _viewpoint(session, code, today, ahead.period)
    found = open_offers(session, authority_id=viewpoint.authority.id, filters=ahead, today=today)
    seen = see(found, viewpoint=viewpoint, on=today, travel=travel)
    return local_map(
        title=f"Lokalt enligt {viewpoint.authority.name}",
        markers=[_marker(one) for one in seen],
        outline=drawn_definition(viewpoint),
        note=viewpoint.stated.words("sv"),
    )


def _viewpoint(session: Session, code: str, today: date, during: Period) -> Viewpoint:
    authority = authority_in(session, code=code, day=today)
    stated = stated_by(session, authority=authority, day=today) if authority else None
    if stated is None or stated.kitchen is None:
        raise click.UsageError(
            f"No authority with a kitchen has the code {code}: check it, or add the kitchen first."
        )
    return viewpoint_from(session, kitchen=stated.kitchen, on=today, during=during)


def _producer(session: Session, producer_id: int) -> tuple[str, list[Chain]]:
    """The producer's name and the chains of its products; what is local of any of them counts."""
    producer = session.scalar(select(Producer).where(Producer.id == producer_id))
    if producer is None:
        raise click.UsageError(f"No producer has the number {producer_id}: see the list of producers.")
    products = products_with_chains(session, producer_ids=[producer_id])
    chains = [chain for chain in dict.fromkeys(map(chain_of, products)) if chain]
    if not chains:
        raise click.UsageError(f"{producer.name} has no product with a place of production: add one first.")
    return producer.name, chains


def _place(text: str) -> tuple[str, list[Chain]]:
    """A place where everything is done, as far as is known: a farm there."""
    try:
        point = Point.parse(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    site = ProductionSite(step=Step.FARM, point=point)
    return f"{areas.municipality(site.best_code).name} ({text})", [(site,)]


def _marker(one: SeenOffer) -> Marker:
    colour, shape, group = LOOKS[one.is_local]
    site = one.offer.site
    name = f"{one.offer.product.name}, {one.offer.product.producer.name}"
    return Marker(name=name, point=Point(lat=site.lat, lon=site.lon), group=group, colour=colour, shape=shape)  # type: ignore[arg-type]
