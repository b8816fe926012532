"""What was delivered, frozen as it counted on the day; the sums of it by month; goals and settings of follow-up.

Rows of what was delivered are only added: a definition, product, price or unit that changes later does not reach them.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from market.db import Base, EnumText, UtcDateTime, one_of
from market.followup.rules import EmissionMethod, Route, Verdict
from market.orders.receipt_rules import DeviationKind
from market.register.models import SizeClass
from market.values import Unit


class Chain(Base):
    """Where a product was made, step by step, as it stood at a delivery: [{"step", "lat", "lon", "code", "name"}].

    Equal chains are one row, by the hash of `sites`.
    """

    __tablename__ = "delivered_chains"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    sites: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Vantage(Base):
    """From where a definition of local was applied: a municipality, and the ordering kitchen's position as it was then."""

    __tablename__ = "delivered_vantages"
    __table_args__ = (UniqueConstraint("municipality_code", "lat", "lon"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(4))
    lat: Mapped[float]
    lon: Mapped[float]


class Delivered(Base):
    """One delivery line, as it counted when it was received.

    Money is öre excluding VAT (`vat_ore` beside it, by the rate on `delivered_on`), of what was accepted. `list_ore`: the same
    amount at the offer's price when it was ordered; none where the price was by agreement, or a contract's after a call-off. `steps` and `grams` are what was
    accepted, `ordered_steps` what was asked for. `lead_s`: from when the order was placed until it was received.
    The legs are metres by road as estimated: `chain_m` between the production sites in order and on to where the goods are
    fetched, `hub_m` from there to the receiving kitchen, `kitchen_m` on to the kitchen that ordered. `definition_id` none: the authority had stated
    no definition, and the preset judged. `definition` is what judged, with its circles settled.
    `is_sole_trader`: whether the producer was one on the day, so that its numbers were a person's. Nothing reads it: no producer's number
    leaves follow-up at all, and what is masked elsewhere goes by the register of today. It is kept as the ground of that day, which
    could not be told afterwards.
    """

    __tablename__ = "delivered_lines"
    __table_args__ = (
        CheckConstraint(one_of("route", Route), name="route"),
        CheckConstraint(one_of("unit", Unit), name="unit"),
        CheckConstraint(one_of("is_local", Verdict), name="is_local"),
        CheckConstraint(one_of("emission_method", EmissionMethod), name="emission_method"),
        CheckConstraint(f"deviation IS NULL OR {one_of('deviation', DeviationKind)}", name="deviation"),
        CheckConstraint(f"size IS NULL OR {one_of('size', SizeClass)}", name="size"),
        CheckConstraint(
            "grams >= 0 AND ore >= 0 AND steps >= 0 AND lead_s >= 0 AND co2e_g >= 0", name="not_negative"
        ),
        CheckConstraint("is_organic OR NOT is_krav", name="krav_is_organic"),
        Index("ix_delivered_lines_authority_id_delivered_on", "authority_id", "delivered_on"),
        Index("ix_delivered_lines_authority_id_week", "authority_id", "week"),
        Index("ix_delivered_lines_kitchen_id_delivered_on", "kitchen_id", "delivered_on"),
        Index("ix_delivered_lines_producer_id_delivered_on", "producer_id", "delivered_on"),
        Index(  # where goods came from, how they were judged, what their way emitted: read without the rows themselves
            "ix_delivered_lines_origins",
            "authority_id",
            "delivered_on",
            "chain_id",
            "vantage_id",
            "category_key",
            "is_local",
            "ore",
            "grams",
            "kitchen_id",
            "emission_method",
            "co2e_g",
        ),
        Index("ix_delivered_lines_authority_id_category_key", "authority_id", "category_key", "delivered_on"),
        Index(  # all that is asked of lines to find their grades: the lines themselves need not be read
            "ix_delivered_lines_authority_id_month",
            "authority_id",
            "month",
            "kitchen_id",
            "category_key",
            "producer_id",
            "delivery_line_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_line_id: Mapped[int] = mapped_column(ForeignKey("delivery_lines.id"), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    receiving_kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    route: Mapped[Route] = mapped_column(EnumText(Route))
    delivered_on: Mapped[date]
    month: Mapped[int]
    week: Mapped[int]
    product_name: Mapped[str] = mapped_column(String(120))
    producer_name: Mapped[str] = mapped_column(String(120))
    is_sole_trader: Mapped[bool]
    size: Mapped[SizeClass | None] = mapped_column(EnumText(SizeClass))
    unit: Mapped[Unit] = mapped_column(EnumText(Unit))
    ordered_steps: Mapped[int]
    steps: Mapped[int]
    grams: Mapped[int] = mapped_column(BigInteger)
    ore: Mapped[int] = mapped_column(BigInteger)
    vat_ore: Mapped[int] = mapped_column(BigInteger)
    list_ore: Mapped[int | None] = mapped_column(BigInteger)
    credit_ore: Mapped[int] = mapped_column(BigInteger)
    is_organic: Mapped[bool]
    is_krav: Mapped[bool]
    is_surplus: Mapped[bool]
    deviation: Mapped[DeviationKind | None] = mapped_column(EnumText(DeviationKind))
    lead_s: Mapped[int] = mapped_column(BigInteger)
    is_local: Mapped[Verdict] = mapped_column(EnumText(Verdict))
    definition_id: Mapped[int | None] = mapped_column(ForeignKey("definition_versions.id"))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    chain_id: Mapped[int] = mapped_column(ForeignKey("delivered_chains.id"))
    vantage_id: Mapped[int] = mapped_column(ForeignKey("delivered_vantages.id"))
    chain_m: Mapped[int]
    hub_m: Mapped[int]
    kitchen_m: Mapped[int]
    co2e_g: Mapped[int]
    emission_method: Mapped[EmissionMethod] = mapped_column(EnumText(EmissionMethod))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeliveredSum(Base):
    """The delivered lines of one month, kitchen, category, producer and procedure, added up: what reports over long times read.

    Each column is the sum of the lines' own; `listed_ore` is the öre of the lines that have a `list_ore`, `sized_ore` of those
    whose producer has told its size, `small_ore` of those of micro and small ones. The `_gram_m` columns are grams times metres.
    """

    __tablename__ = "delivered_sums"
    __table_args__ = (
        CheckConstraint(one_of("route", Route), name="route"),
        CheckConstraint("lines > 0", name="something"),
        Index("ix_delivered_sums_kitchen_id_month", "kitchen_id", "month"),
    )

    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"), primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), primary_key=True)
    route: Mapped[Route] = mapped_column(EnumText(Route), primary_key=True)
    lines: Mapped[int]
    deviations: Mapped[int]
    grams: Mapped[int] = mapped_column(BigInteger)
    ore: Mapped[int] = mapped_column(BigInteger)
    vat_ore: Mapped[int] = mapped_column(BigInteger)
    listed_ore: Mapped[int] = mapped_column(BigInteger)
    list_ore: Mapped[int] = mapped_column(BigInteger)
    credit_ore: Mapped[int] = mapped_column(BigInteger)
    local_ore: Mapped[int] = mapped_column(BigInteger)
    local_grams: Mapped[int] = mapped_column(BigInteger)
    uncertain_ore: Mapped[int] = mapped_column(BigInteger)
    uncertain_grams: Mapped[int] = mapped_column(BigInteger)
    organic_ore: Mapped[int] = mapped_column(BigInteger)
    organic_grams: Mapped[int] = mapped_column(BigInteger)
    krav_ore: Mapped[int] = mapped_column(BigInteger)
    krav_grams: Mapped[int] = mapped_column(BigInteger)
    surplus_ore: Mapped[int] = mapped_column(BigInteger)
    surplus_grams: Mapped[int] = mapped_column(BigInteger)
    sized_ore: Mapped[int] = mapped_column(BigInteger)
    small_ore: Mapped[int] = mapped_column(BigInteger)
    lead_s: Mapped[int] = mapped_column(BigInteger)
    chain_gram_m: Mapped[int] = mapped_column(BigInteger)
    hub_gram_m: Mapped[int] = mapped_column(BigInteger)
    kitchen_gram_m: Mapped[int] = mapped_column(BigInteger)
    co2e_g: Mapped[int] = mapped_column(BigInteger)


class Arrival(Base):
    """A vehicle came to a kitchen on a day: one row however much it brought. `carrier`: "vehicle:3", or "producer:7" by itself."""

    __tablename__ = "delivered_arrivals"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "arrived_on", "carrier"),
        Index("ix_delivered_arrivals_authority_id_month", "authority_id", "month", "kitchen_id", "week"),
        Index("ix_delivered_arrivals_authority_id_week", "authority_id", "week", "kitchen_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    arrived_on: Mapped[date]
    month: Mapped[int]
    week: Mapped[int]
    carrier: Mapped[str] = mapped_column(String(32))


class OtherAnswer(Base):
    """A chain seen from a vantage under somebody else's definition, once worked out: the hash is of the definition's rules."""

    __tablename__ = "delivered_answers"
    __table_args__ = (CheckConstraint(one_of("answer", Verdict), name="answer"),)

    chain_id: Mapped[int] = mapped_column(ForeignKey("delivered_chains.id"), primary_key=True)
    vantage_id: Mapped[int] = mapped_column(ForeignKey("delivered_vantages.id"), primary_key=True)
    definition_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[Verdict] = mapped_column(EnumText(Verdict))


class Goal(Base):
    """What an authority has decided to reach: a figure of figures.FIGURES, its value in that figure's unit, from when until when."""

    __tablename__ = "followup_goals"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from < valid_until", name="period_not_empty"),
        CheckConstraint("target >= 0", name="not_negative"),
        Index("ix_followup_goals_authority_id_figure", "authority_id", "figure"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    figure: Mapped[str] = mapped_column(String(40))
    category_key: Mapped[str | None] = mapped_column(ForeignKey("categories.key"))
    target: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    decided: Mapped[str] = mapped_column(String(200), default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class FollowupSettings(Base):
    """Whether an authority publishes its figures as open data, and in whose name."""

    __tablename__ = "followup_settings"

    authority_id: Mapped[int] = mapped_column(
        ForeignKey("authorities.id"), primary_key=True, autoincrement=False
    )
    is_open: Mapped[bool] = mapped_column(default=False)
    opened_on: Mapped[date | None]
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(255), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
