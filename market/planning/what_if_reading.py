"""What a supposed week is driven with: an authority's own places, vehicles and terms, and no goods yet."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from market.planning.inputs import Terms, WeekInputs
from market.planning.reading import read_places
from market.planning.reading_fleet import read_terms, read_vans
from market.register.models import Authority
from market.values import Week


def read_network(
    session: Session,
    *,
    authority_id: int,
    week: Week,
    site_ids: Collection[int],
    kitchen_ids: Collection[int],
) -> WeekInputs:
    """The sites and kitchens named, with the vehicles of the authority and of the one that plans for it."""
    planner = select(Authority.planned_by_id).where(Authority.id == authority_id).scalar_subquery()
    ours = select(Authority.id).where(or_(Authority.id == authority_id, Authority.id == planner))
    terms = read_terms(session, planned=ours)
    terms.setdefault(authority_id, Terms(authority_id=authority_id))
    sites, kitchens = read_places(
        session, authority_id=authority_id, week=week, site_ids=site_ids, kitchen_ids=kitchen_ids
    )
    return WeekInputs(
        authority_id=authority_id,
        week=week,
        goods=(),
        sites=sites,
        kitchens=kitchens,
        vans=read_vans(session, planned=ours, terms=terms),
        terms=tuple(terms.values()),
    )
