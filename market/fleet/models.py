"""Carriers, vehicles with their compartments, drivers, closing days, what stops need, and how an authority's goods travel."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.models import User
from market.db import Base, EnumText, UtcDateTime, one_of
from market.fleet.rules import CanDeliver, CarrierKind, OwnDelivery
from market.register.models import Authority, Kitchen, Producer, ProductionSite, Temperature

PERIOD = "until_on IS NULL OR from_on IS NULL OR from_on < until_on"


class Carrier(Base):
    """Who drives for an authority: itself, a producer, or a haulier with a tariff.

    In service from `from_on` up to but not on `until_on`; none is no limit. A tariff, where there is one, replaces the costs of its
    vehicles: per vehicle and day, km and hour. `minimum_share_percent` of all goods is promised to it; each kg short
    of that costs `short_ore_per_kg`. `is_paid_with_goods`: what it costs is paid in the price of the products already.
    """

    __tablename__ = "carriers"
    __table_args__ = (
        CheckConstraint(one_of("kind", CarrierKind), name="kind"),
        CheckConstraint("(kind = 'producer') = (producer_id IS NOT NULL)", name="producer_of_a_producer"),
        CheckConstraint(PERIOD, name="starts_before_it_ends"),
        CheckConstraint(
            "(tariff_ore_per_day IS NULL) = (tariff_ore_per_km IS NULL)"
            " AND (tariff_ore_per_day IS NULL) = (tariff_ore_per_hour IS NULL)",
            name="whole_tariff",
        ),
        CheckConstraint(
            "tariff_ore_per_day >= 0 AND tariff_ore_per_km >= 0 AND tariff_ore_per_hour >= 0",
            name="tariff_not_negative",
        ),
        CheckConstraint(
            "minimum_share_percent BETWEEN 0 AND 100 AND short_ore_per_kg >= 0", name="minimum_share"
        ),
        UniqueConstraint("authority_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    kind: Mapped[CarrierKind] = mapped_column(EnumText(CarrierKind))
    name: Mapped[str] = mapped_column(String(120))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"), index=True)
    carries_for_others: Mapped[bool] = mapped_column(default=True)
    is_paid_with_goods: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(255), default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    tariff_ore_per_day: Mapped[int | None]
    tariff_ore_per_km: Mapped[int | None]
    tariff_ore_per_hour: Mapped[int | None]
    minimum_share_percent: Mapped[int] = mapped_column(default=0)
    short_ore_per_kg: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    authority: Mapped[Authority] = relationship()
    producer: Mapped[Producer | None] = relationship()
    vehicles: Mapped[list[Vehicle]] = relationship(back_populates="carrier", order_by="Vehicle.name")
    drivers: Mapped[list[Driver]] = relationship(back_populates="carrier", order_by="Driver.id")


class Vehicle(Base):
    """A vehicle that an authority can plan with: its home, hours, capacity and costs.

    `weekdays` is a string of ISO weekday digits, e.g. "12345"; the shift is seconds after midnight. In service from `from_on` up to
    but not on `until_on`. `version` counts changes, so that two people who change it at once are told.
    """

    __tablename__ = "vehicles"
    __table_args__ = (
        CheckConstraint("lat BETWEEN 55.0 AND 69.5", name="lat_in_sweden"),
        CheckConstraint("lon BETWEEN 10.5 AND 24.5", name="lon_in_sweden"),
        CheckConstraint("capacity_grams > 0 AND capacity_crates > 0", name="capacity_above_zero"),
        CheckConstraint("capacity_pallets IS NULL OR capacity_pallets > 0", name="pallets_above_zero"),
        CheckConstraint(
            "shift_starts_s >= 0 AND shift_starts_s < shift_ends_s AND shift_ends_s <= 86400",
            name="shift_ends_after_start",
        ),
        CheckConstraint(
            "fixed_ore_per_shift >= 0 AND ore_per_km >= 0 AND ore_per_hour >= 0 AND co2e_g_per_km >= 0",
            name="costs_not_negative",
        ),
        CheckConstraint("overtime_s >= 0 AND overtime_ore_per_hour >= 0", name="overtime_not_negative"),
        CheckConstraint(PERIOD, name="starts_before_it_ends"),
        UniqueConstraint("authority_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    home_name: Mapped[str] = mapped_column(String(120))
    lat: Mapped[float]
    lon: Mapped[float]
    returns_home: Mapped[bool] = mapped_column(default=True)
    capacity_grams: Mapped[int]
    capacity_crates: Mapped[int]
    capacity_pallets: Mapped[int | None]
    has_tail_lift: Mapped[bool] = mapped_column(default=False)
    takes_ferry: Mapped[bool] = mapped_column(default=False)
    weekdays: Mapped[str] = mapped_column(String(7))
    shift_starts_s: Mapped[int]
    shift_ends_s: Mapped[int]
    overtime_s: Mapped[int] = mapped_column(default=0)
    overtime_ore_per_hour: Mapped[int] = mapped_column(default=0)
    fixed_ore_per_shift: Mapped[int]
    ore_per_km: Mapped[int]
    ore_per_hour: Mapped[int]
    co2e_g_per_km: Mapped[int]
    emission_source: Mapped[str] = mapped_column(String(200), default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    authority: Mapped[Authority] = relationship()
    carrier: Mapped[Carrier] = relationship(back_populates="vehicles")
    compartments: Mapped[list[VehicleCompartment]] = relationship(
        order_by="VehicleCompartment.position", cascade="all, delete-orphan"
    )


class VehicleCompartment(Base):
    """A part of a vehicle that holds goods of the classes it admits. A vehicle without any carries all classes side by side."""

    __tablename__ = "vehicle_compartments"
    __table_args__ = (
        UniqueConstraint("vehicle_id", "position"),
        CheckConstraint("admits_ambient OR admits_chilled OR admits_frozen", name="admits_something"),
        CheckConstraint(
            "(capacity_grams IS NULL OR capacity_grams > 0) AND (capacity_crates IS NULL OR capacity_crates > 0)"
            " AND (capacity_pallets IS NULL OR capacity_pallets > 0)",
            name="capacity_above_zero",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    position: Mapped[int]
    admits_ambient: Mapped[bool]
    admits_chilled: Mapped[bool]
    admits_frozen: Mapped[bool]
    capacity_grams: Mapped[int | None]
    capacity_crates: Mapped[int | None]
    capacity_pallets: Mapped[int | None]

    @property
    def temperatures(self) -> tuple[Temperature, ...]:
        """The classes it admits, warmest first."""
        admitted = (
            (Temperature.AMBIENT, self.admits_ambient),
            (Temperature.CHILLED, self.admits_chilled),
            (Temperature.FROZEN, self.admits_frozen),
        )
        return tuple(temperature for temperature, admits in admitted if admits)


class Driver(Base):
    """A person who drives for a carrier, until removed. Their role as a driver is a membership of the authority that plans."""

    __tablename__ = "drivers"
    __table_args__ = (UniqueConstraint("carrier_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("carriers.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    carrier: Mapped[Carrier] = relationship(back_populates="drivers")
    user: Mapped[User] = relationship()


class ClosedPeriod(Base):
    """Days, first and last included, when all of an authority's kitchens, one kitchen or one site take in and give out nothing."""

    __tablename__ = "closed_periods"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="first_before_last"),
        CheckConstraint("kitchen_id IS NULL OR site_id IS NULL", name="one_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    kitchen_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("production_sites.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    first_on: Mapped[date]
    last_on: Mapped[date]

    kitchen: Mapped[Kitchen | None] = relationship()
    site: Mapped[ProductionSite | None] = relationship()


class StopDetail(Base):
    """What a driver needs to know of a kitchen or a site, and how long the work takes there. None: as the authority's settings say.

    The door code is for the driver of that day's route only.
    """

    __tablename__ = "stop_details"
    __table_args__ = (
        CheckConstraint("(kitchen_id IS NULL) <> (site_id IS NULL)", name="one_place"),
        CheckConstraint(
            "(stop_s IS NULL OR stop_s BETWEEN 0 AND 14400)"
            " AND (seconds_per_crate IS NULL OR seconds_per_crate BETWEEN 0 AND 3600)",
            name="service_times",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"), unique=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("production_sites.id"), unique=True)
    stop_s: Mapped[int | None]
    seconds_per_crate: Mapped[int | None]
    needs_tail_lift: Mapped[bool] = mapped_column(default=False)
    needs_ferry: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    door_code: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class TransportSettings(Base):
    """How an authority's goods travel, beside the name of its model. Without a row the defaults here hold.

    `gather_weekday`: all deliveries of a week on that ISO weekday (Tierp's one delivery a week). `lead_days`: whole days between
    order and delivery. `visit_ore` is the price of a visit that the plan weighs; `tolerance_s` how far a published time may move
    without anyone being told; `satellites_by_own_staff`: goods go on from hub to satellite by a route of their own.
    """

    __tablename__ = "transport_settings"
    __table_args__ = (
        CheckConstraint(one_of("own_delivery", OwnDelivery), name="own_delivery"),
        CheckConstraint("gather_weekday IS NULL OR gather_weekday BETWEEN 1 AND 7", name="gather_weekday"),
        CheckConstraint(
            "stop_s BETWEEN 0 AND 14400 AND seconds_per_crate BETWEEN 0 AND 3600", name="service_times"
        ),
        CheckConstraint("lead_days BETWEEN 0 AND 60", name="lead_days"),
        CheckConstraint("tolerance_s BETWEEN 0 AND 14400", name="tolerance"),
        CheckConstraint(
            "visit_ore >= 0 AND peak_ore_per_hour >= 0 AND new_face_ore >= 0 AND promise_ore >= 0"
            " AND hour_ore >= 0 AND km_ore >= 0 AND kg_co2e_ore >= 0",
            name="prices_not_negative",
        ),
    )

    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)
    stop_s: Mapped[int] = mapped_column(default=600)
    seconds_per_crate: Mapped[int] = mapped_column(default=30)
    gather_weekday: Mapped[int | None]
    lead_days: Mapped[int] = mapped_column(default=0)
    producers_choose_times: Mapped[bool] = mapped_column(default=False)
    own_delivery: Mapped[OwnDelivery] = mapped_column(EnumText(OwnDelivery), default=OwnDelivery.NEVER)
    satellites_by_own_staff: Mapped[bool] = mapped_column(default=False)
    transfer_s: Mapped[int] = mapped_column(default=1800)
    tolerance_s: Mapped[int] = mapped_column(default=900)
    promise_ore: Mapped[int] = mapped_column(default=20_000)
    visit_ore: Mapped[int] = mapped_column(default=0)
    peak_ore_per_hour: Mapped[int] = mapped_column(default=0)
    new_face_ore: Mapped[int] = mapped_column(default=0)
    hour_ore: Mapped[int] = mapped_column(default=0)
    km_ore: Mapped[int] = mapped_column(default=0)
    kg_co2e_ore: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    authority: Mapped[Authority] = relationship()


class TransportSurvey(Base):
    """A question from an authority to producers, about who can deliver by themselves."""

    __tablename__ = "transport_surveys"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    question: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closes_on: Mapped[date]

    authority: Mapped[Authority] = relationship()
    answers: Mapped[list[TransportAnswer]] = relationship(
        back_populates="survey", order_by="TransportAnswer.producer_id", cascade="all, delete-orphan"
    )


class TransportAnswer(Base):
    """A producer asked in a survey, and its answer once it has one."""

    __tablename__ = "transport_answers"
    __table_args__ = (
        UniqueConstraint("survey_id", "producer_id"),
        CheckConstraint(f"can_deliver IS NULL OR {one_of('can_deliver', CanDeliver)}", name="can_deliver"),
        CheckConstraint("(can_deliver IS NULL) = (answered_at IS NULL)", name="answered_when"),
        CheckConstraint("capacity_grams IS NULL OR capacity_grams > 0", name="capacity_above_zero"),
        CheckConstraint("radius_km IS NULL OR radius_km > 0", name="radius_above_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("transport_surveys.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    can_deliver: Mapped[CanDeliver | None] = mapped_column(EnumText(CanDeliver))
    weekdays: Mapped[str] = mapped_column(String(7), default="")
    radius_km: Mapped[int | None]
    capacity_grams: Mapped[int | None]
    has_cold: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    survey: Mapped[TransportSurvey] = relationship(back_populates="answers")
    producer: Mapped[Producer] = relationship()
