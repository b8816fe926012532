"""What has been bought by direct award, how each authority counts it, and the exceptions it has made."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.limits.rules import COUNTED, Counting, EntryEvent, EntryState, Kind, LiftGround, PeriodKind
from market.register.models import Producer
from market.values import Named, Period


class LimitSettings(Base):
    """How an authority counts and when it warns.

    `turns` is raised by every change of its ledger: the row is the lock that makes the check and the entry one step.
    """

    __tablename__ = "limit_settings"
    __table_args__ = (
        CheckConstraint(one_of("period_kind", PeriodKind), name="period_kind"),
        CheckConstraint("first_month BETWEEN 1 AND 12", name="first_month"),
        CheckConstraint(
            "warn_first >= 1 AND warn_first < warn_second AND warn_second < warn_third AND warn_third <= 100",
            name="levels_rise",
        ),
    )

    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)
    period_kind: Mapped[PeriodKind] = mapped_column(EnumText(PeriodKind), default=PeriodKind.YEAR)
    first_month: Mapped[int] = mapped_column(default=1)
    warn_first: Mapped[int] = mapped_column(default=70)
    warn_second: Mapped[int] = mapped_column(default=85)
    warn_third: Mapped[int] = mapped_column(default=95)
    turns: Mapped[int] = mapped_column(default=0)

    @property
    def counting(self) -> Counting:
        return Counting(self.period_kind, self.first_month)

    @property
    def levels(self) -> tuple[int, ...]:
        return (self.warn_first, self.warn_second, self.warn_third)


class KindOfGoods(Base):
    """Categories that an authority counts as one kind. A category outside every grouping is a kind by itself."""

    __tablename__ = "kinds_of_goods"
    __table_args__ = (UniqueConstraint("authority_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    name: Mapped[str] = mapped_column(String(80))

    categories: Mapped[list[KindCategory]] = relationship(
        order_by="KindCategory.category_key", cascade="all, delete-orphan"
    )


class KindCategory(Base):
    """One category of a kind; an authority puts a category in one kind at most."""

    __tablename__ = "kind_categories"

    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"), primary_key=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("kinds_of_goods.id"), index=True)


class LimitEntry(Base):
    """One purchase in the ledger. `ore` is what counts now: the order's value, then what was delivered; excluding VAT.

    `subject` names where it comes from ("order:12"), or is "manual:..." for what was bought beside the marketplace.
    """

    __tablename__ = "limit_entries"
    __table_args__ = (
        CheckConstraint(one_of("state", EntryState), name="state"),
        CheckConstraint("ore >= 0", name="not_negative"),
        UniqueConstraint("subject", "category_key"),
        Index("ix_limit_entries_authority_id_counts_on", "authority_id", "counts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    subject: Mapped[str] = mapped_column(String(64))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"), index=True)
    supplier_name: Mapped[str] = mapped_column(String(120), default="")
    counts_on: Mapped[date]
    state: Mapped[EntryState] = mapped_column(EnumText(EntryState))
    ordered_ore: Mapped[int]
    ore: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    supplier: Mapped[Producer | None] = relationship()
    steps: Mapped[list[LimitEntryStep]] = relationship(order_by="LimitEntryStep.id")

    @property
    def counts(self) -> bool:
        return self.state in COUNTED

    @property
    def is_manual(self) -> bool:
        return self.subject.startswith("manual:")

    @property
    def order_id(self) -> int | None:
        """The order's number, where it comes from one."""
        noun, _, number = self.subject.partition(":")
        return int(number) if noun == "order" and number.isdecimal() else None


class LimitEntryStep(Base):
    """One step of an entry: one row per change of its state or value."""

    __tablename__ = "limit_entry_steps"
    __table_args__ = (
        CheckConstraint(one_of("event", EntryEvent), name="event"),
        CheckConstraint(one_of("to_state", EntryState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("limit_entries.id"), index=True)
    event: Mapped[EntryEvent] = mapped_column(EnumText(EntryEvent))
    to_state: Mapped[EntryState] = mapped_column(EnumText(EntryState))
    ore: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class LimitLift(Base):
    """A procurement officer's decision to let one kind of goods go `extra_ore` above the limit for a while."""

    __tablename__ = "limit_lifts"
    __table_args__ = (
        CheckConstraint(one_of("ground", LiftGround), name="ground"),
        CheckConstraint("extra_ore > 0", name="lifts_something"),
        CheckConstraint("valid_from < valid_until", name="period_not_empty"),
        CheckConstraint("length(reason) > 0", name="has_a_reason"),
        Index("ix_limit_lifts_authority_id_kind_key", "authority_id", "kind_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    kind_key: Mapped[str] = mapped_column(String(32))
    ground: Mapped[LiftGround] = mapped_column(EnumText(LiftGround))
    extra_ore: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def holds_on(self, day: date) -> bool:
        return self.ended_at is None and self.valid_from <= day < self.valid_until


class Award(Base):
    """What one supplier has been given of one kind in one period, once it must be documented: opened by the ledger itself.

    `reached_on` is the day on which the sum came to the value from which it is documented; the file is due on `due_on`.
    """

    __tablename__ = "awards"
    __table_args__ = (UniqueConstraint("authority_id", "kind_key", "period_start", "supplier_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"), index=True)
    supplier_name: Mapped[str] = mapped_column(String(120))
    kind_key: Mapped[str] = mapped_column(String(32))
    kind_sv: Mapped[str] = mapped_column(String(80))
    kind_en: Mapped[str] = mapped_column(String(80))
    categories: Mapped[list[str]] = mapped_column(JSON)
    period_start: Mapped[date]
    period_end: Mapped[date]
    reached_on: Mapped[date]
    due_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    supplier: Mapped[Producer | None] = relationship()

    @property
    def kind(self) -> Kind:
        """The kind as it was when the file was opened: a file's extent does not change with later groupings."""
        return Kind(self.kind_key, Named(self.kind_sv, self.kind_en), tuple(self.categories))

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_end)
