"""Envelopes of one size, one for each who is invited, whether there is a tender inside or not; and the call-off's key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from market.db import Base, UtcDateTime


class SealedEnvelope(Base):
    """What is inside can be read with the call-off's private key alone; from outside all look the same and change together."""

    __tablename__ = "dis_sealed_envelopes"

    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("dis_invitations.id"), primary_key=True, autoincrement=False
    )
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CallOffKey(Base):
    """A call-off's key pair: the private half is wrapped with the operator's key, which is not in the database."""

    __tablename__ = "dis_calloff_keys"

    calloff_id: Mapped[int] = mapped_column(
        ForeignKey("dis_calloffs.id"), primary_key=True, autoincrement=False
    )
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_private_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
