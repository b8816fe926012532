"""Reads of definitions: the version in force on a day, all versions, and what products they judge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from geodata import areas
from geodata.local import preset
from market.actors import Actor
from market.locality.models import DefinitionVersion
from market.locality.stated import Stated, definition_of
from market.register.models import Authority, ChainLink, Kitchen, KitchenKind, Product


def stated_by(session: Session, *, authority: Authority, day: date) -> Stated:
    """An authority's definition on a day; the preset when it has stated none."""
    version = version_on(session, authority_id=authority.id, day=day)
    kitchens = active_kitchens(session, authority_id=authority.id)
    return _stated(authority.municipality_code, authority, version, kitchens)


def stated_in(session: Session, *, code: str, day: date) -> Stated:
    """A municipality's definition on a day. Raises `geodata.areas.UnknownArea` for a code of none of the 290."""
    areas.municipality(code)
    authority = authority_in(session, code=code, day=day)
    return (
        _stated(code, None, None, [])
        if authority is None
        else stated_by(session, authority=authority, day=day)
    )


def stated_everywhere(session: Session, *, day: date) -> dict[str, Stated]:
    """All 290 municipalities by code, in order; three queries."""
    authorities = _by_municipality(session, day)
    versions = {version.authority_id: version for version in session.scalars(_in_force(day))}
    kitchens: dict[int, list[Kitchen]] = {}
    for kitchen in session.scalars(_active_kitchens()):
        kitchens.setdefault(kitchen.authority_id, []).append(kitchen)
    found = {}
    for area in areas.municipalities():
        own = authorities.get(area.code)
        version, places = (versions.get(own.id), kitchens.get(own.id, [])) if own else (None, [])
        found[area.code] = _stated(area.code, own, version, places)
    return found


def authority_in(session: Session, *, code: str, day: date) -> Authority | None:
    """Whose word holds in a municipality: the first authority there that has stated a definition, else the first."""
    return _by_municipality(session, day, code=code).get(code)


def version_on(session: Session, *, authority_id: int, day: date) -> DefinitionVersion | None:
    return session.scalar(_in_force(day).where(DefinitionVersion.authority_id == authority_id))


def versions_of(session: Session, *, authority_id: int) -> list[DefinitionVersion]:
    """Every version, newest first."""
    query = (
        select(DefinitionVersion)
        .where(DefinitionVersion.authority_id == authority_id)
        .options(joinedload(DefinitionVersion.creator), joinedload(DefinitionVersion.kitchen))
        .order_by(DefinitionVersion.number.desc())
    )
    return list(session.scalars(query))


def latest_version(session: Session, *, authority_id: int) -> DefinitionVersion | None:
    return next(iter(versions_of(session, authority_id=authority_id)), None)


def active_kitchens(session: Session, *, authority_id: int) -> list[Kitchen]:
    """An authority's kitchens in use, hubs first."""
    return list(session.scalars(_active_kitchens().where(Kitchen.authority_id == authority_id)))


def products_with_chains(session: Session, *, producer_ids: Iterable[int] | None = None) -> list[Product]:
    """All products, or those of some producers, with what a verdict needs; constant in queries."""
    query = (
        select(Product)
        .options(
            joinedload(Product.producer),
            joinedload(Product.category),
            selectinload(Product.chain).joinedload(ChainLink.site),
        )
        .order_by(Product.name, Product.id)
    )
    if producer_ids is not None:
        query = query.where(Product.producer_id.in_(list(producer_ids)))
    return list(session.scalars(query))


def own_products(session: Session, *, actor: Actor) -> list[Product]:
    """The actor's own products; none for who is no producer."""
    return (
        [] if actor.producer_id is None else products_with_chains(session, producer_ids=[actor.producer_id])
    )


def _stated(
    code: str, authority: Authority | None, version: DefinitionVersion | None, kitchens: list[Kitchen]
) -> Stated:
    if version is None:
        definition = preset(code).definition
        return Stated(code=code, definition=definition, authority=authority, kitchen=_first(kitchens))
    kitchen = _first([k for k in kitchens if version.kitchen_id in (None, k.id)])
    return Stated(
        code=code, definition=definition_of(version), authority=authority, version=version, kitchen=kitchen
    )


def _first(kitchens: list[Kitchen]) -> Kitchen | None:
    return kitchens[0] if kitchens else None


def _by_municipality(session: Session, day: date, *, code: str | None = None) -> dict[str, Authority]:
    """The authority whose word holds, by code; where several buy, the first that has stated a definition."""
    stating = select(DefinitionVersion.authority_id).where(*_covers(day))
    query = select(Authority).order_by(Authority.id.not_in(stating), Authority.id)
    if code is not None:
        query = query.where(Authority.municipality_code == code)
    found: dict[str, Authority] = {}
    for authority in session.scalars(query):
        found.setdefault(authority.municipality_code, authority)
    return found


def _in_force(day: date) -> Select[DefinitionVersion]:
    return select(DefinitionVersion).where(*_covers(day))


def _covers(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    ends = DefinitionVersion.valid_to
    return DefinitionVersion.valid_from <= day, or_(ends.is_(None), ends > day)


def _active_kitchens() -> Select[Kitchen]:
    is_hub = Kitchen.kind == KitchenKind.HUB
    return select(Kitchen).where(Kitchen.is_active).order_by(is_hub.desc(), Kitchen.name)
