"""Interest in offers, agreements, their documents, signatures and history, and what an authority says in all of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.models import User
from market.agreements.rules import (
    AgreementEvent,
    AgreementKind,
    AgreementState,
    DocumentKind,
    Method,
    Side,
)
from market.db import Base, EnumText, UtcDateTime, one_of
from market.offers.models import Offer
from market.register.models import Authority, Category, Kitchen, Producer
from market.values import Period, Quantity, Week


class Interest(Base):
    """A kitchen would like so much of an offer in the week that begins on `week_on`. Reserves nothing."""

    __tablename__ = "interests"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_wanted"),
        UniqueConstraint("kitchen_id", "offer_id", "week_on"),
        Index("ix_interests_offer_id_week_on", "offer_id", "week_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    week_on: Mapped[date]
    steps: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    kitchen: Mapped[Kitchen] = relationship()
    offer: Mapped[Offer] = relationship()

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.steps, self.offer.unit)

    @property
    def week(self) -> Week:
        return Week.containing(self.week_on)


class AuthorityTerms(Base):
    """What an authority says in each of its agreements, and whether its kitchens order only under one."""

    __tablename__ = "authority_terms"

    authority_id: Mapped[int] = mapped_column(
        ForeignKey("authorities.id"), primary_key=True, autoincrement=False
    )
    organisation_number: Mapped[str | None] = mapped_column(String(13))
    delivery_terms: Mapped[str] = mapped_column(Text, default="")
    orders_need_agreement: Mapped[bool] = mapped_column(default=False)


class Agreement(Base):
    """Between an authority and a producer, in force from `valid_from` up to, not including, `valid_until`.

    Once it is sent nothing of what it says changes; an extension moves `extended_until` alone. `annex`: what was
    tendered and awarded, where the agreement comes of a procedure (see `annex_words`). Nobody signs before `not_before_at`.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint(one_of("kind", AgreementKind), name="kind"),
        CheckConstraint(one_of("state", AgreementState), name="state"),
        CheckConstraint("valid_from < valid_until", name="period_not_empty"),
        CheckConstraint("extended_until IS NULL OR extended_until > valid_until", name="extension_is_longer"),
        CheckConstraint("payment_days > 0", name="payment_days"),
        Index("ix_agreements_authority_id_state", "authority_id", "state"),
        Index("ix_agreements_producer_id_state", "producer_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    kind: Mapped[AgreementKind] = mapped_column(EnumText(AgreementKind))
    state: Mapped[AgreementState] = mapped_column(EnumText(AgreementState))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    has_extension: Mapped[bool] = mapped_column(default=False)
    extended_until: Mapped[date | None]
    delivery_terms: Mapped[str] = mapped_column(Text, default="")
    payment_days: Mapped[int]
    authority_contact: Mapped[str] = mapped_column(String(200))
    producer_contact: Mapped[str] = mapped_column(String(200))
    annex: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    not_before_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    authority: Mapped[Authority] = relationship()
    producer: Mapped[Producer] = relationship()
    categories: Mapped[list[Category]] = relationship(
        secondary="agreement_categories", order_by=Category.position
    )
    signatures: Mapped[list[Signature]] = relationship(order_by="Signature.id")
    transitions: Mapped[list[AgreementTransition]] = relationship(order_by="AgreementTransition.id")

    @property
    def period(self) -> Period:
        """With the extension, where it is used."""
        return Period(self.valid_from, self.extended_until or self.valid_until)

    @property
    def is_extended(self) -> bool:
        return self.extended_until is not None

    def is_over(self, day: date) -> bool:
        """The term has passed."""
        return self.state is AgreementState.IN_FORCE and day >= self.period.end

    def holds_on(self, day: date) -> bool:
        return self.state is AgreementState.IN_FORCE and day in self.period


class AgreementCategory(Base):
    """One category that an agreement is about."""

    __tablename__ = "agreement_categories"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"), primary_key=True)


class AgreementDocument(Base):
    """A PDF, byte for byte, and what it was made from. A finished one without `sealed_at` waits for the operator's key."""

    __tablename__ = "agreement_documents"
    __table_args__ = (
        CheckConstraint(one_of("kind", DocumentKind), name="kind"),
        CheckConstraint("sealed_at IS NULL OR kind = 'finished'", name="only_the_finished_is_sealed"),
        UniqueConstraint("agreement_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    kind: Mapped[DocumentKind] = mapped_column(EnumText(DocumentKind))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_by: Mapped[str] = mapped_column(String(200), default="")
    is_demo_seal: Mapped[bool] = mapped_column(default=False)


class Signature(Base):
    """Who signed for a side, when, how they showed who they are, and the hash of exactly what they signed."""

    __tablename__ = "agreement_signatures"
    __table_args__ = (
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint(one_of("method", Method), name="method"),
        UniqueConstraint("agreement_id", "side"),
        UniqueConstraint("agreement_id", "user_id", name="uq_agreement_signatures_nobody_signs_for_both"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    side: Mapped[Side] = mapped_column(EnumText(Side))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(120))
    organisation_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    method: Mapped[Method] = mapped_column(EnumText(Method))
    document_sha256: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)

    user: Mapped[User] = relationship()


class AgreementTransition(Base):
    """One step of an agreement's life: one row per change of state."""

    __tablename__ = "agreement_transitions"
    __table_args__ = (
        CheckConstraint(one_of("event", AgreementEvent), name="event"),
        CheckConstraint(one_of("to_state", AgreementState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    event: Mapped[AgreementEvent] = mapped_column(EnumText(AgreementEvent))
    to_state: Mapped[AgreementState] = mapped_column(EnumText(AgreementState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
