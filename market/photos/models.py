"""Photos in the database, and who may see those that are not for every buyer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.photos.rules import PhotoAudience


class Photo(Base):
    """A photo as it was made anew (JPEG). Things that have one refer to it; it is never changed, only shown to others."""

    __tablename__ = "photos"
    __table_args__ = (
        CheckConstraint(one_of("audience", PhotoAudience), name="audience"),
        CheckConstraint("width > 0 AND height > 0", name="has_a_size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int]
    height: Mapped[int]
    image: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    audience: Mapped[PhotoAudience] = mapped_column(EnumText(PhotoAudience))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    readers: Mapped[list[PhotoReader]] = relationship(order_by="PhotoReader.id", cascade="all, delete-orphan")


class PhotoReader(Base):
    """An organisation that may see a photo."""

    __tablename__ = "photo_readers"
    __table_args__ = (
        CheckConstraint("(authority_id IS NULL) <> (producer_id IS NULL)", name="one_organisation"),
        UniqueConstraint("photo_id", "authority_id", "producer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photos.id"), index=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authorities.id"))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
