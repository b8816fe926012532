"""Who buys, who sells, where, and what there is to sell."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.values import Unit


class Procedure(StrEnum):
    """How an authority buys locally."""

    DIRECT_AWARD = "direct_award"
    DIS = "dis"


class TransportModel(StrEnum):
    """How goods reach the kitchens, as the report's municipalities do it."""

    HUBS_OWN_STAFF = "hubs_own_staff"  # Kramfors: few hub kitchens, own staff carries on
    SUPPLIERS_COLOAD = "suppliers_coload"  # Tierp: suppliers carry for each other, transport in the price
    MUNICIPAL_VANS = "municipal_vans"  # Vallentuna from 2024: the municipality collects
    PRODUCER_DELIVERS = "producer_delivers"  # Norrtälje
    HUB_COLLECTS = "hub_collects"  # Bath: a hub collects and delivers, producers choose day and time


class KitchenKind(StrEnum):
    HUB = "hub"
    SATELLITE = "satellite"


class Step(StrEnum):
    """A step of production; a product's chain names the site of each."""

    FARM = "farm"
    SLAUGHTER = "slaughter"
    PROCESSING = "processing"
    PACKING = "packing"


class Temperature(StrEnum):
    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class SizeClass(StrEnum):
    """Size of an enterprise, by Commission Recommendation 2003/361/EC: under 10, 50, 250 people, and the rest."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class CertificateScheme(StrEnum):
    """KRAV's rules include the EU's."""

    KRAV = "krav"
    EU_ORGANIC = "eu_organic"


def _position_checks() -> tuple[CheckConstraint, CheckConstraint]:
    """Sweden's bounding box, widely drawn: catches swapped and forgotten coordinates."""
    return (
        CheckConstraint("lat BETWEEN 55.0 AND 69.5", name="lat_in_sweden"),
        CheckConstraint("lon BETWEEN 10.5 AND 24.5", name="lon_in_sweden"),
    )


