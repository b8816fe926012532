"""Letters that invite a producer to sell to the authority's kitchens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from market.db import Base, UtcDateTime


class SupplierInvitation(Base):
    """A letter as it was written; `sent_at` none: it was printed, not mailed. A producer outside the register has a name only."""

    __tablename__ = "supplier_invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(255), default="")
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    letter: Mapped[str] = mapped_column(Text)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
