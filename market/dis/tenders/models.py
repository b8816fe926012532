"""Who opened, and what each tender says from the opening on."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.calloffs.models import CallOff, Invitation, Lot
from market.dis.models import DisFile
from market.dis.rules import TenderState
from market.dis.systems.models import Criterion
from market.register.models import Kitchen, Producer


class OpeningConfirmation(Base):
    """One of the at least two people who open together (LOU 12 kap. 10 §)."""

    __tablename__ = "dis_opening_confirmations"
    __table_args__ = (UniqueConstraint("calloff_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(120))
    organisation_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OpeningRecord(Base):
    """The attested list of an opening, as PDF, byte for byte.

    `taken_back`: who had tendered and took it back before the deadline, with the instant: invitation, at and sha256.
    """

    __tablename__ = "dis_opening_records"

    calloff_id: Mapped[int] = mapped_column(
        ForeignKey("dis_calloffs.id"), primary_key=True, autoincrement=False
    )
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str | None] = mapped_column(String(64))


class Tender(Base):
    """A tender as it lay in its envelope. `received_at` is the server's instant of the version that counts.

    `min_total_ore`: the tender holds only if all that is awarded of it comes to so much, excluding VAT. `blind_label`
    names its samples to those who score them. `content` is what was sealed, byte for byte: its hash is `sha256`.
    """

    __tablename__ = "dis_tenders"
    __table_args__ = (
        CheckConstraint(one_of("state", TenderState), name="state"),
        CheckConstraint("min_total_ore >= 0", name="min_total"),
        UniqueConstraint("calloff_id", "producer_id"),
        UniqueConstraint("calloff_id", "blind_label"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    invitation_id: Mapped[int] = mapped_column(ForeignKey("dis_invitations.id"), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    state: Mapped[TenderState] = mapped_column(EnumText(TenderState))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    versions: Mapped[list[dict[str, str]]] = mapped_column(
        JSON
    )  # kind, at and sha256 of each version, in order
    sha256: Mapped[str] = mapped_column(String(64))
    min_total_ore: Mapped[int] = mapped_column(default=0)
    blind_label: Mapped[str] = mapped_column(String(4))
    note: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))

    calloff: Mapped[CallOff] = relationship()
    invitation: Mapped[Invitation] = relationship()
    producer: Mapped[Producer] = relationship()
    lines: Mapped[list[TenderLine]] = relationship(back_populates="tender", order_by="TenderLine.lot_id")
    deliveries: Mapped[list[TenderDelivery]] = relationship()
    claims: Mapped[list[TenderClaim]] = relationship(
        back_populates="tender", order_by="TenderClaim.criterion_id"
    )

    @property
    def is_valid(self) -> bool:
        """Neither rejected nor withdrawn."""
        return self.state is TenderState.OPENED


class TenderLine(Base):
    """Offers between `min_steps` and `max_steps` of a lot at `price` kronor per unit, excluding VAT. 0 kronor is allowed."""

    __tablename__ = "dis_tender_lines"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("0 < min_steps AND min_steps <= max_steps", name="amounts"),
        UniqueConstraint("tender_id", "lot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("dis_tenders.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("dis_lots.id"), index=True)
    product_name: Mapped[str] = mapped_column(String(160))
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    min_steps: Mapped[int]
    max_steps: Mapped[int]
    weekdays: Mapped[list[int]] = mapped_column(JSON)  # ISO 1-7: the days on which it delivers
    is_organic: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")

    tender: Mapped[Tender] = relationship(back_populates="lines")
    lot: Mapped[Lot] = relationship()


class TenderDelivery(Base):
    """What the tenderer charges for one delivery to a receiving kitchen, in öre excluding VAT."""

    __tablename__ = "dis_tender_deliveries"
    __table_args__ = (CheckConstraint("ore >= 0", name="not_negative"),)

    tender_id: Mapped[int] = mapped_column(ForeignKey("dis_tenders.id"), primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    ore: Mapped[int]

    kitchen: Mapped[Kitchen] = relationship()


class TenderClaim(Base):
    """The tenderer offers an added value, with words and a file as evidence; the officer grants it or not."""

    __tablename__ = "dis_tender_claims"

    tender_id: Mapped[int] = mapped_column(ForeignKey("dis_tenders.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("dis_criteria.id"), primary_key=True)
    evidence: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("dis_files.id"))
    is_granted: Mapped[bool | None]
    judgement: Mapped[str] = mapped_column(Text, default="")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    tender: Mapped[Tender] = relationship(back_populates="claims")
    criterion: Mapped[Criterion] = relationship()
    file: Mapped[DisFile | None] = relationship()
