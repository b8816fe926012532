"""The pages of vehicles: added, changed with a version, taken out of service."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.fleet.blueprint import carrier_at, fleet, saved, vehicle_at
from market.fleet.difference_form import Difference, differences
from market.fleet.models import Carrier, Vehicle
from market.fleet.operations import add_vehicle, change_vehicle, restore_vehicle, retire_vehicle
from market.fleet.vehicle_form import VehicleForm


@fleet.route("/fleet/carriers/<int:carrier_id>/vehicles/new", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def new_vehicle(carrier_id: int) -> ResponseReturnValue:
    """A vehicle of a carrier."""
    carrier, form, refused = carrier_at(carrier_id), _form(), ""
    if request.method == "GET":
        form.start_with()
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_vehicle(carrier, form))
        if not refused:
            return saved(gettext("Fordonet är tillagt. Det är med nästa gång ni planerar."))
    return _page(carrier, form, refused=refused)


@fleet.route("/fleet/vehicles/<int:vehicle_id>", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def edit_vehicle(vehicle_id: int) -> ResponseReturnValue:
    """All of a vehicle. When someone else was faster, what is written stays and the difference is shown."""
    vehicle, form, refused = vehicle_at(vehicle_id), _form(), ""
    if request.method == "GET":
        form.fill_in(vehicle)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_vehicle(vehicle, form))
        if not refused:
            return saved(gettext("Fordonet är sparat."))
    return _page(vehicle.carrier, form, refused=refused, vehicle=vehicle)


@fleet.route("/fleet/vehicles/<int:vehicle_id>/retire", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def retire_vehicle_page(vehicle_id: int) -> ResponseReturnValue:
    """Ask, then take the vehicle out of service."""
    vehicle = vehicle_at(vehicle_id)
    if request.method == "GET":
        return render_template("fleet/retire_vehicle.html", vehicle=vehicle)
    retire_vehicle(shell.session(), vehicle=vehicle, actor=shell.actor(), at=shell.now())
    return saved(gettext("%(name)s är tagen ur drift.", name=vehicle.name))


@fleet.post("/fleet/vehicles/<int:vehicle_id>/restore")
@access(Action.EDIT_VEHICLE)
def restore_vehicle_page(vehicle_id: int) -> ResponseReturnValue:
    """In service again."""
    vehicle = vehicle_at(vehicle_id)
    restore_vehicle(shell.session(), vehicle=vehicle, actor=shell.actor(), at=shell.now())
    return saved(gettext("%(name)s är i drift igen.", name=vehicle.name))


def _form() -> VehicleForm:
    form = VehicleForm()
    form.offer_choices()
    return form


def _add_vehicle(carrier: Carrier, form: VehicleForm) -> None:
    add_vehicle(shell.session(), carrier=carrier, terms=form.terms(), actor=shell.actor(), at=shell.now())


def _change_vehicle(vehicle: Vehicle, form: VehicleForm) -> None:
    change_vehicle(
        shell.session(),
        vehicle=vehicle,
        seen=_seen(form),
        terms=form.terms(),
        actor=shell.actor(),
        at=shell.now(),
    )


def _page(
    carrier: Carrier, form: VehicleForm, *, refused: str, vehicle: Vehicle | None = None
) -> ResponseReturnValue:
    met = _met(vehicle, form) if vehicle and refused and _seen(form) != vehicle.version else []
    return render_template(
        "fleet/vehicle.html", form=form, carrier=carrier, vehicle=vehicle, refused=refused, differences=met
    )


def _seen(form: VehicleForm) -> int:
    written = form.seen.data or ""
    return int(written) if written.isdecimal() else 0


def _met(vehicle: Vehicle, form: VehicleForm) -> list[Difference]:
    """What differs between what is stored and what was written; saving once more then means it."""
    stored = VehicleForm(formdata=None)
    stored.offer_choices()
    stored.fill_in(vehicle)
    form.seen.data = str(vehicle.version)
    return differences(stored, form)
