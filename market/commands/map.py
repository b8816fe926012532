"""narmat map: maps as files that open without a network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from geodata.local import describe
from geodata.maps import Marker, local_map
from market.config import from_environment
from market.db import make_engine, open_session
from market.offers.locality import SeenOffer, Viewpoint, drawn_definition, see
from market.offers.queries import Filters, open_offers
from market.register.models import Authority, Kitchen
from market.values import Period, local_date

LOOKS = {
    True: ("#1f6f54", "circle", "Lokalt"),
    False: ("#5b5f66", "square", "Inte lokalt"),
    None: ("#b26a00", "diamond", "Oklart"),
}


@click.group("map")
def map_group() -> None:
    """Maps as files that open without a network."""


@map_group.command("local")
@click.option("--authority", "code", required=True, help="The municipality's code, e.g. 0188.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@click.option("--database-url", default=None, help="Another database than the configured one.")
def local_command(code: str, out: Path, database_url: str | None) -> None:
    """The authority's definition of local and the offers of the coming five weeks."""
    engine = make_engine(database_url or from_environment().database_url)
    with open_session(engine, writes=False) as session:
        out.write_text(_html(session, code), encoding="utf-8")
    click.echo(f"Wrote {out}")


def _html(session: Session, code: str) -> str:
    today = local_date(datetime.now(UTC))
    viewpoint = _viewpoint(session, code)
    ahead = Filters(period=Period(today, today + timedelta(weeks=5)))
    seen = see(open_offers(session, filters=ahead, today=today), viewpoint=viewpoint, on=today)
    return local_map(
        title=f"Lokalt enligt {viewpoint.authority.name}",
        markers=[_marker(one) for one in seen],
        outline=drawn_definition(viewpoint),
        note=describe(viewpoint.definition, "sv", authority_code=code),
    )


def _viewpoint(session: Session, code: str) -> Viewpoint:
    query = (
        select(Kitchen)
        .join(Kitchen.authority)
        .where(Authority.municipality_code == code, Kitchen.is_active)
        .options(joinedload(Kitchen.authority))
        .order_by(Kitchen.kind, Kitchen.name)
    )
    kitchen = session.scalars(query).first()
    if kitchen is None:
        raise click.UsageError(
            f"No authority with a kitchen has the code {code}: check it, or add the kitchen first."
        )
    return Viewpoint(authority=kitchen.authority, kitchen=kitchen)


def _marker(one: SeenOffer) -> Marker:
    from geodata.points import Point

    colour, shape, group = LOOKS[one.is_local]
    site = one.offer.site
    name = f"{one.offer.product.name}, {one.offer.product.producer.name}"
    return Marker(name=name, point=Point(lat=site.lat, lon=site.lon), group=group, colour=colour, shape=shape)  # type: ignore[arg-type]
