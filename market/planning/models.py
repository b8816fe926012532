"""Vehicles, the plans of a week, and what each plan says for every stop."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.orders.models import Order
from market.planning.rules import LoadKind, PlanEvent, PlanState
from market.register.models import Authority, Kitchen, ProductionSite


class Owner(StrEnum):
    """Who runs a vehicle."""

    MUNICIPALITY = "municipality"
    PRODUCER = "producer"
    HAULIER = "haulier"


class Vehicle(Base):
    """A vehicle that an authority can plan with: its home, hours, capacity and costs.

    `weekdays` is a string of ISO weekday digits, e.g. "12345"; the shift is seconds after midnight.
    """

    __tablename__ = "vehicles"
    __table_args__ = (
        CheckConstraint(one_of("owner", Owner), name="owner"),
        CheckConstraint("lat BETWEEN 55.0 AND 69.5", name="lat_in_sweden"),
        CheckConstraint("lon BETWEEN 10.5 AND 24.5", name="lon_in_sweden"),
        CheckConstraint("capacity_grams > 0 AND capacity_crates > 0", name="capacity_above_zero"),
        CheckConstraint(
            "shift_starts_s >= 0 AND shift_starts_s < shift_ends_s AND shift_ends_s <= 86400",
            name="shift_ends_after_start",
        ),
        CheckConstraint(
            "fixed_ore_per_shift >= 0 AND ore_per_km >= 0 AND ore_per_hour >= 0 AND co2e_g_per_km >= 0",
            name="costs_not_negative",
        ),
        UniqueConstraint("authority_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    owner: Mapped[Owner] = mapped_column(EnumText(Owner))
    home_name: Mapped[str] = mapped_column(String(120))
    lat: Mapped[float]
    lon: Mapped[float]
    capacity_grams: Mapped[int]
    capacity_crates: Mapped[int]
    weekdays: Mapped[str] = mapped_column(String(7))
    shift_starts_s: Mapped[int]
    shift_ends_s: Mapped[int]
    fixed_ore_per_shift: Mapped[int]
    ore_per_km: Mapped[int]
    ore_per_hour: Mapped[int]
    co2e_g_per_km: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)

    authority: Mapped[Authority] = relationship()


class WeekPlan(Base):
    """A checked plan for one ISO week of one planning authority (and those it plans for).

    `fingerprint` is of the inputs; `problem` and `plan` are the planner's JSON, so that a plan can be checked again.
    The figures: metres, seconds, öre and grams of CO2e, beside the same for every producer driving alone.
    A week of an authority has at most one published plan.
    """

    __tablename__ = "week_plans"
    __table_args__ = (
        CheckConstraint(one_of("state", PlanState), name="state"),
        Index("ix_week_plans_authority_id_monday", "authority_id", "monday"),
        Index(
            "uq_week_plans_published",
            "authority_id",
            "monday",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    monday: Mapped[date]
    state: Mapped[PlanState] = mapped_column(EnumText(PlanState), default=PlanState.DRAFT)
    fingerprint: Mapped[str] = mapped_column(String(64))
    problem: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    distance_m: Mapped[int]
    duration_s: Mapped[int]
    cost_ore: Mapped[int]
    co2e_g: Mapped[int]
    alone_distance_m: Mapped[int]
    alone_duration_s: Mapped[int]
    alone_cost_ore: Mapped[int]
    alone_co2e_g: Mapped[int]
    travel_engine: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    authority: Mapped[Authority] = relationship()
    runs: Mapped[list[Run]] = relationship(
        back_populates="plan_row", order_by="Run.day, Run.number", cascade="all, delete-orphan"
    )
    unserved: Mapped[list[UnservedOrder]] = relationship(
        order_by="UnservedOrder.order_id", cascade="all, delete-orphan"
    )
    transitions: Mapped[list[PlanTransition]] = relationship(
        order_by="PlanTransition.id", cascade="all, delete-orphan"
    )


class PlanTransition(Base):
    """One step of a plan's life: one row per change of state."""

    __tablename__ = "plan_transitions"
    __table_args__ = (
        CheckConstraint(one_of("event", PlanEvent), name="event"),
        CheckConstraint(one_of("to_state", PlanState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plans.id"), index=True)
    event: Mapped[PlanEvent] = mapped_column(EnumText(PlanEvent))
    to_state: Mapped[PlanState] = mapped_column(EnumText(PlanState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Run(Base):
    """One vehicle's route on one day: what a run sheet prints."""

    __tablename__ = "runs"
    __table_args__ = (UniqueConstraint("week_plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plans.id"), index=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    number: Mapped[int]
    day: Mapped[date]
    distance_m: Mapped[int]
    drive_s: Mapped[int]
    duration_s: Mapped[int]
    break_s: Mapped[int]
    cost_ore: Mapped[int]
    co2e_g: Mapped[int]

    plan_row: Mapped[WeekPlan] = relationship(back_populates="runs")
    vehicle: Mapped[Vehicle] = relationship()
    stops: Mapped[list[RunStop]] = relationship(order_by="RunStop.position", cascade="all, delete-orphan")


class RunStop(Base):
    """A stop of a run: a production site, a kitchen, or the vehicle's home (neither)."""

    __tablename__ = "run_stops"
    __table_args__ = (CheckConstraint("site_id IS NULL OR kitchen_id IS NULL", name="one_place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    position: Mapped[int]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("production_sites.id"))
    kitchen_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"), index=True)
    arrives_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    departs_at: Mapped[datetime] = mapped_column(UtcDateTime)
    load_grams: Mapped[int]

    site: Mapped[ProductionSite | None] = relationship()
    kitchen: Mapped[Kitchen | None] = relationship()
    loads: Mapped[list[RunLoad]] = relationship(order_by="RunLoad.id", cascade="all, delete-orphan")


class RunLoad(Base):
    """An order loaded or unloaded at a stop."""

    __tablename__ = "run_loads"
    __table_args__ = (CheckConstraint(one_of("kind", LoadKind), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_stop_id: Mapped[int] = mapped_column(ForeignKey("run_stops.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[LoadKind] = mapped_column(EnumText(LoadKind))
    grams: Mapped[int]

    order: Mapped[Order] = relationship()


class UnservedOrder(Base):
    """An order that the plan could not serve, and why."""

    __tablename__ = "unserved_orders"

    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plans.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    reason_code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(400))

    order: Mapped[Order] = relationship()
