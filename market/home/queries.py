"""Small reads of the first pages."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from market.accounts.models import Membership, User
from market.offers.models import Offer
from market.orders.models import Order
from market.register.models import Authority, Kitchen, Producer

DEMO_ENDING = "@demo.narmat.example"


def demo_people(session: Session) -> list[tuple[str, Membership]]:
    """The demo's people by their key, in the order they were made."""
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
        .order_by(Membership.id)
    )
    return [(m.user.email.removesuffix(DEMO_ENDING), m) for m in session.scalars(query)]


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
