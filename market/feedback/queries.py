"""Reads of what kitchens say and what producers tell, each limited to what the actor may know of."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, undefer

from market.actors import Actor
from market.feedback.models import Feedback, OriginStory
from market.offers.models import Offer
from market.orders.models import Delivery, DeliveryLine, Order, OrderLine
from market.photos.models import Photo
from market.register.models import Kitchen, Product


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """A producer reads what is said of its goods, an authority's people what the authority's own kitchens say."""
    if actor.producer_id is not None:
        return Order.producer_id == actor.producer_id
    if actor.authority_id is not None:
        return Kitchen.authority_id == actor.authority_id
    return false()


def feedback_on(session: Session, *, actor: Actor, product_id: int | None = None) -> list[Feedback]:
    """What was said, newest first, with goods and kitchen; of one product or of all that the actor may read."""
    query = (
        select(Feedback)
        .join(Feedback.delivery_line)
        .join(DeliveryLine.order_line)
        .join(OrderLine.order)
        .join(Order.kitchen)
        .join(OrderLine.offer)
        .where(within_reach(actor))
        .options(
            contains_eager(Feedback.delivery_line)
            .contains_eager(DeliveryLine.order_line)
            .options(
                contains_eager(OrderLine.order).contains_eager(Order.kitchen),
                contains_eager(OrderLine.offer),
            )
        )
        .order_by(Feedback.changed_at.desc(), Feedback.id.desc())
    )
    if product_id is not None:
        query = query.where(Offer.product_id == product_id)
    return list(session.scalars(query))


def feedback_of_line(session: Session, *, line: DeliveryLine) -> Feedback | None:
    """What was said of a delivery line that the caller has found within its reach."""
    return session.scalar(select(Feedback).where(Feedback.delivery_line_id == line.id))


def waiting_for_feedback(session: Session, *, actor: Actor, limit: int = 3) -> list[Order]:
    """The kitchen's latest received orders that nothing has been said of."""
    query = (
        select(Order)
        .join(Order.delivery)
        .join(Delivery.lines)
        .outerjoin(Feedback, Feedback.delivery_line_id == DeliveryLine.id)
        .where(Order.kitchen_id == actor.kitchen_id, Feedback.id.is_(None))
        .options(joinedload(Order.producer), selectinload(Order.lines), joinedload(Order.kitchen))
        .order_by(Delivery.received_at.desc())
        .limit(limit)
    )
    return list(session.scalars(query).unique())


def product_seen(session: Session, *, actor: Actor, product_id: int) -> Product | None:
    """A product for whoever may look at it: buyers any, a producer its own."""
    query = select(Product).where(Product.id == product_id).options(joinedload(Product.producer))
    if actor.producer_id is not None:
        query = query.where(Product.producer_id == actor.producer_id)
    return session.scalar(query)


def story_of(session: Session, *, product: Product) -> OriginStory | None:
    """What the card of a product prints: the product's own story, else the producer's."""
    query = (
        select(OriginStory)
        .where(
            OriginStory.producer_id == product.producer_id,
            (OriginStory.product_id == product.id) | OriginStory.product_id.is_(None),
        )
        .order_by(OriginStory.product_id.is_(None))
    )
    return session.scalars(query).first()


def own_story(session: Session, *, actor: Actor, product_id: int | None) -> OriginStory | None:
    """The producer's own story of a product, or of itself where `product_id` is None; none before it is written."""
    same = OriginStory.product_id.is_(None) if product_id is None else OriginStory.product_id == product_id
    return session.scalar(select(OriginStory).where(OriginStory.producer_id == actor.producer_id, same))


def own_stories(session: Session, *, actor: Actor) -> dict[int | None, OriginStory]:
    """All that the producer has told, by product; None is the producer's own."""
    query = select(OriginStory).where(OriginStory.producer_id == actor.producer_id)
    return {story.product_id: story for story in session.scalars(query)}


def photo_of(session: Session, *, story: OriginStory) -> Photo | None:
    """The story's photo with its bytes, for the card."""
    return session.scalar(select(Photo).where(Photo.id == story.photo_id).options(undefer(Photo.image)))
