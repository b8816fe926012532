"""A municipality for everyone: its definition, the producers inside, what nobody inside produces; as data and GeoJSON.

Public facts only: a producer's name, municipality and categories. Positions are rounded to about a kilometre, since a
farm is often a home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geodata import areas
from geodata.areas import UnknownArea
from geodata.travel import TravelEngine
from market.locality.judging import Standing, answers, standing
from market.locality.models import DefinitionVersion
from market.locality.previewing import in_order
from market.locality.queries import products_with_chains, stated_in, versions_of
from market.locality.stated import Stated, definition_of, stored_form
from market.register.models import Category, Producer, ProductionSite
from market.register.places import located_code
from market.register.queries import categories

PUBLIC_DECIMALS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A producer with something that is local, as everyone may see it."""

    producer: Producer
    categories: Sequence[Category]
    site: ProductionSite

    @property
    def municipality(self) -> areas.Municipality:
        code = self.site.municipality_code or located_code(self.site.lat, self.site.lon)
        return areas.municipality(code)

    @property
    def lon_lat(self) -> tuple[float, float]:
        return round(self.site.lon, PUBLIC_DECIMALS), round(self.site.lat, PUBLIC_DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityPage:
    """What the page, its JSON and its GeoJSON say."""

    stated: Stated
    inside: Sequence[Inside]
    unclear: int
    missing: Sequence[Category]
    versions: Sequence[DefinitionVersion]
    on: date

    @property
    def county(self) -> areas.County:
        return areas.county(self.stated.municipality.county_code)


def municipality_page(
    session: Session, *, code: str, on: date, travel: TravelEngine | None = None
) -> MunicipalityPage | None:
    """None for a code of none of the 290."""
    try:
        stated = stated_in(session, code=code, day=on)
    except UnknownArea:
        return None
    products = products_with_chains(session)
    found = standing(products, answers(products, stated, on=on, travel=travel))
    authority = stated.authority
    return MunicipalityPage(
        stated=stated,
        inside=_inside(found),
        unclear=len(found.unclear),
        missing=[kind for kind in categories(session) if kind.key not in found.categories],
        versions=versions_of(session, authority_id=authority.id) if authority else [],
        on=on,
    )


def document(page: MunicipalityPage) -> dict[str, Any]:
    """The page as plain data, in both languages."""
    stated = page.stated
    return {
        "code": stated.code,
        "name": stated.municipality.name,
        "county": {"code": page.county.code, "name": page.county.name},
        "authority": stated.authority.name if stated.authority and stated.version else None,
        "is_assumption": stated.is_assumption,
        "as_of": page.on.isoformat(),
        "definition": stored_form(stated.definition),
        "text": {language: stated.words(language) for language in ("sv", "en")},
        "own_wording": stated.wording,
        "producers": [_producer(one) for one in page.inside],
        "unclear_producers": page.unclear,
        "missing_categories": [kind.key for kind in page.missing],
        "versions": [_version(version, stated.code) for version in page.versions],
        "law": "Never a requirement or a criterion in a procurement (LOU 2016:1145, 4 kap. 1 §).",
    }


def geojson(page: MunicipalityPage) -> dict[str, Any]:
    """The definition's area and the producers inside."""
    area = page.stated.area()["features"]
    return {"type": "FeatureCollection", "features": [*area, *map(_feature, page.inside)]}


def _inside(found: Standing) -> list[Inside]:
    """The producers with the categories of what is local, and the place where the first of that starts."""
    return [
        Inside(
            producer=producer,
            categories=in_order({p.category_key: p.category for p in own}.values()),
            site=own[0].chain[0].site,
        )
        for producer in sorted(found.producers.values(), key=lambda producer: producer.name)
        if (own := [product for product in found.local if product.producer_id == producer.id])
    ]


def _producer(one: Inside) -> dict[str, Any]:
    return {
        "name": one.producer.name,
        "municipality_code": one.municipality.code,
        "municipality": one.municipality.name,
        "categories": [kind.key for kind in one.categories],
        "is_demo": one.producer.is_demo,
    }


def _feature(one: Inside) -> dict[str, Any]:
    properties = _producer(one) | {"kind": "producer", "id": f"producer-{one.producer.id}"}
    point = {"type": "Point", "coordinates": list(one.lon_lat)}
    return {"type": "Feature", "geometry": point, "properties": properties}


def _version(version: DefinitionVersion, code: str) -> dict[str, Any]:
    stated = Stated(code=code, definition=definition_of(version), version=version)
    return {
        "number": version.number,
        "valid_from": version.valid_from.isoformat(),
        "valid_to": version.valid_to.isoformat() if version.valid_to else None,
        "definition": version.definition,
        "text": {language: stated.words(language) for language in ("sv", "en")},
        "own_wording": version.own_wording,
    }
