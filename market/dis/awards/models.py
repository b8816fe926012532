"""The award decision, the contracts that come of it, and the notice of the award."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from market.agreements.models import Agreement
from market.db import Base, UtcDateTime
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluation
from market.register.models import Authority, Producer


class CallOffAward(Base):
    """A decision with its reasons, told to all who were invited (LOU 12 kap. 12 §).

    Contracts wait until `standstill_ends_at` where there is one (20 kap. 15 §). `annulled_at`: evaluated again after it.
    """

    __tablename__ = "dis_awards"
    __table_args__ = (UniqueConstraint("calloff_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    number: Mapped[int]
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("dis_evaluations.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reasons: Mapped[str] = mapped_column(Text)
    standstill_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    annulled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str | None] = mapped_column(String(64))

    calloff: Mapped[CallOff] = relationship()
    evaluation: Mapped[Evaluation] = relationship()
    contracts: Mapped[list[AwardContract]] = relationship(back_populates="award", order_by="AwardContract.id")


class AwardContract(Base):
    """What one winner and one authority agree on, as an agreement that both sign; orders follow when it is in force.

    `agreed_on` is the day of the last signature. `unplaced` lists, as plain JSON, what of it could not be ordered by
    itself, and why. Dropped: the winner fell away, and others' contracts of the same award stand.
    """

    __tablename__ = "dis_award_contracts"
    __table_args__ = (
        CheckConstraint("orders_placed_at IS NULL OR agreement_id IS NOT NULL", name="orders_by_contract"),
        CheckConstraint("agreed_on IS NULL OR dropped_at IS NULL", name="agreed_or_dropped"),
        UniqueConstraint("award_id", "producer_id", "authority_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("dis_awards.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"), unique=True)
    agreed_on: Mapped[date | None]
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drop_reason: Mapped[str] = mapped_column(Text, default="")
    orders_placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unplaced: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    notice_due_on: Mapped[date | None]
    notice_sent_on: Mapped[date | None]
    notice_reference: Mapped[str] = mapped_column(String(120), default="")

    award: Mapped[CallOffAward] = relationship(back_populates="contracts")
    producer: Mapped[Producer] = relationship()
    authority: Mapped[Authority] = relationship()
    agreement: Mapped[Agreement | None] = relationship()
