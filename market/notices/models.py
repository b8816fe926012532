"""How often people want to be told, and what kitchens watch for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.notices.rules import Need, Pace
from market.register.models import Category, Kitchen


class NoticePreference(Base):
    """One person's choice for one kind of message. Without a row they are told at once."""

    __tablename__ = "notice_preferences"
    __table_args__ = (
        CheckConstraint(one_of("pace", Pace), name="pace"),
        UniqueConstraint("user_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(64))
    pace: Mapped[Pace] = mapped_column(EnumText(Pace))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedNeed(Base):
    """What a kitchen watches for, until someone there ends it or `until` has passed."""

    __tablename__ = "saved_needs"
    __table_args__ = (
        CheckConstraint("at_least_grams IS NULL OR at_least_grams > 0", name="some_amount"),
        CheckConstraint(
            "category_key IS NOT NULL OR words <> '' OR only_organic OR only_local OR only_surplus",
            name="says_something",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    category_key: Mapped[str | None] = mapped_column(ForeignKey("categories.key"))
    words: Mapped[str] = mapped_column(String(120), default="")
    at_least_grams: Mapped[int | None]
    until: Mapped[date | None]
    only_organic: Mapped[bool] = mapped_column(default=False)
    only_local: Mapped[bool] = mapped_column(default=False)
    only_surplus: Mapped[bool] = mapped_column(default=False)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    kitchen: Mapped[Kitchen] = relationship()
    category: Mapped[Category | None] = relationship()

    @property
    def need(self) -> Need:
        return Need(
            category_key=self.category_key,
            words=self.words,
            at_least_grams=self.at_least_grams,
            until=self.until,
            only_organic=self.only_organic,
            only_local=self.only_local,
            only_surplus=self.only_surplus,
        )


class NeedMatch(Base):
    """A need has been told of an offer: once, whatever happens to the offer later."""

    __tablename__ = "need_matches"

    need_id: Mapped[int] = mapped_column(ForeignKey("saved_needs.id"), primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True, index=True)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfferLook(Base):
    """An open offer that has been held against all needs. One that is taken off the map is forgotten, and looked at anew."""

    __tablename__ = "offer_looks"

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
