"""What kitchens say of goods they have had, and what producers tell of where those come from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, UtcDateTime
from market.feedback.rules import Opinion
from market.orders.models import DeliveryLine
from market.register.models import Producer, Product


class Feedback(Base):
    """One kitchen's word on one delivery line."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("taste IS NULL OR taste BETWEEN 1 AND 5", name="taste"),
        CheckConstraint("thaw_loss_percent IS NULL OR thaw_loss_percent BETWEEN 0 AND 100", name="thaw_loss"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_line_id: Mapped[int] = mapped_column(ForeignKey("delivery_lines.id"), unique=True)
    taste: Mapped[int | None]
    package_fits: Mapped[bool | None]
    thaw_loss_percent: Mapped[int | None]
    would_buy_again: Mapped[bool | None]
    words: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    delivery_line: Mapped[DeliveryLine] = relationship()

    @property
    def opinion(self) -> Opinion:
        return Opinion(
            taste=self.taste,
            package_fits=self.package_fits,
            thaw_loss_percent=self.thaw_loss_percent,
            would_buy_again=self.would_buy_again,
            words=self.words,
        )


class OriginStory(Base):
    """What a producer tells of a product, or of itself where `product_id` is none: what the origin card prints.

    `place` is where the animals grazed or the goods grew, `year` the harvest's or slaughter's.
    """

    __tablename__ = "origin_stories"
    __table_args__ = (
        CheckConstraint("year IS NULL OR year BETWEEN 1900 AND 2200", name="year"),
        Index(
            "uq_origin_stories_of_the_producer",
            "producer_id",
            unique=True,
            sqlite_where=text("product_id IS NULL"),
            postgresql_where=text("product_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), default="")
    year: Mapped[int | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    producer: Mapped[Producer] = relationship()
    product: Mapped[Product | None] = relationship()