class Authority(Base):
    """A contracting authority: a municipality, or a body that buys with it. Its definition of local: market.locality.

    `planned_by_id` names the authority whose logistics staff plans this one's week; none means its own.
    """

    __tablename__ = "authorities"
    __table_args__ = (
        CheckConstraint(one_of("procedure", Procedure), name="procedure"),
        CheckConstraint(one_of("transport_model", TransportModel), name="transport_model"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    municipality_code: Mapped[str] = mapped_column(String(4), index=True)
    procedure: Mapped[Procedure] = mapped_column(EnumText(Procedure))
    transport_model: Mapped[TransportModel] = mapped_column(EnumText(TransportModel))
    transport_note: Mapped[str] = mapped_column(Text, default="")
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("authorities.id"))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    kitchens: Mapped[list[Kitchen]] = relationship(back_populates="authority", order_by="Kitchen.name")

    @property
    def planning_authority_id(self) -> int:
        return self.planned_by_id or self.id


class Kitchen(Base):
    """A public kitchen. A satellite gets its goods from a hub of the same authority."""

    __tablename__ = "kitchens"
    __table_args__ = (
        *_position_checks(),
        CheckConstraint(one_of("kind", KitchenKind), name="kind"),
        CheckConstraint("(kind = 'hub') = (hub_id IS NULL)", name="satellite_has_hub"),
        CheckConstraint("hub_id IS NULL OR hub_id <> id", name="not_its_own_hub"),
        CheckConstraint("portions IS NULL OR portions BETWEEN 1 AND 100000", name="portions"),
        UniqueConstraint("authority_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[KitchenKind] = mapped_column(EnumText(KitchenKind))
    hub_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"))
    address: Mapped[str] = mapped_column(String(200), default="")
    lat: Mapped[float]
    lon: Mapped[float]
    loading_note: Mapped[str] = mapped_column(Text, default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    portions: Mapped[int | None]  # a day's, for what a crisis would need

    authority: Mapped[Authority] = relationship(back_populates="kitchens")
    hub: Mapped[Kitchen | None] = relationship(remote_side=[id])  # noqa: A003 - SQLAlchemy means the column above
    windows: Mapped[list[KitchenWindow]] = relationship(
        order_by="KitchenWindow.weekday, KitchenWindow.opens_s", cascade="all, delete-orphan"
    )

    @property
    def receiving_kitchen_id(self) -> int:
        """Where the lorry stops: the hub for a satellite."""
        return self.hub_id or self.id


class KitchenWindow(Base):
    """When a kitchen takes in goods: ISO weekday 1-7, seconds after midnight, half-open."""

    __tablename__ = "kitchen_windows"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint(
            "opens_s >= 0 AND opens_s < closes_s AND closes_s <= 86400", name="opens_before_it_closes"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    weekday: Mapped[int]
    opens_s: Mapped[int]
    closes_s: Mapped[int]


class Producer(Base):
    """A supplier: farm, slaughterhouse, fishery, mill, dairy. A sole trader's number is a personal number: mask it."""

    __tablename__ = "producers"
    __table_args__ = (CheckConstraint(f"size IS NULL OR {one_of('size', SizeClass)}", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    organisation_number: Mapped[str | None] = mapped_column(String(13), unique=True)
    is_sole_trader: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(255), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[SizeClass | None] = mapped_column(EnumText(SizeClass))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    sites: Mapped[list[ProductionSite]] = relationship(
        back_populates="producer", order_by="ProductionSite.id"
    )
    products: Mapped[list[Product]] = relationship(back_populates="producer", order_by="Product.name")
    certificates: Mapped[list[Certificate]] = relationship(
        back_populates="producer", order_by="Certificate.last_valid_on.desc(), Certificate.id"
    )

    def certificate_on(self, day: date) -> Certificate | None:
        """The certificate in force on `day`; KRAV's before the EU's, then the one that lasts longest."""
        held = [one for one in self.certificates if one.is_in_force(day)]
        krav = [one for one in held if one.scheme is CertificateScheme.KRAV]
        return next(iter(krav or held), None)


class Certificate(Base):
    """A producer's organic certificate, as the control body issued it. Rows are never changed: a wrong one is revoked."""

    __tablename__ = "certificates"
    __table_args__ = (CheckConstraint(one_of("scheme", CertificateScheme), name="scheme"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    scheme: Mapped[CertificateScheme] = mapped_column(EnumText(CertificateScheme))
    number: Mapped[str] = mapped_column(String(60))
    last_valid_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    producer: Mapped[Producer] = relationship(back_populates="certificates")

    def is_in_force(self, day: date) -> bool:
        """Up to and including its last day."""
        return self.revoked_at is None and day <= self.last_valid_on


class ProductionSite(Base):
    """Where a step of production happens. `municipality_code` is the declared one and wins over the polygon."""

    __tablename__ = "production_sites"
    __table_args__ = (*_position_checks(), UniqueConstraint("producer_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    lat: Mapped[float]
    lon: Mapped[float]
    municipality_code: Mapped[str | None] = mapped_column(String(4))
    collection_note: Mapped[str] = mapped_column(Text, default="")

    producer: Mapped[Producer] = relationship(back_populates="sites")
    windows: Mapped[list[SiteWindow]] = relationship(
        order_by="SiteWindow.weekday, SiteWindow.opens_s", cascade="all, delete-orphan"
    )


class SiteWindow(Base):
    """When goods can be collected at a site: ISO weekday 1-7, seconds after midnight, half-open."""

    __tablename__ = "site_windows"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint(
            "opens_s >= 0 AND opens_s < closes_s AND closes_s <= 86400", name="opens_before_it_closes"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("production_sites.id"), index=True)
    weekday: Mapped[int]
    opens_s: Mapped[int]
    closes_s: Mapped[int]


class Category(Base):
    """A food category of the report, with its CPV codes; the first code is the one for notices."""

    __tablename__ = "categories"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    name_sv: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(unique=True)

    codes: Mapped[list[CategoryCpv]] = relationship(
        order_by="CategoryCpv.position", cascade="all, delete-orphan"
    )


class CategoryCpv(Base):
    """One CPV code of a category, with its check digit, e.g. 03212100-1."""

    __tablename__ = "category_cpv_codes"

    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10))


class Product(Base):
    """What a producer sells. `grams_per_unit` is the (mean) weight of one unit, for loading and follow-up.

    `piece_grams` is the mean weight of a piece of goods that are priced by weight and sold in pieces (a cheese).
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint(one_of("unit", Unit), name="unit"),
        CheckConstraint(one_of("temperature", Temperature), name="temperature"),
        CheckConstraint("grams_per_unit > 0", name="weighs_something"),
        CheckConstraint("unit <> 'KGM' OR grams_per_unit = 1000", name="a_kilogram_weighs_a_kilogram"),
        CheckConstraint("piece_grams IS NULL OR (piece_grams > 0 AND unit = 'KGM')", name="weighed_pieces"),
        UniqueConstraint("producer_id", "name"),
        Index("ix_products_category_key", "category_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[Unit] = mapped_column(EnumText(Unit))
    grams_per_unit: Mapped[int] = mapped_column(default=1000)
    piece_grams: Mapped[int | None]
    is_alcohol: Mapped[bool] = mapped_column(default=False)
    is_organic: Mapped[bool] = mapped_column(default=False)
    temperature: Mapped[Temperature] = mapped_column(EnumText(Temperature), default=Temperature.AMBIENT)
    perishable: Mapped[bool | None]  # none: by the temperature class

    producer: Mapped[Producer] = relationship(back_populates="products")
    category: Mapped[Category] = relationship()
    chain: Mapped[list[ChainLink]] = relationship(order_by="ChainLink.position", cascade="all, delete-orphan")

    @property
    def is_perishable(self) -> bool:
        """May be unfit to eat within 30 days: as the producer says, else chilled goods."""
        return self.temperature is Temperature.CHILLED if self.perishable is None else self.perishable

    def grams(self, steps: int) -> int:
        """The weight of `steps` stored steps of this product's unit, in grams."""
        return int(Decimal(steps) * self.grams_per_unit / self.unit.steps)


class ChainLink(Base):
    """One step of a product's production and the site where it happens."""

    __tablename__ = "product_chain"
    __table_args__ = (CheckConstraint(one_of("step", Step), name="step"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[Step] = mapped_column(EnumText(Step))
    site_id: Mapped[int] = mapped_column(ForeignKey("production_sites.id"), index=True)

    site: Mapped[ProductionSite] = relationship()
