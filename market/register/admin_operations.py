"""What the administrator adds and changes: authorities, kitchens and producers as such."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.register.models import Authority, Kitchen, KitchenKind, Procedure, Producer, TransportModel
from market.register.operations import NameTaken
from market.register.rules import Position, check_hub, organisation_number
from market.values import Refused, msg


class HubElsewhere(Refused):
    message = msg(
        "Det köket kan inte ta emot åt det här. Välj ett öppet kök i samma organisation som tar emot."
    )


class ServesSatellites(Refused):
    message = msg("Andra kök får sina varor via det här. Ge dem ett annat kök först.")


class PlannedByItself(Refused):
    message = msg("Välj en annan organisation, eller lämna tomt om den planerar själv.")


class NumberNeededAnew(Refused):
    message = msg(
        "Skriv numret på nytt när du ändrar om det är en enskild firma: det är ett annat slags nummer."
    )


class OrganisationNumberTaken(Refused):
    message = msg("Det finns redan en producent med det numret. Sök upp den i listan i stället.")


def add_authority(
    session: Session,
    *,
    name: str,
    municipality_code: str,
    procedure: Procedure,
    transport_model: TransportModel,
    planned_by: Authority | None,
    actor: Actor,
    at: datetime,
) -> Authority:
    """An authority. What it calls local is assumed until it states it (market.locality). Raises NameTaken."""
    _check_free(session, Authority.name == name.strip(), name=name)
    authority = Authority(
        name=name.strip(),
        municipality_code=municipality_code,
        procedure=procedure,
        transport_model=transport_model,
        planned_by_id=planned_by.id if planned_by else None,
        created_at=at,
    )
    session.add(authority)
    session.flush()
    _log(session, "authority.add", f"authority:{authority.id}", actor, at, name=authority.name)
    return authority


def administer_authority(
    session: Session,
    *,
    authority: Authority,
    name: str,
    municipality_code: str,
    procedure: Procedure,
    transport_model: TransportModel,
    planned_by: Authority | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Raises NameTaken or PlannedByItself."""
    _check_free(session, Authority.name == name.strip(), Authority.id != authority.id, name=name)
    if planned_by is authority:
        raise PlannedByItself
    authority.name, authority.municipality_code = name.strip(), municipality_code
    authority.procedure, authority.transport_model = procedure, transport_model
    authority.planned_by_id = planned_by.id if planned_by else None
    session.flush()
    _log(
        session, "authority.administer", f"authority:{authority.id}", actor, at,
        name=authority.name, municipality=municipality_code, planned_by=authority.planned_by_id,
    )  # fmt: skip


def add_kitchen(
    session: Session,
    *,
    authority: Authority,
    name: str,
    kind: KitchenKind,
    hub: Kitchen | None,
    address: str,
    position: Position,
    actor: Actor,
    at: datetime,
) -> Kitchen:
    """A kitchen without opening hours: its staff knows those. Raises NameTaken or a refusal of the hub."""
    _check_free(session, Kitchen.authority_id == authority.id, Kitchen.name == name.strip(), name=name)
    _check_hub(authority_id=authority.id, kind=kind, hub=hub, itself=None)
    kitchen = Kitchen(
        authority=authority, name=name.strip(), kind=kind, hub_id=hub.id if hub else None,
        address=address.strip(), lat=position.lat, lon=position.lon,
    )  # fmt: skip
    session.add(kitchen)
    session.flush()
    _log(session, "kitchen.add", f"kitchen:{kitchen.id}", actor, at, name=kitchen.name, kind=kind.value)
    return kitchen


