"""Users, what they may be in which organisation, and failed sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.rules import Role
from market.db import Base, EnumText, UtcDateTime, one_of
from market.register.models import Authority, Kitchen, Producer


class User(UserMixin, Base):
    """Someone who can sign in. The e-mail is stored normalised; the password as argon2id."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="sv")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", order_by="Membership.id")

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """Flask-Security asks for roles; ours belong to memberships and are judged in market.access."""
        return []


class Membership(Base):
    """A person's role in one organisation: a producer, a kitchen or an authority (none for an admin)."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint(
            "(role = 'producer' AND producer_id IS NOT NULL AND kitchen_id IS NULL AND authority_id IS NULL)"
            " OR (role = 'kitchen' AND kitchen_id IS NOT NULL AND producer_id IS NULL AND authority_id IS NULL)"
            " OR (role IN ('meal_manager', 'procurement_officer', 'logistics_planner', 'driver')"
            " AND authority_id IS NOT NULL AND producer_id IS NULL AND kitchen_id IS NULL)"
            " OR (role = 'admin' AND authority_id IS NULL AND producer_id IS NULL AND kitchen_id IS NULL)",
            name="organisation_fits_role",
        ),
        UniqueConstraint("user_id", "role", "producer_id", "kitchen_id", "authority_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(EnumText(Role))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"), index=True)
    kitchen_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"), index=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authorities.id"), index=True)

    user: Mapped[User] = relationship(back_populates="memberships")
    producer: Mapped[Producer | None] = relationship()
    kitchen: Mapped[Kitchen | None] = relationship()
    authority: Mapped[Authority | None] = relationship()


class FailedSignIn(Base):
    """A wrong password, kept for throttling: for an account or a network address, both stored as keyed hashes."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (Index("ix_failed_sign_ins_who_at", "who", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Passkey(Base):
    """A passkey of a person (WebAuthn): its public key, and how often it says that it has signed."""

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
