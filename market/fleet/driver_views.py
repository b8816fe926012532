"""The pages of drivers: added by e-mail, reached by telephone, removed at once."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.fleet.blueprint import carrier_at, driver_at, fleet, saved
from market.fleet.driver_operations import add_driver, change_driver, remove_driver
from market.fleet.forms import DriverForm, PhoneForm
from market.fleet.models import Carrier


@fleet.route("/fleet/carriers/<int:carrier_id>/drivers/new", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def new_driver(carrier_id: int) -> ResponseReturnValue:
    """Someone who drives for a carrier; a new person gets an account."""
    carrier, form, refused = carrier_at(carrier_id), DriverForm(), ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_driver(carrier, form))
        if not refused:
            return saved(gettext("Föraren är tillagd och ser sina turer på sin egen sida."))
    return render_template(
        "fleet/new_driver.html", form=form, carrier=carrier_at(carrier_id), refused=refused
    )


@fleet.route("/fleet/drivers/<int:driver_id>", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def edit_driver(driver_id: int) -> ResponseReturnValue:
    """How to reach a driver."""
    driver, form = driver_at(driver_id), PhoneForm()
    if request.method == "GET":
        form.fill_in(driver)
    if form.validate_on_submit():
        change_driver(
            shell.session(), driver=driver, phone=form.phone.data or "", actor=shell.actor(), at=shell.now()
        )
        return saved(gettext("Numret är sparat."))
    return render_template("fleet/driver.html", form=form, driver=driver)


@fleet.route("/fleet/drivers/<int:driver_id>/remove", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def remove_driver_page(driver_id: int) -> ResponseReturnValue:
    """Ask, then remove at once: what the driver has open is refused from the next tap on."""
    driver = driver_at(driver_id)
    if request.method == "GET":
        return render_template("fleet/remove_driver.html", driver=driver)
    remove_driver(shell.session(), driver=driver, actor=shell.actor(), at=shell.now())
    return saved(gettext("%(name)s kör inte längre. Det gäller från och med nu.", name=driver.user.name))


def _add_driver(carrier: Carrier, form: DriverForm) -> None:
    add_driver(shell.session(), carrier=carrier, actor=shell.actor(), at=shell.now(), **form.values())