def administer_kitchen(
    session: Session,
    *,
    kitchen: Kitchen,
    name: str,
    kind: KitchenKind,
    hub: Kitchen | None,
    address: str,
    position: Position,
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Raises NameTaken, ServesSatellites or a refusal of the hub. A closed kitchen can be opened again."""
    authority_id = kitchen.authority_id
    _check_free(
        session,
        Kitchen.authority_id == authority_id,
        Kitchen.name == name.strip(),
        Kitchen.id != kitchen.id,
        name=name,
    )
    _check_hub(authority_id=authority_id, kind=kind, hub=hub, itself=kitchen)
    if (kind is KitchenKind.SATELLITE or not is_active) and _has_satellites(session, kitchen):
        raise ServesSatellites
    kitchen.name, kitchen.kind, kitchen.hub_id = name.strip(), kind, hub.id if hub else None
    kitchen.address, kitchen.lat, kitchen.lon = address.strip(), position.lat, position.lon
    kitchen.is_active = is_active
    session.flush()
    _log(
        session, "kitchen.administer", f"kitchen:{kitchen.id}", actor, at,
        name=kitchen.name, kind=kind.value, hub=kitchen.hub_id, is_active=is_active,
    )  # fmt: skip


def add_producer(
    session: Session,
    *,
    name: str,
    number: str | None,
    is_sole_trader: bool,
    actor: Actor,
    at: datetime,
) -> Producer:
    """`number` as a person writes it, or None. Raises NameTaken or a refusal of the number. The log holds none."""
    _check_free(session, Producer.name == name.strip(), name=name)
    producer = Producer(name=name.strip(), is_sole_trader=is_sole_trader, created_at=at)
    _number(session, producer, number)
    session.add(producer)
    session.flush()
    _log(session, "producer.add", f"producer:{producer.id}", actor, at, name=producer.name)
    return producer


def administer_producer(
    session: Session,
    *,
    producer: Producer,
    name: str,
    number: str | None,
    is_sole_trader: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """`number` None keeps the number, "" removes it. Raises NameTaken or a refusal of the number. The log holds none.

    A kept number may not change kind: a personal number would no longer be hidden.
    """
    _check_free(session, Producer.name == name.strip(), Producer.id != producer.id, name=name)
    if number is None and producer.organisation_number and producer.is_sole_trader is not is_sole_trader:
        raise NumberNeededAnew
    producer.name, producer.is_sole_trader = name.strip(), is_sole_trader
    _number(session, producer, number)
    session.flush()
    _log(
        session, "producer.administer", f"producer:{producer.id}", actor, at,
        name=producer.name, number_changed=number is not None,
    )  # fmt: skip


def _number(session: Session, producer: Producer, text: str | None) -> None:
    """None keeps what is stored, "" removes it."""
    if not text:
        producer.organisation_number = None if text == "" else producer.organisation_number
        return
    number = organisation_number(text, is_sole_trader=producer.is_sole_trader)
    with session.no_autoflush:
        holder = session.scalar(select(Producer.id).where(Producer.organisation_number == number))
    if holder is not None and holder != producer.id:
        raise OrganisationNumberTaken
    producer.organisation_number = number


def _check_hub(*, authority_id: int, kind: KitchenKind, hub: Kitchen | None, itself: Kitchen | None) -> None:
    check_hub(is_satellite=kind is KitchenKind.SATELLITE, hub_id=hub.id if hub else None)
    if hub is None:
        return
    takes_in = hub.kind is KitchenKind.HUB and hub.is_active and hub.authority_id == authority_id
    if not takes_in or hub is itself:
        raise HubElsewhere


def _has_satellites(session: Session, kitchen: Kitchen) -> bool:
    query = select(Kitchen.id).where(Kitchen.hub_id == kitchen.id, Kitchen.is_active).limit(1)
    return session.scalar(query) is not None


def _check_free(session: Session, *same: ColumnElement[bool], name: str) -> None:
    """Raises NameTaken when a row of the conditions' own table meets them all."""
    if session.scalar(select(literal(1)).where(*same).limit(1)) is not None:
        raise NameTaken(name=name.strip())


def _log(session: Session, action: str, subject: str, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=subject, **data)
