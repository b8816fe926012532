"""The demo: the report's municipalities at real places, with invented kitchens, producers, offers and orders.

Everything is counted from one given instant and drawn with a fixed seed: the same instant gives the same demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.demo.agreements import add_interest, agreement_steps
from market.demo.authorities import add_authorities
from market.demo.calendar import Calendar, demo_week
from market.demo.calling_off import CallingOff
from market.demo.desk import add_desk, ask_who_delivers
from market.demo.following import add_following
from market.demo.history import add_history
from market.demo.kitchens import add_kitchens
from market.demo.limits import add_limits
from market.demo.needs import add_needs, settle_messages, tell_needs
from market.demo.negotiated import negotiated_steps
from market.demo.offers import draw_offers
from market.demo.orders import draw_orders
from market.demo.personas import PERSONAS, TIERP_KITCHEN, Persona, add_admin, add_people
from market.demo.producers import add_producers
from market.demo.purchasing import Purchasing
from market.demo.story import Story
from market.demo.terms import add_certificates, add_cheese, post_more
from market.demo.vehicles import add_drivers, add_vehicles
from market.demo.visits import add_visits, book_visit
from market.dis.sealing.keeping import Keeper
from market.orders.rules import OrderState
from market.register.models import Authority
from market.values import Refused, Week, msg

__all__ = ["PERSONAS", "DemoExists", "DemoSummary", "Persona", "create_demo", "demo_week"]

SEED = 1397
SET_UP_BEFORE = timedelta(days=90)
"""How long ago the demo's organisations and people were registered."""
STATED_BEFORE = timedelta(days=500)
"""How long ago they said what is local, so that the year of deliveries before was judged by it."""


class DemoExists(Refused):
    message = msg("Demon finns redan i databasen. Använd den, eller välj en tom databas.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSummary:
    """What was created. `week` is the one with deliveries to plan; orders are counted by where they stand."""

    week: Week
    authorities: int
    kitchens: int
    producers: int
    products: int
    vehicles: int
    offers: int
    orders: int
    proposed: int
    agreed: int
    received: int
    personas: tuple[Persona, ...]


def create_demo(
    session: Session, *, at: datetime, keeper: Keeper, password_hash: str | None = None, weeks: int = 0
) -> DemoSummary:
    """Create the demo as of `at`, in the caller's transaction. Everyone gets `password_hash` (None: no password).

    `keeper` seals its tenders. `weeks`: so many weeks of deliveries before its own (history.WEEKS are a year and more).

    The categories must be there (`market.register.categories.seed`). Raises DemoExists, then nothing is changed.
    """
    if session.scalar(select(Authority.id).where(Authority.is_demo).limit(1)) is not None:
        raise DemoExists
    rng, calendar, since = Random(SEED), Calendar(at), at - SET_UP_BEFORE  # noqa: S311 - repeatable, not secret
    admin = add_admin(session, password_hash=password_hash, at=since)
    authorities = add_authorities(session, at=since, stated_at=at - STATED_BEFORE)
    kitchens = add_kitchens(session, authorities=authorities, rng=rng)
    producers, wares = add_producers(session, rng=rng, entered_by=admin.user_id, at=since)
    vehicles = add_vehicles(session, authorities=authorities, producers=producers, rng=rng)
    cast = add_people(
        session,
        admin=admin,
        authorities={authority.name: authority for authority in authorities.values()},
        kitchens=kitchens,
        producers=producers,
        password_hash=password_hash,
        at=since,
    )
    add_drivers(session, authorities=authorities, cast=cast, at=since)
    add_desk(session, authorities=authorities, kitchens=kitchens, cast=cast, at=since)
    visits = add_visits(session, cast=cast, producers=producers, calendar=calendar, at=since)
    add_needs(session, cast=cast, kitchens=kitchens, at=since)
    add_certificates(session, wares=wares, cast=cast, at=since)
    cheese = add_cheese(session, wares=wares, entered_by=admin.user_id, at=since)
    story = Story(session, cast, kitchens, authorities)
    offers = draw_offers(rng, calendar=calendar, wares=wares)
    orders = draw_orders(rng, calendar=calendar, offers=offers)
    agreed = agreement_steps(session, authorities=authorities.values(), producers=producers, at=at)
    heby = cast.meal_manager(authorities["0331"])
    purchasing = Purchasing(session, cast, authorities, producers, at)
    calling_off = CallingOff(purchasing, kitchens, keeper, [cast.kitchen(kitchens[TIERP_KITCHEN]), heby])
    before = add_history(session, calendar=calendar, kitchens=kitchens, wares=wares, weeks=weeks)
    more_steps = [*agreed, *negotiated_steps(story, at=at), *purchasing.steps(), *calling_off.steps()]
    story.play(offers=offers, orders=orders, more=more_steps)
    more = post_more(
        session, calendar=calendar, wares=wares, cheese=cheese, authorities=authorities, cast=cast
    )
    add_interest(
        session,
        cast=cast,
        kitchens=kitchens.values(),
        offers=story.offers.values(),
        week=demo_week(at),
        at=at,
    )
    book_visit(session, cast=cast, kitchens=kitchens, day=visits[0], at=at)
    ask_who_delivers(session, authorities=authorities, producers=producers, cast=cast, at=at)
    tell_needs(session, offers=list(story.offers.values()), at=at)
    settle_messages(session, at=at)
    add_limits(session, at=at)
    add_following(session, authorities=authorities, cast=cast, at=at)
    summary = DemoSummary(
        week=demo_week(at),
        authorities=len(authorities),
        kitchens=len(kitchens),
        producers=len(producers),
        products=len(wares) + 1,
        vehicles=len(vehicles),
        offers=len(story.offers) + len(more) + before,
        orders=len(story.orders),
        proposed=story.count(OrderState.PROPOSED),
        agreed=story.count(OrderState.AGREED),
        received=story.count(OrderState.RECEIVED),
        personas=PERSONAS,
    )
    _log(session, summary, admin.user_id, at)
    return summary


def _log(session: Session, summary: DemoSummary, user_id: int, at: datetime) -> None:
    audit.record(
        session,
        user_id=user_id,
        at=at,
        action="demo.create",
        subject=f"demo:{summary.week}",
        offers=summary.offers,
        orders=summary.orders,
    )
