"""Who drives and with what: the first page, and carriers. The other pages share its blueprint."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.fleet import closing_views, driver_views, stop_views, vehicle_views
from market.fleet.blueprint import carrier_at, fleet, own_authorities, saved
from market.fleet.forms import CarrierForm
from market.fleet.models import Carrier
from market.fleet.operations import add_carrier, change_carrier, restore_carrier, retire_carrier
from market.fleet.queries import carriers_of, closings_of, known_producers

__all__ = ["closing_views", "driver_views", "fleet", "stop_views", "vehicle_views"]


@fleet.get("/fleet")
@access(Action.EDIT_VEHICLE)
def index() -> ResponseReturnValue:
    """Carriers with their vehicles and drivers, and the ways on."""
    session, actor = shell.session(), shell.actor()
    return render_template(
        "fleet/index.html",
        carriers=carriers_of(session, actor=actor),
        closings=closings_of(session, actor=actor, since=shell.today()),
        has_several=len(own_authorities()) > 1,
        today=shell.today(),
    )


@fleet.route("/fleet/carriers/new", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def new_carrier() -> ResponseReturnValue:
    """Someone who drives."""
    form, refused = _form(), ""
    if request.method == "GET":
        form.start_with()
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_carrier(form))
        if not refused:
            return saved(gettext("Utföraren är tillagd. Nu kan den få fordon och förare."))
    return render_template("fleet/carrier.html", form=form, carrier=None, refused=refused)


@fleet.route("/fleet/carriers/<int:carrier_id>", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def edit_carrier(carrier_id: int) -> ResponseReturnValue:
    """Who a carrier is, when it drives, and what it costs."""
    carrier, form, refused = carrier_at(carrier_id), _form(), ""
    if request.method == "GET":
        form.fill_in(carrier)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_carrier(carrier, form))
        if not refused:
            return saved(gettext("Utföraren är sparad."))
    return render_template("fleet/carrier.html", form=form, carrier=carrier, refused=refused)


@fleet.route("/fleet/carriers/<int:carrier_id>/retire", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def retire_carrier_page(carrier_id: int) -> ResponseReturnValue:
    """Ask, then take the carrier out of service with its vehicles and drivers."""
    carrier = carrier_at(carrier_id)
    if request.method == "GET":
        return render_template("fleet/retire_carrier.html", carrier=carrier)
    retire_carrier(shell.session(), carrier=carrier, actor=shell.actor(), at=shell.now())
    return saved(gettext("%(name)s är tagen ur drift. Förarna kom bort genast.", name=carrier.name))


@fleet.post("/fleet/carriers/<int:carrier_id>/restore")
@access(Action.EDIT_VEHICLE)
def restore_carrier_page(carrier_id: int) -> ResponseReturnValue:
    """In service again."""
    carrier = carrier_at(carrier_id)
    restore_carrier(shell.session(), carrier=carrier, actor=shell.actor(), at=shell.now())
    return saved(
        gettext("%(name)s är i drift igen. Ta fordonen i drift och lägg till förarna.", name=carrier.name)
    )


def _form() -> CarrierForm:
    form = CarrierForm()
    form.offer_choices(authorities=own_authorities(), producers=known_producers(shell.session()))
    return form


def _add_carrier(form: CarrierForm) -> None:
    authorities = own_authorities()
    chosen = next((one for one in authorities if str(one.id) == form.authority.data), authorities[0])
    add_carrier(shell.session(), authority=chosen, terms=form.terms(), actor=shell.actor(), at=shell.now())


def _change_carrier(carrier: Carrier, form: CarrierForm) -> None:
    change_carrier(shell.session(), carrier=carrier, terms=form.terms(), actor=shell.actor(), at=shell.now())
