"""The plans of a week, their revisions, and what each plan says for every stop."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.models import Membership
from market.db import Base, EnumText, UtcDateTime, one_of
from market.fleet.models import Driver, Vehicle
from market.orders.models import Order
from market.planning.rules import Leg, LoadKind, PlanEvent, PlanState, RevisionKind
from market.register.models import Authority, Kitchen, Producer, ProductionSite, Temperature


class WeekPlan(Base):
    """A checked plan for one ISO week of one planning authority (and those it plans for).

    `fingerprint` is of the inputs; `problem` and `plan` are the planner's JSON, so that a plan can be checked again.
    The figures: metres, seconds, öre and grams of CO2e, beside the same for every producer driving alone.
    A week of an authority has at most one published plan. `revision` is the number of the latest change by hand; `bound_ore` what
    no plan can cost less than, 0 where nothing was proven. `based_on_id`: the published plan that this one would replace. `told`
    is, from when it was published, what producers, kitchens and drivers have been told (publishing.rules.plain).
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
    name: Mapped[str] = mapped_column(String(80), default="")
    revision: Mapped[int] = mapped_column(default=1)
    bound_ore: Mapped[int] = mapped_column(default=0)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("week_plans.id"))
    told: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
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
    revisions: Mapped[list[PlanRevision]] = relationship(
        order_by="PlanRevision.number", cascade="all, delete-orphan"
    )


class PlanRevision(Base):
    """What a plan was after one change: undoing goes back to the revision before. `params` say what was changed, for people."""

    __tablename__ = "plan_revisions"
    __table_args__ = (
        CheckConstraint(one_of("kind", RevisionKind), name="kind"),
        UniqueConstraint("week_plan_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plans.id"))
    number: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(EnumText(RevisionKind))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    problem: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_to: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


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
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("drivers.id"), index=True)

    plan_row: Mapped[WeekPlan] = relationship(back_populates="runs")
    vehicle: Mapped[Vehicle] = relationship()
    driver: Mapped[Driver | None] = relationship()
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
    """An order loaded or unloaded at a stop, on its way to the receiving kitchen or onward from there to a satellite."""

    __tablename__ = "run_loads"
    __table_args__ = (
        CheckConstraint(one_of("kind", LoadKind), name="kind"),
        CheckConstraint(one_of("leg", Leg), name="leg"),
        CheckConstraint(one_of("temperature", Temperature), name="temperature"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_stop_id: Mapped[int] = mapped_column(ForeignKey("run_stops.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[LoadKind] = mapped_column(EnumText(LoadKind))
    leg: Mapped[Leg] = mapped_column(EnumText(Leg), default=Leg.IN)
    grams: Mapped[int]
    crates: Mapped[int] = mapped_column(default=0)
    temperature: Mapped[Temperature] = mapped_column(EnumText(Temperature), default=Temperature.AMBIENT)

    order: Mapped[Order] = relationship()


class UnservedOrder(Base):
    """An order that the plan could not serve, and why."""

    __tablename__ = "unserved_orders"

    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plans.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    reason_code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(400))

    order: Mapped[Order] = relationship()


class CostShare(Base):
    """What a producer's goods would cost to drive alone, and its fair share of the published plan's cost (Shapley value), in öre.

    `error_ore` is the standard error of a share that is estimated, 0 where it is exact.
    """

    __tablename__ = "cost_shares"
    __table_args__ = (CheckConstraint("(error_ore = 0) OR NOT is_exact", name="exact_has_no_error"),)

    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plans.id"), primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), primary_key=True)
    alone_ore: Mapped[int]
    share_ore: Mapped[int]
    is_exact: Mapped[bool]
    error_ore: Mapped[int] = mapped_column(default=0)

    producer: Mapped[Producer] = relationship()


class CalendarFeed(Base):
    """A person's address for a calendar program: whoever has the token reads that membership's transports.

    It ends when it is revoked, or with the membership.
    """

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    membership: Mapped[Membership] = relationship()
