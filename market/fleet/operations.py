"""Changes to carriers and their vehicles."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, literal, select, update
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.fleet.driver_operations import remove_driver
from market.fleet.models import Carrier, Vehicle, VehicleCompartment
from market.fleet.rules import CarrierNotInService, CarrierTerms, Room, VehicleChangedMeanwhile, VehicleTerms
from market.register.models import Authority
from market.register.operations import NameTaken


def add_carrier(
    session: Session, *, authority: Authority, terms: CarrierTerms, actor: Actor, at: datetime
) -> Carrier:
    """Someone who drives for an authority. Raises NameTaken, also for a second press of the button."""
    _check_free(
        session, Carrier.authority_id == authority.id, Carrier.name == terms.name.strip(), name=terms.name
    )
    carrier = Carrier(authority_id=authority.id, **_of_carrier(terms))
    session.add(carrier)
    session.flush()
    _log(session, "carrier.add", f"carrier:{carrier.id}", actor, at, name=carrier.name, kind=terms.kind.value)
    return carrier


def change_carrier(
    session: Session, *, carrier: Carrier, terms: CarrierTerms, actor: Actor, at: datetime
) -> None:
    """All of its terms. Raises NameTaken."""
    _check_free(
        session,
        Carrier.authority_id == carrier.authority_id,
        Carrier.name == terms.name.strip(),
        Carrier.id != carrier.id,
        name=terms.name,
    )
    changed = _assign(carrier, _of_carrier(terms))
    session.flush()
    _log(session, "carrier.change", f"carrier:{carrier.id}", actor, at, fields=changed)


def retire_carrier(session: Session, *, carrier: Carrier, actor: Actor, at: datetime) -> None:
    """It drives no more: its vehicles go out of service and its drivers are removed at once. Twice does nothing more."""
    if not carrier.is_active:
        return
    for vehicle in carrier.vehicles:
        retire_vehicle(session, vehicle=vehicle, actor=actor, at=at)
    for driver in carrier.drivers:
        remove_driver(session, driver=driver, actor=actor, at=at)
    carrier.is_active = False
    session.flush()
    _log(session, "carrier.retire", f"carrier:{carrier.id}", actor, at)


def restore_carrier(session: Session, *, carrier: Carrier, actor: Actor, at: datetime) -> None:
    """In service again; its vehicles and drivers are taken back one by one. Twice does nothing more."""
    if carrier.is_active:
        return
    carrier.is_active = True
    session.flush()
    _log(session, "carrier.restore", f"carrier:{carrier.id}", actor, at)


def add_vehicle(
    session: Session, *, carrier: Carrier, terms: VehicleTerms, actor: Actor, at: datetime
) -> Vehicle:
    """A vehicle of a carrier in service. Raises NameTaken, CarrierNotInService."""
    if not carrier.is_active:
        raise CarrierNotInService
    _check_free(
        session,
        Vehicle.authority_id == carrier.authority_id,
        Vehicle.name == terms.name.strip(),
        name=terms.name,
    )
    vehicle = Vehicle(authority_id=carrier.authority_id, carrier=carrier, **_of_vehicle(terms))
    vehicle.compartments = _compartments(terms.rooms)
    session.add(vehicle)
    session.flush()
    _log(session, "vehicle.add", f"vehicle:{vehicle.id}", actor, at, name=vehicle.name, carrier=carrier.id)
    return vehicle


def change_vehicle(
    session: Session, *, vehicle: Vehicle, seen: int, terms: VehicleTerms, actor: Actor, at: datetime
) -> None:
    """All of its terms; `seen` is the version that the change was made from.

    Raises VehicleChangedMeanwhile when another change came between, NameTaken.
    """
    _check_free(
        session,
        Vehicle.authority_id == vehicle.authority_id,
        Vehicle.name == terms.name.strip(),
        Vehicle.id != vehicle.id,
        name=terms.name,
    )
    _count_up(session, vehicle, seen)
    changed = _assign(vehicle, _of_vehicle(terms))
    if terms.rooms != rooms_of(vehicle):
        vehicle.compartments.clear()
        session.flush()
        vehicle.compartments.extend(_compartments(terms.rooms))
        changed.append("rooms")
    session.flush()
    _log(session, "vehicle.change", f"vehicle:{vehicle.id}", actor, at, fields=changed)


def retire_vehicle(session: Session, *, vehicle: Vehicle, actor: Actor, at: datetime) -> None:
    """No new plan uses it; plans that stand keep it. Twice does nothing more."""
    _in_service(session, vehicle, actor, at, wanted=False)


def restore_vehicle(session: Session, *, vehicle: Vehicle, actor: Actor, at: datetime) -> None:
    """In service again. Raises CarrierNotInService."""
    if not vehicle.carrier.is_active:
        raise CarrierNotInService
    _in_service(session, vehicle, actor, at, wanted=True)


def rooms_of(vehicle: Vehicle) -> tuple[Room, ...]:
    """Its compartments as terms."""
    return tuple(
        Room(**{name: getattr(part, name) for name in Room.__dataclass_fields__})
        for part in vehicle.compartments
    )


def _in_service(session: Session, vehicle: Vehicle, actor: Actor, at: datetime, *, wanted: bool) -> None:
    if vehicle.is_active is wanted:
        return
    _count_up(session, vehicle, vehicle.version)
    vehicle.is_active = wanted
    session.flush()
    _log(session, "vehicle.restore" if wanted else "vehicle.retire", f"vehicle:{vehicle.id}", actor, at)


def _count_up(session: Session, vehicle: Vehicle, seen: int) -> None:
    """One of two who change the same version at once gets through."""
    moved = session.execute(
        update(Vehicle)
        .where(Vehicle.id == vehicle.id, Vehicle.version == seen)
        .values(version=seen + 1)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise VehicleChangedMeanwhile
    session.refresh(vehicle)


def _of_carrier(terms: CarrierTerms) -> dict[str, object]:
    values = {name: _stripped(value) for name, value in asdict(terms).items() if name != "tariff"}
    values["email"] = terms.email.strip().lower()
    tariff = terms.tariff
    return values | {
        "tariff_ore_per_day": tariff and tariff.ore_per_day,
        "tariff_ore_per_km": tariff and tariff.ore_per_km,
        "tariff_ore_per_hour": tariff and tariff.ore_per_hour,
    }


def _of_vehicle(terms: VehicleTerms) -> dict[str, object]:
    return {name: _stripped(value) for name, value in asdict(terms).items() if name != "rooms"}


def _compartments(rooms: tuple[Room, ...]) -> list[VehicleCompartment]:
    return [VehicleCompartment(position=n, **asdict(room)) for n, room in enumerate(rooms, 1)]


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _assign(row: object, values: dict[str, object]) -> list[str]:
    """Set what differs; the names of those columns, for the log."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _check_free(session: Session, *same: ColumnElement[bool], name: str) -> None:
    """Raises NameTaken when a row of the conditions' own table meets them all."""
    if session.scalar(select(literal(1)).where(*same).limit(1)) is not None:
        raise NameTaken(name=name.strip())


def _log(session: Session, action: str, subject: str, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=subject, **data)
