"""Saying how goods were, and telling where they come from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.feedback.models import Feedback, OriginStory
from market.feedback.rules import Opinion, check_opinion, check_story
from market.orders.models import DeliveryLine
from market.photos.encoding import EncodedPhoto
from market.photos.operations import share_photo, store_photo
from market.register.models import Producer, Product
from market.values import local_date


def give_feedback(
    session: Session,
    *,
    line: DeliveryLine,
    received_at: datetime,
    opinion: Opinion,
    actor: Actor,
    at: datetime,
) -> Feedback:
    """Say how a delivery line was, or say it anew: there is one word for each line.

    Raises TooLateToSay, NothingSaid, TasteOutOfRange, ThawLossOutOfRange.
    """
    check_opinion(opinion, received_on=local_date(received_at), today=local_date(at))
    feedback = _feedback(session, line)
    feedback.taste, feedback.package_fits = opinion.taste, opinion.package_fits
    feedback.thaw_loss_percent = opinion.thaw_loss_percent
    feedback.would_buy_again, feedback.words = opinion.would_buy_again, opinion.words.strip()
    feedback.user_id, feedback.changed_at = actor.user_id, at
    try:
        with session.begin_nested():
            session.add(feedback)
            session.flush()
    except IntegrityError:  # a second press of the button came first, with the same words
        return _feedback(session, line)
    audit.record(
        session, user_id=actor.user_id, at=at, action="feedback.give", subject=f"delivery_line:{line.id}",
        taste=opinion.taste, package_fits=opinion.package_fits, thaw_loss_percent=opinion.thaw_loss_percent,
        would_buy_again=opinion.would_buy_again,
    )  # fmt: skip
    return feedback


def tell_story(
    session: Session,
    *,
    producer: Producer,
    product: Product | None,
    text: str,
    place: str,
    year: int | None,
    photo: EncodedPhoto | None,
    actor: Actor,
    at: datetime,
) -> OriginStory:
    """Tell of a product, or of the producer where `product` is None; told again it replaces what was told.

    Without a new photo the one before stays. Raises NothingTold, YearOutOfRange.
    """
    check_story(text=text, year=year, today=local_date(at))
    story = _story(session, producer, product)
    story.text, story.place, story.year, story.changed_at = text.strip(), place.strip(), year, at
    if photo is not None:
        stored = store_photo(session, data=photo, actor=actor, at=at)
        share_photo(session, photo=stored, buyers=True, actor=actor, at=at)
        story.photo_id = stored.id
    session.add(story)
    session.flush()
    subject = f"product:{product.id}" if product else f"producer:{producer.id}"
    audit.record(session, user_id=actor.user_id, at=at, action="story.tell", subject=subject, year=year)
    return story


def _feedback(session: Session, line: DeliveryLine) -> Feedback:
    found = session.scalar(select(Feedback).where(Feedback.delivery_line_id == line.id))
    return found or Feedback(delivery_line_id=line.id)


def _story(session: Session, producer: Producer, product: Product | None) -> OriginStory:
    same = OriginStory.product_id.is_(None) if product is None else OriginStory.product_id == product.id
    found = session.scalar(select(OriginStory).where(OriginStory.producer_id == producer.id, same))
    return found or OriginStory(producer_id=producer.id, product_id=product.id if product else None)
