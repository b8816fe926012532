"""Small reads of the first pages."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from market.accounts.models import Membership, User
from market.accounts.rules import DEMO_DOMAIN, Role
from market.offers.models import Offer
from market.orders.models import Order
from market.register.models import Authority, Kitchen, Producer

DEMO_ENDING = f"@{DEMO_DOMAIN}"


def demo_people(session: Session) -> list[tuple[str, Membership]]:
    """The demo's people by their key, in the order that a week goes: producers first, the admin last."""
    query = (
        select(Membership)
        .join(Membership.user)
        .where(User.email.endswith(DEMO_ENDING), User.active)
        .options(
            joinedload(Membership.user),
            joinedload(Membership.kitchen),
            joinedload(Membership.producer),
            joinedload(Membership.authority),
        )
    )
    order = list(Role)
    people = sorted(session.scalars(query), key=lambda m: (order.index(m.role), m.id))
    return [(m.user.email.removesuffix(DEMO_ENDING), m) for m in people]


def numbers(session: Session) -> dict[str, int]:
    """How many there are of each thing."""
    return {
        kind: session.scalar(select(func.count()).select_from(model)) or 0
        for kind, model in {
            "authorities": Authority,
            "kitchens": Kitchen,
            "producers": Producer,
            "users": User,
            "offers": Offer,
            "orders": Order,
        }.items()
    }
