"""What people change about their own: a producer's profile, sites and products, a kitchen, an authority."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.register.models import (
    Authority,
    Category,
    Certificate,
    CertificateScheme,
    ChainLink,
    Kitchen,
    KitchenWindow,
    Procedure,
    Producer,
    Product,
    ProductionSite,
    SiteWindow,
    SizeClass,
    Step,
    Temperature,
    TransportModel,
)
from market.register.rules import OpenHours, Position, check_hours, check_portions, weight_of_one
from market.values import Refused, Unit, local_date, msg


class NameTaken(Refused):
    message = msg("Det finns redan något med namnet %(name)s. Välj ett annat namn.")


class CertificateOver(Refused):
    message = msg("Certifikatets sista dag har redan varit. Lägg in det certifikat som gäller nu.")


class NoStepNamed(Refused):
    message = msg("Välj minst en plats där varan produceras.")


def change_producer(
    session: Session,
    *,
    producer: Producer,
    phone: str,
    email: str,
    story: str,
    size: SizeClass | None,
    actor: Actor,
    at: datetime,
) -> None:
    """How to reach a producer, how large it is, and what it tells about itself. The log names the fields, not what they hold."""
    changed = _assign(
        producer, phone=phone.strip(), email=email.strip().lower(), story=story.strip(), size=size
    )
    session.flush()
    _log(session, "producer.change", f"producer:{producer.id}", actor, at, fields=changed)


def add_site(
    session: Session,
    *,
    producer: Producer,
    name: str,
    address: str,
    position: Position,
    collection_note: str,
    hours: Sequence[OpenHours],
    actor: Actor,
    at: datetime,
) -> ProductionSite:
    """A production site. Raises NameTaken (also for a second press of the button) and WindowsOverlap."""
    check_hours(hours)
    _check_site_name(session, producer_id=producer.id, name=name)
    site = ProductionSite(
        producer=producer,
        name=name.strip(),
        address=address.strip(),
        lat=position.lat,
        lon=position.lon,
        municipality_code=position.municipality_code,
        collection_note=collection_note.strip(),
        windows=_site_windows(hours),
    )
    session.add(site)
    session.flush()
    _log(session, "site.add", f"site:{site.id}", actor, at, name=site.name, windows=_plain(hours))
    return site


def change_site(
    session: Session,
    *,
    site: ProductionSite,
    name: str,
    address: str,
    position: Position,
    collection_note: str,
    hours: Sequence[OpenHours],
    actor: Actor,
    at: datetime,
) -> None:
    """What a production site is called, where it is, and when goods can be collected. Raises as add_site does."""
    check_hours(hours)
    _check_site_name(session, producer_id=site.producer_id, name=name, except_id=site.id)
    changed = _assign(
        site,
        name=name.strip(),
        address=address.strip(),
        lat=position.lat,
        lon=position.lon,
        municipality_code=position.municipality_code,
        collection_note=collection_note.strip(),
    )
    site.windows = _site_windows(hours)
    session.flush()
    _log(session, "site.change", f"site:{site.id}", actor, at, fields=changed, windows=_plain(hours))


def add_product(
    session: Session,
    *,
    producer: Producer,
    name: str,
    category: Category,
    unit: Unit,
    grams_per_unit: int | None,
    chain: Sequence[tuple[Step, ProductionSite]],
    is_organic: bool = False,
    temperature: Temperature = Temperature.AMBIENT,
    piece_grams: int | None = None,
    is_alcohol: bool = False,
    perishable: bool | None = None,
    user_id: int | None,
    at: datetime,
) -> Product:
    """A product with its chain of production sites. Raises NameTaken, NoStepNamed or WeightMissing."""
    _check_product_name(session, producer_id=producer.id, name=name)
    product = Product(
        producer=producer,
        name=name.strip(),
        category=category,
        unit=unit,
        grams_per_unit=weight_of_one(unit, grams_per_unit),
        piece_grams=piece_grams,
        is_organic=is_organic,
        is_alcohol=is_alcohol,
        temperature=temperature,
        perishable=perishable,
        chain=_chain(chain),
    )
    session.add(product)
    session.flush()
    audit.record(
        session,
        user_id=user_id,
        at=at,
        action="product.add",
        subject=f"product:{product.id}",
        name=product.name,
    )
    return product


def change_product(
    session: Session,
    *,
    product: Product,
    name: str,
    category: Category,
    grams_per_unit: int | None,
    chain: Sequence[tuple[Step, ProductionSite]],
    is_organic: bool,
    temperature: Temperature,
    piece_grams: int | None = None,
    is_alcohol: bool = False,
    perishable: bool | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """All of a product but its unit, in which offers and orders already count. Raises as add_product does."""
    _check_product_name(session, producer_id=product.producer_id, name=name, except_id=product.id)
    weight, links = weight_of_one(product.unit, grams_per_unit), _chain(chain)
    changed = _assign(
        product,
        name=name.strip(),
        category=category,
        grams_per_unit=weight,
        is_organic=is_organic,
        temperature=temperature,
        piece_grams=piece_grams,
        is_alcohol=is_alcohol,
        perishable=perishable,
    )
    product.chain = links
    session.flush()
    _log(
        session, "product.change", f"product:{product.id}", actor, at,
        fields=changed, chain=[[link.step.value, link.site_id] for link in links],
    )  # fmt: skip


def add_certificate(
    session: Session,
    *,
    producer: Producer,
    scheme: CertificateScheme,
    number: str,
    last_valid_on: date,
    actor: Actor,
    at: datetime,
) -> Certificate:
    """An organic certificate. The same again is the one there is. Raises CertificateOver for one that is over."""
    if last_valid_on < local_date(at):
        raise CertificateOver
    written = " ".join(number.split())
    for known in producer.certificates:
        if known.revoked_at is None and (known.scheme, known.number, known.last_valid_on) == (
            scheme,
            written,
            last_valid_on,
        ):
            return known
    made = Certificate(
        producer=producer, scheme=scheme, number=written, last_valid_on=last_valid_on, created_at=at
    )
    session.add(made)
    session.flush()
    _log(
        session, "certificate.add", f"certificate:{made.id}", actor, at,
        producer=producer.id, scheme=scheme.value, number=written, last_valid_on=last_valid_on.isoformat(),
    )  # fmt: skip
    return made


def revoke_certificate(session: Session, *, certificate: Certificate, actor: Actor, at: datetime) -> None:
    """It counts no longer; what was ordered under it keeps saying so. A second time changes nothing."""
    if certificate.revoked_at is None:
        certificate.revoked_at = at
        session.flush()
        _log(session, "certificate.revoke", f"certificate:{certificate.id}", actor, at)


def change_kitchen(
    session: Session,
    *,
    kitchen: Kitchen,
    address: str,
    loading_note: str,
    portions: int | None,
    hours: Sequence[OpenHours],
    actor: Actor,
    at: datetime,
) -> None:
    """Where and when a kitchen takes in goods, and how many portions it makes a day. Raises WindowsOverlap, PortionsOutOfRange."""
    check_hours(hours)
    check_portions(portions)
    changed = _assign(kitchen, address=address.strip(), loading_note=loading_note.strip(), portions=portions)
    kitchen.windows = [
        KitchenWindow(weekday=h.weekday, opens_s=h.opens_s, closes_s=h.closes_s) for h in hours
    ]
    session.flush()
    _log(session, "kitchen.change", f"kitchen:{kitchen.id}", actor, at, fields=changed, windows=_plain(hours))


def change_authority(
    session: Session,
    *,
    authority: Authority,
    procedure: Procedure,
    transport_model: TransportModel,
    transport_note: str,
    actor: Actor,
    at: datetime,
) -> None:
    """How an authority buys, and how its goods travel."""
    changed = _assign(
        authority,
        procedure=procedure,
        transport_model=transport_model,
        transport_note=transport_note.strip(),
    )
    session.flush()
    _log(
        session, "authority.change", f"authority:{authority.id}", actor, at,
        fields=changed, procedure=procedure.value, transport_model=transport_model.value,
    )  # fmt: skip


def _chain(chain: Sequence[tuple[Step, ProductionSite]]) -> list[ChainLink]:
    if not chain:
        raise NoStepNamed
    return [
        ChainLink(position=n, step=step, site_id=site.id, site=site)
        for n, (step, site) in enumerate(chain, 1)
    ]


def _site_windows(hours: Sequence[OpenHours]) -> list[SiteWindow]:
    return [SiteWindow(weekday=h.weekday, opens_s=h.opens_s, closes_s=h.closes_s) for h in hours]


def _check_site_name(session: Session, *, producer_id: int, name: str, except_id: int = 0) -> None:
    same = select(ProductionSite.id).where(
        ProductionSite.producer_id == producer_id,
        ProductionSite.name == name.strip(),
        ProductionSite.id != except_id,
    )
    if session.scalar(same) is not None:
        raise NameTaken(name=name.strip())


def _check_product_name(session: Session, *, producer_id: int, name: str, except_id: int = 0) -> None:
    same = select(Product.id).where(
        Product.producer_id == producer_id, Product.name == name.strip(), Product.id != except_id
    )
    if session.scalar(same) is not None:
        raise NameTaken(name=name.strip())


def _assign(row: object, **values: object) -> list[str]:
    """Set what differs; the names of those columns, for the log."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _plain(hours: Sequence[OpenHours]) -> list[list[int]]:
    return [[h.weekday, h.opens_s, h.closes_s] for h in hours]


def _log(session: Session, action: str, subject: str, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=subject, **data)
